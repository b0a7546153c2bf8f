# SPDX-License-Identifier: Apache-2.0
"""The manifest's figures of the landmark networks are what the public data give; needs them."""

import argparse
import os
from pathlib import Path

import pytest

from empathy_ros import models
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import face


@pytest.fixture(scope='module')
def portraits():
    """The figures of `eval face --features` on the London Set."""
    data = os.environ.get('EMPATHY_DATA')
    if not data:
        pytest.skip('EMPATHY_DATA names no data folder')
    folder = Path(data) / 'face' / 'london_set'
    if not (folder / 'labels.csv').is_file():
        pytest.skip(f'{folder} holds no labels.csv')
    try:
        for load in (face_models.load_detector, face_models.load_landmarks, face_models.load_iris):
            load()
    except ModelError as error:
        pytest.skip(f'a network is not set up: {error}')
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    return face.run(parser.parse_args(['--data', str(folder), '--features']))


def stated(model_id, word):
    (figure,) = [a for a in models.get(model_id).accuracy if word in a.metric]
    return figure


def test_the_smile_of_nearly_everybody_pulls_the_mouth_corners(portraits):
    figure = stated(face_models.LANDMARKS, 'AU12')
    pull = portraits['smiling_against_neutral']['AU12_mouth_corner_pull']
    assert pull['persons'] == figure.count
    assert pull['above'] / pull['persons'] == pytest.approx(figure.value, abs=0.03)
    drop = portraits['smiling_against_neutral']['AU15_mouth_corner_drop']
    assert drop['above'] <= 2


def test_people_who_look_at_the_camera_have_small_angles(portraits):
    assert portraits['turned_away']['n'] == 0
    assert portraits['eyes_closed_or_narrow']['n'] == 0
    angles = portraits['angles_deg']
    assert angles['yaw']['sd'] < 3.0
    assert angles['pitch']['sd'] < 5.5
    eyes = stated(face_models.IRIS, 'gaze')
    assert angles['gaze_yaw']['rms'] == pytest.approx(eyes.value, abs=0.2)
    assert angles['gaze_yaw']['rms'] < angles['gaze_yaw_without_eyes']['rms']
