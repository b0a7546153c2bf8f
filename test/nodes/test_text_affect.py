# SPDX-License-Identifier: Apache-2.0
"""Words through the real node and the real model; nothing without consent, nothing guessed."""

from __future__ import annotations

import math
import shutil

import pytest

from .hearing_room import Room

pytestmark = pytest.mark.ros


@pytest.fixture
def room():
    corner = Room()
    yield corner
    corner.close()


def start(room, *scopes, **parameters):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.text_affect import TextAffect

    room.scopes = set(scopes)
    got = room.collect(msgs.AffectEstimateArray, 'text/affect', qos.EVIDENCE)
    node, up = room.start(TextAffect, **parameters)
    assert up
    if 'text' in scopes:
        room.until(lambda: node._guard.lease.granted)
    else:
        room.until(lambda: node._guard.lease.reason == 'no_consent')
    return node, room.publisher(msgs.Utterance, 'utterance', qos.EVIDENCE), got


def say(words, text, **changes):
    from empathy_ros.bridge import convert
    from empathy_ros.core.types import Utterance

    values = {'stamp_ns': 7_000_000_005, 'text': text, 'utterance_id': 'u1', 'person_id': 'p1'}
    words.publish(convert.utterance_to_msg(Utterance(**{**values, **changes})))


def only(room, got):
    room.until(lambda: got)
    assert len(got) == 1
    assert len(got[0].estimates) == 1
    return got[0].estimates[0]


def test_sad_words_become_an_estimate(room):
    _, words, got = start(room, 'text')
    say(words, 'I am so sad today.', confidence=0.8)
    one = only(room, got)
    assert (one.modality, one.id, one.id_kind, one.person_id) == ('text', 'u1', 'utterance', 'p1')
    assert (one.header.stamp.sec, one.header.stamp.nanosec) == (7, 5)
    assert one.taxonomy == 'goemotions-28.1'
    assert one.top_label == 'sadness'
    assert len(one.scores) == 28
    assert one.valence < -0.3
    assert math.isnan(one.arousal)
    assert 0.4 < one.confidence <= 1.0
    assert one.quality == pytest.approx(0.8)
    assert (one.model_id, len(one.model_hash)) == ('text_encoder', 12)
    assert not one.abstained


@pytest.mark.parametrize(
    ('text', 'confidence', 'reason'),
    [
        ('', math.nan, 'empty_text'),
        ('...', math.nan, 'no_words'),
        ('Ich bin heute sehr traurig.', math.nan, 'unknown_words'),
        ('I am so sad today.', 0.3, 'unclear_speech'),
    ],
)
def test_words_that_cannot_be_read_are_unknown(room, text, confidence, reason):
    _, words, got = start(room, 'text')
    say(words, text, confidence=confidence)
    one = only(room, got)
    assert one.abstained
    assert one.reason == reason
    assert one.top_label == ''
    assert all(math.isnan(score) for score in one.scores)


def test_interim_words_and_other_speakers_are_not_read(room):
    _, words, got = start(room, 'text')
    say(words, 'I am so', is_final=False)
    say(words, 'I am so angry!', person_id='p2')
    say(words, 'I am so angry!', person_id='')
    say(words, 'Thank you so much!', utterance_id='u2')
    assert only(room, got).id == 'u2'


def test_nothing_is_read_without_text_consent(room):
    node, words, got = start(room, 'safety_listening')
    say(words, 'I am so sad today.')
    room.allow('text')
    room.until(lambda: node._guard.lease.granted)
    say(words, 'Thank you so much!', utterance_id='u2')
    assert only(room, got).id == 'u2'


def test_withdrawal_ends_it_at_once(room):
    node, words, got = start(room, 'text')
    room.allow('voice')
    room.until(lambda: not node._guard.lease.granted, 1.0)
    say(words, 'I am so sad today.')
    room.allow('text')
    room.until(lambda: node._guard.lease.granted)
    say(words, 'Thank you so much!', utterance_id='u2')
    assert only(room, got).id == 'u2'


def test_malformed_words_are_dropped_and_the_next_ones_count(room):
    node, words, got = start(room, 'text')
    say(words, 'I am so sad today.', confidence=7.0)
    say(words, 'Thank you so much!', utterance_id='u2')
    assert only(room, got).id == 'u2'
    assert node._health._dropped == 1


def test_thresholds_can_be_changed_while_it_runs(room):
    from rclpy.parameter import Parameter

    node, words, got = start(room, 'text')
    node.set_parameters([Parameter('min_confidence', value=1.0)])
    say(words, 'I am so sad today.')
    assert only(room, got).reason == 'low_confidence'


@pytest.mark.parametrize('damage', ['missing', 'wrong hash'])
def test_missing_or_damaged_model_is_an_error_and_heals(room, tmp_path, monkeypatch, damage):
    from empathy_ros import models
    from empathy_ros.bridge import diagnostics, msgs, qos
    from empathy_ros.bridge.run import bring_up
    from empathy_ros.nodes.text_affect import TextAffect

    entry = models.get('text_affect_linear')
    good = models.find_model(entry)
    file = tmp_path / entry.file
    if damage == 'wrong hash':
        file.write_bytes(good.read_bytes()[:-1])
    monkeypatch.setattr(models, 'folder_of', lambda model: tmp_path)
    room.scopes = {'text'}
    got = room.collect(msgs.AffectEstimateArray, 'text/affect', qos.EVIDENCE)
    node, up = room.start(TextAffect, model='text_affect_linear')
    assert not up
    assert node._health.level == diagnostics.ERROR
    assert str(file) in node._health._text
    if damage == 'wrong hash':
        assert entry.sha256 in node._health._text
    assert got == []
    shutil.copy(good, file)
    assert bring_up(node)
    room.until(lambda: node._guard.lease.granted)
    say(room.publisher(msgs.Utterance, 'utterance', qos.EVIDENCE), 'Thank you so much!')
    assert only(room, got).top_label == 'gratitude'


def test_lifecycle_can_be_run_through_twice(room):
    node, words, got = start(room, 'text')
    node.trigger_deactivate()
    node.trigger_cleanup()
    assert node._model is None
    node.trigger_configure()
    node.trigger_activate()
    room.until(lambda: node._guard.lease.granted)
    room.until(lambda: words.get_subscription_count() == 1)
    say(words, 'Thank you so much!')
    assert only(room, got).top_label == 'gratitude'


def test_engines_are_taken_from_where_they_are_built(room, monkeypatch):
    from empathy_ros import models
    from empathy_ros.engines import text_models
    from empathy_ros.nodes.text_affect import TextAffect

    asked, load = [], text_models.load

    def noted(model_id, *runtime):
        asked.extend(runtime)
        return load(model_id, *runtime)

    monkeypatch.setattr(text_models, 'load', noted)
    _, up = room.start(TextAffect)
    assert up
    assert [runtime.cache_dir for runtime in asked] == [models.models_folder() / 'engines']


def test_a_failing_network_is_an_error_and_the_next_words_count(room):
    from empathy_ros.engines.onnx import ModelError

    node, words, got = start(room, 'text')
    read = node._model.model.probabilities

    def broken(texts):
        node._model.model.probabilities = read
        raise ModelError('model.onnx: out of memory')

    node._model.model.probabilities = broken
    say(words, 'I am so sad today.', utterance_id='u1')
    room.until(lambda: node._health._text == 'model.onnx: out of memory')
    assert got == []
    say(words, 'I am so sad today.', utterance_id='u2')
    assert only(room, got).id == 'u2'
    assert node._health._text == 'reading'
