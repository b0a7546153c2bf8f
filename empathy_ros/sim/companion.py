# SPDX-License-Identifier: Apache-2.0
"""The whole mind without ROS: consent, crisis watch, fusion and planner under a simulated clock.

`eval policy`, unit tests and the simulation play scenarios on it. It composes exactly the pure
parts that the nodes use; only sensing is replaced by the scores that a scenario says were
observed.
"""

from __future__ import annotations

from collections.abc import Mapping
import math
import time

import numpy as np

from empathy_ros.core.consent import ConsentLedger, opt_out
from empathy_ros.core.crisis import CrisisWatch
from empathy_ros.core.fusion import AffectFusion, FusionConfig
from empathy_ros.core.planner import Planner, PlannerConfig
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import (
    AffectEstimate,
    Alert,
    AlertKind,
    Directive,
    Event,
    Modality,
    Person,
    Scope,
    Utterance,
)
from empathy_ros.core.wording import Generator
from empathy_ros.sim.moment import Moment, SharedParts, shares_of

__all__ = ['Companion', 'Moment', 'SharedParts']

NS_PER_S = 1_000_000_000
MIDNIGHT_NS = 1_772_496_000 * NS_PER_S
"""A Tuesday in March 2026, 00:00; scenarios start at a time of this day."""
_MODALITY = {
    Modality.FACE: (Scope.FACE, 'face_affect'),
    Modality.VOICE: (Scope.VOICE, 'voice_affect'),
}


class Companion:
    """One robot with one person; the caller moves the clock forward."""

    def __init__(
        self,
        parts: SharedParts,
        person: Person,
        scopes: frozenset[Scope],
        generator: Generator | None = None,
        *,
        start_s: int = 36_000,
        history: Mapping[str, int] | None = None,
        seed: int = 7,
    ) -> None:
        """Enrol the person (when they are to be) and say what the robot is, before time 0."""
        self._parts, self._person, self._generator = parts, person, generator
        self._zero_ns = MIDNIGHT_NS + start_s * NS_PER_S
        self._config = PlannerConfig(seed=seed)
        self._ids = 0
        self.ledger = ConsentLedger()
        self._fusion = AffectFusion(FusionConfig())
        self._down: set[Event] = set()
        self._others: set[Event] = set()
        self._television = False
        self._open: dict[str, Alert] = {}
        before_ns = self._zero_ns - 60 * NS_PER_S
        if person.enrolled:
            self.ledger.enrol(person.person_id, scopes, 'self', before_ns, before_ns)
        self._watch = CrisisWatch(parts.policy, self._new_id)
        self.planner = self._new_planner()
        self.planner.history(**dict(history or {}))
        self.disclosed = self.planner.tick(before_ns)
        self.moment = Moment(0.0, granted=self.granted(0.0), granted_after=self.granted(0.0))

    def now_ns(self, at_s: float) -> int:
        """Return the simulated time of a scenario time."""
        return self._zero_ns + round(at_s * NS_PER_S)

    def granted(self, at_s: float) -> frozenset[Scope]:
        """Return what the person agrees to at a time."""
        return self.ledger.state(self._person.person_id, self.now_ns(at_s)).granted

    def begin(self, at_s: float) -> Moment:
        """Start a new stretch and return it; it fills while time goes on."""
        granted = self.granted(at_s)
        self.moment = Moment(
            at_s, open_before=tuple(self._open.values()), granted=granted, granted_after=granted
        )
        return self.moment

    def happen(self, event: Event, at_s: float) -> None:
        """Let an event happen."""
        now_ns = self.now_ns(at_s)
        if event is Event.RESTART:
            self._restart(at_s)
            return
        if event in (Event.LLM_DOWN, Event.NETWORK_DOWN):
            self._down.add(event)
        elif event is Event.LLM_UP:
            self._down.discard(Event.LLM_DOWN)
        elif event is Event.NETWORK_UP:
            self._down.discard(Event.NETWORK_DOWN)
        elif event in (Event.TV_ON, Event.TV_OFF):
            self._television = event is Event.TV_ON
        elif event in (Event.CARER_ENTERS, Event.SECOND_PERSON):
            self._others.add(event)
        elif event is Event.CARER_LEAVES:
            self._others.discard(Event.CARER_ENTERS)
        elif event is Event.SECOND_PERSON_LEAVES:
            self._others.discard(Event.SECOND_PERSON)
        self.planner.generator = None if self._cut_off() else self._generator
        outcome = self._watch.event(event, now_ns, self._person.person_id)
        self._guardian(outcome.directive, outcome.alerts, at_s)
        self.planner.event(event, now_ns)
        self._collect(at_s)

    def observe(self, modality: Modality, scores: Mapping[str, float], at_s: float) -> None:
        """Offer observed scores; an estimate is taken only under a lease."""
        now_ns = self.now_ns(at_s)
        scope, node = _MODALITY[modality]
        faces = 1 + len(self._others)
        lease = self.ledger.lease(node, scope, faces, now_ns, now_ns)
        if not lease.granted or lease.person_id != self._person.person_id:
            return
        self.moment.sensed.add(modality)
        shares = shares_of(scores)
        top = int(shares.argmax())
        for back_s in (0.4, 0.2, 0.0):
            self._fusion.observe(
                AffectEstimate(
                    now_ns - round(back_s * NS_PER_S),
                    modality,
                    id='sim',
                    person_id=lease.person_id,
                    taxonomy=BASIC8.id,
                    scores=shares.astype(np.float32),
                    top_label=BASIC8.labels[top],
                    confidence=float(shares[top]),
                    quality=1.0,
                    model_id='scenario',
                )
            )

    def present(self, at_s: float) -> None:
        """The person shows that it is them (voice or button)."""
        self.ledger.confirm_presence(self.now_ns(at_s), self._person.person_id)

    def television(self, speaker: str) -> bool:
        """Say whether words by this speaker ('' = not known) come from the television."""
        return speaker == 'tv' or (not speaker and self._television)

    def withdraw(self, text: str, at_s: float) -> None:
        """Obey a spoken withdrawal, from anybody, before anything else is made of the words."""
        found = opt_out(text)
        if found is None:
            return
        now_ns = self.now_ns(at_s)
        self.ledger.set('', found.scopes, False, now_ns=now_ns, now_steady_ns=now_ns)
        gone = [m for m, (scope, _) in _MODALITY.items() if scope in found.scopes]
        self._fusion.forget(self._person.person_id, gone)
        self.planner.consent(self.ledger.state(self._person.person_id, now_ns))

    def hear(
        self,
        text: str,
        at_s: float,
        *,
        speaker: str = '',
        is_final: bool = True,
        confidence: float = math.nan,
    ) -> None:
        """Let somebody speak; `speaker` '' = the person, or the television while it is on."""
        now_ns = self.now_ns(at_s)
        who = speaker or ('tv' if self._television else 'person')
        self._ids += 1
        utterance = Utterance(
            now_ns, text, f'u{self._ids}', f't{self._ids}',
            self._person.person_id if who == 'person' else '',
            is_final=is_final, confidence=confidence, source='tv' if who == 'tv' else 'microphone',
        )  # fmt: skip
        began_s = time.perf_counter()
        heard = is_final and who != 'tv'
        if heard and (who == 'person' or _emergency(self._watch, utterance, now_ns)):
            outcome = self._watch.hear(utterance, now_ns)
            self._guardian(outcome.directive, outcome.alerts, at_s)
        self._sense(now_ns)
        self.planner.hear(utterance, now_ns, who)
        self._collect(at_s, began_s)

    def pass_time(self, from_s: float, to_s: float) -> None:
        """Let time pass: often at first, then more and more rarely."""
        at_s, step_s = from_s, 0.2
        while at_s + step_s < to_s:
            at_s += step_s
            outcome = self._watch.tick(self.now_ns(at_s))
            self._guardian(outcome.directive, outcome.alerts, at_s)
            if at_s - from_s < 3.0:
                self._sense(self.now_ns(at_s))
            self._collect(at_s)
            step_s = 0.2 if at_s - from_s < 1.0 else min(10.0, 0.25 * (at_s - from_s))

    def end(self, at_s: float) -> Moment:
        """Close the stretch and return it."""
        self.moment.granted_after = self.granted(at_s)
        return self.moment

    def _new_id(self, prefix: str) -> str:
        self._ids += 1
        return f'{prefix}_{self._ids}'

    def _new_planner(self) -> Planner:
        watch = CrisisWatch(self._parts.policy, self._new_id)
        planner = Planner(
            self._config, self._parts.bank, self._parts.checker, watch,
            None if self._cut_off() else self._generator,
        )  # fmt: skip
        planner.person(self._person)
        planner.consent(self.ledger.state(self._person.person_id, self._zero_ns))
        return planner

    def _cut_off(self) -> bool:
        remote = getattr(self._generator, 'remote', False)
        return Event.LLM_DOWN in self._down or (remote and Event.NETWORK_DOWN in self._down)

    def _restart(self, at_s: float) -> None:
        """Everything in memory is lost but what is stored: consent, times, open alerts."""
        now_ns = self.now_ns(at_s)
        stored, memory = self.ledger.export(), self.planner.memory()
        self.ledger = ConsentLedger()
        self.ledger.restore(stored, now_ns, now_ns)
        self._fusion = AffectFusion(FusionConfig())
        self._watch = CrisisWatch(self._parts.policy, self._new_id)
        self.planner = self._new_planner()
        self.planner.restore(memory)
        self.planner.consent(self.ledger.state(self._person.person_id, now_ns))
        for event in (*self._others, *([Event.TV_ON] if self._television else [])):
            self.planner.event(event, now_ns)
            self._watch.event(event, now_ns, self._person.person_id)

    def _sense(self, now_ns: int) -> None:
        if self._fusion.people():
            self.planner.sense(self._fusion.step(self._person.person_id, now_ns), now_ns)

    def _guardian(
        self, directive: Directive | None, alerts: tuple[Alert, ...], at_s: float
    ) -> None:
        if directive is not None:
            self.moment.said.append((at_s, directive))
        for alert in alerts:
            self._raise(alert, at_s)

    def _raise(self, alert: Alert, at_s: float) -> None:
        if alert.acknowledged:
            self._open.pop(alert.id, None)
            return
        if alert.id not in self._open:
            self.moment.raised.append((at_s, alert))
        self._open[alert.id] = alert

    def _collect(self, at_s: float, began_s: float | None = None) -> None:
        """Take the planner's own directives; the guardian has given the others."""
        directives = self.planner.tick(self.now_ns(at_s))
        took_s = time.perf_counter() - began_s if began_s is not None else 0.0
        for directive in directives:
            if directive.source == 'crisis_watch' or directive.rules == ('disclosure',):
                continue
            self.moment.said.append((at_s + took_s, directive))
        self.planner.take_safety_alerts()
        for alert in self.planner.take_alerts():
            same = any(a.kind is alert.kind for a in self._open.values())
            if not same:
                self._raise(alert, at_s)


def _emergency(watch: CrisisWatch, utterance: Utterance, now_ns: int) -> bool:
    """Say whether somebody else's words report an emergency; their other talk is not used."""
    return watch.peek(utterance, now_ns).kind is AlertKind.EMERGENCY
