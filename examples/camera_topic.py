# SPDX-License-Identifier: Apache-2.0
"""Connect your own camera: publish its pictures, and the companion takes them instead of a device.

    python examples/camera_topic.py FILE_OR_DEVICE
    ros2 launch empathy_ros empathy.launch.py image_topic:=/camera/image

Nothing is looked at before somebody agreed to it, however many pictures you publish.
"""

import sys

import cv2
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image

from empathy_ros.bridge.image import image_into_msg

RATE_HZ = 10.0


class CameraTopic(Node):
    """Publishes what a camera or a video file gives; replace `read` by your own driver."""

    def __init__(self, source: str, **node_args) -> None:
        super().__init__('camera_topic', **node_args)
        self._video = cv2.VideoCapture(int(source) if source.isdigit() else source)
        if not self._video.isOpened():
            raise SystemExit(f'{source} cannot be opened: give a device number or a video file')
        self._images = self.create_publisher(Image, '/camera/image', qos_profile_sensor_data)
        self._msg = Image()
        self.create_timer(1.0 / RATE_HZ, self.read)

    def read(self) -> None:
        """Publish one picture; the stamp is the time at which it was taken."""
        there, picture_bgr = self._video.read()
        if not there:
            self._video.set(cv2.CAP_PROP_POS_FRAMES, 0)
            return
        self._msg.header.stamp = self.get_clock().now().to_msg()
        self._msg.header.frame_id = 'camera'
        image_into_msg(picture_bgr, self._msg)
        self._images.publish(self._msg)


def main() -> None:
    """Run until Ctrl-C."""
    rclpy.init()
    try:
        rclpy.spin(CameraTopic(sys.argv[1] if len(sys.argv) > 1 else '0'))
    except (KeyboardInterrupt, ExternalShutdownException):
        rclpy.try_shutdown()


if __name__ == '__main__':
    main()
