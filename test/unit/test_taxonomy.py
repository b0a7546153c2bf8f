# SPDX-License-Identifier: Apache-2.0
"""The vocabularies hold together, and the mappings never invent evidence."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from empathy_ros.core import taxonomy as tx
from empathy_ros.core.emonet import CATEGORIES, FAMILIES

# Mean shift (valence, arousal, dominance) of the EmoBank sentences that contain a synonym of the
# category, against all sentences; categories with at least 10 such sentences. Buechel and Hahn,
# EACL 2017: figures measured on the set, not a part of it.
EMOBANK_SHIFT = {
    'Elation': (0.46, 0.40, 0.08),
    'Pleasure/Ecstasy': (0.34, 0.23, 0.01),
    'Contentment': (0.28, 0.09, 0.14),
    'Affection': (0.16, 0.01, -0.03),
    'Hope/Enthusiasm/Optimism': (0.19, 0.07, 0.02),
    'Pride': (0.29, 0.03, -0.03),
    'Interest': (0.16, -0.02, 0.03),
    'Awe': (0.03, 0.09, 0.01),
    'Astonishment/Surprise': (-0.09, 0.20, -0.03),
    'Concentration': (0.07, -0.01, -0.05),
    'Longing': (0.05, -0.06, 0.04),
    'Doubt': (-0.09, 0.01, -0.02),
    'Fear': (-0.30, 0.15, -0.08),
    'Distress': (-0.10, -0.03, -0.06),
    'Disappointment': (-0.27, -0.05, -0.06),
    'Anger': (-0.24, 0.16, 0.04),
    'Pain': (-0.38, 0.11, -0.10),
}


def _p28(**scores: float) -> np.ndarray:
    p = np.zeros(28)
    for label, score in scores.items():
        p[tx.GOEMOTIONS28.index(label)] = score
    return p


def _p8(**scores: float) -> np.ndarray:
    p = np.zeros(8)
    for label, score in scores.items():
        p[tx.BASIC8.index(label)] = score
    return p


def _emonet(scores: np.ndarray, name: str) -> float:
    return float(scores[tx.EMONET40.index(name)])


def test_sizes_ids_and_unique_labels() -> None:
    sizes = {'emonet-40.1': 40, 'basic-8.1': 8, 'goemotions-28.1': 28}
    assert {t.id: len(t) for t in tx.TAXONOMIES.values()} == sizes
    for taxonomy in tx.TAXONOMIES.values():
        assert len(set(taxonomy.labels)) == len(taxonomy)


def test_order_of_version_one_is_frozen() -> None:
    assert tx.EMONET40.labels[0] == 'Amusement'
    assert tx.EMONET40.labels[20] == 'Doubt'
    assert tx.EMONET40.labels[39] == 'Jealousy & Envy'
    assert tx.BASIC8.labels[:3] == ('neutral', 'happiness', 'surprise')
    assert tx.BASIC8.labels[7] == 'contempt'
    assert tx.GOEMOTIONS28.labels[:27] == tuple(sorted(tx.GOEMOTIONS28.labels[:27]))
    assert tx.GOEMOTIONS28.labels[27] == 'neutral'


def test_unknown_label_is_named() -> None:
    with pytest.raises(ValueError, match=r'joyfulness.*goemotions-28\.1'):
        tx.GOEMOTIONS28.index('joyfulness')


def test_all_goemotions_labels_are_used_and_none_is_unknown() -> None:
    used = {label for category in CATEGORIES for label in category.sources}
    assert used == set(tx.GOEMOTIONS28.labels)
    assert all(set(c.named) <= set(c.sources) for c in CATEGORIES)
    assert {c.basic for c in CATEGORIES} == set(tx.BASIC8.labels)


def test_rows_per_basic_class() -> None:
    # Contempt has its own class here; in seven classes it would be the third row of disgust.
    counts = Counter(c.basic for c in CATEGORIES)
    assert counts == {
        'happiness': 12,
        'neutral': 8,
        'sadness': 7,
        'anger': 5,
        'surprise': 3,
        'disgust': 2,
        'fear': 2,
        'contempt': 1,
    }


def test_signs_do_not_contradict_the_families() -> None:
    checked = 0
    expected = {'p+': (1, 1), 'p-': (1, -1), 'n+': (-1, 1), 'n-': (-1, -1)}
    for key, (valence, arousal) in expected.items():
        for category in (c for c in CATEGORIES if c.family == FAMILIES[key]):
            assert category.valence * valence >= 0, category.name
            assert category.arousal * arousal >= 0, category.name
            checked += 1
    assert checked == 31


@pytest.mark.parametrize(
    ('axis', 'agree', 'compared'), [(0, 13, 14), (1, 9, 10), (2, 7, 9)], ids=['V', 'A', 'D']
)
def test_sign_agreement_with_emobank(axis: int, agree: int, compared: int) -> None:
    products = [
        shift[axis] * tx.EMONET_VAD[tx.EMONET40.index(name), axis]
        for name, shift in EMOBANK_SHIFT.items()
        if abs(shift[axis]) > 0.03
    ]
    products = [product for product in products if product != 0.0]
    assert len(products) == compared
    assert sum(product > 0.0 for product in products) == agree


def test_neutral_rows_carry_valence_so_the_basic_class_must_not_give_it() -> None:
    rows = {c.name: c.valence for c in CATEGORIES if c.basic == 'neutral'}
    assert {name for name, valence in rows.items() if valence} == {
        'Interest',
        'Sexual Lust',
        'Fatigue/Exhaustion',
        'Emotional Numbness',
        'Doubt',
    }


def test_flags() -> None:
    assert int(tx.EXCLUDED_MASK.sum()) == 5
    assert int(tx.CARE_MASK.sum()) == 5
    assert not np.any(tx.EXCLUDED_MASK & tx.CARE_MASK)
    assert not np.any(tx.EXCLUDED_MASK & tx.TEXT_MASK)


def test_ekman_groups_partition_the_labels() -> None:
    members = [label for group in tx.EKMAN_GROUPS.values() for label in group]
    assert sorted(members) == sorted(tx.GOEMOTIONS28.labels)


def test_basic_from_goemotions_is_a_distribution() -> None:
    out = tx.basic_from_goemotions(_p28(grief=0.6, sadness=0.5, neutral=0.2))
    assert out.sum() == pytest.approx(1.0)
    assert out[tx.BASIC8.index('sadness')] == pytest.approx(0.8 / 1.0)
    assert out[tx.BASIC8.index('neutral')] == pytest.approx(0.2 / 1.0)
    assert out[tx.BASIC8.index('contempt')] == 0.0


def test_basic_from_goemotions_is_unknown_without_evidence() -> None:
    assert np.all(np.isnan(tx.basic_from_goemotions(np.zeros(28))))
    p = _p28(joy=0.5)
    p[0] = np.nan
    assert np.all(np.isnan(tx.basic_from_goemotions(p)))


def test_words_do_not_speak_about_pain_contempt_or_excluded_categories() -> None:
    out = tx.emonet_from_goemotions(np.full(28, 0.9))
    silent = {c.name for c in CATEGORIES if np.isnan(_emonet(out, c.name))}
    assert silent == {
        'Infatuation',
        'Sexual Lust',
        'Malevolence/Malice',
        'Intoxication/Altered States of Consciousness',
        'Jealousy & Envy',
        'Pain',
        'Fatigue/Exhaustion',
        'Emotional Numbness',
        'Helplessness',
        'Contempt',
        'Concentration',
        'Contemplation',
        'Sourness',
        'Teasing',
    }


def test_naming_label_is_enough_related_labels_must_agree() -> None:
    out = tx.emonet_from_goemotions(_p28(sadness=0.7, grief=0.2))
    assert _emonet(out, 'Sadness') == pytest.approx(0.7)
    assert _emonet(out, 'Longing') == 0.0
    out = tx.emonet_from_goemotions(_p28(sadness=0.7, desire=0.4))
    assert _emonet(out, 'Longing') == pytest.approx(0.4)


def test_face_speaks_about_seven_categories_voice_about_four() -> None:
    p8 = _p8(happiness=0.5, contempt=0.1, neutral=0.4)
    face = tx.emonet_from_basic(p8, 'face')
    voice = tx.emonet_from_basic(p8, 'voice')
    assert np.isfinite(face).sum() == 7
    assert np.isfinite(voice).sum() == 4
    assert _emonet(face, 'Elation') == 0.5
    assert _emonet(face, 'Contempt') == 0.1
    assert np.isnan(_emonet(voice, 'Contempt'))
    assert np.isnan(_emonet(face, 'Pain'))


def test_basic_of_unknown_modality_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'text'.*face, voice"):
        tx.emonet_from_basic(np.zeros(8), 'text')


@pytest.mark.parametrize(
    'function', [tx.basic_from_goemotions, tx.emonet_from_goemotions, tx.vad_from_emonet]
)
def test_wrong_shape_is_refused(function: object) -> None:
    with pytest.raises(ValueError, match=r'shape .*\(3,\)'):
        function(np.zeros(3))  # type: ignore[operator]


def test_mask_removes_mass_and_does_not_give_it_away() -> None:
    scores = np.zeros(40)
    scores[tx.EMONET40.index('Sexual Lust')] = 0.3
    scores[tx.EMONET40.index('Affection')] = 0.6
    masked, share = tx.mask_excluded(scores)
    assert np.isnan(_emonet(masked, 'Sexual Lust'))
    assert _emonet(masked, 'Affection') == 0.6
    assert share == pytest.approx(1.0 / 3.0)
    shown, share = tx.mask_excluded(scores, enabled=('Sexual Lust',))
    assert _emonet(shown, 'Sexual Lust') == 0.3
    assert share == 0.0


def test_vad_is_unknown_without_scores_and_signed_with_them() -> None:
    assert np.all(np.isnan(tx.vad_from_emonet(np.full(40, np.nan))))
    assert np.all(np.isnan(tx.vad_from_emonet(np.zeros(40))))
    scores = np.full(40, np.nan)
    scores[tx.EMONET40.index('Fear')] = 0.4
    assert tx.vad_from_emonet(scores).tolist() == [-1.0, 1.0, -1.0]


def test_label_anchors_follow_the_signs() -> None:
    anchor = dict(zip(tx.GOEMOTIONS28.labels, tx.GOEMOTIONS_VAD.tolist(), strict=True))
    assert anchor['neutral'] == [0.0, 0.0, 0.0]
    assert anchor['nervousness'] == [-1.0, 1.0, -1.0]
    assert anchor['confusion'][0] == -1.0
    assert anchor['desire'][0] == 0.0
    assert np.all(np.abs(tx.GOEMOTIONS_VAD) <= 1.0)
