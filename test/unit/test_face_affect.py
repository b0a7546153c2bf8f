# SPDX-License-Identifier: Apache-2.0
"""Whom the pipeline infers on, and what it says when it may or can not."""

import math

import numpy as np
import pytest

from empathy_ros.core.expression_net import Calibration, probabilities, read_expression
from empathy_ros.core.face import Face
from empathy_ros.core.face_affect import FaceAffect
from empathy_ros.core.face_features import FaceFeatures
from empathy_ros.core.face_quality import QualityConfig
from empathy_ros.core.media import Frame
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.tracking import FaceTracker, TrackingConfig
from empathy_ros.core.types import Modality


def face(x, side=80.0):
    points = np.array([[0, 0], [40, 0], [20, 10], [20, 30], [-20, 0], [60, 0]], np.float32)
    return Face((x, 100.0, side, side), 0.9, points + np.float32([x, 120]))


def texture():
    rng = np.random.default_rng(3)
    return np.kron(rng.integers(0, 255, (12, 12), dtype=np.uint8), np.ones((4, 4), np.uint8))


class Eyes:
    """Stands for detector and network: shows `faces`, answers `logits`, counts calls."""

    def __init__(self):
        self.faces, self.calls, self.crop = [face(100)], 0, texture()
        self.logits = np.array([0, 5, 0, 0, 0, 0, 0, 0], float)
        self.pipeline = FaceAffect(
            lambda image: self.faces,
            lambda image, face: self.crop,
            self.read,
            FaceTracker(TrackingConfig(deterministic_ids=True, confirm_frames=1)),
            QualityConfig(),
            'face_expression',
            'abc',
        )
        self.now = 0

    def read(self, crops):
        self.calls += len(crops)
        p = probabilities(self.logits)
        return [read_expression(p, Calibration(min_confidence=0.5)) for _ in crops]

    def look(self, person_id='p1'):
        self.now += 100_000_000
        frame = Frame(self.now, np.zeros((400, 800, 3), np.uint8))
        return self.pipeline.process(frame, person_id)


@pytest.fixture
def eyes():
    return Eyes()


def test_one_face_gives_one_estimate_of_that_person(eyes):
    report = eyes.look()
    (estimate,) = report.estimates
    assert report.in_view == 1
    assert estimate.modality is Modality.FACE
    assert (estimate.id, estimate.id_kind, estimate.person_id) == ('f1', 'face', 'p1')
    assert (estimate.model_id, estimate.model_hash) == ('face_expression', 'abc')
    assert estimate.stamp_ns == eyes.now
    assert estimate.top_label == 'happiness'
    assert estimate.taxonomy == BASIC8.id
    assert estimate.scores.sum() == pytest.approx(1.0)
    assert estimate.confidence == pytest.approx(estimate.scores.max())
    assert estimate.valence > 0
    assert math.isnan(estimate.dominance)
    assert not estimate.abstained
    assert estimate.region == pytest.approx((0.125, 0.25, 0.1, 0.2))


def test_no_face_gives_nothing_not_neutral(eyes):
    eyes.faces = []
    report = eyes.look()
    assert report.estimates == ()
    assert report.in_view == 0


def test_a_second_face_suspends_at_once_and_the_network_rests(eyes):
    eyes.look()
    calls = eyes.calls
    eyes.faces = [face(100), face(500)]
    report = eyes.look()
    assert eyes.calls == calls
    assert report.in_view == 2
    assert {e.reason for e in report.estimates} == {'other_person'}
    assert all(e.abstained and not e.person_id for e in report.estimates)
    assert all(not e.scores.size and not e.top_label for e in report.estimates)
    assert all(e.confidence == 0.0 for e in report.estimates)


def test_an_unconfirmed_second_face_suspends_too(eyes):
    eyes.pipeline.tracker.config = TrackingConfig(deterministic_ids=True, confirm_frames=3)
    for _ in range(3):
        eyes.look()
    calls = eyes.calls
    eyes.faces = [face(100), face(500)]
    report = eyes.look()
    assert report.in_view == 1
    assert [e.reason for e in report.estimates] == ['other_person']
    assert eyes.calls == calls


def test_a_briefly_hidden_second_face_still_suspends(eyes):
    eyes.faces = [face(100), face(500)]
    eyes.look()
    eyes.faces = [face(100)]
    assert [e.reason for e in eyes.look().estimates] == ['other_person']
    for _ in range(20):
        report = eyes.look()
    assert [e.reason for e in report.estimates] == ['']


def test_without_a_person_faces_are_counted_and_not_read(eyes):
    report = eyes.look(person_id='')
    assert report.in_view == 1
    assert eyes.calls == 0
    assert [e.reason for e in report.estimates] == ['other_person']


def test_a_poor_face_is_unknown_and_not_read(eyes):
    eyes.faces = [face(100, side=20)]
    (estimate,) = eyes.look().estimates
    assert estimate.reason == 'face_too_small'
    assert estimate.abstained
    assert estimate.person_id == 'p1'
    assert eyes.calls == 0


def test_an_unsure_network_is_unknown_not_neutral(eyes):
    eyes.logits = np.zeros(8)
    (estimate,) = eyes.look().estimates
    assert estimate.reason == 'low_confidence'
    assert estimate.abstained
    assert estimate.top_label == ''
    assert estimate.scores.size == 0
    assert math.isnan(estimate.valence)


def test_a_blank_answer_is_unknown(eyes):
    eyes.logits = np.full(8, np.nan)
    (estimate,) = eyes.look().estimates
    assert estimate.reason == 'bad_output'


class Points:
    """Stands for the landmark reader: says `hindrance` and `clearness`, counts looks."""

    def __init__(self):
        self.reason, self.clear_share, self.looks, self.neutral, self.paused = '', 1.0, 0, 0, 0
        self.forgotten = 0

    def look(self, image, face, track_id, person_id, stamp_ns):
        self.looks += 1
        return FaceFeatures(stamp_ns, track_id, person_id, reason=self.reason)

    def hindrance(self, track_id):
        return self.reason

    def clearness(self, track_id):
        return self.clear_share

    def seems_neutral(self, person_id):
        self.neutral += 1

    def pause(self):
        self.paused += 1

    def clear(self):
        self.forgotten += 1


@pytest.fixture
def points(eyes):
    eyes.pipeline.features = Points()
    return eyes.pipeline.features


@pytest.mark.parametrize('reason', ['turned_away', 'eyes_closed'])
def test_a_turned_or_sleeping_face_is_not_read(eyes, points, reason):
    points.reason = reason
    report = eyes.look()
    assert [e.reason for e in report.estimates] == [reason]
    assert [f.reason for f in report.features] == [reason]
    assert eyes.calls == 0


def test_a_face_that_the_detector_sees_turned_away_is_described_with_the_reason(eyes, points):
    shifted = eyes.faces[0].keypoints_px.copy()
    shifted[2] += (38, 0)
    eyes.faces = [Face(eyes.faces[0].bbox_px, 0.9, shifted)]
    report = eyes.look()
    assert [e.reason for e in report.estimates] == ['turned_away']
    assert [f.reason for f in report.features] == ['turned_away']


def test_a_turned_head_lowers_the_quality_and_a_better_one_never_raises_it(eyes, points):
    before = eyes.look().estimates[0].quality
    points.clear_share = before / 2
    assert eyes.look().estimates[0].quality == pytest.approx(before / 2)
    points.clear_share = 1.0
    assert eyes.look().estimates[0].quality == pytest.approx(before)


def test_points_of_nobody_and_of_several_are_not_looked_for(eyes, points):
    eyes.look(person_id='')
    eyes.faces = [face(100), face(500)]
    eyes.look()
    assert (points.looks, points.paused) == (0, 2)


def test_points_of_a_poor_picture_are_not_looked_for(eyes, points):
    eyes.faces = [face(100, side=20)]
    assert [e.reason for e in eyes.look().estimates] == ['face_too_small']
    assert points.looks == 0


def test_a_neutral_reading_teaches_the_neutral_face(eyes, points):
    eyes.look()
    assert points.neutral == 0
    eyes.logits = np.array([5, 0, 0, 0, 0, 0, 0, 0], float)
    eyes.look()
    assert points.neutral == 1
    eyes.pipeline.clear()
    assert points.forgotten == 1
    assert eyes.pipeline.tracker.in_view() == 0
