# SPDX-License-Identifier: Apache-2.0
"""From the outputs of YuNet (Wu and others, Machine Intelligence Research 2023) to faces.

Each cell of three grids says how sure it is of a face, where its box and five points are. The
formulas are those of OpenCV's FaceDetectorYN, which this network was published for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

STRIDES = (8, 16, 32)
HEADS = ('cls', 'obj', 'bbox', 'kps')
WIDTHS = {'cls': 1, 'obj': 1, 'bbox': 4, 'kps': 10}
OUTPUTS = tuple(f'{head}_{stride}' for head in HEADS for stride in STRIDES)
"""Names of the outputs in the order of `decode`."""

# The network has no ears. They are put on the line of the eyes, this share of the distance between
# the eyes outside of each, where a frontal face has them; the turn that follows is coarser.
EAR_BEYOND_EYE = 0.7


def cells(stride: int, size_px: int) -> int:
    """Return the number of cells of a grid."""
    return (size_px // stride) ** 2


def decode(
    outputs: Sequence[FloatArray], size_px: int, min_score: float
) -> tuple[FloatArray, FloatArray]:
    """Return candidates in input pixels.

    Args:
        outputs: In the order of OUTPUTS, each of shape (1, cells, width of the head).
        size_px: Side of the square input, a multiple of 32.
        min_score: Least score, 0..1.
    Returns:
        points (m, 8, 2): upper left and lower right corner of the box, then the six keypoints of
        `face.Face`; scores (m,), 0..1.
    """
    named = dict(zip(OUTPUTS, outputs, strict=True))
    points, scores = [], []
    for stride in STRIDES:
        cls, obj, bbox, kps = (named[f'{head}_{stride}'][0] for head in HEADS)
        score = np.sqrt(np.clip(cls[:, 0], 0.0, 1.0) * np.clip(obj[:, 0], 0.0, 1.0))
        chosen = np.flatnonzero(score >= min_score)
        across = size_px // stride
        corner = np.stack([chosen % across, chosen // across], axis=1).astype(np.float32)
        middle = (corner + bbox[chosen, :2]) * stride
        half = np.exp(bbox[chosen, 2:4]) * stride / 2
        five = (kps[chosen].reshape(-1, 5, 2) + corner[:, None]) * stride
        points.append(
            np.concatenate(
                [(middle - half)[:, None], (middle + half)[:, None], _six(five)], axis=1
            )
        )
        scores.append(score[chosen])
    return (
        np.concatenate(points).astype(np.float32),
        np.concatenate(scores).astype(np.float32),
    )


def _six(five: FloatArray) -> FloatArray:
    """Return keypoints of `face.Face`, shape (m, 6, 2), from YuNet's.

    YuNet gives right eye, left eye, nose, right and left corner of the mouth.
    """
    right, left, nose = five[:, 0], five[:, 1], five[:, 2]
    mouth = five[:, 3:].mean(axis=1)
    beyond = (left - right) * np.float32(EAR_BEYOND_EYE)
    return np.stack([right, left, nose, mouth, right - beyond, left + beyond], axis=1)
