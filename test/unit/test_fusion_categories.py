# SPDX-License-Identifier: Apache-2.0
"""Every EmoNet category: who may speak about it; nobody speaks for another."""

from pathlib import Path

import numpy as np
import pytest

from empathy_ros.core.fusion import AffectFusion, FusionConfig
from empathy_ros.core.fusion_categories import join, of_estimate, RELIABILITY, SPEAKS
from empathy_ros.core.taxonomy import (
    BASIC8,
    CARE_MASK,
    CATEGORIES,
    EMONET40,
    EXCLUDED_MASK,
    GOEMOTIONS28,
)
from empathy_ros.core.types import AffectEstimate, Modality

CARD = Path(__file__).resolve().parents[2] / 'models' / 'cards' / 'fusion.md'
SIZE = {Modality.FACE: BASIC8, Modality.VOICE: BASIC8, Modality.TEXT: GOEMOTIONS28}


def estimate(modality: Modality, value: float = 0.5) -> AffectEstimate:
    labels = SIZE[modality]
    return AffectEstimate(
        10**9, modality, id='x', person_id='p1', taxonomy=labels.id, confidence=0.8, quality=1.0,
        scores=np.full(len(labels), value, dtype=np.float32),
    )  # fmt: skip


@pytest.mark.parametrize('modality', list(Modality))
def test_an_estimate_fills_what_its_channel_speaks_about_and_nothing_else(modality):
    scores = of_estimate(estimate(modality))
    assert (~np.isnan(scores) == SPEAKS[modality]).all()
    fusion = AffectFusion(FusionConfig())
    fusion.observe(estimate(modality))
    assert (~np.isnan(fusion.step('p1', 10**9).scores) == SPEAKS[modality]).all()


def test_all_channels_together_fill_the_union_only():
    fusion = AffectFusion(FusionConfig())
    for modality in Modality:
        fusion.observe(estimate(modality))
    filled = ~np.isnan(fusion.step('p1', 10**9).scores)
    assert (filled == np.logical_or.reduce(list(SPEAKS.values()))).all()
    assert not (filled & EXCLUDED_MASK).any()
    assert filled.sum() == 27


def test_counts_of_the_table():
    assert [int(SPEAKS[m].sum()) for m in (Modality.FACE, Modality.VOICE, Modality.TEXT)] == [
        7,
        4,
        26,
    ]
    # Of the care categories only confusion has a channel; pain, fatigue, numbness and
    # helplessness stay unknown until a model names them.
    spoken = np.logical_or.reduce(list(SPEAKS.values()))
    names = [c.name for c, care, yes in zip(CATEGORIES, CARE_MASK, spoken, strict=True)
             if care and yes]  # fmt: skip
    assert names == ['Confusion']


def test_the_card_says_for_each_category_who_speaks():
    rows = {}
    for line in CARD.read_text(encoding='utf-8').splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if len(cells) == 5 and cells[0] in EMONET40.labels:
            rows[cells[0]] = [cell == 'yes' for cell in cells[1:4]]
    assert list(rows) == list(EMONET40.labels)
    for i, name in enumerate(EMONET40.labels):
        assert rows[name] == [bool(SPEAKS[m][i]) for m in Modality], name


def test_a_category_that_one_channel_names_keeps_its_score():
    values = np.full(len(EMONET40), np.nan)
    values[EMONET40.index('Relief')] = 0.7
    nothing = np.full(len(EMONET40), np.nan)
    got = join(
        {Modality.FACE: nothing, Modality.TEXT: values},
        {Modality.FACE: 1.0, Modality.TEXT: 0.3},
    )
    assert got[EMONET40.index('Relief')] == pytest.approx(0.7)
    assert np.isnan(got).sum() == len(EMONET40) - 1


def test_the_more_reliable_channel_counts_more():
    row = EMONET40.index('Sadness')
    low, high = np.full(len(EMONET40), np.nan), np.full(len(EMONET40), np.nan)
    low[row], high[row] = 0.1, 0.9
    weights = {Modality.VOICE: 1.0, Modality.TEXT: 1.0}
    got = join({Modality.VOICE: low, Modality.TEXT: high}, weights)[row]
    assert RELIABILITY[Modality.TEXT][row] > RELIABILITY[Modality.VOICE][row]
    assert 0.5 < got < 0.9


@pytest.mark.parametrize('modality', list(Modality))
def test_every_category_that_is_spoken_about_has_a_reliability(modality):
    values = RELIABILITY[modality]
    assert (values[SPEAKS[modality]] > 0.1).all()
    assert (values <= 1.0).all()


def test_a_channel_without_weight_changes_nothing():
    values = np.full(len(EMONET40), 0.4)
    got = join(
        {Modality.FACE: np.ones(len(EMONET40)), Modality.TEXT: values},
        {Modality.FACE: 0.0, Modality.TEXT: 0.5},
    )
    assert got == pytest.approx(values)
