# SPDX-License-Identifier: Apache-2.0
"""What tests with real nodes share: an own context, an own domain, waiting for conditions."""

from collections.abc import Callable, Iterator
import os
import time

import pytest


class Ros:
    """A private ROS graph for one test; `until` spins and waits."""

    def __init__(self) -> None:
        import rclpy
        from rclpy.context import Context
        from rclpy.executors import SingleThreadedExecutor

        self.context = Context()
        # Below 102, so that no port of ours falls into the range the system hands out by itself.
        self.domain_id = 1 + os.getpid() % 100
        rclpy.init(context=self.context, domain_id=self.domain_id)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.nodes = []

    def add(self, factory, *args, **kwargs):
        """Create a node in this graph, such as `ros.add(Node, 'probe')`, and let it spin."""
        node = factory(*args, context=self.context, **kwargs)
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    def until(self, condition: Callable[[], object], timeout_s: float = 10.0) -> object:
        """Spin until `condition()` is true and return its value; fail after `timeout_s`."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            self.executor.spin_once(timeout_sec=0.02)
            value = condition()
            if value:
                return value
        pytest.fail(f'nothing came of {condition} within {timeout_s} s')

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
