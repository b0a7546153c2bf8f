# SPDX-License-Identifier: Apache-2.0
"""Topics, services and actions of another namespace, each request a future with a time limit."""

from __future__ import annotations

from collections.abc import Callable
import time
from typing import Any

from rclpy.action import ActionClient
from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge import qos
from empathy_ros.bridge.waiting import Waiting

# A subscriber needs this long to be found by a new publisher.
DISCOVERY_S = 0.5


def as_it_is(value: Any) -> Any:
    """Return the value unchanged."""
    return value


class Peers:
    """Creates each end once, keeps it, and gives all of them back on `close`."""

    def __init__(self, node: Node, namespace: str, timeout_s: float) -> None:
        """Work in `node` for names below `namespace`; see EmpathyClient for the arguments."""
        self._node, self._prefix, self._timeout_s = node, namespace.rstrip('/'), timeout_s
        self._waiting = Waiting(node)
        self._started_s = time.monotonic()
        self._publishers: list[Any] = []
        self._subscriptions: list[Any] = []
        self._services: dict[str, Any] = {}
        self._actions: dict[str, ActionClient] = {}

    def publisher(self, kind: Any, name: str, profile: Any) -> Any:
        """Return a new publisher."""
        made = self._node.create_publisher(kind, self._name(name), profile)
        self._publishers.append(made)
        return made

    def subscribe(self, kind: Any, name: str, callback: Any, profile: Any) -> None:
        """Subscribe until closed."""
        self._subscriptions.append(
            self._node.create_subscription(
                kind, self._name(name), callback, profile, qos_overriding_options=qos.OVERRIDES
            )
        )

    def publish(self, publisher: Any, msg: Any) -> Future:
        """Publish once every subscriber in the graph is connected, and at least one."""
        topic = publisher.topic_name

        def heard() -> bool:
            matched = publisher.get_subscription_count()
            settled = time.monotonic() - self._started_s > DISCOVERY_S
            return bool(settled and matched and matched >= self._node.count_subscribers(topic))

        def send(future: Future) -> None:
            publisher.publish(msg)
            future.set_result(None)

        return self._waiting.when(heard, send, topic, self._timeout_s)

    def call(
        self, kind: Any, name: str, request: Any, read: Callable[[Any], Any] = as_it_is
    ) -> Future:
        """Call a service; the result is `read(response)`."""
        if name not in self._services:
            self._services[name] = self._node.create_client(kind, self._name(name))
        client = self._services[name]

        def send(future: Future) -> None:
            answer = client.call_async(request)
            answer.add_done_callback(lambda done: _pass_on(done, future, read))

        return self._waiting.when(
            client.service_is_ready, send, self._name(name), self._timeout_s, until_done=True
        )

    def act(self, kind: Any, name: str, goal: Any, tell: Callable[[Any], None] | None) -> Future:
        """Send a goal; the result is that of the action, feedback goes to `tell`."""
        if name not in self._actions:
            self._actions[name] = ActionClient(self._node, kind, self._name(name))
        client = self._actions[name]

        def send(future: Future) -> None:
            feedback = None if tell is None else lambda msg: tell(msg.feedback)
            answer = client.send_goal_async(goal, feedback_callback=feedback)
            answer.add_done_callback(lambda done: _follow(done, future, name))

        return self._waiting.when(client.server_is_ready, send, self._name(name), self._timeout_s)

    def close(self) -> None:
        """Give everything back to the node; pending futures are cancelled."""
        self._waiting.close()
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        for publisher in self._publishers:
            self._node.destroy_publisher(publisher)
        for service in self._services.values():
            self._node.destroy_client(service)
        for action in self._actions.values():
            action.destroy()

    def _name(self, name: str) -> str:
        return f'{self._prefix}/{name}'


def _pass_on(done: Future, future: Future, read: Callable[[Any], Any]) -> None:
    """Give the answer in `done` to the caller's future, unless that has timed out."""
    if future.done() or done.cancelled():
        return
    try:
        future.set_result(read(done.result()))
    except Exception as error:
        future.set_exception(error)


def _follow(done: Future, future: Future, name: str) -> None:
    """Wait for the result of an accepted goal."""
    handle = done.result()
    if handle is None or not handle.accepted:
        future.set_exception(RuntimeError(f'{name}: the goal was not accepted'))
        return
    handle.get_result_async().add_done_callback(
        lambda result: _pass_on(result, future, lambda r: r.result)
    )
