# SPDX-License-Identifier: Apache-2.0
"""Decoding, resampling and the gate for bad chunks."""

from __future__ import annotations

import numpy as np
import pytest

from empathy_ros.core.audio import mono_from_pcm, SoundGate, to_int16
from empathy_ros.core.media import Sound
from empathy_ros.core.resampling import RATE_HZ, resample, Resampler
from empathy_ros.core.stream_time import RateWatch, StreamClock


def tone(freq_hz, rate_hz, duration_s=1.0, level=0.5):
    t = np.arange(int(rate_hz * duration_s)) / rate_hz
    return (level * np.sin(2 * np.pi * freq_hz * t)).astype(np.float32)


def chunks(samples, rate_hz, label_hz=None, n=None):
    """Cut a recording into 64 ms pieces whose stamps follow the true rate."""
    n = n or int(0.064 * rate_hz)
    for seq, start in enumerate(range(0, len(samples) - n + 1, n)):
        stamp_ns = 5_000_000_000 + int(start / rate_hz * 1e9)
        yield Sound(stamp_ns, samples[start : start + n], label_hz or rate_hz, seq)


def test_pcm_round_trip_within_half_a_step():
    samples = np.linspace(-1, 0.99, 501, dtype=np.float32)
    back = mono_from_pcm(to_int16(samples).tobytes(), 'S16LE', 1)
    assert np.abs(back - samples).max() < 1.0 / 16384


def test_stereo_is_averaged_and_float_kept():
    data = np.array([[0.5, -0.5], [0.25, 0.75]], dtype='<f4').tobytes()
    assert mono_from_pcm(data, 'F32LE', 2).tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    ('data', 'encoding', 'channels', 'word'),
    [
        (b'\0\0\0', 'S16LE', 1, '3 bytes'),
        (b'\0\0', 'S16LE', 2, 'whole frames'),
        (b'\0\0', 'S24LE', 1, 'S24LE'),
        (b'\0\0', 'S16LE', 0, 'channels 0'),
    ],
)
def test_bad_pcm_is_named(data, encoding, channels, word):
    with pytest.raises(ValueError, match=word):
        mono_from_pcm(data, encoding, channels)


@pytest.mark.parametrize('rate_in', [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_resampling_keeps_a_tone_in_time_and_level(rate_in):
    got = resample(tone(440, rate_in), rate_in)
    want = tone(440, RATE_HZ)
    assert len(got) == RATE_HZ
    middle = slice(800, -800)
    assert np.abs(got[middle] - want[middle]).max() < 2e-3


def test_resampling_removes_what_would_alias():
    got = resample(tone(11_000, 44_100), 44_100)
    rms = np.sqrt(np.mean(got[800:-800] ** 2))
    assert 20 * np.log10(rms / 0.3536) < -70


def test_streaming_equals_one_shot():
    rng = np.random.default_rng(1)
    samples = rng.standard_normal(44_100).astype(np.float32) * 0.1
    stream = Resampler(44_100)
    parts, start = [], 0
    while start < len(samples):
        n = int(rng.integers(1, 2000))
        parts.append(stream.push(samples[start : start + n]))
        start += n
    joined = np.concatenate(parts)
    assert 0 <= RATE_HZ - len(joined) < 20
    assert np.abs(joined - resample(samples, 44_100)[: len(joined)]).max() < 1e-6


def test_resampler_refuses_absurd_rates():
    with pytest.raises(ValueError, match='100 Hz'):
        Resampler(100)


@pytest.mark.parametrize(
    ('samples', 'rate', 'reason'),
    [
        (np.zeros(0, np.float32), 16_000, 'empty'),
        (np.full(512, np.nan, np.float32), 16_000, 'not_finite'),
        (np.array([0.0, np.inf], np.float32), 16_000, 'not_finite'),
        (np.full(512, 3e4, np.float32), 16_000, 'out_of_range'),
        (np.zeros((256, 2), np.float32), 16_000, 'shape'),
        (np.zeros(512, np.float32), 0, 'bad_rate'),
        (np.zeros(512, np.float32), 10**9, 'bad_rate'),
        (np.zeros(8_000 * 11, np.float32), 8_000, 'too_long'),
    ],
)
def test_gate_drops_and_stays_finite(samples, rate, reason):
    gate = SoundGate()
    checked = gate.step(Sound(0, samples, rate))
    assert checked.dropped
    assert checked.reasons == (reason,)
    assert len(checked.samples) == 0
    for sound in chunks(tone(300, RATE_HZ), RATE_HZ):
        after = gate.step(sound)
        assert not after.dropped
        assert after.reasons == ()
        assert np.isfinite(after.samples).all()


def test_denormals_become_zero():
    checked = SoundGate().step(Sound(0, np.full(512, 1e-40, np.float32), 16_000))
    assert not checked.dropped
    assert not checked.samples.any()


@pytest.mark.parametrize(
    ('change', 'reason'),
    [
        (lambda x: np.clip(4 * x, -1, 1), 'clipped'),
        (lambda x: x * 0.5 + 0.3, 'dc_offset'),
        (lambda x: x * 0, 'dead'),
    ],
)
def test_sick_microphones_are_flagged_and_not_dropped(change, reason):
    gate = SoundGate()
    got = [gate.step(s) for s in chunks(change(tone(300, RATE_HZ, 3.0)), RATE_HZ)]
    assert not any(c.dropped for c in got)
    assert reason in got[-1].reasons


def test_quiet_but_living_microphone_is_fine():
    rng = np.random.default_rng(0)
    hiss = (rng.standard_normal(3 * RATE_HZ) * 2e-4).astype(np.float32)
    gate = SoundGate()
    assert all(gate.step(s).reasons == () for s in chunks(hiss, RATE_HZ))


def test_48_khz_labelled_16_khz_is_resampled():
    gate = SoundGate()
    sounds = list(chunks(tone(440, 48_000, 6.0), 48_000, label_hz=16_000))
    got = [gate.step(s) for s in sounds]
    assert got[-1].reasons == ('wrong_rate',)
    late = np.concatenate([c.samples for c in got[-20:]])
    assert abs(len(late) / RATE_HZ - 20 * 0.064) < 0.01
    peak_hz = np.fft.rfft(late).__abs__().argmax() * RATE_HZ / len(late)
    assert abs(peak_hz - 440) < 2


def test_stereo_labelled_mono_is_noticed():
    both = np.repeat(tone(440, RATE_HZ, 6.0), 2)
    gate = SoundGate()
    got = [gate.step(s) for s in chunks(both, 32_000, label_hz=16_000)]
    assert got[-1].reasons == ('wrong_rate',)
    late = np.concatenate([c.samples for c in got[-20:]])
    assert abs(np.abs(np.fft.rfft(late)).argmax() * RATE_HZ / len(late) - 440) < 2


def test_too_fast_for_any_rate_is_refused_and_recovers():
    watch = RateWatch()
    step_ns = int(512 / 19_000 * 1e9)
    rates = [watch.step(i * step_ns, 512, 16_000) for i in range(200)]
    assert rates[0] == 16_000
    assert rates[-1] == 0
    start_ns = 200 * step_ns
    rates = [watch.step(start_ns + i * 32_000_000, 512, 16_000) for i in range(200)]
    assert rates[-1] == 16_000


def test_lost_sound_and_still_stamps_do_not_change_the_rate():
    watch = RateWatch()
    assert all(watch.step(i * 45_000_000, 512, 16_000) == 16_000 for i in range(300))
    watch = RateWatch()
    assert all(watch.step(0, 512, 16_000) == 16_000 for _ in range(300))


MS = 1_000_000


def test_stream_clock_follows_good_stamps_through_jitter():
    clock, rng = StreamClock(), np.random.default_rng(0)
    for k in range(500):
        jitter_ns = int(rng.normal() * 10 * MS) if k else 0
        end_ns, missing = clock.step(k * 64 * MS + jitter_ns, 64 * MS)
        assert not missing
        assert abs(end_ns - (k + 1) * 64 * MS) < 15 * MS


@pytest.mark.parametrize('speed', [0.0, 0.5, 2.0])
def test_stream_clock_runs_on_when_stamps_do_not(speed):
    clock = StreamClock()
    ends = [clock.step(int(k * 64 * MS * speed), 64 * MS) for k in range(500)]
    assert not any(missing for _, missing in ends)
    steps = np.diff([end for end, _ in ends])
    assert steps.min() > 60 * MS
    assert steps.max() < 68 * MS


def test_stream_clock_believes_a_jump():
    clock = StreamClock()
    clock.step(0, 64 * MS)
    assert clock.step(5_000 * MS, 64 * MS) == (5_064 * MS, True)
    assert clock.step(-3_000 * MS, 64 * MS) == (-2_936 * MS, True)
    assert clock.step(-2_936 * MS, 64 * MS) == (-2_872 * MS, False)


def test_our_own_microphone_is_not_suspected_under_a_slow_clock():
    gate = SoundGate()
    for k in range(200):
        sound = Sound(k * 32 * MS, tone(300, RATE_HZ, 0.064), RATE_HZ, k)
        checked = gate.step(sound, trust_rate=True)
        assert checked.reasons == ()
        assert len(checked.samples) == 1024
