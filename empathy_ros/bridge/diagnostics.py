# SPDX-License-Identifier: Apache-2.0
"""One health entry per node on /diagnostics at 1 Hz; never a person's emotion or words."""

from __future__ import annotations

from collections import deque
import threading

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from empathy_ros.bridge import qos

PERIOD_S = 1.0
LATENCIES_KEPT = 300

OK = DiagnosticStatus.OK
WARN = DiagnosticStatus.WARN
ERROR = DiagnosticStatus.ERROR


class Health:
    """Collects what a node reports and publishes it once a second on the steady clock.

    All methods may be called from any thread.
    """

    def __init__(self, node: Node, module: str) -> None:
        """Publish for `node` under the name `module`, such as '/guardian/crisis_watch'."""
        self._node, self._module = node, module
        self._lock = threading.Lock()
        self._level, self._text = OK, 'starting'
        self._values: dict[str, str] = {}
        self._latencies_s: deque[float] = deque(maxlen=LATENCIES_KEPT)
        self._dropped = 0
        self._publisher = node.create_publisher(DiagnosticArray, '/diagnostics', qos.DIAGNOSTICS)
        clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(PERIOD_S, self.publish, clock=clock)

    def ok(self, text: str) -> None:
        """Report that the node works."""
        self._report(OK, text)

    def warn(self, text: str) -> None:
        """Report that it works in a reduced way."""
        self._report(WARN, text)

    def error(self, text: str) -> None:
        """Report that it does not do its work, naming the thing and the cure."""
        self._report(ERROR, text)

    def set(self, key: str, value: object) -> None:
        """Report one value, such as the provider really used."""
        with self._lock:
            self._values[key] = str(value)

    def latency(self, seconds: float) -> None:
        """Add one duration from input to output."""
        with self._lock:
            self._latencies_s.append(seconds)

    def dropped(self, count: int) -> None:
        """Add `count` inputs that were dropped, not queued."""
        with self._lock:
            self._dropped += count

    @property
    def level(self) -> bytes:
        """Level that is being reported."""
        with self._lock:
            return bytes(self._level)

    def _report(self, level: bytes, text: str) -> None:
        with self._lock:
            changed = (level, text) != (self._level, self._text)
            self._level, self._text = level, text
        if changed and level == ERROR:
            self._node.get_logger().error(text)
        elif changed and level == WARN:
            self._node.get_logger().warning(text)

    def publish(self) -> None:
        """Publish the entry now."""
        with self._lock:
            status = DiagnosticStatus(level=self._level, name=self._module, message=self._text)
            status.hardware_id = self._node.get_fully_qualified_name()
            values = dict(self._values)
            ordered = sorted(self._latencies_s)
            values['dropped'] = str(self._dropped)
        if ordered:
            values['latency_p50_ms'] = f'{1e3 * ordered[len(ordered) // 2]:.1f}'
            values['latency_p95_ms'] = f'{1e3 * ordered[int(0.95 * (len(ordered) - 1))]:.1f}'
        values['Module name'] = self._node.get_name()
        status.values = [KeyValue(key=key, value=value) for key, value in sorted(values.items())]
        array = DiagnosticArray(status=[status])
        array.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(array)
