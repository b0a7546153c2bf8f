# SPDX-License-Identifier: Apache-2.0
"""The dashboard node: from topics to the page, only with consent; a busy port is survived."""

from dataclasses import replace
import json
import socket
import urllib.request

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.core import taxonomy
from empathy_ros.core.types import Act, Alert, AlertKind, Directive, Modality, PersonAffect
from empathy_ros.nodes import dashboard
from empathy_ros.nodes.dashboard import Dashboard


def made(ros, port=0):
    return ros.add(
        Dashboard, namespace='/empathy', parameter_overrides=[Parameter('port', value=port)]
    )


@pytest.fixture
def companion(ros):
    """Publishers of everything that the page shows."""

    class Companion:
        node = ros.add(Node, 'companion', namespace='/empathy')
        gate = node.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
        uses = node.create_publisher(msgs.DataUseArray, 'data_use', qos.STATE)
        fusion = node.create_publisher(msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE)
        planner = node.create_publisher(
            msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE
        )
        alerts = node.create_publisher(msgs.CaregiverAlert, 'alerts', qos.ALERTS)

        def consent(self, *scopes):
            state = msgs.ConsentState(person_id='p1', granted=list(scopes))
            self.gate.publish(msgs.ConsentStateArray(states=[state]))

        def feel(self):
            now = self.node.get_clock().now().nanoseconds
            value = PersonAffect(
                now, 'p1', np.full(40, np.nan, np.float32), top_basic='sadness', confidence=0.8,
                modalities=(Modality.FACE,), weights=(1.0,), ages_s=(0.1,), abstained=False,
                reason='',
            )  # fmt: skip
            msg = convert.person_affect_to_msg(value, taxonomy.EMONET40.id)
            self.fusion.publish(msgs.PersonAffectArray(persons=[msg]))

        def ready(self):
            return self.fusion.get_subscription_count() and self.planner.get_subscription_count()

    return Companion()


def page(node) -> dict:
    with urllib.request.urlopen(f'{node.url}state', timeout=5) as response:
        return json.load(response)


def test_the_page_is_there_and_needs_nothing_else(ros):
    node = made(ros)
    with urllib.request.urlopen(node.url, timeout=5) as response:
        text = response.read().decode()
    assert 'EventSource' in text
    assert 'http://' not in text
    assert 'https://' not in text


def test_affect_is_shown_only_while_the_person_agrees(ros, companion):
    node = made(ros)
    ros.until(companion.ready)
    companion.uses.publish(
        msgs.DataUseArray(
            uses=[msgs.DataUse(friendly_name='Camera', purpose='sees you', active=True)]
        )
    )
    companion.feel()
    ros.until(lambda: page(node).get('lights'))
    companion.feel()
    assert page(node)['people'] == []

    companion.consent('face')

    def shown():
        companion.feel()
        return page(node)['people']

    assert ros.until(shown)[0]['seems'] == 'seems sad'
    companion.consent()
    ros.until(lambda: not page(node)['people'])


def test_directive_alert_and_health_reach_the_page(ros, companion):
    node = made(ros)
    companion.consent('text')
    ros.until(lambda: companion.ready() and page(node).get('consent'))
    directive = Directive(1, 'd1', (Act.REFLECT,), 'That sounds hard.', 'p1', rationale='row 1')
    companion.planner.publish(convert.directive_to_msg(replace(directive, acts=())))
    companion.planner.publish(convert.directive_to_msg(directive))
    companion.alerts.publish(
        convert.alert_to_msg(Alert(1, 'a1', AlertKind.EMERGENCY, 3, 'a fall was reported'))
    )
    Health(companion.node, '/mind/planner').warn('slow')
    ros.until(lambda: page(node)['directive'] and page(node)['alerts'])
    assert page(node)['directive']['acts'] == ['REFLECT']
    assert page(node)['alerts'][0]['summary'] == 'a fall was reported'
    rows = ros.until(lambda: {r['name']: r for r in page(node)['health']})
    ros.until(lambda: '/mind/planner' in {r['name'] for r in page(node)['health']})
    rows = {r['name']: r for r in page(node)['health']}
    assert (rows['/mind/planner']['level'], rows['/mind/planner']['text']) == ('warn', 'slow')


def test_a_message_that_cannot_be_read_changes_nothing(ros, companion):
    node = made(ros)
    companion.consent('text')
    ros.until(lambda: companion.ready() and page(node).get('consent'))
    bad = convert.directive_to_msg(Directive(1, 'd1', (Act.REFLECT,), 'x', 'p1'))
    bad.acts = ['FLATTER']
    companion.planner.publish(bad)
    companion.consent('text', 'wallet')
    companion.alerts.publish(
        convert.alert_to_msg(Alert(1, 'a1', AlertKind.SYSTEM, 0, 'after the bad ones'))
    )
    ros.until(lambda: page(node)['alerts'])
    assert page(node)['directive'] is None
    assert page(node)['consent'][0]['scopes'] == ['text']


def test_a_busy_port_is_a_warning_and_served_once_it_is_free(ros, monkeypatch):
    monkeypatch.setattr(dashboard, 'RETRY_S', 0.1)
    with socket.socket() as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        node = made(ros, other.getsockname()[1])
        assert node.url == ''
        assert node._health.level == msgs.DiagnosticStatus.WARN
        assert 'set the parameter port' in node._health._text
    ros.until(lambda: node.url)
    assert node._health.level == msgs.DiagnosticStatus.OK
    assert page(node)['people'] == []
