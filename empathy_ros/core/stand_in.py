# SPDX-License-Identifier: Apache-2.0
"""The planner knows the guardian's answers too, and gives them when the guardian does not.

Each such answer waits a moment. If the guardian speaks for the same turn, it is dropped; if not,
the guardian must be dead and the answer is due. What the robot is gets said by whoever comes
first.
"""

from __future__ import annotations

from dataclasses import dataclass

from empathy_ros.core.types import Alert, Directive

GUARDIAN = ('crisis_watch', 'consent_gate')
DISCLOSURE = ('disclosure',)
WAIT_S = 0.4
# The guardian may have answered before the planner had decided.
SEEN_BEFORE_S = 2.0
KEPT = 64


@dataclass(frozen=True)
class Held:
    """One answer that waits.

    Attributes:
        due_s: When it is given, steady time.
        key: What the guardian's own answer is recognised by: turn id, or 'disclosure'.
        directives: What to say and do.
        alerts: What to raise.
    """

    due_s: float
    key: str
    directives: tuple[Directive, ...]
    alerts: tuple[Alert, ...]

    @property
    def replaces_guardian(self) -> bool:
        """Whether giving it means that the guardian is silent."""
        return self.key != DISCLOSURE[0]


def waits(directive: Directive) -> bool:
    """Return whether a directive is the guardian's to give."""
    return directive.source in GUARDIAN or directive.rules == DISCLOSURE


class StandIn:
    """Holds back what is the guardian's, until it is clear that the guardian is silent."""

    def __init__(self) -> None:
        """Start with nothing held."""
        self._held: list[Held] = []
        self._heard: dict[str, float] = {}

    @property
    def pending(self) -> int:
        """Number of answers that wait."""
        return len(self._held)

    def heard(self, key: str, now_s: float) -> None:
        """Note that the guardian answered this turn ('' for an event or an alert)."""
        self._heard.pop(key, None)
        self._heard[key] = now_s
        while len(self._heard) > KEPT:
            self._heard.pop(next(iter(self._heard)))

    def hold(
        self, directives: tuple[Directive, ...], alerts: tuple[Alert, ...], now_s: float
    ) -> None:
        """Hold one answer back; nothing happens without directives and alerts."""
        if not directives and not alerts:
            return
        key = ''
        if directives:
            told = directives[0].rules == DISCLOSURE
            key = DISCLOSURE[0] if told else directives[0].turn_id
        self._held.append(Held(now_s + WAIT_S, key, directives, alerts))

    def due(self, now_s: float) -> list[Held]:
        """Return what must be given now because the guardian did not."""
        ready: list[Held] = []
        waiting: list[Held] = []
        for item in self._held:
            if self._heard.get(item.key, -1e9) > item.due_s - WAIT_S - SEEN_BEFORE_S:
                continue
            (ready if now_s >= item.due_s else waiting).append(item)
        self._held = waiting
        return ready
