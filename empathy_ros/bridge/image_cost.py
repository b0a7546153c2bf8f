# SPDX-License-Identifier: Apache-2.0
"""Measures reading and filling an image message against a plain copy; prints JSON.

`python -m empathy_ros.bridge.image_cost ROUNDS`. The setting of ROS_PYTHON_CHECK_FIELDS is read
when the messages are imported, so each setting needs a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
import json
import sys
import time

import numpy as np

from empathy_ros.bridge import msgs
from empathy_ros.bridge.image import image_from_msg, image_into_msg

REPEATS = 200


def cpu_s(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the processor time of so many calls [s]."""
    start_s = time.process_time()
    for _ in range(repeats):
        work()
    return time.process_time() - start_s


def measure(rounds: int) -> dict[str, list[float]]:
    """Return, per round, the cost of reading and filling as a multiple of copying the picture."""
    image = np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    target = np.empty_like(image)
    msg = msgs.Image()
    image_into_msg(image, msg)
    result: dict[str, list[float]] = {'image_read': [], 'image_fill': []}
    for _ in range(rounds):
        copy_s = cpu_s(lambda: np.copyto(target, image))
        result['image_fill'].append(cpu_s(lambda: image_into_msg(image, msg)) / copy_s)
        result['image_read'].append(cpu_s(lambda: image_from_msg(msg)) / copy_s)
    return result


if __name__ == '__main__':
    print(json.dumps(measure(int(sys.argv[1]))))
