# SPDX-License-Identifier: Apache-2.0
"""Arousal from the sound of a voice, relative to the same person's usual voice; no trained model.

Directions are published ones: raised arousal comes with higher and wider pitch, more energy in the
upper spectrum, a louder voice and faster speech (reviews: Scherer, Speech Communication 40, 2003;
Juslin & Laukka, Psychological Bulletin 129, 2003). The weights are set by hand from how
consistently those reviews report a cue, not fitted; limits and priors were adjusted by hand after
looking at acted speech (see the model card). No category is given and valence stays NaN: the same
cues move for anger and for joy.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
import math

import numpy as np

from empathy_ros.core.params import param
from empathy_ros.core.prosody import Floats, VoiceFeatures
from empathy_ros.core.types import AffectEstimate, Modality, NAN
from empathy_ros.core.voice_baseline import Baseline, CUES

MODEL_ID = 'voice_prosody_1'
_Z_LIMIT = 3.0


@dataclass(frozen=True)
class VoiceConfig:
    """Limits of the voice estimate."""

    least_voiced_s: float = param(0.4, 'Voiced sound needed for an estimate [s].', lo=0.1, hi=5.0)
    least_snr_db: float = param(15.0, 'Speech over noise needed [dB].', lo=0.0, hi=40.0)
    good_snr_db: float = param(25.0, 'From here on noise costs no confidence [dB].', lo=1, hi=60)
    clip_share: float = param(0.01, 'Share of samples at the limit that is too much.', lo=0, hi=1)
    baseline_turns: int = param(8, 'Turns before a baseline counts as known.', lo=2, hi=100)
    baseline_keep: int = param(60, 'Turns kept for the baseline.', lo=10, hi=1000)
    prior_turns: float = param(4.0, 'Weight of the population prior [turns].', lo=0.0, hi=100.0)
    gain: float = param(0.8, 'Steepness from score to arousal.', lo=0.1, hi=5.0)


@dataclass(frozen=True)
class Hearing:
    """What is known about one stretch of sound besides the voice itself.

    Attributes:
        stamp_ns: End of the sound.
        id: Stretch of voice it belongs to.
        person_id: Whom the lease allows to be estimated; '' = nobody.
        window_s: Length of the sound [s].
        clip_share: Share of samples at the limit, 0..1.
        problem: '' or a reason of the sound gate or of the node, such as 'robot_speaking'.
    """

    stamp_ns: int
    id: str = ''
    person_id: str = ''
    window_s: float = 0.0
    clip_share: float = 0.0
    problem: str = ''


class VoiceAffect:
    """Turns features into an estimate and keeps each person's baseline."""

    _PEOPLE = 16

    def __init__(self, config: VoiceConfig | None = None) -> None:
        """Start without baselines."""
        self.config = config or VoiceConfig()
        self._baselines: OrderedDict[str, Baseline] = OrderedDict()

    def baseline_turns(self, person_id: str) -> int:
        """Return how many turns are known of a person."""
        return len(self._baselines.get(person_id, ()))

    def learn(self, person_id: str, features: VoiceFeatures) -> None:
        """Add a finished turn to a person's baseline; unusable ones are left out."""
        if not person_id or self._refusal(features) or not features.finite():
            return
        baseline = self._baselines.setdefault(person_id, Baseline(self.config.baseline_keep))
        self._baselines.move_to_end(person_id)
        baseline.add(features)
        while len(self._baselines) > self._PEOPLE:
            self._baselines.popitem(last=False)

    def forget(self, person_id: str = '') -> None:
        """Drop a person's baseline; all of them without a name."""
        if person_id:
            self._baselines.pop(person_id, None)
        else:
            self._baselines.clear()

    def estimate(self, features: VoiceFeatures, hearing: Hearing) -> AffectEstimate:
        """Return the estimate; abstained with a reason when the sound does not allow one."""
        reason = self._reason(features, hearing)
        quality = self._quality(features, hearing)
        if reason:
            return _estimate(hearing, quality, abstained=True, reason=reason)
        score, used = self.score(features, hearing.person_id)
        if math.isnan(score):
            return _estimate(hearing, quality, abstained=True, reason='too_short')
        # Without a baseline the score says as much about the voice as about the moment.
        known = min(1.0, self.baseline_turns(hearing.person_id) / self.config.baseline_turns)
        trust = quality * used * (0.45 + 0.55 * known)
        confidence = 0.5 + 0.5 * trust * math.tanh(1.5 * abs(score))
        arousal = math.tanh(self.config.gain * (0.6 + 0.4 * known) * score)
        return _estimate(hearing, quality, arousal=arousal, confidence=confidence)

    def score(self, features: VoiceFeatures, person_id: str) -> tuple[float, float]:
        """Return the mean deviation in spreads (NaN without cues) and the share of cues used."""
        baseline = self._baselines.get(person_id) or Baseline(1)
        total = weights = possible = 0.0
        for index, cue in enumerate(CUES):
            centre, spread = baseline.usual(index, self.config.prior_turns)
            if math.isnan(centre):
                continue
            possible += cue.weight
            value = float(getattr(features, cue.name))
            if math.isnan(value):
                continue
            z = min(max((value - centre) / spread, -_Z_LIMIT), _Z_LIMIT)
            total += cue.weight * z
            weights += cue.weight
        if weights < 0.5 * possible:
            return NAN, 0.0
        return total / weights, weights / possible

    def _reason(self, features: VoiceFeatures, hearing: Hearing) -> str:
        if hearing.problem:
            return hearing.problem
        if not hearing.person_id:
            return 'unknown_person'
        if not features.finite():
            return 'bad_audio'
        if hearing.clip_share > self.config.clip_share:
            return 'clipped'
        known = self.baseline_turns(hearing.person_id) >= self.config.baseline_turns
        return self._refusal(features) or ('' if known else _missing(features))

    def _refusal(self, features: VoiceFeatures) -> str:
        """Return why these features carry no estimate, or ''."""
        if features.speech_s < 0.1:
            return 'silence'
        if not features.snr_db >= self.config.least_snr_db:
            return 'noise'
        if features.voiced_s < self.config.least_voiced_s:
            return 'too_short'
        return ''

    def _quality(self, features: VoiceFeatures, hearing: Hearing) -> float:
        """Return 0..1 from signal to noise, voiced length (1.5 s is enough) and clipping."""
        if not math.isfinite(features.snr_db):
            return 0.0
        span = max(1.0, self.config.good_snr_db - self.config.least_snr_db)
        clear = 0.3 + 0.7 * (features.snr_db - self.config.least_snr_db) / span
        long_enough = 0.5 + 0.5 * min(1.0, features.voiced_s / 1.5)
        intact = 1.0 - min(1.0, hearing.clip_share / max(self.config.clip_share, 1e-6))
        return min(max(clear, 0.0), 1.0) * long_enough * (0.5 + 0.5 * intact)


def _missing(features: VoiceFeatures) -> str:
    """Return 'narrow_band' when the band above a telephone's is missing; else ''."""
    narrow = math.isnan(features.tilt_db) and math.isfinite(features.pitch_st)
    return 'narrow_band' if narrow else ''


def _estimate(
    hearing: Hearing,
    quality: float,
    arousal: float = NAN,
    confidence: float = 0.0,
    abstained: bool = False,
    reason: str = '',
) -> AffectEstimate:
    return AffectEstimate(
        stamp_ns=hearing.stamp_ns,
        modality=Modality.VOICE,
        id=hearing.id,
        id_kind='voice',
        person_id=hearing.person_id,
        arousal=arousal,
        confidence=confidence,
        quality=quality,
        window_s=hearing.window_s,
        model_id=MODEL_ID,
        abstained=abstained,
        reason=reason,
    )


def clip_share(samples: Floats) -> float:
    """Return the share of samples within 1 % of the largest magnitude.

    Natural speech stays below 0.003; sound that was cut off anywhere in its way has a plateau.
    """
    if len(samples) == 0:
        return 0.0
    magnitude = np.abs(samples - np.mean(samples, dtype=np.float64))
    top = float(magnitude.max())
    return float(np.mean(magnitude > 0.99 * top)) if top > 1e-4 else 0.0
