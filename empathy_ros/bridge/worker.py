# SPDX-License-Identifier: Apache-2.0
"""Threads beside the executor: one works on the newest item only, one on a queue of calls."""

from __future__ import annotations

from collections.abc import Callable
import queue
import threading
import time
from typing import Any

from empathy_ros.bridge.handoff import Newest

TAKE_S = 0.2
JOIN_S = 3.0


class NewestWorker:
    """Calls `work(item)` in its thread, and `idle()` when nothing came for 0.2 s."""

    def __init__(
        self,
        work: Callable[[Any], None],
        idle: Callable[[], None],
        rate_hz: Callable[[], float],
        failed: Callable[[Exception], None],
    ) -> None:
        """Start the thread.

        Args:
            work: Handles one item.
            idle: Called while nothing comes.
            rate_hz: Items per second at most; asked before each pause.
            failed: Told what `work` raised; the next item is tried all the same.
        """
        self._work, self._idle, self._rate_hz = work, idle, rate_hz
        self._failed = failed
        self._slot = Newest()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name='newest_worker', daemon=True)
        self._thread.start()

    def put(self, item: Any) -> None:
        """Give it an item; an older one that waits is dropped."""
        self._slot.put(item)

    def take_dropped(self) -> int:
        """Return how many items were dropped since the last call."""
        dropped, self._slot.dropped = self._slot.dropped, 0
        return dropped

    def close(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        due_s = time.monotonic()
        while not self._stop.is_set():
            self._stop.wait(max(0.0, due_s - time.monotonic()))
            item = self._slot.take(TAKE_S)
            due_s = time.monotonic()
            if item is None:
                self._idle()
            elif not self._stop.is_set():
                due_s += 1.0 / self._rate_hz()
                try:
                    self._work(item)
                except Exception as error:
                    self._failed(error)


class QueueWorker:
    """Runs calls one after the other in its own thread, none lost; `after` runs behind each.

    `after(error)` is also called every 0.2 s while nothing comes, with None; a ValueError of a
    call (bad input) is handed to it. Any other exception is a fault and ends the thread.
    """

    def __init__(self, after: Callable[[ValueError | None], None]) -> None:
        """Start the thread."""
        self._after = after
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name='queue_worker', daemon=True)
        self._thread.start()

    def put(self, call: Callable[[], None]) -> None:
        """Queue a call.

        Raises:
            RuntimeError: the thread has ended on a fault; the process must be started anew.
        """
        if not self._thread.is_alive():
            raise RuntimeError('the worker has ended on a fault; see the log')
        self._calls.put(call)

    def close(self) -> None:
        """Finish what is queued, end the thread and wait for it."""
        self._calls.put(None)
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        while True:
            error: ValueError | None = None
            try:
                call = self._calls.get(timeout=TAKE_S)
            except queue.Empty:
                call = _nothing
            if call is None:
                return
            try:
                call()
            except ValueError as problem:
                error = problem
            self._after(error)


def _nothing() -> None:
    """Stand for no call."""
