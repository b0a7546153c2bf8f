# SPDX-License-Identifier: Apache-2.0
"""`eval face --features`: the figures of a folder with the same person twice; faulty input."""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from empathy_ros.core.action_units import PROXIES
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import face
from empathy_ros.evaluation.common import BadInput

DEMO = Path(__file__).resolve().parents[2] / 'examples' / 'demo'


@pytest.fixture
def folder(tmp_path):
    try:
        for load in (face_models.load_detector, face_models.load_landmarks, face_models.load_iris):
            load()
    except ModelError as error:
        pytest.skip(f'a network is not set up: {error}')
    rows = ['file,label,subject']
    for word in ('neutral', 'smiling'):
        image = cv2.imread(str(DEMO / f'london_021_{word}.jpg'))
        for who, seen in (('a', image), ('b', image[:, ::-1])):
            cv2.imwrite(str(tmp_path / f'{who}_{word}.png'), seen)
            rows.append(f'{who}_{word}.png,{word},{who}')
    film = cv2.VideoCapture(str(DEMO / 'head-pose-face-detection-female.gif'))
    cv2.imwrite(str(tmp_path / 'turned.png'), film.read()[1])
    cv2.imwrite(str(tmp_path / 'blank.png'), np.full((200, 200, 3), 120, np.uint8))
    rows += ['turned.png,,c', 'blank.png,,d']
    (tmp_path / 'labels.csv').write_text('\n'.join(rows) + '\n')
    return tmp_path


def run(folder):
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    result = face.run(parser.parse_args(['--data', str(folder), '--features']))
    json.dumps(result, allow_nan=False)
    return result


def test_turned_heads_and_missing_faces_are_counted(folder):
    result = run(folder)
    assert (result['n'], result['no_face'], result['no_landmarks']) == (6, 1, 0)
    assert (result['turned_away']['n'], result['turned_away']['share']) == (1, 0.2)
    assert result['eyes_closed_or_narrow']['n'] == 0
    assert result['angles_deg']['yaw']['p5'] < -30
    assert result['angles_deg']['roll']['sd'] < 5


def test_the_smile_of_a_person_is_compared_with_the_same_neutral_face(folder):
    pairs = run(folder)['smiling_against_neutral']
    assert set(pairs) == set(PROXIES)
    assert (
        pairs['AU12_mouth_corner_pull']['persons'],
        pairs['AU12_mouth_corner_pull']['above'],
    ) == (2, 2)
    assert pairs['AU15_mouth_corner_drop']['above'] == 0
    assert pairs['AU12_mouth_corner_pull']['mean_change'] > 0.05


def test_without_subjects_the_means_by_label_remain(folder):
    text = (folder / 'labels.csv').read_text().replace('subject', 'room')
    (folder / 'labels.csv').write_text(text)
    result = run(folder)
    assert 'smiling_against_neutral' not in result
    by_label = result['proxies']['AU12_mouth_corner_pull']
    assert by_label['happiness']['above_neutral'] == 1.0
    assert by_label['neutral']['above_neutral'] == 0.5
    assert {name: entry['n'] for name, entry in by_label.items()} == {
        'without label': 1, 'happiness': 2, 'neutral': 2,
    }  # fmt: skip


def test_no_face_anywhere_and_a_missing_network_are_bad_input(folder, monkeypatch):
    (folder / 'labels.csv').write_text('file,label\nblank.png,neutral\n')
    with pytest.raises(BadInput, match=r'labels\.csv: no face'):
        run(folder)
    monkeypatch.setattr(face_models, 'IRIS', 'no_such_model')
    with pytest.raises(BadInput, match='no_such_model'):
        run(folder)
