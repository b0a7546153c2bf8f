# SPDX-License-Identifier: Apache-2.0
"""Laughs, coughs, sighs and yawns are found on synthetic sounds; speech is never one of them."""

from pathlib import Path

import pytest

from empathy_ros.core.log_mel import frames_of
from empathy_ros.core.voice_events import nonverbal
from empathy_ros.engines.playlist import read_sound

from .voice_sounds import cough, laugh, sigh, voice, yawn

DEMO = Path(__file__).parents[2] / 'examples' / 'demo'


@pytest.mark.parametrize(
    ('name', 'sounds'),
    [
        ('laugh', [laugh(hz, rate) for hz in (150, 250, 350) for rate in (4.0, 5.5)]),
        ('cough', [cough(s) for s in (0.2, 0.3, 0.45)]),
        ('sigh', [sigh(s) for s in (1.0, 1.4, 2.2)]),
        ('yawn', [yawn(s) for s in (1.6, 2.2, 3.0)]),
    ],
)
def test_synthetic_sounds_are_recognised(name, sounds):
    assert [nonverbal(frames_of(sound)) for sound in sounds] == [name] * len(sounds)


def test_read_speech_is_none_of_them():
    clips = sorted(DEMO.glob('*.wav'))
    assert clips
    for clip in clips:
        frames = frames_of(read_sound(clip))
        parts = [frames.part(at, at + 300) for at in range(0, max(1, len(frames) - 299), 50)]
        assert {nonverbal(part) for part in (frames, *parts)} == {''}, clip.name


def test_too_little_sound_is_none_of_them():
    assert nonverbal(frames_of(voice(100)[:0])) == ''
    assert nonverbal(frames_of(voice(100)[:3200])) == ''
