# SPDX-License-Identifier: Apache-2.0
"""One vector per stretch: finite, free of level, and different where voices differ."""

import numpy as np
import pytest

from empathy_ros.core.log_mel import frames_of
from empathy_ros.core.voice_features import FEATURES, features_of, functionals
from empathy_ros.core.voice_frames import loud_frames, quantiles

from .voice_sounds import RATE_HZ, voice


def test_the_vector_is_finite_and_free_of_gain_and_of_silence_around():
    sound = voice(150)
    vector = features_of(sound)
    assert vector.shape == (FEATURES,)
    assert np.isfinite(vector).all()
    scale = np.abs(vector) + 1.0
    softer = features_of(0.25 * sound)
    assert np.max(np.abs(softer - vector) / scale) < 0.05
    quiet = (3e-4 * np.random.default_rng(5).standard_normal(RATE_HZ)).astype(np.float32)
    longer = features_of(np.concatenate((quiet, sound, quiet)))
    assert np.median(np.abs(longer - vector) / scale) < 0.02


def test_a_higher_brighter_faster_voice_moves_the_vector():
    calm, tense = features_of(voice(120, -14, 3)), features_of(voice(220, -5, 5))
    again = features_of(voice(120, -14, 3, seed=1))
    assert np.abs(tense - calm).mean() > 2 * np.abs(again - calm).mean()


@pytest.mark.parametrize(
    'sound',
    [
        np.zeros(RATE_HZ, np.float32),
        voice(150)[: RATE_HZ // 3],
        (0.1 * np.random.default_rng(0).standard_normal(RATE_HZ)).astype(np.float32),
        np.zeros(0, np.float32),
    ],
    ids=['silence', 'a third of a second', 'noise', 'nothing'],
)
def test_without_voice_there_is_no_vector(sound):
    assert np.isnan(features_of(sound)).all()


def test_pauses_are_not_loud():
    sound = voice(150)
    loud = loud_frames(frames_of(sound))
    assert not loud[:20].any()
    assert loud.mean() > 0.4
    assert np.isnan(functionals(frames_of(sound).part(0, 20))).all()


def test_quantiles_are_those_of_numpy():
    x = np.random.default_rng(0).standard_normal((37, 5)).astype(np.float32)
    expected = np.quantile(x, (0.05, 0.5, 0.9), axis=0)
    assert np.allclose(quantiles(x, (0.05, 0.5, 0.9)), expected, atol=1e-5)
    assert quantiles(x[:1, 0], (0.9,)).tolist() == x[:1, 0].tolist()
