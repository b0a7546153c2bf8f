# SPDX-License-Identifier: Apache-2.0
"""Geometry of one face: crops, region, roll and turn of the head."""

import math

import numpy as np
import pytest

from empathy_ros.core import face as geometry
from empathy_ros.core.face import Face


def make_face(x=100.0, y=80.0, side=60.0, score=0.9, roll=0.0, nose_share=0.5):
    """Return a face with its keypoints; nose_share = place of the nose between the ears."""
    middle = np.array([x + side / 2, y + side / 2])
    points = np.array(
        [[-0.18, -0.12], [0.18, -0.12], [nose_share - 0.5, 0.05], [0, 0.25], [-0.5, 0], [0.5, 0]]
    )
    points[2, 0] = -0.5 + nose_share
    cos, sin = math.cos(roll), math.sin(roll)
    turned = points @ np.array([[cos, sin], [-sin, cos]])
    return Face((x, y, side, side), score, (middle + side * turned).astype(np.float32))


@pytest.mark.parametrize('roll', [-0.6, 0.0, 0.35])
def test_crop_puts_the_eyes_on_a_level_line_around_the_middle(roll):
    face = make_face(roll=roll)
    matrix = geometry.crop_matrix(face, 48, 0.2)
    # Pixel centres: the middle of pixel 0 is 0.5 in the coordinates of boxes.
    eyes = (face.keypoints_px[:2] - 0.5) @ matrix[:, :2].T + matrix[:, 2]
    assert eyes[0, 1] == pytest.approx(eyes[1, 1], abs=1e-3)
    assert eyes[:, 0].mean() == pytest.approx(23.5, abs=1e-3)
    assert eyes[1, 0] - eyes[0, 0] == pytest.approx(0.36 * 48 / 1.2, rel=1e-3)


def test_crop_can_sit_lower_along_the_face():
    face = make_face(roll=math.pi / 2)
    centre = np.array(face.centre_px) - 0.5
    high = geometry.crop_matrix(face, 48, 0.0)
    low = geometry.crop_matrix(face, 48, 0.0, down=0.25)
    shift = (low[:, :2] @ centre + low[:, 2]) - (high[:, :2] @ centre + high[:, 2])
    assert shift == pytest.approx([0, -12], abs=1e-6)


@pytest.mark.parametrize(
    ('nose_share', 'turn'), [(0.5, 0.0), (1.0, 1.0), (0.0, -1.0), (1.4, 1.0), (0.75, 0.5)]
)
def test_turn_from_the_nose_between_the_ears(nose_share, turn):
    assert make_face(nose_share=nose_share, roll=0.4).turn == pytest.approx(turn, abs=1e-5)


def test_ears_in_one_place_count_as_turned_away():
    face = make_face()
    points = face.keypoints_px.copy()
    points[geometry.LEFT_EAR] = points[geometry.RIGHT_EAR]
    assert Face(face.bbox_px, 0.9, points).turn == 1.0


def test_roll_is_clockwise():
    assert make_face(roll=0.3).roll_rad == pytest.approx(0.3, abs=1e-5)


def test_region_is_cut_at_the_edges():
    face = make_face(x=-10.0, y=20.0, side=60.0)
    assert geometry.region_of(face, 100, 200) == pytest.approx((0.0, 0.1, 0.5, 0.3))
