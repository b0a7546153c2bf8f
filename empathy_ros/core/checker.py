# SPDX-License-Identifier: Apache-2.0
"""The deterministic guard behind every sentence, whoever wrote it.

A sentence from a language model, the phrase bank or another program is spoken only when it fits
the acts that the policy chose and breaks no rule of `core.guard_rules`. The guard knows nothing
of models: it reads the plain form of the words, so that look-alike letters, invisible characters
and spelled-out words do not help. It never repairs a sentence; a failing one is replaced by the
caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
import re

from empathy_ros.core import guard_rules as rules
from empathy_ros.core import guard_shapes as shapes
from empathy_ros.core.params import param
from empathy_ros.core.plain_text import plain, sentences, straighten
from empathy_ros.core.situations import KIN
from empathy_ros.core.types import Act


@dataclass(frozen=True)
class CheckerConfig:
    """Limits of `Checker`."""

    max_words: int = param(25, 'Longest answer [words].', lo=5, hi=40)
    max_goodbye_words: int = param(12, 'Longest goodbye [words].', lo=3, hi=12)
    max_questions: int = param(1, 'Questions in one answer.', lo=0, hi=2)


@dataclass(frozen=True)
class CheckContext:
    """What the guard must know about the turn.

    Attributes:
        situation: Key of the phrase bank, '' = unknown.
        may_name: Emotion families that were estimated surely enough to be named as "seems".
        person_words: Plain form of what the person said; their own nouns may be repeated.
        slots: Fragments that were filled in; they are not judged as claims of the robot.
        must_mention: At least one of these words has to appear; empty = none needed.
        draft: Line of the phrase bank that was to be worded; its own sentences count as read.
        vocabulary: Words of the phrase bank; when given, a generated sentence may use only them,
            common words and what the person said.
        trusted: True for lines of the phrase bank, which people have read; shapes are free.
        max_words: Tighter limit of this turn, 0 = only the general one.
    """

    situation: str = ''
    may_name: frozenset[str] = frozenset()
    person_words: str = ''
    slots: tuple[str, ...] = ()
    must_mention: tuple[str, ...] = ()
    draft: str = ''
    trusted: bool = False
    vocabulary: frozenset[str] = frozenset()
    max_words: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the guard found.

    Attributes:
        text: The checked words, NFKC with straight quotes.
        ok: True = may be spoken.
        flags: Names of broken rules.
    """

    text: str
    ok: bool
    flags: tuple[str, ...] = ()


_ODD = re.compile(r"[^A-Za-zÀ-ÖØ-öø-ÿŒœ0-9 .,?!'\-:;]")
_SAID_LIMIT = 2000
_SEEMS = r'(?:seems?|sounds?|looks?)'


class Checker:
    """Judges sentences; holds no state."""

    def __init__(self, config: CheckerConfig) -> None:
        """Take the limits."""
        self._config = config

    def reconfigure(self, config: CheckerConfig) -> None:
        """Take new limits."""
        self._config = config

    def check(
        self, text: str, acts: Iterable[Act] = (), context: CheckContext | None = None
    ) -> Verdict:
        """Return whether `text` may be spoken as these acts.

        Args:
            text: Words to speak; any string.
            acts: What the policy chose; empty = only the general rules are checked.
            context: The turn; the default knows nothing and trusts nothing.
        """
        where = context or CheckContext()
        names = frozenset(act.value for act in acts)
        if len(text) > _SAID_LIMIT:
            return Verdict('', False, ('too_long',))
        shown = straighten(text)
        flags = list(self._form(text, shown, names, where))
        bare = plain(_without(shown, where.slots))
        if not bare and not where.slots:
            flags.append('empty')
        flags += _families(bare, where)
        flags += _subjects(bare, where)
        flags += _emotions(bare, where)
        flags += _acts(plain(shown), bare, names, where)
        if not where.trusted:
            flags += _generated(bare, names, where)
        unique = tuple(dict.fromkeys(flags))
        return Verdict(shown, not unique, unique)

    def _form(
        self, text: str, shown: str, names: frozenset[str], where: CheckContext
    ) -> Iterable[str]:
        limit = self._config.max_words
        if 'END_WARMLY' in names:
            limit = min(limit, self._config.max_goodbye_words)
        if where.max_words:
            limit = min(limit, where.max_words)
        if len(shown.split()) > limit:
            yield 'too_long'
        if not where.trusted and (_ODD.search(shown) or len(shown) < len(text.strip()) - 4):
            yield 'odd_characters'
        if any(len(word) > 24 for word in shown.split()):
            yield 'odd_characters'
        questions = shown.count('?')
        if questions > self._config.max_questions:
            yield 'questions'
        if questions and names and not names & shapes.QUESTION_ACTS:
            yield 'question_not_allowed'
        if questions and 'END_WARMLY' in names:
            yield 'question_not_allowed'
        if shown.count('!') > (0 if {'LOWER_AROUSAL', 'END_WARMLY'} & names else 1):
            yield 'loud'


def _without(text: str, slots: tuple[str, ...]) -> str:
    """Return the words with filled-in fragments taken out."""
    for slot in sorted(slots, key=len, reverse=True):
        if slot:
            text = re.sub(re.escape(slot), 'X', text, flags=re.IGNORECASE)
    return text


def _families(bare: str, where: CheckContext) -> Iterable[str]:
    cleared = rules.KINDLY_NOT.sub('_', bare)
    for name, pattern in rules.FAMILIES.items():
        if where.situation in rules.UNLESS.get(name, frozenset()):
            continue
        if pattern.search(cleared) and not _fine(name, cleared, where):
            yield name


def _fine(name: str, cleared: str, where: CheckContext) -> bool:
    """Say whether the only hit of a family is a harmless phrase in its situation."""
    if name not in rules.FINE:
        return False
    situations, phrase = rules.FINE[name]
    if situations and where.situation not in situations:
        return False
    return not rules.FAMILIES[name].search(phrase.sub('_', cleared))


def _subjects(bare: str, where: CheckContext) -> Iterable[str]:
    """First person is a closed world; others are not spoken about as if they were known."""
    rest = rules.FIRST_PERSON.sub(' _ ', bare)
    rest = rules.SHALL_I.sub(' _ ', rest)
    if re.search(r'\bi\b|\bmyself\b|\bmine\b', rest):
        yield 'first_person'
    if re.search(r'\bme\b', rules.ME.sub(' _ ', bare)) or re.search(
        r'\bmy\b', rules.MY.sub(' _ ', bare)
    ):
        yield 'first_person'
    if re.search(r'\b(?:we|us|our|ours)\b', rules.WE.sub(' _ ', bare)):
        yield 'first_person'
    if where.trusted:
        return
    for sentence in sentences(bare):
        hit = shapes.THIRD_PARTY.search(sentence)
        if hit and not sentence.endswith('?') and not _said(hit.group(), where.person_words):
            yield 'third_party_claim'


def _speaks_of_others(person_words: str) -> bool:
    return bool(re.search(rf'{shapes.THIRD_PERSON.pattern}|\b{KIN}\b', person_words))


def _said(fragment: str, person_words: str) -> bool:
    """Say whether the person used all the words of a fragment, with pronouns turned round."""
    said = set(person_words.split()) | {'your', 'you', 'the', 'is', 'was'}
    return all(word in said for word in fragment.split())


def _emotions(bare: str, where: CheckContext) -> Iterable[str]:
    cleared = rules.KINDLY_NOT.sub('_', bare)
    cleared = rules.NO_EMOTION.sub('_', cleared)
    for word in re.findall(r'[a-z]+', cleared):
        family = rules.EMOTIONS.get(word)
        if family is None:
            continue
        hedged = re.search(rf'\b{_SEEMS} (?:\w+ ){{0,3}}?{word}\b', cleared)
        if family not in where.may_name or not hedged:
            yield 'emotion_named'


def _acts(shown: str, bare: str, names: frozenset[str], where: CheckContext) -> Iterable[str]:
    for name in names & shapes.NEEDS.keys():
        if not shapes.NEEDS[name].search(shown):
            yield f'act_missing_{name.lower()}'
    if where.must_mention and not any(
        re.search(rf'\b{re.escape(word.lower())}', shown) for word in where.must_mention
    ):
        yield 'matter_not_named'
    if not names:
        return
    if shapes.SUGGESTION.search(bare) and not names & shapes.SUGGESTING:
        yield 'suggestion'
    if shapes.REDIRECTION.search(bare) and 'REDIRECT' not in names:
        yield 'redirection'


def _generated(bare: str, names: frozenset[str], where: CheckContext) -> Iterable[str]:
    """Rules for sentences that nobody has read before."""
    read = sentences(plain(_without(straighten(where.draft), where.slots)))
    new = [sentence for sentence in sentences(bare) if sentence not in read]
    words = {word for sentence in new for word in re.findall(r'[a-z]+', sentence)}
    if 'END_WARMLY' in names and words - rules.CLOSED_WORDS['END_WARMLY']:
        yield 'goodbye_words'
    strict = 'CONFIRM' in names and where.situation in ('opt_out', 'stop')
    if strict and words - rules.CLOSED_WORDS['CONFIRM']:
        yield 'confirm_words'
    said = set(where.person_words.split())
    if where.vocabulary and any(
        len(word) > 3 and word not in where.vocabulary | shapes.COMMON_WORDS | said
        for word in words
    ):
        yield 'unfamiliar_word'
    others = shapes.THIRD_PERSON.search(' '.join(new))
    if others and not _speaks_of_others(where.person_words):
        yield 'third_party_claim'
    for sentence in new:
        if shapes.IMPERATIVE.search(sentence):
            yield 'instruction'
        if sentence.endswith('?'):
            if not shapes.QUESTION.search(sentence) or shapes.LEADING.search(sentence):
                yield 'odd_question'
        elif not any(shape.search(sentence) for shape in shapes.SHAPES):
            yield 'odd_statement'
        if re.search(r'\b[a-z](?: [a-z]){3,}\b', sentence):
            yield 'odd_characters'
