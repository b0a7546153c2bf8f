# SPDX-License-Identifier: Apache-2.0
"""Pictures and sound as they travel inside a process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """One picture.

    Attributes:
        stamp_ns: Capture time, ROS time.
        image_bgr: Shape (height, width, 3), uint8, blue-green-red.
        frame_id: Sensor frame.
    """

    stamp_ns: int
    image_bgr: NDArray[np.uint8]
    frame_id: str = 'camera'


@dataclass(frozen=True)
class Sound:
    """A short piece of mono sound.

    Attributes:
        stamp_ns: Capture time of the first sample, ROS time.
        samples: Shape (n,), float32, full scale -1..1.
        sample_rate: Samples per second [Hz].
        seq: Counts chunks of one source from 0; a gap means lost sound.
    """

    stamp_ns: int
    samples: NDArray[np.float32]
    sample_rate: int
    seq: int = 0

    @property
    def duration_s(self) -> float:
        """Length [s]."""
        return len(self.samples) / self.sample_rate
