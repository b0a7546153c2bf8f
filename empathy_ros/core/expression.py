# SPDX-License-Identifier: Apache-2.0
"""From a directive to joint targets of a simple expressive head: face, gaze and gesture.

The head has five joints; a robot with others maps them or ignores this topic and reads
`expression`. Angles follow REP-103: yaw left and pitch down are positive; brow and mouth up are
positive.
"""

from __future__ import annotations

from dataclasses import dataclass

from empathy_ros.core.params import param
from empathy_ros.core.types import Directive, Expression

JOINTS = ('head_yaw', 'head_pitch', 'brow', 'mouth_corner', 'eyelid')

# Labels of the ROS4HRI Expression set that our acts use: brow, mouth corner, eyelid opening as
# shares
# -1..1 of the joint's range. Soft shapes on purpose: a startling face frightens.
FACES: dict[str, tuple[float, float, float]] = {
    'neutral': (0.0, 0.0, 0.6),
    'happy': (0.2, 0.7, 0.6),
    'sad': (-0.5, -0.3, 0.4),
    'surprised': (0.6, 0.1, 0.9),
    'confused': (0.4, -0.1, 0.7),
    'amazed': (0.5, 0.4, 0.8),
    'vulnerable': (-0.3, -0.1, 0.5),
    'scared': (0.3, -0.2, 0.8),
}
# Yaw and pitch as shares -1..1 of the range for each gaze policy.
GAZES: dict[str, tuple[float, float]] = {
    'person': (0.0, 0.0),
    'soft': (0.1, 0.1),
    'away': (0.5, 0.1),
    'down': (0.0, 0.5),
}


@dataclass(frozen=True)
class ExpressionConfig:
    """Ranges and speed of the expressive head."""

    joint_prefix: str = param('', 'Put before each joint name, such as "face_".')
    head_range_rad: float = param(0.5, 'Largest head angle used [rad].', lo=0.05, hi=1.5)
    face_range_rad: float = param(
        0.4, 'Largest brow, mouth and lid angle used [rad].', lo=0.05, hi=1.5
    )
    move_s: float = param(0.8, 'Time of one movement [s].', lo=0.2, hi=5.0)
    slow_factor: float = param(
        2.0, 'How much longer it takes under the limit "slow".', lo=1.0, hi=5.0
    )


@dataclass(frozen=True)
class Pose:
    """Joint angles [rad] in the order of JOINTS, to be reached `at_s` after the start."""

    at_s: float
    angles_rad: tuple[float, ...]


def face_of(expression: Expression) -> tuple[float, float, float]:
    """Return brow, mouth and lid shares; an unknown label falls back on valence."""
    brow, mouth, lid = FACES.get(
        expression.label, (0.3 * expression.valence, 0.6 * expression.valence, 0.6)
    )
    return (brow * expression.intensity, mouth * expression.intensity, lid)


def movement(directive: Directive, config: ExpressionConfig) -> list[Pose]:
    """Return the poses of one directive: the face and gaze, then the gesture on top of them."""
    step_s = config.move_s
    if 'slow' in directive.motion_limits:
        step_s *= config.slow_factor
    yaw, pitch = GAZES.get(directive.gaze, GAZES['soft'])
    face = tuple(share * config.face_range_rad for share in face_of(directive.expression))

    def pose(at: int, pitch_extra: float = 0.0) -> Pose:
        # Clip so that a nod on a lowered gaze never leaves the range.
        tilt = max(-1.0, min(1.0, pitch + pitch_extra))
        head = (yaw * config.head_range_rad, tilt * config.head_range_rad)
        return Pose(at * step_s, (*head, *face))

    poses = [pose(1)]
    if directive.gesture == 'nod':
        poses += [pose(2, 0.3), pose(3)]
    elif directive.gesture == 'lean_in':
        poses += [pose(2, 0.2)]
    return poses
