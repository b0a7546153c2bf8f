# SPDX-License-Identifier: Apache-2.0
"""Damages a voice in fixed ways: noise, room, telephone, gain, clipping; all made from a seed.

The same seed gives the same damage, so that figures can be repeated. Used to measure how robust a
model is and, with other seeds, to train for it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.resampling import RATE_HZ, resample

Samples = NDArray[np.float32]

DEGRADATIONS = ('noise', 'room', 'telephone', 'gain', 'clip')
NOISE_SNR_DB = 15.0
ROOM_T60_S = 0.6
CLIP_DB = 12.0
_TELEPHONE_HZ = (300.0, 3400.0)
_PEAK = 0.5


def degrade(samples: Samples, kind: str, seed: int, *, strength: float = 1.0) -> Samples:
    """Return the damaged sound, same length.

    Args:
        samples: 16 kHz mono, full scale -1..1.
        kind: 'none' or one of DEGRADATIONS. noise: pink noise 15 dB below the speech. room:
            exponential decay, 0.6 s for 60 dB, direct sound 3 dB over the room. telephone: 300 to
            3400 Hz, mu-law of 8 bit at 8 kHz. gain: -20 or +6 dB. clip: 12 dB over full scale.
        seed: Of the noise, the room and the sign of the gain.
        strength: Scales noise level, decay and overdrive; 1 = as above.
    Raises:
        ValueError: unknown kind.
    """
    rng = np.random.default_rng(seed)
    if kind == 'none' or len(samples) == 0:
        return samples
    if kind == 'noise':
        snr_db = NOISE_SNR_DB - 20.0 * math.log10(max(strength, 1e-3))
        noise = pink_noise(len(samples), rng)
        return (samples + noise * _speech_rms(samples) * 10.0 ** (-snr_db / 20.0)).astype(
            np.float32
        )
    if kind == 'room':
        return _room(samples, ROOM_T60_S * strength, rng)
    if kind == 'telephone':
        return _telephone(samples)
    if kind == 'gain':
        factor = 10.0 ** ((-20.0 if rng.random() < 0.5 else 6.0) * strength / 20.0)
        return (_at_peak(samples, _PEAK) * factor).astype(np.float32)
    if kind == 'clip':
        over = 10.0 ** (CLIP_DB * strength / 20.0)
        return np.clip(_at_peak(samples, over), -1.0, 1.0).astype(np.float32)
    raise ValueError(f'{kind!r} is not one of none, {", ".join(DEGRADATIONS)}')


def pink_noise(n: int, rng: np.random.Generator) -> Samples:
    """Return noise whose power falls with 3 dB per octave, mean square 1, shape (n,)."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hz = np.fft.rfftfreq(n, 1.0 / RATE_HZ)
    spectrum /= np.sqrt(np.maximum(hz, 20.0))
    noise = np.fft.irfft(spectrum, n)
    return (noise / max(float(np.sqrt(np.mean(noise**2))), 1e-12)).astype(np.float32)


def _speech_rms(samples: Samples) -> float:
    """Return the root mean square of the louder half of 20 ms pieces."""
    pieces = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    if len(pieces) == 0:
        return float(np.sqrt(np.mean(samples**2)))
    power = np.sort((pieces.astype(np.float64) ** 2).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean()))


def _room(samples: Samples, t60_s: float, rng: np.random.Generator) -> Samples:
    """Return the sound with the tail of a room: noise that decays by 60 dB in t60_s."""
    n = max(2, int(t60_s * RATE_HZ))
    tail = rng.standard_normal(n) * 10.0 ** (-3.0 * np.arange(n) / n)
    tail[: RATE_HZ // 200] = 0.0
    tail *= 10.0 ** (-3.0 / 20.0) / max(float(np.sqrt(np.sum(tail**2))), 1e-9)
    tail[0] = 1.0
    length = 1 << (len(samples) + n).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, length) * np.fft.rfft(tail, length), length)
    return _at_peak(wet[: len(samples)].astype(np.float32), float(np.abs(samples).max()))


def _telephone(samples: Samples) -> Samples:
    narrow = resample(samples, RATE_HZ, 8000)
    spectrum = np.fft.rfft(narrow)
    hz = np.fft.rfftfreq(len(narrow), 1.0 / 8000.0)
    spectrum[(hz < _TELEPHONE_HZ[0]) | (hz > _TELEPHONE_HZ[1])] = 0.0
    x = _at_peak(np.fft.irfft(spectrum, len(narrow)).astype(np.float32), 0.9)
    # mu-law of ITU-T G.711 in its continuous form, 8 bit.
    coded = np.round(127.0 * np.sign(x) * np.log1p(255.0 * np.abs(x)) / math.log(256.0)) / 127.0
    decoded = np.sign(coded) * np.expm1(np.abs(coded) * math.log(256.0)) / 255.0
    wide = resample(decoded.astype(np.float32), 8000, RATE_HZ)
    out = np.zeros(len(samples), np.float32)
    kept = min(len(out), len(wide))
    out[:kept] = wide[:kept]
    return out


def _at_peak(samples: Samples, peak: float) -> Samples:
    top = float(np.abs(samples).max())
    return (samples * (peak / max(top, 1e-9))).astype(np.float32)
