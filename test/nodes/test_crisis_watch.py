# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from . import guardian_room as room

pytestmark = pytest.mark.ros


@pytest.fixture
def graph(ros):
    from rclpy.node import Node

    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.crisis_watch import CrisisWatchNode

    node = room.make(ros, CrisisWatchNode, policy_file=str(room.POLICY))
    probe = ros.add(Node, 'probe')
    words = probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
    directives = room.collect(
        ros, probe, msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE
    )
    alerts = room.collect(ros, probe, msgs.CaregiverAlert, 'alerts', qos.ALERTS)
    ros.until(lambda: words.get_subscription_count() and node.count_subscribers('alerts') > 1)
    ros.until(lambda: node.count_subscribers('behaviour/directive'))
    return node, probe, words, directives, alerts


def test_answers_and_alerts_within_a_second(ros, graph):
    _node, _probe, words, directives, alerts = graph
    began = time.monotonic()
    room.say(words, 'I want to kill myself', turn_id='turn7')
    ros.until(lambda: directives and alerts)
    assert time.monotonic() - began < 1.0
    assert directives[0].turn_id == 'turn7'
    assert directives[0].source == 'crisis_watch'
    assert directives[0].priority == 255
    assert alerts[0].kind == 'crisis'
    assert alerts[0].contact == 'the nurse on duty'
    assert 'kill' not in alerts[0].summary


def test_ordinary_words_and_television_are_left_alone(ros, graph):
    _node, _probe, words, directives, alerts = graph
    room.say(words, 'This crossword is killing me')
    room.say(words, 'I want to kill myself', source='tv')
    room.say(words, 'I want to kill myself', is_final=False)
    room.say(words, 'I have fallen and I cannot get up', turn_id='last')
    ros.until(lambda: directives and alerts)
    assert directives[0].turn_id == 'last'
    assert [alert.kind for alert in alerts] == ['emergency']


def test_fall_event_and_unknown_event(ros, graph):
    from empathy_ros.bridge import msgs, qos

    node, probe, _words, directives, alerts = graph
    events = probe.create_publisher(msgs.String, 'event', qos.EVIDENCE)
    ros.until(lambda: events.get_subscription_count())
    events.publish(msgs.String(data='earthquake'))
    events.publish(msgs.String(data='fall'))
    ros.until(lambda: directives and alerts)
    assert 'CALL_HUMAN' in directives[0].acts
    assert alerts[0].kind == 'emergency'
    assert node._health._dropped == 1


def test_acknowledged_alert_hands_over(ros, graph):
    node, probe, words, directives, alerts = graph
    from empathy_ros.bridge import msgs, qos

    back = probe.create_publisher(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
    ros.until(lambda: back.get_subscription_count() > 1)
    room.say(words, 'I want to die')
    ros.until(lambda: directives and alerts)
    answered = alerts[0]
    answered.acknowledged, answered.acknowledged_by = True, 'nurse B'
    back.publish(answered)
    ros.until(lambda: len(directives) == 2)
    assert not node._watch.active


def test_second_person_in_view_makes_the_answer_about_abuse_neutral(ros, graph):
    from empathy_ros.bridge import msgs, qos

    node, probe, words, directives, _alerts = graph
    persons = probe.create_publisher(msgs.PersonArray, 'persons', qos.STATE)
    ros.until(lambda: persons.get_subscription_count())
    persons.publish(msgs.PersonArray(faces_in_view=2, camera_active=True))
    ros.until(lambda: node._watch._others_present)
    room.say(words, 'My son hits me')
    ros.until(lambda: directives)
    assert 'believe' not in directives[0].text


def test_nonsense_is_dropped_and_the_next_turn_counts(ros, graph):
    _node, _probe, words, directives, _alerts = graph
    room.say(words, 'x' * 500_000)
    room.say(words, 'I want to die', confidence=7.0, turn_id='bad')
    room.say(words, '')
    room.say(words, 'I want to die', turn_id='good')
    ros.until(lambda: directives)
    assert directives[0].turn_id == 'good'


def test_unconfigured_protocol_is_an_error_and_no_answer(ros):
    from rclpy.node import Node

    from empathy_ros.bridge import msgs, qos
    from empathy_ros.bridge.diagnostics import ERROR
    from empathy_ros.nodes.crisis_watch import CrisisWatchNode

    example = room.POLICY.with_name('policy.yaml')
    node = room.make(ros, CrisisWatchNode, policy_file=str(example))
    assert node._health.level == ERROR
    probe = ros.add(Node, 'probe')
    words = probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
    status = room.collect(ros, probe, msgs.DiagnosticArray, '/diagnostics', qos.DIAGNOSTICS)
    ros.until(lambda: words.get_subscription_count())
    room.say(words, 'I want to die')
    said = ros.until(lambda: status and status[0].status[0].message)
    assert 'configured: true' in said
