# SPDX-License-Identifier: Apache-2.0
"""Reads the YAML files that operators edit: phrases and the crisis protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_settings(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file.

    Raises:
        ValueError: the file is missing, unreadable, no YAML, or no mapping; names the file.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f'{path}: cannot be read: {error}') from error
    except yaml.YAMLError as error:
        raise ValueError(f'{path}: no valid YAML: {" ".join(str(error).split())}') from error
    if not isinstance(content, dict):
        raise ValueError(f'{path}: a mapping is expected, found {type(content).__name__}')
    return content
