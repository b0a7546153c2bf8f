# SPDX-License-Identifier: Apache-2.0
"""Reads a camera in a thread of its own, only while that is allowed, and hands pictures over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
import threading
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.frame_health import FrameHealth
from empathy_ros.engines.picture_source import Camera, CameraError, Ended

CHECK_S = 0.1
RETRY_S = 5.0
JOIN_S = 3.0
NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class CaptureState:
    """What a capture is doing.

    Attributes:
        level: 'ok', 'warn' or 'error'.
        text: For people; an error names the thing and the cure.
        is_open: Whether the device or file is open.
    """

    level: str
    text: str
    is_open: bool


CLOSED = CaptureState('ok', 'closed: no leave to look', False)


class Capture:
    """A thread that opens a camera when it may, reads it, and closes it when it may no longer.

    Leave is asked before every picture and at least ten times a second, also while waiting.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        allowed: Callable[[], bool],
        on_picture: Callable[[NDArray[np.uint8]], None],
        on_state: Callable[[CaptureState], None],
        rate_hz: float,
        retry_s: float = RETRY_S,
    ) -> None:
        """Start the thread.

        Args:
            open_camera: Returns an open camera or raises CameraError.
            allowed: Whether it may look now.
            on_picture: Gets each picture, shape (h, w, 3), blue-green-red; must be quick.
            on_state: Told about every change.
            rate_hz: Pictures per second.
            retry_s: Pause after a failure [s].
        """
        self.rate_hz = rate_hz
        self._open_camera, self._allowed = open_camera, allowed
        self._on_picture, self._on_state = on_picture, on_state
        self._retry_s = retry_s
        self._stop = threading.Event()
        self._state: CaptureState | None = None
        self._thread = threading.Thread(target=self._run, name='capture', daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; the camera is closed when this returns."""
        self._stop.set()
        self._thread.join(JOIN_S)

    def _may_look(self) -> bool:
        return not self._stop.is_set() and self._allowed()

    def _tell(self, state: CaptureState) -> None:
        if state != self._state:
            self._state = state
            self._on_state(state)

    def _pause(self, seconds: float, while_allowed: bool = True) -> None:
        """Wait, but no longer than it may look."""
        end_s = time.monotonic() + seconds
        while (left_s := end_s - time.monotonic()) > 0 and not self._stop.is_set():
            if while_allowed and not self._allowed():
                return
            self._stop.wait(min(left_s, CHECK_S))

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._allowed():
                self._tell(CLOSED)
                self._stop.wait(CHECK_S)
                continue
            try:
                self._watch(self._open_camera())
            except Ended as news:
                self._tell(CaptureState('ok', f'{news}: played to its end', False))
                self._stop.wait()
            except (CameraError, OSError, cv2.error) as error:
                self._tell(CaptureState('error', str(error).strip(), False))
                self._pause(self._retry_s)

    def _watch(self, camera: Camera) -> None:
        """Read until it may no longer; the camera is closed whatever happens."""
        try:
            self._read(camera)
        finally:
            camera.close()

    def _read(self, camera: Camera) -> None:
        health = FrameHealth()
        start_s = due_s = time.monotonic()
        while self._may_look():
            if camera.live:
                camera.grab()
                if time.monotonic() < due_s:
                    continue
            else:
                self._pause(due_s - time.monotonic())
            if not self._may_look():
                return
            now_s = time.monotonic()
            image = camera.picture(now_s - start_s)
            due_s = max(due_s + 1.0 / self.rate_hz, now_s)
            flaw = health.check(image, int(now_s * NS_PER_S), camera.moving)
            if flaw:
                text = f'{camera.name}: the picture is {flaw}; check lens cover, cable and light'
                self._tell(CaptureState('warn', text, True))
            else:
                self._tell(CaptureState('ok', f'{camera.name} is open', True))
            # A frozen picture would confirm the last expression for ever.
            if flaw != 'frozen' and self._may_look():
                self._on_picture(image)
