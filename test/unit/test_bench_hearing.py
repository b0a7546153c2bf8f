# SPDX-License-Identifier: Apache-2.0
"""Counting of word errors, and the benchmark on the real clips."""

from __future__ import annotations

import json

import pytest

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import bench_hearing
from empathy_ros.evaluation.bench_hearing import word_errors, words


@pytest.mark.parametrize(
    ('expected', 'heard', 'errors'),
    [
        ('a b c', 'a b c', 0),
        ('a b c', 'a x c', 1),
        ('a b c', 'a c', 1),
        ('a b c', 'a b b c', 1),
        ('a b c', '', 3),
        ('', 'a b', 2),
        ('a b c d', 'd c b a', 4),
    ],
)
def test_word_errors(expected, heard, errors):
    assert word_errors(expected.split(), heard.split()) == errors


def test_spelling_of_titles_and_marks_is_no_error():
    assert words("Mr. Dashwood's ill-disposed!") == ['mister', "dashwood's", 'ill', 'disposed']


def test_real_clips(capsys):
    pytest.importorskip('faster_whisper')
    for model in ('silero_vad', 'whisper_tiny'):
        try:
            models.find(model)
        except ModelError as error:
            pytest.skip(str(error))
    assert bench_hearing.main(['--rounds', '1', '--json']) == 0
    result = json.loads(capsys.readouterr().out)
    assert result['words'] == 38
    assert result['word_error_rate'] <= 0.1
    assert 0 < result['cpu_per_second']['voice_features'] < 0.2


def test_missing_models_are_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    assert bench_hearing.main(['--rounds', '1']) == 2
    assert 'silero_vad.onnx' in capsys.readouterr().err
