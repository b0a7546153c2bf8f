# SPDX-License-Identifier: Apache-2.0
"""Notices a camera that delivers the same or a black picture again and again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NS_PER_S = 1_000_000_000
STEP_PX = 16
BLACK_LEVEL = 6.0
FROZEN = 'frozen'
BLACK = 'black'


class FrameHealth:
    """Compares a coarse grid of pixels with the one before.

    A live sensor has noise, so that two frames are never equal in every grid pixel.
    """

    def __init__(self, frozen_after_s: float = 5.0) -> None:
        """Call a picture frozen when it stays the same for so long [s]."""
        self._limit_ns = int(frozen_after_s * NS_PER_S)
        self._last: NDArray[np.uint8] | None = None
        self._since_ns = 0

    def check(self, image: NDArray[np.uint8], now_ns: int, moving: bool = True) -> str:
        """Return 'frozen', 'black' or '' when the picture looks alive.

        Args:
            image: Shape (height, width, 3), uint8.
            now_ns: Steady time.
            moving: False for a source that shows one picture on purpose.
        """
        grid = image[::STEP_PX, ::STEP_PX].copy()
        same = self._last is not None and np.array_equal(grid, self._last)
        if not same or not moving:
            self._last, self._since_ns = grid, now_ns
        if float(grid.mean()) < BLACK_LEVEL:
            return BLACK
        return FROZEN if now_ns - self._since_ns >= self._limit_ns else ''
