# SPDX-License-Identifier: Apache-2.0
"""Fits the voice classifier: kernel ridge regression on landmarks, tuned over folds of speakers.

Width, ridge, temperatures and floor come from inner folds of the training speakers only; nothing
of an evaluated speaker is used. Landmarks as in Williams and Seeger, NIPS 13 (2001).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.voice_model import (
    gaussian,
    Head,
    HIGH_AROUSAL,
    LOW_AROUSAL,
    softmax,
    standard,
)

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

LANDMARKS = 1200
TUNING_LANDMARKS = 800
GAMMAS = (0.25, 0.5, 1.0, 2.0)
"""Kernel widths that are tried, divided by the number of features."""
RIDGES = (0.1, 0.3, 1.0)
INNER_FOLDS = 4
FLOOR_ACCURACY = 0.75
"""Above the floor this share of the answers was right in the inner folds."""


@dataclass(frozen=True)
class Examples:
    """Training vectors, n clips.

    Attributes:
        vectors: Shape (copies, n, FEATURES); copy 0 is the clip itself, the others are changed
            versions of it (speed, noise, room).
        labels: Class number of each clip, shape (n,).
        speakers: Number of the speaker of each clip, shape (n,).
        names: Label of each class number.
    """

    vectors: Floats
    labels: Whole
    speakers: Whole
    names: tuple[str, ...]

    def part(self, chosen: Mask) -> Examples:
        """Return the chosen clips with all their copies."""
        return Examples(
            self.vectors[:, chosen], self.labels[chosen], self.speakers[chosen], self.names
        )


def folds_of(speakers: Whole, count: int) -> list[Mask]:
    """Return which clips are held out in each fold; a speaker is in one fold only."""
    unique = np.unique(speakers)
    count = min(count, len(unique))
    return [np.isin(speakers, unique[i::count]) for i in range(count)]


def arousal_of(names: tuple[str, ...], labels: Whole) -> Whole:
    """Return 1 for high, 0 for low arousal, -1 for neither, shape (n,)."""
    side = [1 if name in HIGH_AROUSAL else 0 if name in LOW_AROUSAL else -1 for name in names]
    return np.asarray(np.array(side, dtype=np.int64)[labels])


def against_own_voice(data: Examples, seed: int) -> Examples:
    """Return the examples relative to their speakers.

    The person's usual voice is taken from another part of the clips in each copy: all of them, the
    neutral ones, a random half, and so on in turn. So a head does not rely on how a baseline is
    composed.
    """
    rng = np.random.default_rng(seed)
    calm = np.isin(data.labels, [i for i, n in enumerate(data.names) if n in ('neutral', 'calm')])
    out = np.empty_like(data.vectors)
    for copy, vectors in enumerate(data.vectors):
        for speaker in np.unique(data.speakers):
            own = data.speakers == speaker
            chosen = np.flatnonzero(own)
            if copy % 2 == 1 and int((own & calm).sum()) >= 3:
                chosen = np.flatnonzero(own & calm)
            elif copy > 0 and len(chosen) >= 8:
                chosen = rng.choice(chosen, len(chosen) // 2, replace=False)
            out[copy, own] = vectors[own] - vectors[chosen].mean(axis=0)
    return Examples(out, data.labels, data.speakers, data.names)


def fit_head(
    data: Examples, *, known_voice: bool, seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Head:  # fmt: skip
    """Return a head fitted to all examples.

    Args:
        data: Vectors of at least two speakers and two classes.
        known_voice: True = for voices whose usual sound is known.
        seed: Of landmarks and of the parts used as usual voice.
        progress: Told what is being done.
    """
    used = against_own_voice(data, seed) if known_voice else data
    folds = folds_of(data.speakers, INNER_FOLDS)
    progress('tuning on inner folds of speakers')
    gamma, ridge = _tuned(used, folds)
    scores = np.zeros((len(data.labels), len(data.names) + 1))
    for held in folds:
        inner = _fit(used.part(~held), gamma, ridge, seed)
        scores[held] = inner.scores(standard(used.vectors[0][held], inner.mean, inner.scale))
    progress('fitting to all speakers')
    head = _fit(used, gamma, ridge, seed)
    return _calibrated(head, scores, used)


def _fit(data: Examples, gamma: float, ridge: float, seed: int) -> Head:
    """Return a head without calibration."""
    copies, n, width = data.vectors.shape
    rows = data.vectors.reshape(copies * n, width)
    labels = np.tile(data.labels, copies)
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-4)
    x = standard(rows, mean, scale)
    rng = np.random.default_rng(seed)
    marks = np.sort(rng.choice(len(x), min(LANDMARKS, len(x)), replace=False))
    weights = _solve(x, labels, data.names, x[marks], gamma, ridge)
    return Head(mean, scale, x[marks], weights, gamma, 1.0, 1.0, 0.0)


def _solve(
    x: Floats, labels: Whole, names: tuple[str, ...], marks: Floats, gamma: float, ridge: float
) -> Floats:
    """Return the weights of the landmarks for all labels and for arousal, shape (m, k + 1).

    Solves (K' R K + ridge M) w = K' R y, where R makes all classes count the same, and for arousal
    (1 = high, -1 = low) both sides; labels on neither side count nothing there.
    """
    inner = gaussian(marks, marks, gamma)
    kernel = gaussian(x, marks, gamma).astype(np.float32)
    left, right = _equations(kernel, labels, _classes_of(labels, len(names)))
    weights = _weights_of(left, inner, right, ridge, len(x))
    side = arousal_of(names, labels)
    if not ((side == 0).any() and (side == 1).any()):
        return np.column_stack((weights, np.zeros(len(marks), np.float32)))
    sided = side >= 0
    target = np.asarray(2.0 * side[sided] - 1.0, dtype=np.float64)[:, None]
    left, right = _equations(kernel[sided], side[sided], target)
    arousal = _weights_of(left, inner, right, ridge, int(sided.sum()))
    return np.column_stack((weights, arousal))


def _classes_of(labels: Whole, k: int) -> Reals:
    """Return 1 - 1/k for the class of each row and -1/k for the others, shape (n, k)."""
    return np.asarray((labels[:, None] == np.arange(k)) - 1.0 / k, dtype=np.float64)


def _equations(kernel: Floats, groups: Whole, target: Reals) -> tuple[Floats, Floats]:
    """Return K' R K and K' R y, where R makes the groups of rows count the same."""
    rows = 1.0 / np.maximum(np.bincount(groups), 1)[groups]
    scaled = kernel * (rows * len(rows) / rows.sum()).astype(np.float32)[:, None]
    return scaled.T @ kernel, scaled.T @ target.astype(np.float32)


def _weights_of(left: Floats, inner: Reals, right: Floats, ridge: float, rows: int) -> Floats:
    square = left.astype(np.float64) + ridge * inner
    square[np.diag_indices_from(square)] += 1e-5 * rows
    return np.linalg.solve(square, right.astype(np.float64)).astype(np.float32)


def _tuned(data: Examples, folds: list[Mask]) -> tuple[float, float]:
    """Return width and ridge with the best mean recall over the folds, on unchanged clips."""
    x, width = data.vectors[0], data.vectors.shape[2]
    grid = [(gamma / width, ridge) for gamma in GAMMAS for ridge in RIDGES]
    tops = np.zeros((len(grid), len(x)), dtype=np.int64)
    for held in folds:
        mean, scale = x[~held].mean(axis=0), np.maximum(x[~held].std(axis=0), 1e-4)
        inside, outside = standard(x[~held], mean, scale), standard(x[held], mean, scale)
        marks = inside[:: -(-len(inside) // TUNING_LANDMARKS)]
        for at, (gamma, ridge) in enumerate(grid):
            if at % len(RIDGES) == 0:
                truth = data.labels[~held]
                left, right = _equations(
                    gaussian(inside, marks, gamma).astype(np.float32), truth,
                    _classes_of(truth, len(data.names)),
                )  # fmt: skip
                inner, kernel = gaussian(marks, marks, gamma), gaussian(outside, marks, gamma)
            weights = _weights_of(left, inner, right, ridge, len(inside))
            tops[at, held] = (kernel @ weights).argmax(axis=1)
    values = [mean_recall(data.labels, top) for top in tops]
    return grid[int(np.argmax(values))]


def mean_recall(truth: Whole, top: Whole) -> float:
    """Return the mean share of right answers over the classes that occur."""
    return float(np.mean([np.mean(top[truth == k] == k) for k in np.unique(truth)]))


def _calibrated(head: Head, scores: Reals, data: Examples) -> Head:
    """Return the head with temperatures and floor from the scores of the inner folds."""
    side = arousal_of(data.names, data.labels)
    temperature = _best_temperature(scores[:, :-1], data.labels)
    sided = side >= 0
    two = np.stack((np.zeros(int(sided.sum())), scores[sided, -1]), axis=1)
    arousal = _best_temperature(two, side[sided]) if sided.any() else 1.0
    shares = softmax(scores[:, :-1] / temperature)
    floor = floor_of(shares.max(axis=1), shares.argmax(axis=1) == data.labels)
    return Head(
        head.mean, head.scale, head.support, head.weights, head.gamma,
        temperature, arousal, floor,
    )  # fmt: skip


def _best_temperature(scores: Reals, labels: Whole) -> float:
    """Return the temperature with the least mean negative log likelihood (Guo et al. 2017)."""
    grid = np.exp(np.linspace(math.log(0.02), math.log(5.0), 120))
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(scores / t)[rows, labels] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def floor_of(confidence: Reals, right: Mask) -> float:
    """Return the lowest confidence above which FLOOR_ACCURACY of the answers are right."""
    order = np.argsort(-confidence)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= FLOOR_ACCURACY)
    good = good[good >= min(19, len(order) - 1)]
    return float(confidence[order[good[-1]]]) if len(good) else 1.0
