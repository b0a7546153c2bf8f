# SPDX-License-Identifier: Apache-2.0
"""The microphone node with files as its source: leases, muting, play lists, failures."""

from __future__ import annotations

import numpy as np
import pytest

from .hearing_room import RATE_HZ, Room, tone_file

pytestmark = pytest.mark.ros


@pytest.fixture
def room():
    room = Room()
    yield room
    room.close()


@pytest.fixture
def heard():
    """Return the list of sounds handed over in this process."""
    from empathy_ros.bridge import handoff

    got = []
    unsubscribe = handoff.channel('audio').subscribe(got.append)
    yield got
    unsubscribe()


def start(room, source, **parameters):
    from empathy_ros.nodes.microphone import Microphone

    return room.start(Microphone, source=str(source), **parameters)


def level(sound):
    return float(np.sqrt(np.mean(sound.samples**2)))


def test_without_a_lease_nothing_is_opened_or_handed_over(room, heard, tmp_path):
    node, up = start(room, tone_file(tmp_path / 'a.wav'))
    assert up
    room.until(lambda: node._guard is not None and node._guard.lease.reason == 'no_consent')
    assert heard == []
    assert node._source.state() == 'closed'
    room.allow('text')
    room.until(lambda: heard)


def test_no_gate_at_all_means_closed(room, heard, tmp_path):
    room.nodes[1].destroy_node()
    node, _ = start(room, tone_file(tmp_path / 'a.wav'))
    room.until(lambda: node._told == 'closed')
    assert heard == []


@pytest.mark.parametrize('scope', ['text', 'voice', 'safety_listening', 'enrolment'])
def test_each_scope_opens_it(room, heard, tmp_path, scope):
    room.allow(scope)
    start(room, tone_file(tmp_path / 'a.wav'))
    room.until(lambda: any(level(s) > 0.1 for s in heard))


def test_sound_is_continuous_and_stamped(room, heard, tmp_path):
    room.allow('text')
    start(room, tone_file(tmp_path / 'a.wav'))
    room.until(lambda: len(heard) > 12)
    sounds = heard[:12]
    assert all(s.samples.shape == (1024,) and s.sample_rate == RATE_HZ for s in sounds)
    assert np.diff([s.seq for s in sounds]).tolist() == [1] * 11
    steps_s = np.diff([s.stamp_ns for s in sounds]) * 1e-9
    assert np.abs(steps_s - 0.064).max() < 0.03


def test_withdrawal_closes_it_within_a_second(room, heard, tmp_path):
    room.allow('text')
    node, _ = start(room, tone_file(tmp_path / 'a.wav', 30.0))
    room.until(lambda: heard)
    room.allow()
    room.until(lambda: node._source.state() == 'closed', 2.0)
    count = len(heard)
    room.until(lambda: node._told == 'closed')
    assert len(heard) <= count + 1


def test_deaf_while_the_robot_speaks(room, heard, tmp_path):
    from empathy_ros.bridge import msgs, qos

    room.allow('text')
    node, _ = start(room, tone_file(tmp_path / 'a.wav', 30.0))
    speaking = room.publisher(msgs.Bool, 'speaking', qos.STATE)
    room.until(lambda: heard)
    speaking.publish(msgs.Bool(data=True))
    room.until(lambda: node._speaks)
    before = len(heard)
    seq = node._seq
    room.until(lambda: node._seq > seq + 8)
    assert len(heard) <= before + 1
    last = heard[-1].seq
    speaking.publish(msgs.Bool(data=False))
    room.until(lambda: len(heard) > before + 1)
    assert heard[-1].seq > last + 8


def test_publishes_on_request(room, heard, tmp_path):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.bridge.convert.audio import audio_from_msg

    room.allow('text')
    got = room.collect(msgs.AudioChunk, 'audio', qos.AUDIO)
    start(room, tone_file(tmp_path / 'a.wav', 10.0), publish_audio=True)
    room.until(lambda: len(got) > 3 and heard)
    sound = audio_from_msg(got[-1])
    assert sound.sample_rate == RATE_HZ
    assert any(np.abs(sound.samples - s.samples).max() < 1e-3 for s in heard)


def test_play_list_takes_turns_and_says_when_it_ended(room, heard, tmp_path):
    from empathy_ros.bridge import msgs, qos

    tone_file(tmp_path / 'a.wav', 0.5)
    tone_file(tmp_path / 'b.wav', 0.5)
    playlist = tmp_path / 'list.yaml'
    playlist.write_text(
        '- {file: a.wav, gap_s: 0.1}\n'
        '- {file: b.wav, gap_s: 0.2, wait_for: answer, patience_s: 60}\n'
    )
    room.allow('text')
    states = room.collect(msgs.String, 'microphone/state', qos.STATE)
    node, _ = start(room, playlist)
    speaking = room.publisher(msgs.Bool, 'speaking', qos.STATE)
    room.until(lambda: any(level(s) > 0.1 for s in heard))
    room.until(lambda: heard and level(heard[-1]) < 0.01)
    assert node._source.state() == 'open'
    speaking.publish(msgs.Bool(data=True))
    room.until(lambda: node._speaks)
    speaking.publish(msgs.Bool(data=False))
    room.until(lambda: states and states[-1].data == 'ended')
    loud = [level(s) > 0.1 for s in heard]
    starts = sum(b and not a for a, b in zip([False, *loud], loud, strict=False))
    assert starts == 2


@pytest.mark.parametrize(
    ('source', 'word'),
    [('/no/such/file.wav', '/no/such/file.wav: not found'), ('broken.wav', 'broken.wav')],
)
def test_bad_source_leaves_it_unconfigured_with_the_reason(room, tmp_path, source, word):
    (tmp_path / 'broken.wav').write_bytes(b'RIFFnothing')
    node, up = start(room, source if source.startswith('/') else tmp_path / source)
    assert not up
    assert word in node._health._text
    tone_file(tmp_path / 'broken.wav')
    if not source.startswith('/'):
        from empathy_ros.bridge.run import bring_up

        assert bring_up(node)


def test_device_without_sound_card_is_named(room):
    from empathy_ros.engines.microphone import device_names, DeviceError

    try:
        if device_names('input'):
            pytest.skip('this machine has a microphone')
    except DeviceError:
        pass
    room.allow('text')
    node, up = start(room, 'device')
    if up:
        room.until(lambda: 'device' in node._health._text)
    assert 'PortAudio' in node._health._text
    if up:
        # The error must outlive the checks between two tries.
        for _ in range(3):
            node._check()
        assert 'PortAudio' in node._health._text
        assert node._told == 'lost'


def test_none_means_the_topic(room, heard):
    room.allow('text')
    node, up = start(room, 'none')
    assert up
    room.until(lambda: 'topic audio' in node._health._text)
    assert heard == []
