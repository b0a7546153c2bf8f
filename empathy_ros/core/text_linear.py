# SPDX-License-Identifier: Apache-2.0
"""The small text model: linear scores over counted strings; needs nothing besides numpy.

One-vs-rest logistic regression over TF-IDF features (words, word pairs, pieces of words; negated
words count as words of their own), trained on GoEmotions by training/text_affect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import text_features
from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.core.text import sigmoid, TextDecision
from empathy_ros.core.text_weights import TextWeights

FloatArray = NDArray[np.float64]


class LinearText:
    """A TextModel (core/text.py) made of TextWeights; holds no state between calls."""

    def __init__(self, weights: TextWeights) -> None:
        """Keep the weights."""
        self.weights = weights
        self.decision = TextDecision(
            thresholds=weights.thresholds,
            ekman_thresholds=weights.ekman_thresholds,
            top_slope=weights.top_slope,
            top_offset=weights.top_offset,
            model_id=weights.model_id,
            model_hash=weights.model_hash,
        )

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return calibrated probabilities per label, shape (n, 28); NaN without words."""
        rows = [self._row(text_features.tokens(text)) for text in texts]
        return np.array(rows).reshape(len(rows), len(GOEMOTIONS28))

    def known_share(self, words: Sequence[str]) -> float:
        """Return the share of words that the vocabulary holds, 0..1; 0 without words."""
        return float((self.weights.vocabulary.rows(words) >= 0).mean()) if words else 0.0

    def _row(self, words: list[str]) -> FloatArray:
        if not any(text_features.is_word(token) for token in words):
            return np.full(len(GOEMOTIONS28), np.nan)
        w = self.weights
        rows, values = self._features(words)
        score = (values @ w.weights[rows].astype(np.float64)) * w.scale + w.bias
        return sigmoid(w.slope * score + w.offset)

    def _features(self, words: list[str]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return rows and TF-IDF values, each block scaled to length 1 (then its own weight)."""
        counts = Counter(text_features.grams(words))
        rows = self.weights.vocabulary.rows(list(counts))
        found, rows = rows >= 0, rows[rows >= 0]
        tf = 1.0 + np.log(np.fromiter(counts.values(), np.float64, len(counts))[found])
        values = tf * self.weights.idf[rows]
        pieces = rows >= self.weights.n_words
        for block, weight in ((~pieces, 1.0), (pieces, self.weights.piece_weight)):
            length = np.linalg.norm(values[block])
            if length > 0.0:
                values[block] *= weight / length
        return rows, values
