# SPDX-License-Identifier: Apache-2.0
"""Run the nodes of one group in one process: create, configure, activate, spin, shut down.

`python -m empathy_ros.bridge.run --group vision [--executor single|events|multi] [--ros-args ...]`
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
import contextlib
import importlib
import signal
import sys
import threading
from types import FrameType
from typing import Any

import rclpy
from rclpy.clock import Clock, ClockType
from rclpy.executors import (
    ExternalShutdownException,
    MultiThreadedExecutor,
    SingleThreadedExecutor,
)
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.timer import Timer
from rclpy.utilities import remove_ros_args

from empathy_ros import roster
from empathy_ros.bridge.diagnostics import Health

SPIN_S = 0.1
RETRY_S = 5.0
EXECUTORS = ('single', 'events', 'multi')


def steady_timer(node: Node, period_s: float, callback: Callable[[], None]) -> Timer:
    """Return a timer on the steady clock: it runs on when ROS time stands still or jumps."""
    return node.create_timer(period_s, callback, clock=Clock(clock_type=ClockType.STEADY_TIME))


def now_ns(node: Node) -> int:
    """Return the node's ROS time [ns]."""
    return int(node.get_clock().now().nanoseconds)


def make_executor(kind: str, context: Any = None) -> Any:
    """Return an executor by name.

    The events executor dispatches only in `spin_once(timeout_sec=...)`, so always loop on that.

    Raises:
        ValueError: unknown name, or this rclpy has no events executor.
    """
    if kind == 'single':
        return SingleThreadedExecutor(context=context)
    if kind == 'multi':
        return MultiThreadedExecutor(num_threads=2, context=context)
    if kind == 'events':
        try:
            from rclpy.experimental import EventsExecutor
        except ImportError as error:
            raise ValueError('executor: this rclpy has no events executor, use single') from error
        return EventsExecutor(context=context)
    raise ValueError(f'executor: {kind!r} is not one of {", ".join(EXECUTORS)}')


def bring_up(node: Node) -> bool:
    """Configure and activate a lifecycle node; True when it is active, or not a lifecycle node."""
    if not isinstance(node, LifecycleNode):
        return True
    state = node._state_machine.current_state[1]
    if state == 'unconfigured' and node.trigger_configure() != TransitionCallbackReturn.SUCCESS:
        return False
    if node._state_machine.current_state[1] == 'inactive':
        return bool(node.trigger_activate() == TransitionCallbackReturn.SUCCESS)
    return bool(node._state_machine.current_state[1] == 'active')


class Autostart:
    """Brings lifecycle nodes up and tries again every 5 s while one cannot (no device, no model).

    A node that an operator deactivated or cleaned up by the lifecycle services stays as he left
    it.
    """

    def __init__(self, nodes: Sequence[Node], stop: threading.Event | None = None) -> None:
        """Bring every node up once; those that fail are tried again on the steady clock.

        Once `stop` is set no further node is brought up: loading a model takes seconds.
        """
        stop = stop or threading.Event()
        self._waiting = [node for node in nodes if not stop.is_set() and not bring_up(node)]
        self._timer = steady_timer(nodes[0], RETRY_S, self._retry) if self._waiting else None

    def _retry(self) -> None:
        self._waiting = [node for node in self._waiting if not bring_up(node)]
        if not self._waiting and self._timer is not None:
            self._timer.cancel()


def not_started(name: str, why: str, **node_args: Any) -> Node:
    """Return a node that stands in for one that could not be created and keeps saying so."""
    node = Node(f'{name}_not_started', **node_args)
    node.empathy_health = Health(node, f'/{name}')
    node.empathy_health.error(f'{name} is left out: {why}')
    return node


def create_nodes(names: Sequence[str], **node_args: Any) -> list[Node]:
    """Import and create the named nodes of the roster, in its order.

    A node that refuses its parameters or lacks a library is left out with an ERROR diagnostic; the
    others of its group still run.
    """
    nodes: list[Node] = []
    for entry in roster.NODES:
        if entry.name not in names:
            continue
        try:
            module = importlib.import_module(f'empathy_ros.nodes.{entry.name}')
            nodes.append(getattr(module, entry.class_name)(**node_args))
        except (ValueError, ImportError) as error:
            nodes.append(not_started(entry.name, str(error), **node_args))
    return nodes


def close(nodes: Sequence[Node]) -> None:
    """Release devices and models, newest node first."""
    for node in reversed(nodes):
        if isinstance(node, LifecycleNode):
            with contextlib.suppress(RuntimeError, rclpy.exceptions.InvalidHandle):
                node.on_shutdown(LifecycleState('active', 3))
        node.destroy_node()


def spin(executor: Any, stop: threading.Event, context: Any = None) -> None:
    """Dispatch callbacks until `stop` is set or ROS (`context`, None = the default) shuts down."""
    while not stop.is_set() and rclpy.ok(context=context):
        try:
            executor.spin_once(timeout_sec=SPIN_S)
        except ExternalShutdownException:
            return


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='empathy group', description=__doc__.split('\n')[0])
    parser.add_argument('--group', required=True, choices=(*roster.GROUPS, 'composed'))
    parser.add_argument('--nodes', default='', help='only these, separated by commas')
    parser.add_argument('--executor', default='single', choices=EXECUTORS)
    parser.add_argument('--autostart', default='true', choices=('true', 'false'))
    return parser.parse_args(remove_ros_args(list(argv))[1:])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one group until SIGINT or SIGTERM; return the exit code."""
    argv = list(sys.argv if argv is None else argv)
    options = _arguments(argv)
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    rclpy.init(args=argv, signal_handler_options=rclpy.signals.SignalHandlerOptions.NO)
    wanted = [name for name in options.nodes.split(',') if name]
    names = [n for n in roster.members(options.group) if not wanted or n in wanted]
    try:
        executor = make_executor(options.executor)
    except ValueError as error:
        print(f'empathy group: {error}', file=sys.stderr)
        return 2
    nodes = create_nodes(names)
    for node in nodes:
        executor.add_node(node)
    keep = Autostart(nodes, stop) if options.autostart == 'true' else None
    try:
        spin(executor, stop)
    finally:
        del keep
        close(nodes)
        executor.shutdown(timeout_sec=1.0)
        rclpy.try_shutdown()
    return 0


if __name__ == '__main__':
    sys.exit(main())
