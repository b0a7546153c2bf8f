# SPDX-License-Identifier: Apache-2.0
"""Figures of a classifier that abstains, subgroup ratios, and the fixed degradations."""

import math

import numpy as np
import pytest

from empathy_ros.evaluation.degrade import DEGRADATIONS, degrade
from empathy_ros.evaluation.scores import (
    accuracy_at_coverage,
    Answers,
    confusion,
    macro_f1,
    per_class,
    summary,
)
from empathy_ros.evaluation.subgroups import ratio_with_interval, share_table
from empathy_ros.evaluation.valence_arousal import agreement


def answers(truth, top, confidence, answered):
    return Answers(
        np.array(truth, dtype=np.int64),
        np.array(top, dtype=np.int64),
        np.array(confidence, dtype=np.float64),
        np.array(answered, dtype=bool),
    )


@pytest.fixture
def five():
    return answers([0, 0, 1, 1, 2], [0, 1, 1, -1, 2], [0.9, 0.6, 0.8, 0.0, 0.4], [1, 0, 1, 0, 1])


def test_accuracy_of_the_most_confident_share(five):
    assert accuracy_at_coverage(five, 0.4) == 1.0
    assert accuracy_at_coverage(five, 0.6) == pytest.approx(2 / 3)
    assert accuracy_at_coverage(five, 1.0) == 0.6
    assert math.isnan(accuracy_at_coverage(five, 0.0))


def test_abstention_and_missing_answers_are_counted(five):
    result = summary(five, [0, 1, 2], 3)
    assert result['accuracy'] == 0.6
    assert result['abstain_rate'] == 0.4
    assert result['accuracy_when_answering'] == 1.0
    assert result['ece'] == pytest.approx((0.1 + 0.6 + 0.2 + 0.6) / 4)
    low, high = result['intervals']['accuracy']
    assert low < 0.6 < high
    low, high = result['intervals']['macro_f1']
    assert low < result['macro_f1'] <= high


def test_macro_f1_averages_the_classes_that_occur(five):
    table = confusion(five.truth, five.top, 4)
    assert table.tolist() == [[1, 1, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    assert macro_f1(table, range(4)) == pytest.approx((2 / 3 + 0.5 + 1.0) / 3)
    assert math.isnan(macro_f1(np.zeros((2, 3), dtype=np.int64), [0, 1]))


def test_figures_per_class(five):
    row = per_class(five, [(1, 'one'), (3, 'three')], 4)
    assert row['one']['precision'] == 0.5
    assert row['one']['recall'] == 0.5
    assert row['three'] == {
        'n': 0,
        'precision': None,
        'recall': None,
        'recall_interval': [None, None],
        'f1': None,
    }


def test_no_labels_give_no_figures_and_no_nan():
    result = summary(answers([], [], [], []), [0], 1)
    assert result['n'] == 0
    assert result['accuracy'] is None
    assert result['intervals']['macro_f1'] == [None, None]


def test_ratio_and_its_interval():
    ratio, (low, high) = ratio_with_interval(30, 100, 20, 100)
    assert ratio == pytest.approx(1.5)
    assert low * high == pytest.approx(ratio**2)
    assert low < 1.0 < high
    assert ratio_with_interval(0, 10, 5, 10) == (0.0, None)
    assert ratio_with_interval(5, 10, 0, 10) == (None, None)


def test_shares_leave_pictures_without_an_answer_out():
    top = np.array([0, 0, 1, -1, 1, 1])
    inside = np.array([True, True, True, True, False, False])
    table = share_table(top, inside, [(0, 'zero'), (1, 'one')])
    assert table['zero']['share'] == pytest.approx(0.6667)
    assert table['one']['ratio_to_others'] == pytest.approx(0.333)
    assert table['zero']['ratio_to_others'] is None


@pytest.mark.parametrize('kind', DEGRADATIONS)
def test_degradations_damage_the_same_way_each_time(kind):
    crop = np.random.default_rng(5).integers(0, 256, (48, 48), dtype=np.uint8)
    before = crop.copy()
    first, again = degrade(crop, kind, 3), degrade(crop, kind, 3)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(crop, before)
    assert first.shape == crop.shape
    assert first.dtype == np.uint8
    assert np.abs(first.astype(int) - crop).mean() > 5


def test_no_degradation_and_an_unknown_one():
    crop = np.arange(48 * 48, dtype=np.uint8).reshape(48, 48)
    assert degrade(crop, 'none', 1) is crop
    with pytest.raises(ValueError, match=r'fog.*dim'):
        degrade(crop, 'fog', 1)


def test_agreement_of_derived_values_skips_the_unknown():
    nan = math.nan
    result = agreement([0.1, nan, 0.3, 0.5], [0.0, 0.9, nan, 0.4])
    assert result == {'n': 2, 'r': 1.0, 'mean_absolute_error': 0.1}
    assert agreement([0.2, 0.2], [0.1, 0.4])['r'] is None
