# SPDX-License-Identifier: Apache-2.0
"""Head pose, gaze and proxies to their message and back; unknown stays NaN."""

import math

import numpy as np
import pytest

pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from empathy_ros.bridge import convert, msgs
from empathy_ros.bridge.convert import features
from empathy_ros.core.action_units import PROXIES
from empathy_ros.core.face_features import FaceFeatures
from empathy_ros.core.gaze import Gaze
from empathy_ros.core.head_pose import angles_of, FRONTAL, HeadPose

pytestmark = pytest.mark.ros

STAMP = 1_700_000_000_123_456_789
COS, SIN = math.cos(0.4), math.sin(0.4)
TURNED = FRONTAL @ np.array([[COS, -SIN, 0], [SIN, COS, 0], [0, 0, 1]])
FULL = FaceFeatures(
    STAMP, 'f1', 'p1',
    HeadPose(TURNED, *angles_of(TURNED), 60.0, 0.02), Gaze(0.25, -0.125, 0.5), (0.25, 0.75),
    np.arange(8) / 8.0, np.full(8, np.nan), 0.5, 'turned_away', 'face_landmarks', 'abc',
)  # fmt: skip


def test_features_come_back_as_they_were():
    msg = features.features_to_msg(FULL, 'eye')
    assert (msg.header.frame_id, convert.stamp_from_msg(msg.header.stamp)) == ('eye', STAMP)
    back = features.features_from_msg(msg)
    assert (back.id, back.person_id, back.reason) == ('f1', 'p1', 'turned_away')
    assert (back.gaze, back.eye_closure, back.score) == (FULL.gaze, FULL.eye_closure, 0.5)
    assert (back.model_id, back.model_hash) == ('face_landmarks', 'abc')
    assert back.pose.rotation == pytest.approx(TURNED, abs=1e-6)
    assert (back.pose.yaw_rad, msg.yaw) == (pytest.approx(0.4), pytest.approx(0.4))
    assert back.proxies == pytest.approx(FULL.proxies)
    assert np.isnan(back.change).all()


def test_a_face_that_looks_at_the_camera_has_the_axes_of_the_documents():
    """Out of the face = minus z of the optical axes, left of the person = x, up = minus y."""
    pose = HeadPose(FRONTAL, 0.0, 0.0, 0.0, 60.0, 0.0)
    q = features.features_to_msg(FaceFeatures(0, 'f1', 'p1', pose)).orientation
    assert abs(q.w**2 + q.x**2 + q.y**2 + q.z**2 - 1) < 1e-9
    out = (
        1 - 2 * (q.y**2 + q.z**2), 2 * (q.x * q.y + q.w * q.z), 2 * (q.x * q.z - q.w * q.y),
    )  # fmt: skip
    assert out == pytest.approx((0.0, 0.0, -1.0), abs=1e-9)


def test_unknown_stays_unknown():
    msg = features.features_to_msg(FaceFeatures(STAMP, 'f1', 'p1', reason='no_landmarks'))
    assert all(
        math.isnan(v) for v in (msg.yaw, msg.gaze_sd, msg.orientation.w, msg.eye_closure_left)
    )
    back = features.features_from_msg(msg)
    assert (back.pose, back.gaze, back.reason) == (None, None, 'no_landmarks')
    assert np.isnan(back.proxies).all()


def test_an_array_carries_stamp_and_frame_and_may_be_empty():
    msg = features.array_to_msg([FULL], STAMP + 1, 'eye')
    assert [m.id for m in msg.features] == ['f1']
    assert convert.stamp_from_msg(msg.header.stamp) == STAMP + 1
    assert not features.array_to_msg([], STAMP).features


@pytest.mark.parametrize(
    ('field', 'value'),
    [('score', 2.0), ('eye_closure_left', -0.5), ('proxies', [0.0] * 7), ('gaze_sd', -1.0),
     ('orientation', msgs.Quaternion(x=1.0, y=1.0, z=0.0, w=0.0))],
)  # fmt: skip
def test_impossible_values_are_refused_by_name(field, value):
    msg = features.features_to_msg(FULL)
    setattr(msg, field, value)
    with pytest.raises(ValueError, match=field):
        features.features_from_msg(msg)


def test_the_indices_of_the_message_are_the_order_of_the_proxies():
    names = {name.upper(): i for i, name in enumerate(PROXIES)}
    assert {name: getattr(msgs.FaceFeatures, name) for name in names} == names
