# SPDX-License-Identifier: Apache-2.0
"""How far derived valence and arousal agree with annotated ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.scores import number

DIMENSIONS = ('valence', 'arousal')


def annotated(values: Mapping[str, str], column: str, where: str) -> float:
    """Return an annotated number, NaN for an empty cell.

    Raises:
        BadInput: Not a number from -1 to 1; the text names file and row.
    """
    text = values.get(column, '')
    if not text:
        return float('nan')
    try:
        value = float(text)
    except ValueError:
        value = float('inf')
    if not -1.0 <= value <= 1.0:
        raise BadInput(f"{where}: {column} '{text}' is not a number from -1 to 1")
    return value


def agreement(estimated: Sequence[float], annotation: Sequence[float]) -> dict[str, object]:
    """Return count, Pearson's r and mean absolute error where both are known.

    Args:
        estimated: Derived values, -1..1, NaN = unknown.
        annotation: Annotated values, same length, NaN = not annotated.
    """
    x, y = np.asarray(estimated, dtype=np.float64), np.asarray(annotation, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 2:
        return {'n': len(x), 'r': None, 'mean_absolute_error': None}
    varied = x.std() > 0 and y.std() > 0
    return {
        'n': len(x),
        'r': number(float(np.corrcoef(x, y)[0, 1])) if varied else None,
        'mean_absolute_error': number(float(np.abs(x - y).mean())),
    }
