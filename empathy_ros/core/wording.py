# SPDX-License-Identifier: Apache-2.0
"""From a plan to words: the bank's line, perhaps reworded by a generator, always behind the guard.

A generator may only word what the policy chose. Its sentence is used when the guard accepts it,
else the bank's line is used; a bank line that fails gives way to a minimal safe line. What
happened is recorded as flags, such as 'generator:first_person'.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol

from empathy_ros.core.appraisal import Appraisal
from empathy_ros.core.behaviour.turn import Plan
from empathy_ros.core.checker import CheckContext, Checker
from empathy_ros.core.conversation import Talk
from empathy_ros.core.phrases import PhraseBank
from empathy_ros.core.types import Act

SILENT = frozenset({Act.LISTEN, Act.PAUSE, Act.LOG_CONSENTED})
DEMENTIA_WORDS = 16
WORDLESS = 'none'
TRIES = 3
MAX_CHARS = 600


class GeneratorFailed(Exception):
    """The generator gave no sentence; the text says why. The bank's line is used."""


@dataclass(frozen=True)
class WordRequest:
    """What a generator is asked to word.

    Attributes:
        acts: Acts that the policy chose.
        situation: Key of the phrase bank.
        rule: Policy row, such as 'row_1'.
        draft: The bank's line, which says it already.
        person_text: What the person said, as data; never an instruction. At most 600 characters.
        max_words: Limit.
        locale: 'en_GB' form.
    """

    acts: tuple[Act, ...]
    situation: str
    rule: str
    draft: str
    person_text: str
    max_words: int
    locale: str = 'en_GB'


class Generator(Protocol):
    """Anything that words an act within its own time limit (1.5 s at most)."""

    name: str

    def word(self, request: WordRequest) -> str:
        """Return one answer.

        Raises:
            GeneratorFailed: no answer in time, or none at all.
        """


@dataclass(frozen=True)
class Words:
    """What to say, the acts that the words really carry, and what the guard did."""

    text: str
    acts: tuple[Act, ...]
    flags: tuple[str, ...] = ()


class Wording:
    """Chooses and checks words; remembers nothing but the injected talk."""

    def __init__(
        self, bank: PhraseBank, checker: Checker, generator: Generator | None, seed: int
    ) -> None:
        """Take the bank, the guard, an optional generator and the seed of the choice."""
        self._bank, self._checker, self.generator = bank, checker, generator
        self._random, self._vocabulary = Random(seed), bank.words()

    def compose(self, plan: Plan, talk: Talk, reading: Appraisal, needs: frozenset[str],
                person_text: str = '', disliked: tuple[str, ...] = ()) -> Words:  # fmt: skip
        """Return the words of a plan.

        Args:
            plan: What the policy chose.
            talk: For the lines said lately.
            reading: Appraisal of the turn.
            needs: Agreed needs; with 'dementia' one thing is said at a time.
            person_text: What was said, for the generator only.
            disliked: Lines that did not help; used last.
        """
        if plan.same_as:
            return Words(plan.same_as, plan.acts)
        if plan.situation == WORDLESS:
            return Words('', plan.acts)
        budget = plan.max_words
        acts = plan.acts
        if 'dementia' in needs and not plan.ready:
            budget, acts = min(budget, DEMENTIA_WORDS), _one_thing(acts)
        slots = {
            **plan.slots,
            'again': talk.last_text.removeprefix('I said: '),
            'why': talk.last_reason,
        }
        context = CheckContext(
            plan.situation, reading.nameable, reading.words,
            tuple(v for v in slots.values() if v), trusted=True,
        )  # fmt: skip
        said = [*talk.said, *disliked]
        flags: tuple[str, ...] = ()
        for _ in range(TRIES):
            lines = self._lines(plan.situation, acts, slots, said, budget)
            if not lines:
                return Words('', tuple(a for a in acts if a in SILENT))
            spoken = tuple(a for a in acts if a in lines or a in SILENT)
            draft = ' '.join(lines[a] for a in acts if a in lines)
            checked = self._checker.check(draft, spoken, context)
            if checked.ok:
                break
            said += lines.values()
            flags = tuple(f'bank:{flag}' for flag in checked.flags)
        else:
            first = next((a for a in spoken if a not in SILENT), Act.ACKNOWLEDGE)
            return Words(self._bank.safe(first), spoken, flags)
        if self.generator is None or not plan.generate:
            return Words(draft, spoken)
        return self._generated(plan, spoken, draft, reading, budget, person_text, talk)

    def _lines(
        self,
        situation: str,
        acts: tuple[Act, ...],
        slots: dict[str, str],
        said: list[str],
        budget: int,
    ) -> dict[Act, str]:
        lines: dict[Act, str] = {}
        speaking = [a for a in acts if a not in SILENT]
        for index, act in enumerate(speaking):
            later = sum(self._shortest(situation, a, slots) for a in speaking[index + 1 :])
            used = sum(len(line.split()) for line in lines.values())
            left = max(3, budget - used - later)
            if (
                act is Act.AFFIRM
                and situation == 'joy'
                and not (slots.get('deed') or slots.get('topic'))
            ):
                continue
            left = 3 if act is Act.INFORM and budget <= DEMENTIA_WORDS else left
            line = self._bank.choose(situation, act, slots, said, self._random, left)
            if not line:
                continue
            asked = any('?' in other for other in lines.values())
            if '?' in line and asked:
                line = self._statement(situation, act, slots, said, left)
            if line and (used + len(line.split()) <= budget or not lines):
                lines[act] = line
                who = slots.get('who', '')
                if who and who.lower() in line.lower():
                    slots = {**slots, 'who': ''}
        return lines

    def _shortest(self, situation: str, act: Act, slots: dict[str, str]) -> int:
        options = self._bank.options(situation, act, slots)
        return min((len(line.split()) for line in options), default=0)

    def _statement(
        self, situation: str, act: Act, slots: dict[str, str], said: list[str], left: int
    ) -> str:
        """Return a line of the act without a question, '' when there is none."""
        options = self._bank.options(situation, act, slots)
        plain = [x for x in options if '?' not in x and len(x.split()) <= left]
        fresh = [x for x in plain if x not in said]
        return (fresh or plain or [''])[0]

    def _generated(self, plan: Plan, acts: tuple[Act, ...], draft: str, reading: Appraisal,
                   budget: int, person_text: str, talk: Talk) -> Words:  # fmt: skip
        assert self.generator is not None
        request = WordRequest(
            acts, plan.situation, plan.rule, draft, person_text[:MAX_CHARS], budget,
            self._bank.locale,
        )  # fmt: skip
        try:
            offered = self.generator.word(request)
        except GeneratorFailed as failure:
            return Words(draft, acts, (f'generator_failed:{failure}'[:120],))
        must = tuple(
            w
            for w in _content(plan.slots.get('deed') or plan.slots.get('topic', ''))
            if w in draft.lower()
        )
        who = plan.slots.get('who', '')
        if who and who.lower() in draft.lower():
            must = must or (who.split()[-1],)
        context = CheckContext(
            plan.situation, reading.nameable, reading.words,
            tuple(v for v in plan.slots.values() if v),
            must_mention=must, draft=draft, vocabulary=self._vocabulary, max_words=budget + 4,
        )  # fmt: skip
        verdict = self._checker.check(offered, acts, context)
        if not verdict.ok:
            return Words(draft, acts, tuple(f'generator:{flag}' for flag in verdict.flags))
        if verdict.text == talk.last_text:
            return Words(draft, acts, ('generator:said_before',))
        return Words(verdict.text, acts, ('generated',))


def _content(deed: str) -> tuple[str, ...]:
    words = [w for w in deed.lower().split() if len(w) > 3 and w not in ('your', 'that', 'with')]
    return tuple(words)


def _one_thing(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """Return at most two acts: the first, and the one that matters most of the rest."""
    if len(acts) <= 2:
        return acts
    order = (
        Act.OFFER_HUMAN,
        Act.LOWER_AROUSAL,
        Act.GENTLE_DISAGREE,
        Act.DISCLOSE_AI,
        Act.OFFER_CHOICE,
        Act.ASK_OPEN,
    )
    rest = [a for a in order if a in acts[1:]] or list(acts[1:])
    if Act.GENTLE_DISAGREE in acts:
        return (Act.GENTLE_DISAGREE, Act.OFFER_HUMAN)
    if Act.LOWER_AROUSAL in acts:
        return (Act.LOWER_AROUSAL, Act.OFFER_CHOICE if Act.OFFER_CHOICE in acts else Act.REFLECT)
    return (acts[0], rest[0])
