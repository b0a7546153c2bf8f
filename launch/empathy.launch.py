# SPDX-License-Identifier: Apache-2.0
"""The whole companion: guardian, senses, mind, body and the local page.

`ros2 launch empathy_ros empathy.launch.py --show-args` lists the arguments.
"""

from empathy_ros.launching import describe


def generate_launch_description():
    """Return the actions that start the process groups."""
    return describe('empathy')
