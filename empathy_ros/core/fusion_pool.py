# SPDX-License-Identifier: Apache-2.0
"""Pool what several channels say at one moment into one distribution over the basic classes.

Log-linear pooling (Genest and Zidek, Statistical Science 1 (1986) 114-148) of likelihood ratios:
each channel adds the log evidence of its reliability table, times its weight. A weight of 0 adds
nothing, so a channel that is missing or bad leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import itertools
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import reliability
from empathy_ros.core.types import Modality

FloatArray = NDArray[np.float64]

N = reliability.N
EVEN: FloatArray = np.full(N, 1.0 / N)


@dataclass(frozen=True)
class Evidence:
    """What one channel says.

    Attributes:
        modality: The channel.
        shares: Shape (8,), sums to 1; NaN = the channel cannot name this class.
        weight: Freshness times quality, 0..1.
        level: Rated intensity of what is shown [percent], NaN = not known.
    """

    modality: Modality
    shares: FloatArray
    weight: float = 1.0
    level: float = math.nan


@dataclass(frozen=True)
class Pooled:
    """What all channels say together.

    Attributes:
        basic: Shape (8,), sums to 1.
        top: Most likely class.
        confidence: Its share.
        conflict: 0 none .. 1 complete, NaN with fewer than two channels; see `conflict`.
        named: Whether a channel itself gave the top class more than an even share.
    """

    basic: FloatArray
    top: int
    confidence: float
    conflict: float
    named: bool


def pool(said: Sequence[Evidence], prior: FloatArray = EVEN) -> Pooled:
    """Return the pooled distribution.

    Args:
        said: At least one channel.
        prior: Shape (8,), share of each class before any evidence; 0 = cannot be the answer.
    """
    logs = [reliability.log_evidence(e.modality, e.shares, e.level) for e in said]
    weights = [min(1.0, max(0.0, e.weight)) for e in said]
    basic = softmax(np.sum([w * log for w, log in zip(weights, logs, strict=True)], 0), prior)
    top = int(basic.argmax())
    even = (prior > 0).astype(np.float64)
    alone = [
        e.shares if e.modality is Modality.TEXT else softmax(log, even)
        for e, log in zip(said, logs, strict=True)
    ]
    named = any(e.shares[top] > 1.0 / np.sum(~np.isnan(e.shares)) for e in said)
    return Pooled(basic, top, float(basic[top]), conflict(weights, alone), named)


def conflict(weights: Sequence[float], alone: Sequence[FloatArray]) -> float:
    """Return how far two channels exclude each other's answer, the largest over all pairs.

    Channels with the distributions p and q and their top classes i and j:
    (1 - p[j] / p[i]) (1 - q[i] / q[j]), scaled by the geometric mean of their weights. It is 0
    where both have the same top class or one of them prefers none, 1 where each rules out the
    answer of the other.

    Args:
        weights: Weight of each channel, 0..1.
        alone: What each channel says by itself, shape (k,), after its reliability table; words
            have none and are taken as they are. NaN = the channel cannot name this class and does
            not rule it out either: an even share.
    Returns:
        0..1, NaN with fewer than two channels.
    """
    if len(alone) < 2:
        return math.nan
    worst = 0.0
    for (p, one), (q, two) in itertools.combinations(zip(alone, weights, strict=True), 2):
        i, j = int(np.nanargmax(p)), int(np.nanargmax(q))
        apart = (1.0 - _share(p, j) / p[i]) * (1.0 - _share(q, i) / q[j])
        worst = max(worst, float(apart) * math.sqrt(one * two))
    return worst


def _share(shares: FloatArray, index: int) -> float:
    """Return one share; a class that the channel cannot name has an even one."""
    return float(np.nan_to_num(shares[index], nan=1.0 / len(shares)))


def softmax(logs: FloatArray, prior: FloatArray) -> FloatArray:
    """Return prior times exp(logs), scaled so that the last axis sums to 1.

    Args:
        logs: Shape (..., k).
        prior: Shape (k,), or that of logs.
    """
    exp = prior * np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True))
