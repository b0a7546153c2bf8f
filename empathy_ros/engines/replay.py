# SPDX-License-Identifier: Apache-2.0
"""Sound files as a live source, and play lists that take turns with the robot.

A play list is YAML; between its items the source delivers the quiet of the room, as a
microphone does:

    - {say: "Good morning.", voice: awb, gap_s: 2.0}       # synthesised when the list is opened
    - {file: sister.wav, gap_s: 1.5, wait_for: answer}     # path relative to the play list
    - {say: "Yes.", wait_for: answer, patience_s: 8.0}

`gap_s` = quiet of both before the item starts. `wait_for: answer` also waits until the robot has
spoken since the last item, at most `patience_s`. `wait_for: silence` (default) does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
import threading
import time
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
import yaml

from empathy_ros.core.audio import RATE_HZ, resample

Samples = NDArray[np.float32]
MAX_FILE_S = 3600.0
_WAITS = ('silence', 'answer')
_KEYS = {'say', 'file', 'voice', 'gap_s', 'wait_for', 'patience_s', 'name'}


class SourceError(Exception):
    """A sound source cannot be used; the text names it and the cure."""


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
class Item:
    """One piece of a play list.

    Attributes:
        name: For people and reports.
        samples: 16 kHz mono.
        gap_s: Quiet of source and robot before it starts [s].
        wait_for: 'silence' or 'answer'.
        patience_s: Longest wait for an answer [s].
    """

    name: str
    samples: Samples
    gap_s: float = 0.0
    wait_for: str = 'silence'
    patience_s: float = 10.0


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


def read_sound(path: Path) -> Samples:
    """Return a sound file of any format as 16 kHz mono, full scale -1..1.

    Raises:
        SourceError: missing, no sound in it, broken, or longer than an hour.
    """
    import av

    if not path.is_file():
        raise SourceError(f'{path}: not found; give the path of a sound file')
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise SourceError(f'{path}: holds no sound; give a file with an audio track')
            stream = container.streams.audio[0]
            tool = av.AudioResampler(format='fltp')
            parts, rate_hz, total = [], 0, 0
            for frame in (*_decoded(container, stream), None):
                for out in tool.resample(frame):
                    parts.append(out.to_ndarray().mean(axis=0))
                    rate_hz = out.sample_rate
                    total += parts[-1].size
                if rate_hz and total > MAX_FILE_S * rate_hz:
                    raise SourceError(f'{path}: longer than {MAX_FILE_S:.0f} s; cut it')
    except (av.error.FFmpegError, ValueError) as error:
        raise SourceError(f'{path}: cannot be decoded ({error}); convert it to WAV') from error
    if not total:
        raise SourceError(f'{path}: holds no sound that can be decoded; convert it to WAV')
    samples = np.concatenate(parts).astype(np.float32)
    if not np.isfinite(samples).all():
        raise SourceError(f'{path}: holds values that are not finite; convert it to 16-bit WAV')
    return resample(np.clip(samples, -1.0, 1.0), rate_hz)


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Yield frames; a file whose end is damaged gives what comes before the damage."""
    import av

    got = False
    try:
        for frame in container.decode(stream):
            got = True
            yield frame
    except av.error.FFmpegError:
        if not got:
            raise


Say = Callable[[str, str], Samples]
"""Text and voice name -> 16 kHz mono."""


def load_playlist(path: Path, say: Say) -> list[Item]:
    """Return the items of a play list.

    Args:
        path: YAML file.
        say: Synthesises the `say` items.

    Raises:
        SourceError: names file, item and what is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceError(f'{path}: {error}; write a YAML list of items') from error
    if not isinstance(content, list) or not content:
        raise SourceError(f'{path}: a play list is a YAML list of {{say: ...}} or {{file: ...}}')
    return [_item(entry, f'{path}: item {i + 1}', path.parent, say)
            for i, entry in enumerate(content)]  # fmt: skip


def _item(entry: Any, where: str, folder: Path, say: Say) -> Item:
    if not isinstance(entry, dict) or not set(entry) <= _KEYS:
        raise SourceError(f'{where}: only the keys {", ".join(sorted(_KEYS))} are known')
    if ('say' in entry) == ('file' in entry):
        raise SourceError(f'{where}: give either say or file')
    wait_for = entry.get('wait_for', 'silence')
    if wait_for not in _WAITS:
        raise SourceError(f'{where}: wait_for {wait_for!r} is not one of {", ".join(_WAITS)}')
    times_s = {}
    for key, default in (('gap_s', 1.0), ('patience_s', 10.0)):
        value = entry.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 600:
            raise SourceError(f'{where}: {key} {value!r} is no number of seconds 0..600')
        times_s[key] = float(value)
    if 'say' in entry:
        samples = say(str(entry['say']), str(entry.get('voice', '')))
        name = str(entry.get('name', f'say: {entry["say"]}'))
    else:
        samples = read_sound(folder / str(entry['file']))
        name = str(entry.get('name', entry['file']))
    return Item(name, samples, times_s['gap_s'], wait_for, times_s['patience_s'])


class Replay:
    """Plays items in real time; the room is quiet before, between and after them."""

    def __init__(
        self,
        items: Sequence[Item],
        *,
        chunk_n: int,
        clock: Clock,
        robot_speaks: Callable[[], bool],
        room_level: float = 1e-4,
        seed: int = 0,
    ) -> None:
        """Prepare; nothing plays before `chunks` is iterated.

        Args:
            items: What to play, in order.
            chunk_n: Samples per chunk.
            clock: Steady time.
            robot_speaks: Whether the robot speaks at this moment.
            room_level: Standard deviation of the room noise, full scale 1.
            seed: Of the room noise.
        """
        self._items, self._chunk_n, self._clock = list(items), chunk_n, clock
        self._robot_speaks = robot_speaks
        self._noise = np.random.default_rng(seed)
        self._level = room_level
        self.ended = False
        self._quiet_since_s = 0.0
        self._answered = False

    def chunks(self) -> Iterator[Chunk]:
        """Yield chunks for ever, each at its time; `ended` becomes True after the last item.

        A consumer that is late gets the missed chunks at once: no sound is lost.
        """
        next_s = self._clock.now_s()
        self._quiet_since_s = next_s
        for index, item in enumerate(self._items):
            waiting_since_s = next_s
            while not self._may_start(index, item, next_s, waiting_since_s):
                yield self._quiet(next_s)
                next_s = self._paced(next_s)
            for start in range(0, len(item.samples), self._chunk_n):
                piece = self._room(item.samples[start : start + self._chunk_n])
                yield Chunk(piece, item.name, next_s)
                next_s = self._paced(next_s)
            self._answered, self._quiet_since_s = False, next_s
        self.ended = True
        while True:
            yield self._quiet(next_s)
            next_s = self._paced(next_s)

    def _may_start(self, index: int, item: Item, now_s: float, waiting_since_s: float) -> bool:
        if self._robot_speaks():
            self._answered, self._quiet_since_s = True, now_s
            return False
        if now_s - self._quiet_since_s < item.gap_s:
            return False
        must_wait = item.wait_for == 'answer' and index > 0 and not self._answered
        return not must_wait or now_s - waiting_since_s >= item.patience_s

    def _paced(self, start_s: float) -> float:
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
