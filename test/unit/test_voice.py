# SPDX-License-Identifier: Apache-2.0
"""Pitch, rate, tilt and the arousal estimate on synthetic and real voices."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from empathy_ros.core.prosody import measure, VoiceFeatures
from empathy_ros.core.voice import clip_share, Hearing, VoiceAffect, VoiceConfig
from empathy_ros.core.voice_baseline import Baseline
from empathy_ros.engines.playlist import read_sound

RATE_HZ = 16_000
DEMO = Path(__file__).parents[2] / 'examples' / 'demo'
HEARD = Hearing(stamp_ns=7, id='u1', person_id='p1', window_s=2.0)


def pulse_voice(
    pitch_hz, syllables_hz=4.0, duration_s=3.0, tilt_db_per_octave=-9.0, wobble_st=1.0
):
    """Return a buzz with harmonics, a slow pitch wobble and syllable-like level dips."""
    t = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    track_hz = pitch_hz * 2 ** (wobble_st * np.sin(2 * np.pi * 0.7 * t) / 12)
    phase = 2 * np.pi * np.cumsum(track_hz) / RATE_HZ
    voice = np.zeros_like(t)
    for k in range(1, int(4500 / pitch_hz)):
        voice += 10 ** (tilt_db_per_octave * math.log2(k) / 20) * np.cos(k * phase + 0.3 * k * k)
    level = 0.02 + np.sin(np.pi * syllables_hz * t) ** 2
    voice = voice * level
    voice = voice / np.abs(voice).max() * 0.5
    # Every real voice has breath in it.
    voice += 2e-3 * level * np.random.default_rng(1).standard_normal(len(voice))
    edge = np.zeros(int(0.3 * RATE_HZ))
    noise = np.random.default_rng(0).standard_normal(len(voice) + 2 * len(edge)) * 1e-4
    return (np.concatenate((edge, voice, edge)) + noise).astype(np.float32)


def semitones(pitch_hz):
    return 12 * math.log2(pitch_hz / 55)


@pytest.mark.parametrize('pitch_hz', [80, 110, 165, 220, 330, 420])
def test_pitch_is_found_within_a_quarter_tone(pitch_hz):
    features = measure(pulse_voice(pitch_hz))
    assert abs(features.pitch_st - semitones(pitch_hz)) < 0.5
    assert 0.5 < features.pitch_range_st < 2.5


@pytest.mark.parametrize('syllables_hz', [2.0, 3.0, 4.5, 6.0])
def test_rate_counts_syllables(syllables_hz):
    features = measure(pulse_voice(140, syllables_hz))
    assert abs(features.rate_hz - syllables_hz) < 0.25 * syllables_hz


def test_pauses_do_not_lower_the_rate():
    one = pulse_voice(140, 4.0, 1.5)
    pause = np.zeros(2 * RATE_HZ, np.float32)
    fast, slow = measure(np.concatenate((one, one))), measure(np.concatenate((one, pause, one)))
    assert abs(fast.rate_hz - slow.rate_hz) < 0.4


def test_tilt_follows_the_spectrum_and_ignores_room_noise():
    flat = measure(pulse_voice(140, tilt_db_per_octave=-4.0)).tilt_db
    soft_voice = pulse_voice(140, tilt_db_per_octave=-12.0)
    soft = measure(soft_voice).tilt_db
    assert flat - soft > 8
    hiss = np.random.default_rng(1).standard_normal(len(soft_voice)).astype(np.float32) * 0.004
    assert abs(measure(soft_voice + hiss).tilt_db - soft) < 3.0


def test_white_noise_has_no_voice():
    noise = np.random.default_rng(2).standard_normal(3 * RATE_HZ).astype(np.float32) * 0.1
    features = measure(noise, noise_db=-60.0)
    assert features.voiced_s < 0.3
    assert VoiceAffect().estimate(features, HEARD).abstained


@pytest.mark.parametrize('n', [0, 1, 500, 800])
def test_tiny_sounds_give_nothing(n):
    features = measure(np.ones(n, np.float32) * 0.1)
    estimate = VoiceAffect().estimate(features, HEARD)
    assert estimate.abstained
    assert math.isnan(estimate.arousal)
    assert estimate.confidence == 0.0


def voice_of(**changes):
    values = {
        'pitch_st': 15.0, 'pitch_range_st': 4.0, 'level_db': -25.0, 'level_range_db': 12.0,
        'tilt_db': -14.0, 'rate_hz': 4.2, 'speech_s': 2.0, 'voiced_s': 1.6, 'snr_db': 35.0,
    }  # fmt: skip
    return VoiceFeatures(**{**values, **changes})


RAISED = {
    'pitch_st': 21.0,
    'tilt_db': -6.0,
    'rate_hz': 5.4,
    'pitch_range_st': 7.0,
    'level_db': -17.0,
}
LOWERED = {'pitch_st': 12.5, 'tilt_db': -20.0, 'rate_hz': 3.2, 'pitch_range_st': 2.0}


def accustomed():
    affect = VoiceAffect()
    rng = np.random.default_rng(3)
    for _ in range(20):
        affect.learn(
            'p1',
            voice_of(pitch_st=15 + rng.normal() * 0.7, tilt_db=-14 + rng.normal(),
                     rate_hz=4.2 + rng.normal() * 0.3, level_db=-25 + rng.normal()),
        )  # fmt: skip
    return affect


def test_direction_and_confidence_with_a_baseline():
    affect = accustomed()
    up = affect.estimate(voice_of(**RAISED), HEARD)
    down = affect.estimate(voice_of(**LOWERED), HEARD)
    same = affect.estimate(voice_of(), HEARD)
    assert up.arousal > 0.5
    assert up.confidence > 0.9
    assert down.arousal < -0.4
    assert down.confidence > 0.85
    assert abs(same.arousal) < 0.2
    assert same.confidence < 0.65
    for estimate in (up, down, same):
        assert math.isnan(estimate.valence)
        assert math.isnan(estimate.dominance)
        assert len(estimate.scores) == 0
        assert estimate.top_label == ''
        assert estimate.person_id == 'p1'
        assert estimate.stamp_ns == 7


def test_a_high_voice_is_not_arousal_for_who_always_speaks_so():
    high = voice_of(pitch_st=28.0, tilt_db=-12.0)
    affect = VoiceAffect()
    stranger, _ = affect.score(high, 'p1')
    for _ in range(40):
        affect.learn('p1', high)
    known, _ = affect.score(high, 'p1')
    assert known < 0.6 * stranger
    assert abs(affect.estimate(high, HEARD).arousal) < 0.2


def test_without_baseline_confidence_is_capped():
    stranger = VoiceAffect().estimate(voice_of(**RAISED), HEARD)
    assert 0.5 < stranger.confidence <= 0.8


def test_level_counts_only_against_a_baseline():
    quiet, loud = voice_of(level_db=-45.0), voice_of(level_db=-10.0)
    stranger = VoiceAffect()
    assert stranger.score(quiet, 'p1') == stranger.score(loud, 'p1')
    affect = accustomed()
    assert affect.score(loud, 'p1')[0] > affect.score(quiet, 'p1')[0]


def test_noise_lowers_confidence_and_then_abstains():
    affect = accustomed()
    at = [affect.estimate(voice_of(**RAISED, snr_db=db), HEARD) for db in (40.0, 20.0, 16.0, 5.0)]
    assert at[0].confidence > at[1].confidence > at[2].confidence > 0.5
    assert at[3].abstained
    assert at[3].reason == 'noise'
    assert math.isnan(at[3].arousal)


@pytest.mark.parametrize(
    ('features', 'hearing', 'reason'),
    [
        (voice_of(), Hearing(1, 'u', 'p1', problem='robot_speaking'), 'robot_speaking'),
        (voice_of(), Hearing(1, 'u', ''), 'unknown_person'),
        (voice_of(), Hearing(1, 'u', 'p1', clip_share=0.05), 'clipped'),
        (voice_of(pitch_st=math.inf), Hearing(1, 'u', 'p1'), 'bad_audio'),
        (voice_of(speech_s=0.0), Hearing(1, 'u', 'p1'), 'silence'),
        (voice_of(voiced_s=0.2), Hearing(1, 'u', 'p1'), 'too_short'),
        (voice_of(pitch_st=math.nan, tilt_db=math.nan), Hearing(1, 'u', 'p1'), 'too_short'),
        (voice_of(snr_db=math.nan), Hearing(1, 'u', 'p1'), 'noise'),
    ],
)
def test_reasons_to_abstain(features, hearing, reason):
    estimate = VoiceAffect().estimate(features, hearing)
    assert estimate.abstained
    assert estimate.reason == reason
    assert math.isnan(estimate.arousal)
    assert estimate.confidence == 0.0


def test_bad_turns_are_not_learned_and_memory_is_bounded():
    affect = VoiceAffect(VoiceConfig(baseline_keep=10))
    affect.learn('p1', voice_of(snr_db=2.0))
    affect.learn('', voice_of())
    affect.learn('p1', voice_of(tilt_db=math.inf))
    assert affect.baseline_turns('p1') == 0
    for _ in range(50):
        affect.learn('p1', voice_of())
    assert affect.baseline_turns('p1') == 10
    for index in range(40):
        affect.learn(f'guest{index}', voice_of())
    assert sum(affect.baseline_turns(f'guest{i}') for i in range(40)) == 16
    affect.forget('guest39')
    assert affect.baseline_turns('guest39') == 0
    affect.forget()
    assert affect.baseline_turns('guest38') == 0


def test_one_outburst_hardly_moves_the_baseline():
    usual = Baseline(60)
    for value in (15.0, 15.2, 14.9, 15.1, 14.8, 15.3, 15.0, 14.9):
        usual.add(voice_of(pitch_st=value))
    before, _ = usual.usual(0, 4.0)
    usual.add(voice_of(pitch_st=30.0))
    assert abs(usual.usual(0, 4.0)[0] - before) < 0.5


def test_clipping_is_seen_at_any_level():
    voice = pulse_voice(140)
    assert clip_share(voice) < 0.003
    assert clip_share(np.clip(voice * 6, -0.5, 0.5) * 0.1) > 0.02
    assert clip_share(np.zeros(100, np.float32)) == 0.0
    assert clip_share(np.zeros(0, np.float32)) == 0.0


def test_real_reading_voice_is_measured_and_calm_enough():
    for path in sorted(DEMO.glob('sense_and_sensibility*.wav')):
        features = measure(read_sound(path))
        assert 60 < 55 * 2 ** (features.pitch_st / 12) < 300
        assert 2.5 < features.rate_hz < 7.5
        assert features.snr_db > 15
        estimate = VoiceAffect().estimate(features, HEARD)
        assert not estimate.abstained
        assert estimate.confidence <= 0.8


def test_a_telephone_takes_the_tilt_away_and_nothing_is_guessed_from_it():
    from empathy_ros.evaluation.voice_degrade import degrade

    clean = pulse_voice(150)
    narrow = measure(degrade(clean, 'telephone', 0))
    assert math.isfinite(measure(clean).tilt_db)
    assert math.isnan(narrow.tilt_db)
    assert abs(narrow.pitch_st - measure(clean).pitch_st) < 0.5
    assert VoiceAffect().estimate(narrow, HEARD).reason == 'narrow_band'
    used = accustomed()
    assert not used.estimate(narrow, HEARD).abstained
