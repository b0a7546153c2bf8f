# SPDX-License-Identifier: Apache-2.0
"""Short-time measures of a voice, made once per 10 ms as the sound comes in.

Each call of `FrameStream.push` transforms the new frames only, so that a second of sound costs the
same however often its statistics are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.prosody import (
    PITCH_HOP_N,
    PITCH_N,
    pitch_of_frames,
    RATE_HZ,
)

Floats = NDArray[np.float32]

FRAME_N, HOP_N, FFT_N = 400, 160, 512
MELS = 40
MEL_LO_HZ, MEL_HI_HZ = 60.0, 7600.0
FRAMES_PER_S = RATE_HZ // HOP_N
FLOOR_DB = -120.0
_SLOPES_HZ = ((60.0, 500.0), (500.0, 1500.0), (1500.0, 4000.0))
SHAPES = 9
"""Columns of `Frames.shape`, see `_shapes`."""


@dataclass(frozen=True)
class Frames:
    """Measures per frame of 25 ms, hop 10 ms; n frames.

    Attributes:
        mel_db: Power in mel bands [dB], shape (n, 40).
        level_db: Level above 60 Hz [dB full scale], shape (n,).
        shape: Slopes, ratios and centre of the spectrum, shape (n, 9), see `_shapes`.
        pitch_st: Pitch [semitones above 55 Hz], shape (n,), from frames of 40 ms, hop 20 ms.
        strength: Height of the autocorrelation peak at that pitch, about 0..1, shape (n,).
    """

    mel_db: Floats
    level_db: Floats
    shape: Floats
    pitch_st: Floats
    strength: Floats

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.level_db)

    def part(self, first: int, last: int) -> Frames:
        """Return frames first..last - 1."""
        chosen = slice(max(0, first), max(0, last))
        return Frames(
            self.mel_db[chosen], self.level_db[chosen], self.shape[chosen],
            self.pitch_st[chosen], self.strength[chosen],
        )  # fmt: skip


def join(parts: list[Frames]) -> Frames:
    """Return the parts one after the other."""
    if not parts:
        return no_frames()
    return Frames(
        np.concatenate([p.mel_db for p in parts]),
        np.concatenate([p.level_db for p in parts]),
        np.concatenate([p.shape for p in parts]),
        np.concatenate([p.pitch_st for p in parts]),
        np.concatenate([p.strength for p in parts]),
    )


def no_frames() -> Frames:
    """Return nothing, in the right shapes."""
    none = np.zeros(0, np.float32)
    return Frames(
        np.zeros((0, MELS), np.float32), none, np.zeros((0, SHAPES), np.float32), none, none
    )


class FrameStream:
    """Turns 16 kHz sound into frames as it comes in; the cut into pieces does not matter."""

    def __init__(self) -> None:
        """Start without a past."""
        self._rest: Floats = np.zeros(0, np.float32)

    def reset(self) -> None:
        """Forget the sound that is not yet a whole frame."""
        self._rest = np.zeros(0, np.float32)

    def push(self, samples: Floats) -> Frames:
        """Return the frames that became complete; always an even number of them.

        Args:
            samples: Shape (n,), full scale -1..1, finite.
        """
        sound = np.concatenate((self._rest, samples.astype(np.float32, copy=False)))
        pairs = (len(sound) - PITCH_N) // PITCH_HOP_N + 1 if len(sound) >= PITCH_N else 0
        if pairs <= 0:
            self._rest = sound
            return no_frames()
        used = sound[: (pairs - 1) * PITCH_HOP_N + PITCH_N]
        self._rest = sound[pairs * PITCH_HOP_N :]
        view = np.lib.stride_tricks.sliding_window_view(used, FRAME_N)[::HOP_N][: 2 * pairs]
        longer = np.lib.stride_tricks.sliding_window_view(used, PITCH_N)[::PITCH_HOP_N][:pairs]
        power = _power(view)
        pitch_st, strength = pitch_of_frames(longer)
        level_db = _db(power[:, _LOW_BIN:].sum(axis=1))
        return Frames(
            _db(power @ _MEL_BANK), level_db, _shapes(power),
            np.repeat(pitch_st, 2), np.repeat(strength, 2),
        )  # fmt: skip


def frames_of(samples: Floats) -> Frames:
    """Return the frames of a whole recording; a piece under 40 ms at its end is left out."""
    stream = FrameStream()
    step_n = 30 * RATE_HZ
    return join([stream.push(samples[at : at + step_n]) for at in range(0, len(samples), step_n)])


def _power(frames: Floats) -> Floats:
    """Return the power spectrum, scaled so that the sum over bins is the mean square."""
    # The mean of a frame is offset and rumble, no voice.
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred * _WINDOW, FFT_N, axis=1)
    power: Floats = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) * _SCALE
    return power


def _db(power: Floats) -> Floats:
    level: Floats = np.float32(10.0) * np.log10(np.maximum(power, np.float32(1e-12)))
    return level


def _shapes(power: Floats) -> Floats:
    """Return what a spectrum looks like, free of its level, shape (n, 9).

    Columns: energy of 1..5 kHz over 50 Hz..1 kHz (negated alpha ratio) [dB]; strongest below 2 kHz
    over strongest in 2..5 kHz (Hammarberg index) [dB]; slopes in three bands [dB/kHz]; centre and
    spread [octaves above 55 Hz]; flatness [dB]; 85 % point [octaves above 55 Hz]. Definitions:
    Eyben et al., GeMAPS, IEEE Trans. Affective Computing 7 (2016).
    """
    low = power[:, _BANDS[0]].sum(axis=1)
    high = power[:, _BANDS[1]].sum(axis=1)
    alpha = _db(high) - _db(low)
    hammarberg = _db(power[:, _BANDS[2]].max(axis=1)) - _db(power[:, _BANDS[3]].max(axis=1))
    log = _db(power)
    slopes = [log[:, bins] @ weight for bins, weight in _SLOPE_WEIGHTS]
    whole = power[:, _LOW_BIN:]
    total = np.maximum(whole.sum(axis=1), np.float32(1e-12))
    centre = whole @ _OCTAVES / total
    spread = np.sqrt(np.maximum(whole @ _OCTAVES**2 / total - centre**2, 0.0))
    flatness = log[:, _LOW_BIN:].mean(axis=1) - _db(total / whole.shape[1])
    share = np.cumsum(whole, axis=1) / total[:, None]
    rolloff = _OCTAVES[np.minimum((share < 0.85).sum(axis=1), whole.shape[1] - 1)]
    columns = (alpha, hammarberg, *slopes, centre, spread, flatness, rolloff)
    return np.stack(columns, axis=1).astype(np.float32)


def _mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hz, dtype=np.float64) / 700.0))


def _mel_bank() -> Floats:
    """Return triangles of equal width in mel (O'Shaughnessy's formula), shape (257, 40)."""
    edges_mel = np.linspace(float(_mel(MEL_LO_HZ)), float(_mel(MEL_HI_HZ)), MELS + 2)
    edges_hz = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    hz = np.fft.rfftfreq(FFT_N, 1.0 / RATE_HZ)[:, None]
    rise = (hz - edges_hz[:-2]) / (edges_hz[1:-1] - edges_hz[:-2])
    fall = (edges_hz[2:] - hz) / (edges_hz[2:] - edges_hz[1:-1])
    return np.clip(np.minimum(rise, fall), 0.0, None).astype(np.float32)


def _slope_weights(low_hz: float, high_hz: float) -> tuple[slice, Floats]:
    """Return the bins and the weights whose product is a least-squares slope [dB/kHz]."""
    hz = np.fft.rfftfreq(FFT_N, 1.0 / RATE_HZ)
    first, last = int(np.searchsorted(hz, low_hz)), int(np.searchsorted(hz, high_hz))
    x = hz[first:last] / 1000.0
    x = x - x.mean()
    return slice(first, last), (x / (x @ x)).astype(np.float32)


def _bins(low_hz: float, high_hz: float) -> slice:
    hz = np.fft.rfftfreq(FFT_N, 1.0 / RATE_HZ)
    return slice(int(np.searchsorted(hz, low_hz)), int(np.searchsorted(hz, high_hz)))


_WINDOW: Floats = np.hanning(FRAME_N).astype(np.float32)
_SCALE = np.float32(2.0 / (FFT_N * float(np.sum(_WINDOW.astype(np.float64) ** 2))))
_MEL_BANK = _mel_bank()
_LOW_BIN = math.ceil(MEL_LO_HZ * FFT_N / RATE_HZ)
_OCTAVES: Floats = np.log2(np.arange(_LOW_BIN, FFT_N // 2 + 1) * RATE_HZ / FFT_N / 55.0).astype(
    np.float32
)
_SLOPE_WEIGHTS = tuple(_slope_weights(*band) for band in _SLOPES_HZ)
_BANDS = (_bins(50, 1000), _bins(1000, 5000), _bins(50, 2000), _bins(2000, 5000))
