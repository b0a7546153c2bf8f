# SPDX-License-Identifier: Apache-2.0
"""The figures of `empathy eval voice`: mean recall, calibration, abstention, subgroups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.dataset import Item
from empathy_ros.evaluation.scores import (
    Answers,
    BOOTSTRAP_ROUNDS,
    BOOTSTRAP_SEED,
    interval,
    number,
    per_class,
    summary,
)


@dataclass(frozen=True)
class Judged:
    """What was said about n clips.

    Attributes:
        answers: Truth, top class (-1 = no answer possible), confidence, answered.
        reasons: Why there is no answer, '' where there is one.
    """

    answers: Answers
    reasons: tuple[str, ...]


def uar(truth: NDArray[np.int64], top: NDArray[np.int64]) -> float:
    """Return the mean recall over the classes that occur; nan without clips."""
    classes = np.unique(truth)
    return float(np.mean([np.mean(top[truth == k] == k) for k in classes])) if len(classes) else (
        math.nan
    )  # fmt: skip


def bootstrap_uar(a: Answers, units: NDArray[np.str_]) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean recall when units are drawn again.

    Args:
        a: Clips with labels.
        units: Speaker of each clip; clips of one speaker are not independent of each other.
    """
    names, index = np.unique(units, return_inverse=True)
    k = int(a.truth.max()) + 1
    counts, hits = np.zeros((len(names), k)), np.zeros((len(names), k))
    np.add.at(counts, (index, a.truth), 1.0)
    np.add.at(hits, (index, a.truth), (a.truth == a.top).astype(np.float64))
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    draws = rng.multinomial(
        len(names), np.full(len(names), 1.0 / len(names)), size=BOOTSTRAP_ROUNDS
    ).astype(np.float64)
    there = draws @ counts
    recall = np.divide(draws @ hits, there, out=np.full_like(there, np.nan), where=there > 0)
    values = np.nanmean(recall[:, counts.sum(axis=0) > 0], axis=1)
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def figures_of(
    judged: Judged, items: Sequence[Item], classes: Sequence[tuple[int, str]]
) -> dict[str, object]:
    """Return all figures as one dictionary ready for JSON.

    Every clip counts in `uar` and `accuracy`, also those on which the model abstains (its most
    likely class then); a clip that cannot be judged at all counts as wrong.

    Args:
        judged: One entry per item.
        items: Rows of the table.
        classes: (number, name).
    """
    a = judged.answers
    by_speaker = 'speaker' in items[0].groups
    units = np.array([i.groups['speaker'] if by_speaker else str(i.row) for i in items])
    numbers, k = [n for n, _ in classes], max(n for n, _ in classes) + 1
    result: dict[str, object] = {'uar': number(uar(a.truth, a.top))}
    result |= summary(a, numbers, k)
    intervals = result['intervals']
    assert isinstance(intervals, dict)
    intervals['uar'] = interval(bootstrap_uar(a, units))
    told = a.where(a.answered)
    result['uar_when_answering'] = number(uar(told.truth, told.top))
    reasons = Counter(reason for reason in judged.reasons if reason)
    return result | {
        'intervals_over': 'uar: speakers drawn again; the others: clips (Wilson)'
        if by_speaker
        else 'uar: clips drawn again; the others: clips (Wilson)',
        'speakers': len(set(units.tolist())) if by_speaker else None,
        'classes': [name for _, name in classes],
        'per_class': per_class(a, classes, k),
        'unknown_because': dict(sorted(reasons.items())),
        'groups': group_tables(a, items, numbers, k),
    }


def group_tables(
    a: Answers, items: Sequence[Item], numbers: Sequence[int], k: int
) -> dict[str, dict[str, object]]:
    """Return count, mean recall, accuracy, calibration and abstention of each subgroup."""
    tables: dict[str, dict[str, object]] = {}
    for column in items[0].groups:
        values = np.array([item.groups[column] for item in items])
        table: dict[str, object] = {}
        for value in sorted(set(values.tolist())):
            part = a.where(values == value)
            figures = summary(part, numbers, k)
            figures.pop('macro_f1')
            intervals = figures['intervals']
            assert isinstance(intervals, dict)
            intervals.pop('macro_f1')
            table[value] = {'uar': number(uar(part.truth, part.top)), **figures}
        tables[column] = table
    return tables
