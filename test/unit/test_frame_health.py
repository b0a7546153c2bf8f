# SPDX-License-Identifier: Apache-2.0
"""Frozen and black pictures are noticed."""

import numpy as np

from empathy_ros.core.frame_health import FrameHealth

SECOND = 1_000_000_000


def picture(level):
    return np.full((480, 640, 3), level, np.uint8)


def test_the_same_picture_is_frozen_after_five_seconds():
    health = FrameHealth(5.0)
    assert [health.check(picture(90), t * SECOND) for t in range(7)] == [''] * 5 + ['frozen'] * 2


def test_a_change_starts_the_count_again():
    health = FrameHealth(5.0)
    for t in range(5):
        health.check(picture(90), t * SECOND)
    assert health.check(picture(91), 5 * SECOND) == ''
    assert health.check(picture(91), 9 * SECOND) == ''
    assert health.check(picture(91), 10 * SECOND) == 'frozen'


def test_a_still_picture_shown_on_purpose_is_not_frozen():
    health = FrameHealth(5.0)
    assert [health.check(picture(90), t * SECOND, moving=False) for t in (0, 20, 40)] == [''] * 3


def test_a_covered_lens_is_black():
    assert FrameHealth().check(picture(2), 0) == 'black'


def test_the_caller_may_reuse_its_buffer():
    health = FrameHealth(5.0)
    image = picture(90)
    health.check(image, 0)
    image[:] = 120
    assert health.check(image, 9 * SECOND) == ''
