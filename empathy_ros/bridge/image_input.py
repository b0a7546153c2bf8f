# SPDX-License-Identifier: Apache-2.0
"""Frames from either way in: by direct call inside the process, or from the image topics."""

from __future__ import annotations

from collections.abc import Callable
import time
from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.handoff import channel
from empathy_ros.bridge.image import image_from_msg
from empathy_ros.bridge.run import now_ns
from empathy_ros.core.media import Frame

WARN_S = 10.0
# The same frames may come by direct call and by both topics, as image transports publish: the
# cheapest way that brought a frame in the last two seconds wins.
WINS_S = 2.0
HANDOFF, RAW, COMPRESSED = range(3)


class ImageInput:
    """Hands every frame to `put`, with the steady time of its arrival [s]."""

    def __init__(
        self,
        node: Node,
        health: Health,
        wanted: Callable[[], bool],
        put: Callable[[tuple[float, Frame]], None],
        reliability: str,
        depth: int,
    ) -> None:
        """Subscribe.

        Args:
            node: Owner of the subscriptions.
            health: Where bad pictures are reported.
            wanted: Whether frames are of use now; nothing is converted otherwise.
            put: Gets (arrival, frame); must be quick.
            reliability: 'best_effort' or 'reliable', of the topics.
            depth: Queue of the topics.
        """
        self._node, self._health, self._wanted, self._put = node, health, wanted, put
        self._warned_s = float('-inf')
        self._arrived_s = [float('-inf')] * 3
        profile = qos.image(reliability, depth)
        self._subscriptions = [
            node.create_subscription(
                kind, name, self._on_image, profile, qos_overriding_options=qos.OVERRIDES
            )
            for kind, name in ((msgs.Image, 'image'), (msgs.CompressedImage, 'image/compressed'))
        ]
        self._unsubscribe = channel('image').subscribe(self._on_frame)

    def close(self) -> None:
        """End all subscriptions."""
        self._unsubscribe()
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions = []

    def _wins(self, way: int, now_s: float) -> bool:
        self._arrived_s[way] = now_s
        return all(now_s - cheaper_s > WINS_S for cheaper_s in self._arrived_s[:way])

    def _on_frame(self, frame: Frame) -> None:
        now_s = time.monotonic()
        if self._wins(HANDOFF, now_s) and self._wanted():
            self._put((now_s, frame))

    def _on_image(self, msg: Any) -> None:
        now_s = time.monotonic()
        way = COMPRESSED if isinstance(msg, msgs.CompressedImage) else RAW
        if not self._wins(way, now_s) or not self._wanted():
            return
        try:
            image = image_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            if now_s - self._warned_s >= WARN_S:
                self._warned_s = now_s
                self._health.warn(str(error))
            return
        stamp_ns = convert.stamp_from_msg(msg.header.stamp) or now_ns(self._node)
        self._put((now_s, Frame(stamp_ns, image, msg.header.frame_id)))
