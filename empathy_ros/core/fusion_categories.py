# SPDX-License-Identifier: Apache-2.0
"""Which of the 40 EmoNet categories each channel can speak about, and how they are joined.

A category gets a score only from channels that can speak about it; where none does it is NaN.
Nothing is derived from another category, and the excluded ones are NaN whatever comes in. The
whole table, category by channel, is in models/cards/fusion.md and a test keeps it true.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import reliability, taxonomy
from empathy_ros.core.types import AffectEstimate, Modality

FloatArray = NDArray[np.float64]

N = len(taxonomy.EMONET40)
N_BASIC = len(taxonomy.BASIC8)
N_WORDS = len(taxonomy.GOEMOTIONS28)


def of_estimate(estimate: AffectEstimate) -> FloatArray:
    """Return the 40 graded scores that this estimate supports, NaN for the rest."""
    scores = np.asarray(estimate.scores, dtype=np.float64)
    if estimate.taxonomy == taxonomy.GOEMOTIONS28.id and scores.size == N_WORDS:
        return taxonomy.emonet_from_goemotions(scores)
    seen_or_heard = estimate.modality is not Modality.TEXT
    if estimate.taxonomy == taxonomy.BASIC8.id and scores.size == N_BASIC and seen_or_heard:
        return taxonomy.emonet_from_basic(scores, estimate.modality.value)
    return np.full(N, np.nan)


def join(scores: Mapping[Modality, FloatArray], weights: Mapping[Modality, float]) -> FloatArray:
    """Return the mean score of each category over the channels that speak about it.

    Each channel counts by its weight times how reliably it names the basic class of the category.

    Args:
        scores: Shape (40,) per channel, NaN = it does not speak about this category.
        weights: Freshness times quality of each channel, >= 0.
    Returns:
        Shape (40,), 0..1 or NaN.
    """
    total, summed = np.zeros(N), np.zeros(N)
    for modality, values in scores.items():
        share = np.where(np.isnan(values), 0.0, weights[modality] * RELIABILITY[modality])
        total += share
        summed += share * np.nan_to_num(values, nan=0.0)
    mean: FloatArray = np.full(N, np.nan)
    np.divide(summed, total, out=mean, where=total > 0)
    return mean


def _spoken(modality: Modality) -> NDArray[np.bool_]:
    if modality is Modality.TEXT:
        return np.asarray(taxonomy.TEXT_MASK)
    scores = taxonomy.emonet_from_basic(np.ones(N_BASIC), modality.value)
    return np.asarray(~np.isnan(scores))


def _reliability(modality: Modality) -> FloatArray:
    """Return how reliably a channel names the basic class of each category, shape (40,).

    A category of the class "neutral" has no basic class of its own and takes the mean of the row.
    """
    if modality is Modality.TEXT:
        right = reliability.TEXT_WEIGHT
    else:
        right = np.diag(reliability.TABLES[modality].named)
    mean = float(right[right > 0].mean())
    found = []
    for category in taxonomy.CATEGORIES:
        value = float(right[taxonomy.BASIC8.index(category.basic)])
        found.append(value if category.basic != 'neutral' and value > 0 else mean)
    return np.array(found)


SPEAKS = MappingProxyType({modality: _spoken(modality) for modality in Modality})
"""Shape (40,) per channel: whether it can speak about a category at all."""

RELIABILITY = MappingProxyType({modality: _reliability(modality) for modality in Modality})
"""Shape (40,) per channel, 0..1."""
