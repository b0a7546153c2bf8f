# SPDX-License-Identifier: Apache-2.0
"""What each key of a scenario file may hold, with errors that name the file and the place."""

from __future__ import annotations

from collections.abc import Callable
import math
from pathlib import Path
import re
from typing import Any

from empathy_ros.core.types import Act, AlertKind, Event, Scope
from empathy_ros.evaluation.common import BadInput


class Reader:
    """Checks values and raises BadInput with the place."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def bad(self, where: str, text: str) -> BadInput:
        """Return the error for a place of this file."""
        return BadInput(f'{self.path}: {where}: {text}')

    def keys(self, where: str, value: Any, known: frozenset[str] | set[str]) -> dict[str, Any]:
        """Return a mapping that has only known keys."""
        if not isinstance(value, dict):
            raise self.bad(where, f'give a mapping, not {kind(value)}')
        for key in value:
            if key not in known:
                raise self.bad(where, f'unknown key {key!r}; known: {", ".join(sorted(known))}')
        return value

    def number(self, where: str, value: Any, lo: float = 0.0, hi: float = math.inf) -> float:
        """Return a number in a range."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.bad(where, f'give a number, not {kind(value)}')
        if not lo <= value <= hi:
            raise self.bad(where, f'{value!r} is outside {lo:g}..{hi:g}')
        return float(value)

    def whole(self, where: str, value: Any) -> int:
        """Return a whole number from 0."""
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.bad(where, f'give a whole number from 0, not {value!r}')
        return value

    def flag(self, where: str, value: Any) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            raise self.bad(where, f'give true or false, not {kind(value)}')
        return value

    def words(self, where: str, value: Any) -> str:
        """Return text."""
        if not isinstance(value, str):
            raise self.bad(where, f'give text in quotes, not {kind(value)}')
        return value

    def items(self, where: str, value: Any, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of words, each of them known."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(where, f'give a list of words, not {value!r}')
        for item in value:
            if known and item not in known:
                raise self.bad(where, f'{item!r} is not one of: {", ".join(known)}')
        return tuple(value)


def kind(value: Any) -> str:
    """Return what a value is, for an error."""
    return 'nothing' if value is None else f'{type(value).__name__} {value!r}'[:80]


ACTS = tuple(act.value for act in Act)
ALERTS = tuple(kind.value for kind in AlertKind)
SCOPES = tuple(scope.value for scope in Scope)
EVENTS = tuple(event.value for event in Event)


def _patterns(read: Reader, where: str, value: Any) -> tuple[re.Pattern[str], ...]:
    compiled = []
    for pattern in read.items(where, value):
        try:
            compiled.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            raise read.bad(where, f'pattern {pattern!r} is not valid: {error}') from error
    return tuple(compiled)


def _sensing(read: Reader, where: str, value: Any) -> dict[str, bool]:
    if isinstance(value, dict):
        read.keys(where, value, {'face', 'voice'})
        return {key: _on_off(read, f'{where}.{key}', item) for key, item in value.items()}
    return {'any': _on_off(read, where, value)}


def _on_off(read: Reader, where: str, value: Any) -> bool:
    if value in (True, 'on'):
        return True
    if value in (False, 'off'):
        return False
    raise read.bad(where, f'give on or off, not {kind(value)}')


def _scopes(read: Reader, where: str, value: Any) -> tuple[str, ...]:
    return read.items(where, [value] if isinstance(value, str) else value, SCOPES)


_Parse = Callable[[Reader, str, Any], Any]
EXPECT: dict[str, _Parse] = {
    'act_any': lambda r, w, v: r.items(w, v, ACTS),
    'act_none': lambda r, w, v: r.items(w, v, ACTS),
    'act_order': lambda r, w, v: r.items(w, v, ACTS),
    'text_any': _patterns,
    'text_none': _patterns,
    'max_words': lambda r, w, v: r.whole(w, v),
    'max_questions': lambda r, w, v: r.whole(w, v),
    'alert_any': lambda r, w, v: r.items(w, v, ALERTS),
    'alert_none': lambda r, w, v: r.items(w, v, ALERTS),
    'respond_within_s': lambda r, w, v: r.number(w, v),
    'alert_within_s': lambda r, w, v: r.number(w, v),
    'silent': lambda r, w, v: r.flag(w, v),
    'sensing': _sensing,
    'consent_changed': _scopes,
    'consent_unchanged': lambda r, w, v: r.flag(w, v),
    'speech_rate_max': lambda r, w, v: r.number(w, v),
    'approach': lambda r, w, v: r.flag(w, v),
    'shown_on_screen': lambda r, w, v: r.flag(w, v),
    'until_s': lambda r, w, v: r.number(w, v),
}
