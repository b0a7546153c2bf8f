# SPDX-License-Identifier: Apache-2.0
"""The capture thread: opens only with leave, closes without it, reports, tries again."""

import threading
import time

import cv2
import numpy as np
import pytest

from empathy_ros.engines import camera as cameras
from empathy_ros.engines.capture import Capture


class Rig:
    """A capture of a real video file whose leave the test holds."""

    def __init__(self, path, rate_hz=50.0, leave=True, **options):
        self.leave, self.asked, self.pictures, self.states = leave, 0, [], []
        self.news = threading.Condition()
        self.open_now = None

        def open_camera():
            self.open_now = cameras.open_camera(str(path), **options)
            return self.open_now

        self.capture = Capture(
            open_camera, self.allowed, self.on_picture, self.on_state, rate_hz, retry_s=0.2
        )

    def allowed(self):
        with self.news:
            self.asked += 1
            self.news.notify_all()
        return self.leave

    def on_picture(self, image):
        with self.news:
            self.pictures.append((time.monotonic(), image))
            self.news.notify_all()

    def on_state(self, state):
        with self.news:
            self.states.append(state)
            self.news.notify_all()

    def until(self, condition, timeout_s=5.0):
        with self.news:
            assert self.news.wait_for(condition, timeout_s), self.states


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 25.0, (64, 48))
    for number in range(50):
        writer.write(np.full((48, 64, 3), 4 * number + 30, np.uint8))
    writer.release()
    return path


@pytest.fixture
def rig():
    made = []

    def make(path, **options):
        made.append(Rig(path, **options))
        return made[-1]

    yield make
    for item in made:
        item.capture.close()


def test_reads_pictures_with_leave(rig, clip):
    seen = rig(clip)
    seen.until(lambda: len(seen.pictures) >= 5)
    assert seen.states[0].is_open
    assert seen.states[0].level == 'ok'


def test_plays_in_real_time(rig, clip):
    seen = rig(clip, rate_hz=20.0)
    seen.until(lambda: len(seen.pictures) >= 12)
    (start_s, first), (end_s, last) = seen.pictures[0], seen.pictures[11]
    played_s = (float(last.mean()) - float(first.mean())) / 4 / 25
    assert played_s == pytest.approx(end_s - start_s, abs=0.1)


def test_never_opens_without_leave(rig, clip):
    seen = rig(clip, leave=False)
    seen.until(lambda: seen.asked >= 3)
    assert seen.open_now is None
    assert seen.pictures == []
    assert not any(state.is_open for state in seen.states)


def test_withdrawn_leave_closes_within_a_second_and_hands_nothing_over(rig, clip):
    seen = rig(clip)
    seen.until(lambda: seen.pictures)
    seen.leave = False
    ended_s = time.monotonic()
    seen.until(lambda: not seen.states[-1].is_open)
    assert time.monotonic() - ended_s < 1.0
    assert not seen.open_now._capture.isOpened()
    assert seen.pictures[-1][0] <= ended_s + 0.05


def test_leave_that_comes_back_opens_again(rig, clip):
    seen = rig(clip)
    seen.until(lambda: seen.pictures)
    seen.leave = False
    seen.until(lambda: not seen.states[-1].is_open)
    count = len(seen.pictures)
    seen.leave = True
    seen.until(lambda: len(seen.pictures) > count)


def test_a_missing_file_is_reported_and_tried_again(rig, tmp_path, clip):
    path = tmp_path / 'later.avi'
    seen = rig(path)
    seen.until(lambda: seen.states)
    assert seen.states[0].level == 'error'
    assert 'later.avi' in seen.states[0].text
    clip.rename(path)
    seen.until(lambda: seen.pictures)
    assert seen.states[-1].level == 'ok'


def test_a_slow_source_is_left_at_once_when_leave_ends(rig, clip):
    seen = rig(clip, rate_hz=0.2)
    seen.until(lambda: seen.pictures)
    seen.leave = False
    ended_s = time.monotonic()
    seen.until(lambda: not seen.states[-1].is_open)
    assert time.monotonic() - ended_s < 1.0


def test_black_pictures_are_flagged(rig, tmp_path):
    path = tmp_path / 'black.png'
    cv2.imwrite(str(path), np.zeros((48, 64, 3), np.uint8))
    seen = rig(path)
    seen.until(lambda: seen.states)
    assert seen.states[0].level == 'warn'
    assert 'black' in seen.states[0].text


def test_the_end_of_a_file_is_news_not_an_error(rig, clip):
    seen = rig(clip, at_end='stop')
    seen.until(lambda: not seen.states[-1].is_open if seen.states else False)
    assert seen.states[-1].level == 'ok'
    assert 'played to its end' in seen.states[-1].text


def test_close_ends_the_thread(rig, clip):
    seen = rig(clip)
    seen.until(lambda: seen.pictures)
    seen.capture.close()
    count = len(seen.pictures)
    assert not seen.capture._thread.is_alive()
    assert not seen.open_now._capture.isOpened()
    assert len(seen.pictures) == count
