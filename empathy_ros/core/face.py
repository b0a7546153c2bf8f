# SPDX-License-Identifier: Apache-2.0
"""Faces in a picture: from the raw answer of a BlazeFace network to boxes, keypoints and crops.

The network looks at a square picture. Around every anchor it answers 16 numbers in pixels of that
square: centre, size and six keypoints; and one logit. Source of the scheme: Bazarevsky et al.,
"BlazeFace: Sub-millisecond neural face detection on mobile GPUs", 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

# Rows of Face.keypoints_px. Right and left are those of the person.
RIGHT_EYE, LEFT_EYE, NOSE, MOUTH, RIGHT_EAR, LEFT_EAR = range(6)
KEYPOINTS = 6


@dataclass(frozen=True)
class AnchorLayout:
    """Where the anchors of a network lie.

    Attributes:
        size_px: Side of the square input.
        strides_px: Distance of anchors, one per grid.
        per_cell: Anchors at each point, one per grid.
    """

    size_px: int
    strides_px: tuple[int, ...]
    per_cell: tuple[int, ...]

    @classmethod
    def of(cls, size_px: int, strides_px: Sequence[int], per_entry: int) -> AnchorLayout:
        """Return the layout of a list of strides; equal ones beside each other share a grid.

        Args:
            size_px: Side of the square input.
            strides_px: As in the model manifest, such as 8, 16, 16, 16.
            per_entry: Anchors at each point for each entry of the list.
        """
        grids = [(stride, len(list(same)) * per_entry) for stride, same in groupby(strides_px)]
        return cls(size_px, tuple(s for s, _ in grids), tuple(n for _, n in grids))

    @property
    def count(self) -> int:
        """Number of anchors."""
        cells = ((self.size_px // stride) ** 2 for stride in self.strides_px)
        return sum(n * k for n, k in zip(cells, self.per_cell, strict=True))


FULL_RANGE = AnchorLayout(192, (4,), (1,))
SHORT_RANGE = AnchorLayout(128, (8, 16), (2, 6))


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
        right, left = self.keypoints_px[RIGHT_EAR], self.keypoints_px[LEFT_EAR]
        axis = left - right
        length = float(axis @ axis)
        if length < 1e-6:
            return 1.0
        share = float((self.keypoints_px[NOSE] - right) @ axis) / length
        return max(-1.0, min(1.0, 2.0 * share - 1.0))


@dataclass(frozen=True)
class Letterbox:
    """A picture scaled into a square without changing its shape, centred.

    Attributes:
        scale: Pixels of the square per pixel of the picture.
        width_px: Width of the scaled picture.
        height_px: Height of the scaled picture.
        left_px: Empty columns before it.
        top_px: Empty rows above it.
    """

    scale: float
    width_px: int
    height_px: int
    left_px: int
    top_px: int


def letterbox(width_px: int, height_px: int, size_px: int, share: float = 1.0) -> Letterbox:
    """Return how a picture of the given size fits `share` of a square of side `size_px`."""
    scale = share * size_px / max(width_px, height_px)
    width = max(1, round(width_px * scale))
    height = max(1, round(height_px * scale))
    return Letterbox(scale, width, height, (size_px - width) // 2, (size_px - height) // 2)


def anchor_centres(layout: AnchorLayout) -> FloatArray:
    """Return the centres of the anchors in input pixels, shape (n, 2), x and y.

    Order: grid by grid, row by row, the anchors of one point beside each other.
    """
    parts = []
    for stride, count in zip(layout.strides_px, layout.per_cell, strict=True):
        line = (np.arange(layout.size_px // stride, dtype=np.float32) + 0.5) * stride
        y, x = np.meshgrid(line, line, indexing='ij')
        parts.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), count, axis=0))
    return np.concatenate(parts)


def decode(
    boxes: FloatArray, logits: FloatArray, centres: FloatArray, min_score: float
) -> tuple[FloatArray, FloatArray]:
    """Return the candidates with at least `min_score`.

    Args:
        boxes: Shape (n, 16), input pixels relative to the anchor: x, y, width, height, keypoints.
        logits: Shape (n,).
        centres: Shape (n, 2), input pixels.
        min_score: 0..1, both excluded.
    Returns:
        points, shape (m, 8, 2): upper left, lower right corner, six keypoints in input pixels;
        scores, shape (m,), 0..1. Boxes without area are left out.
    """
    found = np.flatnonzero(logits > math.log(min_score / (1.0 - min_score)))
    raw = boxes[found].reshape(-1, KEYPOINTS + 2, 2)
    centre = centres[found]
    half = raw[:, 1] / 2
    points = raw + centre[:, None]
    points[:, 1] = points[:, 0] + half
    points[:, 0] -= half
    solid = (half > 0).all(axis=1)
    scores = 1.0 / (1.0 + np.exp(-np.minimum(logits[found], 80.0)))
    return points[solid], scores[solid].astype(np.float32)


def overlap(box: FloatArray, others: FloatArray) -> FloatArray:
    """Return intersection over union of one box with others.

    Args:
        box: Shape (2, 2), upper left and lower right corner.
        others: Shape (n, 2, 2).
    Returns:
        Shape (n,), 0..1.
    """
    low = np.maximum(box[0], others[:, 0])
    high = np.minimum(box[1], others[:, 1])
    shared = np.prod(np.maximum(high - low, 0.0), axis=1)
    areas = np.prod(others[:, 1] - others[:, 0], axis=1) + np.prod(box[1] - box[0])
    return np.asarray(shared / np.maximum(areas - shared, 1e-9), dtype=np.float32)


def merge(
    points: FloatArray, scores: FloatArray, max_overlap: float
) -> tuple[FloatArray, FloatArray]:
    """Return one candidate per face, best first: overlapping ones are averaged by their score.

    Args:
        points: Shape (m, 8, 2) of `decode`.
        scores: Shape (m,).
        max_overlap: Boxes that overlap more than this show the same face, 0..1.
    Returns:
        points (k, 8, 2) and scores (k,); the score is that of the best member.
    """
    order = np.argsort(-scores, kind='stable')
    faces, best = [], []
    while order.size:
        same = overlap(points[order[0], :2], points[order, :2]) > max_overlap
        same[0] = True
        members = order[same]
        weights = scores[members]
        faces.append(np.tensordot(weights / weights.sum(), points[members], axes=1))
        best.append(float(weights[0]))
        order = order[~same]
    empty = np.zeros((0, KEYPOINTS + 2, 2), np.float32)
    return np.stack(faces) if faces else empty, np.array(best, np.float32)


def faces_from(points: FloatArray, scores: FloatArray, box: Letterbox) -> list[Face]:
    """Return the faces in pixels of the picture.

    Args:
        points: Shape (k, 8, 2) of `merge`.
        scores: Shape (k,).
        box: How the picture was put into the input.
    """
    offset = np.array([box.left_px, box.top_px], dtype=np.float32)
    scaled = (points - offset) / np.float32(box.scale)
    faces = []
    for item, score in zip(scaled, scores, strict=True):
        (x0, y0), (x1, y1) = item[:2].tolist()
        faces.append(Face((x0, y0, x1 - x0, y1 - y0), float(score), item[2:]))
    return faces


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
    turn = scale * np.array([[cos, sin], [-sin, cos]])
    middle = (size_px - 1) / 2
    # Pixel centres: coordinate 0 of a box is the edge of pixel 0, whose centre is 0.5.
    shift = np.array([middle, middle]) - turn @ np.array([x - 0.5, y - 0.5])
    return np.column_stack([turn, shift])
