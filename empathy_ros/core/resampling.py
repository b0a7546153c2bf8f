# SPDX-License-Identifier: Apache-2.0
"""Change of sample rate without aliasing, for streams and for whole recordings."""

from __future__ import annotations

from math import ceil, gcd

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
RATE_LO_HZ, RATE_HI_HZ = 8_000, 192_000
_ZERO_CROSSINGS = 16
_KAISER_BETA = 8.6
"""Gives a stop band of about -86 dB (Kaiser, Proc. IEEE ISCAS 1974)."""
_PASS_SHARE = 0.92

Samples = NDArray[np.float32]


class Resampler:
    """Change of sample rate for a stream, with a windowed-sinc low pass against aliasing.

    The output keeps the time of the input: the filter is symmetric, and sound appears as soon as
    half a filter length (1 to 3 ms) of later input is known. Sources: Smith, "Digital Audio
    Resampling" (CCRMA), for the interpolation; Kaiser 1974 for the window.
    """

    def __init__(self, rate_in_hz: int, rate_out_hz: int = RATE_HZ) -> None:
        """Build the filter bank.

        Raises:
            ValueError: a rate outside 8000..192000 Hz.
        """
        for rate in (rate_in_hz, rate_out_hz):
            if not RATE_LO_HZ <= rate <= RATE_HI_HZ:
                raise ValueError(f'sample rate {rate} Hz is outside {RATE_LO_HZ}..{RATE_HI_HZ}')
        divisor = gcd(rate_in_hz, rate_out_hz)
        self._up, self._down = rate_out_hz // divisor, rate_in_hz // divisor
        self._same = self._up == self._down
        cutoff = _PASS_SHARE * min(1.0, rate_out_hz / rate_in_hz)
        self._half = ceil(_ZERO_CROSSINGS / cutoff)
        self._bank = _filter_bank(self._up, self._half, cutoff)
        self.reset()

    def reset(self) -> None:
        """Forget the past of the stream."""
        self._buffer: Samples = np.zeros(self._half, dtype=np.float32)
        self._first = -self._half
        self._next = 0

    def push(self, samples: Samples) -> Samples:
        """Take the next input samples, return the output that is ready, shape (m,)."""
        if self._same:
            return samples
        self._buffer = np.concatenate((self._buffer, samples))
        last = self._first + len(self._buffer)
        stop = ((last - self._half - 1) * self._up) // self._down + 1
        if stop <= self._next:
            return np.zeros(0, dtype=np.float32)
        position = np.arange(self._next, stop, dtype=np.int64) * self._down
        begin = position // self._up - self._half + 1 - self._first
        windows = np.lib.stride_tricks.sliding_window_view(self._buffer, 2 * self._half)
        out: Samples = np.einsum('ij,ij->i', windows[begin], self._bank[position % self._up])
        self._next = stop
        keep = int((stop * self._down) // self._up) - self._half + 1 - self._first
        keep = max(0, min(keep, len(self._buffer)))
        self._buffer = self._buffer[keep:].copy()
        self._first += keep
        self._rebase()
        return out

    def _rebase(self) -> None:
        """Keep the counters small on endless streams: shift both by whole periods."""
        periods = self._next // self._up
        self._next -= periods * self._up
        self._first -= periods * self._down


def _filter_bank(phases: int, half: int, cutoff: float) -> Samples:
    """Return shape (phases, 2 * half): low-pass taps for each fractional position."""
    offset = np.arange(2 * half)[None, :] - half + 1 - np.arange(phases)[:, None] / phases
    inside = np.clip(1.0 - (offset / half) ** 2, 0.0, None)
    window = np.i0(_KAISER_BETA * np.sqrt(inside)) / np.i0(_KAISER_BETA)
    taps = np.sinc(cutoff * offset) * window
    bank: Samples = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return bank


def resample(samples: Samples, rate_in_hz: int, rate_out_hz: int = RATE_HZ) -> Samples:
    """Return a whole recording at another rate, ceil(n * out / in) samples.

    Raises:
        ValueError: a rate outside 8000..192000 Hz.
    """
    if rate_in_hz == rate_out_hz:
        return np.asarray(samples, dtype=np.float32)
    wanted = -(-len(samples) * rate_out_hz // rate_in_hz)
    stream = Resampler(rate_in_hz, rate_out_hz)
    tail_n = 4 * stream._half + rate_in_hz // rate_out_hz + 2
    padded = np.concatenate((np.asarray(samples, np.float32), np.zeros(tail_n, np.float32)))
    return stream.push(padded)[:wanted]
