# SPDX-License-Identifier: Apache-2.0
"""Stretches of voice out of a stream: the right sound, the right vector, events of their own."""

import numpy as np

from empathy_ros.core.voice import Hearing, VoiceAffect
from empathy_ros.core.voice_features import features_of
from empathy_ros.core.voice_stream import VoiceStream

from .voice_sounds import laugh, padded, RATE_HZ, voice

WINDOW_N = 512


def stretches(sound, *, vectors=True):
    """Play a sound whose loud part counts as speech; return what was measured."""
    stream = VoiceStream(lambda: 'u1', vectors=vectors)
    quiet = padded(np.ones(1), np.random.default_rng(0), 1.5)
    sound = np.concatenate((quiet * 0.01, sound, quiet * 0.01)).astype(np.float32)
    found = []
    for at in range(0, len(sound) - WINDOW_N, WINDOW_N):
        window = sound[at : at + WINDOW_N]
        end_ns = int((at + WINDOW_N) / RATE_HZ * 1e9)
        loud = float(np.abs(sound[max(0, at - 3000) : at + WINDOW_N]).max()) > 0.02
        found += stream.push(window, 0.95 if loud else 0.01, end_ns)
    return found


def test_the_vector_of_a_turn_is_that_of_its_sound():
    sound = voice(150, duration_s=2.5)
    last = stretches(sound)[-1]
    assert last.final
    assert last.event == ''
    whole = features_of(sound)
    apart = np.abs(last.vector - whole) / (np.abs(whole) + 1.0)
    assert np.median(apart) < 0.02


def test_vectors_are_measured_only_when_asked_for():
    assert {s.vector is None for s in stretches(voice(150, duration_s=2.0), vectors=False)} == {
        True
    }


def test_a_laugh_is_an_event_and_no_affect():
    last = stretches(laugh(bursts=8))[-1]
    assert last.event == 'laugh'
    hearing = Hearing(0, 'u1', 'p1', last.window_s, last.clip_share, last.event)
    estimate = VoiceAffect().estimate(last.features, hearing)
    assert estimate.abstained
    assert estimate.reason == 'laugh'
    assert np.isnan(estimate.arousal)
