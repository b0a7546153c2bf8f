# SPDX-License-Identifier: Apache-2.0
"""Arousal from real voices through the real node, and "unknown" when it cannot be told."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from .hearing_room import RATE_HZ, Room
from .test_speech_text import AUSTEN, Talk

pytestmark = pytest.mark.ros
DEMO = Path(__file__).parents[2] / 'examples' / 'demo'


@pytest.fixture
def room():
    from empathy_ros import models
    from empathy_ros.engines.onnx import ModelError

    try:
        models.find('silero_vad')
    except ModelError as error:
        pytest.skip(str(error))
    corner = Room()
    yield corner
    corner.close()


def start(room, *scopes, **parameters):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.voice_affect import VoiceAffect

    room.scopes = set(scopes)
    heard = room.collect(msgs.AffectEstimateArray, 'voice/affect', qos.EVIDENCE)
    node, up = room.start(VoiceAffect, **parameters)
    assert up
    if scopes == ('voice',):
        room.until(lambda: node._lease().granted)
    else:
        room.until(lambda: node._lease().reason == 'no_consent')
    return node, Talk(room, node), heard


def finished(node):
    return lambda: node._input._queue.empty() and not node._stream.speaking


def test_arousal_during_and_after_a_turn(room):
    node, talk, heard = start(room, 'voice')
    talk.quiet(1.0)
    end_ns = talk.clip(AUSTEN + '0870')
    room.until(lambda: node._model.baseline_turns('p1') == 1, 20.0)
    room.until(lambda: len(heard) >= 10)
    estimates = [array.estimates[0] for array in heard]
    assert len(estimates) < 20
    for one in estimates:
        assert (one.modality, one.person_id, one.id_kind) == ('voice', 'p1', 'voice')
        assert len(one.scores) == 0
        assert one.top_label == ''
        assert math.isnan(one.valence)
    last = estimates[-1]
    assert not last.abstained
    assert -1.0 <= last.arousal <= 1.0
    assert 0.5 <= last.confidence <= 0.8
    assert last.window_s > 6.0
    stamp_ns = last.header.stamp.sec * 10**9 + last.header.stamp.nanosec
    assert -0.7 < (stamp_ns - end_ns) * 1e-9 < 0.1


def test_without_voice_consent_nothing_is_published(room):
    node, talk, heard = start(room, 'text')
    talk.clip(AUSTEN + '0930')
    room.until(finished(node))
    assert heard == []
    assert node._model.baseline_turns('p1') == 0


def test_nobody_is_estimated_without_a_name(room):
    room.person_id = ''
    node, talk, heard = start(room, 'voice')
    talk.clip(AUSTEN + '0930')
    room.until(finished(node))
    assert heard == []


def test_withdrawal_forgets_the_baseline(room):
    node, talk, heard = start(room, 'voice')
    talk.clip(AUSTEN + '0930')
    room.until(lambda: node._model.baseline_turns('p1') == 1, 20.0)
    room.allow('text')
    room.until(lambda: node._model.baseline_turns('p1') == 0, 1.0)
    count = len(heard)
    talk.clip(AUSTEN + '0930')
    room.until(finished(node))
    assert len(heard) == count


def test_what_one_person_said_is_never_judged_as_another(room):
    from empathy_ros.engines.playlist import read_sound

    node, talk, heard = start(room, 'voice')
    talk.quiet(0.5)
    talk.send(read_sound(DEMO / f'{AUSTEN}0870.wav')[: 4 * RATE_HZ])
    room.until(lambda: len(heard) > 1 and node._input._queue.empty())
    room.person_id = 'p2'
    room.allow('voice')
    room.until(lambda: node._lease().person_id == 'p2')
    talk.quiet(1.6)
    room.until(finished(node))
    assert {a.estimates[0].person_id for a in heard} == {'p1'}
    assert node._model.baseline_turns('p2') == 0


def test_leave_that_ends_while_a_turn_is_judged_silences_it(room):
    node, talk, heard = start(room, 'voice')
    estimate = node._model.estimate

    def meanwhile(features, hearing):
        node._guard.revoke('no_consent')
        return estimate(features, hearing)

    node._model.estimate = meanwhile
    talk.quiet(0.5)
    talk.clip(AUSTEN + '0930')
    room.until(finished(node))
    assert heard == []
    assert node._model.baseline_turns('p1') == 0


def test_clipped_voice_is_unknown(room):
    from empathy_ros.engines.playlist import read_sound

    node, talk, heard = start(room, 'voice')
    loud = np.clip(read_sound(DEMO / f'{AUSTEN}0930.wav') * 20, -1, 1).astype(np.float32)
    talk.quiet(1.0)
    talk.send(loud)
    talk.quiet(1.5)
    room.until(finished(node), 20.0)
    room.until(lambda: heard)
    assert all(a.estimates[0].abstained for a in heard)
    assert {a.estimates[0].reason for a in heard} <= {'clipped', 'noise', 'too_short'}
    assert heard[-1].estimates[0].reason == 'clipped'
    assert node._model.baseline_turns('p1') == 0


def test_noise_and_hum_are_no_arousal(room):
    node, talk, heard = start(room, 'voice')
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).standard_normal(len(t))
    talk.send((0.05 * noise).astype(np.float32))
    talk.send((0.2 * np.sin(2 * np.pi * 100 * t)).astype(np.float32))
    room.until(finished(node))
    assert [a for a in heard if not a.estimates[0].abstained] == []


def test_bad_sound_and_the_robots_voice_make_it_unknown(room, monkeypatch):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes import voice_affect

    monkeypatch.setattr(voice_affect, 'SAY_AGAIN_S', 1e6)  # once, however slow this machine is
    node, talk, heard = start(room, 'voice')
    nothing = np.full(1024, np.nan, '<f4').tobytes()
    bad = msgs.AudioChunk(sample_rate=16_000, channels=1, encoding='F32LE', data=nothing)
    for _ in range(20):
        talk.publisher.publish(bad)
    room.until(lambda: heard and node._health._dropped == 20)
    assert heard[0].estimates[0].reason == 'bad_audio'
    assert len(heard) == 1
    heard.clear()
    node._unknown_s = -1e9
    speaking = room.publisher(msgs.Bool, 'speaking', qos.STATE)
    speaking.publish(msgs.Bool(data=True))
    room.until(lambda: heard)
    assert heard[-1].estimates[0].reason == 'robot_speaking'
    talk.clip(AUSTEN + '0930')
    room.until(finished(node))
    assert len(heard) == 1


def classifier_file(folder, noncommercial):
    """Write a tiny classifier; what it says does not matter here."""
    from dataclasses import replace

    from empathy_ros.core.voice_features import FEATURES
    from empathy_ros.core.voice_fit import Examples, fit_head
    from empathy_ros.core.voice_model import VoiceClassifier
    from empathy_ros.engines import voice_model

    rng = np.random.default_rng(0)
    labels = np.tile([0, 1], 20)
    vectors = rng.standard_normal((1, 40, FEATURES)) + labels[None, :, None]
    data = Examples(
        vectors.astype(np.float32), labels, np.repeat(np.arange(4), 10), ('neutral', 'anger')
    )
    head = replace(fit_head(data, known_voice=False), floor=0.0)
    made = VoiceClassifier(data.names, head, None, licence='X', noncommercial=noncommercial)
    voice_model.save(folder / 'voice_mine.npz', made)
    return str(folder / 'voice_mine.npz')


def test_a_trained_model_names_categories_and_learns_the_voice(room, tmp_path):
    from empathy_ros.core.taxonomy import BASIC8

    file = classifier_file(tmp_path, False)
    node, talk, heard = start(room, 'voice', model=file, good_snr_db=16.0)
    talk.quiet(1.0)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: node._model.baseline_turns('p1') == 1, 20.0)
    room.until(lambda: any(len(a.estimates[0].scores) for a in heard))
    named = [a.estimates[0] for a in heard if len(a.estimates[0].scores)]
    assert {one.model_id for one in named} == {'voice_mine'}
    assert {one.taxonomy for one in named} == {BASIC8.id}
    assert {one.top_label for one in named} <= {'neutral', 'anger'}
    assert node._categories.voices.speech_s('p1') > 1.0
    room.allow('text')
    room.until(lambda: node._categories.voices.speech_s('p1') == 0.0, 1.0)


def test_noncommercial_weights_are_refused_until_accepted(room, tmp_path):
    from empathy_ros.nodes.voice_affect import VoiceAffect

    file = classifier_file(tmp_path, True)
    _, up = room.start(VoiceAffect, model=file)
    assert not up
    _, up = room.start(VoiceAffect, model=file, accept_noncommercial=True)
    assert up
