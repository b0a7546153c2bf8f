# SPDX-License-Identifier: Apache-2.0
"""The whole companion on recorded files: video:=FILE audio:=FILE.

`ros2 launch empathy_ros replay.launch.py --show-args` lists the arguments.
"""

from empathy_ros.launching import describe


def generate_launch_description():
    """Return the actions that start the process groups."""
    return describe('replay')
