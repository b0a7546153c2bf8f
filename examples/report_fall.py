# SPDX-License-Identifier: Apache-2.0
"""Report a fall from your own detector, see the alert come, and take it over.

    python examples/report_fall.py nurse     # beside `./empathy up`

The alert is repeated until somebody acknowledges it; a program should do that only for a person.
"""

import sys

import rclpy
from rclpy.node import Node

from empathy_ros.client import EmpathyClient
from empathy_ros.core.types import Alert, Event


class FallReporter(Node):
    """Reports one fall and acknowledges the alert that it raises in the name of `who`."""

    def __init__(self, who: str, **node_args) -> None:
        super().__init__('fall_reporter', **node_args)
        self._who = who
        self._since_ns = self.get_clock().now().nanoseconds
        self._companion = EmpathyClient(self)
        self._companion.on_alert(self.see)
        self.report = self._companion.report_event(Event.FALL)
        self.taken = None

    def see(self, alert: Alert) -> None:
        """Take over the first alert that is newer than this program; latched ones are not ours."""
        if self.taken is None and not alert.acknowledged and alert.stamp_ns >= self._since_ns:
            self.get_logger().info(f'{alert.kind.value}: {alert.summary}')
            self.taken = self._companion.acknowledge_alert(alert.id, self._who)


def main() -> int:
    """Run until the alert is taken; 1 = the companion does not answer."""
    rclpy.init()
    node = FallReporter(sys.argv[1] if len(sys.argv) > 1 else 'carer')
    while not (node.taken and node.taken.done()):
        rclpy.spin_once(node, timeout_sec=0.1)
        if node.report.done() and node.report.exception():
            print(node.report.exception())
            return 1
    answer = node.taken.result()
    print('taken over' if answer.done else answer.error_msg)
    return 0 if answer.done else 1


if __name__ == '__main__':
    sys.exit(main())
