# SPDX-License-Identifier: Apache-2.0
"""Which frames of a stretch hold sound, which of them voice, and how long their runs are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.log_mel import FLOOR_DB, Frames, FRAMES_PER_S
from empathy_ros.core.prosody import VOICED_LEVEL, without_jumps

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

RANGE_DB = 35.0
"""Frames this far below the loud ones are pauses."""
CLEAR_DB = 6.0
"""Frames of speech lie this far above the quietest ones."""


def loud_frames(frames: Frames) -> Mask:
    """Return which frames hold sound well above the quiet ones, shape (n,)."""
    if len(frames) == 0:
        return np.zeros(0, dtype=np.bool_)
    level = frames.level_db
    top_db = float(quantiles(level, (0.95,))[0])
    if top_db <= FLOOR_DB + CLEAR_DB:
        return np.zeros(len(frames), dtype=np.bool_)
    floor_db = float(quantiles(level, (0.05,))[0])
    # A stretch without pauses has no quiet frames: its 5 % are speech, too.
    least_db = max(top_db - RANGE_DB, min(floor_db + CLEAR_DB, top_db - 20.0))
    return np.asarray(level > least_db)


def voiced_frames(frames: Frames, loud: Mask) -> Mask:
    """Return which frames have a pitch without jumps, shape (n,)."""
    voiced = loud & (frames.strength > VOICED_LEVEL)
    _, kept = without_jumps(frames.pitch_st[::2], voiced[::2])
    return np.repeat(kept, 2)[: len(loud)] & voiced


def runs_s(mask: Mask) -> NDArray[np.float64]:
    """Return the lengths of the runs of True [s]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return np.asarray((edges[1::2] - edges[::2]) / FRAMES_PER_S, dtype=np.float64)


def quantiles(x: Floats, shares: tuple[float, ...]) -> Floats:
    """Return linearly interpolated quantiles along the first axis, as numpy.quantile.

    Shape (len(shares), ...).
    """
    ordered = np.sort(x, axis=0)
    place = np.array(shares) * (len(x) - 1)
    low = place.astype(np.int64)
    high = np.minimum(low + 1, len(x) - 1)
    part = (place - low).astype(np.float32).reshape(-1, *[1] * (x.ndim - 1))
    result: Floats = ordered[low] + (ordered[high] - ordered[low]) * part
    return result
