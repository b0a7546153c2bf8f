# SPDX-License-Identifier: Apache-2.0
"""The phrase bank: our own lines by situation and act, never the same twice in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
import re
from typing import Any

from empathy_ros.core.plain_text import plain
from empathy_ros.core.types import Act

MAX_WORDS = 20
SLOTS = frozenset(
    {'who', 'deed', 'topic', 'day', 'clock', 'place', 'part', 'rest', 'again', 'why'}
)
COMMON = 'any'
SAFE = 'safe'
_SLOT = re.compile(r'\{(\w*)\}')


class PhraseBank:
    """Lines by situation and act; pure data after construction."""

    def __init__(self, parsed: Mapping[str, Any]) -> None:
        """Check and take the parsed phrase file.

        Args:
            parsed: Mapping with 'locale' and 'lines' (situation -> act -> list of lines).

        Raises:
            ValueError: names the entry and what is wrong with it.
        """
        if not isinstance(parsed, Mapping):
            raise ValueError('phrases: the file is not a mapping with "locale" and "lines"')
        unknown = sorted(set(parsed) - {'locale', 'lines'})
        if unknown:
            raise ValueError(f'phrases: unknown key {unknown[0]!r}; known: locale, lines')
        self.locale = str(parsed.get('locale', ''))
        if not re.fullmatch(r'[a-z]{2}(?:_[A-Z]{2})?', self.locale):
            raise ValueError(f'phrases: locale {self.locale!r} is not of the form en_GB')
        lines = parsed.get('lines')
        if not isinstance(lines, Mapping) or COMMON not in lines or SAFE not in lines:
            raise ValueError(f'phrases: lines needs the situations "{COMMON}" and "{SAFE}"')
        self._lines: dict[str, dict[Act, tuple[str, ...]]] = {
            str(situation): _acts(str(situation), acts) for situation, acts in lines.items()
        }
        self._words = frozenset(
            word for _, _, line in self.entries() for word in plain(line).split()
        )

    def situations(self) -> tuple[str, ...]:
        """Return the names of all situations."""
        return tuple(self._lines)

    def entries(self) -> Iterable[tuple[str, Act, str]]:
        """Yield (situation, act, line) for every line."""
        for situation, acts in self._lines.items():
            for act, lines in acts.items():
                for line in lines:
                    yield situation, act, line

    def words(self) -> frozenset[str]:
        """Return all words of the bank in plain form."""
        return self._words

    def options(self, situation: str, act: Act, slots: Mapping[str, str]) -> tuple[str, ...]:
        """Return the filled-in lines for an act; general ones when the situation has none.

        Lines with an unknown slot are left out. Where some lines use a known slot, only those are
        returned, because a line that names the matter is better than one that fits everything.
        """
        for source in (situation, COMMON):
            lines = self._lines.get(source, {}).get(act, ())
            filled = [(line, _fill(line, slots)) for line in lines]
            named = tuple(text for line, text in filled if text and '{' in line)
            plain = tuple(text for line, text in filled if text and '{' not in line)
            if named or plain:
                return named or plain
        return ()

    def choose(
        self,
        situation: str,
        act: Act,
        slots: Mapping[str, str],
        recent: Iterable[str],
        random: Random,
        max_words: int = MAX_WORDS,
    ) -> str:
        """Return one line for the act, '' when the bank has none.

        Args:
            situation: Key of the bank.
            act: What to do.
            slots: Safe fragments for the braces.
            recent: Lines said lately, oldest first; the least recently said line is preferred.
            random: Injected source of choice.
            max_words: Budget; the shortest line is taken when none fits.
        """
        options = self.options(situation, act, slots)
        if not options:
            return ''
        fitting = [line for line in options if len(line.split()) <= max_words]
        if not fitting:
            return min(options, key=lambda line: len(line.split()))
        said = list(recent)
        age = {line: _last(said, line) for line in fitting}
        oldest = min(age.values())
        return random.choice([line for line in fitting if age[line] == oldest])

    def safe(self, act: Act) -> str:
        """Return a minimal line that is right in every situation."""
        lines = self._lines[SAFE].get(act) or self._lines[SAFE][Act.ACKNOWLEDGE]
        return lines[0]


def _last(said: list[str], line: str) -> int:
    """Return the position of the last time the line was said, -1 for never."""
    return len(said) - 1 - said[::-1].index(line) if line in said else -1


def _fill(line: str, slots: Mapping[str, str]) -> str:
    missing = [name for name in _SLOT.findall(line) if not slots.get(name)]
    if missing:
        return ''
    text = _SLOT.sub(lambda m: slots[m.group(1)], line)
    return text[0].upper() + text[1:]


def _acts(situation: str, acts: Any) -> dict[Act, tuple[str, ...]]:
    if not isinstance(acts, Mapping):
        raise ValueError(f'phrases: {situation}: give acts with lists of lines')
    result: dict[Act, tuple[str, ...]] = {}
    for name, lines in acts.items():
        where = f'phrases: {situation}.{name}'
        if name not in Act.__members__:
            raise ValueError(f'{where}: not an act; known: {", ".join(Act.__members__)}')
        if not isinstance(lines, list) or not lines:
            raise ValueError(f'{where}: give a list of lines')
        result[Act(name)] = tuple(_line(where, n, line) for n, line in enumerate(lines, 1))
    if situation == SAFE and Act.ACKNOWLEDGE not in result:
        raise ValueError(f'phrases: {SAFE}: needs ACKNOWLEDGE')
    return result


def _line(where: str, number: int, line: Any) -> str:
    if not isinstance(line, str) or not line.strip():
        raise ValueError(f'{where}, line {number}: {line!r} is not a sentence')
    if len(line.split()) > MAX_WORDS:
        raise ValueError(f'{where}, line {number}: more than {MAX_WORDS} words')
    unknown = set(_SLOT.findall(line)) - SLOTS
    if unknown:
        raise ValueError(f'{where}, line {number}: unknown slot {{{sorted(unknown)[0]}}}')
    return line.strip()
