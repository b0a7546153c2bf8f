# SPDX-License-Identifier: Apache-2.0
"""Calibration and thresholds from the held-out rows, and figures with intervals."""

from __future__ import annotations

from typing import Any

from data import LABELS
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from empathy_ros.core.taxonomy import EKMAN_GROUPS, ekman_scores
from empathy_ros.evaluation.common import ece
from empathy_ros.evaluation.text import macro_f1

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GRID = np.arange(0.02, 0.901, 0.01)
PRIOR_POSITIVES = 20.0  # a label with so many positives decides half of its threshold itself
ROUNDS = 1000
SEED = 0
_MEMBERS = [[LABELS.index(name) for name in group] for group in EKMAN_GROUPS.values()]


def ekman_truth(truth: Bools) -> Bools:
    """Return which Ekman groups apply, (n, 7), from labels (n, 28)."""
    return np.stack([truth[:, group].any(axis=1) for group in _MEMBERS], axis=1)


def fit_curve(logits: Floats, truth: Bools, weights: Floats) -> tuple[float, Floats]:
    """Return slope and the 28 offsets of p = sigmoid(slope * logit + offset).

    The class weights shift a logit by about log(weight). That is undone first; one slope for
    all labels and a small offset for each, drawn to zero where positives are few, do the rest.
    """
    shifted = logits - np.log(weights)
    columns = [shifted.reshape(-1, 1), np.tile(np.eye(logits.shape[1]), (len(logits), 1))]
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000)
    model.fit(np.concatenate(columns, axis=1), truth.reshape(-1))
    slope, own = float(model.coef_[0, 0]), model.coef_[0, 1:]
    return slope, own - slope * np.log(weights)


def best_thresholds(p: Floats, truth: Bools) -> Floats:
    """Return the threshold of each column with the best F1; few positives lean on the mean."""
    given = p[None] >= GRID[:, None, None]
    hits = (given & truth).sum(axis=1)
    positives = truth.sum(axis=0)
    f1 = 2.0 * hits / np.maximum(given.sum(axis=1) + positives, 1)
    score = positives * f1 + PRIOR_POSITIVES * f1.mean(axis=1, keepdims=True)
    return np.asarray(GRID[score.argmax(axis=0)])


def calibrate(logits: Floats, truth: Bools, weights: Floats) -> dict[str, Any]:
    """Return curve, thresholds and confidence curve, all from the held-out rows."""
    slope, offset = fit_curve(logits, truth, weights)
    p = probabilities(logits, {'slope': slope, 'offset': offset})
    curve = {'labels': list(LABELS), 'slope': slope, 'offset': offset.tolist()}
    return curve | decide(p, truth)


def decide(p: Floats, truth: Bools) -> dict[str, Any]:
    """Return thresholds and the curve of the confidence from probabilities (n, 28)."""
    top = np.clip(p.max(axis=1), 1e-6, 1.0 - 1e-6)
    right = truth[np.arange(len(p)), p.argmax(axis=1)]
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(np.log(top / (1.0 - top)).reshape(-1, 1), right)
    return {
        'thresholds': best_thresholds(p, truth).round(2).tolist(),
        'ekman_thresholds': best_thresholds(ekman_scores(p), ekman_truth(truth)).round(2).tolist(),
        'top_slope': round(float(model.coef_[0, 0]), 5),
        'top_offset': round(float(model.intercept_[0]), 5),
    }


def probabilities(logits: Floats, curve: dict[str, Any]) -> Floats:
    """Return calibrated probabilities (n, 28)."""
    score = logits * curve['slope'] + np.asarray(curve['offset'])
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -50.0, 50.0))))


def cross_fitted(logits: Floats, truth: Bools, weights: Floats) -> float | None:
    """Return the macro F1 of the held-out rows, everything fitted on the other half of them."""
    half = np.random.default_rng(SEED).integers(0, 2, len(truth))
    given = np.zeros_like(truth)
    for part in (0, 1):
        fitted = calibrate(logits[half != part], truth[half != part], weights)
        p = probabilities(logits[half == part], fitted)
        given[half == part] = p >= np.asarray(fitted['thresholds'])
    return macro_f1(given, truth)


def bootstrap(given: Bools, truth: Bools) -> tuple[Floats, Floats]:
    """Return 95 % intervals: of the macro F1 (2,), and of the F1 of each column (2, k)."""
    n = len(truth)
    rng = np.random.default_rng(SEED)
    counts = rng.multinomial(n, np.full(n, 1.0 / n), size=ROUNDS).astype(np.float64)
    hits = counts @ (given & truth)
    totals = counts @ (given.astype(np.float64) + truth)
    f1 = np.divide(2.0 * hits, totals, out=np.zeros_like(hits), where=totals > 0.0)
    there = counts @ truth > 0.0
    macro = np.where(there, f1, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return np.percentile(macro, (2.5, 97.5)), np.percentile(f1, (2.5, 97.5), axis=0)


def report(logits: Floats, truth: Bools, fitted: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of sentences that decided nothing."""
    p = probabilities(logits, fitted)
    given = p >= np.asarray(fitted['thresholds'])
    groups, group_truth = ekman_scores(p) >= fitted['ekman_thresholds'], ekman_truth(truth)
    macro, each = bootstrap(given, truth)
    row = np.arange(len(p))
    top = np.log(np.clip(p.max(axis=1), 1e-6, 1 - 1e-6) / np.clip(1 - p.max(axis=1), 1e-6, 1))
    confidence = 1.0 / (1.0 + np.exp(-(fitted['top_slope'] * top + fitted['top_offset'])))
    return {
        'n': len(p),
        'macro_f1': macro_f1(given, truth),
        'macro_f1_interval': macro.tolist(),
        'macro_f1_at_half': macro_f1(logits >= 0.0, truth),
        'ekman_macro_f1': macro_f1(groups, group_truth),
        'ekman_macro_f1_interval': bootstrap(groups, group_truth)[0].tolist(),
        'top_is_right': float(truth[row, p.argmax(axis=1)].mean()),
        'ece': ece(confidence, truth[row, p.argmax(axis=1)]),
        'per_class': {
            label: {
                'f1': macro_f1(given[:, [k]], truth[:, [k]]),
                'interval': each[:, k].tolist(),
                'support': int(truth[:, k].sum()),
            }
            for k, label in enumerate(LABELS)
        },
    }
