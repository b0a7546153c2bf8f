# SPDX-License-Identifier: Apache-2.0
"""Plays videos, GIF files, still pictures and folders of pictures as if they were a camera.

Files are played at their own speed: a reader that is late gets the picture that is due, not the
one after the last.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import cv2

from empathy_ros.engines.picture_source import CameraError, checked, Ended, Image

DEFAULT_FPS = 25.0
MAX_FPS = 240.0


class VideoFile:
    """A video or GIF, played at its own speed."""

    live = False

    def __init__(self, source: str, path: Path, at_end: str) -> None:
        """Open it and read its first picture; raises CameraError."""
        self.name = f'video {source}'
        self._path, self._at_end = path, at_end
        self._open()
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.fps = fps if math.isfinite(fps) and 0 < fps <= MAX_FPS else DEFAULT_FPS
        if not self._capture.grab():
            self.close()
            raise CameraError(
                f'{self.name}: no picture can be decoded; the file is broken or no video '
                '(AVI, MP4, MKV and GIF are)'
            )
        self._image = self._retrieve()
        self._shown, self._started, self.held = 0, 0, False

    @property
    def moving(self) -> bool:
        """False once the last picture is held."""
        return not self.held

    def grab(self) -> None:
        """Do nothing: a file waits."""

    def picture(self, elapsed_s: float) -> Image:
        """Return the picture that is due; raises Ended or CameraError."""
        due = int(elapsed_s * self.fps)
        fresh = False
        while self._started + self._shown < due and not self.held:
            if self._capture.grab():
                self._shown += 1
                fresh = True
                # Only what may be held at the end is worth decoding on the way.
                if self._at_end == 'hold':
                    self._image = self._retrieve()
            else:
                self._end(due)
                fresh = False
        if fresh and self._at_end != 'hold':
            self._image = self._retrieve()
        return self._image

    def close(self) -> None:
        """Close the file."""
        self._capture.release()

    def _open(self) -> None:
        self._capture = cv2.VideoCapture(str(self._path))

    def _retrieve(self) -> Image:
        good, image = self._capture.retrieve()
        return checked(good, image, self.name)

    def _end(self, due: int) -> None:
        if self._at_end == 'stop':
            raise Ended(self.name)
        if self._at_end == 'hold':
            self.held = True
            return
        self._capture.release()
        self._open()
        if not self._capture.grab():
            raise CameraError(f'{self.name}: cannot be read any more; was it removed?')
        self._image, self._shown, self._started = self._retrieve(), 0, due


class Pictures:
    """One still picture, or the pictures of a folder in the order of their names."""

    live = False

    def __init__(self, source: str, files: list[Path], rate_hz: float, at_end: str) -> None:
        """Read the first one; raises CameraError."""
        self.name = f'pictures {source}' if len(files) > 1 else f'picture {source}'
        self._files, self._rate_hz, self._at_end = files, rate_hz, at_end
        self._index = -1
        self._image = self._read(0)

    @property
    def moving(self) -> bool:
        """True while the pictures of a folder follow each other."""
        last = self._index >= len(self._files) - 1
        return len(self._files) > 1 and not (last and self._at_end == 'hold')

    def grab(self) -> None:
        """Do nothing: a file waits."""

    def picture(self, elapsed_s: float) -> Image:
        """Return the picture that is due; raises Ended or CameraError."""
        due = int(elapsed_s * self._rate_hz)
        if due >= len(self._files) and self._at_end == 'stop':
            raise Ended(self.name)
        last = len(self._files) - 1
        return self._read(min(due, last) if self._at_end == 'hold' else due % (last + 1))

    def close(self) -> None:
        """Nothing is kept open."""

    def _read(self, index: int) -> Image:
        if index != self._index:
            image: Any = cv2.imread(str(self._files[index]), cv2.IMREAD_COLOR)
            self._image = checked(image is not None, image, f'picture {self._files[index]}')
            self._index = index
        return self._image
