# SPDX-License-Identifier: Apache-2.0
"""Anchors, decoding, merging and the way back to the picture."""

import math

import numpy as np
import pytest

from empathy_ros.core import blazeface
from empathy_ros.core.blazeface import AnchorLayout, FULL_RANGE, SHORT_RANGE


def test_layouts_count_their_anchors():
    assert FULL_RANGE.count == len(blazeface.anchor_centres(FULL_RANGE)) == 2304
    assert SHORT_RANGE.count == len(blazeface.anchor_centres(SHORT_RANGE)) == 896
    assert AnchorLayout.of(192, (4,), 1) == FULL_RANGE
    assert AnchorLayout.of(128, (8, 16, 16, 16), 2) == SHORT_RANGE


def test_anchors_lie_in_the_middle_of_their_cells_row_by_row():
    centres = blazeface.anchor_centres(AnchorLayout(8, (4,), (2,)))
    assert centres.tolist() == [[2, 2], [2, 2], [6, 2], [6, 2], [2, 6], [2, 6], [6, 6], [6, 6]]


def test_decode_places_box_and_points_around_the_anchor():
    boxes = np.zeros((3, 16), np.float32)
    boxes[1, :4] = [1, -2, 10, 20]
    boxes[1, 4:6] = [-3, 4]
    logits = np.array([-5.0, 2.0, -0.1], np.float32)
    centres = np.array([[0, 0], [50, 60], [0, 0]], np.float32)
    points, scores = blazeface.decode(boxes, logits, centres, 0.5)
    assert points.shape == (1, 8, 2)
    assert points[0, :3].tolist() == [[46, 48], [56, 68], [47, 64]]
    assert scores == pytest.approx([1 / (1 + math.exp(-2))])


def test_decode_leaves_out_boxes_without_area_and_survives_huge_logits():
    boxes = np.ones((2, 16), np.float32)
    boxes[0, 2] = -1
    points, scores = blazeface.decode(
        boxes, np.array([9.0, 1e4], np.float32), np.zeros((2, 2), np.float32), 0.5
    )
    assert len(points) == 1
    assert scores.tolist() == [1.0]


def test_overlap_of_known_squares():
    square = np.array([[0, 0], [2, 2]], np.float32)
    others = np.array([[[0, 0], [2, 2]], [[1, 0], [3, 2]], [[5, 5], [6, 6]]], np.float32)
    assert blazeface.overlap(square, others) == pytest.approx([1.0, 1 / 3, 0.0])


def test_merge_averages_by_score_and_keeps_separate_faces_apart():
    points = np.zeros((3, 8, 2), np.float32)
    points[0, 1], points[1, 0], points[1, 1] = [10, 10], [1, 0], [11, 10]
    points[2, 0], points[2, 1] = [50, 50], [60, 60]
    merged, scores = blazeface.merge(points, np.array([0.6, 0.9, 0.7], np.float32), 0.3)
    assert scores == pytest.approx([0.9, 0.7])
    assert merged[0, 0] == pytest.approx([0.6, 0.0])
    assert merged[1, 0] == pytest.approx([50, 50])


def test_merge_of_nothing_is_nothing():
    merged, scores = blazeface.merge(np.zeros((0, 8, 2), np.float32), np.zeros(0, np.float32), 0.3)
    assert merged.shape == (0, 8, 2)
    assert scores.shape == (0,)


@pytest.mark.parametrize('size', [(640, 480), (480, 640), (192, 192), (1920, 1080), (33, 7)])
def test_letterbox_and_back_gives_the_same_place(size):
    width, height = size
    box = blazeface.letterbox(width, height, 192)
    assert box.width_px <= 192
    assert box.height_px <= 192
    spot = np.array([width * 0.3, height * 0.7])
    inside = spot * box.scale + [box.left_px, box.top_px]
    points = np.tile(inside, (1, 8, 1)).astype(np.float32)
    points[0, 1] += 5
    (face,) = blazeface.faces_from(points, np.array([0.8], np.float32), box)
    assert face.bbox_px[:2] == pytest.approx(spot, abs=1e-3)
    assert face.keypoints_px[0] == pytest.approx(spot, abs=1e-3)
