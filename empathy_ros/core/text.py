# SPDX-License-Identifier: Apache-2.0
"""Emotion words carry: what a text model says of an utterance, with abstention.

Two models fit the Protocol: the fine-tuned encoder (engines/text_encoder.py, the default) and the
linear one (core/text_linear.py, for machines without ONNX Runtime). Both know English only, and
28 labels are not dependable for one sentence: use the probabilities, the Ekman view
(core/taxonomy.py) or the derived valence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import text_features
from empathy_ros.core.params import param
from empathy_ros.core.taxonomy import GOEMOTIONS28, GOEMOTIONS_VAD
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

    model: str = param(
        'text_encoder', 'Model in the manifest; text_affect_linear is smaller and weaker.',
        read_only=True,
    )  # fmt: skip
    provider: str = param(
        'cpu', 'Where the encoder runs; one sentence is quick on the CPU.',
        choices=('auto', 'cpu', 'cuda', 'tensorrt'), read_only=True,
    )  # fmt: skip
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


@dataclass(frozen=True)
class TextDecision:
    """How the probabilities of one model become labels and a confidence.

    Attributes:
        thresholds: Shape (28,), probabilities from which a label counts as present.
        ekman_thresholds: Shape (7,), the same for the groups of taxonomy.EKMAN_GROUPS.
        top_slope, top_offset: Turn the logit of the largest probability into a confidence.
        model_id: Manifest entry.
        model_hash: First 12 hex digits of the file's sha256.
    """

    thresholds: NDArray[np.float32] = field(repr=False)
    ekman_thresholds: NDArray[np.float32] = field(repr=False)
    top_slope: float = 1.0
    top_offset: float = 0.0
    model_id: str = ''
    model_hash: str = ''


class TextModel(Protocol):
    """Sentences to probabilities."""

    @property
    def decision(self) -> TextDecision:
        """How its probabilities become labels and a confidence."""

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return calibrated probabilities per label, shape (n, 28), 0..1, not summing to 1.

        A text without words gives a row of NaN.
        """

    def known_share(self, words: Sequence[str]) -> float:
        """Return the share of words that the model knows, 0..1; 0 without words."""


def sigmoid(logit: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-logit)) without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -40.0, 40.0))))


class TextAffect:
    """Turns sentences into AffectEstimates; holds no state between calls."""

    def __init__(self, model: TextModel, config: TextAffectConfig | None = None) -> None:
        """Keep model and configuration; both stay unchanged."""
        self.model = model
        self.config = config or TextAffectConfig()

    def confidence(self, p: FloatArray) -> float:
        """Return the calibrated probability that the label with the largest p applies.

        Args:
            p: Shape (28,), from `probabilities`.
        """
        top = min(max(float(p.max()), 1e-6), 1.0 - 1e-6)
        logit = math.log(top / (1.0 - top))
        decision = self.model.decision
        return 1.0 / (1.0 + math.exp(-(decision.top_slope * logit + decision.top_offset)))

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
        known = self.model.known_share(spoken)
        quality = known if math.isnan(heard) else known * heard
        source = _Source(stamp_ns, person_id, utterance_id, quality)
        reason = self._unreadable(text, spoken, known, heard)
        if reason:
            return self._unknown(reason, source)
        p = self.model.probabilities([text])[0]
        confidence = self.confidence(p)
        if not confidence >= self.config.min_confidence:
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
            model_id=self.model.decision.model_id,
            model_hash=self.model.decision.model_hash,
        )


def derived_valence(p: FloatArray) -> float:
    """Return valence, -1..1, as the mean of the label anchors weighted by p; NaN where p is NaN.

    "neutral" counts with 0, so weak evidence gives a small value. On 8,839 EmoBank sentences the
    linear model's correlates 0.45 with the rated valence; arousal computed in the same way only
    0.10, which is why no arousal is derived from words.

    Args:
        p: Probabilities, shape (28,), order of GOEMOTIONS28.
    """
    total = float(p.sum())
    if not math.isfinite(total) or total <= 0.0:
        return math.nan
    return float(p @ GOEMOTIONS_VAD[:, 0] / total)
