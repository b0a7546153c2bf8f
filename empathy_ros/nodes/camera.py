# SPDX-License-Identifier: Apache-2.0
"""Opens the camera or a video file, under a lease only, and hands frames over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.handoff import channel
from empathy_ros.bridge.image import image_into_msg
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.core.media import Frame
from empathy_ros.core.params import param
from empathy_ros.core.types import Scope
from empathy_ros.engines.camera import Camera as Source
from empathy_ros.engines.camera import NONE, open_camera
from empathy_ros.engines.capture import Capture, CaptureState

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE


@dataclass(frozen=True)
class CameraConfig:
    """Where pictures come from and how often."""

    source: str = param(
        '0', 'Device number or path, video, GIF, picture or folder; none = wait for the topic.',
        read_only=True,
    )  # fmt: skip
    rate_hz: float = param(10.0, 'Pictures handed over per second [Hz].', lo=0.2, hi=60.0)
    width_px: int = param(640, 'Wanted width of a device [px].', lo=16, hi=8192, read_only=True)
    height_px: int = param(480, 'Wanted height of a device [px].', lo=16, hi=8192, read_only=True)
    at_end: str = param(
        'loop', 'What a file does at its end.', choices=('loop', 'hold', 'stop'), read_only=True
    )
    frame_id: str = param('camera', 'Frame of the stamps.', read_only=True)
    publish_image: bool = param(
        False, 'Also publish pictures on the topic `image`, for people who want to see.',
        read_only=True,
    )  # fmt: skip
    image_reliability: str = param(
        'best_effort', 'Reliability of the topic `image`.',
        choices=('best_effort', 'reliable'), read_only=True,
    )  # fmt: skip


class Camera(LifecycleNode):
    """Frames go to the channel `image` of this process and, if wanted, to the topic `image`."""

    def __init__(self, **node_args: Any) -> None:
        """Create the node; nothing is opened."""
        super().__init__('camera', **node_args)
        self._health = Health(self, '/social_perception/camera')
        self._health.ok('not configured')
        self._guard: ConsentGuard | None = None
        self._capture: Capture | None = None
        self._publisher: Any = None
        self._msg = msgs.Image()
        self._channel = channel('image')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Read the parameters and start asking for leave."""
        del state
        try:
            self._config: CameraConfig = bind(self, CameraConfig, self._on_config)
        except ValueError as error:
            self._health.error(str(error))
            return FAILURE
        if self._config.publish_image:
            self._publisher = self.create_publisher(
                msgs.Image, 'image', qos.image(self._config.image_reliability),
                qos_overriding_options=qos.OVERRIDES,
            )  # fmt: skip
        if self._config.source != NONE:
            self._guard = ConsentGuard(self, Scope.FACE)
        self._health.set('source', self._config.source)
        self._health.set('open', False)
        self._health.ok('inactive')
        return SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start the thread that opens the camera as soon as there is leave."""
        if self._guard is None:
            self._health.ok('source is none: pictures come from the topic image')
        else:
            guard = self._guard
            self._capture = Capture(
                self._open,
                lambda: guard.lease.granted,
                self._on_picture,
                self._on_state,
                self._config.rate_hz,
            )
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close the camera."""
        self._release()
        self._health.ok('inactive')
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Forget configuration and guard."""
        del state
        self._release()
        if self._guard is not None:
            self._guard.close()
            self._guard = None
        if self._publisher is not None:
            self.destroy_publisher(self._publisher)
            self._publisher = None
        self._health.ok('not configured')
        return SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close everything."""
        return self.on_cleanup(state)

    def _release(self) -> None:
        if self._capture is not None:
            self._capture.close()
            self._capture = None

    def _open(self) -> Source:
        config = self._config
        return open_camera(
            config.source,
            width_px=config.width_px,
            height_px=config.height_px,
            at_end=config.at_end,
            rate_hz=config.rate_hz,
        )

    def _on_config(self, config: CameraConfig) -> None:
        self._config = config
        if self._capture is not None:
            self._capture.rate_hz = config.rate_hz

    def _on_picture(self, image: NDArray[np.uint8]) -> None:
        stamp_ns = now_ns(self)
        self._channel.put(Frame(stamp_ns, image, self._config.frame_id))
        if self._publisher is not None:
            self._msg.header.stamp = convert.stamp_to_msg(stamp_ns)
            self._msg.header.frame_id = self._config.frame_id
            image_into_msg(image, self._msg)
            self._publisher.publish(self._msg)

    def _on_state(self, state: CaptureState) -> None:
        self._health.set('open', state.is_open)
        report = {'ok': self._health.ok, 'warn': self._health.warn, 'error': self._health.error}
        report[state.level](state.text)
