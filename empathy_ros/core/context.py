# SPDX-License-Identifier: Apache-2.0
"""What was said lately: the last turns in memory, bounded and expiring, and how the talk is going.

Words are kept only under the `memory` scope; without it only counts and valence are kept. Nothing
here reaches a disk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
import itertools
import math

from empathy_ros.core.params import param
from empathy_ros.core.types import Act, Directive, NAN, PersonAffect, Utterance

NS_PER_S = 1_000_000_000
DAY_S = 86_400


@dataclass(frozen=True)
class ContextConfig:
    """Bounds of the memory of a conversation."""

    max_turns: int = param(20, 'Turns kept in memory.', lo=2, hi=100)
    max_age_s: float = param(1800.0, 'Turns older than this are dropped [s].', lo=10.0, hi=7200.0)
    pause_s: float = param(
        300.0, 'Silence after which a new conversation begins [s].', lo=30.0, hi=3600.0
    )
    trend_turns: int = param(
        3, 'Turns over which valence must fall to be called worsening.', lo=2, hi=10
    )


@dataclass(frozen=True)
class Turn:
    """One stretch of talk.

    Attributes:
        at_ns: When it ended.
        robot: True when the robot spoke.
        words: Number of words.
        text: The words; '' without memory consent.
        valence: Fused valence then, NaN = unknown.
    """

    at_ns: int
    robot: bool
    words: int
    text: str
    valence: float = NAN


@dataclass(frozen=True)
class ConversationState:
    """How the talk with one person is going; field meanings as in ConversationState.msg."""

    person_id: str
    conversation_id: str = ''
    stage: str = 'idle'
    trajectory: str = 'unknown'
    rupture_risk: float = NAN
    turn_balance: float = NAN
    turns_today: int = 0
    situation: str = ''
    need: str = ''
    reasons: tuple[str, ...] = ()


# Stages of a supporting talk after Liu et al., Towards Emotional Support Dialog Systems, ACL 2021
# (exploration, comforting, action), with crisis before all and closing at the end. The first row
# with an act of the directive decides.
STAGES: tuple[tuple[str, frozenset[Act]], ...] = (
    (
        'crisis',
        frozenset({Act.ASK_DIRECT_SAFETY, Act.CALL_HUMAN, Act.GIVE_RESOURCE, Act.SAFETY_STEP}),
    ),
    ('closing', frozenset({Act.END_WARMLY})),
    ('action', frozenset({Act.SUGGEST_ONE, Act.OFFER_CHOICE, Act.OFFER_HUMAN})),
    ('comforting', frozenset({Act.REFLECT, Act.AFFIRM, Act.REMINISCE, Act.LOWER_AROUSAL})),
    ('exploration', frozenset({Act.ASK_OPEN, Act.RESTATE})),
)


def stage_of(acts: Iterable[Act], before: str) -> str:
    """Return the stage that these acts belong to; acts of no stage leave the one before."""
    done = set(acts)
    return next((stage for stage, members in STAGES if members & done), before)


class ContextMemory:
    """Memory of the talk with one person."""

    def __init__(self, person_id: str, config: ContextConfig) -> None:
        """Start without memory of `person_id`."""
        self.person_id = person_id
        self._config = config
        self._turns: deque[Turn] = deque(maxlen=config.max_turns)
        self._valence = NAN
        self._count = 0
        self._day = -1
        self._conversation = 0
        self._stage = 'exploration'

    def hear(self, utterance: Utterance, remember: bool, now_ns: int) -> None:
        """Add what the person said; the words themselves only when `remember`."""
        text = utterance.text if remember else ''
        self._add(Turn(now_ns, False, len(utterance.text.split()), text, self._valence))
        day = now_ns // NS_PER_S // DAY_S
        self._count = self._count + 1 if day == self._day else 1
        self._day = day

    def answer(self, directive: Directive, remember: bool, now_ns: int) -> None:
        """Add what the robot said and take the stage from its acts; silence is no turn."""
        self._stage = stage_of(directive.acts, self._stage)
        if directive.text:
            text = directive.text if remember else ''
            self._add(Turn(now_ns, True, len(directive.text.split()), text, self._valence))

    def sense(self, affect: PersonAffect) -> None:
        """Take the latest fused valence; unknown stays unknown."""
        self._valence = NAN if affect.abstained else affect.valence

    def forget(self) -> None:
        """Drop all words and turns at once."""
        self._turns.clear()

    def turns(self, now_ns: int) -> tuple[Turn, ...]:
        """Return the turns that have not expired, oldest first."""
        oldest_ns = now_ns - int(self._config.max_age_s * NS_PER_S)
        while self._turns and self._turns[0].at_ns < oldest_ns:
            self._turns.popleft()
        return tuple(self._turns)

    def state(self, now_ns: int) -> ConversationState:
        """Return how the talk is going."""
        turns = self.turns(now_ns)
        pause_ns = int(self._config.pause_s * NS_PER_S)
        if not turns or now_ns - turns[-1].at_ns > pause_ns:
            return ConversationState(self.person_id, turns_today=self._count)
        trajectory, reasons = self._trend([t.valence for t in turns if not t.robot])
        theirs = sum(t.words for t in turns if not t.robot)
        total = sum(t.words for t in turns)
        return ConversationState(
            self.person_id,
            conversation_id=f'c{self._conversation}',
            stage=self._stage,
            trajectory=trajectory,
            turn_balance=theirs / total if total else NAN,
            turns_today=self._count,
            reasons=reasons,
        )

    def _add(self, turn: Turn) -> None:
        pause_ns = int(self._config.pause_s * NS_PER_S)
        if not self._turns or turn.at_ns - self._turns[-1].at_ns > pause_ns:
            self._conversation += 1
            self._stage = 'exploration'
        self._turns.append(turn)

    def _trend(self, valences: list[float]) -> tuple[str, tuple[str, ...]]:
        """Return the trajectory by monotone change over the last turns, and why."""
        known = [v for v in valences if not math.isnan(v)][-self._config.trend_turns :]
        if len(known) < self._config.trend_turns:
            return 'unknown', ('too few turns with an estimate',)
        steps = [b - a for a, b in itertools.pairwise(known)]
        if all(step < -0.05 for step in steps):
            return 'worsening', (f'valence fell over {len(known)} turns',)
        if all(step > 0.05 for step in steps):
            return 'improving', (f'valence rose over {len(known)} turns',)
        return 'steady', ()
