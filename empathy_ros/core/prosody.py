# SPDX-License-Identifier: Apache-2.0
"""What can be measured in a stretch of voice without any trained model: pitch, level, tilt, rate.

Input is 16 kHz mono. Everything works on arrays of frames; a second of sound costs a few
milliseconds of one core.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

RATE_HZ = 16_000
FRAME_N, HOP_N = 512, 160
PITCH_N, PITCH_HOP_N, PITCH_FFT_N = 640, 320, 1024
PITCH_LO_HZ, PITCH_HI_HZ = 65.0, 500.0
VOICED_LEVEL = 0.45
"""Normalised autocorrelation above which a frame counts as voiced (0.45: Boersma 1993)."""
OCTAVE_COST = 0.02
"""Favours the shorter period among near equals, per octave (Boersma 1993: 0.01)."""
LOUD_DB = 6.0
"""Speech frames lie this far above the noise floor."""
SPEECH_RANGE_DB = 35.0
"""Frames this far below the loud ones are pauses, whatever the noise floor says."""
SILENT_DB = -65.0
"""Below this the steps of 16-bit sound spoil the spectrum: treated as silence."""
SYLLABLE_DIP_DB = 2.0
"""Dip between two syllable peaks (de Jong & Wempe, Behav. Res. Methods 41, 2009: 2 dB)."""
NARROW_SHARE = 1e-5
"""Voice with less than this above 4.2 kHz went through a telephone: its tilt says nothing."""
RUMBLE_LO_HZ, RUMBLE_HI_HZ = 55.0, 70.0
NAN = math.nan


@dataclass(frozen=True)
class VoiceFeatures:
    """Measures of one stretch of speech; NaN = could not be measured.

    Attributes:
        pitch_st: Median pitch [semitones above 55 Hz].
        pitch_range_st: 20th to 80th percentile of pitch [semitones].
        level_db: Level of the speech frames [dB full scale].
        level_range_db: 20th to 80th percentile of the level of speech frames [dB].
        tilt_db: Energy in 1..5 kHz over 50 Hz..1 kHz of voiced frames [dB] (alpha ratio, negated;
            Eyben et al., GeMAPS, IEEE Trans. Affective Computing 7, 2016). Louder effort = higher.
        rate_hz: Syllable-like peaks per second of speech, pauses left out.
        speech_s: Speech frames [s].
        voiced_s: Voiced frames [s].
        snr_db: Level of speech over the noise floor [dB].
    """

    pitch_st: float = NAN
    pitch_range_st: float = NAN
    level_db: float = NAN
    level_range_db: float = NAN
    tilt_db: float = NAN
    rate_hz: float = NAN
    speech_s: float = 0.0
    voiced_s: float = 0.0
    snr_db: float = NAN

    def finite(self) -> bool:
        """Return True when no value is infinite."""
        return not any(math.isinf(getattr(self, item.name)) for item in fields(self))


def without_rumble(samples: Floats) -> Floats:
    """Return the sound without offset, mains hum and rumble: nothing below 60 Hz."""
    length = _quick_length(len(samples))
    spectrum = np.fft.rfft(samples, length)
    hz = np.fft.rfftfreq(length, 1.0 / RATE_HZ)
    ramp = np.clip((hz - RUMBLE_LO_HZ) / (RUMBLE_HI_HZ - RUMBLE_LO_HZ), 0.0, 1.0)
    clean: Floats = np.fft.irfft(spectrum * ramp, length)[: len(samples)].astype(np.float32)
    return clean


def _quick_length(n: int) -> int:
    """Return the least 4, 5, 6 or 7 times a power of two that is not below n."""
    power = 1 << max(0, (max(1, n) - 1).bit_length() - 3)
    return next((m * power for m in (4, 5, 6, 7) if m * power >= n), 8 * power)


def frame_levels_db(samples: Floats) -> Floats:
    """Return the level of each frame [dB full scale], shape (n_frames,), hop 10 ms."""
    frames = _frames(samples, FRAME_N, HOP_N)
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = np.einsum('ij,ij->i', frames, frames) / FRAME_N
    return _db(power)


def measure(samples: Floats, noise_db: float = NAN) -> VoiceFeatures:
    """Return the features of one stretch of sound.

    Args:
        samples: 16 kHz mono, full scale -1..1, shape (n,), finite.
        noise_db: Known level of the room [dB full scale]; NaN = guess from the quietest frames.
    """
    if len(samples) < PITCH_N + HOP_N:
        return VoiceFeatures()
    samples = without_rumble(samples)
    levels_db = frame_levels_db(samples)
    floor_db = _floor_db(levels_db, noise_db)
    loud = levels_db > floor_db + LOUD_DB
    top_db = float(np.quantile(levels_db[loud], 0.75)) if loud.any() else -120.0
    if top_db < SILENT_DB:
        return VoiceFeatures(snr_db=0.0)
    least_db = max(floor_db + LOUD_DB, top_db - SPEECH_RANGE_DB)
    loud = levels_db > least_db
    pitch_st, voiced = pitch_track(samples, levels_db, least_db)
    known = pitch_st[voiced]
    low, mid, high = np.quantile(known, (0.2, 0.5, 0.8)) if known.size >= 5 else (NAN,) * 3
    loud_levels = levels_db[loud]
    spread_db = float(np.quantile(loud_levels, 0.8) - np.quantile(loud_levels, 0.2))
    speech_s = float(loud.sum()) * HOP_N / RATE_HZ
    return VoiceFeatures(
        pitch_st=float(mid),
        pitch_range_st=float(high - low),
        level_db=top_db,
        level_range_db=spread_db,
        tilt_db=_tilt_db(samples, voiced, levels_db, floor_db),
        rate_hz=_rate_hz(levels_db, loud, voiced, speech_s),
        speech_s=speech_s,
        voiced_s=float(voiced.sum()) * PITCH_HOP_N / RATE_HZ,
        snr_db=top_db - floor_db,
    )


def pitch_track(samples: Floats, levels_db: Floats, least_db: float) -> tuple[Floats, Mask]:
    """Return pitch [semitones above 55 Hz] and a voiced mask, one entry per 20 ms.

    Normalised autocorrelation (Boersma, IFA Proceedings 17, 1993), without its path search; single
    octave jumps are removed by comparing with the median of five neighbours.
    """
    frames = _frames(samples, PITCH_N, PITCH_HOP_N)
    at = np.minimum(np.arange(len(frames)) * (PITCH_HOP_N // HOP_N), len(levels_db) - 1)
    loud = levels_db[at] > least_db
    pitch = np.full(len(frames), np.nan, dtype=np.float32)
    voiced = np.zeros(len(frames), dtype=bool)
    if not loud.any():
        return pitch, voiced
    pitch[loud], strength = pitch_of_frames(frames[loud])
    voiced[loud] = strength > VOICED_LEVEL
    return without_jumps(pitch, voiced)


def pitch_of_frames(frames: Floats) -> tuple[Floats, Floats]:
    """Return pitch [semitones above 55 Hz] and height of the autocorrelation peak of each frame.

    The height is 0 where there is no peak; above VOICED_LEVEL the frame counts as voiced.

    Args:
        frames: 40 ms each, shape (n, 640).
    """
    lag_lo, lag_hi = int(RATE_HZ / PITCH_HI_HZ), int(RATE_HZ / PITCH_LO_HZ) + 1
    chosen = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(chosen * _PITCH_WINDOW, PITCH_FFT_N, axis=1)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, PITCH_FFT_N, axis=1)
    zero = np.maximum(correlation[:, :1], 1e-12)
    strength = correlation[:, : lag_hi + 2] / zero / _PITCH_WINDOW_R[: lag_hi + 2]
    lags = np.arange(lag_lo, lag_hi + 1)
    scored = strength[:, lag_lo : lag_hi + 1] - OCTAVE_COST * np.log2(lags / lag_lo)
    best = scored.argmax(axis=1) + lag_lo
    row = np.arange(len(best))
    left, peak, right = (strength[row, best + k] for k in (-1, 0, 1))
    bend = left - 2.0 * peak + right
    shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    period = best + np.clip(shift, -0.5, 0.5)
    is_peak = (peak >= left) & (peak >= right)
    pitch = (12.0 * np.log2(RATE_HZ / period / 55.0)).astype(np.float32)
    return pitch, np.where(is_peak, peak, 0.0).astype(np.float32)


def without_jumps(pitch: Floats, voiced: Mask) -> tuple[Floats, Mask]:
    """Unvoice frames that differ from the median of their neighbours by more than 5 semitones."""
    masked = np.where(voiced, pitch, np.nan)
    padded = np.pad(masked, 2, constant_values=np.nan)
    near = np.lib.stride_tricks.sliding_window_view(padded, 5)
    enough = np.isfinite(near).sum(axis=1) >= 3
    middle = np.full(len(pitch), np.nan)
    if enough.any():
        middle[enough] = np.nanmedian(near[enough], axis=1)
    keep = voiced & enough & (np.abs(pitch - middle) < 5.0)
    return pitch, keep


def _tilt_db(samples: Floats, voiced: Mask, levels_db: Floats, floor_db: float) -> float:
    """Return the median tilt of voiced frames after subtracting the noise of the quiet frames."""
    frames = _frames(samples, PITCH_N, PITCH_HOP_N)
    if int(voiced.sum()) < 5:
        return NAN
    at = np.minimum(np.arange(len(frames)) * (PITCH_HOP_N // HOP_N), len(levels_db) - 1)
    quiet = ~voiced & (levels_db[at] < floor_db + LOUD_DB / 2)
    low, high, top = _band_powers(frames[voiced])
    if float(top.sum()) < NARROW_SHARE * float(low.sum() + high.sum()):
        return NAN
    if quiet.any():
        noise_low, noise_high, _ = (float(band.mean()) for band in _band_powers(frames[quiet]))
        # A band that does not rise above the noise is put at half of it: known to be weak.
        low = np.maximum(low - noise_low, 0.5 * noise_low)
        high = np.maximum(high - noise_high, 0.5 * noise_high)
    return float(np.median(_db(high) - _db(low)))


def _band_powers(frames: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the power of each frame in 50 Hz..1 kHz, in 1..5 kHz and in 4.2..7.5 kHz."""
    power = np.abs(np.fft.rfft(frames * _PITCH_WINDOW, PITCH_FFT_N, axis=1)) ** 2
    hz = np.fft.rfftfreq(PITCH_FFT_N, 1.0 / RATE_HZ)
    low = power[:, (hz >= 50) & (hz < 1000)].sum(axis=1)
    high = power[:, (hz >= 1000) & (hz < 5000)].sum(axis=1)
    return low, high, power[:, (hz >= 4200) & (hz < 7500)].sum(axis=1)


def _rate_hz(levels_db: Floats, loud: Mask, voiced: Mask, speech_s: float) -> float:
    """Return syllable-like peaks per second: voiced level peaks between dips of 2 dB."""
    if speech_s < 0.5:
        return NAN
    smooth = np.convolve(np.pad(levels_db, 3, mode='edge'), _SMOOTH, mode='valid')
    ratio = PITCH_HOP_N // HOP_N
    voice = np.repeat(voiced, ratio)[: len(smooth)]
    voice = np.pad(voice, (0, len(smooth) - len(voice)))
    count, dip, best, best_voiced = 0, float(smooth[0]), -math.inf, False
    for value, is_loud, is_voiced in zip(
        smooth.tolist(), loud.tolist(), voice.tolist(), strict=False
    ):
        if value > best and is_loud and value - dip >= SYLLABLE_DIP_DB:
            best, best_voiced = value, best_voiced or is_voiced
        elif best > -math.inf and best - value >= SYLLABLE_DIP_DB:
            count += best_voiced
            dip, best, best_voiced = value, -math.inf, False
        dip = min(dip, value)
    count += best > -math.inf and best_voiced
    return count / speech_s


def _floor_db(levels_db: Floats, noise_db: float) -> float:
    """Return the noise floor: what is known, or the 5th percentile of frames less 1 dB."""
    if math.isfinite(noise_db):
        return noise_db
    return float(np.quantile(levels_db, 0.05)) - 1.0


def _frames(samples: Floats, length_n: int, hop_n: int) -> Floats:
    view = np.lib.stride_tricks.sliding_window_view(samples, length_n)
    return view[::hop_n]


def _db(power: Floats) -> Floats:
    level: Floats = np.float32(10.0) * np.log10(np.maximum(power, np.float32(1e-12)))
    return level


def _autocorrelation_of(window: Floats) -> Floats:
    spectrum = np.fft.rfft(window, PITCH_FFT_N)
    value = np.fft.irfft(np.abs(spectrum) ** 2, PITCH_FFT_N)
    shape: Floats = np.maximum(value / value[0], 1e-3).astype(np.float32)
    return shape


_PITCH_WINDOW: Floats = np.hanning(PITCH_N).astype(np.float32)
_PITCH_WINDOW_R = _autocorrelation_of(_PITCH_WINDOW)
_SMOOTH: Floats = (np.hanning(9)[1:-1] / np.hanning(9).sum()).astype(np.float32)
