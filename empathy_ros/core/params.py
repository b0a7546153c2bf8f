# SPDX-License-Identifier: Apache-2.0
"""Parameters as frozen dataclasses: default, description with unit, range or choices.

The bridge declares them to ROS; the documentation and config/empathy.yaml are checked against
them.
"""

from __future__ import annotations

from dataclasses import dataclass, Field, field, fields, MISSING
import math
from typing import Any


@dataclass(frozen=True)
class ParamInfo:
    """What is allowed for one parameter.

    Attributes:
        description: One sentence, with the unit in brackets.
        lo: Smallest allowed value, or None.
        hi: Largest allowed value, or None.
        choices: Allowed values, or empty for any.
        read_only: True when it can only be set at start.
    """

    description: str
    lo: float | None = None
    hi: float | None = None
    choices: tuple[str, ...] = ()
    read_only: bool = False


def param(
    default: Any,
    description: str,
    *,
    lo: float | None = None,
    hi: float | None = None,
    choices: tuple[str, ...] = (),
    read_only: bool = False,
) -> Any:
    """Return a dataclass field that carries its ParamInfo; lists become tuples."""
    info = ParamInfo(description, lo, hi, choices, read_only)
    return field(default=default, metadata={'param': info})


def info_of(item: Field[Any]) -> ParamInfo:
    """Return the ParamInfo of a field made by `param`.

    Raises:
        TypeError: the field was declared without `param`.
    """
    info = item.metadata.get('param')
    if not isinstance(info, ParamInfo):
        raise TypeError(f'{item.name}: declare it with param(...)')
    return info


def check(name: str, value: Any, default: Any, info: ParamInfo) -> str:
    """Return why `value` is not allowed, or '' when it is.

    The type must be that of the default (int is taken for float); numbers must be finite.
    """
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        return f'{name}: {value!r} is a {type(value).__name__}, give a {type(default).__name__}'
    if isinstance(value, float) and not math.isfinite(value):
        return f'{name}: {value!r} is not a finite number'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        low = -math.inf if info.lo is None else info.lo
        high = math.inf if info.hi is None else info.hi
        if not low <= value <= high:
            return f'{name}: {value!r} is outside {low:g}..{high:g}'
    if info.choices and value not in info.choices:
        return f'{name}: {value!r} is not one of {", ".join(info.choices)}'
    return ''


def from_dict(cls: type[Any], values: dict[str, Any]) -> Any:
    """Return `cls(**values)` after checking each value.

    Raises:
        ValueError: an unknown name, or a value that is not allowed; the text names it.
    """
    known = {item.name: item for item in fields(cls)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(
            f'{cls.__name__}: unknown {", ".join(unknown)}; known: {", ".join(known)}'
        )
    clean: dict[str, Any] = {}
    for name, value in values.items():
        item = known[name]
        default = item.default if item.default is not MISSING else value
        value = tuple(value) if isinstance(default, tuple) and isinstance(value, list) else value
        problem = check(name, value, default, info_of(item))
        if problem:
            raise ValueError(f'{cls.__name__}.{problem}')
        if isinstance(default, float) and isinstance(value, int):
            value = float(value)
        clean[name] = value
    return cls(**clean)
