# SPDX-License-Identifier: Apache-2.0
"""One open crisis: what was asked and said already, and the next thing to say."""

from __future__ import annotations

from dataclasses import dataclass, field

from empathy_ros.core.alerts import SEVERITY_URGENT
from empathy_ros.core.crisis_answers import Answer, ANSWERS
from empathy_ros.core.crisis_policy import CrisisPolicy
from empathy_ros.core.crisis_reading import CrisisReading
from empathy_ros.core.types import Act, AlertKind, Directive, Expression, PRIORITY_CRISIS

EXPIRES_NS = 10_000_000_000


@dataclass
class Case:
    """An open crisis.

    Attributes:
        kind: Kind of danger.
        person_id: Who said it, '' = unknown.
        stage: Key of ANSWERS.
        asked: The direct question was asked.
        plan_asked: The question about a plan was asked.
        said: How often each situation was answered.
        since_ns: Last sign.
        spoke_ns: Last answer.
        alert_id: Its alert.
        quiet_said: The word into silence was said.
    """

    kind: AlertKind
    person_id: str
    stage: str
    since_ns: int
    asked: bool = False
    plan_asked: bool = False
    said: dict[str, int] = field(default_factory=dict)
    spoke_ns: int = 0
    alert_id: str = ''
    severity: int = SEVERITY_URGENT
    quiet_said: bool = False

    def next_answer(self, situation: str, now_ns: int) -> Answer:
        """Return the next wording of a situation and remember that it was said."""
        count = self.said.get(situation, 0)
        self.said[situation] = count + 1
        wordings = ANSWERS[situation]
        chosen = wordings[count] if count < len(wordings) else _later(wordings, count)
        self.spoke_ns = now_ns
        if Act.ASK_DIRECT_SAFETY in chosen.acts:
            self.asked = True
        if situation == 'ideation' and count == 0:
            self.plan_asked = True
        return chosen


def row_of(situation: str) -> int:
    """Return the row of the policy that a situation belongs to."""
    return ANSWERS[situation][0].row


def directive_of(
    case: Case,
    situation: str,
    reading: CrisisReading,
    policy: CrisisPolicy,
    directive_id: str,
    turn_id: str,
    now_ns: int,
) -> Directive:
    """Return the next wording of a situation as a calm directive of the highest priority."""
    chosen = case.next_answer(situation, now_ns)
    abuse = case.kind is AlertKind.ABUSE
    return Directive(
        stamp_ns=now_ns,
        id=directive_id,
        acts=chosen.acts,
        text=_capitals(chosen.fill(policy)),
        person_id=case.person_id,
        turn_id=turn_id,
        source='crisis_watch',
        locale=policy.locale,
        speech_rate=0.9,
        show_on_screen=True,
        expression=Expression('neutral', 0.0, -0.3, 0.6),
        gaze='person',
        gesture='still',
        led='attention',
        motion_limits=('slow',),
        priority=PRIORITY_CRISIS,
        rationale=f'policy row {chosen.row}: {situation}; rules {", ".join(reading.rules) or 0}',
        rules=('elder_abuse',) if abuse else (f'row_{chosen.row}',),
        expires_ns=now_ns + EXPIRES_NS,
    )


def _later(wordings: tuple[Answer, ...], count: int) -> Answer:
    """Return a later wording for a turn beyond the list, never the first again."""
    rest = wordings[1:] or wordings
    return rest[count % len(rest)]


def _capitals(text: str) -> str:
    """Return a text whose sentences start with a capital (roles are written small)."""
    parts = text.split('. ')
    return '. '.join(part[:1].upper() + part[1:] for part in parts)
