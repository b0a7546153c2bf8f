# SPDX-License-Identifier: Apache-2.0
"""When voice is measured in a stream, and over which sound."""

from __future__ import annotations

import itertools
import math

import numpy as np

from empathy_ros.core.activity import NS
from empathy_ros.core.voice_stream import StreamConfig, VoiceStream

WINDOW_N, RATE_HZ = 512, 16_000


def stream(**config):
    numbers = itertools.count()
    return VoiceStream(lambda: f'v{next(numbers)}', StreamConfig(**config))


def play(ear, script, start_s=10.0):
    """Feed (probability, seconds, level of a 150 Hz buzz); return the stretches."""
    now_s, found, n = start_s, [], 0
    noise = np.random.default_rng(0)
    for probability, length_s, level in script:
        for _ in range(round(length_s * RATE_HZ / WINDOW_N)):
            t = (n + np.arange(WINDOW_N)) / RATE_HZ
            buzz = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 12))
            samples = level * buzz + noise.standard_normal(WINDOW_N) * 1e-3
            n += WINDOW_N
            now_s += WINDOW_N / RATE_HZ
            found += ear.push(samples.astype(np.float32), probability, int(now_s * NS))
    return found


ROOM, VOICE = (0.02, 2.0, 0.0), (0.95, 4.0, 0.1)


def test_twice_a_second_while_speaking_and_once_at_the_end():
    found = play(stream(), [ROOM, VOICE, ROOM])
    assert [s.final for s in found] == [False] * (len(found) - 1) + [True]
    assert 6 <= len(found) - 1 <= 8
    assert {s.id for s in found} == {'v0'}
    steps_s = np.diff([s.end_ns / NS for s in found[:-1]])
    assert np.abs(steps_s - 0.5).max() < 0.05


def test_the_window_is_limited_while_speaking_and_whole_at_the_end():
    found = play(stream(window_s=1.5), [ROOM, VOICE, ROOM])
    assert max(s.window_s for s in found[:-1]) < 1.55
    assert 4.0 < found[-1].window_s < 4.5
    assert abs(found[-1].features.pitch_st - 12 * math.log2(150 / 55)) < 0.5


def test_the_room_is_learned_in_silence():
    ear = stream()
    assert math.isnan(ear.noise_db)
    found = play(ear, [ROOM, VOICE])
    assert abs(ear.noise_db + 60) < 2
    assert 30 < found[-1].features.snr_db < 60


def test_silence_gives_nothing_and_an_interruption_the_turn_so_far():
    ear = stream()
    assert play(ear, [(0.02, 5.0, 0.0)]) == []
    assert ear.interrupt() == []
    play(ear, [VOICE])
    (last,) = ear.interrupt()
    assert last.final
    assert last.window_s > 3.9
    assert not ear.speaking
    assert ear.interrupt() == []
    assert play(ear, [ROOM], 20.0) == []


def test_memory_is_bounded():
    ear = stream()
    play(ear, [(0.95, 60.0, 0.1)])
    assert ear._sound_n < 12 * RATE_HZ
