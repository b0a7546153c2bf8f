# SPDX-License-Identifier: Apache-2.0
"""Arousal on acted German speech (Berlin Emo-DB), where the data folder is there.

No weight was fitted to these clips, limits were set with a look at them. Angry and happy count as
high, neutral and sad as low.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
import zipfile

import numpy as np
import pytest

from empathy_ros.core.prosody import measure
from empathy_ros.core.voice import clip_share, Hearing, VoiceAffect
from empathy_ros.engines.playlist import read_sound

FOLDER = Path(os.environ.get('EMPATHY_DATA', '/nowhere')) / 'voice' / 'emodb'
pytestmark = pytest.mark.skipif(
    not (FOLDER / 'audio.zip').is_file(), reason='needs EMPATHY_DATA/voice/emodb'
)
RATE_HZ = 16_000


@pytest.fixture(scope='module')
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp('emodb')
    with zipfile.ZipFile(FOLDER / 'audio.zip') as archive:
        archive.extractall(folder)
    with (FOLDER / 'labels.csv').open(encoding='utf-8') as table:
        rows = list(csv.DictReader(table))
    return [(row, read_sound(folder / row['file'])) for row in rows]


def judged(clips, change=lambda x: x, baseline=False):
    """Return high or low as labelled, and arousal (NaN = unknown), one per clip."""
    sounds = [change(samples).astype(np.float32) for _, samples in clips]
    features = [measure(samples) for samples in sounds]
    high, arousal = [], []
    for i, (row, _) in enumerate(clips):
        affect = VoiceAffect()
        for j, (other, _) in enumerate(clips):
            if baseline and other['speaker'] == row['speaker'] and i != j:
                affect.learn('p1', features[j])
        heard = Hearing(0, 'u', 'p1', 2.0, clip_share(sounds[i]))
        arousal.append(affect.estimate(features[i], heard).arousal)
        high.append(row['emotion'] in ('angry', 'happy'))
    return np.array(high), np.array(arousal)


def uar(high, arousal):
    return np.mean([np.mean(arousal[high] > 0), np.mean(arousal[~high] < 0)])


def test_direction_without_and_with_the_speakers_baseline(clips):
    high, alone = judged(clips)
    _, known = judged(clips, baseline=True)
    print(f'n {len(high)}, UAR {uar(high, alone):.3f}, with baseline {uar(high, known):.3f}')
    assert not np.isnan(alone).any()
    assert uar(high, alone) > 0.85
    assert uar(high, known) > 0.89


def test_sick_microphones_raise_no_arousal(clips):
    t = np.arange(30 * RATE_HZ) / RATE_HZ
    high, clean = judged(clips)
    usual = np.mean(clean[~high] > 0)

    def hum(hz):
        wave = np.sin(2 * np.pi * hz * t)
        return lambda x: x + np.sqrt(np.mean(x**2)) * 0.45 * wave[: len(x)]

    for name, change in {
        'offset': lambda x: 0.5 * x + 0.3,
        'quiet': lambda x: 0.01 * x,
        '-60 dB': lambda x: np.round(x * 32.768) / 32768,
        'clipped': lambda x: np.clip(8 * x, -1, 1),
        'hum 50': hum(50),
        'hum 100': hum(100),
    }.items():
        _, arousal = judged(clips, change)
        judged_n = np.sum(~np.isnan(arousal[~high]))
        false = np.mean(arousal[~high] > 0)
        print(f'{name}: judged {judged_n} of {np.sum(~high)}, false arousal {false:.3f}')
        assert false <= usual + 0.05, name
