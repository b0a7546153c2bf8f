# SPDX-License-Identifier: Apache-2.0
"""The robot speaks through a real engine, falls silent at once, and reports honestly."""

from __future__ import annotations

import shutil
import time
import wave

import numpy as np
import pytest

from empathy_ros.core.types import (
    Act,
    Directive,
    PRIORITY_CRISIS,
    PRIORITY_NORMAL,
)

from .hearing_room import Room

pytestmark = [
    pytest.mark.ros,
    pytest.mark.skipif(
        not (shutil.which('flite') or shutil.which('espeak-ng')),
        reason='neither flite nor espeak-ng is installed',
    ),
]
LONG = 'This is a rather long sentence that takes several seconds to be spoken to its very end.'


@pytest.fixture
def room():
    corner = Room()
    yield corner
    corner.close()


class Body:
    """The node under test and what it says."""

    def __init__(self, room, **parameters):
        from empathy_ros.bridge import msgs, qos
        from empathy_ros.nodes.speech_output import SpeechOutput

        self.room, self.msgs = room, msgs
        self.speaking = room.collect(msgs.Bool, 'speaking', qos.STATE)
        self.outcomes = room.collect(msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME)
        self.node, self.up = room.start(SpeechOutput, **{'output': 'none', **parameters})
        self._words = room.publisher(msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE)

    def say(self, name, text, **changes):
        from empathy_ros.bridge import convert

        self._words.publish(
            convert.directive_to_msg(Directive(1, name, (Act.ACKNOWLEDGE,), text, **changes))
        )

    def speaks(self):
        return self.speaking and self.speaking[-1].data

    def outcome(self, name):
        return self.room.until(
            lambda: next((o for o in self.outcomes if o.directive_id == name), None)
        )


def seconds(stamp):
    return stamp.sec + stamp.nanosec * 1e-9


def test_words_become_sound_and_an_outcome(room, tmp_path):
    body = Body(room, record_dir=str(tmp_path / 'said'))
    assert body.up
    room.until(lambda: body.speaking)
    assert not body.speaks()
    body.say('d1', 'Good morning.')
    outcome = body.outcome('d1')
    assert outcome.executed
    assert outcome.error_code == outcome.DONE
    assert outcome.executor == 'speech_output'
    length_s = seconds(outcome.header.stamp) - seconds(outcome.started)
    (file,) = (tmp_path / 'said').iterdir()
    with wave.open(str(file)) as sound:
        wav_s = sound.getnframes() / sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), '<i2')
    assert np.abs(samples).max() > 3000
    assert abs(length_s - wav_s) < 0.5
    room.until(lambda: [m.data for m in body.speaking] == [False, True, False])


def test_directives_without_words_are_left_to_others(room):
    body = Body(room)
    body.say('silent', '')
    body.say('d1', 'Yes.')
    body.outcome('d1')
    assert [o.directive_id for o in body.outcomes] == ['d1']


@pytest.mark.parametrize('how', ['topic', 'event', 'service'])
def test_stop_silences_at_once_and_forgets_what_waits(room, how):
    from empathy_ros.bridge import qos

    body = Body(room)
    msgs = body.msgs
    stops = room.collect(msgs.Empty, 'stop', qos.OUTCOME)
    topic = room.publisher(msgs.Empty, 'stop', qos.OUTCOME)
    event = room.publisher(msgs.String, 'event', qos.OUTCOME)
    client = room.probe.create_client(msgs.Trigger, 'stop')
    room.until(client.service_is_ready)
    body.say('d1', LONG)
    body.say('d2', LONG)
    room.until(body.speaks)
    begin_s = time.monotonic()
    if how == 'topic':
        topic.publish(msgs.Empty())
    elif how == 'event':
        event.publish(msgs.String(data='stop_button'))
    else:
        future = client.call_async(msgs.Trigger.Request())
        room.until(future.done)
        room.until(lambda: stops)
    first, second = body.outcome('d1'), body.outcome('d2')
    assert time.monotonic() - begin_s < 1.0
    assert first.executed
    assert not second.executed
    assert first.error_code == second.error_code == first.CANCELLED
    assert first.reaction == 'stopped'
    room.until(lambda: not body.speaks())
    body.say('d3', 'Yes.')
    assert body.outcome('d3').error_code == first.DONE


def test_crisis_words_interrupt_chat(room):
    body = Body(room)
    body.say('chat', LONG)
    body.say('more', LONG)
    room.until(body.speaks)
    body.say('crisis', 'I am calling for help.', priority=PRIORITY_CRISIS)
    assert body.outcome('chat').error_code == body.msgs.DirectiveOutcome.INTERRUPTED
    assert body.outcome('more').error_code == body.msgs.DirectiveOutcome.INTERRUPTED
    assert body.outcome('crisis').error_code == body.msgs.DirectiveOutcome.DONE


def test_expired_words_are_not_started(room):
    body = Body(room)
    body.say('old', 'Too late.', expires_ns=5)
    outcome = body.outcome('old')
    assert not outcome.executed
    assert outcome.error_msg == 'expired'


def test_unspeakable_words_fail_with_the_reason_and_the_next_are_spoken(room):
    body = Body(room)
    body.say('bad', '\x07 ...')
    outcome = body.outcome('bad')
    assert outcome.error_code == outcome.FAILED
    assert 'nothing to say' in outcome.error_msg
    body.say('good', 'Yes.')
    assert body.outcome('good').executed


def test_style_changes_the_length(room):
    body = Body(room)
    spoken_s = {}
    for name, rate in (('normal', 1.0), ('slow', 0.6)):
        body.say(name, 'One, two, three.', speech_rate=rate)
        outcome = body.outcome(name)
        spoken_s[name] = seconds(outcome.header.stamp) - seconds(outcome.started)
    assert spoken_s['slow'] > 1.3 * spoken_s['normal']


def test_without_an_engine_the_cure_is_named(room, monkeypatch):
    monkeypatch.setenv('PATH', '')
    body = Body(room)
    assert not body.up
    assert 'apt-get install flite' in body.node._health._text


def test_missing_loudspeaker_is_named_or_silently_replaced(room):
    from empathy_ros.engines.microphone import device_names, DeviceError

    try:
        if device_names('output'):
            pytest.skip('this machine has a loudspeaker')
    except DeviceError:
        pass
    body = Body(room, output='device')
    assert not body.up
    assert 'PortAudio' in body.node._health._text or 'output' in body.node._health._text


def test_auto_output_speaks_without_a_loudspeaker(room):
    body = Body(room, output='auto')
    assert body.up
    body.say('d1', 'Yes.')
    assert body.outcome('d1').executed


class Say:
    """A client of the action `say`."""

    def __init__(self, body):
        from rclpy.action import ActionClient

        self.room, self.msgs = body.room, body.msgs
        self.client = ActionClient(body.room.probe, self.msgs.Say, 'say')
        self.room.until(self.client.server_is_ready)
        self.shares = []

    def start(self, text, **fields):
        goal = self.msgs.Say.Goal(text=text, **fields)
        future = self.client.send_goal_async(
            goal, lambda msg: self.shares.append(msg.feedback.spoken_share)
        )
        self.room.until(future.done)
        return future.result()

    def result(self, handle):
        future = handle.get_result_async()
        self.room.until(future.done)
        return future.result().result


def test_say_speaks_with_feedback(room):
    body = Body(room)
    say = Say(body)
    result = say.result(say.start('Your dinner is ready in the kitchen.', speech_rate=1.0))
    assert result.error_code == result.OK
    assert say.shares
    assert say.shares == sorted(say.shares)
    assert [o for o in body.outcomes if o.directive_id.startswith('say-')] == []


@pytest.mark.parametrize(
    ('text', 'fields', 'word'),
    [
        ('I feel your pain.', {}, 'checker'),
        ('', {}, 'checker'),
        ('Dinner is ready.', {'speech_rate': 9.0}, 'speech_rate'),
        ('Dinner is ready.', {'speech_volume': float('nan')}, 'speech_volume'),
    ],
)
def test_say_refuses_what_may_not_be_said(room, text, fields, word):
    body = Body(room)
    say = Say(body)
    result = say.result(say.start(text, **fields))
    assert result.error_code == result.REFUSED
    assert word in result.error_msg
    assert not body.speaks()


def test_say_can_be_cancelled(room):
    body = Body(room)
    say = Say(body)
    handle = say.start('Your dinner is ready in the kitchen and it is still very warm.')
    room.until(body.speaks)
    begin_s = time.monotonic()
    future = handle.cancel_goal_async()
    room.until(future.done)
    result = say.result(handle)
    assert result.error_code == result.CANCELLED
    assert time.monotonic() - begin_s < 1.0
    room.until(lambda: not body.speaks())


def test_normal_words_wait_for_crisis_words(room):
    body = Body(room)
    body.say('crisis', LONG, priority=PRIORITY_CRISIS)
    room.until(body.speaks)
    body.say('chat', 'Yes.', priority=PRIORITY_NORMAL)
    crisis, chat = body.outcome('crisis'), body.outcome('chat')
    assert crisis.error_code == chat.error_code == crisis.DONE
    assert seconds(chat.started) >= seconds(crisis.header.stamp) - 0.1
