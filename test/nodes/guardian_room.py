# SPDX-License-Identifier: Apache-2.0
"""What the tests of the guardian share: the real consent gate with a store of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

POLICY = Path(__file__).resolve().parents[2] / 'config' / 'policy.test.yaml'


def overrides(**values: Any) -> list[Any]:
    from rclpy.parameter import Parameter

    return [Parameter(name, value=value) for name, value in values.items()]


def make(ros: Any, cls: Any, **values: Any) -> Any:
    """Create a guardian node in the test's graph."""

    def factory(**node_args: Any) -> Any:
        return cls(parameter_overrides=overrides(**values), **node_args)

    return ros.add(factory)


def collect(ros: Any, node: Any, kind: Any, topic: str, profile: Any) -> list[Any]:
    """Return a list that fills with the messages of a topic."""
    got: list[Any] = []
    node.create_subscription(kind, topic, got.append, profile)
    return got


def call(ros: Any, node: Any, kind: Any, name: str, /, **fields: Any) -> Any:
    """Call a service and return its answer."""
    client = node.create_client(kind, name)
    ros.until(client.service_is_ready)
    future = client.call_async(kind.Request(**fields))
    ros.until(future.done)
    node.destroy_client(client)
    return future.result()


def enrol(ros: Any, node: Any, **fields: Any) -> Any:
    """Run the enrolment vouched for by a representative; return the result."""
    from rclpy.action import ActionClient

    from empathy_ros.bridge import msgs

    client = ActionClient(node, msgs.EnrollPerson, 'consent_gate/enroll_person')
    ros.until(client.server_is_ready)
    goal = msgs.EnrollPerson.Goal(**({'answers': 'yes'} | fields))
    sent = client.send_goal_async(goal)
    ros.until(sent.done)
    result = sent.result().get_result_async()
    ros.until(result.done)
    client.destroy()
    return result.result().result


def say(publisher: Any, text: str, **fields: Any) -> None:
    """Publish a final utterance."""
    from empathy_ros.bridge import msgs

    values = {
        'text': text, 'is_final': True, 'turn_id': text[:20], 'source': 'text',
        'confidence': float('nan'),
    }  # fmt: skip
    publisher.publish(msgs.Utterance(**(values | fields)))
