# SPDX-License-Identifier: Apache-2.0
"""Laughs, coughs, sighs and yawns: sounds that say nothing about anger or distress.

Rules on the shape of the whole stretch, not a trained model; made and tested on synthetic sounds
and checked against speech, never on real coughs (no set with usable terms was found). They are set
to miss rather than to take speech for something else, and only ever make the voice "unknown".
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.log_mel import Frames, FRAMES_PER_S
from empathy_ros.core.voice_features import cepstra_of
from empathy_ros.core.voice_frames import loud_frames, runs_s, voiced_frames

EVENTS = ('laugh', 'cough', 'sigh', 'yawn')
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

LAUGH_BURSTS = 4
LAUGH_HZ = (3.0, 7.5)
"""Notes of a laugh per second (Bachorowski et al., J. Acoust. Soc. Am. 110, 2001: about 4.4)."""
LAUGH_JITTER = 0.2
LAUGH_DISTANCE_DB = 4.5
LAUGH_DIP_DB = 12.0
COUGH_S = (0.08, 0.7)
COUGH_RISE_DB = 20.0
COUGH_VOICED = 0.25
SIGH_S = (0.7, 4.0)
SIGH_RISE_S = 0.15
BREATH_VOICED = 0.1
YAWN_S = (1.3, 5.0)
YAWN_VOICED = 0.8
YAWN_MOVE_DB = 6.0
BREATH_FLATNESS_DB = -9.0
"""Noise is flat (about -2.5 dB in one frame); vowels lie below -15 dB."""


def nonverbal(frames: Frames) -> str:
    """Return 'laugh', 'cough', 'sigh' or 'yawn' when all of a stretch is that, else ''."""
    loud = loud_frames(frames)
    if int(loud.sum()) < 6:
        return ''
    first, last = int(np.argmax(loud)), len(loud) - int(np.argmax(loud[::-1]))
    # The frames around the loud ones show how steep it rises.
    inside = frames.part(first, last)
    loud = loud[first:last]
    voiced = voiced_frames(inside, loud)
    share = float(voiced.sum()) / float(loud.sum())
    length_s = len(loud) / FRAMES_PER_S
    if share < BREATH_VOICED and _is_sigh(inside, loud, length_s):
        return 'sigh'
    if share < COUGH_VOICED and _is_cough(frames, inside, loud, first):
        return 'cough'
    if _is_laugh(inside, loud):
        return 'laugh'
    return 'yawn' if _is_yawn(inside, voiced, length_s) else ''


def _is_sigh(inside: Frames, loud: Mask, length_s: float) -> bool:
    """One breath: noise without pauses that rises slowly."""
    flat = float(np.median(inside.shape[loud, _FLATNESS]))
    breath = flat > BREATH_FLATNESS_DB and float(loud.mean()) > 0.9
    slow = _rise_s(inside.level_db) >= SIGH_RISE_S
    return breath and slow and SIGH_S[0] <= length_s <= SIGH_S[1]


def _rise_s(level_db: Floats) -> float:
    """Return the time from 15 dB to 3 dB below the loudest part [s]."""
    smooth = np.convolve(level_db, np.ones(5) / 5.0, mode='valid')
    top = float(smooth.max())
    start, peak = int(np.argmax(smooth > top - 15.0)), int(np.argmax(smooth > top - 3.0))
    return (peak - start) / FRAMES_PER_S


def _is_cough(frames: Frames, inside: Frames, loud: Mask, first: int) -> bool:
    """One to three short bursts of noise, each of which breaks out within 30 ms."""
    bursts = runs_s(loud)
    if not 1 <= len(bursts) <= 3 or float(bursts.max()) > COUGH_S[1]:
        return False
    if float(bursts.max()) < COUGH_S[0] or len(loud) / FRAMES_PER_S > 1.5:
        return False
    before = frames.level_db[max(0, first - 3) : first + 1]
    peak = float(inside.level_db[:6].max())
    if len(before) < 2 or peak - float(before.min()) < COUGH_RISE_DB:
        return False
    return float(np.median(inside.shape[loud, _FLATNESS])) > BREATH_FLATNESS_DB


def _is_laugh(inside: Frames, loud: Mask) -> bool:
    """The same note again and again, evenly spaced, with deep dips between."""
    level = np.convolve(inside.level_db, np.ones(3) / 3.0, mode='same')
    inner = np.arange(2, len(level) - 2)
    tops = inner[
        (level[inner] >= level[inner - 1]) & (level[inner] > level[inner + 1]) & loud[inner]
    ]
    peaks = _separate(level, tops)
    if len(peaks) < LAUGH_BURSTS:
        return False
    steps = np.diff(peaks) / FRAMES_PER_S
    middle = float(np.median(steps))
    even = float(np.mean(np.abs(steps - middle) < LAUGH_JITTER * middle)) > 0.85
    notes = inside.mel_db[peaks] - inside.mel_db[peaks].mean(axis=1, keepdims=True)
    apart = float(np.abs(notes - np.median(notes, axis=0)).mean())
    dips = [float(level[a:b].min()) for a, b in pairwise(peaks)]
    deep = float(np.median(np.minimum(level[peaks[:-1]], level[peaks[1:]]) - np.array(dips)))
    quick = LAUGH_HZ[0] <= 1.0 / middle <= LAUGH_HZ[1]
    return even and quick and apart < LAUGH_DISTANCE_DB and deep > LAUGH_DIP_DB


def _separate(level: NDArray[np.floating], tops: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the tops that have a dip of 6 dB between them, the higher of two without one."""
    kept: list[int] = []
    for top in tops.tolist():
        if kept and level[kept[-1] : top + 1].min() > min(level[kept[-1]], level[top]) - 6.0:
            if level[top] > level[kept[-1]]:
                kept[-1] = top
        else:
            kept.append(top)
    return np.array(kept, dtype=np.int64)


def _is_yawn(inside: Frames, voiced: Mask, length_s: float) -> bool:
    """One long voiced sound whose pitch falls and whose spectrum hardly moves."""
    runs = runs_s(voiced)
    if not YAWN_S[0] <= length_s <= YAWN_S[1] or len(runs) == 0:
        return False
    if float(voiced.mean()) < YAWN_VOICED:
        return False
    cepstra = cepstra_of(inside.mel_db)[:, :6]
    move = np.abs(cepstra[8:] - cepstra[:-8])[voiced[8:] & voiced[:-8]].mean()
    pitch = inside.pitch_st[voiced]
    third = len(pitch) // 3
    falls = float(pitch[:third].mean() - pitch[-third:].mean())
    return float(move) < YAWN_MOVE_DB and falls > 2.0


_FLATNESS = 7
