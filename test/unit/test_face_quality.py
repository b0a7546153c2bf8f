# SPDX-License-Identifier: Apache-2.0
"""Which faces are too poor to be read, and why."""

import numpy as np
import pytest

from empathy_ros.core.face import Face
from empathy_ros.core.face_quality import judge, QualityConfig, sharpness

CONFIG = QualityConfig()


def face(side=80.0, turn=0.0):
    points = np.zeros((6, 2), np.float32)
    points[4], points[5], points[2] = (-1, 0), (1, 0), (turn, 0)
    return Face((0.0, 0.0, side, side), 0.9, points * 40)


def texture(seed=0, deviation=40.0, mean=128.0):
    """Return something with detail at all scales, as a face has."""
    rng = np.random.default_rng(seed)
    coarse = np.kron(rng.normal(size=(6, 6)), np.ones((8, 8)))
    grey = coarse + 0.5 * np.kron(rng.normal(size=(24, 24)), np.ones((2, 2)))
    return np.clip(mean + deviation * grey / grey.std(), 0, 255).astype(np.uint8)


def blurred(crop, axis, length=17):
    """Return the crop as moved during exposure along one axis."""
    kernel = np.ones(length) / length
    out = np.apply_along_axis(lambda v: np.convolve(v, kernel, 'same'), axis, crop.astype(float))
    return out.astype(np.uint8)


def test_a_good_face_can_be_read():
    quality = judge(face(), texture(), CONFIG)
    assert quality.reason == ''
    assert quality.score > 0.8


@pytest.mark.parametrize(
    ('seen', 'crop', 'reason'),
    [
        (face(side=31), texture(), 'face_too_small'),
        (face(turn=0.95), texture(), 'turned_away'),
        (face(turn=-0.95), texture(), 'turned_away'),
        (face(), texture(deviation=2, mean=10), 'dark'),
        (face(), np.zeros((48, 48), np.uint8), 'dark'),
        (face(), texture(deviation=60, mean=265), 'overexposed'),
    ],
)
def test_poor_faces_are_unknown_with_a_reason(seen, crop, reason):
    quality = judge(seen, crop, CONFIG)
    assert quality.reason == reason
    assert quality.score == 0.0


@pytest.mark.parametrize('axis', [0, 1])
def test_motion_blur_is_seen_in_either_direction(axis):
    crop = texture()
    smeared = blurred(blurred(crop, axis), axis)
    assert sharpness(smeared) < 0.2 * sharpness(crop)
    assert judge(face(), smeared, CONFIG).reason == 'blurred'


def test_sharpness_does_not_depend_on_light():
    assert sharpness(texture(deviation=10)) == pytest.approx(
        sharpness(texture(deviation=40)), rel=0.1
    )


def test_sharpness_of_a_blank_crop_is_zero():
    assert sharpness(np.full((48, 48), 77, np.uint8)) == 0.0


def test_score_falls_with_size_and_turn():
    scores = [judge(face(side=side), texture(), CONFIG).score for side in (33, 45, 64)]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]
    assert judge(face(turn=0.8), texture(), CONFIG).score < judge(face(), texture(), CONFIG).score
