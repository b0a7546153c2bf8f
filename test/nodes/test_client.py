# SPDX-License-Identifier: Apache-2.0
"""The client in another robot's node: everything goes by messages, nothing blocks."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.action import ActionServer
from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.client import EmpathyClient
from empathy_ros.core import taxonomy
from empathy_ros.core.face_features import FaceFeatures
from empathy_ros.core.gaze import Gaze
from empathy_ros.core.types import (
    Act,
    AffectEstimate,
    Alert,
    AlertKind,
    Directive,
    Event,
    Modality,
    Scope,
)
from empathy_ros.nodes.affect_fusion import AffectFusionNode


@pytest.fixture
def client(ros):
    """A client in a node of another namespace, as on a robot."""
    made = EmpathyClient(ros.add(Node, 'robot_face', namespace='/robot'))
    yield made
    made.close()


@pytest.fixture
def companion(ros):
    """A bare node in the companion's namespace, for the peers of one test."""
    return ros.add(Node, 'companion', namespace='/empathy')


def answer(ros, future):
    ros.until(future.done)
    return future.result()


def failure(ros, future):
    ros.until(future.done)
    return future.exception()


def test_affect_comes_as_our_type_from_the_real_fusion(ros, client):
    ros.add(AffectFusionNode, namespace='/empathy')
    voice = ros.add(Node, 'source', namespace='/empathy')
    publisher = voice.create_publisher(msgs.AffectEstimateArray, 'face/affect', qos.EVIDENCE)
    seen = []
    client.on_affect(seen.append)
    scores = np.zeros(8, dtype=np.float32)
    scores[1] = 1.0

    def happy() -> bool:
        now = voice.get_clock().now().nanoseconds
        estimate = AffectEstimate(
            now, Modality.FACE, 'f1', 'face', 'p1', taxonomy.BASIC8.id, scores, 'happiness',
            confidence=0.9, quality=1.0,
        )  # fmt: skip
        publisher.publish(convert.affects_to_msg([estimate], now))
        return bool(seen and seen[-1].top_basic == 'happiness')

    ros.until(happy)
    assert seen[-1].person_id == 'p1'
    asked = answer(ros, client.get_person_affect('p1'))
    assert asked.top_basic == 'happiness'
    assert answer(ros, client.get_person_affect('nobody')) is None


def test_directives_and_alerts_arrive_and_bad_ones_are_dropped(ros, client, companion):
    directives, alerts = [], []
    client.on_directive(directives.append)
    client.on_alert(alerts.append)
    say = companion.create_publisher(msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE)
    warn = companion.create_publisher(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
    alert = Alert(1, 'a1', AlertKind.EMERGENCY, 3, 'a fall was reported')
    warn.publish(convert.alert_to_msg(alert))
    directive = Directive(5, 'd1', (Act.REFLECT,), 'That sounds hard.')
    bad = convert.directive_to_msg(replace(directive, id='bad'))
    bad.acts = ['FLATTER']
    ros.until(lambda: say.get_subscription_count() == 1)
    say.publish(bad)
    say.publish(convert.directive_to_msg(directive))
    ros.until(lambda: directives and alerts)
    assert directives == [directive]
    assert alerts == [alert]


def test_face_features_arrive_and_bad_ones_are_dropped(ros, client, companion):
    from empathy_ros.bridge.convert import features

    seen = []
    client.on_face_features(seen.append)
    show = companion.create_publisher(msgs.FaceFeaturesArray, 'face/features', qos.EVIDENCE)
    ros.until(lambda: show.get_subscription_count() == 1)
    first = FaceFeatures(5, 'f1', 'p1', gaze=Gaze(0.5, -0.25, 0.5), score=0.5)
    bad = features.array_to_msg([first], 5)
    bad.features[0].score = 7.0
    show.publish(bad)
    show.publish(features.array_to_msg([first], 5))
    ros.until(lambda: seen)
    assert [(f.id, f.gaze, f.pose) for f in seen] == [('f1', first.gaze, None)]


def test_an_event_is_sent_once_everybody_who_listens_is_connected(ros, client, companion):
    heard = {'a': [], 'b': []}
    for name, events in heard.items():
        ros.add(Node, name, namespace='/empathy').create_subscription(
            msgs.String, 'event', lambda m, events=events: events.append(m.data), qos.OUTCOME
        )
    assert answer(ros, client.report_event(Event.FALL)) is None
    ros.until(lambda: heard['a'] and heard['b'])
    assert heard == {'a': ['fall'], 'b': ['fall']}


def test_stop_and_outcome(ros, client, companion):
    stops, outcomes = [], []
    companion.create_subscription(msgs.Empty, 'stop', stops.append, qos.OUTCOME)
    companion.create_subscription(
        msgs.DirectiveOutcome, 'behaviour/outcome', outcomes.append, qos.OUTCOME
    )
    client.stop()
    client.report_outcome(
        'd1', False, msgs.DirectiveOutcome.NOT_SUPPORTED, 'no arms', started_ns=7_000_000_008
    )
    ros.until(lambda: stops and outcomes)
    outcome = outcomes[0]
    assert (outcome.directive_id, outcome.executor) == ('d1', 'robot_face')
    assert (outcome.executed, outcome.error_code, outcome.error_msg) == (False, 134, 'no arms')
    assert convert.stamp_from_msg(outcome.started) == 7_000_000_008
    assert convert.stamp_from_msg(outcome.header.stamp) > 0


def serve(node, kind, name, reply):
    """Serve `name`; `reply` fills the response from the request."""

    def on_request(request, response):
        reply(request, response)
        return response

    return node.create_service(kind, name, on_request)


def test_services_are_asked_with_what_was_given(ros, client, companion):
    got = {}

    def keep(name, **fields):
        def reply(request, response):
            got[name] = request
            for field, value in fields.items():
                setattr(response, field, value)

        return reply

    serve(companion, msgs.SetConsent, 'consent_gate/set_consent', keep('set', error_code=3))
    serve(companion, msgs.Explain, 'planner/explain', keep('explain', explanation='because'))
    serve(
        companion, msgs.AcknowledgeAlert, 'caregiver_alert/acknowledge_alert',
        keep('ack', done=True),
    )  # fmt: skip
    answered = client.set_consent('p1', [Scope.FACE, 'voice'], True, pin='1234')
    assert answer(ros, answered).error_code == msgs.SetConsent.Response.WRONG_PIN
    assert list(got['set'].scopes) == ['face', 'voice']
    assert (got['set'].grant, got['set'].pin) == (True, '1234')
    assert answer(ros, client.explain('d1')).explanation == 'because'
    assert got['explain'].directive_id == 'd1'
    assert answer(ros, client.acknowledge_alert('a1', 'nurse')).done
    assert (got['ack'].alert_id, got['ack'].who) == ('a1', 'nurse')


def test_a_service_that_comes_up_late_is_still_asked(ros, client, companion):
    future = client.explain()
    serve(companion, msgs.Explain, 'planner/explain', lambda _q, a: setattr(a, 'found', True))
    assert answer(ros, future).found


def test_nobody_there_is_a_timeout_that_names_the_service(ros):
    client = EmpathyClient(ros.add(Node, 'alone'), timeout_s=0.1)
    for future, name in (
        (client.explain(), '/empathy/planner/explain'),
        (client.say('Hello.'), '/empathy/say'),
        (client.enroll(), '/empathy/consent_gate/enroll_person'),
        (client.report_event(Event.FALL), '/empathy/event'),
    ):
        error = failure(ros, future)
        assert isinstance(error, TimeoutError)
        assert f'{name} is not there' in str(error)


def test_saying_reports_progress_and_result(ros, client, companion):
    def speak(handle):
        handle.publish_feedback(msgs.Say.Feedback(spoken_share=0.5))
        handle.succeed()
        text = handle.request.text
        return msgs.Say.Result(error_code=msgs.Say.Result.REFUSED, error_msg=f'no: {text}')

    server = ActionServer(companion, msgs.Say, 'say', speak)
    shares = []
    result = answer(ros, client.say('You look sad.', 'p1', on_progress=shares.append))
    assert (result.error_code, result.error_msg) == (1, 'no: You look sad.')
    assert shares == [0.5]
    server.destroy()


def test_enrolment_passes_prompts_on(ros, client, companion):
    goals, prompts = [], []

    def enrol(handle):
        goals.append(handle.request)
        handle.publish_feedback(
            msgs.EnrollPerson.Feedback(stage='asking', scope='face', prompt='May I look?')
        )
        handle.succeed()
        return msgs.EnrollPerson.Result(person_id='p7', granted=['face'])

    server = ActionServer(companion, msgs.EnrollPerson, 'consent_gate/enroll_person', enrol)
    future = client.enroll(
        scopes=[Scope.FACE], needs=['dementia'], pin='4711',
        on_prompt=lambda stage, prompt: prompts.append((stage, prompt)),
    )  # fmt: skip
    result = answer(ros, future)
    assert (result.person_id, list(result.granted)) == ('p7', ['face'])
    assert prompts == [('asking', 'May I look?')]
    goal = goals[0]
    assert (list(goal.scopes), list(goal.needs), goal.pin, goal.answers) == (
        ['face'], ['dementia'], '4711', 'ask',
    )  # fmt: skip
    server.destroy()


def test_a_rejected_goal_fails_by_name(ros, client, companion):
    from rclpy.action import GoalResponse

    server = ActionServer(
        companion, msgs.Say, 'say', lambda _h: msgs.Say.Result(),
        goal_callback=lambda _g: GoalResponse.REJECT,
    )  # fmt: skip
    assert 'say: the goal was not accepted' in str(failure(ros, client.say('Hello.')))
    server.destroy()


def test_closing_cancels_what_is_pending_and_leaves_the_node_as_it_was(ros):
    node = ros.add(Node, 'alone')
    before = (len(list(node.timers)), len(list(node.publishers)), len(list(node.subscriptions)))
    client = EmpathyClient(node)
    client.on_affect(lambda _a: None)
    future = client.explain()
    client.close()
    assert future.cancelled()
    after = (len(list(node.timers)), len(list(node.publishers)), len(list(node.subscriptions)))
    assert after == before
