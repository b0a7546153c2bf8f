# SPDX-License-Identifier: Apache-2.0
"""Head pose, gaze, closed eyes and proxies: the arithmetic, and when a face must not be read."""

import math

import numpy as np
import pytest

from empathy_ros.core import action_units
from empathy_ros.core.action_units import NeutralBaseline, PROXIES
from empathy_ros.core.face import Face
from empathy_ros.core.face_features import FaceFeaturesConfig, FeatureReader
from empathy_ros.core.gaze import Eye, eye_turn, gaze_of, REST_OUTWARD, REST_UP
from empathy_ros.core.head_pose import (
    angles_of,
    FaceMesh,
    from_the_front,
    FRONTAL,
    head_pose,
    REFERENCE,
    RIGID,
)

SECOND = 1_000_000_000
FACE = Face((0.0, 0.0, 100.0, 100.0), 0.9, np.zeros((6, 2), np.float32))


def turn(yaw=0.0, pitch=0.0, roll=0.0):
    """Rotation of a face from angles: about z (up), then y (left), then x (out of the face)."""
    a, b, c = (math.cos(v) for v in (yaw, pitch, roll))
    d, e, f = (math.sin(v) for v in (yaw, pitch, roll))
    about_z = np.array([[a, -d, 0], [d, a, 0], [0, 0, 1]])
    about_y = np.array([[b, 0, e], [0, 1, 0], [-e, 0, b]])
    about_x = np.array([[1, 0, 0], [0, c, -f], [0, f, c]])
    return FRONTAL @ about_z @ about_y @ about_x


def mesh(yaw=0.0, pitch=0.0, roll=0.0, score=1.0, change=None):
    """The reference head, turned, 60 pixels between the eyes; `change` moves points before."""
    points = np.zeros((468, 3))
    points[list(RIGID)] = REFERENCE @ FRONTAL
    for index, place in (change or {}).items():
        points[index] = place
    return FaceMesh(points @ turn(yaw, pitch, roll).T * 60.0 + (320, 240, 5), score)


@pytest.mark.parametrize(
    'angles', [(0, 0, 0), (0.6, 0, 0), (-0.9, 0.1, 0.2), (0.2, -0.5, -0.4), (0.1, 0.4, 1.2)]
)
def test_the_turn_of_a_head_is_found(angles):
    pose = head_pose(mesh(*angles))
    assert (pose.yaw_rad, pose.pitch_rad, pose.roll_rad) == pytest.approx(angles, abs=1e-6)
    assert pose.unit_px == pytest.approx(60.0)
    assert pose.residual == pytest.approx(0.0, abs=1e-6)
    assert np.linalg.det(pose.rotation) == pytest.approx(1.0)


def test_signs_follow_the_axes_of_the_face():
    """Picture axes: x right, y down, z away. The person's left is right in the picture."""
    nose = np.array([1.0, 0.0, 0.0])
    assert (turn(yaw=0.3) @ nose)[0] > 0.2
    assert (turn(pitch=0.3) @ nose)[1] > 0.2
    top = np.array([0.0, 0.0, 1.0])
    assert (turn(roll=0.3) @ top)[0] < -0.2
    assert (turn() @ nose)[2] == -1.0


def test_quaternion_and_angles_agree_with_transforms3d():
    transforms3d = pytest.importorskip('transforms3d')
    rotation = turn(0.4, -0.3, 0.2)
    relative = FRONTAL.T @ rotation
    assert transforms3d.euler.mat2euler(relative, 'rzyx') == pytest.approx(angles_of(rotation))


def test_the_turn_is_undone_before_anything_is_measured():
    straight = mesh(change={61: (0.5, -0.4, -0.9), 291: (0.5, 0.4, -0.9)})
    turned = mesh(0.7, 0.3, 0.5, change={61: (0.5, -0.4, -0.9), 291: (0.5, 0.4, -0.9)})
    first = from_the_front(straight, head_pose(straight))
    second = from_the_front(turned, head_pose(turned))
    assert second == pytest.approx(first, abs=1e-6)
    right, left = (first[list(rows)].mean(axis=0) for rows in ((33, 133), (263, 362)))
    assert np.linalg.norm(left - right) == pytest.approx(1.0)


def values(**moved):
    places = {
        55: (0.3, -0.2, 0.1), 107: (0.3, -0.2, 0.1), 285: (0.3, 0.2, 0.1), 336: (0.3, 0.2, 0.1),
        46: (0.1, -0.8, 0.1), 70: (0.1, -0.8, 0.1), 276: (0.1, 0.8, 0.1), 300: (0.1, 0.8, 0.1),
        61: (0.3, -0.4, -0.9), 291: (0.3, 0.4, -0.9), 13: (0.4, 0, -0.9), 14: (0.4, 0, -0.9),
        2: (0.5, 0, -0.7), 152: (0.2, 0, -1.7),
    }  # fmt: skip
    for name, place in moved.items():
        places[int(name[1:])] = place
    seen = mesh(change=places)
    found = action_units.proxies(from_the_front(seen, head_pose(seen)), (0.2, 0.4))
    return dict(zip(PROXIES, found, strict=True))


@pytest.mark.parametrize(
    ('moved', 'proxy'),
    [
        ({'p55': (0.3, -0.2, 0.3), 'p285': (0.3, 0.2, 0.3)}, 'AU1_inner_brow_height'),
        ({'p46': (0.1, -0.8, 0.3), 'p276': (0.1, 0.8, 0.3)}, 'AU2_outer_brow_height'),
        ({'p55': (0.3, -0.1, 0.0), 'p285': (0.3, 0.1, 0.0)}, 'AU4_brow_lowering'),
        ({'p61': (0.2, -0.6, -0.8), 'p291': (0.2, 0.6, -0.8)}, 'AU12_mouth_corner_pull'),
        ({'p61': (0.3, -0.4, -1.0), 'p291': (0.3, 0.4, -1.0)}, 'AU15_mouth_corner_drop'),
        ({'p14': (0.4, 0, -1.1)}, 'AU25_lips_apart'),
        ({'p152': (0.2, 0, -2.0)}, 'AU26_jaw_drop'),
    ],
)
def test_each_proxy_grows_with_its_movement(moved, proxy):
    assert values(**moved)[proxy] > values()[proxy] + 0.02


def test_closed_eyes_need_a_look_into_the_eyes():
    assert values()['AU43_eye_closure'] == pytest.approx(0.3)
    assert math.isnan(action_units.proxies(np.zeros((468, 3)))[PROXIES.index('AU43_eye_closure')])
    assert math.isnan(action_units.closure(math.nan))
    assert (action_units.closure(0.5), action_units.closure(0.05)) == (0.0, 1.0)


def test_changes_are_unknown_until_the_neutral_face_is_known():
    baseline = NeutralBaseline(needed=3)
    neutral, smile = np.zeros(8), np.full(8, 0.2)
    for _ in range(2):
        baseline.add('p1', neutral.copy())
    assert np.isnan(baseline.change('p1', smile)).all()
    baseline.add('p1', neutral)
    assert baseline.change('p1', smile) == pytest.approx(smile)
    assert np.isnan(baseline.change('p2', smile)).all()
    baseline.add('p2', neutral)
    assert np.isnan(baseline.change('p1', smile)).all()


def eye(sign, side=0.0, down=0.0, opening=0.3):
    """An eye 30 pixels wide, its iris off the resting place by shares of that width."""
    outer, inner = np.array([-15.0 * sign, 0.0]), np.array([15.0 * sign, 0.0])
    iris = 30.0 * np.array([side - sign * REST_OUTWARD, down - REST_UP])
    return Eye(outer, inner, iris, opening)


def test_eyes_add_to_the_turn_of_the_head():
    assert eye_turn(eye(1), eye(-1)) == pytest.approx((0.0, 0.0), abs=1e-9)
    yaw, pitch = eye_turn(eye(1, 0.1, 0.05), eye(-1, 0.1, 0.05))
    assert yaw == pytest.approx(math.asin(0.25))
    assert pitch == pytest.approx(math.asin(0.125))
    pose = head_pose(mesh(yaw=-0.2))
    seen = gaze_of(pose, (eye(1, 0.1), eye(-1, 0.1)))
    alone = gaze_of(pose)
    assert seen.yaw_rad == pytest.approx(-0.2 + math.asin(0.25))
    assert (alone.yaw_rad, alone.sd_rad > seen.sd_rad) == (pytest.approx(-0.2), True)
    assert gaze_of(head_pose(mesh(yaw=1.0)), (eye(1), eye(-1))).sd_rad == alone.sd_rad


class Room:
    """A person before the camera, ten frames a second."""

    def __init__(self, **config):
        self.mesh, self.opening, self.looks, self.now = mesh(), 0.3, 0, 0
        self.reader = FeatureReader(
            self.points,
            lambda image, mesh: (eye(1, opening=self.opening), eye(-1, opening=self.opening)),
            FaceFeaturesConfig(**{'landmarks_hz': 2.0, **config}),
        )

    def points(self, image, face):
        self.looks += 1
        return self.mesh

    def look(self, frames=1, person='p1', track='f1'):
        found = []
        for _ in range(frames):
            self.now += SECOND // 10
            one = self.reader.look(np.zeros((4, 4, 3), np.uint8), FACE, track, person, self.now)
            found += [one] if one is not None else []
        return found


def test_points_are_looked_for_a_few_times_a_second_and_never_for_nobody():
    room = Room()
    assert len(room.look(20)) == room.looks == 4
    assert room.look(20, person='') == []
    assert Room(landmarks_hz=0.0).look(20) == []


def test_a_turned_head_is_not_read_and_a_slightly_turned_one_counts_less():
    room = Room()
    assert room.reader.hindrance('f1') == ''
    room.mesh = mesh(yaw=-0.9)
    (found,) = room.look()
    assert found.reason == room.reader.hindrance('f1') == 'turned_away'
    assert found.pose.yaw_rad == pytest.approx(-0.9)
    room.mesh = mesh(pitch=0.7)
    room.look(5)
    assert room.reader.hindrance('f1') == 'turned_away'
    room.mesh = mesh(yaw=0.5)
    room.look(5)
    assert room.reader.hindrance('f1') == ''
    assert 0.5 < room.reader.clearness('f1') < 1.0
    assert room.reader.clearness('f2') == 1.0


def test_eyes_closed_for_long_forbid_reading_a_blink_does_not():
    room = Room(closed_after_s=1.0)
    room.opening = 0.05
    assert [f.reason for f in room.look(9)] == ['', '']
    assert [f.reason for f in room.look(10)] == ['eyes_closed', 'eyes_closed']
    room.opening = 0.3
    room.look(5)
    assert room.reader.hindrance('f1') == ''


def test_narrow_eyes_of_a_laughing_face_are_not_closed_ones():
    room = Room()
    room.opening = 0.05
    room.mesh = mesh(
        change={61: (0, -0.4, -0.8), 291: (0, 0.4, -0.8), 13: (0, 0, -1), 14: (0, 0, -1)}
    )
    assert [f.reason for f in room.look(30)] == [''] * 6


def test_no_face_in_the_crop_is_unknown_not_frontal():
    room = Room()
    room.mesh = mesh(score=0.2)
    (found,) = room.look()
    assert (found.pose, found.gaze, found.reason) == (None, None, 'no_landmarks')
    assert np.isnan(found.proxies).all()
    assert np.isnan(found.eye_closure).all()
    assert room.reader.hindrance('f1') == ''
    assert room.reader.clearness('f1') == 0.5


def test_the_neutral_face_is_learnt_from_frontal_looks_and_forgotten():
    room = Room(baseline_readings=3, landmarks_hz=10.0)
    room.mesh = mesh(yaw=0.5)
    for _ in range(5):
        room.look()
        room.reader.seems_neutral('p1')
    assert np.isnan(room.look()[0].change).all()
    room.mesh = mesh()
    for _ in range(3):
        room.look()
        room.reader.seems_neutral('p1')
    assert room.look()[0].change == pytest.approx(np.zeros(8), abs=1e-6)
    room.reader.pause()
    assert np.isfinite(room.look()[0].change).all()
    room.reader.clear()
    assert np.isnan(room.look()[0].change).all()


def test_a_look_that_holds_for_several_frames_teaches_the_neutral_face_once():
    room = Room(baseline_readings=3, landmarks_hz=2.0)
    found = []
    for _ in range(20):
        found += room.look()
        room.reader.seems_neutral('p1')
    assert [bool(np.isfinite(f.change).all()) for f in found] == [False, False, False, True]


def test_without_looks_nothing_is_held_against_the_face():
    room = Room(closed_after_s=1.0)
    room.opening = 0.05
    room.look(20)
    assert room.reader.hindrance('f1') == 'eyes_closed'
    room.reader.config = FaceFeaturesConfig(landmarks_hz=0.0)
    assert room.look(20) == []
    assert room.reader.hindrance('f1') == ''
    room.reader.config = FaceFeaturesConfig(landmarks_hz=2.0, closed_after_s=1.0)
    assert room.look()[0].reason == ''
