# SPDX-License-Identifier: Apache-2.0
"""A small classifier of voices: kernel regression on the statistics of a stretch of speech.

Scores are weighted sums of Gaussian kernels to remembered training vectors (Poggio and Girosi,
Proc. IEEE 78 (1990)); a temperature turns them into calibrated shares. There are two heads: one
for an unknown voice, and one for a voice whose usual sound is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import NAN
from empathy_ros.core.voice_features import FEATURES, FEATURES_ID

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]

CALM = 'calm'
VOICE_LABELS = (*BASIC8.labels, CALM)
HIGH_AROUSAL = ('happiness', 'anger', 'fear', 'surprise')
LOW_AROUSAL = ('neutral', 'calm', 'sadness')
"""Disgust and contempt are on neither side (as in the sets that RAVDESS and Emo-DB are scored
by)."""
Z_LIMIT = 4.0


@dataclass(frozen=True)
class Head:
    """One kernel regression with n remembered vectors and k labels.

    Attributes:
        mean: Subtracted from a vector, shape (FEATURES,).
        scale: Then divided by, shape (FEATURES,).
        support: Remembered vectors after scaling, shape (n, FEATURES).
        weights: Shape (n, k + 1); the last column scores high (+) against low (-) arousal, all 0 =
            the labels are on one side only and arousal is not known.
        gamma: Width of the kernel, exp(-gamma * distance^2).
        temperature: Scores are divided by it before the softmax.
        arousal_temperature: The same for the arousal score before the logistic function.
        floor: Confidence under which no label is given.
    """

    mean: Floats
    scale: Floats
    support: Floats
    weights: Floats
    gamma: float
    temperature: float
    arousal_temperature: float
    floor: float

    def scores(self, vectors: Floats) -> Reals:
        """Return raw scores of scaled vectors, shape (m, k + 1)."""
        kernel = gaussian(vectors, self.support, self.gamma)
        return np.asarray(kernel @ self.weights, dtype=np.float64)

    def scaled(self, vectors: Floats) -> Floats:
        """Return vectors in the units of this head."""
        return standard(vectors, self.mean, self.scale)


def gaussian(a: Floats, b: Floats, gamma: float) -> Reals:
    """Return exp(-gamma |a_i - b_j|^2), shape (len(a), len(b))."""
    square = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - 2.0 * (a @ b.T)
    return np.asarray(np.exp(-gamma * np.maximum(square, 0.0)))


def standard(vectors: Floats, mean: Floats, scale: Floats) -> Floats:
    """Return vectors less mean, over scale, limited to 4 deviations."""
    scaled: Floats = np.clip((vectors - mean) / scale, -Z_LIMIT, Z_LIMIT).astype(np.float32)
    return scaled


@dataclass(frozen=True)
class Reading:
    """What the classifier makes of one stretch.

    Attributes:
        shares: Calibrated shares of the labels, shape (k,), sum 1; NaN = too little speech.
        high: Calibrated probability of high arousal, NaN = too little speech or never learnt.
        floor: Confidence under which no label is given.
        known_voice: True = the head for a known voice answered.
    """

    shares: Reals
    high: float
    floor: float
    known_voice: bool = False

    @property
    def confidence(self) -> float:
        """Share of the most likely label."""
        return float(self.shares.max()) if np.isfinite(self.shares).all() else 0.0


@dataclass(frozen=True)
class VoiceClassifier:
    """Both heads, their labels and where they come from.

    Attributes:
        labels: Of VOICE_LABELS.
        plain: For an unknown voice.
        known: For vectors less the usual vector of that voice; None = there is none.
        model_id: Name under which estimates mention it.
        model_hash: First 12 digits of the file's sha256.
        licence: Of the weights.
        noncommercial: True = use is restricted to non-commercial purposes.
        facts: Plain values about the training.
    """

    labels: tuple[str, ...]
    plain: Head
    known: Head | None
    model_id: str = ''
    model_hash: str = ''
    licence: str = ''
    noncommercial: bool = False
    facts: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse parts that do not fit together.

        Raises:
            ValueError: unknown labels, or an array of the wrong shape or with NaN.
        """
        unknown = [label for label in self.labels if label not in VOICE_LABELS]
        if len(self.labels) < 2 or unknown or len(set(self.labels)) != len(self.labels):
            raise ValueError(f'labels {self.labels}: two or more of {", ".join(VOICE_LABELS)}')
        for head in (self.plain, self.known):
            if head is not None:
                _check(head, len(self.labels))

    def read(self, vector: Floats, usual: Floats | None = None) -> Reading:
        """Return the reading of one vector of voice_features.functionals, shape (FEATURES,)."""
        return self.read_all(vector[None, :], usual)[0]

    def read_all(self, vectors: Floats, usual: Floats | None = None) -> list[Reading]:
        """Return the readings of vectors of one voice, shape (m, FEATURES).

        Args:
            vectors: Of stretches; NaN = too little speech.
            usual: Mean vector of the person's turns, shape (FEATURES,); None = unknown voice. With
                it both heads answer and the mean of their answers counts: a usual voice that was
                learned in one mood only misleads the second head alone.
        """
        missing = np.asarray(~np.isfinite(vectors).all(axis=1), dtype=np.bool_)
        clean = np.where(missing[:, None], 0.0, vectors).astype(np.float32)
        shares, high = _answers(self.plain, clean)
        floor, known = self.plain.floor, usual is not None and self.known is not None
        if usual is not None and self.known is not None:
            other_shares, other_high = _answers(self.known, clean - usual)
            shares, high = (shares + other_shares) / 2.0, (high + other_high) / 2.0
            floor = (floor + self.known.floor) / 2.0
        nothing = np.full(len(self.labels), NAN)
        return [
            Reading(nothing, NAN, floor, known)
            if missing[i]
            else Reading(shares[i], float(high[i]), floor, known)
            for i in range(len(vectors))
        ]

    def basic(self, shares: Reals) -> Floats:
        """Return shares over BASIC8: calm counts as neutral, what the model lacks is NaN."""
        out = np.full(len(BASIC8), NAN, np.float32)
        for label, share in zip(self.labels, shares, strict=True):
            index = BASIC8.index('neutral' if label == CALM else label)
            out[index] = share if math.isnan(out[index]) else out[index] + share
        return out


def _answers(head: Head, vectors: Floats) -> tuple[Reals, Reals]:
    """Return calibrated shares (m, k) and probabilities of high arousal (m,), NaN = not learnt."""
    scores = head.scores(head.scaled(vectors))
    high = logistic(scores[:, -1] / head.arousal_temperature)
    if not head.weights[:, -1].any():
        high = np.full(len(vectors), NAN)
    return softmax(scores[:, :-1] / head.temperature), high


def softmax(scores: Reals) -> Reals:
    """Return shares of each row."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def logistic(x: Reals) -> Reals:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def _check(head: Head, labels: int) -> None:
    n = len(head.support)
    shapes = {
        'mean': (FEATURES,), 'scale': (FEATURES,),
        'support': (n, FEATURES), 'weights': (n, labels + 1),
    }  # fmt: skip
    for name, shape in shapes.items():
        array = getattr(head, name)
        if array.shape != shape or n == 0:
            raise ValueError(f'{name} has shape {array.shape}, {FEATURES_ID} needs {shape}')
        if not np.isfinite(array).all():
            raise ValueError(f'{name} holds values that are not finite')
    if (head.scale <= 0).any() or not head.gamma > 0:
        raise ValueError('scale and gamma must be above 0')
    if not (head.temperature > 0 and head.arousal_temperature > 0 and 0 <= head.floor <= 1):
        raise ValueError('temperatures must be above 0 and the floor inside 0..1')
