# SPDX-License-Identifier: Apache-2.0
"""A source of sound by name: a sound card, a sound file, a play list, or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.engines.microphone import device_names, DeviceError, Microphone, refresh_devices
from empathy_ros.engines.playlist import Item, load_playlist, read_sound, SourceError
from empathy_ros.engines.replay import Chunk, ReplayThread
from empathy_ros.engines.tts import open_tts, SpeechError, Style

Samples = NDArray[np.float32]
OnSamples = Callable[[Samples, int, str, float], None]
"""Takes mono samples, their rate [Hz], the name of the play list item ('' = none), and how long
ago the first sample was captured [s]; called in the source's thread, must be quick."""
_LISTS = ('.yaml', '.yml')
RETRY_S = 1.5


class SoundSource(Protocol):
    """Something that can be opened and closed again and again."""

    def open(self) -> None:
        """Start to deliver; DeviceError when it cannot."""
        ...

    def close(self) -> None:
        """Stop; nothing is delivered after this."""
        ...

    def robot(self, speaks: bool) -> None:
        """Learn that the robot starts or ends speaking."""
        ...

    def state(self) -> str:
        """Return 'closed', 'open', 'lost' or 'ended'."""
        ...


class NoSource:
    """Delivers nothing: sound comes from the topic `audio`."""

    def open(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def robot(self, speaks: bool) -> None:
        """Do nothing."""

    def state(self) -> str:
        """Return 'closed'."""
        return 'closed'


class DeviceSource:
    """A sound card."""

    def __init__(self, name: str, chunk_s: float, on_samples: OnSamples) -> None:
        """Check that PortAudio and an input are there; DeviceError names what there is."""
        self._name, self._chunk_s, self._on_samples = name, chunk_s, on_samples
        self._microphone: Microphone | None = None
        self._again_s = 0.0
        device_names('input')

    def open(self) -> None:
        """Open the card; DeviceError when it cannot. Between tries it looks for new devices."""
        if self._microphone is not None or time.monotonic() < self._again_s:
            return
        try:
            self._microphone = Microphone(self._name, self._chunk_s, self._on_sound)
        except DeviceError:
            self._again_s = time.monotonic() + RETRY_S
            refresh_devices()
            raise

    def close(self) -> None:
        """Release the card."""
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.close()

    def robot(self, speaks: bool) -> None:
        """Do nothing: a person decides alone when to speak."""

    def state(self) -> str:
        """Return 'closed', 'open' or 'lost'."""
        if self._microphone is None:
            return 'lost' if time.monotonic() < self._again_s else 'closed'
        return 'open' if self._microphone.alive else 'lost'

    def _on_sound(self, samples: Samples, rate_hz: int) -> None:
        self._on_samples(samples, rate_hz, '', len(samples) / rate_hz)


class FileSource:
    """A sound file or a play list in real time."""

    def __init__(self, path: Path, chunk_s: float, on_samples: OnSamples) -> None:
        """Read and synthesise everything; SourceError names file and item."""
        if path.suffix.lower() in _LISTS:
            items = load_playlist(path, _Sayer())
        else:
            items = [Item(path.name, read_sound(path))]
        self._on_samples = on_samples
        self._thread = ReplayThread(items, round(chunk_s * RATE_HZ), self._on_chunk)

    def open(self) -> None:
        """Start, or go on."""
        self._thread.open()

    def close(self) -> None:
        """Pause."""
        self._thread.close()

    def robot(self, speaks: bool) -> None:
        """Let the play list take turns with the robot."""
        self._thread.replay.robot(speaks)

    def state(self) -> str:
        """Return 'closed', 'open' or 'ended'."""
        if not self._thread.is_open:
            return 'closed'
        return 'ended' if self._thread.replay.ended else 'open'

    def _on_chunk(self, chunk: Chunk) -> None:
        age_s = max(0.0, time.monotonic() - chunk.start_s)
        self._on_samples(chunk.samples, RATE_HZ, chunk.item, age_s)


class _Sayer:
    """Synthesises the spoken lines of a play list."""

    def __call__(self, text: str, voice: str) -> Samples:
        """Return a line at 16 kHz; SourceError when no engine can."""
        try:
            speech = open_tts('auto', voice).say(text, Style())
        except SpeechError as error:
            raise SourceError(f'the line {text[:40]!r} cannot be synthesised: {error}') from error
        return speech.at_16k()


def open_source(source: str, device: str, chunk_s: float, on_samples: OnSamples) -> SoundSource:
    """Return the source called `source`, closed.

    Args:
        source: 'device', 'none', or the path of a sound file or play list.
        device: For 'device': part of its name, '' = default.
        chunk_s: Length of a chunk [s].
        on_samples: Receives the sound.

    Raises:
        SourceError: the file cannot be used.
        DeviceError: PortAudio is missing.
    """
    if source == 'none':
        return NoSource()
    if source == 'device':
        return DeviceSource(device, chunk_s, on_samples)
    return FileSource(Path(source).expanduser(), chunk_s, on_samples)
