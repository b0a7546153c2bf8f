# SPDX-License-Identifier: Apache-2.0
"""The landmark and iris networks on the demo pictures; skipped where they are not set up."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from empathy_ros.core.action_units import closure, PROXIES, proxies
from empathy_ros.core.face import Face
from empathy_ros.core.gaze import gaze_of
from empathy_ros.core.head_pose import from_the_front, head_pose
from empathy_ros.engines import face_models
from empathy_ros.engines.face_landmarks import eye_matrix, IrisModel, LandmarkModel
from empathy_ros.engines.onnx import ModelError

DEMO = Path(__file__).resolve().parents[2] / 'examples' / 'demo'


@pytest.fixture(scope='module')
def networks():
    try:
        return face_models.load_detector(), face_models.load_landmarks(), face_models.load_iris()
    except ModelError as error:
        pytest.skip(f'the landmark networks are not set up: {error}')


def largest(networks, image):
    return max(networks[0].detect(image), key=lambda face: face.side_px)


def portrait(word):
    return cv2.imread(str(DEMO / f'london_021_{word}.jpg'))


def read(networks, image):
    mesh = networks[1].read(image, largest(networks, image))
    return mesh, head_pose(mesh)


def test_a_frontal_portrait_looks_at_the_camera_with_open_eyes(networks):
    image = portrait('neutral')
    mesh, pose = read(networks, image)
    assert mesh.score > 0.99
    assert abs(pose.yaw_rad) < 0.1
    assert abs(pose.pitch_rad) < 0.2
    assert abs(pose.roll_rad) < 0.1
    eyes = networks[2].read(image, mesh)
    gaze = gaze_of(pose, eyes)
    assert abs(gaze.yaw_rad) < 0.12
    assert all(closure(eye.opening) < 0.5 for eye in eyes)
    # The right eye of the person is on the left in the picture, the temple outside.
    assert eyes[0].outer_px[0] < eyes[0].inner_px[0] < eyes[1].inner_px[0] < eyes[1].outer_px[0]


def test_a_smile_pulls_the_corners_of_the_mouth(networks):
    values = []
    for word in ('neutral', 'smiling'):
        mesh, pose = read(networks, portrait(word))
        values.append(dict(zip(PROXIES, proxies(from_the_front(mesh, pose)), strict=True)))
    change = {name: values[1][name] - values[0][name] for name in PROXIES}
    assert change['AU12_mouth_corner_pull'] > 0.05
    assert change['AU15_mouth_corner_drop'] < -0.01


def test_mirroring_turns_the_angles_round_and_keeps_the_rest(networks):
    image = portrait('smiling')
    image = cv2.warpAffine(
        image, cv2.getRotationMatrix2D((256, 256), 15.0, 1.0), (512, 512), borderValue=(128,) * 3
    )
    mesh, pose = read(networks, image)
    mirrored, other = read(networks, np.ascontiguousarray(image[:, ::-1]))
    assert pose.roll_rad == pytest.approx(math.radians(15.0), abs=0.06)
    assert other.roll_rad == pytest.approx(-pose.roll_rad, abs=0.04)
    assert other.yaw_rad == pytest.approx(-pose.yaw_rad, abs=0.06)
    assert other.pitch_rad == pytest.approx(pose.pitch_rad, abs=0.05)
    first = proxies(from_the_front(mesh, pose))[:-1]
    assert proxies(from_the_front(mirrored, other))[:-1] == pytest.approx(first, abs=0.08)


def test_a_turning_head_turns_from_the_right_to_the_left(networks):
    """The clip's woman begins turned far to her right and passes the front."""
    film = cv2.VideoCapture(str(DEMO / 'head-pose-face-detection-female.gif'))
    yaws, turns = [], []
    while len(yaws) < 16:
        ok, image = film.read()
        assert ok
        face = largest(networks, image)
        yaws.append(head_pose(networks[1].read(image, face)).yaw_rad)
        turns.append(face.turn)
    assert min(yaws[:5]) < -0.7
    assert max(yaws) > 0.4
    assert np.corrcoef(yaws, turns)[0, 1] > 0.8


def test_size_and_place_of_the_face_hardly_matter(networks):
    image = portrait('neutral')
    small = cv2.resize(image, (200, 200), interpolation=cv2.INTER_AREA)
    canvas = np.full((480, 640, 3), 128, np.uint8)
    canvas[250:450, 400:600] = small
    large, moved = read(networks, image), read(networks, canvas)
    assert moved[1].yaw_rad == pytest.approx(large[1].yaw_rad, abs=0.06)
    assert moved[1].pitch_rad == pytest.approx(large[1].pitch_rad, abs=0.08)
    nose = large[0].points_px[4, :2] * 200 / 512 + (400, 250)
    assert moved[0].points_px[4, :2] == pytest.approx(nose, abs=3.0)


def test_no_face_gives_a_low_score(networks):
    blank = np.full((200, 200, 3), 120, np.uint8)
    face = Face((50.0, 50.0, 100.0, 100.0), 0.9, np.array([[75, 90], [125, 90]] * 3, np.float32))
    assert networks[1].read(blank, face).score < 0.5


def test_an_eye_is_cut_out_upright_and_left_ones_mirrored():
    corners = np.array([[100.0, 50.0], [130.0, 60.0]])
    for mirrored in (False, True):
        rows = corners[::-1] if mirrored else corners
        matrix = eye_matrix(rows, mirrored)
        ends = (rows - 0.5) @ matrix[:, :2].T + matrix[:, 2]
        assert ends[0, 0] < ends[1, 0]
        assert ends[0, 1] == pytest.approx(31.5)
        assert ends.mean(axis=0) == pytest.approx([31.5, 31.5])


def test_another_network_is_refused_by_name(networks):
    with pytest.raises(ModelError, match=r'face_detector_full\.onnx'):
        LandmarkModel(networks[0].model)
    with pytest.raises(ModelError, match=r'face_landmarks\.onnx'):
        IrisModel(networks[1].model)
