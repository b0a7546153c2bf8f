# SPDX-License-Identifier: Apache-2.0
"""Two text models that err differently, read together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.text import sigmoid, TextDecision, TextModel

FloatArray = NDArray[np.float64]
SMALLEST = 1e-4  # probabilities closer to 0 or 1 count as this far away


class BlendedText:
    """A TextModel: the weighted mean of the log odds of two others."""

    def __init__(
        self, first: TextModel, second: TextModel, weight: float, decision: TextDecision
    ) -> None:
        """Keep the parts.

        Args:
            first: Counts with 1 - weight.
            second: Counts with weight.
            weight: 0..1.
            decision: Thresholds and confidence that were fitted for the blend.

        Raises:
            ValueError: The weight is out of range.
        """
        if not 0.0 <= weight <= 1.0:
            raise ValueError(f'the weight of a blend is {weight}, needs 0..1')
        self.first, self.second, self.weight = first, second, weight
        self.decision = decision

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return calibrated probabilities per label, shape (n, 28); NaN without words."""
        return blend(
            self.first.probabilities(texts), self.second.probabilities(texts), self.weight
        )

    def known_share(self, words: Sequence[str]) -> float:
        """Return the share of words that the model that knows more of them knows, 0..1."""
        return max(self.first.known_share(words), self.second.known_share(words))


def blend(first: FloatArray, second: FloatArray, weight: float) -> FloatArray:
    """Return sigmoid((1 - weight) logit(first) + weight logit(second)), elementwise."""
    return sigmoid((1.0 - weight) * _log_odds(first) + weight * _log_odds(second))


def _log_odds(p: FloatArray) -> FloatArray:
    inside = np.clip(p, SMALLEST, 1.0 - SMALLEST)
    return np.asarray(np.log(inside / (1.0 - inside)))
