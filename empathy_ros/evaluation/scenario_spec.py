# SPDX-License-Identifier: Apache-2.0
"""What a scenario file says, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
import math
from pathlib import Path
from typing import Any

from empathy_ros.core.types import Event, Scope

GENERATORS = ('none', 'benign', 'hostile')
SPEAKERS = ('other', 'tv')
LAST_TURN_S = 10.0
MUST_NOT = frozenset({'act_none', 'text_none', 'alert_none'})
DEFAULT_SCOPES = (Scope.FACE, Scope.VOICE, Scope.TEXT, Scope.MEMORY)


@dataclass(frozen=True)
class PersonSpec:
    """Who is there: identity, consent and needs."""

    id: str = 'p1'
    enrolled: bool = True
    consent: tuple[Scope, ...] = DEFAULT_SCOPES
    needs: tuple[str, ...] = ()
    locale: str = 'en'


@dataclass(frozen=True)
class Expectation:
    """One key with its value; `must_not` says how it counts."""

    key: str
    value: Any

    @property
    def must_not(self) -> bool:
        """True for act_none, text_none and alert_none."""
        return self.key in MUST_NOT


@dataclass(frozen=True)
class TurnSpec:
    """What happens at one time, and what is expected until the next.

    Attributes:
        at_s: Time since the start [s].
        text: Words or ''.
        speaker: 'person', 'other' or 'tv'; '' = by default.
        face: Label -> score, None = not seen.
        voice: Label -> score, None = not heard.
        events: Events before the words.
        is_final: False = the speech goes on.
        confidence: Of the recogniser, NaN = not estimated.
        distance_m: Distance of the person, NaN = unknown.
        until_s: End of the judged time, NaN = next turn or 10 s.
        expect: What is expected.
    """

    at_s: float
    text: str = ''
    speaker: str = ''
    face: Mapping[str, float] | None = None
    voice: Mapping[str, float] | None = None
    events: tuple[Event, ...] = ()
    is_final: bool = True
    confidence: float = math.nan
    distance_m: float = math.nan
    until_s: float = math.nan
    expect: tuple[Expectation, ...] = ()


@dataclass(frozen=True)
class Compare:
    """Another scenario that this one must match."""

    file: str
    same: str = ''
    words_not_more: bool = False


@dataclass(frozen=True)
class Scenario:
    """A scripted conversation."""

    name: str
    path: Path
    turns: tuple[TurnSpec, ...]
    rules: tuple[str, ...] = ()
    person: PersonSpec = PersonSpec()
    generators: tuple[str, ...] = GENERATORS
    start_s: int = 36_000
    history: Mapping[str, int] = field(default_factory=dict)
    overall: tuple[Expectation, ...] = ()
    compare: tuple[Compare, ...] = ()
    until_s: float = math.nan

    def end_s(self, index: int) -> float:
        """Return when the judged time of a turn ends [s since the start]."""
        turn = self.turns[index]
        limit = turn.until_s
        if index + 1 < len(self.turns):
            following = self.turns[index + 1].at_s
            return following if math.isnan(limit) else min(following, _after(limit, turn.at_s))
        limit = self.until_s if math.isnan(limit) else limit
        return turn.at_s + LAST_TURN_S if math.isnan(limit) else _after(limit, turn.at_s)


def _after(limit_s: float, at_s: float) -> float:
    """Return an end that lies after the turn: a time since the start, else a length."""
    return limit_s if limit_s > at_s else at_s + limit_s
