# SPDX-License-Identifier: Apache-2.0
"""A face in a picture: box, keypoints, what they say about the head, and how to cut it out."""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

# Rows of Face.keypoints_px. Right and left are those of the person.
RIGHT_EYE, LEFT_EYE, NOSE, MOUTH, RIGHT_EAR, LEFT_EAR = range(6)


@dataclass(frozen=True, eq=False)
class Face:
    """One detected face, in pixels of the picture it was found in.

    Attributes:
        bbox_px: x, y of the upper left corner, width, height; may reach outside the picture.
        score: 0..1, of the detector.
        keypoints_px: Shape (6, 2), x and y; rows RIGHT_EYE .. LEFT_EAR.
    """

    bbox_px: tuple[float, float, float, float]
    score: float
    keypoints_px: FloatArray

    @property
    def side_px(self) -> float:
        """Longer side of the box."""
        return max(self.bbox_px[2], self.bbox_px[3])

    @property
    def centre_px(self) -> tuple[float, float]:
        """Middle of the box, x and y."""
        x, y, width, height = self.bbox_px
        return x + width / 2, y + height / 2

    @property
    def roll_rad(self) -> float:
        """Tilt of the line between the eyes, 0 = level, positive = clockwise in the picture."""
        dx, dy = self.keypoints_px[LEFT_EYE] - self.keypoints_px[RIGHT_EYE]
        return math.atan2(float(dy), float(dx))

    @property
    def turn(self) -> float:
        """How far the head seems turned, -1..1: place of the nose between the ears.

        0 = facing the camera, 1 = the nose covers the person's left ear, -1 = the right ear. A
        hint from four points, not an angle. Measured along the line between the ears.
        """
        nose, _, (x0, y0), (x1, y1) = self.keypoints_px[NOSE:].tolist()
        x, y = x1 - x0, y1 - y0
        length = x * x + y * y
        if length < 1e-6:
            return 1.0
        share = float((nose[0] - x0) * x + (nose[1] - y0) * y) / length
        return float(max(-1.0, min(1.0, 2.0 * share - 1.0)))


def region_of(face: Face, width_px: int, height_px: int) -> tuple[float, float, float, float]:
    """Return x, y, width, height as shares 0..1 of the picture, cut at its edges."""
    x, y, width, height = face.bbox_px
    left, top = max(0.0, x / width_px), max(0.0, y / height_px)
    right, bottom = min(1.0, (x + width) / width_px), min(1.0, (y + height) / height_px)
    return left, top, max(0.0, right - left), max(0.0, bottom - top)


def crop_matrix(face: Face, size_px: int, margin: float, down: float = 0.0) -> NDArray[np.float64]:
    """Return the affine map from the picture to an upright square crop, shape (2, 3).

    Args:
        face: The face.
        size_px: Side of the crop.
        margin: Side of the crop = longer side of the box x (1 + margin); may be negative.
        down: Centre of the crop below the middle of the box, in sides of the box, along the face.
    """
    cos, sin = math.cos(face.roll_rad), math.sin(face.roll_rad)
    scale = size_px / (face.side_px * (1.0 + margin))
    x, y = face.centre_px
    x -= sin * down * face.side_px
    y += cos * down * face.side_px
    a, b = scale * cos, scale * sin
    middle = (size_px - 1) / 2
    # Pixel centres: coordinate 0 of a box is the edge of pixel 0, whose centre is 0.5.
    x, y = x - 0.5, y - 0.5
    return np.array([[a, b, middle - a * x - b * y], [-b, a, middle + b * x - a * y]])
