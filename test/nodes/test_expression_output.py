# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.types import Act, Directive, Expression

pytestmark = pytest.mark.ros


@pytest.fixture
def graph(ros):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.expression_output import ExpressionOutput

    node = ros.start(ExpressionOutput, joint_prefix='face_')
    probe = ros.probe()
    publisher = probe.create_publisher(
        msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE
    )
    joints = ros.collect(msgs.JointTrajectory, 'expression/joint_trajectory', qos.OUTCOME)
    ros.matched(publisher)
    return node, publisher, joints


def directive_msg(**changes):
    from empathy_ros.bridge import convert

    body = {'expression': Expression('happy', 0.5, 0.2, 0.8), 'gesture': 'nod', **changes}
    return convert.directive_to_msg(Directive(1, 'd1', (Act.ACKNOWLEDGE,), **body))


def test_a_directive_moves_the_face(ros, graph):
    from empathy_ros.bridge import msgs, qos

    _, publisher, joints = graph
    faces = ros.collect(msgs.Expression, 'expression', qos.STATE)
    publisher.publish(directive_msg())
    ros.until(lambda: joints and faces)
    assert joints[0].joint_names[0] == 'face_head_yaw'
    assert len(joints[0].points) == 3
    assert faces[0].label == 'happy'


def test_silent_directive_reports_its_outcome(ros, graph):
    from empathy_ros.bridge import msgs, qos

    outcomes = ros.collect(msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME)
    _, publisher, _ = graph
    publisher.publish(directive_msg(text=''))
    ros.until(lambda: outcomes)
    assert outcomes[0].directive_id == 'd1'
    assert outcomes[0].executed


def test_expired_directive_is_not_started(ros, graph):
    _, publisher, joints = graph
    publisher.publish(directive_msg(expires_ns=5))
    publisher.publish(directive_msg(gesture='none'))
    ros.until(lambda: joints)
    assert [len(item.points) for item in joints] == [1]


def test_malformed_directive_is_reported_and_the_next_one_moves(ros, graph):
    from empathy_ros.bridge import msgs, qos

    outcomes = ros.collect(msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME)
    _, publisher, joints = graph
    bad = directive_msg()
    bad.acts = ['KIDNAP']
    publisher.publish(bad)
    publisher.publish(directive_msg())
    ros.until(lambda: joints and outcomes)
    assert 'KIDNAP' in outcomes[0].error_msg
    assert outcomes[0].error_code == msgs.DirectiveOutcome.MALFORMED


def test_stop_holds_still(ros, graph):
    from empathy_ros.bridge import msgs, qos

    _, _, joints = graph
    stop = ros.probe('button').create_publisher(msgs.Empty, 'stop', qos.OUTCOME)
    ros.matched(stop)
    stop.publish(msgs.Empty())
    ros.until(lambda: joints)
    assert len(joints[0].points) == 0
