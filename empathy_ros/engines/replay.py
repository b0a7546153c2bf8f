# SPDX-License-Identifier: Apache-2.0
"""Sound files as a live source in real time, taking turns with the robot like a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
import threading
import time
from typing import Protocol

import numpy as np

from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.engines.playlist import Item, Samples

JOIN_S = 2.0


class Clock(Protocol):
    """Steady time; tests give their own."""

    def now_s(self) -> float:
        """Return steady time [s]."""
        ...

    def wait_until(self, at_s: float) -> None:
        """Return when `now_s()` has reached `at_s`."""
        ...


class SteadyClock:
    """The computer's steady clock; `stop` ends a wait at once."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        """Use `stop` to be woken."""
        self._stop = stop or threading.Event()

    def now_s(self) -> float:
        """Return steady time [s]."""
        return time.monotonic()

    def wait_until(self, at_s: float) -> None:
        """Sleep until then, or until stopped."""
        self._stop.wait(max(0.0, at_s - time.monotonic()))


@dataclass(frozen=True)
class Chunk:
    """Sound of the source for the next moment.

    Attributes:
        samples: 16 kHz mono.
        item: Name of the item that plays, '' = room quiet.
        start_s: Steady time of the first sample.
    """

    samples: Samples
    item: str
    start_s: float


class Replay:
    """Plays items in real time; the room is quiet before, between and after them."""

    def __init__(
        self,
        items: Sequence[Item],
        *,
        chunk_n: int,
        clock: Clock,
        room_level: float = 1e-4,
        seed: int = 0,
    ) -> None:
        """Prepare; nothing plays before `chunks` is iterated.

        Args:
            items: What to play, in order.
            chunk_n: Samples per chunk.
            clock: Steady time.
            room_level: Standard deviation of the room noise, full scale 1.
            seed: Of the room noise.
        """
        self._items, self._chunk_n, self._clock = list(items), chunk_n, clock
        self._noise = np.random.default_rng(seed)
        self._level = room_level
        self._lock = threading.Lock()
        self._quiet_since_s = clock.now_s()
        self._speaks = False
        self._answered = False
        self._rebase = True
        self.ended = False

    def robot(self, speaks: bool) -> None:
        """Say that the robot started or ended speaking; may be called from any thread."""
        with self._lock:
            self._speaks = speaks
            self._answered = self._answered or speaks
            self._quiet_since_s = max(self._quiet_since_s, self._clock.now_s())

    def resume(self) -> None:
        """Go on from here after a pause, instead of catching up what the pause cost."""
        self._rebase = True

    def chunks(self) -> Iterator[Chunk]:
        """Yield chunks for ever, each at its time; `ended` becomes True after the last item.

        A consumer that is late gets the missed chunks at once: no sound is lost.
        """
        now_s = self._start()
        for item in self._items:
            waiting_since_s = now_s
            while not self._may_start(item, now_s, waiting_since_s):
                yield self._quiet(now_s)
                now_s = self._paced(now_s)
            with self._lock:
                self._answered = False
            for start in range(0, len(item.samples), self._chunk_n):
                piece = self._room(item.samples[start : start + self._chunk_n])
                yield Chunk(piece, item.name, now_s)
                now_s = self._paced(now_s)
            with self._lock:
                self._quiet_since_s = max(self._quiet_since_s, now_s)
        self.ended = True
        while True:
            yield self._quiet(now_s)
            now_s = self._paced(now_s)

    def _may_start(self, item: Item, now_s: float, waiting_since_s: float) -> bool:
        with self._lock:
            quiet_s = now_s - self._quiet_since_s
            if self._speaks or quiet_s < item.gap_s:
                return False
            answered = self._answered or item.wait_for != 'answer'
        return answered or now_s - waiting_since_s >= item.patience_s

    def _start(self) -> float:
        self._rebase = False
        return self._clock.now_s()

    def _paced(self, start_s: float) -> float:
        if self._rebase:
            return self._start()
        end_s = start_s + self._chunk_n / RATE_HZ
        self._clock.wait_until(end_s)
        return end_s

    def _quiet(self, start_s: float) -> Chunk:
        return Chunk(self._room(np.zeros(0, np.float32)), '', start_s)

    def _room(self, samples: Samples) -> Samples:
        """Return one full chunk with the room's noise under it."""
        noise = self._noise.standard_normal(self._chunk_n, dtype=np.float32) * self._level
        noise[: len(samples)] += samples
        clipped: Samples = np.clip(noise, np.float32(-1.0), np.float32(1.0))
        return clipped


class ReplayThread:
    """Hands the chunks of a replay to a callback while it is open."""

    def __init__(
        self,
        items: Sequence[Item],
        chunk_n: int,
        on_chunk: Callable[[Chunk], None],
    ) -> None:
        """Prepare; `on_chunk` is called in a thread of its own and must be quick."""
        self._stop = threading.Event()
        self._on_chunk = on_chunk
        self._clock = SteadyClock(self._stop)
        self.replay = Replay(items, chunk_n=chunk_n, clock=self._clock)
        self._chunks = self.replay.chunks()
        self._thread: threading.Thread | None = None

    @property
    def is_open(self) -> bool:
        """Return True while chunks are handed over."""
        return self._thread is not None

    def open(self) -> None:
        """Start, or go on where `close` stopped."""
        if self._thread is not None:
            return
        self._stop.clear()
        self.replay.resume()
        self._thread = threading.Thread(target=self._run, name='replay', daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop handing over; nothing comes after this call."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(JOIN_S)

    def _run(self) -> None:
        for chunk in self._chunks:
            if self._stop.is_set():
                return
            self._on_chunk(chunk)
