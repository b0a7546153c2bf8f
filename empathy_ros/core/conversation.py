# SPDX-License-Identifier: Apache-2.0
"""What the planner keeps about the talk: turns, situation, what was said, quiet times, trajectory.

All of it lives in memory, is bounded, and holds no sentence of the person: only names of
situations and the robot's own lines. Times are steady or ROS nanoseconds as handed in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
import itertools
from typing import Any

from empathy_ros.core.types import Event

NS_PER_S = 1_000_000_000
SURVIVES = (
    'person_id', 'closed', 'closed_ns', 'crisis_until_ns', 'bridged_day', 'disclosed_ns',
    'turns_today', 'low_mood_days', 'low_days_asked', 'vulnerability',
)  # fmt: skip
"""What a restart may not lose: times and quiet states, no words."""
RECENT_LINES = 48
_EMPTY = frozenset(
    ['is', 's', 'the', 'a', 'please', '?', '.', ',', 'and', 'tell', 'me', 'so', 'it']
)
FOLLOW_UP_S = 240.0
"""How long a following unclear turn still belongs to a sticky situation [s]."""


@dataclass
class Talk:
    """Mutable state of the talk with one person.

    Attributes:
        situation: Situation of the last turn.
        depth: How many turns in a row it has lasted, 0 before the first.
        last_turn_ns: Time of the last turn of the person.
        closed: True after a goodbye until the person calls.
        closed_ns: When it was closed.
        pending: What a "yes" now leads to: 'grief_shared', 'ask_human' or ''.
        crisis_until_ns: The talk counts as a crisis until then.
        others: Other people in the room.
        television: The television is on.
        bridged_day: Day number on which a human bridge was offered for loneliness.
        disclosed_ns: When the robot last said what it is, 0 = not yet.
        turns: Turns of the person since start.
        turns_today: Turns today, with those that the log knows.
        vulnerability: Level 0..5.
        last_text: What the robot said last.
        said: Lines said lately, oldest first.
        answers: Plain question -> answer given, so that a repeated question gets the same one.
        valences: Valence of the last turns, NaN left out.
        dead: Names of the dead that the person spoke of, plain form.
    """

    person_id: str = ''
    situation: str = ''
    need: str = ''
    depth: int = 0
    last_turn_ns: int = 0
    closed: bool = False
    closed_ns: int = 0
    pending: str = ''
    crisis_until_ns: int = 0
    others: set[str] = field(default_factory=set)
    television: bool = False
    bridged_day: int = -1
    disclosed_ns: int = 0
    turns: int = 0
    turns_today: int = 0
    low_mood_days: int = 0
    low_days_asked: bool = False
    vulnerability: int = 0
    anger_turns: int = 0
    distress_turns: int = 0
    last_text: str = ''
    pried_ns: int = -(10**18)
    last_reason: str = ''
    who: str = ''
    said: deque[str] = field(default_factory=lambda: deque(maxlen=RECENT_LINES))
    answers: dict[str, str] = field(default_factory=dict)
    valences: deque[float] = field(default_factory=lambda: deque(maxlen=6))
    dead: set[str] = field(default_factory=set)
    situations_seen: dict[str, int] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Note who is here and whether the television is on."""
        if event in (Event.CARER_ENTERS, Event.SECOND_PERSON):
            self.others.add(event.value)
        elif event is Event.CARER_LEAVES:
            self.others.discard(Event.CARER_ENTERS.value)
        elif event is Event.SECOND_PERSON_LEAVES:
            self.others.discard(Event.SECOND_PERSON.value)
        elif event in (Event.TV_ON, Event.TV_OFF):
            self.television = event is Event.TV_ON

    def stored(self) -> dict[str, Any]:
        """Return what survives a restart."""
        return {name: getattr(self, name) for name in SURVIVES}

    def restore(self, stored: dict[str, Any]) -> None:
        """Take what `stored` gave.

        Raises:
            ValueError: an entry is unknown.
        """
        for name, value in stored.items():
            if name not in SURVIVES:
                raise ValueError(f'planner: unknown entry {name!r} in the stored state')
            setattr(self, name, value)

    def enter(self, situation: str, need: str, now_ns: int) -> int:
        """Note that this turn is about `situation`; return how many turns before it were."""
        fresh = now_ns - self.last_turn_ns > FOLLOW_UP_S * NS_PER_S
        same = situation == self.situation and not fresh
        self.depth = self.depth + 1 if same else self.situations_seen.get(situation, 0) + 1
        if fresh and not same:
            self.depth = 1
        self.situations_seen[situation] = self.depth
        if fresh:
            self.situations_seen = {situation: self.depth}
        self.situation, self.need, self.last_turn_ns = situation, need, now_ns
        return self.depth - 1

    def aside(self, situation: str, now_ns: int) -> int:
        """Note a turn that does not end the matter before; return how many like it there were."""
        if not self.recent(now_ns):
            return self.enter(situation, '', now_ns)
        count = self.situations_seen.get(situation, 0)
        self.situations_seen[situation] = count + 1
        self.last_turn_ns = now_ns
        return count

    def recent(self, now_ns: int) -> str:
        """Return the last situation while a following turn may still belong to it, else ''."""
        if not self.situation or now_ns - self.last_turn_ns > FOLLOW_UP_S * NS_PER_S:
            return ''
        return self.situation

    def falling(self) -> bool:
        """Say whether the valence fell over the last three turns by more than 0.4 in all."""
        last = list(self.valences)[-4:]
        if len(last) < 4:
            return False
        drops = [a - b for a, b in itertools.pairwise(last)]
        return all(drop > 0.02 for drop in drops) and sum(drops) > 0.4

    def in_crisis(self, now_ns: int) -> bool:
        """Say whether a crisis answer was given lately and no human has taken over."""
        return now_ns < self.crisis_until_ns

    def answer_to(self, words: str) -> str:
        """Return the answer given to the same question before, '' when it is new."""
        tokens = set(words.split()) - _EMPTY
        for asked, answer in self.answers.items():
            known = set(asked.split()) - _EMPTY
            if tokens and len(tokens & known) >= 0.75 * len(tokens | known):
                return answer
        return ''

    def note_answer(self, words: str, answer: str) -> None:
        """Remember the answer to a question; the oldest of 20 goes."""
        self.answers[words] = answer
        while len(self.answers) > 20:
            self.answers.pop(next(iter(self.answers)))
