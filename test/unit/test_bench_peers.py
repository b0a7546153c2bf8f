# SPDX-License-Identifier: Apache-2.0
"""`empathy bench --peers` against small stand-ins of the peers, which count as installed."""

from collections.abc import Iterator
import json
from pathlib import Path
import stat
import sys

import cv2
import numpy as np
import pytest

from empathy_ros import cli
from empathy_ros.evaluation import bench, bench_peers
from empathy_ros.evaluation.bench_peers import Pair, Worker
from empathy_ros.evaluation.common import BadInput

# A stand-in of fer that burns a known amount of processor time for each face.
FER = """
import time
class FER:
    def __init__(self, use_tflite=True):
        print('a line that a library prints')
    def detect_emotions(self, image):
        assert image.shape == (480, 640, 3)
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        return [{'emotions': {'happy': 1.0}}]
"""
SMILE = """
import time
class FeatureSet: eGeMAPSv02 = 1
class FeatureLevel: Functionals = 1
class Smile:
    def __init__(self, feature_set, feature_level): pass
    def process_signal(self, sound, rate):
        assert rate == 16000 and abs(sound).max() <= 1.0
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        return [sound.mean()]
"""


def python_with(folder: Path, **modules: str) -> str:
    """Return a program that is this Python with some more modules."""
    for name, text in modules.items():
        file = folder / f'{name.replace("__", "/")}.py'
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding='utf-8')
    program = folder / 'python'
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={folder} exec {sys.executable} "$@"\n', encoding='utf-8'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def timed(name: str, ratios: Iterator[float], goal: float) -> dict:
    return bench.row(list(ratios), [True, True], goal)


def test_ours_and_a_stand_in_take_turns(tmp_path):
    python = python_with(tmp_path, fer__fer=FER, tensorflow='config = None', opensmile=SMILE)
    pairs = (
        Pair('face_to_fer', 'face', 'fer', 0.2, 1),
        Pair('voice_to_egemaps', 'voice', 'opensmile', None, 1),
    )
    result = bench_peers.run(python, 2, timed, pairs)
    face, voice = result['face_to_fer'], result['voice_to_egemaps']
    assert face['found'] == {'ours': 4, 'theirs': 4}
    assert 50 <= face['theirs_ms'] < 60
    assert face['rounds'] == pytest.approx(
        [face['median'] * 2 - r for r in reversed(face['rounds'])]
    )
    assert 0 < face['ours_ms'] < face['theirs_ms']
    assert face['times_less'] == pytest.approx(face['theirs_ms'] / face['ours_ms'], rel=0.5)
    assert face['met'] is (face['median'] <= 0.2)
    assert voice['goal'] is voice['met'] is None
    assert voice['found']['ours'] > 0


@pytest.mark.parametrize(
    ('modules', 'told'),
    [
        ({}, 'fer cannot be imported'),
        ({'fer__fer': FER}, "No module named 'tensorflow'"),
        (
            {'fer__fer': FER.replace("print('a line", "raise OSError('no cascade: a line"),
             'tensorflow': ''},
            'no cascade',
        ),
        (
            {'fer__fer': FER.replace("[{'emotions': {'happy': 1.0}}]", '[]'), 'tensorflow': ''},
            'finds nothing',
        ),
        ({'fer__fer': 'import sys\nprint("gone")\nsys.exit(7)', 'tensorflow': ''}, 'gone'),
    ],
)  # fmt: skip
def test_a_peer_that_is_not_there_is_one_message(tmp_path, capsys, modules, told):
    python = python_with(tmp_path, **modules)
    assert cli.main(['bench', '--no-graph', '--peers', python]) == 2
    captured = capsys.readouterr()
    assert captured.out == ''
    assert len(captured.err.strip().splitlines()) == 1
    assert told in captured.err


def test_a_python_that_is_not_there(capsys):
    assert cli.main(['bench', '--no-graph', '--peers', '/no/such/python']) == 2
    assert '/no/such/python cannot be started' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('code', 'told'),
    [
        ('import time; time.sleep(60)', 'no answer within'),
        ('print("hello", flush=True); import time; time.sleep(60)', 'broke the protocol'),
        ('pass', 'without a word'),
    ],
)
def test_a_worker_that_misbehaves_is_named(monkeypatch, code, told):
    monkeypatch.setattr(bench_peers, 'START_LIMIT_S', 0.5)
    worker = Worker('peer', [sys.executable, '-c', code], {})
    try:
        with pytest.raises(BadInput, match=f'peer .*{told}'):
            worker.ready()
    finally:
        worker._process.kill()
        worker.close()


def test_pictures_are_frames_with_a_portrait(tmp_path):
    files = bench_peers.write_pictures(tmp_path)
    assert len(files) == 4
    for file in files:
        image = cv2.imread(file)
        assert image.shape == (480, 640, 3)
        assert np.ptp(image) > 100


def test_the_peer_side_imports_nothing_of_ours():
    source = Path(bench_peers.__file__).with_name('peer_worker.py').read_text(encoding='utf-8')
    assert 'empathy_ros' not in source


def test_one_line_of_json_answers_each_number(tmp_path):
    python = python_with(tmp_path, opensmile=SMILE)
    script = str(Path(bench_peers.__file__).with_name('peer_worker.py'))
    worker = Worker('opensmile', [python, script, 'opensmile', *bench_peers.sounds()], {})
    try:
        worker.ready()
        assert worker.head['found'] == 3
        assert worker.head['version'] == 'unknown'
        # 3 clips, 0.05 s of processor each, for all the seconds of sound.
        assert worker.cost_ms(2) == pytest.approx(3 * 50 / worker.head['units'], rel=0.1)
        assert json.dumps(worker.head)
    finally:
        worker.close()
    assert worker._process.returncode == 0
