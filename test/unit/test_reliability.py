# SPDX-License-Identifier: Apache-2.0
"""The reliability tables: Bayes' rule, classes that a channel cannot name, the shipped numbers."""

import math
import os
from pathlib import Path
import runpy
import subprocess
import sys

import numpy as np
import pytest

from empathy_ros.core import reliability, reliability_numbers
from empathy_ros.core.reliability import extended, knot_shares, log_evidence, ReliabilityTable
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Modality

ROOT = Path(__file__).resolve().parents[2]
VOTES = (
    Path(os.environ.get('EMPATHY_DATA', '/nowhere'))
    / 'voice' / 'crema_d_votes' / 'summaryTable.csv'
)  # fmt: skip
UNKNOWN = np.array([math.nan])
# Three classes at two levels: faint clips of class 0 are often called class 1.
JOINT = np.array(
    [
        [[0.20, 0.25, 0.05], [0.05, 0.40, 0.05], [0.05, 0.05, 0.40]],
        [[0.45, 0.04, 0.01], [0.02, 0.46, 0.02], [0.05, 0.05, 0.40]],
    ]
)


@pytest.fixture
def table() -> ReliabilityTable:
    return ReliabilityTable(JOINT, np.ones(3), np.array([30.0, 70.0]))


def one_hot(k: int, i: int) -> np.ndarray:
    return np.eye(k)[i][None]


def test_evidence_is_bayes_rule(table):
    named = JOINT.sum(axis=0)
    for said in range(3):
        got = table.log_evidence(one_hot(3, said), UNKNOWN)[0]
        assert np.exp(got) == pytest.approx(named[:, said] / named[:, said].mean())


def test_level_picks_the_knot_and_is_continuous(table):
    at_knot = table.log_evidence(one_hot(3, 1), np.array([30.0]))[0]
    assert np.exp(at_knot) == pytest.approx(JOINT[0, :, 1] / JOINT[0, :, 1].mean())
    levels = np.linspace(0.0, 100.0, 201)
    got = table.log_evidence(np.repeat(one_hot(3, 1), 201, axis=0), levels)
    assert np.abs(np.diff(got, axis=0)).max() < 0.08
    # A faint "class 1" excludes class 0 less than a clear one.
    assert got[60, 0] > got[140, 0] + 0.5


def test_an_answer_that_excludes_nothing_says_nothing():
    even = ReliabilityTable(np.full((1, 3, 3), 1 / 3), np.ones(3), np.array([50.0]))
    assert even.log_evidence(one_hot(3, 2), UNKNOWN)[0] == pytest.approx(np.zeros(3))


def test_an_unsure_answer_says_less(table):
    sure = table.log_evidence(np.array([[0.0, 0.0, 1.0]]), UNKNOWN)[0]
    unsure = table.log_evidence(np.array([[0.2, 0.2, 0.6]]), UNKNOWN)[0]
    assert 0 < unsure[2] < sure[2]


def test_a_class_that_cannot_be_named_is_left_alone(table):
    got = table.log_evidence(np.array([[0.0, 1.0, math.nan]]), UNKNOWN)[0]
    assert got[2] == 0.0
    assert got[1] > 0 > got[0]
    named = JOINT.sum(axis=0)[:2, :2]
    named = named / named.sum(axis=1, keepdims=True)
    assert np.exp(got[:2]) == pytest.approx(named[:, 1] / named[:, 1].mean())


def test_one_channel_never_settles_it():
    sharp = np.full((1, 3, 3), 1e-6)
    sharp[0] += np.eye(3) * (1 - 3e-6)
    got = ReliabilityTable(sharp, np.ones(3), np.array([50.0])).log_evidence(
        one_hot(3, 0), UNKNOWN
    )
    assert np.abs(got).max() == reliability.MAX_LOG_RATIO


def test_a_broken_table_is_refused():
    with pytest.raises(ValueError, match='sum to 1'):
        ReliabilityTable(JOINT * 0.9, np.ones(3), np.array([30.0, 70.0]))
    with pytest.raises(ValueError, match='does not fit'):
        ReliabilityTable(JOINT, np.ones(2), np.array([30.0, 70.0]))


def test_knots_share_every_level():
    shares = knot_shares(np.array([10.0, 30.0, 50.0, 99.0]), np.array([30.0, 70.0]))
    assert shares == pytest.approx(np.array([[1, 0], [1, 0], [0.5, 0.5], [0, 1]]))


@pytest.mark.parametrize('modality', [Modality.FACE, Modality.VOICE])
def test_shipped_tables_name_each_class_best_where_people_do(modality):
    table = reliability.TABLES[modality]
    assert table.named.sum(axis=1) == pytest.approx(np.ones(len(BASIC8)))
    assert (table.weight > 0.5).all()
    assert (table.weight < 1.3).all()
    assert (np.diff(table.levels) > 0).all()
    right = dict(zip(BASIC8.labels, np.diag(table.named), strict=True))
    assert right['happiness' if modality is Modality.FACE else 'anger'] > 0.55
    assert right['sadness'] < 0.4


def test_classes_without_data_take_the_mean_reliability():
    joint = reliability_numbers.joint('face')
    full, weight = extended(joint, np.array(reliability_numbers.WEIGHT['face']))
    named = full.sum(axis=0)
    new = [BASIC8.index('surprise'), BASIC8.index('contempt')]
    mean = np.diag(joint.sum(axis=0)).mean()
    assert np.diag(named)[new] == pytest.approx([mean, mean], abs=0.04)
    assert weight[new] == pytest.approx(np.mean(reliability_numbers.WEIGHT['face']))
    # Among the classes with data nothing changes but the scale.
    known = [BASIC8.index(name) for name in reliability_numbers.CLASSES]
    part = named[np.ix_(known, known)]
    assert part / part.sum(axis=1, keepdims=True) == pytest.approx(joint.sum(axis=0))


def test_words_say_nothing_about_contempt():
    shares = np.full(8, 1.0 / 7)
    shares[BASIC8.index('contempt')] = 0.0
    assert log_evidence(Modality.TEXT, shares)[BASIC8.index('contempt')] == 0.0


def test_numbers_carry_their_source():
    text = reliability_numbers.__doc__
    for word in ('Cao, Cooper, Keutmann, Gur, Nenkova, Verma', 'Open Database License', 'SHA-256'):
        assert word in text


@pytest.mark.skipif(not VOTES.is_file(), reason='needs EMPATHY_DATA/voice/crema_d_votes')
def test_the_script_makes_the_shipped_numbers_again(tmp_path):
    out = tmp_path / 'numbers.py'
    script = ROOT / 'training' / 'fusion_reliability' / 'fit.py'
    done = subprocess.run(
        [sys.executable, str(script), '--data', str(VOTES), '--out', str(out)],
        capture_output=True, text=True, check=False, env={**os.environ, 'PYTHONPATH': str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = runpy.run_path(str(out))
    assert again['__doc__'] == reliability_numbers.__doc__
    assert again['CLASSES'] == reliability_numbers.CLASSES
    for name in ('face', 'voice'):
        joint = reliability_numbers.joint(name)
        assert again['joint'](name) == pytest.approx(joint, abs=2e-6)
        for table in ('WEIGHT', 'LEVELS'):
            shipped = getattr(reliability_numbers, table)[name]
            assert again[table][name] == pytest.approx(shipped, abs=0.011)
