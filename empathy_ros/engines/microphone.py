# SPDX-License-Identifier: Apache-2.0
"""Sound cards through PortAudio (sounddevice): a microphone and a loudspeaker."""

from __future__ import annotations

from collections.abc import Callable
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.core.stream_time import STANDARD_RATES_HZ

CURE_LIBRARY = 'install it: apt-get install libportaudio2'

OnSound = Callable[[NDArray[np.float32], int], None]
"""Takes mono samples and their rate [Hz]; called in PortAudio's thread, must be quick."""


class DeviceError(Exception):
    """No sound card, or it cannot be opened; the text lists what there is."""


def _sounddevice() -> Any:
    try:
        import sounddevice  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:
        raise DeviceError(f'PortAudio cannot be used: {error}; {CURE_LIBRARY}') from error
    return sounddevice


def device_names(kind: str) -> list[str]:
    """Return the names of all devices of one kind.

    Args:
        kind: 'input' or 'output'.

    Raises:
        DeviceError: PortAudio is missing.
    """
    sd = _sounddevice()
    try:
        devices = sd.query_devices()
    except sd.PortAudioError as error:
        raise DeviceError(f'PortAudio cannot list devices: {error}') from error
    return [str(d['name']) for d in devices if d[f'max_{kind}_channels'] > 0]


def refresh_devices() -> None:
    """Look for devices anew: PortAudio otherwise knows only those of its start.

    Ends every open stream of this process, so call it only while none is open.
    """
    sd = _sounddevice()
    # sounddevice offers no public name for this.
    sd._terminate()
    sd._initialize()


def _chosen(name: str, kind: str) -> str | int | None:
    """Return PortAudio's idea of a device name; DeviceError names what is there."""
    names = device_names(kind)
    if not names:
        raise DeviceError(
            f'no sound {kind} device: PortAudio lists none; plug one in, or set the source to a '
            'sound file or to none'
        )
    if not name:
        return None
    if name.isdigit():
        return int(name)
    if not any(name.lower() in known.lower() for known in names):
        raise DeviceError(f'no sound {kind} device called {name!r}; there is: {"; ".join(names)}')
    return name


class Microphone:
    """One open sound input, mono; 16 kHz if the card can, else its own rate."""

    def __init__(self, name: str, chunk_s: float, on_sound: OnSound) -> None:
        """Open and start.

        Args:
            name: Part of the device's name, its number, or '' for the default.
            chunk_s: Length of a chunk [s].
            on_sound: Receives each chunk.

        Raises:
            DeviceError: PortAudio or the device is missing or busy.
        """
        sd = _sounddevice()
        device = _chosen(name, 'input')
        self._on_sound = on_sound
        self._lock = threading.Lock()
        self._overflows = 0
        self.rate_hz = _usable_rate(sd, device)
        try:
            self._stream = sd.InputStream(
                samplerate=self.rate_hz,
                blocksize=int(chunk_s * self.rate_hz),
                device=device,
                channels=1,
                dtype='float32',
                callback=self._callback,
            )
            self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            names = '; '.join(device_names('input'))
            raise DeviceError(
                f'microphone {name or "default"!r} cannot be opened: {error}; there is: {names}'
            ) from error

    def _callback(self, data: NDArray[np.float32], _frames: int, _time: Any, status: Any) -> None:
        if status:
            with self._lock:
                self._overflows += 1
        self._on_sound(data[:, 0].copy(), self.rate_hz)

    @property
    def overflows(self) -> int:
        """Return how often the computer was too slow to take the sound."""
        with self._lock:
            return self._overflows

    @property
    def alive(self) -> bool:
        """Return False when the device went away."""
        return bool(self._stream.active)

    def close(self) -> None:
        """Stop and release the device."""
        self._stream.close()


def _usable_rate(sd: Any, device: str | int | None) -> int:
    """Return 16 kHz, or else the first standard rate the card accepts."""
    for rate_hz in (RATE_HZ, 48_000, 44_100, *STANDARD_RATES_HZ):
        try:
            sd.check_input_settings(device=device, channels=1, dtype='float32', samplerate=rate_hz)
        except (sd.PortAudioError, ValueError):
            continue
        return rate_hz
    raise DeviceError(
        f'microphone {device if device is not None else "default"!r} takes no mono sound at any '
        f'rate; there is: {"; ".join(device_names("input"))}'
    )


class Loudspeaker:
    """Plays one sound at a time; `stop` silences it at once."""

    def __init__(self, name: str = '') -> None:
        """Choose the device: part of its name, its number, or '' for the default.

        Raises:
            DeviceError: PortAudio or the device is missing.
        """
        self._sd = _sounddevice()
        self._device = _chosen(name, 'output')

    def start(self, samples: NDArray[np.int16], rate_hz: int) -> None:
        """Start to play mono sound and return.

        Raises:
            DeviceError: the device cannot be opened.
        """
        try:
            self._sd.play(samples, samplerate=rate_hz, device=self._device)
        except (self._sd.PortAudioError, ValueError) as error:
            raise DeviceError(f'loudspeaker cannot be opened: {error}') from error

    def stop(self) -> None:
        """Silence it."""
        self._sd.stop()
