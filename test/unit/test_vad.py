# SPDX-License-Identifier: Apache-2.0
"""The voice activity network on real voices and on sounds that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.playlist import read_sound
from empathy_ros.engines.vad import SileroVad, WINDOW_N

DEMO = Path(__file__).parents[2] / 'examples' / 'demo'
RATE_HZ = 16_000


@pytest.fixture(scope='module')
def vad():
    try:
        file = models.find('silero_vad')
    except ModelError as error:
        pytest.skip(str(error))
    return SileroVad(file)


def probabilities(vad, samples):
    vad.reset()
    return [p for _, p in vad.push(samples.astype(np.float32))]


def test_voices_are_speech(vad):
    for path in sorted(DEMO.glob('*.wav')):
        heard = probabilities(vad, read_sound(path))
        assert np.mean(np.array(heard) > 0.5) > 0.7, path.name


def test_noise_tone_hum_and_silence_are_not(vad):
    t = np.arange(3 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).standard_normal(len(t))
    sounds = {
        'silence': 0 * t,
        'hiss': 0.05 * noise,
        'tone': 0.3 * np.sin(2 * np.pi * 440 * t),
        'hum': 0.1 * np.sin(2 * np.pi * 50 * t),
    }
    for name, samples in sounds.items():
        assert max(probabilities(vad, samples)) < 0.3, name


def test_chunks_of_any_size_give_the_same(vad):
    samples = read_sound(DEMO / 'voice_man_greeting.wav')
    whole = probabilities(vad, samples)
    vad.reset()
    pieces, start = [], 0
    rng = np.random.default_rng(1)
    while start < len(samples):
        n = int(rng.integers(1, 1500))
        pieces += [p for _, p in vad.push(samples[start : start + n])]
        start += n
    assert pieces == pytest.approx(whole, abs=1e-6)
    assert vad.pending_n == len(samples) % WINDOW_N


@pytest.mark.parametrize('bad', [np.zeros(100, np.float32), np.zeros((1, 512), np.float32)])
def test_wrong_windows_are_refused(vad, bad):
    with pytest.raises(ValueError, match='512 samples'):
        vad.window(bad)


def test_not_a_number_leaves_the_state_intact(vad):
    samples = read_sound(DEMO / 'voice_man_greeting.wav')[: 40 * WINDOW_N]
    want = probabilities(vad, samples)
    vad.reset()
    first = [p for _, p in vad.push(samples[: 20 * WINDOW_N])]
    with pytest.raises(ValueError, match='not finite'):
        vad.window(np.full(WINDOW_N, np.nan, np.float32))
    rest = [p for _, p in vad.push(samples[20 * WINDOW_N :])]
    assert first + rest == pytest.approx(want, abs=1e-6)


def test_missing_or_foreign_model_is_named(tmp_path):
    with pytest.raises(ModelError, match=r'none\.onnx'):
        SileroVad(tmp_path / 'none.onnx')
    other = tmp_path / 'other.onnx'
    other.write_bytes(b'not a network')
    with pytest.raises(ModelError, match=r'other\.onnx'):
        SileroVad(other)
    with pytest.raises(ModelError, match='sha256'):
        SileroVad(other, sha256='0' * 64)
