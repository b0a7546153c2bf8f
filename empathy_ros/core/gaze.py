# SPDX-License-Identifier: Apache-2.0
"""Where a person seems to look, coarsely: the direction of the head, and of the eyes in it.

Directions are those of head_pose: yaw positive to the person's left, pitch positive down, 0 =
straight at the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.head_pose import HeadPose

FloatArray = NDArray[np.float64]

# Width of the opening of an eye over the radius of the eyeball: about 30 mm / 12 mm in adults.
WIDTH_PER_RADIUS = 2.5
# In 100 portraits of the London Set, all looking at the camera, the middle of the iris lay this
# far towards the temple and above the middle of the corners [widths of the eye].
REST_OUTWARD, REST_UP = 0.048, 0.075
# How far the estimate may be off, one standard deviation: a choice of ours. The eyes turn this
# far without the head.
HEAD_ONLY_SD_RAD = 0.30
WITH_EYES_SD_RAD = 0.12
# Beyond this turn of the head an iris is seen too obliquely.
EYES_UP_TO_RAD = 0.6


@dataclass(frozen=True, eq=False)
class Eye:
    """One eye as the eye network sees it, all in pixels of the picture.

    Attributes:
        outer_px: Corner at the temple, x and y.
        inner_px: Corner at the nose.
        iris_px: Middle of the iris.
        opening: Height of the opening over its width.
    """

    outer_px: FloatArray
    inner_px: FloatArray
    iris_px: FloatArray
    opening: float


@dataclass(frozen=True)
class Gaze:
    """Direction of the look [rad], and one standard deviation of each angle [rad]."""

    yaw_rad: float
    pitch_rad: float
    sd_rad: float


def eye_turn(right: Eye, left: Eye) -> tuple[float, float]:
    """Return yaw and pitch [rad] of the eyes in the head, the mean of both.

    The iris lies on a ball: its distance from where it rests is the sine of the turn.
    """
    side, down = [], []
    for eye, sign in ((right, 1.0), (left, -1.0)):
        # From the person's right to left, which is left to right in the picture.
        across = (eye.inner_px - eye.outer_px) * sign
        width = max(float(np.hypot(*across)), 1e-9)
        x, y = across / width
        off = (eye.iris_px - (eye.inner_px + eye.outer_px) / 2.0) / width
        side.append(float(off @ (x, y)) + sign * REST_OUTWARD)
        down.append(float(off @ (-y, x)) + REST_UP)
    return _angle(sum(side) / 2.0), _angle(sum(down) / 2.0)


def _angle(share: float) -> float:
    return math.asin(max(-1.0, min(1.0, WIDTH_PER_RADIUS * share)))


def gaze_of(pose: HeadPose, eyes: Sequence[Eye] = ()) -> Gaze:
    """Return where a person seems to look.

    Args:
        pose: Of the head.
        eyes: The right and the left eye, empty = not looked at.
    """
    turned = max(abs(pose.yaw_rad), abs(pose.pitch_rad))
    if len(eyes) != 2 or turned > EYES_UP_TO_RAD:
        return Gaze(pose.yaw_rad, pose.pitch_rad, HEAD_ONLY_SD_RAD)
    yaw, pitch = eye_turn(*eyes)
    return Gaze(pose.yaw_rad + yaw, pose.pitch_rad + pitch, WITH_EYES_SD_RAD)
