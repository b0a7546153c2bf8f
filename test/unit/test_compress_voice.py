# SPDX-License-Identifier: Apache-2.0
"""Making a voice classifier smaller: it answers nearly the same with fewer, coarser numbers."""

from dataclasses import fields
import importlib.util
from pathlib import Path
import sys

import numpy as np
import pytest

from empathy_ros.core.voice_features import FEATURES
from empathy_ros.core.voice_model import gaussian, Head, VoiceClassifier, Z_LIMIT
from empathy_ros.engines import voice_model

SCRIPT = Path(__file__).resolve().parents[2] / 'training' / 'compress_voice.py'
ONE = np.ones(FEATURES, np.float32)


@pytest.fixture(scope='module')
def tool():
    if not SCRIPT.is_file():
        pytest.skip('the training scripts are not installed')
    spec = importlib.util.spec_from_file_location('training_compress_voice', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='module')
def head():
    """A smooth head of three clusters of voices, fitted to one label each."""
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(3, FEATURES)) * 1.5
    which = np.repeat(np.arange(3), 40)
    support = np.clip(middles[which] + 0.3 * rng.normal(size=(120, FEATURES)), -Z_LIMIT, Z_LIMIT)
    support = support.astype(np.float32)
    gamma = 0.5 / FEATURES
    kernel = gaussian(support, support, gamma) + 0.1 * np.eye(120)
    weights = np.linalg.solve(kernel, np.eye(3)[which]).astype(np.float32)
    parts = {'support': support, 'weights': weights, 'gamma': gamma, 'mean': 0 * ONE}
    parts |= {'temperature': 0.3, 'arousal_temperature': 1.0, 'floor': 0.5}
    return Head(**{item.name: parts.get(item.name, ONE) for item in fields(Head)})


def test_kept_vectors_are_spread_over_all_clusters(tool, head):
    rows = tool.spread(head.support, 9)
    assert len(set(rows.tolist())) == 9
    assert {row // 40 for row in rows} == {0, 1, 2}
    assert len(tool.spread(head.support, 999)) == 120


def test_a_smaller_head_keeps_its_scores(tool, head):
    small, difference = tool.compress(head, 40, int8=False)
    assert small.support.shape == (40, FEATURES)
    assert difference < 0.15
    fewest, more = tool.compress(head, 3, int8=False)
    assert len(fewest.support) == 3
    assert more > difference
    assert tool.fewer(head, 500) is head


def test_8_bits_are_a_grid_of_255_steps(tool, head):
    small, difference = tool.compress(head, 500, int8=True)
    steps = small.support / (Z_LIMIT / 127)
    assert steps == pytest.approx(np.rint(steps), abs=1e-3)
    for column in small.weights.T:
        assert len(np.unique(column)) <= 255
    assert 0.0 < difference < 0.05


def test_the_file_becomes_smaller_and_says_what_it_comes_from(tool, head, tmp_path, monkeypatch):
    whole, small = tmp_path / 'whole.npz', tmp_path / 'small.npz'
    voice_model.save(whole, VoiceClassifier(('neutral', 'anger'), head, head, licence='MIT'))
    words = [
        'compress_voice',
        '--model',
        str(whole),
        '--out',
        str(small),
        '--keep',
        '40',
        '--int8',
    ]
    monkeypatch.setattr(sys, 'argv', words)
    assert tool.main() == 0
    assert whole.stat().st_size > 3 * small.stat().st_size
    before, after = voice_model.load(whole), voice_model.load(small)
    assert after.facts['compressed_from'] == before.model_hash
    assert after.licence == 'MIT'
    for row in (5, 50, 100):
        one, other = (c.read(head.support[row]) for c in (before, after))
        assert one.shares == pytest.approx(other.shares, abs=0.2)


def test_what_cannot_be_compressed_is_named(tool, tmp_path, monkeypatch, capsys):
    words = ['compress_voice', '--model', str(tmp_path / 'gone.npz'), '--out', str(tmp_path / 'x')]
    monkeypatch.setattr(sys, 'argv', words)
    assert tool.main() == 2
    assert 'gone.npz' in capsys.readouterr().err
    monkeypatch.setattr(sys, 'argv', [*words, '--keep', '1'])
    assert tool.main() == 2
    assert '--keep 1' in capsys.readouterr().err
