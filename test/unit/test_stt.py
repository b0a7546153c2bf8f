# SPDX-License-Identifier: Apache-2.0
"""Words of real readers, and no words where nobody speaks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.playlist import read_sound
from empathy_ros.engines.stt import clean_text, judge, WhisperStt

DEMO = Path(__file__).parents[2] / 'examples' / 'demo'
RATE_HZ = 16_000


@pytest.fixture(scope='module')
def stt():
    pytest.importorskip('faster_whisper')
    try:
        folder = models.find('whisper_tiny')
    except ModelError as error:
        pytest.skip(str(error))
    return WhisperStt(folder)


def words(text):
    return [''.join(c for c in w if c.isalnum()) for w in text.lower().replace('-', ' ').split()]


@pytest.mark.parametrize(
    ('clip', 'expected'),
    [
        ('sense_and_sensibility_01_austen_64kb-0870', 'had then leisure to consider how much'),
        (
            'sense_and_sensibility_01_austen_64kb-0930',
            'he might even have been made amiable',
        ),
        ('voice_man_greeting', 'a merry christmas and a happy new year'),
    ],
)
def test_real_voices(stt, clip, expected):
    heard = stt.transcribe(read_sound(DEMO / f'{clip}.wav'))
    assert expected in ' '.join(words(heard.text))
    assert 0.6 < heard.confidence <= 1.0


def test_no_words_without_voice(stt):
    t = np.arange(3 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).standard_normal(len(t))
    for samples in (0 * t, 0.05 * noise, 0.3 * np.sin(2 * np.pi * 440 * t), 1e-4 * noise):
        heard = stt.transcribe(samples.astype(np.float32))
        assert heard.text == ''
        assert heard.rejected != ''
        assert heard.confidence == 0.0


def test_short_and_bad_sound(stt):
    assert stt.transcribe(np.ones(100, np.float32)).rejected == 'too_short'
    with pytest.raises(ValueError, match='not finite'):
        stt.transcribe(np.full(RATE_HZ, np.inf, np.float32))


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelError, match=r'model\.bin: not found; run \./empathy setup'):
        WhisperStt(tmp_path)


def test_broken_model_is_named(tmp_path):
    pytest.importorskip('faster_whisper')
    for name in ('model.bin', 'config.json', 'tokenizer.json'):
        (tmp_path / name).write_text('{}')
    with pytest.raises(ModelError, match=str(tmp_path)):
        WhisperStt(tmp_path)


def part(text, logprob=-0.2, no_speech=0.02, squeeze=1.1):
    return SimpleNamespace(
        text=text, avg_logprob=logprob, no_speech_prob=no_speech, compression_ratio=squeeze
    )


@pytest.mark.parametrize(
    ('pieces', 'duration_s', 'rejected'),
    [
        ([part('Hello there.')], 1.0, ''),
        ([part('Hello.', logprob=-1.4)], 1.0, 'unsure'),
        ([part('Hello.', logprob=float('nan'))], 1.0, 'unsure'),
        ([part('Thank you.', logprob=-0.8)], 1.0, 'stock_phrase'),
        ([part('Thank you.')], 1.0, ''),
        ([part('Thanks for watching!', no_speech=0.7)], 1.0, 'stock_phrase'),
        ([part('It is cold.', logprob=-0.9, no_speech=0.8)], 1.0, 'no_speech'),
        ([part('no no no no no no no no no no')], 4.0, 'repeats'),
        ([part('word ' * 4, squeeze=3.0)], 4.0, 'repeats'),
        ([part('one two three four five six seven eight nine ten eleven')], 1.0, 'unsure'),
        ([part('[MUSIC]')], 1.0, 'no_speech'),
        ([], 1.0, 'no_speech'),
    ],
)
def test_guard_against_inventions(pieces, duration_s, rejected):
    heard = judge(pieces, duration_s)
    assert heard.rejected == rejected
    assert (heard.text == '') == (rejected != '')


def test_confidence_follows_the_recogniser():
    sure, unsure = judge([part('Good.', -0.05)], 1.0), judge([part('Good.', -0.9)], 1.0)
    assert 0.9 < sure.confidence <= 1.0
    assert 0.3 < unsure.confidence < 0.5


def test_text_is_cleaned():
    assert clean_text(' (sighs)  Oh\x00 dear \u266a la la \u266a ') == 'Oh dear'
    assert clean_text('...') == ''
