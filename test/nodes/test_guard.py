# SPDX-License-Identifier: Apache-2.0
import time

import pytest

from empathy_ros.core.types import Scope

pytestmark = pytest.mark.ros


@pytest.fixture
def node(ros):
    from rclpy.node import Node

    return ros.add(Node, 'sensing')


def guard_of(node, scope=Scope.FACE, changes=None):
    from empathy_ros.bridge.guard import ConsentGuard

    return ConsentGuard(node, scope, None if changes is None else changes.append)


def test_without_a_gate_nothing_is_ever_granted(ros, node):
    guard = guard_of(node)
    end = time.monotonic() + 0.5
    ros.until(lambda: time.monotonic() > end)
    assert not guard.lease.granted
    assert guard.lease.reason == 'no_answer'


def test_granted_lease_names_the_person(ros, node, gate):
    changes = []
    guard = guard_of(node, changes=changes)
    gate.grant('p1', 'face')
    ros.until(lambda: guard.lease.granted)
    assert guard.lease.person_id == 'p1'
    assert guard.lease.scope == 'face'
    assert changes[-1].granted
    assert ('sensing', 'face') in gate.asked


def test_no_on_the_topic_is_obeyed_within_a_second(ros, node, gate):
    guard = guard_of(node)
    gate.grant('p1', 'face')
    ros.until(lambda: guard.lease.granted)
    began = time.monotonic()
    gate.refuse('no_consent')
    ros.until(lambda: not guard.lease.granted)
    assert time.monotonic() - began < 1.0


def test_yes_on_the_topic_opens_nothing(ros, node, gate):
    guard = guard_of(node)
    gate._publish('p1', ('face',))
    ros.until(lambda: gate.asked)
    gate._publish('p1', ('face',))
    seen = len(gate.asked)
    ros.until(lambda: len(gate.asked) > seen)
    assert not guard.lease.granted


def test_lease_ends_by_itself_when_the_gate_dies(ros, node, gate):
    changes = []
    guard = guard_of(node, changes=changes)
    gate.grant('p1', 'face')
    ros.until(lambda: guard.lease.granted)
    ros.executor.remove_node(gate._node)
    ros.until(lambda: not guard.lease.granted, timeout_s=6.0)
    assert guard.lease.reason == 'no_answer'
    ros.until(lambda: not changes[-1].granted)


def test_lease_ends_even_when_nothing_spins(ros, node, gate, monkeypatch):
    from empathy_ros.bridge import guard as module

    guard = guard_of(node)
    gate.grant('p1', 'face')
    ros.until(lambda: guard.lease.granted)
    now = time.monotonic_ns()
    monkeypatch.setattr(module.time, 'monotonic_ns', lambda: now + 3_100_000_000)
    assert not guard.lease.granted


def test_first_granted_of_several_scopes_holds(ros, node, gate):
    guard = guard_of(node, (Scope.TEXT, Scope.SAFETY_LISTENING, 'enrolment'))
    gate.decide = lambda name, scope: ('p1', '' if scope == 'safety_listening' else 'no_consent')
    ros.until(lambda: guard.lease.granted)
    assert guard.lease.scope == 'safety_listening'
    assert guard.granted(Scope.SAFETY_LISTENING)
    assert not guard.granted(Scope.TEXT)


def test_a_lease_longer_than_ten_seconds_is_not_believed():
    from empathy_ros.bridge import msgs
    from empathy_ros.bridge.guard import lease_from_answer

    for valid_s in (1e9, float('nan'), 0.0, -1.0):
        answer = msgs.LeaseSensor.Response(granted=True, valid_s=valid_s, person_id='p1')
        assert not lease_from_answer(answer, 'face').granted
    assert not lease_from_answer(None, 'face').granted


def test_revoked_and_closed(ros, node, gate):
    guard = guard_of(node)
    gate.grant('p1', 'face')
    ros.until(lambda: guard.lease.granted)
    guard.revoke('shutting_down')
    assert guard.lease.reason == 'shutting_down'
    ros.until(lambda: guard.lease.granted)
    guard.close()
    assert not guard.lease.granted
