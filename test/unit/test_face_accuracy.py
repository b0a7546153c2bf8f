# SPDX-License-Identifier: Apache-2.0
"""The manifest's accuracy of the expression network is what the public data give; needs them."""

import argparse
import os
from pathlib import Path

import pytest

from empathy_ros import models
from empathy_ros.engines import face_models
from empathy_ros.evaluation import face


@pytest.fixture
def validation_split(tmp_path):
    """A data folder of the FER+ validation pictures, linked, never copied."""
    data = os.environ.get('EMPATHY_DATA')
    if not data:
        pytest.skip('EMPATHY_DATA names no data folder')
    source = Path(data) / 'face' / 'ferplus'
    if not (source / 'valid.zip').is_file():
        pytest.skip(f'{source} holds no valid.zip')
    (tmp_path / 'labels.csv').symlink_to(source / 'valid_labels.csv')
    (tmp_path / 'valid.zip').symlink_to(source / 'valid.zip')
    return tmp_path


def measure(folder, *words):
    parser = argparse.ArgumentParser()
    face.add_arguments(parser)
    return face.run(parser.parse_args(['--data', str(folder), *words]))


def test_accuracy_is_the_one_of_the_manifest(validation_split):
    stated = {a.metric: a for a in models.get(face_models.EXPRESSION).accuracy}
    result = measure(validation_split)
    accuracy = stated['accuracy of eight classes']
    assert result['n'] == accuracy.count
    assert result['accuracy'] == pytest.approx(accuracy.value, abs=0.002)
    assert result['accuracy_when_answering'] > result['accuracy']
    assert result['ece'] < 0.05
