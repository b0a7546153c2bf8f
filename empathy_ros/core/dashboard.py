# SPDX-License-Identifier: Apache-2.0
"""What the local page may show: nothing about a person who has not agreed to be sensed.

Alerts, sensing lights and the health of the nodes are always shown; estimated affect, and what the
robot said and why, only while the person concerned agrees to face, voice or text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math
from typing import Any

from empathy_ros.core.params import param
from empathy_ros.core.types import Alert, Consent, Directive, PersonAffect, Scope

NS_PER_S = 1_000_000_000
SENSING = frozenset({Scope.FACE, Scope.VOICE, Scope.TEXT})
MAX_ALERTS = 20
SEEMS = {
    'neutral': 'seems neutral',
    'happiness': 'seems happy',
    'surprise': 'seems surprised',
    'sadness': 'seems sad',
    'anger': 'seems angry',
    'disgust': 'seems disgusted',
    'fear': 'seems afraid',
    'contempt': 'seems scornful',
}


@dataclass(frozen=True)
class DashboardConfig:
    """Parameters of the dashboard node."""

    port: int = param(
        8765, 'Port of the page on 127.0.0.1; 0 = any free one.', lo=0, hi=65535, read_only=True
    )
    stale_s: float = param(5.0, 'Estimates older than this are unknown [s].', lo=0.5, hi=60.0)


@dataclass(frozen=True)
class Light:
    """Whether one sensing node is working on a person right now, in words for the resident."""

    name: str
    purpose: str
    is_on: bool


@dataclass(frozen=True)
class HealthEntry:
    """One diagnostic status; level 'ok', 'warn', 'error' or 'stale'."""

    name: str
    level: str
    text: str
    values: Mapping[str, str]


class Dashboard:
    """Collects what arrives and says what may be shown."""

    def __init__(self, config: DashboardConfig) -> None:
        """Start with nothing known: nobody agreed, so nobody is shown."""
        self.config = config
        self._consent: dict[str, Consent] = {}
        self._paused: tuple[str, ...] = ()
        self._affect: dict[str, PersonAffect] = {}
        self._directive: Directive | None = None
        self._alerts: dict[str, Alert] = {}
        self._lights: tuple[Light, ...] | None = None
        self._health: dict[str, tuple[HealthEntry, int]] = {}

    def consent(self, states: Sequence[Consent], paused: Sequence[str]) -> None:
        """Take what everybody agrees to; what is no longer agreed to is forgotten at once."""
        self._consent = {state.person_id: state for state in states}
        self._paused = tuple(paused)
        agreeing = self._agreeing()
        self._affect = {p: a for p, a in self._affect.items() if p in agreeing}
        if self._directive is not None and not self._may_show(self._directive):
            self._directive = None

    def affect(self, value: PersonAffect) -> None:
        """Take an estimate; dropped when the person has not agreed."""
        if value.person_id in self._agreeing():
            self._affect[value.person_id] = value

    def directive(self, value: Directive) -> None:
        """Take a directive; dropped when it concerns somebody who has not agreed."""
        if self._may_show(value):
            self._directive = value

    def alert(self, value: Alert) -> None:
        """Take an alert, new or changed; the latest 20 are kept."""
        self._alerts.pop(value.id, None)
        self._alerts[value.id] = value
        while len(self._alerts) > MAX_ALERTS:
            self._alerts.pop(next(iter(self._alerts)))

    def lights(self, lights: Sequence[Light]) -> None:
        """Take which sensing nodes are at work."""
        self._lights = tuple(lights)

    def health(self, entry: HealthEntry, now_steady_ns: int) -> None:
        """Take one diagnostic entry."""
        self._health[entry.name] = (entry, now_steady_ns)

    def state(self, now_ns: int, now_steady_ns: int) -> dict[str, Any]:
        """Return what the page shows, ready for JSON.

        Args:
            now_ns: ROS time, against which estimates age.
            now_steady_ns: Steady time, against which diagnostics age.
        """
        return {
            'consent': [self._consent_row(state) for state in self._consent.values()],
            'paused': list(self._paused),
            'lights': None if self._lights is None else [vars(light) for light in self._lights],
            'people': [self._person(a, now_ns) for a in self._affect.values()],
            'directive': self._directive_row(),
            'alerts': [self._alert_row(a) for a in reversed(self._alerts.values())],
            'health': [
                self._health_row(entry, now_steady_ns - at_ns)
                for _, (entry, at_ns) in sorted(self._health.items())
            ],
        }

    def _agreeing(self) -> set[str]:
        return {p for p, state in self._consent.items() if p and state.granted & SENSING}

    def _may_show(self, directive: Directive) -> bool:
        agreeing = self._agreeing()
        return directive.person_id in agreeing or (not directive.person_id and bool(agreeing))

    @staticmethod
    def _consent_row(state: Consent) -> dict[str, Any]:
        scopes = sorted(scope.value for scope in state.granted)
        return {'person': state.person_id, 'scopes': scopes, 'granted_by': state.granted_by}

    def _person(self, value: PersonAffect, now_ns: int) -> dict[str, Any]:
        stale = now_ns - value.stamp_ns > self.config.stale_s * NS_PER_S
        known = not value.abstained and not stale
        return {
            'person': value.person_id,
            'seems': SEEMS.get(value.top_basic, 'unknown') if known else 'unknown',
            'why_unknown': '' if known else ('stale' if stale else value.reason),
            'confidence': _rounded(value.confidence) if known else None,
            'valence': _rounded(value.valence) if known else None,
            'arousal': _rounded(value.arousal) if known else None,
            'from': [m.value for m in value.modalities] if known else [],
        }

    def _directive_row(self) -> dict[str, Any] | None:
        value = self._directive
        if value is None:
            return None
        return {
            'text': value.text,
            'acts': [act.value for act in value.acts],
            'why': value.rationale,
            'rules': list(value.rules),
            'source': value.source,
            'checked': list(value.guard_flags),
        }

    @staticmethod
    def _alert_row(value: Alert) -> dict[str, Any]:
        return {
            'id': value.id,
            'kind': value.kind.value,
            'severity': value.severity,
            'summary': value.summary,
            'contact': value.contact,
            'open': value.needs_ack and not value.acknowledged,
            'acknowledged_by': value.acknowledged_by,
        }

    def _health_row(self, entry: HealthEntry, age_ns: int) -> dict[str, Any]:
        silent = age_ns > self.config.stale_s * NS_PER_S
        return {
            'name': entry.name,
            'level': 'stale' if silent else entry.level,
            'text': 'says nothing any more' if silent else entry.text,
            'provider': entry.values.get('provider', ''),
            'latency_p50_ms': entry.values.get('latency_p50_ms', ''),
            'dropped': entry.values.get('dropped', ''),
        }


def _rounded(value: float) -> float | None:
    """Return two decimals, None for NaN."""
    return round(float(value), 2) if math.isfinite(value) else None
