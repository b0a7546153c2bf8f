# SPDX-License-Identifier: Apache-2.0
"""The points of a face in space, and how the head is turned.

The landmark network answers 468 points with depth. A similarity (turn, size, place) is fitted
between 30 of them that expressions hardly move and the same points of a reference head; what is
left after the turn is undone is the face as seen from the front.

Axes of the face as in ROS4HRI (REP-155) and REP-103: x out of the face, y to the person's left,
z up. Axes of the picture as in an optical frame: x right, y down, z away from the camera. Angles
are those of the head against a head that looks straight at the camera, along the line of sight:
a face at the edge of the picture that looks at the camera has angles near 0.
"""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

POINTS = 468

# Rows of the mesh: corners of the eyes, sides of face and forehead, bridge and tip of the nose.
RIGHT = (33, 133, 127, 234, 162, 21, 54, 103, 67, 109)
LEFT = (263, 362, 356, 454, 389, 251, 284, 332, 297, 338)
MIDDLE = (10, 151, 9, 8, 168, 6, 197, 195, 5, 4)
RIGID = RIGHT + LEFT + MIDDLE
EYE_CORNERS = ((33, 133), (263, 362))

# Mean of the network's own points on the neutral portraits of 25 persons of the London Set (every
# second one, CC BY 4.0), turned, scaled and moved onto each other, then averaged with its mirror
# image. Picture axes; unit: distance between the middles of the eyes. Right side, then the middle;
# the left side mirrors the right. Its pitch is that of these portraits on average.
_RIGHT_HALF = (
    (-0.723, 0.220, -0.031), (-0.277, 0.239, -0.118), (-1.117, 0.319, 0.776),
    (-1.105, 0.544, 0.836), (-1.101, 0.076, 0.627), (-1.050, -0.121, 0.429),
    (-0.952, -0.309, 0.241), (-0.796, -0.460, 0.040), (-0.558, -0.560, -0.132),
    (-0.302, -0.606, -0.232),
)  # fmt: skip
_MIDDLE = (
    (0.0, -0.616, -0.255), (0.0, -0.379, -0.330), (0.0, -0.139, -0.388), (0.0, 0.0, -0.375),
    (0.0, 0.125, -0.376), (0.0, 0.249, -0.454), (0.0, 0.357, -0.542), (0.0, 0.457, -0.638),
    (0.0, 0.565, -0.735), (0.0, 0.698, -0.780),
)  # fmt: skip
REFERENCE: FloatArray = np.concatenate(
    [np.array(_RIGHT_HALF), np.array(_RIGHT_HALF) * (-1.0, 1.0, 1.0), np.array(_MIDDLE)]
)
"""The reference head, shape (30, 3), rows as in RIGID."""

FRONTAL: FloatArray = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])
"""Columns: axes of a face that looks at the camera, in picture axes."""


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """The points of one face.

    Attributes:
        points_px: Shape (468, 3), pixels of the picture; depth grows away from the camera, its
            zero is the network's own.
        score: Probability that a face is there, 0..1.
    """

    points_px: FloatArray
    score: float


@dataclass(frozen=True, eq=False)
class HeadPose:
    """How a head is turned.

    Attributes:
        rotation: Shape (3, 3), columns: axes of the face in picture axes.
        yaw_rad: Turn to the side, positive = to the person's left.
        pitch_rad: Nod, positive = down.
        roll_rad: Tilt, positive = to the person's right shoulder.
        unit_px: Distance between the eyes of the fitted reference head.
        residual: Root mean square distance of the points from it, in that unit.
    """

    rotation: FloatArray
    yaw_rad: float
    pitch_rad: float
    roll_rad: float
    unit_px: float
    residual: float


def angles_of(rotation: FloatArray) -> tuple[float, float, float]:
    """Return yaw, pitch and roll [rad] of a rotation: turns about z, then y, then x of the face.

    Args:
        rotation: Shape (3, 3), columns: axes of the face in picture axes.
    """
    turn = FRONTAL.T @ rotation
    yaw = math.atan2(turn[1, 0], turn[0, 0])
    pitch = math.asin(max(-1.0, min(1.0, -float(turn[2, 0]))))
    return yaw, pitch, math.atan2(turn[2, 1], turn[2, 2])


def head_pose(mesh: FaceMesh) -> HeadPose:
    """Return how the head of a mesh is turned.

    The similarity with the least squares, Umeyama, IEEE PAMI 13 (1991) 376-380.
    """
    turn, unit, residual = _similarity(REFERENCE, mesh.points_px[list(RIGID)])
    rotation = turn @ FRONTAL
    yaw, pitch, roll = angles_of(rotation)
    return HeadPose(rotation, yaw, pitch, roll, unit, residual)


def from_the_front(mesh: FaceMesh, pose: HeadPose) -> FloatArray:
    """Return the points in the axes of the face, shape (468, 3).

    Unit: the distance between the middles of this person's eyes; zero: halfway between them.
    """
    points = mesh.points_px @ pose.rotation
    right, left = (points[list(corners)].mean(axis=0) for corners in EYE_CORNERS)
    between = float(np.linalg.norm(left - right))
    return np.asarray((points - (right + left) / 2.0) / max(between, 1e-9))


def _similarity(source: FloatArray, target: FloatArray) -> tuple[FloatArray, float, float]:
    """Return turn, scale and residual / scale of target = scale * turn @ source + place."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    left, strengths, right = np.linalg.svd(b.T @ a)
    # No mirror image: the weakest axis is turned over where the product is a reflection.
    signs = np.array([1.0, 1.0, 1.0 if np.linalg.det(left @ right) > 0 else -1.0])
    turn = (left * signs) @ right
    scale = float(strengths @ signs) / float((a * a).sum())
    off = b - scale * a @ turn.T
    return turn, scale, math.sqrt(float((off * off).sum()) / len(a)) / max(scale, 1e-9)
