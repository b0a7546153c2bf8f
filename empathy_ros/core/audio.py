# SPDX-License-Identifier: Apache-2.0
"""Sound as numbers: decoding of raw samples, and a gate that refuses bad chunks.

Everything behind the gate hears finite 16 kHz mono sound, whatever the source sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.media import Sound
from empathy_ros.core.resampling import (
    RATE_HI_HZ,
    RATE_LO_HZ,
    Resampler,
    Samples,
)
from empathy_ros.core.stream_time import RateWatch

MAX_CHUNK_S = 10.0
"""A chunk is 20..100 ms by contract; anything above this is refused before it is processed."""

_TYPES: dict[str, np.dtype[Any]] = {'S16LE': np.dtype('<i2'), 'F32LE': np.dtype('<f4')}
_FULL_SCALE_LIMIT = 8.0
"""Float samples may overshoot full scale a little; above this they are no audio."""


def mono_from_pcm(data: bytes, encoding: str, channels: int) -> Samples:
    """Return the mean of all channels, shape (frames,), full scale -1..1.

    Args:
        data: Interleaved samples.
        encoding: 'S16LE' or 'F32LE'.
        channels: 1..8.

    Raises:
        ValueError: unknown encoding, channel count, or a length that is no whole frame.
    """
    kind = _TYPES.get(encoding)
    if kind is None:
        raise ValueError(f'audio encoding {encoding!r}: send {" or ".join(_TYPES)}')
    if not 1 <= channels <= 8:
        raise ValueError(f'audio channels {channels}: send 1..8')
    frame_bytes = kind.itemsize * channels
    if len(data) % frame_bytes:
        raise ValueError(
            f'audio data of {len(data)} bytes is no multiple of {frame_bytes} '
            f'({channels} channel(s) of {encoding}): send whole frames'
        )
    raw = np.frombuffer(data, dtype=kind)
    scale = np.float32(1.0 / 32768.0) if kind.kind == 'i' else np.float32(1.0)
    samples: Samples = raw.astype(np.float32) * scale
    if channels > 1:
        samples = samples.reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return samples


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Return samples of full scale -1..1 as signed 16 bit, clipped."""
    whole: NDArray[np.int16] = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)
    return whole


@dataclass(frozen=True)
class Checked:
    """What became of one chunk.

    Attributes:
        samples: 16 kHz mono, shape (n,); empty when dropped.
        dropped: True = the chunk is unusable.
        reasons: Of 'empty', 'shape', 'too_long', 'bad_rate', 'not_finite', 'out_of_range',
            'unknown_rate' (these drop the chunk), 'wrong_rate', 'clipped', 'dc_offset', 'dead'.
    """

    samples: Samples
    dropped: bool = False
    reasons: tuple[str, ...] = ()


class SoundGate:
    """Checks the chunks of one source and brings them to 16 kHz mono; its state stays finite."""

    _CLIP_LEVEL = 0.999
    _CLIP_SHARE = 0.005
    _DC_LEVEL = 0.05
    _DEAD_S = 2.0
    _SMOOTH_S = 0.5

    def __init__(self) -> None:
        """Start with a healthy source."""
        self._watch = RateWatch()
        self._resampler: Resampler | None = None
        self._rate_hz = 0
        self._seq: int | None = None
        self._clip_share = 0.0
        self._mean = 0.0
        self._still_s = 0.0

    def step(self, sound: Sound, *, trust_rate: bool = False) -> Checked:
        """Judge one chunk; never raises on bad sound.

        Args:
            sound: The chunk.
            trust_rate: True = do not compare the label with the stamps (our own microphone, whose
                stamps follow a simulated clock when there is one).
        """
        reason = _refusal(sound)
        if reason:
            return Checked(np.zeros(0, np.float32), True, (reason,))
        gap = self._seq is not None and sound.seq != self._seq + 1
        self._seq = sound.seq
        rate = sound.sample_rate
        if not trust_rate:
            rate = self._watch.step(sound.stamp_ns, len(sound.samples), rate, gap)
        if rate == 0:
            return Checked(np.zeros(0, np.float32), True, ('unknown_rate',))
        if self._resampler is None or rate != self._rate_hz:
            self._resampler, self._rate_hz = Resampler(rate), rate
        samples = np.asarray(sound.samples, dtype=np.float32)
        reasons = self._flags(samples, len(samples) / rate)
        if rate != sound.sample_rate:
            reasons = ('wrong_rate', *reasons)
        samples = np.where(np.abs(samples) < 1e-30, np.float32(0.0), samples)
        return Checked(self._resampler.push(np.clip(samples, -1.0, 1.0)), False, reasons)

    def _flags(self, samples: Samples, duration_s: float) -> tuple[str, ...]:
        """Update the slow statistics of the source and name what is wrong with it."""
        share = min(1.0, duration_s / self._SMOOTH_S)
        clipped = float(np.mean(np.abs(samples) >= self._CLIP_LEVEL))
        self._clip_share += share * (clipped - self._clip_share)
        self._mean += share * (float(np.mean(samples)) - self._mean)
        still = float(np.ptp(samples)) < 2.0 / 32768.0
        self._still_s = self._still_s + duration_s if still else 0.0
        flags = []
        if self._clip_share > self._CLIP_SHARE:
            flags.append('clipped')
        if abs(self._mean) > self._DC_LEVEL:
            flags.append('dc_offset')
        if self._still_s > self._DEAD_S:
            flags.append('dead')
        return tuple(flags)


def _refusal(sound: Sound) -> str:
    """Return why a chunk cannot be used at all, or ''."""
    samples = sound.samples
    if not RATE_LO_HZ <= sound.sample_rate <= RATE_HI_HZ:
        return 'bad_rate'
    if np.ndim(samples) != 1:
        return 'shape'
    if len(samples) == 0:
        return 'empty'
    if len(samples) > MAX_CHUNK_S * sound.sample_rate:
        return 'too_long'
    if not np.isfinite(samples).all():
        return 'not_finite'
    if float(np.abs(samples).max()) > _FULL_SCALE_LIMIT:
        return 'out_of_range'
    return ''
