# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Find the situations that the words of a turn fit, with other people's moods and stories left out."""

from __future__ import annotations

import re

from empathy_ros.core import cues
from empathy_ros.core.ordinary import ALL, ORDINARY
from empathy_ros.core.situations import MOOD, Situation, TALK

_NOT_MOOD = re.compile(
    r'\bdo not worry\b|\b(?:not|never|no longer|hardly|am not|is not) (?:\w+ ){0,2}?(?:sad|lonely|alone|worried|afraid|scared'
    r'|anxious|angry|cross|upset|unhappy|nervous|low|down|miserable|happy|bored|confused|depressed)\b'
    r'|\b(?:he|she|they|neighbour|neighbor|film|book|song|story|(?<!that my )friend|people|tv|man|woman|lady|dog|cat) '
    r'(?:is|was|are|were|seems?|looks?|feels?|felt|gets?) (?:\w+ ){0,2}?(?:sad|lonely|alone|worried|afraid|scared|anxious'
    r'|angry|cross|upset|unhappy|nervous|miserable|confused|depressed)\b'
)  # fmt: skip
AT_YOU = re.compile(r'\byou (?!know|see|are right|understand)\w+|\byour\b')
_GOOD_NEWS = re.compile(
    r'\b(?:i (?:am|was|feel) (?:\w+ )?(?:happy|delighted|thrilled|glad|pleased|chuffed|relieved))\b'
)
_NOT_MINE = re.compile(
    r'\b(?:on (?:the )?(?:tv|telly|television|radio|news)|in (?:the|a|my) (?:film|movie|book|story|play|series|programme))\b'
)


def match(words: str) -> tuple[Situation, ...]:
    """Return the situations whose patterns fit the plain form, strongest claim first."""
    softened = _NOT_MOOD.sub(' _ ', words)
    found = [s for s in TALK if any(p.search(words) for p in s.patterns)]
    if not _NOT_MINE.search(words):
        found += [s for s in MOOD if any(p.search(softened) for p in s.patterns)]
    if _GOOD_NEWS.search(softened) and not any(s in TALK for s in found):
        found.sort(key=lambda s: s.name != 'joy')
    if any(s.name == 'anger' for s in found) and AT_YOU.search(softened):
        found.insert(0, ALL['anger_at_robot'])
    if not found and not _NOT_MINE.search(words):
        name, _ = cues.guess(softened)
        found += [ALL[name]] if name else []
    found += [s for s in ORDINARY if any(p.search(words) for p in s.patterns)]
    return tuple(found)
