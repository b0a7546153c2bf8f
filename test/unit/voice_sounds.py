# SPDX-License-Identifier: Apache-2.0
"""Synthetic voices and nonverbal sounds, all made from seeds."""

import csv
import wave

import numpy as np

RATE_HZ = 16_000


def voice(pitch_hz, tilt_db=-9.0, syllables_hz=4.0, duration_s=1.2, wobble_st=1.0, seed=0):
    """Return a buzz with syllables whose vowels change."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    track_hz = pitch_hz * 2 ** (wobble_st * np.sin(2 * np.pi * 0.9 * t + rng.uniform(0, 6)) / 12)
    phase = 2 * np.pi * np.cumsum(track_hz) / RATE_HZ
    vowel = 600 + 250 * np.sin(2 * np.pi * syllables_hz * 0.37 * t + rng.uniform(0, 6))
    sound = np.zeros_like(t)
    for k in range(1, int(4500 / pitch_hz)):
        gain = 10 ** (tilt_db * np.log2(k) / 20) * (
            1 + 2 / (1 + ((k * pitch_hz - vowel) / 150) ** 2)
        )
        sound += gain * np.cos(k * phase + 0.3 * k * k)
    # People do not speak like a clock; laughs nearly do.
    beat = syllables_hz * (t + 0.09 * np.sin(2 * np.pi * 0.8 * t + rng.uniform(0, 6)))
    sound = sound * (0.02 + np.sin(np.pi * beat) ** 2)
    return padded(sound, rng)


def padded(sound, rng, silence_s=0.3):
    quiet = np.zeros(int(silence_s * RATE_HZ))
    whole = np.concatenate((quiet, sound / np.abs(sound).max() * 0.5, quiet))
    return (whole + 3e-4 * rng.standard_normal(len(whole))).astype(np.float32)


def note(track_hz):
    """Return a held vowel that follows a pitch track [Hz] per sample."""
    phase = 2 * np.pi * np.cumsum(track_hz) / RATE_HZ
    sound = np.zeros(len(track_hz))
    for k in range(1, int(4000 / np.max(track_hz))):
        hz = k * np.mean(track_hz)
        shape = sum(
            1 / (1 + ((hz - c) / b) ** 2) for c, b in ((700, 90), (1200, 110), (2600, 160))
        )
        sound += (shape + 0.01) / np.sqrt(k) * np.cos(k * phase)
    return sound / np.abs(sound).max()


def laugh(pitch_hz=250, rate_hz=4.6, bursts=6):
    rng = np.random.default_rng(1)
    step, on = int(RATE_HZ / rate_hz), int(0.1 * RATE_HZ)
    parts = []
    for i in range(bursts):
        parts.append(note(np.full(on, pitch_hz * (1 - 0.03 * i))) * np.hanning(on) * 0.95**i)
        parts.append(0.02 * rng.standard_normal(step - on))
    return padded(np.concatenate(parts), rng)


def cough(duration_s=0.3):
    rng = np.random.default_rng(2)
    t = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    return padded(rng.standard_normal(len(t)) * np.minimum(t / 0.008, 1) * np.exp(-t / 0.09), rng)


def sigh(duration_s=1.4):
    rng = np.random.default_rng(3)
    noise = rng.standard_normal(int(duration_s * RATE_HZ))
    return padded(
        np.convolve(noise, [0.5, 0.25, 0.13, 0.06], 'same') * np.hanning(len(noise)), rng
    )


def yawn(duration_s=2.2):
    n = int(duration_s * RATE_HZ)
    track = 260 * 2 ** (-np.linspace(0, 8, n) / 12)
    return padded(note(track) * np.sqrt(np.hanning(n)), np.random.default_rng(4))


def write_wav(path, samples, rate_hz=RATE_HZ):
    with wave.open(str(path), 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype('<i2').tobytes())


# label: pitch factor, tilt, syllables per second, wobble
STYLES = {
    'angry': (1.6, -5.0, 5.0, 2.0),
    'sad': (0.95, -14.0, 2.6, 0.5),
    'neutral': (1.0, -9.0, 4.0, 1.0),
}


def write_corpus(folder, speakers=4, per_class=4, labels=tuple(STYLES), shift_st=0.0):
    """Write clips and a labels.csv of speakers that differ in pitch."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for speaker in range(speakers):
        base_hz = 95 * 2 ** ((speaker * 3 + shift_st) / 12)
        for label in labels:
            factor, tilt, rate, wobble = STYLES[label]
            for i in range(per_class):
                seed = 1000 * speaker + 10 * i + len(label)
                rng = np.random.default_rng(seed)
                sound = voice(
                    base_hz * factor * rng.uniform(0.95, 1.05), tilt + rng.uniform(-1, 1),
                    rate * rng.uniform(0.9, 1.1), 1.0, wobble, seed,
                )  # fmt: skip
                name = f's{speaker}_{label}_{i}.wav'
                write_wav(folder / name, sound)
                rows.append((name, f's{speaker}', 'mf'[speaker % 2], 60 + speaker, label))
    with (folder / 'labels.csv').open('w', newline='') as table:
        writer = csv.writer(table)
        writer.writerow(('file', 'speaker', 'sex', 'age', 'emotion'))
        writer.writerows(rows)
    return folder
