# SPDX-License-Identifier: Apache-2.0
"""Stamps, durations, enumerations and checked numbers: what every conversion needs."""

from __future__ import annotations

from array import array
from enum import Enum
import math
from typing import Any, TypeVar

import numpy as np

from empathy_ros.bridge import msgs
from empathy_ros.core.types import Floats

MAX_TEXT = 200_000
NS_PER_S = 1_000_000_000
Kind = TypeVar('Kind', bound=Enum)


def stamp_to_msg(stamp_ns: int) -> msgs.Time:
    """Return the message of a ROS time in nanoseconds."""
    return msgs.Time(sec=stamp_ns // NS_PER_S, nanosec=stamp_ns % NS_PER_S)


def stamp_from_msg(msg: msgs.Time) -> int:
    """Return ROS time in nanoseconds."""
    return int(msg.sec) * NS_PER_S + int(msg.nanosec)


def duration_to_msg(seconds: float) -> msgs.Duration:
    """Return the message of a duration in seconds."""
    ns = round(seconds * NS_PER_S)
    return msgs.Duration(sec=ns // NS_PER_S, nanosec=ns % NS_PER_S)


def enum_of(kind: type[Kind], value: str, field: str) -> Kind:
    """Return the member with that value.

    Raises:
        ValueError: no such member; names the field and the allowed values.
    """
    try:
        return kind(value)
    except ValueError as error:
        allowed = ', '.join(member.value for member in kind)
        raise ValueError(f'{field}: {value[:40]!r} is not one of {allowed}') from error


def within(value: float, low: float, high: float, field: str) -> float:
    """Return `value` if it is NaN or inside low..high, else raise ValueError."""
    if not math.isnan(value) and not low <= value <= high:
        raise ValueError(f'{field}: {value!r} is outside {low:g}..{high:g}')
    return float(value)


def number(value: float, low: float, high: float, field: str) -> float:
    """Return `value` if it is inside low..high; "not estimated" (NaN) is refused here."""
    if math.isnan(value):
        raise ValueError(f'{field}: is not a number, give {low:g}..{high:g}')
    return within(value, low, high, field)


def checked_text(value: str, field: str) -> str:
    """Return `value` unless it is too long, else raise ValueError."""
    if len(value) > MAX_TEXT:
        raise ValueError(f'{field}: {len(value)} characters, at most {MAX_TEXT}')
    return value


def floats_to_msg(values: Floats) -> Any:
    """Return an array of float32 for a message field."""
    # array('f') is the only type that is fast with and without field checks.
    return array('f', np.ascontiguousarray(values, dtype=np.float32).tobytes())


def scores_from_msg(values: Any, field: str) -> Floats:
    """Return scores, each 0..1 or NaN, at most 512, else raise ValueError."""
    scores: Floats = np.array(values, dtype=np.float32)
    if scores.size > 512:
        raise ValueError(f'{field}: {scores.size} scores, at most 512')
    known = scores[~np.isnan(scores)]
    if known.size and (known.min() < -1e-6 or known.max() > 1 + 1e-6):
        raise ValueError(f'{field}: a score is outside 0..1')
    return scores
