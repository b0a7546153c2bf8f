# SPDX-License-Identifier: Apache-2.0
"""Opens what shows pictures: a camera, a video or GIF file, a still picture, a folder of pictures.

Files are played at their own speed: a reader that is late gets the picture that is due, not the
one after the last.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
NONE = 'none'
AT_END = ('loop', 'hold', 'stop')
STILL_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')
DEFAULT_FPS = 25.0
MAX_FPS = 240.0
# A camera that sends nothing must not hold its reader longer than consent may need to close it.
DEVICE_TIMEOUT_S = 1


class CameraError(Exception):
    """Nothing can be seen; the text names the source and the cure."""


class Ended(Exception):
    """A file was played to its end and is not to be repeated."""


class Camera(Protocol):
    """A source of pictures.

    Attributes:
        name: What it is, for people.
        live: True for a device: pictures come when they come and must be fetched at once.
        moving: False when it shows one picture on purpose.
    """

    name: str
    live: bool

    @property
    def moving(self) -> bool:
        """Whether the picture should change."""
        ...

    def grab(self) -> None:
        """Wait for the next picture of a device; nothing for a file. Raises CameraError."""
        ...

    def picture(self, elapsed_s: float) -> Image:
        """Return the newest picture, shape (height, width, 3), blue-green-red.

        Args:
            elapsed_s: Time since opening [s]; a file shows the picture that is due then.
        Raises:
            CameraError: it cannot be read.
            Ended: the file is over.
        """
        ...

    def close(self) -> None:
        """Release it; may be called twice."""
        ...


def open_camera(
    source: str,
    *,
    width_px: int = 640,
    height_px: int = 480,
    at_end: str = 'loop',
    rate_hz: float = 10.0,
) -> Camera:
    """Return an open camera.

    Args:
        source: Number or /dev path of a device, or path of a video, GIF, picture or folder.
        width_px: Wanted width of a device's picture.
        height_px: Wanted height.
        at_end: What a file does at its end: 'loop', 'hold' its last picture, or 'stop'.
        rate_hz: Pictures per second of a folder.
    Raises:
        CameraError: it cannot be opened; the text names the source and the cure.
    """
    if at_end not in AT_END:
        raise CameraError(f'at_end: {at_end!r} is not one of {", ".join(AT_END)}')
    if source.isdecimal() or source.startswith('/dev/'):
        return Device(source, width_px, height_px)
    path = Path(source).expanduser()
    if path.is_dir():
        return Pictures(source, sorted(_pictures_in(path)), rate_hz, at_end)
    if not path.is_file():
        raise CameraError(
            f'camera source {source!r}: no such file; set the parameter `source` of the camera '
            'to a file that exists, to a device number such as 0, or to none'
        )
    if path.suffix.lower() in STILL_SUFFIXES:
        return Pictures(source, [path], rate_hz, 'hold')
    return VideoFile(source, path, at_end)


def _pictures_in(folder: Path) -> list[Path]:
    found = [item for item in folder.iterdir() if item.suffix.lower() in STILL_SUFFIXES]
    if not found:
        raise CameraError(
            f'camera source {str(folder)!r}: the folder holds no picture '
            f'({", ".join(STILL_SUFFIXES)})'
        )
    return found


class Device:
    """A camera of the system."""

    live = True
    moving = True

    def __init__(self, source: str, width_px: int, height_px: int) -> None:
        """Open it; raises CameraError."""
        self.name = f'camera {source}'
        os.environ.setdefault('OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT', str(DEVICE_TIMEOUT_S))
        where = Path(f'/dev/video{source}' if source.isdecimal() else source)
        if not where.exists():
            raise CameraError(
                f'{self.name}: there is no {where}; plug the camera in, choose another with the '
                'parameter `source` (`ls /dev/video*` shows which there are), or set it to none'
            )
        number = source if source.isdecimal() else where.name.removeprefix('video')
        self._capture = cv2.VideoCapture(int(number) if number.isdecimal() else source)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraError(
                f'{self.name}: {where} cannot be opened; end the program that uses it, and check '
                'that this user is in the group `video` (`sudo usermod -aG video $USER`)'
            )
        for key, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, width_px),
            (cv2.CAP_PROP_FRAME_HEIGHT, height_px),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            self._capture.set(key, value)

    def grab(self) -> None:
        """Wait for the next picture; raises CameraError when none comes."""
        if not self._capture.grab():
            raise CameraError(f'{self.name}: no picture within a second; is it still plugged in?')

    def picture(self, elapsed_s: float) -> Image:
        """Return the picture of the last `grab`."""
        del elapsed_s
        return _checked(*self._capture.retrieve(), self.name)

    def close(self) -> None:
        """Release the device."""
        self._capture.release()


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
        return _checked(good, image, self.name)

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
            self._image = _checked(image is not None, image, f'picture {self._files[index]}')
            self._index = index
        return self._image


def _checked(good: bool, image: Any, name: str) -> Image:
    if not good or image is None:
        raise CameraError(f'{name}: cannot be decoded; the file is broken or no picture')
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return np.asarray(image, dtype=np.uint8)
