# SPDX-License-Identifier: Apache-2.0
"""Who hears whom under our profiles, early and late, and overrides from parameters."""

import time

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')

from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    LivelinessPolicy,
    qos_profile_sensor_data,
    ReliabilityPolicy,
)
from std_msgs.msg import UInt32

from empathy_ros.bridge import qos

PROFILES = {
    name: getattr(qos, name)
    for name in ('EVIDENCE', 'OUTCOME', 'DIRECTIVE', 'AUDIO', 'STATE', 'ALERTS', 'DIAGNOSTICS')
}


@pytest.mark.parametrize('name', PROFILES)
def test_nothing_is_left_to_the_middleware(name):
    profile = PROFILES[name]
    assert profile.history == HistoryPolicy.KEEP_LAST
    assert profile.depth > 0
    assert profile.reliability == ReliabilityPolicy.RELIABLE
    latched = profile.durability == DurabilityPolicy.TRANSIENT_LOCAL
    assert latched == (name in ('STATE', 'ALERTS'))
    assert profile.liveliness in (LivelinessPolicy.SYSTEM_DEFAULT, LivelinessPolicy.AUTOMATIC)


def test_pictures_may_be_best_effort_or_reliable():
    assert qos.image().reliability == ReliabilityPolicy.BEST_EFFORT
    assert qos.image('reliable', 5).reliability == ReliabilityPolicy.RELIABLE
    assert qos.image('reliable', 5).depth == 5


def heard(ros, publish_qos, subscribe_qos, *, early: bool) -> list[int]:
    """Return what a subscriber gets of 1 (sent before it is there) and 2 (sent after)."""
    talker, listener = ros.add(Node, 'talker'), ros.add(Node, 'listener')
    publisher = talker.create_publisher(UInt32, 'topic', publish_qos)
    got: list[int] = []
    if early:
        publisher.publish(UInt32(data=1))
    listener.create_subscription(UInt32, 'topic', lambda m: got.append(m.data), subscribe_qos)
    probe = ros.add(Node, 'probe')
    ros.until(lambda: probe.get_subscriptions_info_by_topic('/topic'))
    matched_within_s = time.monotonic() + 1.0
    ros.until(lambda: publisher.get_subscription_count() or time.monotonic() > matched_within_s)
    if early and subscribe_qos.durability == DurabilityPolicy.TRANSIENT_LOCAL:
        ros.until(lambda: 1 in got)  # at depth 1 a second message takes the place of the first
    publisher.publish(UInt32(data=2))
    if publisher.get_subscription_count():
        ros.until(lambda: 2 in got)
    return got


def test_a_late_subscriber_gets_the_latched_state(ros):
    assert heard(ros, qos.STATE, qos.STATE, early=True) == [1, 2]


def test_a_plain_subscriber_hears_a_latched_topic_from_now_on(ros):
    assert heard(ros, qos.STATE, qos.EVIDENCE, early=True) == [2]


def test_a_latched_subscriber_never_hears_a_plain_topic(ros):
    """Why every latched topic of ours is published with STATE or ALERTS."""
    assert heard(ros, qos.EVIDENCE, qos.STATE, early=False) == []


def test_evidence_reaches_subscribers_for_sensor_data(ros):
    assert heard(ros, qos.EVIDENCE, qos_profile_sensor_data, early=False) == [2]


def test_pictures_are_taken_from_any_camera(ros):
    assert heard(ros, qos_profile_sensor_data, qos.image(), early=False) == [2]


def test_alerts_keep_twenty_for_who_comes_late(ros):
    talker, listener = ros.add(Node, 'talker'), ros.add(Node, 'listener')
    publisher = talker.create_publisher(UInt32, 'alerts', qos.ALERTS)
    for number in range(25):
        publisher.publish(UInt32(data=number))
    got: list[int] = []
    listener.create_subscription(UInt32, 'alerts', lambda m: got.append(m.data), qos.ALERTS)
    ros.until(lambda: len(got) >= 20)
    assert got == list(range(5, 25))


def test_a_parameter_overrides_the_profile_of_one_topic(ros):
    key = 'qos_overrides./ward/face/affect.subscription.reliability'
    node = ros.add(
        Node, 'n', namespace='ward', parameter_overrides=[Parameter(key, value='best_effort')]
    )
    subscription = node.create_subscription(
        UInt32, 'face/affect', lambda _m: None, qos.EVIDENCE, qos_overriding_options=qos.OVERRIDES
    )
    assert subscription.qos_profile.reliability == ReliabilityPolicy.BEST_EFFORT


def test_an_override_of_one_topic_leaves_the_others_alone(ros):
    """The profiles are new at each use: rclpy writes overrides into what it is given."""
    name = 'qos_overrides./changed.publisher.reliability'
    node = ros.add(
        Node, 'overridden', parameter_overrides=[Parameter(name, value='best_effort')]
    )  # fmt: skip
    changed = node.create_publisher(
        UInt32, '/changed', qos.EVIDENCE, qos_overriding_options=qos.OVERRIDES
    )
    other = node.create_publisher(UInt32, '/other', qos.EVIDENCE)
    assert changed.qos_profile.reliability == ReliabilityPolicy.BEST_EFFORT
    assert other.qos_profile.reliability == ReliabilityPolicy.RELIABLE
