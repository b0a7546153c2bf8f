# SPDX-License-Identifier: Apache-2.0
"""Concepts found anywhere in a turn, and which of them together mean danger.

A sentence rule (crisis_rule.py) wants words in one order. People who hint do not keep to an order,
so these rules ask only which ideas occur in a turn: a means and a wish to keep it, a body part and
what it no longer does. Tables: crisis_concepts_life.py, _means.py, _body.py, _harm.py.
"""

from __future__ import annotations

from dataclasses import dataclass
import re

from empathy_ros.core.types import AlertKind

MAX_WORDS = 45
"""Longer turns are read in overlapping pieces of this many words; far ideas do not meet."""
_DENIED = re.compile(
    r'\b(?:no|nobody|never|not (?:got|having|afraid|scared|frightened|feeling|choking'
    r'|need|want to be|had)|not)'
    r' (?:(?:any|an?|my|the|it|for|of|in|to|ever|thought|feeling|afraid|having|even) ){0,3}$'
)
"""What denies the first idea of a rule when it stands just before it."""


@dataclass(frozen=True)
class ConceptRule:
    """Ideas that together mean danger.

    Attributes:
        name: For the record of an alert; shows no words of the person.
        kind: Kind of danger.
        level: 2 hint, 3 danger named, 4 imminent.
        indirect: True when the danger is inferred.
        wanted: Concepts that must all occur.
        unwanted: Concepts that cancel the rule.
    """

    name: str
    kind: AlertKind
    level: int
    indirect: bool
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(frozen=True)
class ConceptTable:
    """Concepts of one kind of danger and the rules over them."""

    concepts: dict[str, re.Pattern[str]]
    rules: tuple[ConceptRule, ...]

    def fire(self, words: str) -> list[ConceptRule]:
        """Return the rules whose concepts occur in a plain text."""
        seen: dict[str, bool] = {}

        def has(name: str) -> bool:
            if name not in seen:
                seen[name] = self.concepts[name].search(words) is not None
            return seen[name]

        def meant(name: str) -> bool:
            found = self.concepts[name].finditer(words)
            return any(not _DENIED.search(words[: match.start()]) for match in found)

        return [
            rule
            for rule in self.rules
            if meant(rule.wanted[0])
            and all(has(name) for name in rule.wanted)
            and not any(has(name) for name in rule.unwanted)
        ]


def pieces(words: str) -> list[str]:
    """Return a text without marks, cut into overlapping pieces of at most MAX_WORDS words."""
    every = re.sub(r'[^a-z0-9 ]+', ' ', words).split()
    if len(every) <= MAX_WORDS:
        return [' '.join(every)]
    step = MAX_WORDS // 2
    return [' '.join(every[i : i + MAX_WORDS]) for i in range(0, len(every) - step + 1, step)]


def concept_table(kind: AlertKind, concepts: str, rules: str) -> ConceptTable:
    """Return the table of two texts.

    Concepts: `name = phrase|phrase`, continued by further lines; ` ~ ` stands for up to
    four words; `<name>` is an earlier concept. Rules: `name level : concept & concept & !concept`;
    a level with `i` = inferred. Lines with `#` are remarks.

    Raises:
        ValueError: a line cannot be read or names an unknown concept.
    """
    sources: dict[str, str] = {}
    for line in _joined(concepts):
        name, mark, body = line.partition(' = ')
        if not mark:
            raise ValueError(f'concept {line!r}: write "name = phrase|phrase"')
        sources[name.strip()] = _fill(body.strip(), sources)
    compiled = {k: re.compile(rf'(?<![a-z0-9])(?:{v})(?![a-z0-9])') for k, v in sources.items()}
    return ConceptTable(compiled, tuple(_rule(kind, line, compiled) for line in _joined(rules)))


def _rule(kind: AlertKind, line: str, known: dict[str, re.Pattern[str]]) -> ConceptRule:
    head, mark, body = line.partition(' : ')
    parts = head.split()
    if not mark or len(parts) != 2:
        raise ValueError(f'concept rule {line!r}: write "name level : concept & !concept"')
    terms = [term.strip() for term in body.split('&')]
    wanted = tuple(term for term in terms if not term.startswith('!'))
    unwanted = tuple(term[1:] for term in terms if term.startswith('!'))
    for term in (*wanted, *unwanted):
        if term not in known:
            raise ValueError(f'concept rule {parts[0]}: no concept {term!r}')
    return ConceptRule(parts[0], kind, int(parts[1][0]), 'i' in parts[1], wanted, unwanted)


def _fill(body: str, known: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        if match.group(1) not in known:
            raise ValueError(f'concept: {match.group(1)!r} is not defined before its use')
        return f'(?:{known[match.group(1)]})'

    return re.sub(r'<([a-z_]+)>', put, body).replace(' ~ ', r' (?:\w+ ){0,4}?')


def _joined(table: str) -> list[str]:
    lines: list[str] = []
    for raw in table.strip().splitlines():
        text = raw.strip()
        if not text or text.startswith('#'):
            continue
        if lines and text.startswith('|'):
            lines[-1] += text
        elif lines and not re.match(r'\w+ (?:= |\di? : )', text):
            lines[-1] += ' ' + text
        else:
            lines.append(text)
    return lines
