# SPDX-License-Identifier: Apache-2.0
"""Joins the classifier's reading with the estimate from prosody, and keeps how each person sounds.

A category is named only above the model's floor, by a clear voice; otherwise arousal stands alone.
What is known of a person's voice is a list of vectors in memory; no sound can be made from it.
"""

from __future__ import annotations

from collections import deque, OrderedDict
from dataclasses import dataclass, replace
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.params import param
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import AffectEstimate
from empathy_ros.core.voice_model import Reading, VoiceClassifier

Floats = NDArray[np.float32]

SIGNS = {'happiness': 1.0, 'sadness': -1.0, 'anger': -1.0, 'fear': -1.0, 'disgust': -1.0,
         'contempt': -1.0}  # fmt: skip
VALENCE_TRUST = 0.5
"""Valence is heard worse than arousal (see the cards): half of it is believed."""


@dataclass(frozen=True)
class CategoryConfig:
    """Which model names categories, and when."""

    model: str = param(
        'prosody',
        'prosody = arousal only; or id or path of a trained voice model.',
        read_only=True,
    )
    accept_noncommercial: bool = param(
        False, 'Agree to the non-commercial terms of that model.', read_only=True
    )
    min_confidence: float = param(
        0.0, 'Confidence under which no category is named, if above the floor of the model.',
        lo=0.0, hi=1.0,
    )  # fmt: skip
    keep_baseline: bool = param(
        True, 'Learn how the person usually sounds, in memory, while consent stands.'
    )
    baseline_speech_s: float = param(
        60.0, 'Own speech before a person is judged against it [s].', lo=10.0, hi=600.0
    )


class KnownVoices:
    """How people usually sound, from the vectors of their last turns; in memory only."""

    _PEOPLE, _TURNS = 16, 60

    def __init__(self) -> None:
        """Know nobody."""
        self._turns: OrderedDict[str, deque[tuple[Floats, float]]] = OrderedDict()

    def learn(self, person_id: str, vector: Floats, speech_s: float) -> None:
        """Add a finished turn; one with too little speech is left out."""
        if not person_id or not np.isfinite(vector).all():
            return
        turns = self._turns.setdefault(person_id, deque(maxlen=self._TURNS))
        self._turns.move_to_end(person_id)
        turns.append((vector, speech_s))
        while len(self._turns) > self._PEOPLE:
            self._turns.popitem(last=False)

    def forget(self, person_id: str = '') -> None:
        """Drop what is known of a person; of all without a name."""
        if person_id:
            self._turns.pop(person_id, None)
        else:
            self._turns.clear()

    def speech_s(self, person_id: str) -> float:
        """Return how much speech is known of a person [s]."""
        return sum(seconds for _, seconds in self._turns.get(person_id, ()))

    def usual(self, person_id: str, least_s: float) -> Floats | None:
        """Return the mean vector of a person; None with less than `least_s` of speech."""
        turns = self._turns.get(person_id, deque())
        if len(turns) < 3 or self.speech_s(person_id) < least_s:
            return None
        mean: Floats = np.mean([vector for vector, _ in turns], axis=0)
        return mean


class CategoryReader:
    """What the node asks: the classifier, if there is one, and how people usually sound."""

    def __init__(self, classifier: VoiceClassifier | None, config: CategoryConfig) -> None:
        """Know nobody yet."""
        self.classifier, self.config = classifier, config
        self.voices = KnownVoices()

    def reconfigure(self, config: CategoryConfig) -> None:
        """Take new parameters; without `keep_baseline` what is known is dropped."""
        self.config = config
        if not config.keep_baseline:
            self.voices.forget()

    def refine(self, estimate: AffectEstimate, vector: Floats | None) -> AffectEstimate:
        """Return the estimate with what the classifier adds; without one as it is."""
        if self.classifier is None or vector is None or estimate.abstained:
            return estimate
        usual = self.voices.usual(estimate.person_id, self.config.baseline_speech_s)
        reading = self.classifier.read(vector, usual)
        return with_reading(estimate, reading, self.classifier, self.config.min_confidence)

    def learn(self, person_id: str, vector: Floats | None, speech_s: float) -> None:
        """Add a finished turn, if that is agreed to."""
        if vector is not None and self.config.keep_baseline:
            self.voices.learn(person_id, vector, speech_s)


def with_reading(
    estimate: AffectEstimate, reading: Reading, classifier: VoiceClassifier, least: float
) -> AffectEstimate:
    """Return the estimate with what the classifier adds.

    Arousal is the classifier's, its confidence drawn towards one half by the quality of the sound;
    that of prosody stays where the classifier has learnt none. Above the floor there are
    categories, and a valence that is half of what they suggest.

    Args:
        estimate: Of prosody; an abstained one stays as it is.
        reading: Of the same stretch.
        classifier: That made the reading.
        least: Lowest confidence for a category, if above the model's floor.
    """
    if estimate.abstained or not np.isfinite(reading.shares).all():
        return estimate
    read = replace(estimate, model_id=classifier.model_id, model_hash=classifier.model_hash)
    found = estimate
    if math.isfinite(reading.high):
        sure = max(reading.high, 1.0 - reading.high)
        found = replace(
            read,
            arousal=2.0 * reading.high - 1.0,
            confidence=0.5 + (sure - 0.5) * estimate.quality,
        )
    confidence = reading.confidence * (0.5 + 0.5 * estimate.quality)
    if confidence < max(reading.floor, least):
        return found
    basic = classifier.basic(reading.shares)
    top = BASIC8.labels[int(np.nanargmax(basic))]
    signs = np.array([SIGNS.get(label, 0.0) for label in BASIC8.labels])
    return replace(
        read,
        arousal=found.arousal,
        taxonomy=BASIC8.id,
        scores=basic,
        top_label=top,
        valence=VALENCE_TRUST * float(np.nansum(basic * signs)),
        confidence=confidence,
    )
