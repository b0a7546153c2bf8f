# SPDX-License-Identifier: Apache-2.0
"""Pictures between NumPy and sensor_msgs: bgr8, rgb8, mono8 and compressed.

Reading bgr8 copies nothing: the array lies in the message. Filling writes into the message's own
buffer. `array('B')` is the only type that a message field takes quickly both with and without
ROS_PYTHON_CHECK_FIELDS; a list, a memoryview or a NumPy array costs up to a thousand times more.
"""

from __future__ import annotations

from array import array
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.bridge import msgs

ImageArray = NDArray[np.uint8]
CHANNELS = {'bgr8': 3, 'rgb8': 3, 'mono8': 1}
MIN_SIDE_PX = 8
MAX_SIDE_PX = 8192


def image_from_msg(msg: Any) -> ImageArray:
    """Return a picture, shape (height, width, 3), uint8, blue-green-red.

    Args:
        msg: sensor_msgs Image (bgr8, rgb8, mono8) or CompressedImage (JPEG or PNG). A bgr8 result
            shares the memory of the message.
    Raises:
        ValueError: another encoding, a size that does not fit the data, or an undecodable
            compressed picture; the text names what was given and what is possible.
    """
    if isinstance(msg, msgs.CompressedImage):
        return _decompress(msg)
    channels = CHANNELS.get(msg.encoding)
    if channels is None:
        raise ValueError(
            f'image: encoding {msg.encoding[:40]!r} is not one of {", ".join(CHANNELS)}; '
            'convert it before publishing'
        )
    height, width, step = int(msg.height), int(msg.width), int(msg.step)
    _check_size(width, height)
    row = width * channels
    if step < row or len(msg.data) != step * height:
        raise ValueError(
            f'image: {len(msg.data)} bytes with step {step} do not hold {width}x{height} '
            f'{msg.encoding}; expected step {row} and {row * height} bytes'
        )
    flat: ImageArray = np.frombuffer(msg.data, dtype=np.uint8)
    rows = flat.reshape(height, step)[:, :row]
    if msg.encoding == 'bgr8':
        return rows.reshape(height, width, 3)
    if msg.encoding == 'rgb8':
        return _array(cv2.cvtColor(rows.reshape(height, width, 3), cv2.COLOR_RGB2BGR))
    return _array(cv2.cvtColor(rows, cv2.COLOR_GRAY2BGR))


def image_into_msg(image: ImageArray, msg: Any) -> None:
    """Write a picture into a message; fast when the message was used for this size before.

    Header fields are left alone.

    Args:
        image: Shape (height, width, 3) blue-green-red, or (height, width) grey; uint8.
        msg: sensor_msgs Image.
    Raises:
        ValueError: another shape or type (text says which).
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise ValueError(
            f'image: expected (h, w, 3) or (h, w) of uint8, got {image.shape} of {image.dtype}'
        )
    height, width = image.shape[:2]
    encoding, step = ('bgr8', 3 * width) if image.ndim == 3 else ('mono8', width)
    data = msg.data
    if len(data) != step * height or not isinstance(data, array):
        msg.data = array('B', bytes(step * height))
        data = msg.data
    if (msg.height, msg.width, msg.step, msg.encoding) != (height, width, step, encoding):
        msg.height, msg.width, msg.step = height, width, step
        msg.encoding, msg.is_bigendian = encoding, 0
    np.frombuffer(data, dtype=np.uint8).reshape(image.shape)[...] = image


def _decompress(msg: Any) -> ImageArray:
    if not len(msg.data):
        raise ValueError('image/compressed: no data; publish JPEG or PNG')
    flat: ImageArray = np.frombuffer(msg.data, dtype=np.uint8)
    try:
        image = cv2.imdecode(flat, cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise ValueError(
            f'image/compressed: {len(msg.data)} bytes in format {msg.format[:40]!r} cannot be '
            'decoded; publish JPEG or PNG'
        )
    _check_size(image.shape[1], image.shape[0])
    return _array(image)


def _check_size(width: int, height: int) -> None:
    if not (MIN_SIDE_PX <= width <= MAX_SIDE_PX and MIN_SIDE_PX <= height <= MAX_SIDE_PX):
        raise ValueError(
            f'image: {width}x{height} pixels; each side must be {MIN_SIDE_PX}..{MAX_SIDE_PX}'
        )


def _array(image: Any) -> ImageArray:
    return np.asarray(image, dtype=np.uint8)
