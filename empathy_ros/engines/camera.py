# SPDX-License-Identifier: Apache-2.0
"""Opens what shows pictures: a camera, a video or GIF, a still picture, a folder of pictures."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from empathy_ros.engines.picture_source import Camera, CameraError, checked, Image
from empathy_ros.engines.video_file import Pictures, VideoFile

NONE = 'none'
AT_END = ('loop', 'hold', 'stop')
STILL_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')
# A camera that sends nothing must not hold its reader longer than consent may need to close it.
DEVICE_TIMEOUT_S = 1


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
        return checked(*self._capture.retrieve(), self.name)

    def close(self) -> None:
        """Release the device."""
        self._capture.release()
