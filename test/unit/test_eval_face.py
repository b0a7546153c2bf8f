# SPDX-License-Identifier: Apache-2.0
"""`eval face` from folder to figures, with the real network; the detector where it is set up."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from empathy_ros import models
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import face
from empathy_ros.evaluation.common import BadInput

DEMO = Path(__file__).resolve().parents[2] / 'examples' / 'demo'
KEYS = {
    'n',
    'accuracy',
    'macro_f1',
    'per_class',
    'ece',
    'abstain_rate',
    'accuracy_when_answering',
    'groups',
    'intervals',
    'model',
}


def run(folder, *words):
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    result = face.run(parser.parse_args(['--data', str(folder), *words]))
    json.dumps(result, allow_nan=False)
    return result


def noise(seed):
    return np.random.default_rng(seed).integers(0, 256, (60, 50), dtype=np.uint8)


def write(folder, table, pictures):
    (folder / 'labels.csv').write_text(table, encoding='utf-8')
    for name, picture in pictures.items():
        cv2.imwrite(str(folder / name), picture)
    return folder


@pytest.fixture
def stills(tmp_path):
    """Two stills of one person of the Face Research Lab London Set (CC BY 4.0)."""
    pictures = {
        f'{word}.jpg': cv2.imread(str(DEMO / f'london_021_{word}.jpg'))
        for word in ('neutral', 'smiling')
    }
    return write(tmp_path, 'file,expression\nneutral.jpg,neutral\nsmiling.jpg,smiling\n', pictures)


@pytest.fixture
def detector():
    try:
        return models.find(face_models.DETECTORS['full'])
    except ModelError as error:
        pytest.skip(f'the face detector is not set up: {error}')


def test_all_figures_are_there_and_can_be_written_as_json(tmp_path):
    table = 'file,label,age\n' + ''.join(
        f'{i}.png,{label},{60 + 5 * i}\n' for i, label in enumerate(BASIC8.labels)
    )
    result = run(write(tmp_path, table, {f'{i}.png': noise(i) for i in range(8)}))
    assert set(result) >= KEYS
    assert result['n'] == 8
    assert set(result['per_class']) == set(BASIC8.labels)
    assert result['model']['sha256'] == models.get(face_models.EXPRESSION_CPU).sha256
    assert list(result['groups']['age']) == ['60-69', '70-79', '80-89', '90-99']
    assert sum(c['share'] for c in result['shares'].values()) == pytest.approx(1.0, abs=1e-3)


def test_blank_pictures_are_unknown_and_count_as_wrong(tmp_path):
    blank = {f'{i}.png': np.full((48, 48), 80 * i, np.uint8) for i in range(3)}
    table = 'file,label\n0.png,neutral\n1.png,neutral\n2.png,neutral\n'
    result = run(write(tmp_path, table, blank))
    assert result['unknown_because'] == {'no_contrast': 3}
    assert result['accuracy'] == 0.0
    assert result['abstain_rate'] == 1.0
    assert result['accuracy_when_answering'] is None
    assert result['ece'] is None


def test_a_smile_is_told_from_a_neutral_face_after_detection(stills, detector):
    result = run(stills, '--crop', 'detect', '--classes', 'neutral,happy')
    assert result['accuracy'] == 1.0
    assert result['classes'] == ['neutral', 'happiness']
    assert 'no_face' not in result['unknown_because']


def test_a_picture_without_a_face_is_unknown(stills, detector):
    empty = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
    write(stills, 'file,label\nneutral.jpg,neutral\nempty.png,anger\n', {'empty.png': empty})
    result = run(stills, '--crop', 'detect')
    assert result['unknown_because']['no_face'] == 1
    assert result['per_class']['anger']['recall'] == 0.0
    assert result['abstain_rate'] >= 0.5


def test_classes_leave_rows_out_and_are_the_only_answers(tmp_path):
    table = 'file,label\n0.png,anger\n1.png,fear\n2.png,neutral\n'
    folder = write(tmp_path, table, {f'{i}.png': noise(i) for i in range(3)})
    result = run(folder, '--classes', 'angry,fear')
    assert (result['n'], result['n_left_out']) == (2, 1)
    assert set(result['shares']) == {'anger', 'fear'}
    assert sum(c['share'] for c in result['shares'].values()) == pytest.approx(1.0)


def test_without_labels_the_shares_per_subgroup_remain(tmp_path):
    table = 'file,age,sex\n0.png,60-69,f\n1.png,70+,f\n2.png,70+,m\n'
    result = run(write(tmp_path, table, {f'{i}.png': noise(i) for i in range(3)}))
    assert (result['n'], result['n_without_label'], result['accuracy']) == (0, 3, None)
    old = result['groups']['age']['70+']
    assert old['n'] == 2
    assert sum(c['share'] for c in old['shares'].values()) == pytest.approx(1.0)
    assert set(result['groups']) == {'age', 'sex'}


def test_degradation_changes_what_the_network_sees(stills):
    plain, masked = run(stills), run(stills, '--degrade', 'mask')
    assert (plain['degrade'], masked['degrade']) == ('none', 'mask')
    assert plain['ece'] != masked['ece']


@pytest.mark.parametrize(
    ('classes', 'message'), [('happy,mad', "unknown label 'mad'"), ('happy', 'at least two')]
)
def test_faulty_classes(stills, classes, message):
    with pytest.raises(BadInput, match=message):
        run(stills, '--classes', classes)


def test_classes_that_no_row_has(stills):
    with pytest.raises(BadInput, match='no row with a label among fear,anger'):
        run(stills, '--classes', 'fear,anger')


def test_an_unreadable_picture_stops_with_file_and_row(stills):
    (stills / 'smiling.jpg').write_bytes(b'broken')
    with pytest.raises(BadInput, match=r'labels\.csv row 3 \(smiling\.jpg\)'):
        run(stills)


def test_a_missing_model_is_bad_input_with_its_name(stills, monkeypatch):
    monkeypatch.setattr(face_models, 'EXPRESSION_CPU', 'no_such_model')
    with pytest.raises(BadInput, match='no_such_model'):
        run(stills)


def test_derived_values_are_compared_with_annotated_ones(stills):
    table = 'file,label,valence,arousal\nneutral.jpg,neutral,0.0,\nsmiling.jpg,happy,0.6,0.3\n'
    result = run(write(stills, table, {}))
    answered = round(2 * (1 - result['abstain_rate']))
    assert result['derived']['valence']['n'] == answered
    assert result['derived']['arousal']['n'] <= 1
    write(stills, table.replace('0.6', 'high'), {})
    with pytest.raises(BadInput, match=r"row 3 \(smiling\.jpg\): valence 'high'"):
        run(stills)
