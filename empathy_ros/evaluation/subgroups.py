# SPDX-License-Identifier: Apache-2.0
"""Are some people called sad or angry more often? Shares and ratios by subgroup."""

from __future__ import annotations

from collections.abc import Sequence
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.common import wilson


def ratio_with_interval(
    hits: int, n: int, other_hits: int, other_n: int, z: float = 1.96
) -> tuple[float | None, tuple[float, float] | None]:
    """Return (hits / n) / (other_hits / other_n) and its interval on the log scale.

    Source: Katz et al., Biometrics 34 (1978) 469-474; z = 1.96 gives 95 %.

    Returns:
        (None, None) where the other share is 0 or nobody is in one of the groups; the interval
        is None where there are no hits.
    """
    if n == 0 or other_n == 0 or other_hits == 0:
        return None, None
    ratio = (hits / n) / (other_hits / other_n)
    if hits == 0:
        return 0.0, None
    error = z * math.sqrt(1 / hits - 1 / n + 1 / other_hits - 1 / other_n)
    return ratio, (ratio * math.exp(-error), ratio * math.exp(error))


def share_table(
    top: NDArray[np.int64], inside: NDArray[np.bool_], classes: Sequence[tuple[int, str]]
) -> dict[str, dict[str, object]]:
    """Return per class the share in a group, its interval, and the ratio to everybody else.

    Args:
        top: Predicted class of each picture, -1 = none, shape (n,).
        inside: Who is in the group, shape (n,).
        classes: (number, name) of each class.
    """
    answered = top >= 0
    n, other_n = int(np.sum(answered & inside)), int(np.sum(answered & ~inside))
    table: dict[str, dict[str, object]] = {}
    for number, name in classes:
        hits = int(np.sum((top == number) & inside))
        other = int(np.sum((top == number) & ~inside))
        ratio, interval = ratio_with_interval(hits, n, other, other_n)
        low, high = wilson(hits, n)
        table[name] = {
            'share': round(hits / n, 4) if n else None,
            'interval': [round(low, 4), round(high, 4)] if n else None,
            'ratio_to_others': None if ratio is None else round(ratio, 3),
            'ratio_interval': None if interval is None else [round(x, 3) for x in interval],
        }
    return table
