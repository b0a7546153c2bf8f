# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Read an utterance and the estimated affect as a small structured appraisal.

Words come first, because a person who names a matter knows best; the estimated affect of face,
voice and words decides only where the words are ordinary. Rules only: no model and no language
model is needed. Evidence under the confidence threshold, or two modalities that disagree, make
the reading "unclear".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
import math
import re

from empathy_ros.core.fragments import fragments
from empathy_ros.core.matching import AT_YOU, match
from empathy_ros.core.ordinary import ALL, SMALL_TALK, UNCLEAR
from empathy_ros.core.params import param
from empathy_ros.core.plain_text import plain
from empathy_ros.core.signals import (
    ALONE,
    CALLING,
    GOODBYE,
    MUMBLED_STOP,
    NO,
    SHORT_STOP,
    STOP,
    YES,
)
from empathy_ros.core.situations import Situation
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import PersonAffect, Utterance


@dataclass(frozen=True)
class AppraisalConfig:
    """Thresholds of `appraise`."""

    min_asr_confidence: float = param(
        0.5, 'Recogniser confidence under which the robot asks again.', lo=0.0, hi=1.0
    )
    min_affect_confidence: float = param(
        0.4, 'Confidence under which no emotion is named or acted on.', lo=0.1, hi=1.0
    )
    max_conflict: float = param(
        0.5, 'Disagreement of two modalities above which the reading is unclear.', lo=0.1, hi=1.0
    )


@dataclass(frozen=True)
class Appraisal:
    """What an utterance seems to be about and what the person seems to need.

    Attributes:
        situation: Key of the phrase bank, such as 'grief'.
        row: Policy row, 0 = ordinary talk.
        need: 'be_heard', 'be_calmed', 'information', 'company', 'help_now', 'celebrate' or
            'be_left_alone'.
        intensity: 0..1.
        certainty: 0..1.
        valence: -1..1 of the situation, NaN = not estimated.
        cues: Why, in words for a record; never what was said.
        goodbye: The person takes leave.
        alone: The person wants to be left alone.
        stop: The person says stop.
        calls: The person addresses the robot.
        answer: 'yes', 'no' or ''.
        from_words: True when words, not looks, decided.
        vulnerability: Steps that it adds, 0..2.
        slots: Safe fragments for an answer: 'who', 'deed'.
        nameable: Emotion families that may be named as "seems".
        words: Plain form of the utterance; in memory only.
        mood: Share of pleasant minus unpleasant estimated classes, -1..1, NaN = unknown.
    """

    situation: str
    row: int
    need: str
    intensity: float = 0.0
    certainty: float = 0.0
    valence: float = math.nan
    cues: tuple[str, ...] = ()
    goodbye: bool = False
    alone: bool = False
    stop: bool = False
    calls: bool = False
    answer: str = ''
    from_words: bool = False
    vulnerability: int = 0
    slots: dict[str, str] = field(default_factory=dict)
    nameable: frozenset[str] = frozenset()
    words: str = ''
    mood: float = math.nan


_AT_YOU_ASK = re.compile(r'\b(?:can|could|will|would|do) you\b')
_AFFECT_SITUATION = {'sadness': 'sadness', 'fear': 'worry', 'anger': 'anger', 'happiness': 'joy'}
_PLEASANT = frozenset({'joy', 'helped', 'thanks', 'says_fine'})
_QUIET = frozenset({'small_talk', 'greeting', 'says_fine', 'tell_memory', 'bored'})
_STRONG = re.compile(
    r'\b(?:so|very|really|terribly|awfully|dreadfully|completely|absolutely|unbearable|never|always|terrified'
    r'|heartbroken|furious|desperate|thrilled|can not bear|any more)\b'
)


def appraise(
    utterance: Utterance | None,
    affect: PersonAffect | None,
    config: AppraisalConfig,
    known: frozenset[str] = frozenset(),
) -> Appraisal:
    """Return the reading of one turn.

    Args:
        utterance: Final words, or None when nobody spoke.
        affect: Fused estimate at this time, or None.
        config: Thresholds.
        known: Names of the dead that this person spoke of, in plain form.
    """
    words = plain(utterance.text) if utterance is not None else ''
    nameable = _nameable(affect, config)
    looks = _from_affect(affect, config)
    if utterance is not None and _unheard(utterance, words, config):
        unheard = _make(
            UNCLEAR, words, ('words not heard clearly',), 0.2, affect, nameable=frozenset()
        )
        # A false stop is acceptable, a missed one is not.
        return replace(unheard, stop=unheard.stop or bool(MUMBLED_STOP.search(words)))
    found = match(words) if words else ()
    if _asks_for(words, known):
        found = (ALL['missing_person'], *found)
    chosen, why, certainty = _choose(found, words, looks, affect, config)
    slots = fragments(utterance.text if utterance is not None else '', words, chosen.name)
    return _make(chosen, words, why, certainty, affect, nameable=nameable, slots=slots)


def _make(
    chosen: Situation,
    words: str,
    why: tuple[str, ...],
    certainty: float,
    affect: PersonAffect | None,
    *,
    nameable: frozenset[str],
    slots: dict[str, str] | None = None,
) -> Appraisal:
    strength = 0.4 + (0.3 if _STRONG.search(words) else 0.0)
    if affect is not None and not affect.abstained:
        strength += 0.3 * affect.confidence
    by_words = any(cue.startswith('words suggest') for cue in why)
    if not by_words and chosen is SMALL_TALK and affect is not None:
        valence = affect.valence
    else:
        valence = chosen.valence
    return Appraisal(
        situation=chosen.name,
        row=chosen.row,
        need=chosen.need,
        intensity=min(1.0, strength) if chosen.row else 0.2,
        certainty=certainty,
        valence=valence,
        cues=why,
        goodbye=bool(GOODBYE.search(words)),
        alone=bool(ALONE.search(words)),
        stop=bool(STOP.search(words) or SHORT_STOP.search(words)),
        calls=bool(CALLING.search(words)) or '?' in words,
        answer='yes' if YES.search(words) else 'no' if NO.search(words) else '',
        from_words=by_words,
        vulnerability=chosen.vulnerability,
        slots=slots or {},
        nameable=nameable,
        words=words,
        mood=_mood(affect),
    )


def _mood(affect: PersonAffect | None) -> float:
    if affect is None or affect.basic.size != len(BASIC8):
        return math.nan
    share = dict(zip(BASIC8.labels, affect.basic.tolist(), strict=True))
    bad = sum(share[name] for name in ('sadness', 'anger', 'fear', 'disgust', 'contempt'))
    return float(share['happiness'] - bad)


def _unheard(utterance: Utterance, words: str, config: AppraisalConfig) -> bool:
    """Say whether the words are too uncertain to act on."""
    if utterance.confidence < config.min_asr_confidence:
        return True
    return not re.search(r'[a-z]', words)


def _nameable(affect: PersonAffect | None, config: AppraisalConfig) -> frozenset[str]:
    if affect is None or affect.abstained or affect.confidence < config.min_affect_confidence:
        return frozenset()
    if affect.conflict > config.max_conflict:
        return frozenset()
    return frozenset({affect.top_basic}) - {'neutral', ''}


def _from_affect(affect: PersonAffect | None, config: AppraisalConfig) -> str:
    names = _nameable(affect, config)
    return next((_AFFECT_SITUATION[n] for n in names if n in _AFFECT_SITUATION), '')


def _conflicting(affect: PersonAffect | None, config: AppraisalConfig) -> bool:
    if affect is None:
        return False
    return affect.reason == 'conflict' or affect.conflict > config.max_conflict


def _choose(
    found: tuple[Situation, ...],
    words: str,
    looks: str,
    affect: PersonAffect | None,
    config: AppraisalConfig,
) -> tuple[Situation, tuple[str, ...], float]:
    """Return the situation, why, and how certain that is (0..1)."""
    first = found[0] if found else SMALL_TALK
    seen = ALL.get(looks)
    if first.name == 'question' and looks in ('worry', 'anger') and not _AT_YOU_ASK.search(words):
        first = SMALL_TALK
    if looks == 'anger' and first.name in ('small_talk', 'question') and AT_YOU.search(words):
        return ALL['anger_at_robot'], ('estimated anger, and the words address the robot',), 0.6
    if first.name not in _QUIET and first.name not in _PLEASANT:
        return first, (f'words suggest {first.name}',), 0.8
    if first.name in _PLEASANT and seen is not None and seen.valence < 0:
        return UNCLEAR, (f'words suggest {first.name} but the expression does not fit',), 0.3
    if first.name not in _QUIET:
        return first, (f'words suggest {first.name}',), 0.8
    if _conflicting(affect, config) and first.name != 'greeting':
        return UNCLEAR, ('the channels disagree',), 0.3
    if seen is not None and seen.valence < 0:
        confidence = affect.confidence if affect is not None else 0.0
        return seen, (f'estimated expression suggests {seen.name}',), confidence
    if not found:
        return SMALL_TALK, ('ordinary talk',), 0.5
    return first, (f'words suggest {first.name}',), 0.6


def _asks_for(words: str, known: frozenset[str]) -> bool:
    if not known:
        return False
    names = '|'.join(sorted(re.escape(name) for name in known))
    asks = rf'\b(?:where (?:is|has)|when (?:is|will)|have you seen|get me|i want|waiting for|call) (?:\w+ )?(?:{names})\b'
    return bool(re.search(asks, words))
