# SPDX-License-Identifier: Apache-2.0
"""`empathy eval text`: the figures are right, and bad files are named with their line."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pytest

from empathy_ros import cli, models
from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import text as evaluation
from empathy_ros.evaluation.common import BadInput

# Sentences written for this test, in the form of GoEmotions.
ROWS = (
    ('Thank you so much for your help!', 'gratitude'),
    ('Thanks, that is really kind of you.', 'gratitude'),
    ('I am so sad today.', 'sadness'),
    ('I miss him, it makes me sad.', 'sadness'),
    ('I am terrified of the dark.', 'fear'),
    ('This is so funny, haha!', 'amusement'),
    ('The bus leaves at ten.', 'neutral'),
    ('They moved the table to the window.', 'neutral'),
)
DEV = Path(os.environ.get('EMPATHY_DATA', '')) / 'text' / 'goemotions' / 'dev.tsv'


def line(text: str, *labels: str) -> str:
    return f'{text}\t{",".join(str(GOEMOTIONS28.index(name)) for name in labels)}\tid'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / 'rows.tsv'
    file.write_text('\n'.join(line(*row) for row in ROWS) + '\n', encoding='utf-8')
    return file


def run(file: Path, *more: str) -> dict:
    parser = argparse.ArgumentParser()
    evaluation.add_arguments(parser)
    return evaluation.run(parser.parse_args(['--data', str(file), *more]))


def test_report_has_the_promised_keys_and_counts(data: Path) -> None:
    result = run(data)
    assert {
        'n', 'macro_f1', 'micro_f1', 'per_class', 'ekman_macro_f1', 'ms_per_sentence', 'ece',
        'model',
    } <= set(result)  # fmt: skip
    assert result['n'] == 8
    assert result['per_class']['gratitude']['support'] == 2
    assert result['per_class']['gratitude']['f1'] == 1.0
    assert result['per_class']['pride']['f1'] is None
    assert len(result['labels_without_support']) == 28 - 5
    assert result['ekman_per_class']['sadness']['recall'] == 1.0
    assert 0.6 < result['macro_f1'] <= 1.0
    low, high = result['macro_f1_interval']
    assert low <= result['macro_f1'] <= high
    assert result['model']['id'] == 'text_encoder'
    assert result['ms_per_sentence'] > 0.0


def test_command_prints_one_json_object(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(['eval', 'text', '--data', str(data), '--json']) == 0
    assert json.loads(capsys.readouterr().out)['n'] == 8


def test_f1_of_known_answers() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.bool_)
    given = np.array([[1, 0], [0, 1], [0, 1], [0, 0]], dtype=np.bool_)
    # First label: 1 hit, 1 given, 2 true: 2/3. Second: 1 hit, 2 given, 2 true: 1/2.
    assert evaluation.macro_f1(given, truth) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert evaluation.macro_f1(given, np.zeros_like(truth)) is None


def test_unreadable_sentence_gets_no_label_and_counts_as_abstained(data: Path) -> None:
    with data.open('a', encoding='utf-8') as stream:
        stream.write(line('?!', 'surprise') + '\n')
    result = run(data)
    assert result['n'] == 9
    assert result['per_class']['surprise']['recall'] == 0.0
    assert result['abstain_rate'] == pytest.approx(1 / 9)


def test_several_labels_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    file = tmp_path / 'rows.tsv'
    content = '\ufeff' + line('Oh no, I am sorry.', 'remorse', 'sadness') + '\r\n'
    file.write_bytes(content.encode('utf-8'))
    sentences = evaluation.read(file)
    assert sentences.texts == ('Oh no, I am sorry.',)
    assert sentences.truth.sum() == 2


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', r'rows\.tsv: the file is empty'),
        (b'one\t27\ta\ntwo\t27\n', r'rows\.tsv, line 2: 2 column'),
        (b'one\t27\ta\n\ntwo\t27\tb\n', r'rows\.tsv, line 2: 1 column'),
        (b'one\t28\ta\n', r'rows\.tsv, line 1: unknown label id 28, known: 0 to 27'),
        (b'one\tjoy\ta\n', r"rows\.tsv, line 1: label id 'joy' is not a number"),
        (b'one\t\ta\n', r"rows\.tsv, line 1: label id '' is not a number"),
        (b'one\t-1\ta\n', r"rows\.tsv, line 1: label id '-1'"),
        (b'ok\t27\ta\nb\xff\t27\tb\n', r'rows\.tsv, line 2: not UTF-8 \(byte 2\)'),
    ],
)
def test_bad_file_is_named_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / 'rows.tsv'
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        run(file)


def test_missing_file_is_named_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(['eval', 'text', '--data', str(tmp_path / 'gone.tsv'), '--json']) == 2
    answer = capsys.readouterr()
    assert answer.out == ''
    assert 'gone.tsv: no such file' in answer.err


def test_unknown_model_is_named(data: Path) -> None:
    with pytest.raises(BadInput, match='no model is called mystery'):
        run(data, '--model', 'mystery')


def test_damaged_model_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(model: models.Model) -> Path:
        raise ModelError(f'{model.file}: sha256 is wrong')

    monkeypatch.setattr(models, 'find_model', damaged)
    with pytest.raises(BadInput, match='text_encoder: sha256 is wrong'):
        run(data)


@pytest.mark.skipif(not DEV.is_file(), reason='EMPATHY_DATA has no text/goemotions/dev.tsv')
def test_figures_on_goemotions_dev_hold() -> None:
    result = run(DEV)
    assert result['n'] == 5352
    assert result['macro_f1'] == pytest.approx(0.537, abs=0.005)
    assert result['ekman_macro_f1'] == pytest.approx(0.629, abs=0.005)
    assert result['ece'] < 0.03


@pytest.mark.skipif(not DEV.is_file(), reason='EMPATHY_DATA has no text/goemotions/dev.tsv')
def test_figures_of_the_linear_model_hold() -> None:
    result = run(DEV, '--model', 'text_affect_linear')
    assert result['macro_f1'] == pytest.approx(0.510, abs=0.005)
    assert result['ekman_macro_f1'] == pytest.approx(0.595, abs=0.005)


def test_sentiment_is_that_of_the_labels(data: Path) -> None:
    result = run(data)
    assert result['sentiment_per_class']['positive']['support'] == 3
    assert result['sentiment_per_class']['negative']['support'] == 3
    assert result['sentiment_per_class']['ambiguous']['support'] == 0
    assert result['sentiment_macro_f1'] > 0.8


RATED = """id,V,A,D,text
1,4.6,3.2,3.4,Thank you so much! I am so happy.
2,1.4,3.1,2.6,I am so sad and lonely today.
3,3.0,2.8,3.0,The bus leaves at ten.
4,,,,
"""


def test_ratings_are_compared_with_what_is_derived(tmp_path: Path) -> None:
    file = tmp_path / 'rated.csv'
    file.write_text(RATED.replace('4,,,,\n', ''), encoding='utf-8')
    result = run(file)
    assert result['n'] == 3
    assert result['correlation']['valence']['r'] > 0.9
    assert result['published'] == ['valence']


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (RATED, "line 5: V is '', needs a number from 1 to 5"),
        (RATED.replace('4.6', '46'), "line 2: V is '46'"),
        ('text,V,A\n', 'no column D'),
        ('text,V,A,D\n', 'no rows below the header'),
        ('', 'no column text, V, A, D'),
        ('text,V,V,A,D\nhello,3,4,3,3\n', 'line 1: column V is there twice'),
        ('text,V,A,D\nhello,3\n', 'line 2: the header has 4 fields'),
        ('text,V,A,D\nhello, you,3,3,3\n', 'line 2: the header has 4 fields'),
        (f'text,V,A,D\n{"x" * 200_000},3,3,3\n', 'cannot be read as a table'),
    ],
)
def test_bad_ratings_are_named(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / 'rated.csv'
    file.write_text(content, encoding='utf-8')
    with pytest.raises(BadInput, match=message):
        run(file)


def test_a_folder_and_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(BadInput, match=r'is a folder; give a \.tsv file'):
        run(tmp_path)
    file = tmp_path / 'locked.tsv'
    file.write_text('')

    def deny(self: Path) -> bytes:
        raise PermissionError(13, 'Permission denied', str(self))

    monkeypatch.setattr(Path, 'read_bytes', deny)
    with pytest.raises(BadInput, match=r'locked\.tsv: cannot be read: Permission denied'):
        evaluation.read(file)
