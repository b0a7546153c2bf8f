# SPDX-License-Identifier: Apache-2.0
import json
import time

import pytest

from . import guardian_room as room

pytestmark = pytest.mark.ros


@pytest.fixture
def gate(ros, tmp_path):
    pytest.importorskip('sqlcipher3')
    from empathy_ros.nodes.consent_gate import ConsentGate

    return room.make(ros, ConsentGate, state_dir=str(tmp_path), answer_s=1.0)


@pytest.fixture
def probe(ros):
    from rclpy.node import Node

    return ros.add(Node, 'probe')


@pytest.fixture
def words(ros, gate, probe):
    from empathy_ros.bridge import msgs, qos

    publisher = probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
    ros.until(lambda: publisher.get_subscription_count() > 0)
    return publisher


@pytest.fixture
def directives(ros, gate, probe):
    from empathy_ros.bridge import msgs, qos

    got = room.collect(ros, probe, msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE)
    ros.until(lambda: gate.count_subscribers('behaviour/directive') > 0)
    return got


def lease(ros, probe, scope, node='face_affect'):
    from empathy_ros.bridge import msgs

    name = 'consent_gate/lease_sensor'
    return room.call(ros, probe, msgs.LeaseSensor, name, node=node, scope=scope)


def test_nobody_enrolled_means_no_lease(ros, gate, probe):
    got = lease(ros, probe, 'face')
    assert not got.granted
    assert got.reason == 'no_person'


def test_vouched_enrolment_discloses_first_and_grants_only_what_was_asked(
    ros, gate, probe, directives
):
    result = room.enrol(ros, probe, person_id='p1', scopes=['face', 'text'], pin='1234')
    assert result.error_code == 0
    assert list(result.granted) == ['face', 'text']
    assert 'not a human' in ros.until(lambda: directives and directives[0]).text
    assert lease(ros, probe, 'face').person_id == 'p1'
    assert lease(ros, probe, 'voice').reason == 'no_consent'


def test_consent_survives_a_restart_but_presence_does_not(ros, gate, probe, tmp_path):
    from empathy_ros.bridge import msgs
    from empathy_ros.nodes.consent_gate import ConsentGate

    room.enrol(ros, probe, person_id='p1', scopes=['face'])
    ros.executor.remove_node(gate)
    ros.nodes.remove(gate)
    gate.destroy_node()
    room.make(ros, ConsentGate, state_dir=str(tmp_path))
    assert lease(ros, probe, 'face').reason == 'not_present'
    done = room.call(ros, probe, msgs.Trigger, 'consent_gate/confirm_presence')
    assert done.success
    assert lease(ros, probe, 'face').granted


def test_spoken_withdrawal_by_anybody_within_a_second(ros, gate, probe, words, directives):
    from empathy_ros.bridge import msgs, qos

    room.enrol(ros, probe, person_id='p1', scopes=['face', 'voice', 'text'])
    states = room.collect(ros, probe, msgs.ConsentStateArray, 'consent', qos.STATE)
    ros.until(lambda: states and 'face' in states[-1].states[0].granted)
    directives.clear()
    began = time.monotonic()
    room.say(words, "Don't look at me", person_id='visitor')
    ros.until(lambda: states and 'face' not in states[-1].states[0].granted)
    assert time.monotonic() - began < 1.0
    assert 'text' in states[-1].states[0].granted
    answer = ros.until(lambda: directives and directives[0])
    assert list(answer.acts) == ['CONFIRM']
    assert answer.source == 'consent_gate'
    assert len(answer.text.split()) <= 12
    assert '?' not in answer.text
    assert not lease(ros, probe, 'face').granted


def test_television_withdraws_nothing(ros, gate, probe, words):
    room.enrol(ros, probe, person_id='p1', scopes=['face'])
    room.say(words, "Don't look at me", source='tv')
    room.say(words, "it's me", person_id='p1')
    assert lease(ros, probe, 'face').granted


def test_spoken_presence_renews(ros, gate, probe, words):
    room.enrol(ros, probe, person_id='p1', scopes=['face'])
    gate._keeper.ledger._present = ('', 0)
    assert lease(ros, probe, 'face').reason == 'not_present'
    room.say(words, "It's me")
    ros.until(lambda: lease(ros, probe, 'face').granted)


def test_second_face_suspends(ros, gate, probe):
    from empathy_ros.bridge import msgs, qos

    room.enrol(ros, probe, person_id='p1', scopes=['face', 'text'])
    tracks = probe.create_publisher(msgs.UInt32, 'face/tracks', qos.STATE)
    assert lease(ros, probe, 'face').granted
    tracks.publish(msgs.UInt32(data=2))
    ros.until(lambda: lease(ros, probe, 'face').reason == 'other_person')
    assert lease(ros, probe, 'text').reason == 'other_person'
    assert lease(ros, probe, 'face', node='camera').granted
    tracks.publish(msgs.UInt32(data=1))
    ros.until(lambda: lease(ros, probe, 'face').granted)


def test_yes_by_service_needs_the_pin(ros, gate, probe):
    from empathy_ros.bridge import msgs

    room.enrol(ros, probe, person_id='p1', scopes=['text'], pin='1234')

    def change(**fields):
        values = {'person_id': 'p1', 'scopes': ['face'], 'grant': True} | fields
        return room.call(ros, probe, msgs.SetConsent, 'consent_gate/set_consent', **values)

    assert change(pin='9999').error_code == msgs.SetConsent.Response.WRONG_PIN
    assert change(person_id='px').error_code == msgs.SetConsent.Response.UNKNOWN_PERSON
    assert change(scopes=['aura'], pin='1234').error_code == msgs.SetConsent.Response.UNKNOWN_SCOPE
    assert 'face' in change(pin='1234').state.granted
    assert list(change(scopes=['all'], grant=False).state.granted) == []
    found = room.call(ros, probe, msgs.GetConsent, 'consent_gate/get_consent', person_id='p1')
    assert found.found
    assert list(found.states[0].granted) == []


def test_pause_by_button(ros, gate, probe):
    from empathy_ros.bridge import msgs

    room.enrol(ros, probe, person_id='p1', scopes=['face', 'text'])
    room.call(ros, probe, msgs.SetBool, 'consent_gate/pause_face', data=True)
    assert lease(ros, probe, 'face').reason == 'paused'
    assert lease(ros, probe, 'text').granted
    room.call(ros, probe, msgs.SetBool, 'consent_gate/pause_face', data=False)
    assert lease(ros, probe, 'face').granted


def test_forget_and_export(ros, gate, probe, tmp_path):
    from empathy_ros.bridge import msgs

    room.enrol(ros, probe, person_id='p1', scopes=['face'], pin='1234')
    path = str(tmp_path / 'me.json')
    wrong = room.call(ros, probe, msgs.ExportPerson, 'consent_gate/export_person',
                      person_id='p1', pin='0000', path=path)  # fmt: skip
    assert not wrong.done
    done = room.call(ros, probe, msgs.ExportPerson, 'consent_gate/export_person',
                     person_id='p1', pin='1234', path=path)  # fmt: skip
    assert done.done
    assert json.loads((tmp_path / 'me.json').read_text())['person_id'] == 'p1'
    gone = room.call(ros, probe, msgs.ForgetPerson, 'consent_gate/forget_person',
                     person_id='p1', pin='1234')  # fmt: skip
    assert gone.done
    assert gone.erased
    assert lease(ros, probe, 'face').reason == 'no_person'


def start_asking(ros, probe, scopes):
    from rclpy.action import ActionClient

    from empathy_ros.bridge import msgs

    client = ActionClient(probe, msgs.EnrollPerson, 'consent_gate/enroll_person')
    ros.until(client.server_is_ready)
    goal = msgs.EnrollPerson.Goal(person_id='p1', scopes=scopes, answers='ask')
    sent = client.send_goal_async(goal)
    ros.until(sent.done)
    return sent.result()


def result_of(ros, handle):
    future = handle.get_result_async()
    ros.until(future.done)
    return future.result().result


def test_spoken_enrolment_asks_scope_by_scope(ros, gate, probe, words, directives):
    handle = start_asking(ros, probe, ['face', 'voice', 'text'])
    ros.until(lambda: len(directives) == 1)
    assert 'computer program' in directives[0].text
    assert 'DISCLOSE_AI' in directives[0].acts
    assert lease(ros, probe, 'enrolment', 'speech_text').granted
    assert not lease(ros, probe, 'face').granted
    for count, answer in enumerate(('yes', 'no thank you', 'yes of course'), 2):
        room.say(words, answer)
        ros.until(lambda count=count: len(directives) == count)
    result = result_of(ros, handle)
    assert list(result.granted) == ['face', 'text']
    assert not lease(ros, probe, 'enrolment', 'speech_text').granted
    assert lease(ros, probe, 'face').granted


def test_no_answer_leaves_everything_off(ros, gate, probe, words, directives):
    handle = start_asking(ros, probe, ['face'])
    ros.until(lambda: directives)
    room.say(words, 'what a lovely day')
    ros.until(lambda: len(directives) == 2)
    room.say(words, 'is that the kettle?')
    result = result_of(ros, handle)
    assert result.error_code == 2
    assert not lease(ros, probe, 'face').granted


def test_cancelled_enrolment_changes_nothing(ros, gate, probe, words, directives):
    handle = start_asking(ros, probe, ['face', 'text'])
    ros.until(lambda: directives)
    room.say(words, 'yes')
    ros.until(lambda: len(directives) == 2)
    ros.until(handle.cancel_goal_async().done)
    assert result_of(ros, handle).error_code == 125
    assert lease(ros, probe, 'face').reason == 'no_person'
    assert room.enrol(ros, probe, person_id='p1', scopes=['face']).error_code == 0


def test_vouching_cannot_replace_a_person_with_a_pin(ros, gate, probe):
    room.enrol(ros, probe, person_id='p1', scopes=['text'], pin='1234')
    refused = room.enrol(ros, probe, person_id='p1', scopes=['face'])
    assert refused.error_code == 3
    assert 'PIN' in refused.error_msg
    assert room.enrol(ros, probe, person_id='p2', scopes=['aura']).error_code == 3


def test_damaged_store_leaves_the_gate_up_with_everything_off(ros, probe, tmp_path):
    pytest.importorskip('sqlcipher3')
    from empathy_ros.bridge.diagnostics import ERROR
    from empathy_ros.nodes.consent_gate import ConsentGate

    (tmp_path / 'consent.db').write_bytes(b'x' * 9000)
    (tmp_path / 'consent.key').write_text('0' * 64)
    gate = room.make(ros, ConsentGate, state_dir=str(tmp_path))
    assert lease(ros, probe, 'face').reason == 'store_unreadable'
    assert gate._health.level == ERROR
    assert room.enrol(ros, probe, person_id='p1', scopes=['face']).error_code == 0
    assert lease(ros, probe, 'face').granted


def test_persons_are_shown(ros, gate, probe):
    from empathy_ros.bridge import msgs, qos

    got = room.collect(ros, probe, msgs.PersonArray, 'persons', qos.STATE)
    uses = room.collect(ros, probe, msgs.DataUseArray, 'data_use', qos.STATE)
    ros.until(lambda: got and uses)
    assert not got[-1].persons
    assert 'computer program' in uses[-1].disclosure
    assert not any(use.active for use in uses[-1].uses)
    room.enrol(ros, probe, person_id='p1', scopes=['face'], needs=['hearing_loss'])
    person = ros.until(lambda: got[-1].persons and got[-1].persons[0])
    assert person.presence_confirmed
    assert list(person.needs) == ['hearing_loss']
    lease(ros, probe, 'face', node='camera')
    ros.until(lambda: any(use.active and use.node == 'camera' for use in uses[-1].uses))
