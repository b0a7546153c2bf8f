# SPDX-License-Identifier: Apache-2.0
"""Mirror on a robot's face what a person seems to express; unknown becomes a calm face.

    python examples/emotion_mirror.py        # beside `./empathy up`
    ros2 topic echo /robot_face/expression

A mirror is a demonstration. In care, let `behaviour/directive` choose the face: it does not smile
back at anger or look sad at somebody who is.
"""

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node

from empathy_ros.bridge import convert, msgs
from empathy_ros.client import EmpathyClient
from empathy_ros.core.types import Expression, PersonAffect

# Our basic classes in the words of the common robot-face vocabulary.
FACES = {
    'neutral': Expression('neutral', 0.0, 0.0, 0.3),
    'happiness': Expression('happy', 0.8, 0.4, 0.7),
    'surprise': Expression('surprised', 0.2, 0.7, 0.6),
    'sadness': Expression('sad', -0.6, -0.3, 0.5),
    'anger': Expression('angry', -0.6, 0.6, 0.4),
    'disgust': Expression('annoyed', -0.5, 0.2, 0.4),
    'fear': Expression('scared', -0.6, 0.6, 0.5),
    'contempt': Expression('skeptical', -0.3, 0.1, 0.3),
}


class EmotionMirror(Node):
    """Listens to `persons/affect`, publishes one Expression whenever the face changes."""

    def __init__(self, **node_args) -> None:
        super().__init__('emotion_mirror', **node_args)
        self._face = self.create_publisher(msgs.Expression, '/robot_face/expression', 1)
        self._shown = ''
        EmpathyClient(self).on_affect(self.mirror)

    def mirror(self, affect: PersonAffect) -> None:
        """Show the class that seems most likely, or the neutral face when it is unknown."""
        seems = 'neutral' if affect.abstained else affect.top_basic
        if seems != self._shown:
            self._shown = seems
            self._face.publish(convert.expression_to_msg(FACES[seems]))


def main() -> None:
    """Run until Ctrl-C."""
    rclpy.init()
    try:
        rclpy.spin(EmotionMirror())
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()


if __name__ == '__main__':
    main()
