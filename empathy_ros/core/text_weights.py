# SPDX-License-Identifier: Apache-2.0
"""What training hands to the linear text model of core/text.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import GOEMOTIONS28


class Vocabulary:
    """Which row each counted string has: a sorted array, 12 MB smaller than a dictionary."""

    def __init__(self, words: Sequence[str]) -> None:
        """Keep the strings; the row of a string is its place in `words`."""
        encoded = np.array([word.encode() for word in words], dtype=np.bytes_)
        self._order = np.argsort(encoded, kind='stable').astype(np.int32)
        self._sorted = encoded[self._order]

    def __len__(self) -> int:
        """Return the number of strings."""
        return len(self._order)

    def words(self) -> list[str]:
        """Return the strings in the order of their rows."""
        return [word.decode() for word in self._sorted[np.argsort(self._order)].tolist()]

    def rows(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each string, -1 where there is none; shape (n,)."""
        if not len(words):
            return np.zeros(0, np.int64)
        wanted = np.array([word.encode() for word in words], dtype=np.bytes_)
        place = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[place] == wanted, self._order[place], -1).astype(np.int64)


@dataclass(frozen=True)
class TextWeights:
    """Everything that training produced; n features, 28 labels in the order of GOEMOTIONS28.

    Attributes:
        vocabulary: Counted string -> row; rows below n_words are words and pairs, the others
            pieces of words (text_features.is_piece).
        n_words: Number of rows of the first block.
        piece_weight: Length of the second block's vector; that of the first is 1.
        idf: Shape (n,), inverse document frequency.
        weights: Shape (n, 28), int8.
        scale: Shape (28,), real weight = weights * scale.
        bias: Shape (28,).
        slope, offset: Shape (28,), probability = sigmoid(slope * score + offset) (Platt).
        thresholds: Shape (28,), probabilities from which a label counts as present.
        ekman_thresholds: Shape (7,), the same for the groups of taxonomy.EKMAN_GROUPS.
        top_slope, top_offset: Turn the logit of the largest probability into a confidence.
        model_id: Manifest entry.
        model_hash: First 12 hex digits of the file's sha256.
    """

    vocabulary: Vocabulary = field(repr=False)
    n_words: int
    piece_weight: float
    idf: NDArray[np.float32] = field(repr=False)
    weights: NDArray[np.int8] = field(repr=False)
    scale: NDArray[np.float32] = field(repr=False)
    bias: NDArray[np.float32] = field(repr=False)
    slope: NDArray[np.float32] = field(repr=False)
    offset: NDArray[np.float32] = field(repr=False)
    thresholds: NDArray[np.float32] = field(repr=False)
    ekman_thresholds: NDArray[np.float32] = field(repr=False)
    top_slope: float = 1.0
    top_offset: float = 0.0
    model_id: str = ''
    model_hash: str = ''

    def __post_init__(self) -> None:
        """Check that the parts fit together.

        Raises:
            ValueError: A shape does not fit (text names the part).
        """
        n, labels = len(self.vocabulary), len(GOEMOTIONS28)
        wanted = {
            'idf': (n,),
            'weights': (n, labels),
            **dict.fromkeys(('scale', 'bias', 'slope', 'offset', 'thresholds'), (labels,)),
            'ekman_thresholds': (7,),
        }
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                raise ValueError(f'text weights: {name} has shape {found}, expected {shape}')
            if not np.all(np.isfinite(getattr(self, name))):
                raise ValueError(f'text weights: {name} holds a value that is not finite')
        if not 0 < self.n_words <= n:
            raise ValueError(f'text weights: n_words {self.n_words} is not in 1..{n}')
