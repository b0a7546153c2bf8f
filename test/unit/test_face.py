# SPDX-License-Identifier: Apache-2.0
"""Geometry of faces: anchors, decoding, merging, crops, turn of the head."""

import math

import numpy as np
import pytest

from empathy_ros.core import face as geometry
from empathy_ros.core.face import AnchorLayout, Face, FULL_RANGE, SHORT_RANGE


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


def test_layouts_count_their_anchors():
    assert FULL_RANGE.count == len(geometry.anchor_centres(FULL_RANGE)) == 2304
    assert SHORT_RANGE.count == len(geometry.anchor_centres(SHORT_RANGE)) == 896
    assert AnchorLayout.of(192, (4,), 1) == FULL_RANGE
    assert AnchorLayout.of(128, (8, 16, 16, 16), 2) == SHORT_RANGE


def test_anchors_lie_in_the_middle_of_their_cells_row_by_row():
    centres = geometry.anchor_centres(AnchorLayout(8, (4,), (2,)))
    assert centres.tolist() == [[2, 2], [2, 2], [6, 2], [6, 2], [2, 6], [2, 6], [6, 6], [6, 6]]


def test_decode_places_box_and_points_around_the_anchor():
    boxes = np.zeros((3, 16), np.float32)
    boxes[1, :4] = [1, -2, 10, 20]
    boxes[1, 4:6] = [-3, 4]
    logits = np.array([-5.0, 2.0, -0.1], np.float32)
    centres = np.array([[0, 0], [50, 60], [0, 0]], np.float32)
    points, scores = geometry.decode(boxes, logits, centres, 0.5)
    assert points.shape == (1, 8, 2)
    assert points[0, :3].tolist() == [[46, 48], [56, 68], [47, 64]]
    assert scores == pytest.approx([1 / (1 + math.exp(-2))])


def test_decode_leaves_out_boxes_without_area_and_survives_huge_logits():
    boxes = np.ones((2, 16), np.float32)
    boxes[0, 2] = -1
    points, scores = geometry.decode(
        boxes, np.array([9.0, 1e4], np.float32), np.zeros((2, 2), np.float32), 0.5
    )
    assert len(points) == 1
    assert scores.tolist() == [1.0]


def test_overlap_of_known_squares():
    square = np.array([[0, 0], [2, 2]], np.float32)
    others = np.array([[[0, 0], [2, 2]], [[1, 0], [3, 2]], [[5, 5], [6, 6]]], np.float32)
    assert geometry.overlap(square, others) == pytest.approx([1.0, 1 / 3, 0.0])


def test_merge_averages_by_score_and_keeps_separate_faces_apart():
    points = np.zeros((3, 8, 2), np.float32)
    points[0, 1], points[1, 0], points[1, 1] = [10, 10], [1, 0], [11, 10]
    points[2, 0], points[2, 1] = [50, 50], [60, 60]
    merged, scores = geometry.merge(points, np.array([0.6, 0.9, 0.7], np.float32), 0.3)
    assert scores == pytest.approx([0.9, 0.7])
    assert merged[0, 0] == pytest.approx([0.6, 0.0])
    assert merged[1, 0] == pytest.approx([50, 50])


def test_merge_of_nothing_is_nothing():
    merged, scores = geometry.merge(np.zeros((0, 8, 2), np.float32), np.zeros(0, np.float32), 0.3)
    assert merged.shape == (0, 8, 2)
    assert scores.shape == (0,)


@pytest.mark.parametrize('size', [(640, 480), (480, 640), (192, 192), (1920, 1080), (33, 7)])
def test_letterbox_and_back_gives_the_same_place(size):
    width, height = size
    box = geometry.letterbox(width, height, 192)
    assert box.width_px <= 192
    assert box.height_px <= 192
    spot = np.array([width * 0.3, height * 0.7])
    inside = spot * box.scale + [box.left_px, box.top_px]
    points = np.tile(inside, (1, 8, 1)).astype(np.float32)
    points[0, 1] += 5
    (face,) = geometry.faces_from(points, np.array([0.8], np.float32), box)
    assert face.bbox_px[:2] == pytest.approx(spot, abs=1e-3)
    assert face.keypoints_px[0] == pytest.approx(spot, abs=1e-3)


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
