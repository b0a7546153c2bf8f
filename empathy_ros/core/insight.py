# SPDX-License-Identifier: Apache-2.0
"""LAION's Empathic-Insight heads: one small network per EmoNet category, and their names.

A head takes an embedding of a face (SigLIP2, 1152 numbers) or a voice, and answers one number per
category (faces: 0 to 7). Heads are linear layers with ReLU between them. Source: LAION AI,
EmoNet-Face, arXiv 2505.20033; models CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import re

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.emonet import EMONET40

FloatArray = NDArray[np.float64]
Layer = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Weights of shape (outputs, inputs) and biases of shape (outputs,)."""

FACE_FULL_SCALE = 7.0
# Words of a file name that are no part of a category.
_FILLING = {'model', 'best', 'and', 'of', 'consciousness', 'pth', 'score'}


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r'[a-z]+', text.lower())) - _FILLING


_BY_WORDS = {_words(label): label for label in EMONET40.labels}


def category_of(name: str) -> str:
    """Return the EmoNet category that a head is for, '' for a dimension beyond the 40.

    Args:
        name: Name of the head or of its file, such as 'model_jealousy_&_envy_best.pth'.
    """
    return _BY_WORDS.get(_words(name), '')


class Heads:
    """Heads that take the same embedding.

    Attributes:
        size: Length of the embedding.
        categories: EmoNet categories that have a head, in the order of EMONET40.
        full_scale: The answer that counts as 1.
    """

    def __init__(self, layers: Mapping[str, Sequence[Layer]], full_scale: float) -> None:
        """Check that the layers of each head fit together.

        Args:
            layers: Layers by category, first to last.
            full_scale: The answer that counts as 1, above 0.
        Raises:
            ValueError: unknown category, no head, layers that do not fit, numbers that are not
                finite; the text names the category.
        """
        unknown = sorted(set(layers) - set(EMONET40.labels))
        if unknown or not layers:
            raise ValueError(f'no EmoNet category: {", ".join(unknown) or "nothing given"}')
        if not full_scale > 0.0:
            raise ValueError(f'full_scale must be above 0, got {full_scale}')
        sizes = {name: _checked(name, stack) for name, stack in layers.items()}
        if len(set(sizes.values())) != 1:
            raise ValueError(f'heads take embeddings of different lengths: {sizes}')
        self.size = next(iter(sizes.values()))
        self.full_scale = full_scale
        self.categories = tuple(label for label in EMONET40.labels if label in layers)
        self._layers = {label: tuple(layers[label]) for label in self.categories}

    def read(self, embedding: NDArray[np.floating]) -> FloatArray:
        """Return scores in the order of EMONET40, 0..1, NaN where there is no head.

        Args:
            embedding: Shape (size,), finite.
        Raises:
            ValueError: another shape, or a number that is not finite.
        """
        if embedding.shape != (self.size,) or not np.isfinite(embedding).all():
            raise ValueError(
                f'heads need a finite embedding of shape ({self.size},), got {embedding.shape}'
            )
        scores = np.full(len(EMONET40), np.nan)
        for label, stack in self._layers.items():
            value = embedding.astype(np.float32)
            for number, (weights, biases) in enumerate(stack):
                value = weights @ (np.maximum(value, 0.0) if number else value) + biases
            scores[EMONET40.index(label)] = float(value[0])
        return np.clip(scores / self.full_scale, 0.0, 1.0)


def _checked(name: str, stack: Sequence[Layer]) -> int:
    """Return the input length of a stack of layers; ValueError when they do not fit."""
    if not stack:
        raise ValueError(f'{name}: no layers')
    size = stack[0][0].shape[1] if stack[0][0].ndim == 2 else 0
    before = size
    for weights, biases in stack:
        fits = weights.ndim == 2 and biases.shape == weights.shape[:1]
        if not fits or weights.shape[1] != before:
            raise ValueError(f'{name}: layers do not fit: {[w.shape for w, _ in stack]}')
        if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
            raise ValueError(f'{name}: a weight is not finite')
        before = weights.shape[0]
    if before != 1:
        raise ValueError(f'{name}: the last layer has {before} outputs, expected 1')
    return size
