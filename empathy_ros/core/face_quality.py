# SPDX-License-Identifier: Apache-2.0
"""Is this picture of a face good enough to say anything about its expression?

The thresholds come from degrading the 100 pictures of the London set step by step (size, Gaussian
and motion blur, gain with noise, over-exposure) and from the turned heads among 2,654 FER+
pictures, and from where the expression network began to answer worse: see the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.face import Face
from empathy_ros.core.params import param

SATURATED = 250


@dataclass(frozen=True)
class QualityConfig:
    """From which quality on a face is read; below it the answer is "unknown" with a reason."""

    min_face_px: float = param(
        32.0, 'Smallest face, longer side of its box [px].', lo=16.0, hi=400.0
    )
    min_sharpness: float = param(
        0.005, 'Least fine detail of a face crop [share of its contrast].', lo=0.0, hi=1.0
    )
    min_contrast: float = param(
        4.0, 'Least deviation of grey in a face crop [of 255].', lo=0.0, hi=60.0
    )
    max_saturated: float = param(
        0.5, 'Largest share of white pixels in a face crop [share].', lo=0.05, hi=1.0
    )
    max_turn: float = param(
        0.9, 'Largest turn of the head, 1 = the nose covers an ear.', lo=0.1, hi=1.0
    )


@dataclass(frozen=True)
class FaceQuality:
    """How well a face can be read.

    Attributes:
        score: 0 unusable .. 1 good: the worst of size, detail, light and turn.
        reason: 'face_too_small', 'turned_away', 'dark', 'overexposed', 'blurred', or '' when it
            can be read.
    """

    score: float
    reason: str = ''


def sharpness(crop: NDArray[np.uint8]) -> float:
    """Return the fine detail of a grey crop as a share of its contrast, 0 = blank.

    The variance of the second difference, along rows or along columns, whichever is smaller (so
    that motion blur, which spares one direction, is seen), divided by the variance of the crop.

    Args:
        crop: Shape (n, n), n >= 3, uint8.
    """
    grey = crop.astype(np.float32)
    across = 2 * grey[:, 1:-1] - grey[:, :-2] - grey[:, 2:]
    along = 2 * grey[1:-1] - grey[:-2] - grey[2:]
    return min(_variance(across), _variance(along)) / max(_variance(grey), 1.0)


def _variance(values: NDArray[np.float32]) -> float:
    """Return the variance, in one pass: exact to 0.1 for values of a few thousand pixels."""
    flat = values.reshape(-1)
    mean = float(flat.sum()) / flat.size
    return max(0.0, float(flat @ flat) / flat.size - mean * mean)


def _ramp(value: float, bad: float, good: float) -> float:
    return min(1.0, max(0.0, (value - bad) / (good - bad)))


def judge(face: Face, crop: NDArray[np.uint8], config: QualityConfig) -> FaceQuality:
    """Return the quality of a face.

    Args:
        face: Where it is and where its keypoints are.
        crop: Its upright grey crop, shape (n, n), uint8.
        config: Thresholds.
    """
    turn = abs(face.turn)
    if face.side_px < config.min_face_px:
        return FaceQuality(0.0, 'face_too_small')
    if turn > config.max_turn:
        return FaceQuality(0.0, 'turned_away')
    contrast = math.sqrt(_variance(crop.astype(np.float32)))
    if contrast < config.min_contrast:
        return FaceQuality(0.0, 'dark')
    saturated = float(np.count_nonzero(crop >= SATURATED)) / crop.size
    if saturated > config.max_saturated:
        return FaceQuality(0.0, 'overexposed')
    detail = sharpness(crop)
    if detail < config.min_sharpness:
        return FaceQuality(0.0, 'blurred')
    floor = max(config.min_sharpness, 1e-6)
    score = min(
        _ramp(face.side_px, 0.5 * config.min_face_px, 2.0 * config.min_face_px),
        1.0 - 0.5 * _ramp(turn, 0.5 * config.max_turn, config.max_turn),
        _ramp(contrast, 0.0, 4.0 * config.min_contrast),
        1.0 - 0.5 * saturated / config.max_saturated,
        _ramp(math.log(detail / floor), -1.0, math.log(6.0)),
    )
    return FaceQuality(score)
