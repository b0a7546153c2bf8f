# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from empathy_ros.core.fusion import AffectFusion, FusionConfig, home_prior
from empathy_ros.core.taxonomy import BASIC8, EMONET40, EXCLUDED_MASK, GOEMOTIONS28
from empathy_ros.core.types import AffectEstimate, Modality

S = 1_000_000_000
T0 = 100 * S


def shares(**known: float) -> np.ndarray:
    rest = (1 - sum(known.values())) / (len(BASIC8) - len(known))
    return np.array([known.get(label, rest) for label in BASIC8.labels], dtype=np.float32)


def face(stamp_ns: int = T0, person: str = 'p1', **known: float) -> AffectEstimate:
    return AffectEstimate(
        stamp_ns, Modality.FACE, id='f1', person_id=person, taxonomy=BASIC8.id,
        scores=shares(**known), confidence=max(known.values()), quality=1.0,
    )  # fmt: skip


def text(label: str, p: float, stamp_ns: int = T0) -> AffectEstimate:
    scores = np.full(28, 0.01, dtype=np.float32)
    scores[GOEMOTIONS28.index(label)] = p
    return AffectEstimate(
        stamp_ns, Modality.TEXT, id='u1', person_id='p1', taxonomy=GOEMOTIONS28.id, scores=scores,
        confidence=p, quality=1.0, valence=-0.5,
    )  # fmt: skip


@pytest.fixture
def fusion() -> AffectFusion:
    return AffectFusion(FusionConfig())


def test_nobody_is_unknown_not_neutral(fusion: AffectFusion) -> None:
    result = fusion.step('p1', T0)
    assert result.abstained
    assert result.reason == 'no_evidence'
    assert result.top_basic == ''
    assert math.isnan(result.valence)
    assert result.basic.size == 0


def test_one_clear_face(fusion: AffectFusion) -> None:
    fusion.observe(face(happiness=0.9))
    result = fusion.step('p1', T0)
    assert result.top_basic == 'happiness'
    assert result.basic.sum() == pytest.approx(1.0, abs=1e-5)
    assert math.isnan(result.conflict)


def test_evidence_fades_to_stale(fusion: AffectFusion) -> None:
    fusion.observe(face(happiness=0.9))
    fresh = fusion.step('p1', T0).confidence
    later = fusion.step('p1', T0 + 2 * S).confidence
    assert later < fresh
    old = fusion.step('p1', T0 + 30 * S)
    assert old.reason == 'stale'
    assert old.abstained


def test_agreement_is_surer_than_one_channel(fusion: AffectFusion) -> None:
    fusion.observe(face(sadness=0.6))
    alone = fusion.step('p1', T0).basic[BASIC8.index('sadness')]
    fusion.observe(text('sadness', 0.8))
    both = fusion.step('p1', T0)
    assert both.basic[BASIC8.index('sadness')] > alone
    assert both.conflict < 0.4
    assert sum(both.weights) == pytest.approx(1.0)


def test_conflict_is_said(fusion: AffectFusion) -> None:
    fusion.observe(face(happiness=0.97))
    fusion.observe(text('grief', 0.95))
    result = fusion.step('p1', T0)
    assert result.conflict > 0.55
    assert result.reason == 'conflict'
    assert result.top_basic == ''


def test_late_and_duplicate_evidence(fusion: AffectFusion) -> None:
    fusion.observe(face(T0 + S, happiness=0.9))
    fusion.observe(face(T0 + S, happiness=0.9))
    once = fusion.step('p1', T0 + S)
    fusion.observe(face(T0 - 20 * S, sadness=0.9))
    late = fusion.step('p1', T0 + S)
    assert late.top_basic == once.top_basic == 'happiness'


def test_future_stamp_counts_as_now(fusion: AffectFusion) -> None:
    fusion.observe(face(T0 + 3600 * S, happiness=0.9))
    assert fusion.step('p1', T0).ages_s == (0.0,)


def test_abstained_or_nameless_evidence_is_ignored(fusion: AffectFusion) -> None:
    fusion.observe(face(person='', happiness=0.9))
    blurred = AffectEstimate(T0, Modality.FACE, person_id='p1', abstained=True, reason='blurred')
    fusion.observe(blurred)
    assert fusion.people() == ()


def test_withdrawn_consent_forgets_at_once(fusion: AffectFusion) -> None:
    fusion.observe(face(happiness=0.9))
    fusion.observe(text('joy', 0.8))
    fusion.forget('p1', [Modality.FACE])
    assert fusion.step('p1', T0).modalities == (Modality.TEXT,)
    fusion.forget('p1')
    assert fusion.step('p1', T0).reason == 'no_evidence'


def test_late_evidence_of_a_withdrawn_modality_is_refused(fusion: AffectFusion) -> None:
    fusion.allow('p1', [Modality.TEXT])
    fusion.observe(face(happiness=0.9))
    assert fusion.people() == ()
    fusion.allow('p1', [Modality.TEXT, Modality.FACE])
    fusion.observe(face(happiness=0.9))
    assert fusion.people() == ('p1',)


def test_voice_arousal_counts_without_categories(fusion: AffectFusion) -> None:
    fusion.observe(
        AffectEstimate(
            T0, Modality.VOICE, person_id='p1', arousal=0.7, confidence=0.8, quality=0.9
        )
    )
    result = fusion.step('p1', T0)
    assert result.arousal == pytest.approx(0.7)
    assert result.abstained
    assert result.basic.size == 0


def test_excluded_categories_are_never_filled(fusion: AffectFusion) -> None:
    fusion.observe(face(anger=0.9))
    fusion.observe(text('desire', 0.9))
    scores = fusion.step('p1', T0).scores
    assert scores.shape == (len(EMONET40),)
    assert np.isnan(scores[EXCLUDED_MASK]).all()


@pytest.mark.parametrize('seed', range(20))
def test_random_evidence_stays_in_range(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fusion = AffectFusion(FusionConfig())
    for _ in range(200):
        modality = list(Modality)[rng.integers(3)]
        scores = rng.dirichlet(np.full(8, 0.3)).astype(np.float32)
        if rng.random() < 0.2:
            scores[rng.integers(8)] = np.nan
        fusion.observe(
            AffectEstimate(
                int(T0 + rng.integers(-50, 50) * S // 10), modality, id=str(rng.integers(3)),
                person_id='p1', taxonomy=BASIC8.id, scores=scores, valence=rng.uniform(-1, 1),
                confidence=rng.random(), quality=rng.random(),
            )
        )  # fmt: skip
        result = fusion.step('p1', T0 + int(rng.integers(0, 5) * S))
        assert 0 <= result.confidence <= 1
        assert math.isnan(result.conflict) or 0 <= result.conflict <= 1
        assert math.isnan(result.valence) or -1 <= result.valence <= 1
        assert result.basic.size == 0 or abs(result.basic.sum() - 1) < 1e-4


def test_a_channel_that_abstains_leaves_the_other_alone(fusion: AffectFusion) -> None:
    fusion.observe(face(happiness=0.9))
    alone = fusion.step('p1', T0)
    fusion.observe(
        AffectEstimate(T0, Modality.VOICE, person_id='p1', abstained=True, reason='noise')
    )
    both = fusion.step('p1', T0)
    assert both.basic == pytest.approx(alone.basic)
    assert both.modalities == (Modality.FACE,)


def test_worse_quality_is_less_sure(fusion: AffectFusion) -> None:
    found = []
    for quality in (1.0, 0.8, 0.6, 0.4, 0.2):
        fusion.clear()
        fusion.observe(
            AffectEstimate(
                T0, Modality.FACE, id='f1', person_id='p1', taxonomy=BASIC8.id,
                scores=shares(happiness=0.9), confidence=0.9, quality=quality,
            )
        )  # fmt: skip
        found.append(fusion.step('p1', T0).confidence)
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1] + 0.2


def test_a_face_that_says_nothing_is_unknown_not_neutral(fusion: AffectFusion) -> None:
    fusion.reconfigure(FusionConfig(neutral_prior=0.9))
    fusion.observe(face(happiness=0.125))
    result = fusion.step('p1', T0)
    assert result.abstained
    assert result.reason == 'low_confidence'
    assert result.top_basic == ''


def test_prior_of_a_day_at_home() -> None:
    prior = home_prior(0.3)
    assert prior.sum() == pytest.approx(1.0)
    assert prior[BASIC8.index('neutral')] == 0.3
    assert prior[1:] == pytest.approx(np.full(7, 0.1))


def test_a_class_that_was_not_estimated_is_not_zero(fusion: AffectFusion) -> None:
    scores = shares(happiness=0.7)
    scores[BASIC8.index('contempt')] = np.nan
    fusion.observe(
        AffectEstimate(
            T0, Modality.FACE, id='f1', person_id='p1', taxonomy=BASIC8.id, scores=scores,
            confidence=0.7, quality=1.0,
        )
    )  # fmt: skip
    result = fusion.step('p1', T0)
    assert result.top_basic == 'happiness'
    assert np.isnan(result.scores[EMONET40.index('Contempt')])
    # Neither for nor against: less ruled out than a class that was seen and not found.
    basic = dict(zip(BASIC8.labels, result.basic, strict=True))
    assert basic['contempt'] > basic['surprise']
