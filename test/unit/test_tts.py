# SPDX-License-Identifier: Apache-2.0
"""Speech engines as processes: style has effect, bad text and programs are named."""

from __future__ import annotations

import os
import shutil
import wave

import numpy as np
import pytest

from empathy_ros.core.prosody import measure
from empathy_ros.core.speakable import MAX_CHARACTERS, speakable
from empathy_ros.engines import tts
from empathy_ros.engines.speech_cache import Cache
from empathy_ros.engines.tts import (
    open_tts,
    Silent,
    Speech,
    SpeechError,
    Style,
    write_wav,
)

SENTENCE = 'My sister came on Tuesday, and we had a long talk.'
INSTALLED = [name for name in ('flite', 'espeak-ng') if shutil.which(name)]
needs_engine = pytest.mark.skipif(not INSTALLED, reason='neither flite nor espeak-ng is installed')


@needs_engine
@pytest.mark.parametrize('name', INSTALLED)
def test_rate_pitch_and_volume(name):
    engine = open_tts(name)
    plain = engine.say(SENTENCE, Style())
    assert 2.0 < plain.duration_s < 6.0
    assert np.abs(plain.samples).max() > 3000
    slow = engine.say(SENTENCE, Style(rate=0.7))
    assert 1.25 < slow.duration_s / plain.duration_s < 1.7
    high = engine.say(SENTENCE, Style(pitch=1.25))
    assert measure(high.at_16k()).pitch_st > measure(plain.at_16k()).pitch_st + 0.7
    soft = engine.say(SENTENCE, Style(volume=0.4))
    ratio = np.abs(soft.samples).max() / np.abs(plain.samples).max()
    assert abs(ratio - 0.4) < 0.05


@needs_engine
@pytest.mark.parametrize('name', INSTALLED)
@pytest.mark.parametrize(
    'text',
    ['$(touch owned); `touch owned` && touch owned', '-o owned -f /etc/passwd', '"; rm -rf /"',
     'caf\u00e9 \u2019quoted\u2019 \u4f60\u597d', '<audio src="x"/> hello'],
)  # fmt: skip
def test_text_is_never_a_command(name, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    speech = open_tts(name).say(text, Style())
    assert speech.duration_s > 0.2
    assert os.listdir(tmp_path) == []


@needs_engine
@pytest.mark.parametrize('text', ['', '   ', '\x00\x07', '...', '<>{}'])
def test_nothing_to_say_is_named(text):
    with pytest.raises(SpeechError, match='no letter'):
        open_tts('auto').say(text, Style())


@needs_engine
def test_not_a_number_style_counts_as_normal():
    engine = open_tts('auto')
    odd = engine.say(SENTENCE, Style(rate=float('nan'), volume=float('nan')))
    assert odd.duration_s == engine.say(SENTENCE, Style()).duration_s


def test_speakable_cuts_at_sentences_and_removes_marks():
    assert speakable('a\n\tb\x1b[31m  c\u200b') == 'a b 31m c'
    assert speakable('\u201cIt\u2019s fine\u201d \u2014 she said') == '"It\'s fine" , she said'
    long = 'This is one sentence. ' * 100
    cut = speakable(long)
    assert len(cut) <= MAX_CHARACTERS
    assert cut.endswith('sentence.')
    assert len(speakable('x' * 5000)) == MAX_CHARACTERS


def test_no_engine_is_said_with_the_cure(monkeypatch):
    monkeypatch.setenv('PATH', '')
    with pytest.raises(SpeechError, match='apt-get install flite'):
        open_tts('auto')
    with pytest.raises(SpeechError, match='flite is not installed'):
        open_tts('flite')
    with pytest.raises(SpeechError, match='festival'):
        open_tts('festival')


def test_silent_engine_takes_the_time_of_speech():
    speech = Silent().say('one two three four five six seven eight', Style())
    assert 2.0 < speech.duration_s < 4.0
    assert not speech.samples.any()


def fake_engine(folder, script):
    program = folder / 'flite'
    program.write_text(f'#!/bin/sh\n{script}\n')
    program.chmod(0o755)


@pytest.mark.parametrize(
    ('script', 'word'),
    [('echo no voice >&2; exit 3', 'ended with 3: no voice'), ('exit 0', 'ended with 0'),
     ('for a; do :; done; echo junk > "$a"', 'no WAV')],
)  # fmt: skip
def test_failing_engine_is_named(tmp_path, monkeypatch, script, word):
    fake_engine(tmp_path, script)
    monkeypatch.setenv('PATH', f'{tmp_path}:/bin:/usr/bin')
    with pytest.raises(SpeechError, match=word):
        open_tts('flite').say('hello', Style())


def test_hanging_engine_is_ended(tmp_path, monkeypatch):
    fake_engine(tmp_path, 'exec sleep 60')
    monkeypatch.setenv('PATH', f'{tmp_path}:/bin:/usr/bin')
    monkeypatch.setattr(tts, 'TIMEOUT_S', 0.3)
    with pytest.raises(SpeechError, match='timed out'):
        open_tts('flite').say('hello', Style())


def test_unknown_voice_lists_the_known():
    if not shutil.which('flite'):
        pytest.skip('flite is not installed')
    with pytest.raises(SpeechError, match='slt, awb'):
        open_tts('flite').say('hello', Style(voice='../../etc/passwd'))


def test_cache_speaks_once_and_forgets_the_oldest():
    calls = []

    class Counting:
        name = 'counting'

        def say(self, text, style):
            calls.append(text)
            return Speech(np.zeros(10, np.int16), 16_000)

    cache = Cache(Counting(), keep=2)
    for text in ('a', 'a', 'b', 'c', 'a'):
        cache.say(text, Style())
    assert calls == ['a', 'b', 'c', 'a']


def test_wav_file_is_whole(tmp_path):
    samples = np.arange(-500, 500, dtype=np.int16)
    write_wav(tmp_path / 'x.wav', Speech(samples, 22_050))
    with wave.open(str(tmp_path / 'x.wav')) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnframes()) == (
            22_050,
            2,
            1000,
        )
    assert [p.name for p in tmp_path.iterdir()] == ['x.wav']
