# SPDX-License-Identifier: Apache-2.0
"""One turn as the tree sees it, and the plan that a leaf leaves in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from empathy_ros.core.appraisal import Appraisal
from empathy_ros.core.consent import OptOut
from empathy_ros.core.conversation import Talk
from empathy_ros.core.types import Act, Directive, Event, Utterance


@dataclass(frozen=True)
class Body:
    """How the body goes with an answer; ranges as in EmpathicDirective.msg."""

    speech_rate: float = 0.95
    speech_volume: float = 1.0
    speech_pitch: float = 1.0
    gaze: str = 'person'
    gesture: str = 'nod'
    led: str = 'listening'
    distance: str = 'keep'
    motion_limits: tuple[str, ...] = ()
    expression: str = 'neutral'


@dataclass(frozen=True)
class Plan:
    """What to do in this turn.

    Attributes:
        rule: Name of the policy row, such as 'row_1'; '' = ordinary talk.
        situation: Key of the phrase bank.
        acts: Acts in order of speaking.
        reason: Why, in plain words.
        body: Body style.
        slots: Fragments for the lines.
        ready: Directive of the guardian's own rules, used instead of a new one.
        same_as: Words to say again unchanged (a repeated question).
        priority: Of the directive.
        generate: A language model may word it.
        max_words: Budget of the whole answer.
        closes: The talk is over after this.
    """

    rule: str
    situation: str
    acts: tuple[Act, ...]
    reason: str
    body: Body = Body()
    slots: dict[str, str] = field(default_factory=dict)
    ready: Directive | None = None
    same_as: str = ''
    priority: int = 128
    generate: bool = True
    max_words: int = 20
    closes: bool = False


@dataclass
class Turn:
    """Everything a leaf may look at; `plan` is what the tree decides.

    Attributes:
        now_ns: Time of the turn.
        talk: State of the talk.
        utterance: Words, or None.
        speaker: 'person', 'other' or 'tv'.
        appraisal: Reading of words and affect.
        event: Event, or None.
        safety: Directive of the crisis rules for this turn, or None.
        safety_row: Row 9 to 14 that the crisis rules found, 0 = none.
        opt_out: Permissions that the words withdraw, or None.
        may_talk: The person agreed that words are used for conversation.
        wellbeing: The person agreed to the log of well-being.
        needs: 'hearing_loss', 'dementia', 'slow_speech'.
        day: Day number, local.
        facts: Slots that are always known: day, clock, place, part.
        plan: Result; None = say and do nothing.
    """

    now_ns: int
    talk: Talk
    appraisal: Appraisal
    utterance: Utterance | None = None
    speaker: str = 'person'
    event: Event | None = None
    safety: Directive | None = None
    safety_row: int = 0
    opt_out: OptOut | None = None
    may_talk: bool = True
    wellbeing: bool = False
    needs: frozenset[str] = frozenset()
    day: int = 0
    turn_limit: int = 60
    disclose_every_ns: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    plan: Plan | None = None
