# SPDX-License-Identifier: Apache-2.0
"""Read the crisis protocol that the operator filled in."""

from __future__ import annotations

from pathlib import Path

import yaml

from empathy_ros import paths
from empathy_ros.core.crisis_policy import CrisisPolicy

DEFAULT = ('config', 'policy.yaml')
FOR_TESTS = ('config', 'policy.test.yaml')


def load_policy(path: str | Path = '') -> CrisisPolicy:
    """Return the protocol of a file, '' = config/policy.yaml.

    Raises:
        ValueError: missing, not YAML, not configured, or incomplete; the text names file and cure.
    """
    name = str(path) or '/'.join(DEFAULT)
    try:
        file = Path(path) if str(path) else paths.share(*DEFAULT)
        return CrisisPolicy.from_dict(yaml.safe_load(file.read_text(encoding='utf-8')))
    except OSError as error:
        raise ValueError(f'policy: {name} cannot be read ({error})') from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f'policy: {name} is not YAML ({error})') from error
    except ValueError as error:
        raise ValueError(f'{name}: {error}') from error
