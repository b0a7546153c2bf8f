# SPDX-License-Identifier: Apache-2.0
"""Alerts that stay open until a human answers: repeated, later also to the next contact.

An alert about harm by somebody never goes to the ordinary contacts: it may be one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from empathy_ros.core.types import Alert, AlertKind

NS_PER_S = 1_000_000_000
MOST_OPEN = 50
SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_URGENT, SEVERITY_NOW = 0, 1, 2, 3


@dataclass(frozen=True)
class AlertRules:
    """When to repeat and whom to alert next.

    Attributes:
        repeat_s: Time between repeats [s].
        escalate_after: Repeats before the next contact is alerted.
        contacts: Roles in order.
        outside: Role for alerts of kind 'abuse'.
    """

    repeat_s: float = 60.0
    escalate_after: int = 3
    contacts: tuple[str, ...] = ()
    outside: str = ''

    def contact_for(self, alert: Alert, repeats: int) -> str:
        """Return whom this repeat goes to; abuse stays with the outside contact."""
        if alert.kind is AlertKind.ABUSE:
            return self.outside
        if not self.contacts:
            return alert.contact
        step = repeats // self.escalate_after
        return self.contacts[min(step, len(self.contacts) - 1)]


class AlertBook:
    """All open alerts, on the steady clock; pure."""

    def __init__(self, rules: AlertRules) -> None:
        """Start with no open alert."""
        self.rules = rules
        self._open: dict[str, tuple[Alert, int]] = {}

    @property
    def open(self) -> tuple[Alert, ...]:
        """All alerts without an answer, oldest first."""
        return tuple(alert for alert, _ in self._open.values())

    def add(self, alert: Alert, now_steady_ns: int) -> bool:
        """Take over an alert; False when it is known, answered, or needs no answer.

        When more than MOST_OPEN wait, the least severe oldest one is dropped.
        """
        if not alert.needs_ack or alert.acknowledged or alert.id in self._open:
            return False
        self._open[alert.id] = (alert, now_steady_ns)
        if len(self._open) > MOST_OPEN:
            least = min(self._open.values(), key=lambda entry: (entry[0].severity, entry[1]))
            del self._open[least[0].id]
        return True

    def update(self, alert: Alert) -> bool:
        """Take over a graver state of an open alert; False for anything else."""
        entry = self._open.get(alert.id)
        if entry is None or alert.severity <= entry[0].severity:
            return False
        self._open[alert.id] = (replace(alert, repeats=entry[0].repeats), entry[1])
        return True

    def tick(self, now_steady_ns: int, now_ns: int) -> tuple[Alert, ...]:
        """Return the alerts that are due again, counted and with their next contact."""
        due = []
        for key, (alert, last_ns) in self._open.items():
            if now_steady_ns - last_ns < self.rules.repeat_s * NS_PER_S:
                continue
            repeats = alert.repeats + 1
            contact = self.rules.contact_for(alert, repeats)
            again = replace(alert, stamp_ns=now_ns, repeats=repeats, contact=contact)
            self._open[key] = (again, now_steady_ns)
            due.append(again)
        return tuple(due)

    def acknowledge(self, alert_id: str, who: str) -> Alert | None:
        """Close an alert; return it as acknowledged, None when it is not open."""
        entry = self._open.pop(alert_id, None)
        if entry is None:
            return None
        return replace(entry[0], acknowledged=True, acknowledged_by=who)

    def restore(self, alerts: Iterable[Alert], now_steady_ns: int) -> None:
        """Take over open alerts of an earlier run; each is due again at once."""
        due_ns = now_steady_ns - int(self.rules.repeat_s * NS_PER_S)
        for alert in alerts:
            if alert.needs_ack and not alert.acknowledged:
                self._open.setdefault(alert.id, (alert, due_ns))
