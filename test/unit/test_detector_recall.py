# SPDX-License-Identifier: Apache-2.0
"""Recall of the detectors by size: the scene, what counts as found, the table, faulty input."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from empathy_ros.core.face import Face
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import face
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.detector_recall import found, scene, sizes_of

DEMO = Path(__file__).resolve().parents[2] / 'examples' / 'demo'


def box(x, y, side):
    return Face((x - side / 2, y - side / 2, side, side), 0.9, np.zeros((6, 2), np.float32))


def test_the_face_lies_in_the_middle_at_the_wanted_size():
    image = np.zeros((200, 300, 3), np.uint8)
    image[40:80, 200:240] = 255
    for size in (20, 80):
        canvas, place = scene(image, (220.0, 60.0, 40.0), size)
        assert canvas.shape == (480, 640, 3)
        assert place == (320.0, 240.0, size)
        rows, columns = np.nonzero(canvas[:, :, 0] > 200)
        assert np.ptp(rows) + 1 == pytest.approx(size, abs=2)
        assert rows.mean() == pytest.approx(240, abs=1.5)
        assert columns.mean() == pytest.approx(320, abs=1.5)
        assert tuple(canvas[0, 0]) == (128, 128, 128)


def test_found_means_there_and_of_that_size():
    place = (320.0, 240.0, 80.0)
    assert found([box(330, 235, 70)], place)
    assert not found([], place)
    assert not found([box(420, 240, 80)], place)
    assert not found([box(320, 240, 200)], place)
    assert found([box(420, 240, 80), box(320, 240, 80)], place)


@pytest.mark.parametrize('text', ['', 'big', '40,', '4', '40,1000', '40.5'])
def test_faulty_sizes_are_named(text):
    with pytest.raises(BadInput, match='--detector-recall'):
        sizes_of(text)


@pytest.fixture
def folder(tmp_path):
    try:
        face_models.load_detector('full')
        face_models.load_detector('short')
    except ModelError as error:
        pytest.skip(f'a detector is not set up: {error}')
    for word in ('neutral', 'smiling'):
        image = cv2.imread(str(DEMO / f'london_021_{word}.jpg'))
        cv2.imwrite(str(tmp_path / f'{word}.jpg'), image)
    cv2.imwrite(str(tmp_path / 'blank.png'), np.full((512, 512, 3), 128, np.uint8))
    (tmp_path / 'labels.csv').write_text(
        'file,age,sex\nneutral.jpg,48,m\nsmiling.jpg,48,m\nblank.png,70,f\n'
    )
    return tmp_path


def run(folder, sizes):
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    result = face.run(parser.parse_args(['--data', str(folder), '--detector-recall', sizes]))
    json.dumps(result, allow_nan=False)
    return result


def test_the_table_counts_every_picture_by_size_and_group(folder):
    result = run(folder, '40,120')
    assert result['n'] == 3
    for name in ('full', 'short'):
        assert result['recall'][name]['as it is']['all']['found'] == pytest.approx(2 / 3, abs=1e-3)
        large = result['recall'][name]['120 px']
        assert large['sex']['m'] == {
            'n': 2,
            'found': 1.0,
            'interval': pytest.approx([0.342, 1.0], abs=1e-3),
        }
        assert large['sex']['f']['found'] == 0.0
        assert large['age']['70-79']['n'] == 1
    assert result['recall']['full']['40 px']['all']['found'] == pytest.approx(2 / 3, abs=1e-3)
    assert result['recall']['short']['40 px']['all']['found'] == 0.0
    assert result['other_boxes'] == {'full': 0, 'short': 0}


def test_no_face_anywhere_is_bad_input(folder):
    (folder / 'labels.csv').write_text('file,age\nblank.png,70\n')
    with pytest.raises(BadInput, match=r'labels\.csv: no face was found'):
        run(folder, '40')


def test_a_missing_detector_is_bad_input_with_its_name(folder, monkeypatch):
    monkeypatch.setattr(face_models, 'DETECTORS', {'full': 'no_such_model'})
    with pytest.raises(BadInput, match='no_such_model'):
        run(folder, '40')
