# SPDX-License-Identifier: Apache-2.0
"""Follows a stream of windows and says when there is a stretch of voice to measure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import math

import numpy as np

from empathy_ros.core.activity import ActivityConfig, Mark, NS, Phase, SpeechActivity
from empathy_ros.core.log_mel import Frames, FrameStream, HOP_N, join
from empathy_ros.core.params import param
from empathy_ros.core.prosody import Floats, measure, VoiceFeatures
from empathy_ros.core.voice import clip_share
from empathy_ros.core.voice_events import nonverbal
from empathy_ros.core.voice_features import functionals

LEAD_S = 0.3
AT_ONCE_N = 4000
_NOISE_WINDOWS = 150
_QUIET_PROBABILITY = 0.1


@dataclass(frozen=True)
class StreamConfig:
    """How often and over how much voice is measured."""

    rate_hz: float = param(2.0, 'Estimates while somebody speaks [Hz].', lo=0.1, hi=10.0)
    window_s: float = param(3.0, 'Newest sound used while speaking [s].', lo=1.0, hi=10.0)
    turn_s: float = param(10.0, 'Newest sound used at the end of a turn [s].', lo=2.0, hi=30.0)


@dataclass(frozen=True)
class Stretch:
    """One measured stretch of voice.

    Attributes:
        id: Of the turn.
        features: Measures.
        end_ns: End of the sound.
        window_s: Its length [s].
        clip_share: Share of samples at the limit.
        final: True = the turn is over.
        event: 'laugh', 'cough', 'sigh' or 'yawn' when it is no speech, '' otherwise.
        vector: Of voice_features.functionals; None unless it was asked for.
    """

    id: str
    features: VoiceFeatures
    end_ns: int
    window_s: float
    clip_share: float
    final: bool
    event: str = ''
    vector: Floats | None = None


class VoiceStream:
    """Feed it windows with their speech probability."""

    def __init__(
        self,
        new_id: Callable[[], str],
        config: StreamConfig | None = None,
        *,
        rate_hz: int = 16_000,
        vectors: bool = False,
    ) -> None:
        """Start in silence; `new_id` names turns; `vectors` = measure for a classifier, too."""
        self.config = config or StreamConfig()
        self._activity = SpeechActivity(ActivityConfig(end_of_turn='normal'))
        self._new_id, self._rate_hz = new_id, rate_hz
        self._sound: deque[Floats] = deque()
        self._sound_n = 0
        self._vectors = vectors
        self._frames = _KeptFrames()
        self._noise_db: deque[float] = deque(maxlen=_NOISE_WINDOWS)
        self._id, self._next_ns, self._start_ns, self._end_ns = '', 0, 0, 0

    @property
    def speaking(self) -> bool:
        """True while a turn is open."""
        return self._activity.in_turn

    @property
    def noise_db(self) -> float:
        """Level of the room [dB full scale], NaN = not known yet."""
        return float(np.median(np.array(self._noise_db))) if self._noise_db else math.nan

    def reset(self) -> None:
        """Drop the turn and its sound; what is known of the room stays."""
        self._activity.reset()
        self._sound.clear()
        self._sound_n = 0
        self._frames.reset()

    def push(self, samples: Floats, probability: float, end_ns: int) -> list[Stretch]:
        """Take one window that ended at `end_ns`; return what was measured."""
        self._keep(samples)
        self._end_ns = end_ns
        events = self._activity.step(probability, end_ns, len(samples) / self._rate_hz)
        found = []
        for event in events:
            if event.mark is Mark.TURN_START:
                self._id, self._start_ns = self._new_id(), event.start_ns
                self._next_ns = event.start_ns + NS
            elif event.mark is Mark.TURN_END:
                found.append(self._measure(self.config.turn_s, event.end_ns, final=True))
        if self._activity.phase is Phase.SPEAKING and end_ns >= self._next_ns:
            self._next_ns = end_ns + int(NS / self.config.rate_hz)
            found.append(self._measure(self.config.window_s, end_ns, final=False))
        if self._activity.phase is Phase.QUIET and probability < _QUIET_PROBABILITY:
            power = float(np.var(samples))
            self._noise_db.append(10.0 * math.log10(max(power, 1e-12)))
        return found

    def interrupt(self) -> list[Stretch]:
        """End the turn now: the robot speaks or the sound broke off; return what was heard."""
        found = []
        if self.speaking:
            for event in self._activity.silence(self._end_ns + 60 * NS):
                found.append(self._measure(self.config.turn_s, event.end_ns, final=True))
        self.reset()
        return found

    def _keep(self, samples: Floats) -> None:
        self._sound.append(samples)
        self._sound_n += len(samples)
        keep_n = (self.config.turn_s + LEAD_S + 1.0) * self._rate_hz
        self._frames.push(samples, int(keep_n))
        while self._sound_n - len(self._sound[0]) > keep_n:
            self._sound_n -= len(self._sound.popleft())

    def _measure(self, longest_s: float, end_ns: int, *, final: bool) -> Stretch:
        joined = np.concatenate(self._sound)
        after_n = round((self._end_ns - end_ns) / NS * self._rate_hz)
        span_s = min(longest_s, (end_ns - self._start_ns) / NS + LEAD_S)
        last = max(0, len(joined) - after_n)
        sound = joined[max(0, last - round(span_s * self._rate_hz)) : last]
        frames = self._frames.last(after_n, len(sound))
        return Stretch(
            self._id, measure(sound, self.noise_db), end_ns, len(sound) / self._rate_hz,
            clip_share(sound), final, nonverbal(frames),
            functionals(frames) if self._vectors else None,
        )  # fmt: skip


class _KeptFrames:
    """The frames of the newest sound, made a quarter of a second at a time or when asked for."""

    def __init__(self) -> None:
        self._stream = FrameStream()
        self._parts: deque[Frames] = deque()
        self._waiting: list[Floats] = []
        self._waiting_n = self._count = self._behind = 0

    def reset(self) -> None:
        self._stream.reset()
        self._parts.clear()
        self._waiting.clear()
        self._waiting_n = self._count = self._behind = 0

    def push(self, samples: Floats, keep_n: int) -> None:
        """Add sound and drop frames that ended more than `keep_n` samples ago."""
        self._waiting.append(samples)
        self._waiting_n += len(samples)
        if self._waiting_n >= AT_ONCE_N:
            self._make()
        while self._parts and (self._count - len(self._parts[0])) * HOP_N > keep_n:
            self._count -= len(self._parts.popleft())

    def last(self, after_n: int, length_n: int) -> Frames:
        """Return the frames that start in the `length_n` samples before the last `after_n`."""
        self._make()
        end = self._count - max(0, after_n - self._behind) // HOP_N
        begin = self._count - max(0, after_n + length_n - self._behind) // HOP_N
        return join(list(self._parts)).part(begin, end)

    def _make(self) -> None:
        if not self._waiting:
            return
        made = self._stream.push(np.concatenate(self._waiting))
        self._behind += self._waiting_n - HOP_N * len(made)
        self._waiting.clear()
        self._waiting_n = 0
        if len(made):
            self._parts.append(made)
        self._count += len(made)
