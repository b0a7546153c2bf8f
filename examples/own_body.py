# SPDX-License-Identifier: Apache-2.0
"""Let your own body carry out what the companion decides, and report what became of it.

    ./empathy up --no-body       # or: ros2 launch empathy_ros empathy.launch.py body:=false
    python examples/own_body.py

Replace `speak` and `gesture` by your robot. Three rules: never start an expired directive, let a
higher priority interrupt a lower one, and stop at once on the topic `stop`.
"""

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node

from empathy_ros.bridge import msgs
from empathy_ros.client import EmpathyClient
from empathy_ros.core.types import Directive


class OwnBody(Node):
    """Carries out directives one after the other."""

    def __init__(self, **node_args) -> None:
        super().__init__('own_body', **node_args)
        self._companion = EmpathyClient(self)
        self._companion.on_directive(self.perform)
        self.create_subscription(msgs.Empty, '/empathy/stop', lambda _msg: self.hold(), 10)
        self._running = None

    def perform(self, directive: Directive) -> None:
        """Start a directive unless it is too old or something more important is running."""
        now = self.get_clock().now().nanoseconds
        if directive.expires_ns and now > directive.expires_ns:
            return
        if self._running is not None and self._running.priority > directive.priority:
            return
        self._running = directive
        self.speak(directive)
        self.gesture(directive)
        self._running = None
        self._companion.report_outcome(directive.id, started_ns=now)

    def speak(self, directive: Directive) -> None:
        """Say the words, slower or softer as asked."""
        if directive.text:
            self.get_logger().info(f'[{directive.speech_rate:.1f}] {directive.text}')

    def gesture(self, directive: Directive) -> None:
        """Move; `motion_limits` bound how, `distance` never says to come closer."""
        self.get_logger().info(f'{directive.expression.label}, {directive.gesture}')

    def hold(self) -> None:
        """Fall silent and hold still."""
        self._running = None
        self.get_logger().info('held')


def main() -> None:
    """Run until Ctrl-C."""
    rclpy.init()
    try:
        rclpy.spin(OwnBody())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()


if __name__ == '__main__':
    main()
