# SPDX-License-Identifier: Apache-2.0
"""The figures of `empathy eval face`: accuracy, calibration, abstention, shares by subgroup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from empathy_ros.core.expression_net import ExpressionReading
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.evaluation.dataset import DataFolder, Item
from empathy_ros.evaluation.scores import (
    accuracy_at_coverage,
    Answers,
    confusion,
    macro_f1,
    number,
    per_class,
    summary,
)
from empathy_ros.evaluation.subgroups import share_table
from empathy_ros.evaluation.valence_arousal import agreement, annotated, DIMENSIONS

SIX = ('neutral', 'happiness', 'surprise', 'sadness', 'anger', 'fear')
NO_FACE = 'no_face'
COVERAGES = (0.5, 0.7, 0.9)  # shares of the pictures, the most confident first


@dataclass(frozen=True)
class Seen:
    """One picture and what the network made of it; reading is None without a face."""

    item: Item
    reading: ExpressionReading | None


def answers_of(seen: Sequence[Seen]) -> Answers:
    """Return labels, top classes, confidences and abstentions as arrays."""
    index = {name: i for i, name in enumerate(BASIC8.labels)} | {'': -1}
    readings = [s.reading for s in seen]
    return Answers(
        truth=np.array([index[s.item.label] for s in seen], dtype=np.int64),
        top=np.array([index[r.label] if r else -1 for r in readings], dtype=np.int64),
        confidence=np.array([r.confidence if r else 0.0 for r in readings]),
        answered=np.array([r is not None and not r.abstained for r in readings], dtype=np.bool_),
    )


def group_tables(
    seen: Sequence[Seen], a: Answers, classes: Sequence[tuple[int, str]]
) -> dict[str, dict[str, object]]:
    """Return per subgroup column and value: counts, accuracy where labelled, predicted shares."""
    tables: dict[str, dict[str, object]] = {}
    for column in seen[0].item.groups:
        values = np.array([s.item.groups[column] for s in seen])
        table: dict[str, object] = {}
        for value in sorted(set(values.tolist())):
            inside = values == value
            labelled = a.where(inside & (a.truth >= 0))
            entry: dict[str, object] = {
                'n': int(inside.sum()),
                'no_face': int(np.sum(a.top[inside] < 0)),
                'abstain_rate': number(1 - float(a.answered[inside].mean())),
                'shares': share_table(a.top, inside, classes),
            }
            if len(labelled.truth):
                numbers = [i for i, _ in classes]
                entry |= summary(labelled, numbers, len(BASIC8)) | {'n': int(inside.sum())}
            table[value] = entry
        tables[column] = table
    return tables


def derived_figures(seen: Sequence[Seen], folder: DataFolder) -> dict[str, object]:
    """Return how derived valence and arousal agree with columns of these names, if there."""
    nan = float('nan')
    figures: dict[str, object] = {}
    for column in DIMENSIONS:
        if column in folder.columns:
            truth = [annotated(s.item.values, column, folder.where(s.item)) for s in seen]
            derived = [getattr(s.reading, column) if s.reading else nan for s in seen]
            figures[column] = agreement(derived, truth)
    return {'derived': figures} if figures else {}


def result_of(
    seen: Sequence[Seen], classes: Sequence[tuple[int, str]], left_out: int
) -> dict[str, object]:
    """Return all figures of DATA as one dictionary ready for JSON."""
    a = answers_of(seen)
    labelled = a.where(a.truth >= 0)
    k, numbers = len(BASIC8), [i for i, _ in classes]
    result = summary(labelled, numbers, k)
    if set(SIX) <= {name for _, name in classes}:
        six = [BASIC8.index(name) for name in SIX]
        table = confusion(labelled.truth, labelled.top, k)
        result['macro_f1_six'] = number(macro_f1(table, six))
    reasons = Counter(s.reading.reason if s.reading else NO_FACE for s in seen)
    return result | {
        'accuracy_at_coverage': {
            str(share): number(accuracy_at_coverage(labelled, share)) for share in COVERAGES
        },
        'n_without_label': int(np.sum(a.truth < 0)),
        'n_left_out': left_out,
        'classes': [name for _, name in classes],
        'per_class': per_class(labelled, classes, k),
        'unknown_because': {name: n for name, n in sorted(reasons.items()) if name},
        'shares': share_table(a.top, np.ones(len(seen), dtype=np.bool_), classes),
        'groups': group_tables(seen, a, classes),
    }
