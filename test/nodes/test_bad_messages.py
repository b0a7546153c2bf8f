# SPDX-License-Identifier: Apache-2.0
"""Nonsense on every topic that our nodes hear: nothing falls over, sense is still understood."""

from collections.abc import Iterator
import math
import threading
from typing import Any

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros import roster
from empathy_ros.bridge import convert, msgs, qos, run
from empathy_ros.core import taxonomy
from empathy_ros.core.types import AffectEstimate, Modality, Utterance
from empathy_ros.paths import share

OF_ROS = ('/parameter_events', '/clock', '/rosout')
WORDS = ('', 'no such thing', '\u202e\x00\ud7ff' * 10, 'x' * 250_000)
NUMBERS = (math.nan, math.inf, -math.inf, 3e38)


def fill(msg: Any, word: str, number: float, depth: int = 0) -> Any:
    """Put the same word and number into every field of a message, also into lists."""
    for name, kind in msg.get_fields_and_field_types().items():
        value = getattr(msg, name)
        if hasattr(value, 'get_fields_and_field_types'):
            fill(value, word, number, depth + 1)
        elif kind == 'string':
            # Nonsense about somebody who is known goes deeper than about nobody.
            setattr(msg, name, 'p1' if name == 'person_id' else word)
        elif kind in ('float', 'double'):
            setattr(msg, name, number)
        elif kind == 'sequence<string>':
            setattr(msg, name, [word, word])
        elif kind == 'sequence<float>':
            setattr(msg, name, [number] * 3)
        elif kind == 'sequence<uint8>':
            setattr(msg, name, [255] * 7)
        elif kind.startswith('sequence<') and '/' in kind and depth < 2:
            setattr(msg, name, [fill(item_of(msg, name), word, number, depth + 1)])
    return msg


def item_of(msg: Any, name: str) -> Any:
    """Return an empty message of the element type of a list field."""
    kind = msg.get_fields_and_field_types()[name].removeprefix('sequence<').rstrip('>')
    package, cls = kind.split('/')[0], kind.split('/')[-1]
    return getattr(__import__(f'{package}.msg', fromlist=[cls]), cls)()


def nonsense(kind: type[Any]) -> Iterator[Any]:
    """Yield messages of one type that make no sense."""
    yield kind()
    for word in WORDS:
        yield fill(kind(), word, NUMBERS[0])
    for number in NUMBERS[1:]:
        yield fill(kind(), 'face', number)


@pytest.fixture
def companion(ros, monkeypatch, tmp_path):
    """All nodes of the roster, up, with a crisis protocol and without devices."""
    monkeypatch.setenv('EMPATHY_STATE', str(tmp_path))
    given = {
        'policy_file': str(share('config', 'policy.test.yaml')),
        'source': 'none',
        'port': 0,
        'engine': 'none',
    }
    nodes = run.create_nodes(
        [entry.name for entry in roster.NODES],
        context=ros.context,
        namespace='/empathy',
        parameter_overrides=[Parameter(name, value=value) for name, value in given.items()],
    )
    for node in nodes:
        run.bring_up(node)
        ros.executor.add_node(node)
    yield nodes
    for node in nodes:
        ros.executor.remove_node(node)
    run.close(nodes)


def talk_sense(ros, sender) -> None:
    """Say and show something sensible about p1, and wait until mind and guardian answer."""
    heard, fused = [], []
    words = sender.create_publisher(msgs.Utterance, '/empathy/utterance', qos.EVIDENCE)
    face = sender.create_publisher(msgs.AffectEstimateArray, '/empathy/face/affect', qos.EVIDENCE)
    ends = [
        sender.create_subscription(
            msgs.EmpathicDirective, '/empathy/behaviour/directive', heard.append, qos.DIRECTIVE
        ),
        sender.create_subscription(
            msgs.PersonAffectArray, '/empathy/persons/affect', fused.append, qos.EVIDENCE
        ),
    ]
    ros.until(lambda: words.get_subscription_count() and face.get_subscription_count())
    # The nonsense may have said that nothing is agreed to any more, which is obeyed.
    consent = sender.create_publisher(msgs.ConsentStateArray, '/empathy/consent', qos.STATE)
    agreed = msgs.ConsentState(person_id='p1', granted=['face', 'text'])
    consent.publish(msgs.ConsentStateArray(states=[agreed]))
    scores = np.full(8, 0.05, np.float32)
    scores[1] = 0.65

    def answered() -> bool:
        now = sender.get_clock().now().nanoseconds
        estimate = AffectEstimate(
            now, Modality.FACE, 'f1', 'face', 'p1', taxonomy.BASIC8.id, scores, 'happiness',
            confidence=0.9, quality=1.0,
        )  # fmt: skip
        face.publish(convert.affects_to_msg([estimate], now))
        return any(d.source == 'crisis_watch' for d in heard) and any(
            p.top_basic == 'happiness' for array in fused for p in array.persons
        )

    now = sender.get_clock().now().nanoseconds
    said = Utterance(now, 'I have fallen and I cannot get up.', f'u{now}', f't{now}', 'p1')
    words.publish(convert.utterance_to_msg(said))
    ros.until(answered)
    for end in ends:
        sender.destroy_subscription(end)


def test_every_topic_survives_nonsense(ros, companion):
    sender = Node('sender', context=ros.context)
    ros.nodes.append(sender)
    ros.executor.add_node(sender)
    talk_sense(ros, sender)
    threads = {thread.name for thread in threading.enumerate()}
    topics = {
        sub.topic_name: (sub.msg_type, sub.qos_profile)
        for node in companion
        for sub in node.subscriptions
        if sub.topic_name not in OF_ROS
    }
    assert len(topics) > 12
    for name, (kind, profile) in sorted(topics.items()):
        publisher = sender.create_publisher(kind, name, profile)
        ros.until(publisher.get_subscription_count)
        for msg in nonsense(kind):
            publisher.publish(msg)
            try:
                for _ in range(8):
                    ros.executor.spin_once(timeout_sec=0.01)
            except Exception as error:
                pytest.fail(f'{name}: {type(error).__name__}: {error}')
    assert {thread.name for thread in threading.enumerate()} >= threads, 'a worker has ended'
    talk_sense(ros, sender)


def test_every_service_answers_nonsense(ros, companion, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    sender = Node('sender', context=ros.context)
    ros.nodes.append(sender)
    ros.executor.add_node(sender)
    services = {
        node.resolve_service_name(service.srv_name): service.srv_type
        for node in companion
        for service in node.services
        if service.srv_type.__module__.startswith(('empathy_interfaces', 'std_srvs'))
    }
    assert len(services) > 12
    for name, kind in sorted(services.items()):
        client = sender.create_client(kind, name)
        ros.until(client.service_is_ready)
        for request in nonsense(kind.Request):
            future = client.call_async(request)
            try:
                ros.until(future.done)
            except Exception as error:
                pytest.fail(f'{name}: {type(error).__name__}: {error}')
    talk_sense(ros, sender)
