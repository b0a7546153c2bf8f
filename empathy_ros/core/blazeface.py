# SPDX-License-Identifier: Apache-2.0
"""From the raw answer of a BlazeFace network to faces.

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

from empathy_ros.core.face import Face

FloatArray = NDArray[np.float32]

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
    sides = np.maximum(high - low, 0.0)
    shared = sides[:, 0] * sides[:, 1]
    theirs, own = others[:, 1] - others[:, 0], box[1] - box[0]
    joint = theirs[:, 0] * theirs[:, 1] + own[0] * own[1] - shared
    return np.asarray(shared / np.maximum(joint, 1e-9), dtype=np.float32)


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
        flat = points[members].reshape(len(members), -1)
        faces.append((weights @ flat / weights.sum()).reshape(points.shape[1:]))
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
