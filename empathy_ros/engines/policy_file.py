# SPDX-License-Identifier: Apache-2.0
"""Read the crisis protocol that the operator filled in."""

from __future__ import annotations

from pathlib import Path

from empathy_ros import paths
from empathy_ros.core.crisis_policy import CrisisPolicy
from empathy_ros.engines.settings import read_settings

DEFAULT = ('config', 'policy.yaml')


def load_policy(path: str | Path = '') -> CrisisPolicy:
    """Return the protocol of a file, '' = config/policy.yaml.

    Raises:
        ValueError: missing, not YAML, not configured, or incomplete; the text names file and cure.
    """
    name = str(path) or '/'.join(DEFAULT)
    try:
        file = Path(path) if str(path) else paths.share(*DEFAULT)
        settings = read_settings(file)
    except FileNotFoundError as error:
        raise ValueError(f'policy: {name} cannot be read ({error})') from error
    try:
        return CrisisPolicy.from_dict(settings)
    except ValueError as error:
        raise ValueError(f'{name}: {error}') from error
