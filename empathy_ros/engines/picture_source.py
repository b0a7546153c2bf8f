# SPDX-License-Identifier: Apache-2.0
"""What every source of pictures has in common."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


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


def checked(good: bool, image: Any, name: str) -> Image:
    """Return a picture of three channels, or raise CameraError naming its source."""
    if not good or image is None:
        raise CameraError(f'{name}: cannot be decoded; the file is broken or no picture')
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return np.asarray(image, dtype=np.uint8)
