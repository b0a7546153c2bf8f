# SPDX-License-Identifier: Apache-2.0
"""The examples run against the real nodes and stay short enough to read at a glance."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.core import taxonomy
from empathy_ros.core.types import Act, Directive, Modality, PersonAffect
from empathy_ros.nodes.caregiver_alert import CaregiverAlertNode
from empathy_ros.nodes.crisis_watch import CrisisWatchNode
from empathy_ros.paths import share

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / 'examples').glob('*.py'))


def load(name: str):
    path = next(path for path in EXAMPLES if path.stem == name)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def companion(ros):
    return ros.add(Node, 'companion', namespace='/empathy')


@pytest.mark.parametrize('path', EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_one_idea(path):
    assert 25 <= len(path.read_text(encoding='utf-8').splitlines()) <= 80


def affect(**changes) -> msgs.PersonAffectArray:
    scores = np.full(40, np.nan, np.float32)
    value = PersonAffect(1, 'p1', scores, modalities=(Modality.FACE,), **changes)
    msg = convert.person_affect_to_msg(value, taxonomy.EMONET40.id)
    return msgs.PersonAffectArray(persons=[msg])


def test_the_mirror_shows_what_somebody_seems_and_calm_when_unknown(ros, companion):
    ros.add(load('emotion_mirror').EmotionMirror)
    fused = companion.create_publisher(msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE)
    faces = []
    companion.create_subscription(
        msgs.Expression, '/robot_face/expression', lambda m: faces.append(m.label), 10
    )
    ros.until(lambda: fused.get_subscription_count() and companion.count_publishers(
        '/robot_face/expression'))  # fmt: skip

    def until_shown(label, **changes):
        def shown() -> bool:
            fused.publish(affect(**changes))
            return label in faces

        ros.until(shown)

    until_shown('happy', top_basic='happiness', abstained=False, reason='', confidence=0.9)
    until_shown('neutral', abstained=True, reason='conflict')


def test_every_basic_class_has_a_face():
    assert set(load('emotion_mirror').FACES) == set(taxonomy.BASIC8.labels)


def test_the_own_body_performs_reports_and_leaves_expired_directives(ros, companion):
    body = ros.add(load('own_body').OwnBody)
    done, said = [], []
    body.speak = lambda directive: said.append(directive.text)
    decide = companion.create_publisher(
        msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE
    )
    companion.create_subscription(
        msgs.DirectiveOutcome, 'behaviour/outcome', lambda m: done.append(m.directive_id),
        qos.OUTCOME,
    )  # fmt: skip
    ros.until(decide.get_subscription_count)
    for name, expires_ns in (('old', 1), ('new', 0)):
        directive = Directive(1, name, (Act.REFLECT,), name, expires_ns=expires_ns)
        decide.publish(convert.directive_to_msg(directive))
    ros.until(lambda: done)
    assert (done, said) == (['new'], ['new'])


def test_a_reported_fall_raises_an_alert_that_a_carer_takes_over(ros, monkeypatch, tmp_path):
    monkeypatch.setenv('EMPATHY_STATE', str(tmp_path))
    policy = Parameter('policy_file', value=str(share('config', 'policy.test.yaml')))
    for guardian in (CrisisWatchNode, CaregiverAlertNode):
        ros.add(guardian, namespace='/empathy', parameter_overrides=[policy])
    alerts = []
    ros.add(Node, 'pager').create_subscription(
        msgs.CaregiverAlert, '/empathy/alerts', alerts.append, qos.ALERTS
    )
    reporter = ros.add(load('report_fall').FallReporter, 'nurse')
    ros.until(lambda: reporter.taken is not None and reporter.taken.done(), 15)
    assert reporter.taken.result().done
    ros.until(lambda: any(a.acknowledged and a.acknowledged_by == 'nurse' for a in alerts))
    assert {a.kind for a in alerts} == {'emergency'}


def test_your_own_camera_reaches_face_affect_over_the_topic(ros):
    video = share('examples', 'demo', 'head-pose-face-detection-male.gif')
    ros.add(load('camera_topic').CameraTopic, str(video))
    got = []
    ros.add(Node, 'eye').create_subscription(
        msgs.Image, '/camera/image', lambda m: got.append((m.width, m.height, m.encoding)),
        qos.image(),
    )  # fmt: skip
    width, height, encoding = ros.until(lambda: got)[0]
    assert width > 100
    assert height > 100
    assert encoding == 'bgr8'
