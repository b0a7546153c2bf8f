# SPDX-License-Identifier: Apache-2.0
"""Says on /diagnostics, once a second, that a group died too often and is not started again."""

from __future__ import annotations

import argparse
import sys

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node

from empathy_ros.bridge.diagnostics import Health


def main() -> int:
    """Publish until a signal arrives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--group', required=True)
    group = parser.parse_args(rclpy.utilities.remove_ros_args(sys.argv)[1:]).group
    rclpy.init(args=sys.argv)
    node = Node(f'{group}_given_up')
    health = Health(node, f'/{group}')
    health.error(
        f'group {group} is not started again, because it died too often or at once: '
        'read its log, run `empathy doctor`, then restart'
    )
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        node.destroy_node()
    return 0


if __name__ == '__main__':
    sys.exit(main())
