# SPDX-License-Identifier: Apache-2.0
"""A thread that works on the newest item only: the rest is dropped, never queued."""

from __future__ import annotations

from collections.abc import Callable
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
    ) -> None:
        """Start the thread.

        Args:
            work: Handles one item.
            idle: Called while nothing comes.
            rate_hz: Items per second at most; asked before each pause.
        """
        self._work, self._idle, self._rate_hz = work, idle, rate_hz
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
                self._work(item)
