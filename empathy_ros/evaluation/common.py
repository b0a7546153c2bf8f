# SPDX-License-Identifier: Apache-2.0
"""What all evaluation commands share: bad input, intervals, calibration error, progress."""

from __future__ import annotations

import math
import sys
import time

import numpy as np
from numpy.typing import ArrayLike


class BadInput(Exception):
    """The user's data cannot be used; the text names file and row and the cure. Exit code 2."""


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of hits / n, (nan, nan) for n = 0.

    Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212; z = 1.96 gives 95 %.
    """
    if n == 0:
        return (math.nan, math.nan)
    share = hits / n
    scale = 1.0 + z * z / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))


def ece(confidence: ArrayLike, correct: ArrayLike, bins: int = 15) -> float:
    """Return the expected calibration error with equal-width bins, nan without samples.

    Args:
        confidence: Shape (n,), probability of the given answer, 0..1.
        correct: Shape (n,), whether the answer was right.
        bins: Number of bins (15 as in Guo et al., ICML 2017).
    """
    conf = np.asarray(confidence, dtype=np.float64)
    hit = np.asarray(correct, dtype=np.float64)
    if conf.size == 0:
        return math.nan
    index = np.clip((conf * bins).astype(int), 0, bins - 1)
    gaps = [
        np.sum(index == b) * abs(conf[index == b].mean() - hit[index == b].mean())
        for b in range(bins)
        if np.any(index == b)
    ]
    return float(sum(gaps) / conf.size)


def f1_scores(confusion: ArrayLike) -> list[float]:
    """Return the F1 of each class, rows = truth; nan where a class neither occurs nor is given."""
    table = np.asarray(confusion, dtype=np.float64)
    scores = []
    for k in range(table.shape[0]):
        total = table[k].sum() + table[:, k].sum()
        scores.append(float(2 * table[k, k] / total) if total else math.nan)
    return scores


class Progress:
    """A line on stderr that is redrawn at most five times a second."""

    def __init__(self, what: str, total: int) -> None:
        """Name the work and say how many steps it has."""
        self._what, self._total, self._last_s = what, total, 0.0

    def step(self, done: int) -> None:
        """Show that `done` steps are finished."""
        now_s = time.monotonic()
        if now_s - self._last_s < 0.2 and done < self._total:
            return
        self._last_s = now_s
        end = '\n' if done >= self._total else '\r'
        print(f'{self._what}: {done}/{self._total}', end=end, file=sys.stderr, flush=True)
