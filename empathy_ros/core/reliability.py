# SPDX-License-Identifier: Apache-2.0
"""What an answer of one channel says about each class, learned from how people read channels.

A channel names classes; `ReliabilityTable` holds how often it names each class, at each level of
intensity, when a given class is shown. By Bayes' rule the table turns an answer into a likelihood
ratio per class: a voice that sounds neutral says little against sadness, a happy face says much
for happiness. An answer that is a distribution counts as evidence that is itself uncertain
(virtual evidence; Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, section 2.2).

The numbers are in core/reliability_numbers.py. They come from clips that actors made on purpose
and from people as readers, not from networks: the best public stand-in, not a measurement of
ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import reliability_numbers as numbers
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Modality

FloatArray = NDArray[np.float64]

N = len(BASIC8)
# Evidence ratios beyond e^3 = 20 count as 20: one channel alone never settles the matter.
MAX_LOG_RATIO = 3.0
# Words: F1 by Ekman group of text_encoder, `empathy eval text` on the GoEmotions dev part
# (5,352 comments). Words say nothing about contempt (no such label there). Order of BASIC8.
TEXT_WEIGHT = np.array([0.67, 0.83, 0.61, 0.64, 0.56, 0.46, 0.63, 0.00])


@dataclass(frozen=True)
class ReliabilityTable:
    """How one channel names k classes.

    Attributes:
        joint: Shape (m, k, k): probability that the channel names class [.., .., j] at level knot
            [m] when class [.., i, ..] is shown; sums to 1 over knots and names for each i.
        weight: Shape (k,), what the log evidence about each class counts beside other channels
            (1 = as if the channels were independent).
        levels: Shape (m,), level of intensity at each knot [percent], rising.
    """

    joint: FloatArray
    weight: FloatArray
    levels: FloatArray
    named: FloatArray = field(init=False, repr=False)
    """Shape (k, k): probability of each name whatever the level, rows = shown."""

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: Shapes do not fit, or a row is no distribution.
        """
        knots, k, names = self.joint.shape
        if (k, knots) != (names, len(self.levels)) or self.weight.shape != (k,):
            raise ValueError(f'reliability table of shape {self.joint.shape} does not fit')
        named = self.joint.sum(axis=0)
        if self.joint.min() <= 0 or not np.allclose(named.sum(axis=1), 1.0, atol=1e-6):
            raise ValueError('reliability table: each row needs positive shares that sum to 1')
        object.__setattr__(self, 'named', named)

    def log_evidence(self, shares: FloatArray, level: FloatArray) -> FloatArray:
        """Return the log likelihood ratio of each class against the mean class.

        Args:
            shares: Shape (n, k), what the channel says, each row sums to 1 over the classes that
                it can name; NaN = it cannot name this class.
            level: Shape (n,), rated intensity of what is shown [percent], NaN = not known.
        Returns:
            Shape (n, k), weighted and within +-MAX_LOG_RATIO; 0 for classes that the channel
            cannot name: it speaks neither for nor against them.
        """
        can = ~np.isnan(shares)
        named = self._at(level) / (can.astype(np.float64) @ self.named.T)[:, :, None]
        # Only classes that the channel can name are compared with each other.
        mean = (named * can[:, :, None]).sum(axis=1) / can.sum(axis=1)[:, None]
        ratio = np.einsum('nik,nk->ni', named / mean[:, None, :], np.where(can, shares, 0.0))
        logs = self.weight * np.log(np.maximum(ratio, 1e-9))
        return np.where(can, np.clip(logs, -MAX_LOG_RATIO, MAX_LOG_RATIO), 0.0)

    def _at(self, level: FloatArray) -> FloatArray:
        """Return the table at each level, shape (n, k, k); whatever the level where unknown."""
        hats = knot_shares(level, self.levels)
        at = np.tensordot(hats, self.joint, axes=(1, 0))
        return np.where(np.isnan(level)[:, None, None], self.named, at)


def knot_shares(level: FloatArray, levels: FloatArray) -> FloatArray:
    """Return the share of each knot in each level, shape (n, m), linear between two knots."""
    known = np.where(np.isnan(level), levels[0], level)
    return np.stack([np.interp(known, levels, row) for row in np.eye(len(levels))], axis=1)


def extended(joint: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a table over BASIC8 from one over the classes of `numbers.CLASSES`.

    Surprise and contempt are not in the data. Assumed: they are named as reliably as the mean
    class and mistaken for the others as the mean class is; the others are mistaken for each of
    them as often as for a class other than neutral. Their weight is the mean weight.
    """
    knots, k, _ = joint.shape
    known = [BASIC8.index(name) for name in numbers.CLASSES]
    new = [i for i in range(N) if i not in known]
    named = joint.sum(axis=0)
    right = float(np.diag(named).mean())
    wrong = named * (1 - np.eye(k))
    neutral = numbers.CLASSES.index('neutral')
    mistaken = float(np.delete(wrong, neutral, axis=1).sum() / (k * (k - 1) - (k - 1)))
    table = np.zeros((N, N))
    table[np.ix_(known, known)] = named * (1 - mistaken * len(new))
    table[np.ix_(known, new)] = mistaken
    table[np.ix_(new, known)] = (1 - right) * wrong.sum(axis=0) / wrong.sum()
    table[np.ix_(new, new)] = mistaken
    table[new, new] = right
    level = np.full((N, N, knots), 1.0 / knots)
    at = (joint / named).transpose(1, 2, 0)
    for row, i in enumerate(known):
        level[i, known] = at[row]
    full = (table / table.sum(axis=1, keepdims=True))[:, :, None] * level
    weights = np.full(N, float(weight.mean()))
    weights[known] = weight
    return full.transpose(2, 0, 1), weights


def _shipped(name: str) -> ReliabilityTable:
    joint = numbers.joint(name)
    full, weight = extended(joint, np.array(numbers.WEIGHT[name]))
    return ReliabilityTable(full, weight, np.array(numbers.LEVELS[name]))


TABLES = {Modality.FACE: _shipped('face'), Modality.VOICE: _shipped('voice')}


def log_evidence(modality: Modality, shares: FloatArray, level: float = math.nan) -> FloatArray:
    """Return what one answer of a channel says about each basic class, shape (8,).

    Args:
        modality: The channel.
        shares: Shape (8,), sums to 1; NaN = the channel cannot name this class.
        level: Rated intensity [percent], NaN = not known.
    """
    if modality is Modality.TEXT:
        ratio = np.log(np.maximum(np.nan_to_num(shares, nan=1 / N), 1e-6) * N)
        return np.asarray(TEXT_WEIGHT * np.clip(ratio, -MAX_LOG_RATIO, MAX_LOG_RATIO))
    return np.asarray(TABLES[modality].log_evidence(shares[None], np.array([level]))[0])
