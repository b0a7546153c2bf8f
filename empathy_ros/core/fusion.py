# SPDX-License-Identifier: Apache-2.0
"""Join what face, voice and words suggest into one estimate per person, or say "unknown".

Each modality keeps its recent evidence, which fades by its half-life. The modalities are pooled
log-linearly (Genest and Zidek, Statistical Science 1 (1986) 114-148) with a weight per modality
and
class, so that a channel that reads a class badly says little about it, neither for nor against.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
import itertools
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import taxonomy
from empathy_ros.core.params import param
from empathy_ros.core.types import AffectEstimate, Modality, PersonAffect

NS_PER_S = 1_000_000_000
KEPT = 64
# Evidence ratios beyond e^3 = 20 count as 20: one channel alone never settles the matter.
MAX_LOG_RATIO = 3.0
N = len(taxonomy.BASIC8)
N_WORDS = len(taxonomy.GOEMOTIONS28)
FloatArray = NDArray[np.float64]

# How well people read each class from one channel alone: share of CREMA-D clips whose crowd vote
# equals the acted class (Cao et al., IEEE Trans. Affective Computing 2014; 7,442 clips, 91 actors;
# tables under ODbL). Surprise and contempt are not in that set and take the mean of the row.
# Words: F1 by Ekman group of a linear model on GoEmotions, rounded; words say nothing about
# contempt (no such label there).
#                       neutral happy surprise sad  anger disgust fear contempt
RELIABILITY = {
    Modality.FACE: np.array([0.92, 0.96, 0.67, 0.33, 0.65, 0.63, 0.52, 0.67]),
    Modality.VOICE: np.array([0.96, 0.26, 0.43, 0.16, 0.61, 0.27, 0.32, 0.43]),
    Modality.TEXT: np.array([0.60, 0.80, 0.50, 0.60, 0.55, 0.45, 0.65, 0.00]),
}


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
    rate_hz: float = param(5.0, 'How often the fused estimate is published [Hz].', lo=0.5, hi=30.0)


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
        self._evidence: dict[tuple[str, Modality], deque[AffectEstimate]] = {}
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
        if any(old.stamp_ns == estimate.stamp_ns and old.id == estimate.id for old in kept):
            return
        late = bool(kept) and estimate.stamp_ns < kept[-1].stamp_ns
        kept.append(estimate)
        if late:
            ordered = sorted(kept, key=lambda item: item.stamp_ns)
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
        ages_s = np.array([max(0, now_ns - e.stamp_ns) / NS_PER_S for e in kept])
        fading = np.exp2(-ages_s / half_life_s) * np.array([e.quality for e in kept])
        weights = fading * np.array([max(e.confidence, 0.05) for e in kept])
        rows = [_as_basic(e) for e in kept]
        vad = np.array([[e.valence, e.arousal, e.dominance] for e in kept])
        return _Channel(
            modality,
            float(fading.max()),
            _weighted_shares(rows, weights),
            _nan_mean(vad, weights),
            _nan_mean(np.stack([_as_emonet(e) for e in kept]), weights),
            float(ages_s.min()),
        )

    def _pool(self, person_id: str, now_ns: int, fresh: list[_Channel]) -> PersonAffect:
        weights = np.array([c.weight for c in fresh])
        vad = _nan_mean(np.stack([c.vad for c in fresh]), weights)
        result = PersonAffect(
            now_ns,
            person_id,
            scores=_nan_mean(np.stack([c.emonet for c in fresh]), weights).astype(np.float32),
            valence=float(vad[0]),
            arousal=float(vad[1]),
            dominance=float(vad[2]),
            modalities=tuple(c.modality for c in fresh),
            weights=tuple(float(w) for w in weights / weights.sum()),
            ages_s=tuple(c.age_s for c in fresh),
            conflict=_conflict(fresh),
        )
        speaking = [c for c in fresh if c.shares is not None]
        if not speaking:
            return replace(result, reason='no_evidence')
        basic = _log_pool(speaking)
        top = int(basic.argmax())
        disagreement = 0.0 if math.isnan(result.conflict) else result.conflict
        confidence = float(basic[top]) * (1 - 0.5 * disagreement)
        reason = ''
        if disagreement > self._config.max_conflict:
            reason = 'conflict'
        elif confidence < self._config.min_confidence:
            reason = 'low_confidence'
        return replace(
            result,
            basic=basic.astype(np.float32),
            top_basic='' if reason else taxonomy.BASIC8.labels[top],
            confidence=confidence,
            abstained=bool(reason),
            reason=reason,
        )


def _as_basic(estimate: AffectEstimate) -> FloatArray | None:
    """Return shares over the basic classes, or None when the estimate has no categories."""
    scores = np.asarray(estimate.scores, dtype=np.float64)
    if estimate.taxonomy == taxonomy.GOEMOTIONS28.id and scores.size == N_WORDS:
        scores = taxonomy.basic_from_goemotions(scores)
    elif estimate.taxonomy != taxonomy.BASIC8.id or scores.size != N:
        return None
    scores = np.nan_to_num(scores, nan=0.0)
    total = scores.sum()
    return scores / total if total > 0 else None


def _as_emonet(estimate: AffectEstimate) -> FloatArray:
    """Return the 40 graded scores that this estimate supports, NaN for the rest."""
    scores = np.asarray(estimate.scores, dtype=np.float64)
    if estimate.taxonomy == taxonomy.GOEMOTIONS28.id and scores.size == N_WORDS:
        return taxonomy.emonet_from_goemotions(scores)
    seen_or_heard = estimate.modality is not Modality.TEXT
    if estimate.taxonomy == taxonomy.BASIC8.id and scores.size == N and seen_or_heard:
        return taxonomy.emonet_from_basic(np.nan_to_num(scores, nan=0.0), estimate.modality.value)
    return np.full(len(taxonomy.EMONET40), np.nan)


def _weighted_shares(rows: list[FloatArray | None], weights: FloatArray) -> FloatArray | None:
    pairs = [(row, w) for row, w in zip(rows, weights, strict=True) if row is not None]
    total = sum(w for _, w in pairs)
    if not pairs or total <= 0:
        return None
    return np.sum([row * (w / total) for row, w in pairs], axis=0)  # type: ignore[no-any-return]


def _nan_mean(rows: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted mean per column without NaN; all-NaN columns stay NaN."""
    known = ~np.isnan(rows)
    share = known * weights[:, None]
    total = share.sum(axis=0)
    summed = (np.where(known, rows, 0.0) * share).sum(axis=0)
    mean: FloatArray = np.full(rows.shape[1], np.nan)
    np.divide(summed, total, out=mean, where=total > 0)
    return mean


def _log_pool(channels: list[_Channel]) -> FloatArray:
    score = np.zeros(N)
    for channel in channels:
        assert channel.shares is not None
        ratio = np.log(np.maximum(channel.shares, 1e-6) * N)
        ratio = np.clip(ratio, -MAX_LOG_RATIO, MAX_LOG_RATIO)
        score += min(1.0, channel.weight) * RELIABILITY[channel.modality] * ratio
    exp = np.exp(score - score.max())
    return exp / exp.sum()  # type: ignore[no-any-return]


def _conflict(channels: list[_Channel]) -> float:
    """Return the largest weighted Jensen-Shannon divergence (base 2) of two, NaN for one."""
    speaking = [c for c in channels if c.shares is not None]
    if len(speaking) < 2:
        return math.nan
    worst = 0.0
    for one, two in itertools.combinations(speaking, 2):
        assert one.shares is not None
        assert two.shares is not None
        middle = (one.shares + two.shares) / 2
        divergence = (_kl(one.shares, middle) + _kl(two.shares, middle)) / 2
        worst = max(worst, divergence * math.sqrt(min(1, one.weight) * min(1, two.weight)))
    return min(1.0, worst)


def _kl(p: FloatArray, q: FloatArray) -> float:
    known = p > 0
    return float(np.sum(p[known] * np.log2(p[known] / q[known])))
