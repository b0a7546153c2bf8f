# SPDX-License-Identifier: Apache-2.0
"""What the rules make of one text: how grave, what kind, which row of the policy answers it."""

from __future__ import annotations

from dataclasses import dataclass
import re

from empathy_ros.core.crisis_rules import combine, Hit, read
from empathy_ros.core.plain_text import plain
from empathy_ros.core.types import AlertKind

ALARM_LEVEL = 2
_INTENT = re.compile(
    r'\bi (?:am going to|will|shall|am about to|intend to|plan to|have decided to)\b'
)
_NEAR = re.compile(
    r'\b(?:tonight|today|now|tomorrow|this (?:evening|night|morning|afternoon|minute)|soon as'
    r'|in (?:a|an) (?:minute|hour|moment)|(?:when|once|after) (?:it is dark|they|the \w+|everyone)'
    r'|before (?:morning|dawn|they)|right here|in my hand|beside me|all ready|it ready)\b'
)


@dataclass(frozen=True)
class CrisisReading:
    """What the rules make of one turn.

    Attributes:
        level: 0 nothing, 1 weak sign, 2 hint, 3 danger named, 4 imminent or emergency now.
        kind: Kind of danger, None at level 0 and for weak signs.
        row: Policy row that answers it: 9, 10, 11, 12, 14, or 0.
        rules: Names of the rules that fired; no words.
        indirect: True when the danger was inferred.
    """

    level: int = 0
    kind: AlertKind | None = None
    row: int = 0
    rules: tuple[str, ...] = ()
    indirect: bool = False

    @property
    def alarm(self) -> bool:
        """Whether this asks for an answer and an alert."""
        return self.level >= ALARM_LEVEL


def read_text(text: str, earlier: tuple[Hit, ...] = ()) -> CrisisReading:
    """Return the reading of one text, with weak signs of earlier turns taken into account."""
    hits = read(text)
    found = hits + combine(hits + earlier) if hits else hits
    alarms = [hit for hit in found if hit.level >= ALARM_LEVEL and hit.kind is not None]
    if not alarms:
        names = tuple(hit.rule for hit in found)
        return CrisisReading(level=1 if found else 0, rules=names)
    best = max(alarms, key=_urgency)
    assert best.kind is not None
    names = tuple(hit.rule for hit in alarms)
    if best.level == 3 and 'kill_self' in names and _imminent(plain(text)):
        return CrisisReading(4, best.kind, 12, (*names, 'intent_and_time'), best.indirect)
    return CrisisReading(best.level, best.kind, _row(best), names, best.indirect)


def _imminent(words: str) -> bool:
    """Return whether a named danger is meant soon: stated intent with a time or means."""
    return bool(_INTENT.search(words) and _NEAR.search(words))


def _urgency(hit: Hit) -> tuple[int, int]:
    """Order of rows when they collide: 9 and 12 before 10 and 11, an emergency first."""
    rank = {AlertKind.EMERGENCY: 2, AlertKind.CRISIS: 1, AlertKind.ABUSE: 0}
    named_emergency = hit.kind is AlertKind.EMERGENCY and hit.level >= 3
    return (4 if named_emergency else hit.level, rank.get(hit.kind or AlertKind.SYSTEM, 0))


def _row(hit: Hit) -> int:
    if hit.kind is AlertKind.CRISIS:
        return {2: 10, 3: 11}.get(hit.level, 12)
    return 9
