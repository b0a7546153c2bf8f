# SPDX-License-Identifier: Apache-2.0
"""Figures of several answers to the same clips, with intervals that resample whole people.

A tie between k classes counts 1/k for each, so that the order of the classes decides nothing. A
channel that did not answer is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.common import ece, f1_scores
from empathy_ros.evaluation.scores import BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED, interval, number

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Bools = NDArray[np.bool_]

TIE = 1e-9


@dataclass(frozen=True)
class Arm:
    """What one way of answering gave for n clips; rows of NaN = no answer. Shape (n, k)."""

    shares: FloatArray

    def given(self) -> FloatArray:
        """Return the answer, shape (n, k): 1 for the top class, shared in a tie, 0 for none."""
        shares = np.nan_to_num(self.shares, nan=-1.0)
        top = (shares >= shares.max(axis=1, keepdims=True) - TIE) & (shares >= 0)
        return top / np.maximum(top.sum(axis=1, keepdims=True), 1)  # type: ignore[no-any-return]

    def calibration(self, truth: IntArray) -> float:
        """Return the expected calibration error over the clips that it answered."""
        answered = ~np.isnan(self.shares).all(axis=1)
        right = self.given()[np.arange(len(truth)), truth]
        return ece(np.nanmax(self.shares[answered], axis=1), right[answered])


def accuracy(table: FloatArray) -> FloatArray:
    """Return the share of right answers.

    Args:
        table: Shape (..., k, k + 1), rows = truth, columns = answers and at last the count.
    Returns:
        Shape (...).
    """
    right = np.trace(table[..., :-1], axis1=-2, axis2=-1)
    return np.asarray(right / table[..., -1].sum(axis=-1))


def uar(table: FloatArray) -> FloatArray:
    """Return the mean recall of the classes that occur; shapes as in `accuracy`."""
    count = table[..., -1]
    right = np.diagonal(table[..., :-1], axis1=-2, axis2=-1)
    recall = np.divide(right, count, out=np.zeros_like(count), where=count > 0)
    return np.asarray(recall.sum(axis=-1) / (count > 0).sum(axis=-1))


def macro_f1(table: FloatArray) -> float:
    """Return the mean F1 of the classes that occur; no answer counts as missed."""
    k = len(table)
    square = np.zeros((k + 1, k + 1))
    square[:k, :k] = table[:, :-1]
    square[:k, k] = table[:, -1] - table[:, :-1].sum(axis=1)
    scores = np.array(f1_scores(square))[:k]
    return float(np.mean(scores[table[:, -1] > 0]))


class People:
    """Confusion tables per person of several arms, and what resampling the people gives."""

    def __init__(self, arms: Mapping[str, Arm], truth: IntArray, person: Sequence[str]) -> None:
        """Count; where nobody is named each clip is a person of its own."""
        names = np.asarray(person)
        if not any(person):
            names = np.arange(len(truth))
        self.names = np.unique(names)
        index = np.searchsorted(self.names, names)
        k = next(iter(arms.values())).shares.shape[1]
        self._tables = {}
        for name, arm in arms.items():
            table = np.zeros((len(self.names), k, k + 1))
            np.add.at(table, (index, truth), np.hstack([arm.given(), np.ones((len(truth), 1))]))
            self._tables[name] = table

    def total(self, arm: str) -> FloatArray:
        """Return the confusion table of one arm, shape (k, k + 1), the last column = count."""
        return np.asarray(self._tables[arm].sum(axis=0))

    def resampled(self) -> dict[str, FloatArray]:
        """Return tables of each arm for people drawn again with replacement, (rounds, k, k+1)."""
        rng = np.random.default_rng(BOOTSTRAP_SEED)
        size = len(self.names)
        drawn = np.stack(
            [
                np.bincount(rng.integers(0, size, size), minlength=size)
                for _ in range(BOOTSTRAP_ROUNDS)
            ]
        ).astype(np.float64)
        return {
            name: (drawn @ table.reshape(size, -1)).reshape(-1, *table.shape[1:])
            for name, table in self._tables.items()
        }


def middle95(values: FloatArray) -> list[float | None]:
    """Return the 2.5th and 97.5th percentile for JSON."""
    kept = values[~np.isnan(values)]
    if kept.size == 0:
        return [None, None]
    low, high = np.percentile(kept, [2.5, 97.5])
    return interval((float(low), float(high)))


def gain(people: People, singles: Sequence[str], again: Mapping[str, FloatArray]) -> object:
    """Return accuracy and UAR of 'fused' above the better of the single channels."""
    result: dict[str, object] = {}
    for name, figure in (('accuracy', accuracy), ('uar', uar)):
        found = {arm: float(figure(people.total(arm))) for arm in (*singles, 'fused')}
        best = max(singles, key=found.__getitem__)
        result[name] = {
            'gain': number(found['fused'] - found[best]),
            'interval': middle95(figure(again['fused']) - figure(again[best])),
            'against': best,
        }
    return result


def figures(arms: Mapping[str, Arm], truth: IntArray, person: Sequence[str]) -> dict[str, object]:
    """Return accuracy, UAR, macro-F1 and ECE of each arm, and the gain of 'fused'."""
    people = People(arms, truth, person)
    again = people.resampled()
    kinds = {'accuracy': accuracy, 'uar': uar, 'macro_f1': macro_f1}
    result: dict[str, object] = {
        name: {arm: number(float(figure(people.total(arm)))) for arm in arms}
        for name, figure in kinds.items()
    }
    result['ece'] = {name: number(arm.calibration(truth)) for name, arm in arms.items()}
    result['intervals'] = {
        name: {arm: middle95(figure(again[arm])) for arm in arms}
        for name, figure in (('accuracy', accuracy), ('uar', uar))
    }
    raw = [name for name in ('face', 'voice') if name in arms]
    singles = [name for name in arms if name != 'fused']
    result['gain_over_better_single'] = gain(people, singles, again)
    result['gain_over_better_raw'] = gain(people, raw, again)
    result['people'] = len(people.names) if any(person) else None
    return result


def per_class(
    arms: Mapping[str, Arm], truth: IntArray, classes: Sequence[str]
) -> dict[str, object]:
    """Return count, recall of each arm, and precision and F1 of 'fused', per class."""
    tables = People(arms, truth, [''] * len(truth))
    fused = tables.total('fused')
    scores = f1_scores(fused[:, :-1])
    said = fused[:, :-1].sum(axis=0)
    result: dict[str, object] = {}
    for i, name in enumerate(classes):
        n = int(fused[i, -1])
        recall = {arm: number(tables.total(arm)[i, i] / n) if n else None for arm in arms}
        result[name] = {
            'n': n,
            'recall': recall,
            'precision': number(fused[i, i] / said[i]) if said[i] else None,
            'f1': number(scores[i]),
        }
    return result


def confusion(arm: Arm, truth: IntArray, classes: Sequence[str]) -> dict[str, object]:
    """Return for each class the share of its clips that got each answer."""
    shares = {}
    for i, name in enumerate(classes):
        rows = arm.given()[truth == i]
        mean = rows.mean(axis=0) if len(rows) else np.full(len(classes), math.nan)
        shares[name] = {other: number(float(v)) for other, v in zip(classes, mean, strict=True)}
    return shares


def wrongly(arm: Arm, truth: IntArray, which: Sequence[int]) -> float:
    """Return the share of clips of the other classes that are called one of `which`."""
    others = ~np.isin(truth, which)
    said = arm.given()[others][:, list(which)].sum(axis=1)
    return float(said.mean()) if others.any() else math.nan


def _wrongly_again(
    arm: Arm, truth: IntArray, person: Sequence[str], which: Sequence[int]
) -> list[float | None]:
    """Return the interval of `wrongly` when the people are drawn again."""
    _, index = np.unique(np.asarray(person), return_inverse=True)
    others = ~np.isin(truth, which)
    said = arm.given()[:, list(which)].sum(axis=1) * others
    right, all_ = np.bincount(index, said), np.bincount(index, others)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    drawn = rng.integers(0, len(all_), (BOOTSTRAP_ROUNDS, len(all_)))
    counts = all_[drawn].sum(axis=1)
    return middle95(right[drawn].sum(axis=1)[counts > 0] / counts[counts > 0])


def by_group(
    arms: Mapping[str, Arm],
    truth: IntArray,
    person: Sequence[str],
    group: Sequence[str],
    gloomy: Sequence[int] = (),
) -> dict[str, object]:
    """Return for each group: clips, people, accuracy of each arm, gain with interval, ECE.

    `gloomy_wrongly` is the share of clips of other classes that are called one of `gloomy`, its
    interval that of 'fused'.
    """
    names = np.asarray(group)
    result: dict[str, object] = {}
    for name in sorted(set(group)):
        inside = names == name
        some = {arm: Arm(value.shares[inside]) for arm, value in arms.items()}
        who = [p for p, yes in zip(person, inside, strict=True) if yes]
        found = figures(some, truth[inside], who)
        result[name] = {
            'n': int(inside.sum()),
            'people': found['people'],
            'accuracy': found['accuracy'],
            'accuracy_intervals': found['intervals']['accuracy'],  # type: ignore[index]
            'gain': found['gain_over_better_single']['accuracy'],  # type: ignore[index]
            'ece': found['ece']['fused'],  # type: ignore[index]
            'gloomy_wrongly': {
                arm: number(wrongly(value, truth[inside], gloomy)) for arm, value in some.items()
            },
            'gloomy_wrongly_interval': _wrongly_again(some['fused'], truth[inside], who, gloomy),
        }
    return result
