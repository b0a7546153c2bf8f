# SPDX-License-Identifier: Apache-2.0
"""Videos at their own speed, pictures, folders, and clear words about what cannot be opened."""

import cv2
import numpy as np
import pytest

from empathy_ros import paths
from empathy_ros.engines.camera import open_camera
from empathy_ros.engines.picture_source import CameraError, Ended

GIF = 'head-pose-face-detection-female.gif'


@pytest.fixture
def clip(tmp_path):
    """A video of 10 pictures, 10 per second, whose brightness tells their number."""
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 10.0, (64, 48))
    assert writer.isOpened()
    for number in range(10):
        writer.write(np.full((48, 64, 3), 20 * number + 10, np.uint8))
    writer.release()
    return str(path)


def number_of(image):
    return round((float(image.mean()) - 10) / 20)


def test_shows_the_picture_that_is_due_and_skips_what_is_late(clip):
    camera = open_camera(clip)
    shown = [number_of(camera.picture(s)) for s in (0.0, 0.05, 0.15, 0.95, 0.96)]
    assert shown == [0, 0, 1, 9, 9]
    assert camera.fps == 10.0
    assert not camera.live


def test_loop_begins_again_at_the_right_place(clip):
    camera = open_camera(clip, at_end='loop')
    assert [number_of(camera.picture(s)) for s in (0.95, 1.05, 1.25, 1.95)] == [9, 0, 2, 9]
    assert camera.moving


def test_hold_keeps_the_last_picture(clip):
    camera = open_camera(clip, at_end='hold')
    assert number_of(camera.picture(0.5)) == 5
    assert camera.moving
    assert number_of(camera.picture(30.0)) == 9
    assert not camera.moving


def test_stop_ends(clip):
    camera = open_camera(clip, at_end='stop')
    assert number_of(camera.picture(0.9)) == 9
    with pytest.raises(Ended, match='clip'):
        camera.picture(1.1)


def test_gif_has_its_own_speed():
    camera = open_camera(str(paths.share('examples', 'demo', GIF)))
    # OpenCV 4.10 says 12.08, 5.0 says 12.5.
    assert camera.fps == pytest.approx(12.5, abs=0.5)
    first = camera.picture(0.0)
    assert first.shape == (270, 480, 3)
    assert np.abs(first.astype(int) - camera.picture(1.0)).mean() > 1


def test_still_picture():
    camera = open_camera(str(paths.share('examples', 'demo', 'london_021_neutral.jpg')))
    assert camera.picture(0.0).shape == (512, 512, 3)
    assert np.array_equal(camera.picture(99.0), camera.picture(0.0))
    assert not camera.moving


@pytest.mark.parametrize(('at_end', 'shown'), [('loop', [0, 1, 2, 0]), ('hold', [0, 1, 2, 2])])
def test_folder_in_the_order_of_names(tmp_path, at_end, shown):
    for number in (2, 0, 1):
        cv2.imwrite(
            str(tmp_path / f'{number}.png'), np.full((48, 64, 3), 20 * number + 10, np.uint8)
        )
    camera = open_camera(str(tmp_path), rate_hz=2.0, at_end=at_end)
    assert [number_of(camera.picture(s)) for s in (0.1, 0.6, 1.1, 1.6)] == shown


def test_a_folder_can_end(tmp_path):
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((48, 64, 3), np.uint8))
    camera = open_camera(str(tmp_path), rate_hz=2.0, at_end='stop')
    camera.picture(0.4)
    with pytest.raises(Ended):
        camera.picture(0.5)


def test_a_missing_file_is_named_with_the_cure(tmp_path):
    with pytest.raises(CameraError, match=r'gone\.mp4.*no such file.*parameter `source`'):
        open_camera(str(tmp_path / 'gone.mp4'))


@pytest.mark.parametrize('name', ['broken.mp4', 'broken.gif', 'broken.jpg', 'broken.avi'])
def test_a_broken_file_is_named_with_the_cure(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b'this is no picture' * 50)
    with pytest.raises(CameraError, match=name.replace('.', r'\.')) as caught:
        open_camera(str(path))
    assert 'decoded' in str(caught.value)


def test_a_truncated_clip_plays_what_it_has(tmp_path):
    content = paths.share('examples', 'demo', GIF).read_bytes()
    path = tmp_path / 'cut.gif'
    path.write_bytes(content[: len(content) // 2])
    camera = open_camera(str(path), at_end='hold')
    assert camera.picture(60.0).shape == (270, 480, 3)
    assert not camera.moving


def test_a_missing_device_is_named_with_the_cure():
    with pytest.raises(CameraError, match=r'camera 97: there is no /dev/video97.*plug'):
        open_camera('97')


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(CameraError, match='holds no picture'):
        open_camera(str(tmp_path))


def test_unknown_end_is_refused(clip):
    with pytest.raises(CameraError, match="at_end: 'rewind' is not one of loop"):
        open_camera(clip, at_end='rewind')


def test_close_may_be_called_twice(clip):
    camera = open_camera(clip)
    camera.close()
    camera.close()
