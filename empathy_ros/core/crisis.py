# SPDX-License-Identifier: Apache-2.0
"""Watch the conversation for danger, answer at once, alert a human, and stay until one answers.

`CrisisWatch` needs no model and no file but the operator's protocol. One instance serves one
robot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
import uuid

from empathy_ros.core.alerts import SEVERITY_NOW, SEVERITY_URGENT
from empathy_ros.core.crisis_case import Case, directive_of, row_of
from empathy_ros.core.crisis_policy import Contact, CrisisPolicy
from empathy_ros.core.crisis_reading import CrisisReading, read_text
from empathy_ros.core.crisis_replies import denies, says_yes, seems_fine
from empathy_ros.core.crisis_rules import Hit, read, wants_secrecy
from empathy_ros.core.types import (
    Alert,
    AlertKind,
    Directive,
    Event,
    Utterance,
)

__all__ = ['Contact', 'CrisisOutcome', 'CrisisPolicy', 'CrisisReading', 'CrisisWatch', 'read_text']

NS_PER_S = 1_000_000_000
MEMORY_TURNS = 5
MEMORY_S = 600.0
STAY_S = 1800.0
"""How long the watch stays without a new sign and without an answer to the alert [s]."""
SILENCE_S = 30.0

SUMMARIES = {
    AlertKind.CRISIS: 'Possible suicide risk in what was said. Please go to the person now.',
    AlertKind.EMERGENCY: 'Possible emergency or fall. Please go to the person now.',
    AlertKind.ABUSE: 'Signs of harm by somebody. Please speak with the person alone.',
}


NOTHING = CrisisReading()


@dataclass(frozen=True)
class CrisisOutcome:
    """What to do about one turn, event or tick.

    Attributes:
        reading: What the rules made of it.
        directive: What to say and do now, None = nothing (the planner may speak).
        alerts: New or changed alerts.
    """

    reading: CrisisReading = NOTHING
    directive: Directive | None = None
    alerts: tuple[Alert, ...] = ()


def random_id(prefix: str) -> str:
    """Return a new random id."""
    return f'{prefix}_{uuid.uuid4().hex[:10]}'


class CrisisWatch:
    """The state of one robot's crisis watch; pure, with the time as an argument."""

    def __init__(self, policy: CrisisPolicy, new_id: Callable[[str], str] = random_id) -> None:
        """Start without a crisis.

        Args:
            policy: The operator's protocol.
            new_id: Makes ids; tests give a counting one.
        """
        self.policy = policy
        self._new_id = new_id
        self._earlier: deque[tuple[int, str, tuple[Hit, ...]]] = deque(maxlen=MEMORY_TURNS)
        self._case: Case | None = None
        self._alerts: dict[str, Alert] = {}
        self._others_present = False
        self.referrals = 0

    @property
    def active(self) -> bool:
        """Whether a crisis is open, so that the watch answers every turn."""
        return self._case is not None

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """Alerts without an answer."""
        return tuple(a for a in self._alerts.values() if not a.acknowledged)

    def peek(self, utterance: Utterance, now_ns: int) -> CrisisReading:
        """Return the reading of a turn without changing anything."""
        if not self._counts(utterance):
            return CrisisReading()
        return read_text(utterance.text, self._recent(utterance.person_id, now_ns))

    def hear(self, utterance: Utterance, now_ns: int) -> CrisisOutcome:
        """Return what to do about a turn; interim results and the television do nothing."""
        if not self._counts(utterance):
            return CrisisOutcome()
        self._expire(now_ns)
        earlier = self._recent(utterance.person_id, now_ns)
        reading = read_text(utterance.text, earlier)
        self._earlier.append((now_ns, utterance.person_id, read(utterance.text)))
        secret = wants_secrecy(utterance.text)
        if reading.alarm:
            return self._alarm(reading, utterance, secret, now_ns)
        if self._case is not None:
            return self._follow(reading, utterance, secret, now_ns)
        return CrisisOutcome(reading)

    def event(self, event: Event, now_ns: int, person_id: str = '') -> CrisisOutcome:
        """Return what to do about an event; a fall is an emergency."""
        if event in (Event.CARER_ENTERS, Event.SECOND_PERSON):
            self._others_present = True
        elif event in (Event.CARER_LEAVES, Event.SECOND_PERSON_LEAVES):
            self._others_present = False
        elif event is Event.FALL:
            reading = CrisisReading(4, AlertKind.EMERGENCY, 9, ('event_fall',))
            case = self._open(AlertKind.EMERGENCY, person_id, 'fall', now_ns)
            case.asked = True
            alerts = self._raise(case, reading, SEVERITY_NOW, now_ns)
            return CrisisOutcome(reading, self._say(case, 'fall', reading, '', now_ns), alerts)
        return CrisisOutcome()

    def tick(self, now_ns: int) -> CrisisOutcome:
        """Return a word into a long silence during an open crisis, once."""
        self._expire(now_ns)
        case = self._case
        if case is None or case.quiet_said or case.kind is not AlertKind.CRISIS:
            return CrisisOutcome()
        if now_ns - max(case.spoke_ns, case.since_ns) < SILENCE_S * NS_PER_S:
            return CrisisOutcome()
        case.quiet_said = True
        reading = CrisisReading(0, case.kind, 11, ('silence',))
        return CrisisOutcome(reading, self._say(case, 'silent', reading, '', now_ns))

    def acknowledge(self, alert_id: str, who: str, now_ns: int = 0) -> CrisisOutcome:
        """Close an alert because a human answered; the crisis is handed over."""
        alert = self._alerts.pop(alert_id, None)
        if alert is None:
            return CrisisOutcome()
        done = replace(alert, acknowledged=True, acknowledged_by=who)
        case = self._case
        if case is None or case.alert_id != alert_id:
            return CrisisOutcome(alerts=(done,))
        self._case = None
        self._earlier.clear()
        reading = CrisisReading(0, case.kind, 0, ('handed_over',))
        if case.kind is AlertKind.ABUSE:
            return CrisisOutcome(reading, None, (done,))
        return CrisisOutcome(reading, self._say(case, 'handed_over', reading, '', now_ns), (done,))

    def _counts(self, utterance: Utterance) -> bool:
        return utterance.is_final and utterance.source != 'tv' and bool(utterance.text.strip())

    def _recent(self, person_id: str, now_ns: int) -> tuple[Hit, ...]:
        oldest_ns = now_ns - int(MEMORY_S * NS_PER_S)
        return tuple(
            hit
            for stamp_ns, who, hits in self._earlier
            if stamp_ns >= oldest_ns and who == person_id
            for hit in hits
        )

    def _expire(self, now_ns: int) -> None:
        case = self._case
        if case is not None and now_ns - case.since_ns > STAY_S * NS_PER_S:
            self._case = None

    def _open(self, kind: AlertKind, person_id: str, stage: str, now_ns: int) -> Case:
        case = self._case
        if case is None or case.kind is not kind:
            case = Case(kind, person_id, stage, now_ns)
            self._case = case
            self.referrals += 1
        case.since_ns, case.stage, case.quiet_said = now_ns, stage, False
        return case

    def _alarm(
        self, reading: CrisisReading, utterance: Utterance, secret: bool, now_ns: int
    ) -> CrisisOutcome:
        """Answer a sign of danger and alert a human."""
        assert reading.kind is not None
        known = self._case is not None and self._case.kind is reading.kind
        if self._keeps_graver(reading):
            return self._follow(reading, utterance, secret, now_ns)
        stage = self._stage(reading, known, utterance.text)
        case = self._open(reading.kind, utterance.person_id, stage, now_ns)
        grave = reading.level >= 3 and reading.kind is not AlertKind.ABUSE
        severity = SEVERITY_NOW if grave or stage == 'imminent' else SEVERITY_URGENT
        alerts = self._raise(case, reading, severity, now_ns)
        answer = self._with_secrecy(stage, case, secret, reading)
        directive = self._say(case, answer, reading, utterance.turn_id, now_ns)
        return CrisisOutcome(replace(reading, row=row_of(answer)), directive, alerts)

    def _keeps_graver(self, reading: CrisisReading) -> bool:
        """Return whether an open graver case must not give way to a lesser sign."""
        case = self._case
        if case is None or case.kind is reading.kind:
            return False
        grave = case.kind is AlertKind.EMERGENCY or case.stage == 'imminent'
        return grave and reading.level < 3

    def _stage(self, reading: CrisisReading, known: bool, text: str) -> str:
        case = self._case
        if reading.kind is AlertKind.ABUSE:
            return 'abuse_not_alone' if self._others_present else 'abuse'
        if reading.kind is AlertKind.EMERGENCY:
            if any(rule in _FALL_RULES for rule in reading.rules):
                return 'fall'
            return 'medical' if reading.level >= 3 else 'maybe_medical'
        if reading.level >= 4 or (known and case is not None and case.stage == 'imminent'):
            return 'imminent'
        if known and case is not None and case.asked:
            near = case.plan_asked and says_yes(text)
            return 'imminent' if near else 'ideation'
        return 'stated' if reading.level == 3 else 'hint'

    def _with_secrecy(self, stage: str, case: Case, secret: bool, reading: CrisisReading) -> str:
        if not secret or stage in ('imminent', 'fall', 'medical', 'abuse_not_alone'):
            return stage
        if reading.kind is AlertKind.ABUSE:
            return 'secret_abuse'
        if reading.kind is AlertKind.CRISIS:
            return 'secret' if case.asked else 'secret_ask'
        return stage

    def _follow(
        self, reading: CrisisReading, utterance: Utterance, secret: bool, now_ns: int
    ) -> CrisisOutcome:
        """Answer a turn inside an open crisis."""
        case = self._case
        assert case is not None
        case.quiet_said = False
        text = utterance.text
        alerts: tuple[Alert, ...] = ()
        if secret and case.stage not in ('imminent', 'abuse_not_alone'):
            answer = 'secret_abuse' if case.kind is AlertKind.ABUSE else 'secret'
            alerts = self._raise(case, reading, case.severity, now_ns)
        elif case.kind is AlertKind.CRISIS:
            answer = self._follow_crisis(case, text)
            if answer == 'imminent' and case.severity < SEVERITY_NOW:
                alerts = self._raise(case, reading, SEVERITY_NOW, now_ns)
        elif case.kind is AlertKind.ABUSE:
            answer = 'abuse_not_alone' if self._others_present else 'abuse'
        else:
            answer = 'fine' if seems_fine(text) else case.stage
            answer = 'medical' if answer == 'maybe_medical' else answer
        row = row_of(answer)
        reading = replace(reading, kind=case.kind, row=row)
        directive = self._say(case, answer, reading, utterance.turn_id, now_ns)
        return CrisisOutcome(reading, directive, alerts)

    def _follow_crisis(self, case: Case, text: str) -> str:
        """Move on by the answer to what was asked; nothing is asked a second time."""
        if case.stage == 'imminent':
            return 'imminent'
        if says_yes(text):
            # "Yes" to the question about a plan or something near is imminent; to the first, it
            # is not.
            case.stage = 'imminent' if case.plan_asked else 'ideation'
        elif denies(text):
            if case.stage in ('hint', 'stated', 'denied', 'secret_ask'):
                case.stage = 'denied'
            elif case.stage == 'ideation':
                return 'ideation'
        elif case.stage == 'stated':
            case.stage = 'ideation'
        return case.stage

    def _raise(
        self, case: Case, reading: CrisisReading, severity: int, now_ns: int
    ) -> tuple[Alert, ...]:
        """Return a new alert, or the open one of this case when it became graver."""
        known = self._alerts.get(case.alert_id)
        if known is not None and severity <= known.severity:
            return ()
        case.severity = severity
        if known is not None:
            rules = tuple(dict.fromkeys(known.evidence + reading.rules))
            graver = replace(known, severity=severity, evidence=rules, stamp_ns=now_ns)
            self._alerts[graver.id] = graver
            return (graver,)
        abuse = case.kind is AlertKind.ABUSE
        contact = self.policy.outside_contact if abuse else self.policy.contacts[0]
        alert = Alert(
            now_ns,
            self._new_id('alert'),
            case.kind,
            severity,
            SUMMARIES[case.kind],
            case.person_id,
            reading.rules,
            contact.role,
        )
        self._alerts[alert.id] = alert
        case.alert_id = alert.id
        return (alert,)

    def _say(
        self, case: Case, situation: str, reading: CrisisReading, turn_id: str, now_ns: int
    ) -> Directive:
        new_id = self._new_id('directive')
        return directive_of(case, situation, reading, self.policy, new_id, turn_id, now_ns)


_FALL_RULES = frozenset(
    {
        'fall_now', 'floor', 'fall_signs', 'on_floor+symptom_injury', 'fall_more', 'fall_any',
        'on_floor_any', 'lying_place', 'not_reach', 'land_badly', 'low_stuck', 'slip_low',
        'slip_hurt',
    }
)  # fmt: skip
