# SPDX-License-Identifier: Apache-2.0
"""Fits reliability tables to answers of channels about clips whose class is known.

Counts with a little smoothing give how often a channel names each class at each level; then one
weight per channel and class says what that evidence counts beside the other channel. Everything
is deterministic; people are split, never the clips of one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.fusion_pool import softmax
from empathy_ros.core.reliability import knot_shares, ReliabilityTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Bools = NDArray[np.bool_]

KNOTS = 5
SMOOTHING = 5.0
PULL_TO_ONE = 1e-3
NEWTON_STEPS = 12


@dataclass(frozen=True)
class Heard:
    """What one channel said about n clips: shares (n, k) without NaN, level [percent] (n,)."""

    shares: FloatArray
    level: FloatArray

    def where(self, chosen: Bools) -> Heard:
        """Return the chosen clips."""
        return Heard(self.shares[chosen], self.level[chosen])


def folds_by_person(person: Sequence[str], folds: int, seed: int) -> IntArray:
    """Return the fold of each clip; all clips of a person are in one fold."""
    names = np.unique(np.asarray(person))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = dict(zip(names[order].tolist(), np.arange(len(names)) % folds, strict=True))
    return np.array([fold_of[p] for p in person], dtype=np.int64)


def fit_table(heard: Heard, truth: IntArray) -> ReliabilityTable:
    """Return the table of one channel, with weights of 1.

    The knots are the 10th, 30th, 50th, 70th and 90th percentile of the level. Each class is
    smoothed with SMOOTHING clips that follow its own names and even levels.
    """
    k = heard.shares.shape[1]
    levels = np.quantile(heard.level, (np.arange(KNOTS) + 0.5) / KNOTS)
    levels = np.maximum.accumulate(levels) + 1e-6 * np.arange(KNOTS)
    shown = np.eye(k)[truth]
    named = shown.T @ heard.shares + 1.0
    named /= named.sum(axis=1, keepdims=True)
    counts = np.einsum('nm,ni,nk->mik', knot_shares(heard.level, levels), shown, heard.shares)
    counts += SMOOTHING * named / KNOTS
    return ReliabilityTable(counts / counts.sum(axis=(0, 2))[:, None], np.ones(k), levels)


def fit(heard: Sequence[Heard], truth: IntArray, fold: IntArray) -> list[ReliabilityTable]:
    """Return one table per channel with weights fitted on people the tables have not seen.

    Args:
        heard: The channels.
        truth: Shape (n,), class of each clip.
        fold: Shape (n,), fold of each clip; at least two folds.
    """
    logs = np.zeros((len(truth), len(heard), heard[0].shares.shape[1]))
    blind = np.zeros_like(logs)
    for number in np.unique(fold):
        inside = fold == number
        for column, channel in enumerate(heard):
            table = fit_table(channel.where(~inside), truth[~inside])
            part = channel.where(inside)
            logs[inside, column] = table.log_evidence(part.shares, part.level)
            no_level = np.full(len(part.level), np.nan)
            blind[inside, column] = table.log_evidence(part.shares, no_level)
    # Half of the evidence without the level: on a robot nobody rates it.
    weights = fit_weights(np.concatenate([logs, blind]), np.concatenate([truth, truth]))
    tables = [fit_table(channel, truth) for channel in heard]
    return [
        ReliabilityTable(table.joint, weight, table.levels)
        for table, weight in zip(tables, weights, strict=True)
    ]


def fit_weights(logs: FloatArray, truth: IntArray) -> FloatArray:
    """Return the weights that make the truth most likely, pulled slightly towards 1.

    Newton's method with halved steps on the negative log likelihood of a softmax of the weighted
    sum, which is convex.

    Args:
        logs: Shape (n, channels, k), log evidence.
        truth: Shape (n,).
    Returns:
        Shape (channels, k).
    """
    _, channels, k = logs.shape
    weights = np.ones((channels, k))
    loss = _loss(logs, truth, weights)
    for _ in range(NEWTON_STEPS):
        step, size = _newton_step(logs, truth, weights), 1.0
        while size > 1e-4 and _loss(logs, truth, weights - size * step) > loss:
            size /= 2
        if size <= 1e-4:
            break
        weights = weights - size * step
        loss = _loss(logs, truth, weights)
    return np.asarray(weights)


def _loss(logs: FloatArray, truth: IntArray, weights: FloatArray) -> float:
    p = posterior(logs, weights)[np.arange(len(truth)), truth]
    pull = PULL_TO_ONE / 2 * float(np.sum((weights - 1) ** 2))
    return pull - float(np.log(np.maximum(p, 1e-300)).mean())


def _newton_step(logs: FloatArray, truth: IntArray, weights: FloatArray) -> FloatArray:
    n, channels, k = logs.shape
    p = posterior(logs, weights)
    off = p - np.eye(k)[truth]
    slope = np.einsum('nc,nhc->hc', off, logs) / n + PULL_TO_ONE * (weights - 1)
    scaled = logs * p[:, None, :]
    bend = -np.einsum('nha,ngb->hagb', scaled, scaled) / n
    same = np.einsum('nhc,ngc->hgc', scaled, logs) / n
    for c in range(k):
        bend[:, c, :, c] += same[:, :, c]
    flat = bend.reshape(channels * k, channels * k) + PULL_TO_ONE * np.eye(channels * k)
    return np.linalg.solve(flat, slope.ravel()).reshape(channels, k)


def posterior(logs: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the softmax over classes of the weighted sum over channels, shape (n, k)."""
    return softmax((logs * weights).sum(axis=1), np.ones(logs.shape[2]))
