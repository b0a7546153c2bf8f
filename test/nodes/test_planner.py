# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.types import Consent, Person, Scope, Utterance
from empathy_ros.paths import share

pytestmark = pytest.mark.ros
ALL = frozenset({Scope.FACE, Scope.VOICE, Scope.TEXT})


class Graph:
    """The planner, and what stands around it."""

    def __init__(self, ros, **parameters):
        from empathy_ros.bridge import msgs, qos
        from empathy_ros.nodes.planner import PlannerNode

        self.ros = ros
        self.said = ros.collect(msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE)
        self.alerts = ros.collect(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
        self.node = ros.start(PlannerNode, **parameters)
        probe = ros.probe()
        self.words = probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
        self.consent = probe.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
        self.persons = probe.create_publisher(msgs.PersonArray, 'persons', qos.STATE)
        self.guardian = probe.create_publisher(
            msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE
        )

    def enrol(self):
        from empathy_ros.bridge import convert, msgs

        for publisher in (self.words, self.consent, self.persons):
            self.ros.matched(publisher)
        state = convert.consent_to_msg(Consent('p1', ALL, granted_by='self_spoken'))
        self.consent.publish(msgs.ConsentStateArray(states=[state]))
        person = convert.person_to_msg(Person('p1', enrolled=True, present=True))
        self.persons.publish(msgs.PersonArray(persons=[person]))
        self.until_acts('DISCLOSE_AI')

    def say(self, text, turn_id='t1'):
        from empathy_ros.bridge import convert
        from empathy_ros.bridge.run import now_ns

        utterance = Utterance(now_ns(self.node), text, 'u', turn_id, 'p1')
        self.words.publish(convert.utterance_to_msg(utterance))

    def until_acts(self, *acts):
        return self.ros.until(
            lambda: next((m for m in self.said if set(acts) <= set(m.acts)), None)
        )


@pytest.fixture
def graph(ros):
    return Graph(ros, policy_file=str(share('config', 'policy.test.yaml')))


def test_refuses_without_a_configured_protocol(ros):
    from empathy_ros.bridge import msgs, qos

    got = ros.collect(msgs.DiagnosticArray, '/diagnostics', qos.DIAGNOSTICS)
    graph = Graph(ros)
    status = ros.until(lambda: [s for m in got for s in m.status if s.level == b'\x02'])[0]
    assert 'policy.yaml' in status.message
    assert graph.node._planner is None
    assert not graph.said


def test_says_what_it_is_before_anything_else(graph):
    graph.enrol()
    assert 'DISCLOSE_AI' in graph.said[0].acts
    assert len(graph.said) == 1


def test_sad_words_are_met_with_reflection_not_advice(graph):
    graph.enrol()
    graph.say('My sister died on Tuesday.')
    answer = graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])[0]
    assert {'REFLECT', 'ACKNOWLEDGE'} & set(answer.acts)
    assert 'SUGGEST_ONE' not in answer.acts
    assert answer.text
    assert answer.rationale


def test_answers_for_a_dead_guardian_and_alerts(graph):
    graph.enrol()
    graph.say('I want to kill myself tonight.')
    answer = graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])[0]
    assert answer.source == 'crisis_watch'
    graph.ros.until(lambda: [a for a in graph.alerts if a.kind == 'crisis'])


def test_leaves_the_turn_to_a_living_guardian(graph):
    from empathy_ros.bridge import msgs

    graph.enrol()
    graph.guardian.publish(msgs.EmpathicDirective(turn_id='t1', source='crisis_watch'))
    graph.ros.until(lambda: 't1' in graph.node._stand_in._heard)
    graph.say('I want to kill myself tonight.')
    graph.say('The weather is nice today.', 't2')
    graph.ros.until(
        lambda: not graph.node._stand_in.pending and graph.node._planner.talk.turns >= 2
    )
    assert not [m for m in graph.said if m.turn_id == 't1' and m.text]
    assert not graph.alerts


def test_bad_input_is_dropped_and_the_next_one_answered(graph):
    from empathy_ros.bridge import msgs

    graph.enrol()
    bad = msgs.Utterance(text='hello', is_final=True, person_id='p1', confidence=7.0)
    graph.words.publish(bad)
    graph.say('', 't0')
    graph.say('I feel lonely.', 't1')
    graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])


def test_explains_itself(graph):
    from empathy_ros.bridge import msgs

    graph.enrol()
    graph.say('I feel lonely.')
    answer = graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])[0]
    request = msgs.Explain.Request(directive_id=answer.id)
    response = graph.ros.call(msgs.Explain, 'planner/explain', request)
    assert response.found
    assert list(response.acts) == list(answer.acts)
    assert 'because' in response.explanation


def test_answers_an_action_without_saying_it(graph):
    from rclpy.action import ActionClient

    from empathy_ros.bridge import msgs

    graph.enrol()
    node = graph.ros.probe('asker')
    client = ActionClient(node, msgs.EmpathicResponse, 'planner/empathic_response')
    graph.ros.until(client.server_is_ready)
    goal = msgs.EmpathicResponse.Goal(person_id='p1', text='I feel lonely.')
    handle = client.send_goal_async(goal)
    graph.ros.until(handle.done)
    result = handle.result().get_result_async()
    graph.ros.until(result.done)
    assert result.result().result.directive.text
    assert len(graph.said) == 1


def test_a_rating_is_taken_and_can_be_taken_back(graph):
    from empathy_ros.bridge import msgs

    graph.enrol()
    graph.say('I feel lonely.')
    answer = graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])[0]
    kind, name = msgs.ReportFeedback, 'planner/report_feedback'
    told = graph.ros.call(kind, name, kind.Request(directive_id=answer.id, rating=-1))
    assert told.accepted
    assert answer.text in told.changed[0]
    assert graph.ros.call(kind, name, kind.Request(undo=True)).accepted
    wrong = graph.ros.call(kind, name, kind.Request(directive_id='nobody', rating=1))
    assert not wrong.accepted
    assert 'nobody' in wrong.error_msg


def test_what_the_body_could_not_do_is_known(graph):
    from empathy_ros.bridge import msgs, qos

    graph.enrol()
    graph.say('I feel lonely.')
    answer = graph.ros.until(lambda: [m for m in graph.said if m.turn_id == 't1'])[0]
    body = graph.ros.probe('body').create_publisher(
        msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME
    )
    graph.ros.matched(body)
    body.publish(msgs.DirectiveOutcome(directive_id=answer.id, error_msg='no loudspeaker'))
    request = msgs.Explain.Request(directive_id=answer.id)
    graph.ros.until(lambda: graph.node._planner.answers._undone)
    response = graph.ros.call(msgs.Explain, 'planner/explain', request)
    assert 'no loudspeaker' in response.explanation
