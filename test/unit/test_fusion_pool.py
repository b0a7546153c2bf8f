# SPDX-License-Identifier: Apache-2.0
"""Pooling: the table decides, a missing channel changes nothing, conflict makes unsure."""

import math

import numpy as np
import pytest

from empathy_ros.core import reliability
from empathy_ros.core.fusion_pool import conflict, EVEN, Evidence, pool
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Modality


def shares(**known: float) -> np.ndarray:
    rest = (1 - sum(known.values())) / (len(BASIC8) - len(known))
    return np.array([known.get(label, rest) for label in BASIC8.labels])


def face(weight: float = 1.0, **known: float) -> Evidence:
    return Evidence(Modality.FACE, shares(**known), weight)


def voice(weight: float = 1.0, **known: float) -> Evidence:
    return Evidence(Modality.VOICE, shares(**known), weight)


def share(pooled, label: str) -> float:
    return float(pooled.basic[BASIC8.index(label)])


def test_the_result_follows_the_tables():
    """Bayes' rule by hand: the product of both likelihood ratios to the power of their weights."""
    got = pool([face(happiness=1.0), voice(neutral=1.0)]).basic
    logs = []
    for modality, label in ((Modality.FACE, 'happiness'), (Modality.VOICE, 'neutral')):
        table = reliability.TABLES[modality]
        column = table.named[:, BASIC8.index(label)]
        ratio = table.weight * np.log(column / column.mean())
        logs.append(np.clip(ratio, -reliability.MAX_LOG_RATIO, reliability.MAX_LOG_RATIO))
    want = np.exp(sum(logs))
    assert got == pytest.approx(want / want.sum())


def test_a_better_table_counts_more(monkeypatch):
    before = pool([face(anger=0.8), voice(fear=0.8)])
    sharper = reliability.TABLES[Modality.FACE]
    k = len(BASIC8)
    joint = np.full((1, k, k), 0.002) + np.eye(k) * (1 - 0.002 * k)
    table = reliability.ReliabilityTable(joint, sharper.weight, sharper.levels[:1])
    monkeypatch.setitem(reliability.TABLES, Modality.FACE, table)
    assert share(pool([face(anger=0.8), voice(fear=0.8)]), 'anger') > share(before, 'anger')


def test_a_channel_without_weight_leaves_the_other_alone():
    alone = pool([face(sadness=0.7)])
    assert pool([face(sadness=0.7), voice(0.0, anger=0.9)]).basic == pytest.approx(alone.basic)


def test_low_quality_lowers_the_weight_without_steps():
    found = [share(pool([voice(w, anger=0.9)]), 'anger') for w in np.linspace(0, 1, 101)]
    assert found[0] == pytest.approx(1 / 8)
    assert (np.diff(found) > 0).all()
    assert np.diff(found).max() < 0.02


def test_conflict_makes_unsure():
    alone = pool([face(anger=0.85)])
    against = pool([face(anger=0.85), voice(happiness=0.85)])
    agreed = pool([face(anger=0.85), voice(anger=0.85)])
    assert against.confidence < alone.confidence < agreed.confidence
    assert agreed.conflict == 0.0
    assert against.conflict > 0.55
    assert math.isnan(alone.conflict)


def test_a_channel_without_preference_is_no_conflict():
    assert pool([face(happiness=0.9), voice(happiness=0.125)]).conflict < 0.2
    even = np.full(4, 0.25)
    assert conflict([1.0, 1.0], [even, np.array([0.97, 0.01, 0.01, 0.01])]) == 0.0
    assert conflict([1.0, 1.0], [np.array([1.0, 0.0]), np.array([0.0, 1.0])]) == 1.0
    assert conflict([1.0, 0.04], [np.array([1.0, 0.0]), np.array([0.0, 1.0])]) == 0.2


def test_a_class_that_words_cannot_name_is_not_ruled_out_by_them():
    words = np.append(np.full(7, 0.5 / 6), math.nan)
    words[BASIC8.index('happiness')] = 0.5
    contempt = np.eye(8)[BASIC8.index('contempt')]
    assert conflict([1.0, 1.0], [words, contempt]) == pytest.approx(1 - 0.125 / 0.5)


def test_a_neutral_voice_does_not_contradict_a_smile():
    assert pool([face(happiness=0.9), voice(neutral=0.9)]).conflict < 0.45


def test_a_top_class_that_nobody_named_is_marked():
    even = pool([face(neutral=0.125)])
    assert not even.named
    prior = EVEN.copy()
    prior[0] = 0.9
    assert not pool([face(0.01, anger=0.6, neutral=0.05)], prior).named
    assert pool([face(happiness=0.9)]).named


def test_a_class_without_prior_is_never_the_answer():
    prior = np.where(np.arange(8) == BASIC8.index('anger'), 0.0, 1 / 7)
    got = pool([face(anger=0.9)], prior)
    assert share(got, 'anger') == 0.0
    assert got.basic.sum() == pytest.approx(1.0)


def test_a_class_that_no_channel_can_name_keeps_its_share_before_evidence():
    said = shares(happiness=0.9)
    said[BASIC8.index('contempt')] = math.nan
    got = pool([Evidence(Modality.VOICE, said / np.nansum(said))])
    log = reliability.log_evidence(Modality.VOICE, said / np.nansum(said))
    assert log[BASIC8.index('contempt')] == 0.0
    assert share(got, 'contempt') < share(got, 'happiness')
