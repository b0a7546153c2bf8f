# SPDX-License-Identifier: Apache-2.0
"""How a stretch of voice sounds as a whole: one vector of statistics, free of its level.

Levels are taken relative to the loudest part, so that distance, gain and the habits of a corpus
carry no information; frames before, after and between the words count only as pauses.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.log_mel import Frames, frames_of, FRAMES_PER_S, MELS, SHAPES
from empathy_ros.core.voice_frames import (
    loud_frames,
    quantiles,
    RANGE_DB,
    runs_s,
    voiced_frames,
)

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FEATURES_ID = 'voice-functionals.1'
"""Changes whenever a value of the vector would change; models name it."""

CEPSTRA = 16
MEL_RANGE_DB = 65.0
LEAST_FRAMES = 20
LEAST_VOICED = 10
_GROUPS = 5
_LINKED_CEPSTRA = 10
_LINKED_SHAPES = [0, 2, 5]
_LINKED = _LINKED_CEPSTRA + len(_LINKED_SHAPES) + 3
_ABOVE = np.triu_indices(_LINKED, 1)
_MODULATION_HZ = ((0.5, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 16.0))


def features_of(samples: Floats) -> Floats:
    """Return the vector of a whole recording at 16 kHz, shape (FEATURES,)."""
    return functionals(frames_of(samples))


def functionals(frames: Frames) -> Floats:
    """Return the vector of one stretch, shape (FEATURES,); all NaN with too little speech."""
    loud = loud_frames(frames)
    if int(loud.sum()) < LEAST_FRAMES:
        return np.full(FEATURES, np.nan, np.float32)
    first, last = int(np.argmax(loud)), len(loud) - int(np.argmax(loud[::-1]))
    frames, loud = frames.part(first, last), loud[first:last]
    voiced = voiced_frames(frames, loud)
    if int(voiced.sum()) < LEAST_VOICED:
        return np.full(FEATURES, np.nan, np.float32)
    top_db = float(quantiles(frames.level_db[loud], (0.95,))[0])
    mel = np.maximum(frames.mel_db, frames.mel_db.max() - MEL_RANGE_DB)
    cepstra = cepstra_of(mel)
    level = np.maximum(frames.level_db - top_db, -RANGE_DB)
    parts = (
        _spread_of(cepstra[loud]),
        _spread_of(cepstra[voiced])[: 2 * CEPSTRA],
        _moves_of(cepstra, loud),
        _spread_of(frames.shape[voiced]),
        _moves_of(frames.shape, voiced),
        _middle_of(frames.shape[loud & ~voiced], frames.shape.shape[1]),
        _level_part(level, loud, voiced),
        _pitch_part(frames, voiced),
        _rhythm_part(level, loud, voiced),
        _modulation_part(level, mel),
        _links_of(frames, cepstra, level, voiced),
        _band_part(mel, loud, voiced),
    )
    vector = np.concatenate([np.asarray(part, dtype=np.float32).ravel() for part in parts])
    clean: Floats = np.nan_to_num(vector, nan=0.0, posinf=0.0, neginf=0.0)
    return clean


def _spread_of(x: Floats) -> Floats:
    """Return mean, deviation, 10 % and 90 % of each column, flattened."""
    low, high = quantiles(x, (0.1, 0.9))
    return np.concatenate((x.mean(axis=0), x.std(axis=0), low, high)).astype(np.float32)


def _middle_of(x: Floats, width: int) -> Floats:
    """Return the mean of each column; zeros without rows."""
    return x.mean(axis=0) if len(x) >= 3 else np.zeros(width, np.float32)


def _moves_of(x: Floats, chosen: Mask) -> Floats:
    """Return mean and deviation of the size of the change over 40 ms within the chosen frames."""
    inside = chosen[4:] & chosen[:-4]
    if int(inside.sum()) < 3:
        return np.zeros(2 * x.shape[1], np.float32)
    change = np.abs(x[4:] - x[:-4])[inside]
    return np.concatenate((change.mean(axis=0), change.std(axis=0)))


def _thirds(values: Floats) -> list[float]:
    """Return slope over the stretch and the differences of the outer thirds to the middle."""
    if len(values) < 6:
        return [0.0, 0.0, 0.0]
    x = np.linspace(-1.0, 1.0, len(values))
    slope = float(x @ (values - values.mean()) / (x @ x))
    first, middle, last = (float(part.mean()) for part in np.array_split(values, 3))
    return [slope, first - middle, last - middle]


def _level_part(level: Floats, loud: Mask, voiced: Mask) -> list[float]:
    speech = level[loud]
    steps = quantiles(speech, (0.1, 0.25, 0.5, 0.75))
    both = voiced[2:] & voiced[:-2]
    shimmer = np.abs(level[2:] - level[:-2])[both]
    rise = np.diff(level[::4])
    return [
        float(speech.mean()), float(speech.std()), *steps.tolist(),
        float(shimmer.mean()) if len(shimmer) else 0.0,
        float(rise[rise > 0].mean()) if (rise > 0).any() else 0.0,
        float(-rise[rise < 0].mean()) if (rise < 0).any() else 0.0,
        float(quantiles(np.abs(rise), (0.9,))[0]) if len(rise) else 0.0,
        *_thirds(speech),
    ]  # fmt: skip


def _pitch_part(frames: Frames, voiced: Mask) -> list[float]:
    pitch, strength = frames.pitch_st[voiced], frames.strength[voiced]
    low, quarter, mid, upper, high = quantiles(pitch, (0.05, 0.25, 0.5, 0.75, 0.95))
    both = voiced[2:] & voiced[:-2]
    step = (frames.pitch_st[2:] - frames.pitch_st[:-2])[both]
    bend = np.abs(np.diff(step)) if len(step) > 1 else np.zeros(1)
    rising = step[step > 0]
    falling = step[step < 0]
    return [
        float(pitch.mean()), float(pitch.std()), float(low), float(quarter), float(mid),
        float(upper), float(high), float(high - low), float(upper - quarter),
        float(np.abs(step).mean()) if len(step) else 0.0,
        float(quantiles(np.abs(step), (0.9,))[0]) if len(step) else 0.0,
        float(bend.mean()), float(np.median(bend)),
        float(rising.mean()) if len(rising) else 0.0,
        float(-falling.mean()) if len(falling) else 0.0,
        float(np.mean(step > 0)) if len(step) else 0.5,
        *_thirds(pitch),
        float(strength.mean()), float(strength.std()), *quantiles(strength, (0.1, 0.9)).tolist(),
    ]  # fmt: skip


def _rhythm_part(level: Floats, loud: Mask, voiced: Mask) -> list[float]:
    length_s = len(loud) / FRAMES_PER_S
    talk, pause, voice = runs_s(loud), runs_s(~loud), runs_s(voiced)
    long = pause[pause > 0.1]
    smooth = np.convolve(level, _SMOOTH, mode='same')
    inner = smooth[1:-1]
    peaks = (inner > smooth[:-2]) & (inner >= smooth[2:]) & voiced[1:-1]
    return [
        float(loud.mean()), float(voiced.sum() / max(1, loud.sum())),
        float(peaks.sum() / max(0.1, loud.sum() / FRAMES_PER_S)),
        len(voice) / length_s, float(voice.mean()) if len(voice) else 0.0,
        float(voice.std()) if len(voice) else 0.0,
        float(voice.max()) if len(voice) else 0.0,
        float(talk.mean()) if len(talk) else 0.0,
        float(long.mean()) if len(long) else 0.0, len(long) / length_s,
        float(smooth[1:-1][peaks].std()) if peaks.sum() > 2 else 0.0,
        float(np.log(length_s)),
    ]  # fmt: skip


def _modulation_part(level: Floats, mel: Floats) -> Floats:
    """Return how much level and five groups of bands move in four ranges of speed [dB]."""
    bands = mel.reshape(len(mel), _GROUPS, MELS // _GROUPS).mean(axis=2)
    tracks = np.concatenate((level[:, None], bands), axis=1)
    tracks = tracks - tracks.mean(axis=0)
    hz = np.fft.rfftfreq(len(tracks), 1.0 / FRAMES_PER_S)
    power = np.abs(np.fft.rfft(tracks, axis=0)) ** 2 / len(tracks) ** 2
    columns = [power[(hz >= low) & (hz < high)].sum(axis=0) for low, high in _MODULATION_HZ]
    amount: Floats = (10.0 * np.log10(np.stack(columns) + 1e-2)).astype(np.float32)
    return amount.ravel()


def _links_of(frames: Frames, cepstra: Floats, level: Floats, voiced: Mask) -> Floats:
    """Return how 15 measures go together in voiced frames: Fisher z of each correlation."""
    columns = (
        frames.pitch_st[:, None], cepstra[:, :_LINKED_CEPSTRA], level[:, None],
        frames.shape[:, _LINKED_SHAPES], frames.strength[:, None],
    )  # fmt: skip
    x = np.concatenate(columns, axis=1)[voiced]
    x = x - x.mean(axis=0)
    x = x / np.maximum(np.sqrt((x * x).mean(axis=0)), 1e-6)
    links = (x.T @ x / len(x))[_ABOVE]
    z: Floats = np.arctanh(np.clip(links, -0.95, 0.95)).astype(np.float32)
    return z


def _band_part(mel: Floats, loud: Mask, voiced: Mask) -> Floats:
    """Return means of voiced and deviations of loud frames in 20 bands, free of level [dB]."""
    bands = mel.reshape(len(mel), MELS // 2, 2).mean(axis=2)
    bands = bands - bands[loud].mean()
    return np.concatenate((bands[voiced].mean(axis=0), bands[loud].std(axis=0)))


def cepstra_of(mel_db: Floats) -> Floats:
    """Return the shape of a mel spectrum as 16 cepstral coefficients, without the level."""
    mel = np.maximum(mel_db, mel_db.max() - MEL_RANGE_DB)
    cepstra: Floats = (mel @ _dct()).astype(np.float32)
    return cepstra


@lru_cache(maxsize=1)
def _dct() -> Floats:
    """Return the orthonormal DCT-II without its first column, shape (40, 16)."""
    k = np.arange(1, CEPSTRA + 1)[None, :]
    n = (np.arange(MELS)[:, None] + 0.5) * np.pi / MELS
    cosines: Floats = (np.cos(n * k) * np.sqrt(2.0 / MELS)).astype(np.float32)
    return cosines


_SMOOTH: Floats = (np.hanning(11)[1:-1] / np.hanning(11).sum()).astype(np.float32)
FEATURES = (
    8 * CEPSTRA + 7 * SHAPES + 13 + 23 + 12 + (_GROUPS + 1) * len(_MODULATION_HZ)
    + _LINKED * (_LINKED - 1) // 2 + MELS
)  # fmt: skip
