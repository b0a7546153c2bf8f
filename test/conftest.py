# SPDX-License-Identifier: Apache-2.0
"""`ros`: a ROS context and domain of its own, with nodes, probes and waiting for conditions.

Tests that do not ask for it need no ROS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
import itertools
import os
import time
from typing import Any

import pytest

_domains = itertools.count(10 + 7 * (os.getpid() % 10))


class Ros:
    """One private corner of ROS: everything in it sees only itself."""

    def __init__(self, executor: str = 'single') -> None:
        import rclpy

        from empathy_ros.bridge.run import make_executor

        self.context = rclpy.Context()
        self.domain_id = next(_domains) % 90 + 1
        rclpy.init(args=[], context=self.context, domain_id=self.domain_id)
        self.executor = make_executor(executor, self.context)
        self.nodes: list[Any] = []

    def add(self, cls: type[Any], **parameters: Any) -> Any:
        """Create a node of ours in namespace /empathy with these parameters."""
        from rclpy.parameter import Parameter

        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        node = cls(context=self.context, namespace='empathy', parameter_overrides=overrides)
        return self._keep(node)

    def probe(self, name: str = 'probe') -> Any:
        """Create a plain node in the same namespace, to publish and subscribe from a test."""
        from rclpy.node import Node

        return self._keep(Node(name, context=self.context, namespace='empathy'))

    def _keep(self, node: Any) -> Any:
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    def collect(self, kind: type[Any], topic: str, profile: Any) -> list[Any]:
        """Subscribe and return the growing list of messages."""
        got: list[Any] = []
        self.probe(f'collect_{len(self.nodes)}').create_subscription(
            kind, topic, got.append, profile
        )
        return got

    def until(self, condition: Callable[[], Any], timeout_s: float = 8.0) -> Any:
        """Spin until the condition holds and return its value; fail after the time-out."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            self.executor.spin_once(timeout_sec=0.02)
            value = condition()
            if value:
                return value
        pytest.fail(f'not within {timeout_s:g} s')

    def call(self, kind: type[Any], name: str, request: Any, timeout_s: float = 8.0) -> Any:
        """Call a service and return its response."""
        node = self.probe(f'caller_{len(self.nodes)}')
        client = node.create_client(kind, name)
        self.until(client.service_is_ready, timeout_s)
        future = client.call_async(request)
        self.until(future.done, timeout_s)
        return future.result()

    def matched(self, publisher: Any, count: int = 1) -> None:
        """Wait until a publisher has that many subscribers."""
        self.until(lambda: publisher.get_subscription_count() >= count)

    def close(self) -> None:
        """Destroy everything."""
        from empathy_ros.bridge.run import close

        close(self.nodes)
        self.executor.shutdown(timeout_sec=1.0)
        self.context.try_shutdown()


@pytest.fixture
def ros() -> Iterator[Ros]:
    pytest.importorskip('rclpy', reason='ROS 2 is not installed; ./empathy test sets it up')
    corner = Ros()
    yield corner
    corner.close()
