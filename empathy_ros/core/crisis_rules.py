# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""Read danger out of one text with rules alone: no model, no file, no clock.

A rule is a pattern over the plain form of the words (plain_text.py) with guards. Lexicons in
crisis_suicide.py, crisis_medical.py and crisis_abuse.py compose the patterns; crisis_guards.py removes
figures of speech first and tells negation, quotation, fiction, other people and the past apart.
Weak signs (level 1) raise no alarm alone; two of different themes together do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
import re

from empathy_ros.core import crisis_guards
from empathy_ros.core.crisis_abuse import ABUSE
from empathy_ros.core.crisis_blends import BLENDS
from empathy_ros.core.crisis_concepts import pieces
from empathy_ros.core.crisis_concepts_body import BODY
from empathy_ros.core.crisis_concepts_harm import HARM
from empathy_ros.core.crisis_concepts_life import LIFE
from empathy_ros.core.crisis_concepts_means import MEANS
from empathy_ros.core.crisis_frames import FRAMES
from empathy_ros.core.crisis_hints import HINTS
from empathy_ros.core.crisis_medical import MEDICAL
from empathy_ros.core.crisis_named import NAMED
from empathy_ros.core.crisis_rule import Rule
from empathy_ros.core.crisis_suicide import SUICIDE
from empathy_ros.core.plain_text import plain, sentences
from empathy_ros.core.types import AlertKind

RULES: tuple[Rule, ...] = SUICIDE + MEDICAL + ABUSE + NAMED + HINTS + FRAMES + BLENDS

CONJUNCTIONS: tuple[tuple[str, str, AlertKind], ...] = (
    ('loss', 'means', AlertKind.CRISIS),
    ('loss', 'farewell', AlertKind.CRISIS),
    ('loss', 'giving_away', AlertKind.CRISIS),
    ('loss', 'hopeless', AlertKind.CRISIS),
    ('loss', 'burden', AlertKind.CRISIS),
    ('hopeless', 'means', AlertKind.CRISIS),
    ('hopeless', 'farewell', AlertKind.CRISIS),
    ('hopeless', 'giving_away', AlertKind.CRISIS),
    ('hopeless', 'burden', AlertKind.CRISIS),
    ('burden', 'means', AlertKind.CRISIS),
    ('burden', 'farewell', AlertKind.CRISIS),
    ('burden', 'giving_away', AlertKind.CRISIS),
    ('giving_away', 'farewell', AlertKind.CRISIS),
    ('giving_away', 'means', AlertKind.CRISIS),
    ('farewell', 'means', AlertKind.CRISIS),
    ('denial', 'means', AlertKind.CRISIS),
    ('denial', 'hopeless', AlertKind.CRISIS),
    ('denial', 'burden', AlertKind.CRISIS),
    ('symptom_heart', 'symptom_general', AlertKind.EMERGENCY),
    ('symptom_stroke', 'symptom_general', AlertKind.EMERGENCY),
    ('symptom_heart', 'symptom_stroke', AlertKind.EMERGENCY),
    ('on_floor', 'symptom_general', AlertKind.EMERGENCY),
    ('on_floor', 'symptom_injury', AlertKind.EMERGENCY),
    ('fear_of_person', 'harm_trace', AlertKind.ABUSE),
    ('fear_of_person', 'control', AlertKind.ABUSE),
    ('control', 'harm_trace', AlertKind.ABUSE),
    ('fear_of_person', 'money_control', AlertKind.ABUSE),
    ('control', 'money_control', AlertKind.ABUSE),
)
"""Pairs of themes of weak signs that together ask for attention, in one text or over a few turns."""


@dataclass(frozen=True)
class Hit:
    """One rule that fired.

    Attributes:
        rule: Name of the rule.
        kind: Kind of danger; None for a sign that belongs to none by itself.
        level: 1 weak sign, 2 hint, 3 danger named, 4 imminent.
        indirect: True when the danger is inferred.
        theme: Group for conjunctions.
    """

    rule: str
    kind: AlertKind | None
    level: int
    indirect: bool
    theme: str


def read(text: str) -> tuple[Hit, ...]:
    """Return all rules that fire on a text, strongest first; () for an ordinary text."""
    words = crisis_guards.repair(plain(text))
    if not words:
        return ()
    hits: dict[str, Hit] = {}
    masked = crisis_guards.mask_idioms(words)
    story = crisis_guards.is_story(masked)
    past = crisis_guards.is_past(masked)
    parts = sentences(masked)
    # People infer and hint across commas and full stops, so those rules also read the turn without.
    flat = [*parts, ' '.join(masked.replace(',', ' ').replace('.', ' ').split())]
    for rule in RULES:
        places = [masked] if rule.whole else flat if rule.indirect else parts
        if any(_fires(rule, place, story, past) for place in places):
            hits[rule.name] = Hit(rule.name, rule.kind, rule.level, rule.indirect, rule.theme)
    if not (story or past):
        for found in _concepts(masked):
            hits.setdefault(found.rule, found)
    return tuple(sorted(hits.values(), key=lambda hit: -hit.level))


def _concepts(words: str) -> list[Hit]:
    """Return what the concept tables find, wherever in the turn the ideas stand."""
    return [
        Hit(rule.name, rule.kind, rule.level, rule.indirect, '')
        for piece in pieces(words)
        for table in (LIFE, MEANS, BODY, HARM)
        for rule in table.fire(piece)
    ]


def _fires(rule: Rule, sentence: str, story: bool, past: bool) -> bool:
    """Return whether a rule matches somewhere in the sentence without being guarded away."""
    if rule.unless is not None and rule.unless.search(sentence):
        return False
    for match in rule.pattern.finditer(sentence):
        before = sentence[: match.start()]
        if rule.negatable and crisis_guards.negated(before, match.group(0)):
            continue
        if crisis_guards.quoted(before, sentence):
            continue
        if rule.not_past and (crisis_guards.is_past(sentence) or (past and not rule.recent)):
            continue
        if rule.not_story and (story or crisis_guards.is_story(sentence)):
            continue
        if rule.not_other and crisis_guards.about_other(before):
            continue
        return True
    return False


def combine(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the hints that follow from weak signs of several turns taken together."""
    themes = {hit.theme for hit in hits if hit.theme}
    return tuple(
        Hit(f'{first}+{second}', kind, 2, True, '')
        for first, second, kind in CONJUNCTIONS
        if first in themes and second in themes
    )


def wants_secrecy(text: str) -> bool:
    """Return whether the person asks to keep what was said from others."""
    return bool(_SECRECY.search(plain(text)))


_SECRECY = re.compile(
    r'\b(?:do not|never|not to|please not|will not|can not|must not|not going to) (?:\w+ ){0,2}?'
    r'(?:tell|say|mention|let|report|repeat|inform|phone|call|ring|breathe a word)\b'
    r'(?! me\b)(?: (?:it|this|that|anything|a word|a soul|on|to))*'
    r'(?: (?:any ?one|any ?body|a soul|my|the|them|him|her|nobody|no one|others?|people|staff|else|[a-z]+'
    r' know)\b| about (?:it|this|that|me)\b| (?:it|this|that)\b)'
    r'|\b(?:our|my|a|your|little|keep (?:it|this|that)(?: a)?) secret\b|\bkeep (?:it|this|that) '
    r'(?:between|to yourself|quiet|private|from)\b|\bbetween (?:you and me|us|ourselves|the two of us)\b'
    r'|\b(?:nobody|no one|they|he|she) (?:must|can|should|may)(?: not| never)? (?:ever )?(?:know|find out|hear)\b'
    r'|\bpromise (?:me )?(?:\w+ ){0,3}?(?:not|never|will not|quiet|secret)\b|\bswear (?:to )?secrecy\b'
)
