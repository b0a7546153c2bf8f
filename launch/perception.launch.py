# SPDX-License-Identifier: Apache-2.0
"""Senses and fused affect only, with the guardian: for robots that have a mind of their own.

`ros2 launch empathy_ros perception.launch.py --show-args` lists the arguments.
"""

from empathy_ros.launching import describe


def generate_launch_description():
    """Return the actions that start the process groups."""
    return describe('perception')
