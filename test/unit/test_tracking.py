# SPDX-License-Identifier: Apache-2.0
"""Ids stay with their faces: pauses, crossings, long absence, restart of a replay."""

import numpy as np
import pytest

from empathy_ros.core.face import Face
from empathy_ros.core.tracking import FaceTracker, random_id, TrackingConfig

STEP_NS = 100_000_000


def face(x, y=100.0, side=60.0, score=0.9):
    points = np.zeros((6, 2), np.float32)
    return Face((x - side / 2, y - side / 2, side, side), score, points)


def tracker(**changes):
    return FaceTracker(TrackingConfig(deterministic_ids=True, **changes))


def ids(tracks):
    return [track.id for track in tracks]


def warm(follow, faces, start=0):
    """Show `faces` in three frames; return the frame number after them."""
    for frame in range(start, start + 3):
        follow.update(faces, frame * STEP_NS)
    return start + 3


def test_a_face_counts_only_after_three_frames_in_a_row():
    follow = tracker()
    assert follow.update([face(100)], 0) == []
    assert follow.update([face(101)], STEP_NS) == []
    assert follow.in_view() == 0
    assert ids(follow.update([face(102)], 2 * STEP_NS)) == ['f1']
    assert follow.in_view() == 1


def test_a_flash_is_never_confirmed():
    follow = tracker()
    for frame in range(20):
        tracks = follow.update([face(100)] if frame % 2 else [], frame * STEP_NS)
        assert tracks == []


def test_id_survives_a_second_without_detection():
    follow = tracker()
    now = warm(follow, [face(100)])
    for frame in range(now, now + 10):
        assert follow.update([], frame * STEP_NS) == []
        assert follow.in_view() == 1
    assert ids(follow.update([face(120)], (now + 10) * STEP_NS)) == ['f1']


def test_new_id_after_long_loss():
    follow = tracker(lost_after_s=1.5)
    now = warm(follow, [face(100)])
    follow.update([], (now + 20) * STEP_NS)
    assert follow.in_view() == 0
    after = warm(follow, [face(100)], now + 21)
    assert ids(follow.update([face(100)], after * STEP_NS)) == ['f2']


def test_two_people_crossing_keep_their_ids():
    follow = tracker()
    seen = {}
    for frame in range(31):
        a, b = 100 + 10 * frame, 400 - 10 * frame
        # Where one hides the other, only one face is found.
        faces = [face(a, 100)] if abs(a - b) < 40 else [face(b, 110), face(a, 100)]
        for track in follow.update(faces, frame * STEP_NS):
            seen.setdefault(track.id, []).append(track.face.centre_px[0])
    assert set(seen) == {'f1', 'f2'}
    one, two = seen['f2'], seen['f1']
    assert one[0] < 200
    assert one[-1] == 400
    assert two[0] > 300
    assert two[-1] == 100


def test_a_face_elsewhere_is_another_face():
    follow = tracker()
    now = warm(follow, [face(100)])
    warm(follow, [face(500)], now)
    assert ids(follow.update([face(500)], (now + 3) * STEP_NS)) == ['f2']


def test_a_much_larger_face_in_the_same_place_is_another_face():
    follow = tracker()
    now = warm(follow, [face(100, side=40)])
    assert follow.update([face(100, side=120)], now * STEP_NS) == []


def test_stamps_that_go_back_start_again():
    follow = tracker()
    warm(follow, [face(100)], 50)
    assert follow.update([face(100)], 0) == []
    assert follow.in_view() == 0


def test_clear_forgets():
    follow = tracker()
    warm(follow, [face(100)])
    follow.clear()
    assert follow.in_view() == 0


def test_best_score_first():
    follow = tracker(confirm_frames=1)
    tracks = follow.update([face(100, score=0.6), face(300, score=0.9)], 0)
    assert [t.face.score for t in tracks] == [0.9, 0.6]


def test_random_ids_are_short_words_that_begin_with_a_letter():
    many = {random_id() for _ in range(200)}
    assert len(many) > 190
    assert all(len(name) == 5 and name[0] == 'f' and name.isalpha() for name in many)
    follow = FaceTracker(TrackingConfig(confirm_frames=1))
    assert ids(follow.update([face(1)], 0)) != ['f1']


@pytest.mark.parametrize('count', [2, 5])
def test_several_people_are_counted(count):
    follow = tracker()
    warm(follow, [face(100 * (k + 1)) for k in range(count)])
    assert follow.in_view() == count
