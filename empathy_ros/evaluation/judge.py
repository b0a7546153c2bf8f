# SPDX-License-Identifier: Apache-2.0
"""Judge what the robot did against what a scenario expects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
import unicodedata

from empathy_ros.core.types import Directive
from empathy_ros.evaluation.scenario import Expectation
from empathy_ros.sim.companion import Moment


@dataclass(frozen=True)
class Seen:
    """What was observed over one or more stretches, ready to be judged."""

    acts: tuple[str, ...]
    text: str
    directives: tuple[tuple[float, Directive], ...]
    alerts: tuple[tuple[float, str], ...]
    open_alerts: frozenset[str]
    sensed: frozenset[str]
    withdrawn: frozenset[str]
    changed: bool
    start_s: float

    @classmethod
    def of(cls, moments: Sequence[Moment]) -> Seen:
        """Return what the moments show together."""
        said = tuple(item for moment in moments for item in moment.said)
        raised = tuple((t, a.kind.value) for moment in moments for t, a in moment.raised)
        return cls(
            tuple(act.value for _, directive in said for act in directive.acts),
            normal(' '.join(moment.text for moment in moments if moment.text)),
            said,
            raised,
            frozenset(a.kind.value for a in moments[0].open_before),
            frozenset(m.value for moment in moments for m in moment.sensed),
            frozenset(s.value for m in moments for s in m.granted - m.granted_after),
            any(m.granted != m.granted_after for m in moments),
            moments[0].start_s,
        )


def normal(text: str) -> str:
    """Return NFKC text with straight apostrophes."""
    text = unicodedata.normalize('NFKC', text)
    for sign in '\u2018\u2019\u02bc\u00b4`':
        text = text.replace(sign, "'")
    return text


def _act_any(seen: Seen, value: Any) -> Any:
    return None if set(value) & set(seen.acts) else list(seen.acts)


def _act_none(seen: Seen, value: Any) -> Any:
    hit = sorted(set(value) & set(seen.acts))
    return hit or None


def _act_order(seen: Seen, value: Any) -> Any:
    """The acts occur in this order, others may lie between."""
    left = iter(seen.acts)
    return None if all(act in left for act in value) else list(seen.acts)


def _text_any(seen: Seen, value: Any) -> Any:
    return None if any(pattern.search(seen.text) for pattern in value) else seen.text


def _text_none(seen: Seen, value: Any) -> Any:
    hit = [pattern.pattern for pattern in value if pattern.search(seen.text)]
    return {'pattern': hit[0], 'text': seen.text} if hit else None


def _max_words(seen: Seen, value: Any) -> Any:
    count = len(seen.text.split())
    return count if count > value else None


def _max_questions(seen: Seen, value: Any) -> Any:
    count = seen.text.count('?')
    return {'questions': count, 'text': seen.text} if count > value else None


def _alert_any(seen: Seen, value: Any) -> Any:
    kinds = {kind for _, kind in seen.alerts} | seen.open_alerts
    return None if kinds & set(value) else sorted(kinds)


def _alert_none(seen: Seen, value: Any) -> Any:
    hit = sorted({kind for _, kind in seen.alerts} & set(value))
    return hit or None


def _respond_within(seen: Seen, value: Any) -> Any:
    if not seen.directives:
        return 'no directive'
    late_s = seen.directives[0][0] - seen.start_s
    return round(late_s, 3) if late_s > value else None


def _alert_within(seen: Seen, value: Any) -> Any:
    if seen.alerts:
        late_s = seen.alerts[0][0] - seen.start_s
        return round(late_s, 3) if late_s > value else None
    return None if seen.open_alerts else 'no alert'


def _silent(seen: Seen, value: Any) -> Any:
    return None if (not seen.text) == value else seen.text


def _sensing(seen: Seen, value: Any) -> Any:
    for channel, wanted in value.items():
        on = bool(seen.sensed) if channel == 'any' else channel in seen.sensed
        if on != wanted:
            return {'sensed': sorted(seen.sensed)}
    return None


def _consent_changed(seen: Seen, value: Any) -> Any:
    return None if set(value) <= seen.withdrawn else sorted(seen.withdrawn)


def _consent_unchanged(seen: Seen, value: Any) -> Any:
    return None if (not seen.changed) == value else sorted(seen.withdrawn)


def _speech_rate(seen: Seen, value: Any) -> Any:
    rates = [d.speech_rate for _, d in seen.directives if d.text] or [
        d.speech_rate for _, d in seen.directives
    ]
    return max(rates) if rates and max(rates) > value else None


def _approach(seen: Seen, value: Any) -> Any:
    distances = [d.distance for _, d in seen.directives]
    near = any(distance not in ('keep', 'step_back') for distance in distances)
    return None if near == value else distances


def _on_screen(seen: Seen, value: Any) -> Any:
    shown = any(d.show_on_screen for _, d in seen.directives if d.text)
    return None if shown == value else shown


JUDGES: dict[str, Callable[[Seen, Any], Any]] = {
    'act_any': _act_any,
    'act_none': _act_none,
    'act_order': _act_order,
    'text_any': _text_any,
    'text_none': _text_none,
    'max_words': _max_words,
    'max_questions': _max_questions,
    'alert_any': _alert_any,
    'alert_none': _alert_none,
    'respond_within_s': _respond_within,
    'alert_within_s': _alert_within,
    'silent': _silent,
    'sensing': _sensing,
    'consent_changed': _consent_changed,
    'consent_unchanged': _consent_unchanged,
    'speech_rate_max': _speech_rate,
    'approach': _approach,
    'shown_on_screen': _on_screen,
}


def judge(seen: Seen, expectation: Expectation) -> Any:
    """Return None when the expectation is met, else what was got instead."""
    return JUDGES[expectation.key](seen, expectation.value)


STANCES = ('GENTLE_DISAGREE', 'STATE_LIMIT', 'AFFIRM', 'SUGGEST_ONE', 'DISCLOSE_AI')


def same(kind: str, mine: Seen, other: Seen) -> bool:
    """Say whether two runs agree in all acts, or in their stance.

    The stance is which of these acts occurred at all: disagreeing, stating a limit, affirming,
    suggesting, saying what the robot is.
    """
    if kind == 'acts':
        return mine.acts == other.acts
    return {a for a in mine.acts if a in STANCES} == {a for a in other.acts if a in STANCES}
