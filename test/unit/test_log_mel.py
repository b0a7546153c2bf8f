# SPDX-License-Identifier: Apache-2.0
"""Frames as sound comes in: the same however it is cut, and right on tones."""

import time

import numpy as np
import pytest

from empathy_ros.core.log_mel import frames_of, FrameStream, join, MELS, no_frames

from .voice_sounds import RATE_HZ, voice


@pytest.mark.parametrize('piece_n', [37, 512, 4000])
def test_the_cut_into_pieces_does_not_matter(piece_n):
    sound = voice(140)
    stream = FrameStream()
    cut = join([stream.push(sound[at : at + piece_n]) for at in range(0, len(sound), piece_n)])
    whole = frames_of(sound)
    assert len(cut) == len(whole) == (len(sound) - 640) // 320 * 2 + 2
    assert np.allclose(cut.mel_db, whole.mel_db, atol=1e-3)
    assert np.allclose(cut.pitch_st, whole.pitch_st, atol=1e-3)
    assert np.allclose(cut.shape, whole.shape, atol=1e-2)


def test_a_tone_has_its_level_pitch_and_band():
    t = np.arange(RATE_HZ) / RATE_HZ
    frames = frames_of((0.1 * np.sin(2 * np.pi * 220 * t)).astype(np.float32))
    assert np.allclose(frames.level_db, -23.0, atol=0.3)
    assert np.allclose(frames.pitch_st, 24.0, atol=0.1)
    assert frames.mel_db.shape[1] == MELS
    centre_hz = 55 * 2 ** frames.shape[:, 5]
    assert np.allclose(centre_hz, 220, rtol=0.03)


def test_gain_shifts_levels_and_nothing_else():
    sound = voice(180)
    loud, soft = frames_of(sound), frames_of(0.1 * sound)
    assert np.allclose(loud.level_db - soft.level_db, 20.0, atol=0.01)
    speech = loud.level_db > -40.0
    assert speech.mean() > 0.4
    # Slopes and flatness see the floor of 16-bit sound between the harmonics.
    columns = [0, 1, 5, 6, 8]
    assert np.allclose(loud.shape[speech][:, columns], soft.shape[speech][:, columns], atol=0.1)
    assert np.allclose(loud.strength, soft.strength, atol=0.01)


def test_little_or_no_sound_gives_no_frames():
    assert len(frames_of(np.zeros(639, np.float32))) == 0
    assert len(frames_of(np.zeros(640, np.float32))) == 2
    assert np.isfinite(frames_of(np.zeros(RATE_HZ, np.float32)).shape).all()
    assert len(join([no_frames(), no_frames()])) == 0


def test_a_second_of_sound_is_cheap():
    """Under 12 ms of processor per second is asked; half as much again is left for a busy CI."""
    sound = np.concatenate([voice(140, seed=i) for i in range(6)])
    costs = []
    for _ in range(3):
        stream = FrameStream()
        start_s = time.process_time()
        for at in range(0, len(sound), 512):
            stream.push(sound[at : at + 512])
        costs.append((time.process_time() - start_s) / (len(sound) / RATE_HZ))
    assert min(costs) < 0.018
