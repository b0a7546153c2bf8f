# SPDX-License-Identifier: Apache-2.0
"""What the audit measures on a picture: skin, small changes, thirds; and the whole command."""

import argparse
import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from empathy_ros.core.head_pose import FaceMesh
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import face
from empathy_ros.evaluation.face_audit import skin_angle, small_changes, THIRDS, thirds

DEMO = Path(__file__).resolve().parents[2] / 'examples' / 'demo'


def mesh():
    points = np.full((468, 3), 50.0)
    points[[33, 133]] = (30.0, 40.0, 0.0)
    points[[263, 362]] = (70.0, 40.0, 0.0)
    points[50], points[280] = (35.0, 60.0, 0.0), (65.0, 60.0, 0.0)
    return FaceMesh(points, 1.0)


def plain(light, a, b):
    lab = np.full((100, 100, 3), (light, a, b), np.float32)
    return np.rint(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR) * 255).astype(np.uint8)


@pytest.mark.parametrize(('light', 'b'), [(70.0, 18.0), (40.0, 20.0), (50.0, 15.0)])
def test_skin_angle_of_a_known_colour(light, b):
    expected = math.degrees(math.atan2(light - 50.0, b))
    assert skin_angle(plain(light, 10.0, b), mesh()) == pytest.approx(expected, abs=3.0)


def test_skin_angle_looks_at_the_cheeks_only():
    image = plain(70.0, 10.0, 18.0)
    image[:50] = 0
    image[75:] = 255
    assert skin_angle(image, mesh()) == pytest.approx(48.0, abs=3.0)


def test_skin_angle_is_unknown_without_colour_or_cheeks():
    assert math.isnan(skin_angle(np.full((100, 100, 3), 120, np.uint8), mesh()))
    assert math.isnan(skin_angle(plain(60.0, 5.0, -20.0), mesh()))
    outside = FaceMesh(mesh().points_px + 500.0, 1.0)
    assert math.isnan(skin_angle(plain(70.0, 10.0, 18.0), outside))


def test_small_changes_are_small_and_none_is_the_crop_itself():
    crop = cv2.imread(str(DEMO / 'london_021_neutral.jpg'), cv2.IMREAD_GRAYSCALE)
    crop = cv2.resize(crop[100:420, 100:420], (48, 48), interpolation=cv2.INTER_AREA)
    changes = small_changes(crop)
    assert len(changes) == 6
    for changed in changes:
        assert (changed.shape, changed.dtype) == ((48, 48), np.uint8)
        assert not np.array_equal(changed, crop)
    assert all(np.corrcoef(c.ravel(), crop.ravel())[0, 1] > 0.9 for c in changes[1:])


def test_thirds_by_skin_angle_leave_the_unknown_out():
    names, bounds = thirds(np.array([-30.0, 40.0, math.nan, 0.0, -25.0, 5.0, 50.0]))
    assert names == [THIRDS[0], THIRDS[2], 'unknown', THIRDS[1], THIRDS[0], THIRDS[1], THIRDS[2]]
    assert -25.0 < bounds[0] < 0.0 < bounds[1] < 40.0
    assert thirds(np.array([math.nan, 3.0]))[0] == ['unknown', 'unknown']


@pytest.fixture
def folder(tmp_path):
    try:
        face_models.load_detector()
        face_models.load_landmarks()
    except ModelError as error:
        pytest.skip(f'a network is not set up: {error}')
    rows = ['file,age,sex']
    for i, word in enumerate(('neutral', 'smiling')):
        image = cv2.imread(str(DEMO / f'london_021_{word}.jpg'))
        for k, side in enumerate((512, 300)):
            name = f'{word}{k}.jpg'
            cv2.imwrite(str(tmp_path / name), cv2.resize(image, (side, side)))
            rows.append(f'{name},{60 + 10 * i},{"f" if k else "m"}')
    cv2.imwrite(str(tmp_path / 'blank.jpg'), np.full((200, 200, 3), 120, np.uint8))
    rows.append('blank.jpg,70,m')
    (tmp_path / 'labels.csv').write_text('\n'.join(rows) + '\n', encoding='utf-8')
    return tmp_path


def run(*words):
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    result = face.run(parser.parse_args(['--data', *map(str, words)]))
    json.dumps(result, allow_nan=False)
    return result


def test_pictures_without_labels_are_audited(folder):
    everything = run(folder, '--crop', 'detect')
    result = everything['audit']
    assert (result['turn_by'], result['n_frontal_sharp']) == ('landmarks', 4)
    assert set(result['columns']) == {'age', 'sex', 'skin (by typology angle)'}
    old = result['columns']['age']['70-79']
    assert (old['n'], old['frontal_sharp'], old['answering']) == (3, 2, 2)
    assert old['answers']['happiness']['share'] == 1.0
    assert 0.0 <= old['changed_by_small_changes']['mean'] <= 0.5
    assert old['probability']['happiness']['ratio'] > 1.25
    assert isinstance(everything['audit_flags'], list)
    assert not [f for f in everything['audit_flags'] if f['class'] == 'happiness']


def test_an_audit_can_be_asked_for_with_labels_and_whole_crops(folder):
    text = (folder / 'labels.csv').read_text().splitlines()
    labelled = [f'{line},{"label" if not i else "neutral"}' for i, line in enumerate(text)]
    (folder / 'labels.csv').write_text('\n'.join(labelled) + '\n')
    assert 'audit' not in run(folder)
    result = run(folder, '--audit')['audit']
    assert result['columns']['sex']['m']['n'] == 3


def test_without_landmarks_the_turn_comes_from_the_detector(folder, monkeypatch):
    monkeypatch.setattr(face_models, 'LANDMARKS', 'no_such_model')
    result = run(folder, '--crop', 'detect')['audit']
    assert result['turn_by'] == 'keypoints of the detector'
    assert result['n_frontal_sharp'] == 4
    assert 'skin (by typology angle)' not in result['columns']
