# SPDX-License-Identifier: Apache-2.0
"""What tests with real nodes share: a private context and domain, probes, waiting for conditions.

Tests that do not ask for `ros` need no ROS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
import itertools
import os
import time
from typing import Any

import pytest

# A domain per test, so that nothing of an earlier one is heard; the demo has 81 to 100. Above 101
# ports of ours would fall into the range that the system hands out by itself.
_domains = itertools.count(os.getpid())


class Ros:
    """A private ROS graph for one test; `until` spins and waits."""

    def __init__(self, executor: str = 'single') -> None:
        import rclpy
        from rclpy.context import Context

        from empathy_ros.bridge.run import make_executor

        self.context = Context()
        self.domain_id = 1 + next(_domains) % 80
        rclpy.init(args=[], context=self.context, domain_id=self.domain_id)
        self.executor = make_executor(executor, self.context)
        self.nodes: list[Any] = []

    def add(self, factory: Any, *args: Any, **kwargs: Any) -> Any:
        """Create a node in this graph, such as `ros.add(Node, 'probe')`, and let it spin."""
        node = factory(*args, context=self.context, **kwargs)
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    def start(self, factory: Any, **parameters: Any) -> Any:
        """Create a node of ours in namespace /empathy with these parameters."""
        from rclpy.parameter import Parameter

        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        return self.add(factory, namespace='empathy', parameter_overrides=overrides)

    def probe(self, name: str = 'probe') -> Any:
        """Create a plain node in /empathy, to publish and subscribe from a test."""
        from rclpy.node import Node

        return self.add(Node, name, namespace='empathy')

    def collect(self, kind: Any, topic: str, profile: Any) -> list[Any]:
        """Subscribe in /empathy and return the growing list of messages."""
        got: list[Any] = []
        probe = self.probe(f'collect_{len(self.nodes)}')
        probe.create_subscription(kind, topic, got.append, profile)
        return got

    def until(self, condition: Callable[[], Any], timeout_s: float = 10.0) -> Any:
        """Spin until `condition()` is true and return its value; fail after `timeout_s`."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            self.executor.spin_once(timeout_sec=0.02)
            value = condition()
            if value:
                return value
        pytest.fail(f'nothing came of {condition} within {timeout_s} s')

    def call(self, kind: Any, name: str, request: Any) -> Any:
        """Call a service in /empathy and return its response."""
        client = self.probe(f'caller_{len(self.nodes)}').create_client(kind, name)
        self.until(client.service_is_ready)
        future = client.call_async(request)
        self.until(future.done)
        return future.result()

    def matched(self, publisher: Any, count: int = 1) -> None:
        """Wait until a publisher has that many subscribers."""
        self.until(lambda: publisher.get_subscription_count() >= count)

    def close(self) -> None:
        self.executor.shutdown()
        for node in reversed(self.nodes):
            node.destroy_node()
        self.context.try_shutdown()


@pytest.fixture
def ros() -> Iterator[Ros]:
    """A private ROS graph; skips where rclpy or the interfaces are missing."""
    pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
    pytest.importorskip('empathy_interfaces', reason='the messages are not built')
    graph = Ros()
    yield graph
    graph.close()
