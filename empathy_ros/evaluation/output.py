# SPDX-License-Identifier: Apache-2.0
"""Prints the result of a command: one JSON object, or lines for people."""

from __future__ import annotations

import json
import math
from typing import Any


def _plain(value: Any) -> Any:
    """Return `value` for JSON: NaN and infinity become null, tuples lists, numpy numbers plain."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, 'tolist'):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """Print one JSON object, or one line per figure for people."""
    clean = _plain(result)
    if as_json:
        print(json.dumps(clean))
        return
    for key, value in clean.items():
        if isinstance(value, dict):
            print(f'{key}:')
            for name, item in value.items():
                print(f'  {name:28} {_short(item)}')
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            print(f'{key}: {len(value)}')
            for item in value[:20]:
                print(f'  {json.dumps(item)}')
        else:
            print(f'{key:18} {_short(value)}')


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f'{value:.4f}'
    if isinstance(value, list):
        return ', '.join(_short(item) for item in value)
    if isinstance(value, dict):
        return '  '.join(f'{key} {_short(item)}' for key, item in value.items())
    return 'unknown' if value is None else str(value)
