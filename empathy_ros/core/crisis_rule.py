# SPDX-License-Identifier: Apache-2.0
"""One rule of the crisis watch, and how to write many of them from lexicons."""

from __future__ import annotations

from dataclasses import dataclass
import re

from empathy_ros.core.types import AlertKind


@dataclass(frozen=True)
class Rule:
    """A pattern over one plain sentence with the guards that apply to it.

    Attributes:
        name: For the record of an alert; never shows words of the person.
        kind: Kind of danger; None for a sign that belongs to none by itself.
        level: 1 weak sign, 2 hint, 3 danger named, 4 imminent.
        pattern: Searched in each sentence.
        indirect: True when the danger is inferred.
        theme: Group for conjunctions of weak signs.
        negatable: A "not" before it cancels it.
        not_past: Cancelled when the sentence or text speaks of long ago.
        not_story: Cancelled when it is about fiction, news, history.
        not_other: Cancelled when somebody else is the subject.
        recent: Only a past marker in the same sentence cancels it.
        whole: Searched in the whole text instead of each sentence.
        unless: Anywhere in the sentence, it cancels the rule.
    """

    name: str
    kind: AlertKind | None
    level: int
    pattern: re.Pattern[str]
    indirect: bool = False
    theme: str = ''
    negatable: bool = True
    not_past: bool = True
    not_story: bool = True
    not_other: bool = False
    recent: bool = True
    whole: bool = False
    unless: re.Pattern[str] | None = None


def compile_rules(
    kind: AlertKind | None, lexicon: dict[str, str], table: str, **guards: bool
) -> tuple[Rule, ...]:
    """Return the rules of a table.

    Each line is `name level theme : pattern`; theme `-` = none; level with `i` = indirect; a
    pattern
    names lexicon entries as `<entry>`; blanks in a pattern stand for one blank. Lines may be
    continued by
    a leading `|`. Flags after the level: `+` = a "not" does not cancel it. Leading
    `(?!.*(words))` groups
    cancel the rule when the words are anywhere in the sentence.

    Raises:
        ValueError: a line or a lexicon entry cannot be read; the text names it.
    """
    rules = []
    for line in _lines(table):
        head, _, body = line.partition(' : ')
        parts = head.split()
        if len(parts) != 3 or not body:
            raise ValueError(f'rule {line!r}: write "name level theme : pattern"')
        name, level, theme = parts
        options = dict(guards)
        if '+' in level:
            options['negatable'] = False
        unwanted, wanted = _split_unless(expand(body.strip(), lexicon))
        pattern = re.compile(r'(?<![a-z])(?:' + wanted + r')(?![a-z])')
        rules.append(
            Rule(
                name,
                kind,
                int(level[0]),
                pattern,
                indirect='i' in level,
                theme='' if theme == '-' else theme,
                unless=re.compile(rf'(?<![a-z])(?:{unwanted})') if unwanted else None,
                **options,
            )
        )
    return tuple(rules)


def _closing(body: str) -> int:
    """Return where the bracket that opens `body` is closed."""
    depth = 0
    for place, sign in enumerate(body):
        depth += (sign == '(') - (sign == ')')
        if depth == 0:
            return place
    raise ValueError(f'rule: a bracket is not closed in {body[:60]!r}')


def _split_unless(body: str) -> tuple[str, str]:
    """Return the words of leading `(?!.*...)` groups and the rest of a pattern."""
    unwanted = []
    while body.startswith('(?!.*'):
        end = _closing(body)
        unwanted.append(body[len('(?!.*') : end])
        body = body[end + 1 :]
    return '|'.join(unwanted), body


def expand(pattern: str, lexicon: dict[str, str]) -> str:
    """Return a pattern with its lexicon entries filled in.

    Raises:
        ValueError: an entry is not in the lexicon.
    """
    for _ in range(6):
        names = re.findall(r'<([a-z_]+)>', pattern)
        if not names:
            return pattern
        for name in names:
            if name not in lexicon:
                raise ValueError(f'lexicon: {name!r} is missing in {pattern!r}')
            pattern = pattern.replace(f'<{name}>', f'(?:{lexicon[name]})')
    raise ValueError(f'lexicon: entries of {pattern!r} go round in circles')


def _lines(table: str) -> list[str]:
    lines: list[str] = []
    for raw in table.strip().splitlines():
        text = raw.strip()
        if not text or text.startswith('#'):
            continue
        if text.startswith('|') and lines:
            lines[-1] += text
        else:
            lines.append(text)
    return lines
