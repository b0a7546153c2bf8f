# SPDX-License-Identifier: Apache-2.0
"""What is usual for a voice: a population prior, and one person's own last turns."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
import math

import numpy as np

from empathy_ros.core.prosody import VoiceFeatures
from empathy_ros.core.types import NAN


@dataclass(frozen=True)
class Cue:
    """One measured cue and what is usual for it.

    Attributes:
        name: Field of VoiceFeatures.
        weight: Share in the score.
        usual: Centre of the population prior; NaN = meaningless without the person's baseline.
        spread: Standard deviation of the prior.
        least_spread: Smallest spread a person is credited with.
    """

    name: str
    weight: float
    usual: float
    spread: float
    least_spread: float


# Pitch prior: men about 119 Hz and women about 207 Hz (Traunmueller & Eriksson, "The frequency
# range of the voice fundamental", Stockholm 1995): centre 18 semitones above 55 Hz. Its spread and
# the centre of tilt were set on acted speech (see the card): wide, so that an unknown high voice
# alone is not called aroused. Rate: 4 to 5 syllables a second in reading. Range: read speech
# through ordinary microphones; tilt depends on the microphone, hence the wide spread.
CUES = (
    Cue('pitch_st', 1.0, 18.0, 9.0, 1.5),
    Cue('tilt_db', 1.0, -12.0, 6.0, 2.5),
    Cue('level_db', 0.5, NAN, 6.0, 3.0),
    Cue('pitch_range_st', 0.4, 5.0, 2.5, 1.5),
    Cue('rate_hz', 0.4, 4.4, 1.0, 0.6),
)


class Baseline:
    """What is usual for one person: the last turns, in memory only."""

    def __init__(self, keep: int) -> None:
        """Start empty; `keep` turns are remembered."""
        self._turns: deque[tuple[float, ...]] = deque(maxlen=keep)

    def __len__(self) -> int:
        """Return the number of turns known."""
        return len(self._turns)

    def add(self, features: VoiceFeatures) -> None:
        """Add one turn; values that were not measured stay NaN."""
        self._turns.append(tuple(float(getattr(features, cue.name)) for cue in CUES))

    def usual(self, index: int, prior_turns: float) -> tuple[float, float]:
        """Return centre and spread of cue `index`.

        Median and scaled median deviation of the turns, drawn towards the population prior as long
        as there are few turns.
        """
        cue = CUES[index]
        values = np.array([turn[index] for turn in self._turns], dtype=np.float64)
        values = values[np.isfinite(values)]
        if values.size == 0 or (math.isnan(cue.usual) and values.size < 3):
            return cue.usual, cue.spread
        centre = float(np.median(values))
        spread = 1.4826 * float(np.median(np.abs(values - centre)))
        own = values.size / (values.size + prior_turns)
        if not math.isnan(cue.usual):
            centre = own * centre + (1.0 - own) * cue.usual
        spread = own * spread + (1.0 - own) * cue.spread
        return centre, max(spread, cue.least_spread)
