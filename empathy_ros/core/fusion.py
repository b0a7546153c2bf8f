# SPDX-License-Identifier: Apache-2.0
"""Join what face, voice and words suggest into one estimate per person, or say "unknown".

Each modality keeps its recent evidence, which fades by its half-life. What a modality says counts
by how reliably it names each class (core/reliability.py) and is pooled log-linearly
(core/fusion_pool.py), so that a channel that reads a class badly says little about it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import taxonomy
from empathy_ros.core.fusion_categories import join, of_estimate
from empathy_ros.core.fusion_pool import Evidence, pool
from empathy_ros.core.params import param
from empathy_ros.core.types import AffectEstimate, Modality, PersonAffect

NS_PER_S = 1_000_000_000
KEPT = 64
N = len(taxonomy.BASIC8)
N_WORDS = len(taxonomy.GOEMOTIONS28)
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class FusionConfig:
    """Parameters of `AffectFusion`."""

    face_half_life_s: float = param(2.0, 'Half-life of a face estimate [s].', lo=0.1, hi=60.0)
    voice_half_life_s: float = param(6.0, 'Half-life of a voice estimate [s].', lo=0.1, hi=60.0)
    text_half_life_s: float = param(15.0, 'Half-life of a text estimate [s].', lo=0.1, hi=300.0)
    min_weight: float = param(
        0.08, 'Freshness times quality under which a modality is stale.', lo=0.01, hi=0.9
    )
    min_confidence: float = param(
        0.38, 'Share of the top class under which the answer is unknown.', lo=0.13, hi=0.95
    )
    max_conflict: float = param(
        0.55, 'Disagreement of two modalities above which the answer is unknown.', lo=0.1, hi=1.0
    )
    neutral_prior: float = param(
        0.25, 'Share of neutral before any evidence; the other classes share the rest.',
        lo=0.125, hi=0.9,
    )  # fmt: skip
    rate_hz: float = param(5.0, 'How often the fused estimate is published [Hz].', lo=0.5, hi=30.0)


@dataclass(frozen=True)
class _Kept:
    """One estimate and what it says: basic shares or None, EmoNet scores, V/A/D."""

    estimate: AffectEstimate
    basic: FloatArray | None
    emonet: FloatArray
    vad: FloatArray

    @classmethod
    def of(cls, estimate: AffectEstimate) -> _Kept:
        """Return an estimate with what it says, worked out once."""
        vad = np.array([estimate.valence, estimate.arousal, estimate.dominance])
        return cls(estimate, _as_basic(estimate), of_estimate(estimate), vad)


@dataclass(frozen=True)
class _Channel:
    """One modality at one moment: weight 0..1, class shares or None, V/A/D, EmoNet scores, age."""

    modality: Modality
    weight: float
    shares: FloatArray | None
    vad: FloatArray
    emonet: FloatArray
    age_s: float


class AffectFusion:
    """Keeps recent evidence per person and modality and pools it on demand."""

    def __init__(self, config: FusionConfig) -> None:
        """Start without evidence."""
        self._config = config
        self._evidence: dict[tuple[str, Modality], deque[_Kept]] = {}
        self._refused: set[tuple[str, Modality]] = set()

    def reconfigure(self, config: FusionConfig) -> None:
        """Take new parameters; evidence stays."""
        self._config = config

    def observe(self, estimate: AffectEstimate) -> None:
        """Add evidence about an enrolled person; anything without a person is ignored.

        An abstained estimate is no evidence: older evidence goes on fading. Late arrivals are
        sorted in by stamp; a duplicate stamp is ignored.
        """
        key = (estimate.person_id, estimate.modality)
        if not estimate.person_id or estimate.abstained or key in self._refused:
            return
        kept = self._evidence.setdefault(key, deque(maxlen=KEPT))
        mark = (estimate.stamp_ns, estimate.id)
        if any((old.estimate.stamp_ns, old.estimate.id) == mark for old in kept):
            return
        late = bool(kept) and estimate.stamp_ns < kept[-1].estimate.stamp_ns
        kept.append(_Kept.of(estimate))
        if late:
            ordered = sorted(kept, key=lambda item: item.estimate.stamp_ns)
            kept.clear()
            kept.extend(ordered)

    def forget(self, person_id: str, modalities: Iterable[Modality] = tuple(Modality)) -> None:
        """Drop all evidence of these modalities at once (consent withdrawn, person left)."""
        for modality in modalities:
            self._evidence.pop((person_id, modality), None)

    def allow(self, person_id: str, modalities: Iterable[Modality]) -> None:
        """Take only these modalities of a person from now on and drop the others at once.

        An estimate that was under way when consent was withdrawn is refused, too.
        """
        agreed = set(modalities)
        refused = [modality for modality in Modality if modality not in agreed]
        self._refused -= {(person_id, modality) for modality in agreed}
        self._refused |= {(person_id, modality) for modality in refused}
        self.forget(person_id, refused)

    def clear(self) -> None:
        """Drop everything (time jumped backwards)."""
        self._evidence.clear()

    def people(self) -> tuple[str, ...]:
        """Return the people with any evidence."""
        return tuple(sorted({person for person, _ in self._evidence}))

    def step(self, person_id: str, now_ns: int) -> PersonAffect:
        """Return the fused estimate for `person_id` at `now_ns` (ROS time)."""
        channels = [
            channel
            for modality in Modality
            if (channel := self._channel(person_id, modality, now_ns)) is not None
        ]
        fresh = [c for c in channels if c.weight >= self._config.min_weight]
        if not fresh:
            reason = 'stale' if channels else 'no_evidence'
            return PersonAffect(now_ns, person_id, reason=reason)
        return self._pool(person_id, now_ns, fresh)

    def _half_life_s(self, modality: Modality) -> float:
        return float(getattr(self._config, f'{modality.value}_half_life_s'))

    def _channel(self, person_id: str, modality: Modality, now_ns: int) -> _Channel | None:
        kept = self._evidence.get((person_id, modality))
        if not kept:
            return None
        half_life_s = self._half_life_s(modality)
        estimates = [item.estimate for item in kept]
        ages_s = np.array([max(0, now_ns - e.stamp_ns) / NS_PER_S for e in estimates])
        fading = np.exp2(-ages_s / half_life_s) * np.array([e.quality for e in estimates])
        weights = fading * np.array([max(e.confidence, 0.05) for e in estimates])
        return _Channel(
            modality,
            float(fading.max()),
            _weighted_shares([item.basic for item in kept], weights),
            _nan_mean(np.stack([item.vad for item in kept]), weights),
            _nan_mean(np.stack([item.emonet for item in kept]), weights),
            float(ages_s.min()),
        )

    def _pool(self, person_id: str, now_ns: int, fresh: list[_Channel]) -> PersonAffect:
        weights = np.array([c.weight for c in fresh])
        vad = _nan_mean(np.stack([c.vad for c in fresh]), weights)
        result = PersonAffect(
            now_ns,
            person_id,
            scores=join(
                {c.modality: c.emonet for c in fresh}, {c.modality: c.weight for c in fresh}
            ).astype(np.float32),
            valence=float(vad[0]),
            arousal=float(vad[1]),
            dominance=float(vad[2]),
            modalities=tuple(c.modality for c in fresh),
            weights=tuple(float(w) for w in weights / weights.sum()),
            ages_s=tuple(c.age_s for c in fresh),
        )
        said = [Evidence(c.modality, c.shares, c.weight) for c in fresh if c.shares is not None]
        return replace(result, **self._judged(said))

    def _judged(self, said: list[Evidence]) -> dict[str, Any]:
        """Return the fields of the answer that come from categories."""
        if not said:
            return {'reason': 'no_evidence'}
        pooled = pool(said, home_prior(self._config.neutral_prior))
        reason = ''
        if pooled.conflict > self._config.max_conflict:
            reason = 'conflict'
        elif pooled.confidence < self._config.min_confidence or not pooled.named:
            reason = 'low_confidence'
        return {
            'basic': pooled.basic.astype(np.float32),
            'top_basic': '' if reason else taxonomy.BASIC8.labels[pooled.top],
            'confidence': pooled.confidence,
            'conflict': pooled.conflict,
            'abstained': bool(reason),
            'reason': reason,
        }


def home_prior(neutral: float) -> FloatArray:
    """Return the share of each basic class before any evidence, shape (8,)."""
    prior = np.full(N, (1.0 - neutral) / (N - 1))
    prior[taxonomy.BASIC8.index('neutral')] = neutral
    return prior


def _as_basic(estimate: AffectEstimate) -> FloatArray | None:
    """Return shares over the basic classes, NaN where not estimated, None without categories."""
    scores = np.asarray(estimate.scores, dtype=np.float64)
    if estimate.taxonomy == taxonomy.GOEMOTIONS28.id and scores.size == N_WORDS:
        scores = taxonomy.basic_from_goemotions(scores)
    elif estimate.taxonomy != taxonomy.BASIC8.id or scores.size != N:
        return None
    total = float(np.nansum(scores))
    return scores / total if total > 0 else None


def _weighted_shares(rows: list[FloatArray | None], weights: FloatArray) -> FloatArray | None:
    pairs = [(row, w) for row, w in zip(rows, weights, strict=True) if row is not None]
    if not pairs or sum(w for _, w in pairs) <= 0:
        return None
    mean = _nan_mean(np.stack([row for row, _ in pairs]), np.array([w for _, w in pairs]))
    return np.asarray(mean / np.nansum(mean))


def _nan_mean(rows: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted mean per column without NaN; all-NaN columns stay NaN."""
    known = ~np.isnan(rows)
    share = known * weights[:, None]
    total = share.sum(axis=0)
    summed = (np.where(known, rows, 0.0) * share).sum(axis=0)
    mean: FloatArray = np.full(rows.shape[1], np.nan)
    np.divide(summed, total, out=mean, where=total > 0)
    return mean
