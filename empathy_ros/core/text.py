# SPDX-License-Identifier: Apache-2.0
"""Emotion words carry: linear scores over counted strings, calibrated, with abstention.

The model is one-vs-rest logistic regression over TF-IDF features (words, word pairs, pieces of
words; negated words count as words of their own), trained on GoEmotions by training/text_affect.
It knows English only, and 28 labels are not dependable for one sentence: use the probabilities,
the Ekman view (core/taxonomy.py) or the derived valence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import text_features
from empathy_ros.core.params import param
from empathy_ros.core.taxonomy import GOEMOTIONS28, GOEMOTIONS_VAD
from empathy_ros.core.text_weights import TextWeights
from empathy_ros.core.types import AffectEstimate, Modality

FloatArray = NDArray[np.float64]

EMPTY_TEXT = 'empty_text'
NO_WORDS = 'no_words'
UNKNOWN_WORDS = 'unknown_words'
LOW_CONFIDENCE = 'low_confidence'
UNCLEAR_SPEECH = 'unclear_speech'


@dataclass(frozen=True)
class TextAffectConfig:
    """When the words are too thin to say anything."""

    min_confidence: float = param(
        0.2, 'Below this confidence the estimate is unknown [probability].', lo=0.0, hi=1.0
    )
    min_known_share: float = param(
        0.6, 'Share of words that must be known, else the text is foreign.', lo=0.0, hi=1.0
    )
    min_heard: float = param(
        0.5, 'Recogniser confidence below which the words are unclear [0..1].', lo=0.0, hi=1.0
    )


@dataclass(frozen=True)
class _Source:
    """What an estimate repeats about the utterance it comes from."""

    stamp_ns: int
    person_id: str
    utterance_id: str
    quality: float


def _sigmoid(logit: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -40.0, 40.0))))


class TextAffect:
    """Turns sentences into probabilities and AffectEstimates; holds no state between calls."""

    def __init__(self, weights: TextWeights, config: TextAffectConfig | None = None) -> None:
        """Keep weights and configuration; both stay unchanged."""
        self.weights = weights
        self.config = config or TextAffectConfig()

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return calibrated probabilities per label, shape (n, 28), 0..1, rows not summing to 1.

        A text without words gives a row of NaN.
        """
        rows = [self._row(text_features.tokens(text)) for text in texts]
        return np.array(rows).reshape(len(rows), len(GOEMOTIONS28))

    def confidence(self, p: FloatArray) -> float:
        """Return the calibrated probability that the label with the largest p applies.

        Args:
            p: Shape (28,), from `probabilities`.
        """
        top = min(max(float(p.max()), 1e-6), 1.0 - 1e-6)
        logit = math.log(top / (1.0 - top))
        return 1.0 / (1.0 + math.exp(-(self.weights.top_slope * logit + self.weights.top_offset)))

    def known_share(self, words: Sequence[str]) -> float:
        """Return the share of words that the vocabulary holds, 0..1; 0 without words."""
        known = [word in self.weights.vocabulary for word in words]
        return sum(known) / len(known) if known else 0.0

    def estimate(
        self,
        text: str,
        stamp_ns: int,
        person_id: str,
        utterance_id: str = '',
        heard: float = math.nan,
    ) -> AffectEstimate:
        """Return what the words suggest, or an abstained estimate with its reason.

        Valence is derived from the label probabilities by fixed anchors; arousal and dominance
        are not estimated (see derived_valence).

        Args:
            text: One utterance, any length; cut at text_features.MAX_CHARS.
            stamp_ns: Time at which the last word ended.
            person_id: Enrolled speaker, '' = unknown.
            utterance_id: Id of the utterance.
            heard: Confidence of the speech recogniser, 0..1; NaN = typed or not estimated.
        """
        words = text_features.tokens(text)
        spoken = [token for token in words if text_features.is_word(token)]
        known = self.known_share(spoken)
        quality = known if math.isnan(heard) else known * heard
        source = _Source(stamp_ns, person_id, utterance_id, quality)
        reason = self._unreadable(text, spoken, known, heard)
        if reason:
            return self._unknown(reason, source)
        p = self._row(words)
        confidence = self.confidence(p)
        if confidence < self.config.min_confidence:
            return self._unknown(LOW_CONFIDENCE, source)
        return replace(
            self._blank(source),
            scores=p.astype(np.float32),
            top_label=GOEMOTIONS28.labels[int(p.argmax())],
            valence=derived_valence(p),
            confidence=confidence,
        )

    def _unreadable(self, text: str, spoken: list[str], known: float, heard: float) -> str:
        """Return why the words cannot be read, '' when they can."""
        if not text.strip():
            return EMPTY_TEXT
        if not spoken:
            return NO_WORDS
        if heard < self.config.min_heard:
            return UNCLEAR_SPEECH
        return UNKNOWN_WORDS if known < self.config.min_known_share else ''

    def _row(self, words: list[str]) -> FloatArray:
        if not any(text_features.is_word(token) for token in words):
            return np.full(len(GOEMOTIONS28), np.nan)
        w = self.weights
        rows, values = self._features(words)
        score = (values @ w.weights[rows].astype(np.float64)) * w.scale + w.bias
        return _sigmoid(w.slope * score + w.offset)

    def _features(self, words: list[str]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return rows and TF-IDF values, each block scaled to length 1 (then its own weight)."""
        vocabulary = self.weights.vocabulary
        counts = Counter(text_features.grams(words))
        found = {vocabulary[gram]: n for gram, n in counts.items() if gram in vocabulary}
        rows = np.fromiter(found, dtype=np.int64, count=len(found))
        tf = 1.0 + np.log(np.fromiter(found.values(), dtype=np.float64, count=len(found)))
        values = tf * self.weights.idf[rows]
        pieces = rows >= self.weights.n_words
        for block, weight in ((~pieces, 1.0), (pieces, self.weights.piece_weight)):
            length = np.linalg.norm(values[block])
            if length > 0.0:
                values[block] *= weight / length
        return rows, values

    def _unknown(self, reason: str, source: _Source) -> AffectEstimate:
        return replace(self._blank(source), abstained=True, reason=reason)

    def _blank(self, source: _Source) -> AffectEstimate:
        return AffectEstimate(
            stamp_ns=source.stamp_ns,
            modality=Modality.TEXT,
            id=source.utterance_id,
            id_kind='utterance',
            person_id=source.person_id,
            taxonomy=GOEMOTIONS28.id,
            scores=np.full(len(GOEMOTIONS28), np.nan, dtype=np.float32),
            quality=source.quality,
            model_id=self.weights.model_id,
            model_hash=self.weights.model_hash,
        )


def derived_valence(p: FloatArray) -> float:
    """Return valence, -1..1, as the mean of the label anchors weighted by p; NaN where p is NaN.

    "neutral" counts with 0, so weak evidence gives a small value. On 8,839 EmoBank sentences it
    correlates 0.45 with the rated valence; arousal computed in the same way only 0.10, which is
    why no arousal is derived from words.

    Args:
        p: Probabilities, shape (28,), order of GOEMOTIONS28.
    """
    total = float(p.sum())
    if not math.isfinite(total) or total <= 0.0:
        return math.nan
    return float(p @ GOEMOTIONS_VAD[:, 0] / total)
