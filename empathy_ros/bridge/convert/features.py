# SPDX-License-Identifier: Apache-2.0
"""Head pose, gaze and action-unit proxies of a face.

Imported by itself, not with the other conversions: only who sees faces needs transforms3d.
"""

from __future__ import annotations

from collections.abc import Iterable
import math

import numpy as np
from numpy.typing import NDArray
from transforms3d.quaternions import mat2quat, quat2mat

from empathy_ros.bridge import msgs
from empathy_ros.bridge.convert.basics import (
    checked_text,
    floats_to_msg,
    number,
    stamp_from_msg,
    stamp_to_msg,
    within,
)
from empathy_ros.core.action_units import PROXIES
from empathy_ros.core.face_features import FaceFeatures
from empathy_ros.core.gaze import Gaze
from empathy_ros.core.head_pose import angles_of, HeadPose

FloatArray = NDArray[np.float64]
NAN = math.nan


def features_to_msg(value: FaceFeatures, frame_id: str = '') -> msgs.FaceFeatures:
    """Return the message of the features of one face; `frame_id` is the sensor frame."""
    pose, gaze = value.pose, value.gaze
    msg = msgs.FaceFeatures(
        id=value.id,
        person_id=value.person_id,
        orientation=_quaternion(pose),
        yaw=pose.yaw_rad if pose else NAN,
        pitch=pose.pitch_rad if pose else NAN,
        roll=pose.roll_rad if pose else NAN,
        gaze_yaw=gaze.yaw_rad if gaze else NAN,
        gaze_pitch=gaze.pitch_rad if gaze else NAN,
        gaze_sd=gaze.sd_rad if gaze else NAN,
        eye_closure_right=float(value.eye_closure[0]),
        eye_closure_left=float(value.eye_closure[1]),
        score=float(value.score),
        model_id=value.model_id,
        model_hash=value.model_hash,
        reason=value.reason,
    )
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    msg.header.frame_id = frame_id
    msg.proxies = floats_to_msg(value.proxies.astype(np.float32))
    msg.change = floats_to_msg(value.change.astype(np.float32))
    return msg


def features_from_msg(msg: msgs.FaceFeatures) -> FaceFeatures:
    """Return the features; scale and residual of the pose are not in the message and are NaN.

    Raises:
        ValueError: a value out of range, or not eight proxies.
    """
    gaze_sd = within(msg.gaze_sd, 0, 4, 'gaze_sd')
    gaze = Gaze(
        within(msg.gaze_yaw, -7, 7, 'gaze_yaw'),
        within(msg.gaze_pitch, -7, 7, 'gaze_pitch'),
        gaze_sd,
    )
    return FaceFeatures(
        stamp_from_msg(msg.header.stamp),
        checked_text(msg.id, 'id'),
        checked_text(msg.person_id, 'person_id'),
        _pose(msg.orientation),
        None if math.isnan(gaze_sd) else gaze,
        (
            within(msg.eye_closure_right, 0, 1, 'eye_closure_right'),
            within(msg.eye_closure_left, 0, 1, 'eye_closure_left'),
        ),
        _values(msg.proxies, 'proxies'),
        _values(msg.change, 'change'),
        number(msg.score, 0, 1, 'score'),
        checked_text(msg.reason, 'reason'),
        msg.model_id,
        msg.model_hash,
    )


def array_to_msg(
    values: Iterable[FaceFeatures], stamp_ns: int, frame_id: str = ''
) -> msgs.FaceFeaturesArray:
    """Return one array message for all faces of one moment."""
    array_msg = msgs.FaceFeaturesArray(features=[features_to_msg(v, frame_id) for v in values])
    array_msg.header.stamp = stamp_to_msg(stamp_ns)
    array_msg.header.frame_id = frame_id
    return array_msg


def _quaternion(pose: HeadPose | None) -> msgs.Quaternion:
    if pose is None:
        return msgs.Quaternion(x=NAN, y=NAN, z=NAN, w=NAN)
    w, x, y, z = (float(v) for v in mat2quat(pose.rotation))
    return msgs.Quaternion(x=x, y=y, z=z, w=w)


def _pose(msg: msgs.Quaternion) -> HeadPose | None:
    parts = (msg.w, msg.x, msg.y, msg.z)
    if any(math.isnan(part) for part in parts):
        return None
    length = math.sqrt(sum(part * part for part in parts))
    if not 0.99 < length < 1.01:
        raise ValueError(f'orientation: length {length:g} of the quaternion is not 1')
    rotation = np.asarray(quat2mat(parts), dtype=np.float64)
    return HeadPose(rotation, *angles_of(rotation), unit_px=NAN, residual=NAN)


def _values(values: object, field: str) -> FloatArray:
    found = np.array(values, dtype=np.float64)
    if found.shape != (len(PROXIES),) or np.isinf(found).any():
        raise ValueError(f'{field}: expected {len(PROXIES)} numbers, got {found.size}')
    return found
