# SPDX-License-Identifier: Apache-2.0
"""Leave that changes while the face node reads a frame: nothing is said and nothing is kept."""

from dataclasses import replace

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError

from .test_face_affect import Rig, SMILE

pytestmark = pytest.mark.ros


@pytest.fixture
def face(ros, gate):
    try:
        models.find('face_detector_full')
    except ModelError as error:
        pytest.skip(f'the models are not here: {error}')
    made = Rig(ros, gate).start()
    gate.grant('p1', 'face')
    ros.until(lambda: made.node._guard.lease.granted)
    yield made
    made.node.trigger_shutdown()


def during_a_frame(face, act):
    """Let `act` happen after each frame was read and before anything is said about it."""
    process, done = face.node._pipeline.process, []

    def read(frame, person_id):
        report = process(frame, person_id)
        act(report)
        done.append(report)
        return report

    face.node._pipeline.process = read
    return done


def test_leave_that_ends_meanwhile(ros, gate, face):
    gate.decide = lambda node, scope: ('', 'no_consent')
    done = during_a_frame(face, lambda report: face.node._guard.revoke('no_consent'))
    face.look_at(SMILE, lambda: done)
    assert ros.until(lambda: not face.node._pipeline.tracker._tracks)
    assert face.affect == face.features == []


def test_leave_that_passes_to_another_meanwhile(ros, gate, face):
    def pass_on(report):
        if report.estimates:
            gate.decide = lambda node, scope: ('p2', '')
            ask = face.node._guard._asks[0]
            ask.lease = replace(ask.lease, person_id='p2')

    during_a_frame(face, pass_on)
    face.look_at(SMILE, lambda: face.newest(person_id='p2'))
    assert {e.person_id for message in face.affect for e in message.estimates} == {'p2'}
