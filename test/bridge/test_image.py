# SPDX-License-Identifier: Apache-2.0
"""Pictures in and out of messages, under both settings of the field checks."""

import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip('sensor_msgs', reason='sensor_msgs is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

import cv2

from empathy_ros.bridge import msgs
from empathy_ros.bridge.image import image_from_msg, image_into_msg


@pytest.fixture
def picture():
    return np.random.default_rng(5).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def message(data, encoding='bgr8', width=64, height=48, step=None):
    msg = msgs.Image(encoding=encoding, width=width, height=height)
    msg.step = width * (1 if encoding == 'mono8' else 3) if step is None else step
    msg.data = bytes(data)
    return msg


def test_round_trip(picture):
    msg = msgs.Image()
    image_into_msg(picture, msg)
    assert (msg.encoding, msg.width, msg.height, msg.step) == ('bgr8', 64, 48, 192)
    assert np.array_equal(image_from_msg(msg), picture)


def test_grey_round_trip(picture):
    msg = msgs.Image()
    image_into_msg(picture[:, :, 0], msg)
    assert msg.encoding == 'mono8'
    assert np.array_equal(image_from_msg(msg), np.repeat(picture[:, :, :1], 3, axis=2))


def test_reading_bgr_copies_nothing_and_filling_reuses_the_buffer(picture):
    msg = msgs.Image()
    image_into_msg(picture, msg)
    view = image_from_msg(msg)
    image_into_msg(picture[::-1], msg)
    assert np.array_equal(view, picture[::-1])


def test_another_size_takes_another_buffer(picture):
    msg = msgs.Image()
    image_into_msg(picture, msg)
    image_into_msg(picture[:20, :30], msg)
    assert np.array_equal(image_from_msg(msg), picture[:20, :30])


def test_rgb_is_turned(picture):
    assert np.array_equal(image_from_msg(message(picture.tobytes(), 'rgb8')), picture[:, :, ::-1])


def test_rows_may_be_padded(picture):
    padded = np.zeros((48, 200), np.uint8)
    padded[:, :192] = picture.reshape(48, 192)
    assert np.array_equal(image_from_msg(message(padded.tobytes(), step=200)), picture)


@pytest.mark.parametrize('suffix', ['.png', '.jpg'])
def test_compressed(picture, suffix):
    smooth = cv2.GaussianBlur(picture, (0, 0), 5)
    good, data = cv2.imencode(suffix, smooth)
    assert good
    read = image_from_msg(msgs.CompressedImage(format=suffix[1:], data=data.tobytes()))
    assert np.abs(read.astype(int) - smooth).max() <= (0 if suffix == '.png' else 12)


@pytest.mark.parametrize(
    ('changes', 'text'),
    [
        ({'encoding': '16UC1'}, "encoding '16UC1' is not one of bgr8, rgb8, mono8"),
        ({'width': 65}, 'do not hold 65x48 bgr8; expected step 195 and 9360 bytes'),
        ({'height': 47}, 'do not hold 64x47'),
        ({'step': 100}, 'with step 100'),
        ({'width': 0, 'height': 0}, '0x0 pixels; each side must be 8..8192'),
        ({'width': 100_000}, '100000x48 pixels'),
    ],
)
def test_a_wrong_picture_is_refused_by_name(picture, changes, text):
    msg = message(picture.tobytes())
    for name, value in changes.items():
        setattr(msg, name, value)
    with pytest.raises(ValueError, match=text):
        image_from_msg(msg)


@pytest.mark.parametrize('data', [b'', b'not a picture' * 9])
def test_undecodable_compressed_data_is_refused(data):
    with pytest.raises(ValueError, match=r'image/compressed: .*publish JPEG or PNG'):
        image_from_msg(msgs.CompressedImage(format='jpeg', data=data))


@pytest.mark.parametrize(
    'image', [np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros(9, 'u1')]
)
def test_only_pictures_can_be_filled_in(image):
    with pytest.raises(ValueError, match='expected'):
        image_into_msg(image, msgs.Image())


@pytest.mark.parametrize('checks', ['', '1'])
def test_both_settings_of_the_field_checks(checks):
    code = (
        'import numpy as np\n'
        'from empathy_ros.bridge import msgs\n'
        'from empathy_ros.bridge.image import image_from_msg, image_into_msg\n'
        'msg = msgs.Image()\n'
        'for level in (3, 9):\n'
        '    image = np.full((48, 64, 3), level, np.uint8)\n'
        '    image_into_msg(image, msg)\n'
        '    assert (image_from_msg(msg) == level).all()\n'
        'print("good", type(msg.data).__name__)\n'
    )
    environment = {**os.environ, 'ROS_PYTHON_CHECK_FIELDS': checks}
    done = subprocess.run(
        [sys.executable, '-c', code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == 'good array', done.stderr
