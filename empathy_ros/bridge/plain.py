# SPDX-License-Identifier: Apache-2.0
"""Any message as plain data for a log or a page: dictionaries, lists, numbers, None for NaN."""

from __future__ import annotations

import math
from typing import Any

LONGEST = 64


def to_plain(value: Any) -> Any:
    """Return a message, or a value of a message, as data that JSON can hold.

    Stamps become seconds. Raw data (images, sound) is left out: byte arrays longer than 64 become
    their length.
    """
    if hasattr(value, 'sec') and hasattr(value, 'nanosec'):
        return value.sec + value.nanosec * 1e-9
    if hasattr(value, 'get_fields_and_field_types'):
        names = value.get_fields_and_field_types()
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, (bool, int, str)):
        return value
    if hasattr(value, 'typecode') and value.typecode in 'Bb' and len(value) > LONGEST:
        return len(value)
    return [to_plain(item) for item in (value.tolist() if hasattr(value, 'tolist') else value)]
