# SPDX-License-Identifier: Apache-2.0
"""Figures of a classifier that may abstain, each with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.common import ece, f1_scores, wilson

BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 20261124


@dataclass(frozen=True)
class Answers:
    """What a classifier said about n items; all arrays have shape (n,).

    Attributes:
        truth: Class number, -1 = without a label.
        top: Most likely class, -1 = no answer possible (no face, blank).
        confidence: Calibrated probability of the top class, 0..1.
        answered: False = abstained.
    """

    truth: NDArray[np.int64]
    top: NDArray[np.int64]
    confidence: NDArray[np.float64]
    answered: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> Answers:
        """Return the chosen items only."""
        return Answers(
            self.truth[chosen], self.top[chosen], self.confidence[chosen], self.answered[chosen]
        )


def number(value: float, digits: int = 4) -> float | None:
    """Return a rounded number, None for NaN (JSON has no NaN)."""
    return None if math.isnan(value) else round(value, digits)


def interval(pair: tuple[float, float]) -> list[float | None]:
    """Return a rounded interval for JSON."""
    return [number(pair[0]), number(pair[1])]


def confusion(truth: NDArray[np.int64], top: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return counts of shape (k, k + 1), rows = truth; the last column is "no answer possible"."""
    column = np.where(top < 0, k, top)
    flat = np.bincount(truth * (k + 1) + column, minlength=k * (k + 1))
    return flat.reshape(k, k + 1)


def macro_f1(table: NDArray[np.int64], numbers: Sequence[int]) -> float:
    """Return the mean F1 of the named classes that occur in the truth; nan if none does."""
    k = table.shape[0]
    square = np.zeros((k + 1, k + 1), dtype=np.int64)
    square[:k] = table
    scores = f1_scores(square)
    used = [scores[i] for i in numbers if table[i].sum() > 0]
    return float(np.mean(used)) if used else math.nan


def _bootstrap_f1(a: Answers, k: int, numbers: Sequence[int]) -> tuple[float, float]:
    if len(a.truth) == 0:
        return (math.nan, math.nan)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    values = []
    for _ in range(BOOTSTRAP_ROUNDS):
        rows = rng.integers(0, len(a.truth), len(a.truth))
        values.append(macro_f1(confusion(a.truth[rows], a.top[rows], k), numbers))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def summary(a: Answers, numbers: Sequence[int], k: int) -> dict[str, object]:
    """Return accuracy, macro-F1, calibration and abstention of labelled items.

    `accuracy` counts the most likely class of every item, abstained or not; an item for which no
    answer was possible counts as wrong. `accuracy_when_answering` counts answered items only.

    Args:
        a: Items with labels (truth >= 0).
        numbers: Classes that macro_f1 averages over, those absent from the truth left out.
        k: Number of classes of the model.
    """
    n = len(a.truth)
    right = a.truth == a.top
    said = int(np.sum(a.answered))
    said_right = int(np.sum(right & a.answered))
    possible = a.top >= 0
    table = confusion(a.truth, a.top, k)
    return {
        'n': n,
        'accuracy': number(float(right.mean())) if n else None,
        'macro_f1': number(macro_f1(table, numbers)),
        'ece': number(ece(a.confidence[possible], right[possible])),
        'abstain_rate': number(1 - said / n) if n else None,
        'accuracy_when_answering': number(said_right / said) if said else None,
        'intervals': {
            'accuracy': interval(wilson(int(right.sum()), n)),
            'macro_f1': interval(_bootstrap_f1(a, k, numbers)),
            'abstain_rate': interval(wilson(n - said, n)),
            'accuracy_when_answering': interval(wilson(said_right, said)),
        },
    }


def accuracy_at_coverage(a: Answers, share: float) -> float:
    """Return the accuracy of the most confident share of the answers, NaN without any.

    Args:
        a: Labelled pictures; abstentions count by their confidence too.
        share: 0..1 of the pictures.
    """
    count = round(share * len(a.truth))
    if not count:
        return math.nan
    first = np.argsort(-a.confidence, kind='stable')[:count]
    return float(np.mean(a.top[first] == a.truth[first]))


def per_class(a: Answers, classes: Sequence[tuple[int, str]], k: int) -> dict[str, object]:
    """Return count, precision, recall with interval and F1 of each class.

    Args:
        a: Items with labels.
        classes: (number, name) of each class.
        k: Number of classes of the model.
    """
    table = confusion(a.truth, a.top, k)
    result: dict[str, object] = {}
    for i, name in classes:
        hits, n, said = int(table[i, i]), int(table[i].sum()), int(table[:, i].sum())
        result[name] = {
            'n': n,
            'precision': number(hits / said) if said else None,
            'recall': number(hits / n) if n else None,
            'recall_interval': interval(wilson(hits, n)),
            'f1': number(2 * hits / (n + said)) if n + said else None,
        }
    return result
