# SPDX-License-Identifier: Apache-2.0
"""Real voices through the real node: words, leases, bad sound, the robot's own voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .hearing_room import RATE_HZ, Room

pytestmark = pytest.mark.ros
DEMO = Path(__file__).parents[2] / 'examples' / 'demo'
AUSTEN = 'sense_and_sensibility_01_austen_64kb-'


@pytest.fixture
def room():
    pytest.importorskip('faster_whisper', reason='faster-whisper is not installed')
    from empathy_ros import models
    from empathy_ros.engines.onnx import ModelError

    for model in ('silero_vad', 'whisper_tiny'):
        try:
            models.find(model)
        except ModelError as error:
            pytest.skip(str(error))
    corner = Room()
    yield corner
    corner.close()


class Talk:
    """Publishes sound on the topic `audio` with stamps of real time, as fast as it is taken."""

    def __init__(self, room, node):
        from empathy_ros.bridge import msgs, qos
        from empathy_ros.bridge.run import now_ns

        self.room, self.node = room, node
        self.publisher = room.publisher(msgs.AudioChunk, 'audio', qos.AUDIO)
        self.stamp_ns, self.seq = now_ns(node), 0

    def send(self, samples, rate_hz=RATE_HZ, label_hz=None):
        from empathy_ros.bridge.convert.audio import audio_to_msg
        from empathy_ros.core.media import Sound

        n = int(0.064 * rate_hz)
        for start in range(0, len(samples), n):
            piece = np.zeros(n, np.float32)
            piece[: len(samples[start : start + n])] = samples[start : start + n]
            sound = Sound(self.stamp_ns, piece, label_hz or rate_hz, self.seq)
            self.publisher.publish(audio_to_msg(sound))
            self.stamp_ns += int(n / rate_hz * 1e9)
            self.seq += 1
            self.room.until(lambda: self.node._input._queue.qsize() < 20)

    def clip(self, name, **how):
        from empathy_ros.engines.playlist import read_sound

        before_ns = self.stamp_ns
        self.send(read_sound(DEMO / f'{name}.wav'), **how)
        length_ns = self.stamp_ns - before_ns
        self.quiet(1.6)
        return before_ns + length_ns

    def quiet(self, seconds):
        noise = np.random.default_rng(0).standard_normal(int(seconds * RATE_HZ)) * 1e-4
        self.send(noise.astype(np.float32))


def start(room, *scopes, **parameters):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.speech_text import SpeechText

    room.scopes = set(scopes)
    heard = room.collect(msgs.Utterance, 'utterance', qos.EVIDENCE)
    node, up = room.start(SpeechText, **parameters)
    assert up
    if scopes:
        room.until(lambda: node._lease().granted)
    else:
        room.until(lambda: node._lease().reason == 'no_consent')
    return node, Talk(room, node), heard


def words(text):
    return [''.join(c for c in w if c.isalnum()) for w in text.lower().replace('-', ' ').split()]


def test_real_readers_are_understood(room):
    node, talk, heard = start(room, 'text')
    ends_ns = [talk.clip(AUSTEN + '0870'), talk.clip(AUSTEN + '0930'),
               talk.clip('voice_man_greeting')]  # fmt: skip
    room.until(lambda: len(heard) == 3, 30.0)
    assert words(heard[0].text)[-8:] == [
        'prudently',
        'in',
        'his',
        'power',
        'to',
        'do',
        'for',
        'them',
    ]
    assert words(heard[1].text) == [
        'he',
        'might',
        'even',
        'have',
        'been',
        'made',
        'amiable',
        'himself',
    ]
    assert 'merry christmas' in heard[2].text.lower()
    assert len({u.turn_id for u in heard}) == 3
    for utterance, end_ns in zip(heard, ends_ns, strict=True):
        assert utterance.is_final
        assert utterance.person_id == 'p1'
        assert utterance.source == 'microphone'
        assert 0.5 < utterance.confidence <= 1.0
        stamp_ns = utterance.header.stamp.sec * 10**9 + utterance.header.stamp.nanosec
        # The clips end with up to half a second of room after the last word.
        assert -0.7 < (stamp_ns - end_ns) * 1e-9 < 0.1
    assert node._recogniser.dropped == 0


def test_without_consent_no_word_leaves(room):
    node, talk, heard = start(room)
    talk.clip(AUSTEN + '0930')
    room.allow('voice')
    talk.clip('voice_man_greeting')
    room.until(lambda: node._input._queue.empty())
    assert not node._turns.speaking
    room.allow('text')
    room.until(lambda: node._lease().granted)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert len(heard) == 1
    assert words(heard[0].text)[:3] == ['he', 'might', 'even']


def test_withdrawal_during_a_sentence_silences_it(room):
    from empathy_ros.engines.playlist import read_sound

    node, talk, heard = start(room, 'text')
    sound = read_sound(DEMO / f'{AUSTEN}0870.wav')
    talk.send(sound[: 3 * RATE_HZ])
    room.until(lambda: node._turns.speaking)
    room.allow()
    room.until(lambda: not node._lease().granted, 1.0)
    talk.send(sound[3 * RATE_HZ :])
    talk.quiet(1.6)
    room.until(lambda: node._input._queue.empty() and not node._turns.speaking)
    room.allow('text')
    room.until(lambda: node._lease().granted)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert 'dashwood' not in ' '.join(u.text.lower() for u in heard)


def test_enrolment_words_name_nobody(room):
    _, talk, heard = start(room, 'enrolment')
    talk.clip('voice_man_greeting')
    room.until(lambda: heard, 20.0)
    assert heard[0].person_id == ''


def test_the_robots_own_voice_is_not_heard(room):
    from empathy_ros.bridge import msgs, qos

    node, talk, heard = start(room, 'text')
    speaking = room.publisher(msgs.Bool, 'speaking', qos.STATE)
    speaking.publish(msgs.Bool(data=True))
    room.until(lambda: node._input.muted)
    talk.clip('voice_man_greeting')
    speaking.publish(msgs.Bool(data=False))
    room.until(lambda: not node._input.muted)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert len(heard) == 1
    assert 'amiable' in heard[0].text


def test_with_an_echo_canceller_a_stop_is_heard_while_the_robot_speaks(room):
    from empathy_ros.bridge import msgs, qos

    node, talk, heard = start(room, 'text', deaf_while_speaking=False)
    speaking = room.publisher(msgs.Bool, 'speaking', qos.STATE)
    speaking.publish(msgs.Bool(data=True))
    room.until(lambda: node._input._robot_speaks)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert 'amiable' in heard[0].text


def test_noise_and_silence_are_no_words(room):
    _node, talk, heard = start(room, 'text')
    rng = np.random.default_rng(0)
    talk.send((0.05 * rng.standard_normal(3 * RATE_HZ)).astype(np.float32))
    talk.quiet(1.5)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert len(heard) == 1


@pytest.mark.parametrize('fault', ['nan', 'odd', 'encoding', 'rate', 'empty', 'giant'])
def test_bad_chunks_are_dropped_and_hearing_goes_on(room, fault):
    from empathy_ros.bridge import msgs

    node, talk, heard = start(room, 'text')
    bad = msgs.AudioChunk(sample_rate=16_000, channels=1, encoding='F32LE', seq=0)
    good = np.zeros(1024, '<f4')
    bad.data = {
        'nan': np.full(1024, np.nan, '<f4').tobytes(), 'odd': good.tobytes()[:-1],
        'encoding': good.tobytes(), 'rate': good.tobytes(), 'empty': b'',
        'giant': np.full(1024, 3e4, '<f4').tobytes(),
    }[fault]  # fmt: skip
    bad.encoding = 'MP3' if fault == 'encoding' else 'F32LE'
    bad.sample_rate = 3 if fault == 'rate' else 16_000
    for _ in range(5):
        talk.publisher.publish(bad)
    room.until(lambda: node._health._dropped >= 5)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert words(heard[0].text) == [
        'he',
        'might',
        'even',
        'have',
        'been',
        'made',
        'amiable',
        'himself',
    ]


def test_a_fault_inside_is_reported_and_hearing_goes_on(room, monkeypatch):
    node, talk, heard = start(room, 'text')

    def broken(samples):
        monkeypatch.undo()
        raise KeyError('a fault')

    monkeypatch.setattr(node._vad, 'push', broken)
    talk.quiet(0.2)
    room.until(lambda: 'a fault' in node._health._text)
    talk.clip(AUSTEN + '0930')
    room.until(lambda: heard, 20.0)
    assert 'amiable' in heard[0].text


def test_44_khz_labelled_16_khz_is_still_understood(room):
    from empathy_ros.core.resampling import resample
    from empathy_ros.engines.playlist import read_sound

    _node, talk, heard = start(room, 'text')
    noise = np.random.default_rng(0).standard_normal(5 * 48_000).astype(np.float32) * 1e-4
    talk.send(noise, 48_000, 16_000)
    sound = resample(read_sound(DEMO / f'{AUSTEN}0930.wav'), RATE_HZ, 48_000)
    talk.send(sound, 48_000, 16_000)
    talk.send(noise[:96_000], 48_000, 16_000)
    room.until(lambda: heard, 20.0)
    assert 'amiable' in heard[-1].text


def test_slow_speakers_are_not_cut(room):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.engines.playlist import read_sound

    node, talk, heard = start(room, 'text')
    persons = room.publisher(msgs.PersonArray, 'persons', qos.STATE)
    persons.publish(msgs.PersonArray(persons=[msgs.Person(person_id='p1', needs=['slow_speech'])]))
    room.until(lambda: node._slow)
    first, second = (read_sound(DEMO / f'{AUSTEN}{n}.wav') for n in ('0930', '0880'))
    talk.send(first)
    talk.quiet(1.5)
    talk.send(second)
    talk.quiet(3.2)
    room.until(lambda: heard, 30.0)
    assert 'amiable' in heard[0].text
    assert 'young man' in heard[0].text


def test_missing_model_is_named_and_the_node_stays(room, monkeypatch, tmp_path):
    from empathy_ros.nodes.speech_text import SpeechText

    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    node, up = room.start(SpeechText)
    assert not up
    assert 'silero_vad.onnx' in node._health._text
    monkeypatch.delenv('EMPATHY_MODELS')
    from empathy_ros.bridge.run import bring_up

    assert bring_up(node)
