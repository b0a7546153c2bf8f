# SPDX-License-Identifier: Apache-2.0
"""Movements of brows, eyes and mouth, read from the points of a face.

These are *proxies*: distances between points that change when the named action unit (Ekman,
Friesen and Hager, Facial Action Coding System, 2002) moves the face. They are not intensities of
that system, they depend on the shape of the face, and only the change against the same person's
neutral face means something. All lengths are shares of the distance between the eyes, measured
after the turn of the head was undone.
"""

from __future__ import annotations

from collections.abc import Sequence
import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

PROXIES = (
    'AU1_inner_brow_height',
    'AU2_outer_brow_height',
    'AU4_brow_lowering',
    'AU12_mouth_corner_pull',
    'AU15_mouth_corner_drop',
    'AU25_lips_apart',
    'AU26_jaw_drop',
    'AU43_eye_closure',
)
"""Names of the proxies, in order."""

# Rows of the mesh, right and left of the person.
INNER_BROW, OUTER_BROW = ((55, 107), (285, 336)), ((46, 70), (276, 300))
EYE_OUTER, EYE_INNER = (33, 263), (133, 362)
MOUTH_CORNER = (61, 291)
LIP_INSIDE = (13, 14)
NOSE_BASE, CHIN = 2, 152

# Height over width of the opening of an eye. Open: the median of 975 frontal faces of 60 years and
# over (FairFace). Closed: those among them whose eyes one viewer called closed had 0.07 to 0.18.
OPEN_RATIO, CLOSED_RATIO = 0.31, 0.12
# Mouth corners so far above the lips are a smile: in the London Set the mean of 50 smiling faces
# is 0.03, that of 50 neutral ones -0.01 with a deviation of 0.01 [distances between the eyes].
SMILE_LIFT = 0.02

Y, Z = 1, 2


def closure(opening: float) -> float:
    """Return how far an eye is closed, 0 = open, 1 = closed.

    Args:
        opening: Its height over its width, NaN = unknown.
    """
    share = (OPEN_RATIO - opening) / (OPEN_RATIO - CLOSED_RATIO)
    return share if math.isnan(share) else min(1.0, max(0.0, share))


def proxies(points: FloatArray, closed: Sequence[float] = ()) -> FloatArray:
    """Return the proxies, shape (8,), order of PROXIES; lengths in distances between the eyes.

    AU1, AU2: height of the inner and outer ends of the brows above the corners of the eyes.
    AU4: minus the gap between the inner ends of the brows, minus their height: grows when the
    brows come down and together. AU12: width of the mouth minus the mean distance from its corners
    to the outer corners of the eyes: grows when the corners go out and up. AU15: how far the
    corners lie below the line between the lips. AU25: gap between the lips. AU26: distance from
    the base of the nose to the chin. AU43: mean closure of both eyes, 0..1.

    Args:
        points: Shape (468, 3), axes of the face, see head_pose.from_the_front.
        closed: Closure of both eyes, empty = unknown.
    """
    inner = [points[list(rows)].mean(axis=0) for rows in INNER_BROW]
    outer = [points[list(rows)].mean(axis=0) for rows in OUTER_BROW]
    inner_height = _mean([b[Z] - points[e, Z] for b, e in zip(inner, EYE_INNER, strict=True)])
    outer_height = _mean([b[Z] - points[e, Z] for b, e in zip(outer, EYE_OUTER, strict=True)])
    corners = points[list(MOUTH_CORNER)]
    width = float(np.linalg.norm(corners[1] - corners[0]))
    to_eyes = _mean(np.linalg.norm(corners - points[list(EYE_OUTER)], axis=1))
    upper, lower = points[list(LIP_INSIDE)]
    values = (
        inner_height,
        outer_height,
        -(inner[1][Y] - inner[0][Y]) - inner_height,
        width - to_eyes,
        (upper[Z] + lower[Z]) / 2.0 - _mean(corners[:, Z]),
        float(np.linalg.norm(upper - lower)),
        float(np.linalg.norm(points[NOSE_BASE] - points[CHIN])),
        _mean(closed) if closed else math.nan,
    )
    return np.array(values, dtype=np.float64)


def _mean(values: Sequence[float] | FloatArray) -> float:
    return float(sum(float(v) for v in values) / len(values))


def smiles(values: FloatArray) -> bool:
    """Return whether the corners of the mouth are raised, from the proxies."""
    return bool(values[PROXIES.index('AU15_mouth_corner_drop')] < -SMILE_LIFT)


class NeutralBaseline:
    """The proxies of one person's own neutral face, learnt while the face seems neutral."""

    def __init__(self, needed: int = 30, kept: int = 300) -> None:
        """Start without knowledge.

        Args:
            needed: Neutral readings before a change is given.
            kept: Newest readings that count.
        """
        self._needed, self._kept = needed, kept
        self._person_id = ''
        self._values: list[FloatArray] = []
        self._median: FloatArray | None = None

    def clear(self) -> None:
        """Forget the person."""
        self._person_id, self._values, self._median = '', [], None

    def add(self, person_id: str, values: FloatArray) -> None:
        """Take the proxies of a face that seems neutral; another person starts anew.

        One look holds for several frames: the same array given again counts once.
        """
        if self._values and self._values[-1] is values and person_id == self._person_id:
            return
        if person_id != self._person_id:
            self.clear()
            self._person_id = person_id
        self._values = [*self._values[1 - self._kept :], values]
        if len(self._values) >= self._needed:
            self._median = np.median(np.stack(self._values), axis=0)

    def change(self, person_id: str, values: FloatArray) -> FloatArray:
        """Return values minus the person's neutral ones, shape (8,); NaN = not known yet."""
        if self._median is None or person_id != self._person_id:
            return np.full(len(PROXIES), np.nan)
        return np.asarray(values - self._median)
