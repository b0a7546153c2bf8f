# SPDX-License-Identifier: Apache-2.0
"""The worker takes the newest item and counts what it leaves out."""

import threading
import time

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')

from empathy_ros.bridge.worker import NewestWorker


def test_newest_wins_and_the_rest_is_counted():
    entered, go, done = threading.Event(), threading.Event(), threading.Event()
    seen, faults = [], []

    def work(item):
        seen.append(item)
        entered.set()
        go.wait(5.0)
        if item == 9:
            done.set()

    worker = NewestWorker(work, lambda: None, lambda: 1000.0, faults.append)
    worker.put(0)
    assert entered.wait(5.0)
    for item in range(1, 10):
        worker.put(item)
    go.set()
    assert done.wait(5.0)
    worker.close()
    assert seen == [0, 9]
    assert worker.take_dropped() == 8
    assert worker.take_dropped() == 0
    assert faults == []


def test_idle_is_told_and_close_ends_the_thread():
    told = threading.Event()
    worker = NewestWorker(lambda item: None, told.set, lambda: 10.0, lambda error: None)
    assert told.wait(5.0)
    worker.close()
    assert not worker._thread.is_alive()


def test_the_rate_is_a_limit():
    times, enough = [], threading.Event()

    def work(item):
        times.append(time.monotonic())
        if len(times) == 4:
            enough.set()

    worker = NewestWorker(work, lambda: None, lambda: 20.0, lambda error: None)
    while not enough.is_set():
        worker.put(1)
        enough.wait(0.005)
    worker.close()
    assert times[3] - times[0] >= 0.9 * 3 / 20


def test_a_fault_is_reported_and_the_next_item_is_tried():
    told, faults = threading.Event(), []

    def work(item):
        if item == 'bad':
            raise ArithmeticError('no')
        told.set()

    def failed(error):
        faults.append(str(error))
        worker.put('good')

    worker = NewestWorker(work, lambda: None, lambda: 1000.0, failed)
    worker.put('bad')
    assert told.wait(5.0)
    worker.close()
    assert faults == ['no']
