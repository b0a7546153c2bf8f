# SPDX-License-Identifier: Apache-2.0
"""Before and after the expression network: input, calibration, abstention, derived values."""

import math

import numpy as np
import pytest

from empathy_ros.core.expression_net import (
    ANCHORS,
    Calibration,
    derived_valence_arousal,
    has_contrast,
    network_input,
    probabilities,
    read_expression,
    read_expressions,
)
from empathy_ros.core.taxonomy import BASIC8


def picture(seed=0, scale=1.0, offset=0.0):
    rng = np.random.default_rng(seed)
    return np.clip(rng.uniform(60, 200, (48, 48)) * scale + offset, 0, 255).astype(np.uint8)


def logits_for(label, height=6.0):
    row = np.zeros(len(BASIC8), np.float32)
    row[BASIC8.index(label)] = height
    return row


def test_input_has_zero_mean_and_unit_deviation():
    x = network_input(np.stack([picture(1), picture(2)]))
    assert x.shape == (2, 1, 48, 48)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x.mean(axis=(1, 2, 3)), 0.0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=(1, 2, 3)), 1.0, atol=1e-4)


def test_light_and_gain_of_the_camera_cancel_out():
    bright, dim = network_input(np.stack([picture(3), picture(3, 0.5, 10)]))
    np.testing.assert_allclose(bright, dim, atol=0.05)


def test_a_blank_crop_becomes_zeros_not_noise():
    blank = np.full((1, 48, 48), 90, np.uint8)
    blank[0, 0, 0] = 91
    assert np.abs(network_input(blank)).max() < 0.5


@pytest.mark.parametrize(
    'crops', [np.zeros((48, 48), np.uint8), np.zeros((1, 40, 48), np.uint8), np.zeros((1, 48, 48))]
)
def test_other_shapes_and_types_are_refused_by_name(crops):
    with pytest.raises(ValueError, match=r'48, 48|uint8'):
        network_input(crops)


def test_probabilities_sum_to_one_and_a_higher_temperature_is_less_sure():
    logits = np.stack([logits_for('anger'), logits_for('fear', 900.0)])
    sharp, soft = probabilities(logits, 0.5), probabilities(logits, 2.0)
    np.testing.assert_allclose(sharp.sum(axis=1), 1.0)
    assert sharp[0].max() > soft[0].max()
    assert np.argmax(soft[1]) == BASIC8.index('fear')


def test_only_allowed_classes_get_probability():
    allowed = [BASIC8.index('neutral'), BASIC8.index('happiness')]
    p = probabilities(logits_for('anger')[None], 1.0, allowed)[0]
    np.testing.assert_allclose(p[allowed], 0.5)
    assert p.sum() == pytest.approx(1.0)


def test_an_unsure_answer_is_unknown_and_has_no_valence():
    p = np.full(8, 0.1)
    p[2] = 0.3
    reading = read_expression(p, Calibration(min_confidence=0.5))
    assert reading.abstained
    assert reading.reason == 'low_confidence'
    assert math.isnan(reading.valence)
    assert math.isnan(reading.arousal)
    assert reading.label == 'surprise'


def test_a_sure_answer_carries_label_confidence_and_derived_values():
    p = probabilities(logits_for('happiness', 9.0)[None])[0]
    reading = read_expression(p, Calibration(min_confidence=0.5))
    assert (reading.label, reading.abstained, reading.reason) == ('happiness', False, '')
    assert reading.confidence == pytest.approx(p.max())
    assert reading.valence > 0.3


def test_blank_crops_and_broken_outputs_are_unknown_without_a_label():
    crops = np.stack([np.full((48, 48), 7, np.uint8), picture(1), picture(2)])
    logits = np.stack([logits_for('anger'), np.full(8, np.nan, np.float32), logits_for('fear')])
    blank, broken, good = read_expressions(crops, logits, Calibration())
    assert (blank.reason, blank.label, blank.confidence) == ('no_contrast', '', 0.0)
    assert (broken.reason, broken.label) == ('bad_output', '')
    assert np.isnan(broken.probabilities).all()
    assert good.label == 'fear'


def test_counts_and_classes_must_fit():
    with pytest.raises(ValueError, match=r'\(1, 8\)'):
        read_expressions(picture()[None], np.zeros((1, 7), np.float32), Calibration())


def test_contrast_is_judged_per_crop():
    assert has_contrast(np.stack([np.full((48, 48), 128, np.uint8), picture()])).tolist() == [
        False,
        True,
    ]


@pytest.mark.parametrize('values', [{'temperature': 0.0}, {'temperature': math.nan}])
def test_a_temperature_must_be_positive(values):
    with pytest.raises(ValueError, match='temperature'):
        Calibration(**values)


def test_a_minimum_confidence_must_be_a_share():
    with pytest.raises(ValueError, match='min_confidence'):
        Calibration(min_confidence=1.2)


def test_derived_values_follow_the_anchors_and_keep_their_signs():
    for i, label in enumerate(BASIC8.labels):
        assert derived_valence_arousal(np.eye(8)[i]) == pytest.approx(tuple(ANCHORS[i])), label
    sign = dict(zip(BASIC8.labels, np.sign(ANCHORS[:, 0]), strict=True))
    assert sign['happiness'] > 0 > sign['sadness']
    assert np.abs(ANCHORS).max() <= 1.0
    assert math.isnan(derived_valence_arousal(np.full(8, np.nan))[0])
