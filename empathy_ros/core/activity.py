# SPDX-License-Identifier: Apache-2.0
"""When somebody speaks, pauses and has finished, from a voice-activity probability.

QUIET -> STARTING -> SPEAKING -> STOPPING -> QUIET. All times are those of the sound, so that a
busy computer cannot cut a sentence. The wait before a turn counts as finished can follow the
person's own pauses: slow speech is never hurried.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

import numpy as np

from empathy_ros.core.params import param

NS = 1_000_000_000


class Phase(str, Enum):
    """State of the machine."""

    QUIET = 'quiet'
    STARTING = 'starting'
    SPEAKING = 'speaking'
    STOPPING = 'stopping'


class Mark(str, Enum):
    """What just happened."""

    TURN_START = 'turn_start'
    PAUSE = 'pause'
    RESUME = 'resume'
    SPLIT = 'split'
    TURN_END = 'turn_end'


@dataclass(frozen=True)
class Activity:
    """One event.

    Attributes:
        mark: Kind. PAUSE comes once per pause, `pause_s` after the last speech; SPLIT asks to
            recognise a very long turn in pieces, at a pause.
        start_ns: Start of the turn, or of the piece after a SPLIT.
        end_ns: End of the last speech heard.
    """

    mark: Mark
    start_ns: int
    end_ns: int


@dataclass(frozen=True)
class ActivityConfig:
    """Thresholds and waits of the speech activity machine."""

    speech_probability: float = param(0.5, 'Speech from this probability on [0..1].', lo=0, hi=1)
    quiet_probability: float = param(0.35, 'Quiet below this probability [0..1].', lo=0, hi=1)
    start_s: float = param(0.1, 'Speech needed before a turn starts [s].', lo=0.0, hi=2.0)
    pause_s: float = param(0.35, 'Quiet after which a pause is reported [s].', lo=0.1, hi=2.0)
    end_of_turn: str = param(
        'adaptive',
        'Wait before a turn is over: normal, slow, or adaptive to the speaker.',
        choices=('normal', 'slow', 'adaptive'),
    )
    wait_s: float = param(0.8, 'Wait at the end of a turn, normal speech [s].', lo=0.2, hi=5.0)
    slow_wait_s: float = param(2.5, 'Wait at the end of a turn, slow speech [s].', lo=0.5, hi=10.0)
    split_s: float = param(
        20.0,
        'Turns longer than this are recognised in pieces, cut at pauses [s].',
        lo=5.0,
        hi=24.0,
    )


class PauseHabit:
    """How long this person pauses inside a turn; decides the end-of-turn wait.

    The wait is 1.3 times the 90th percentile of the last 20 pauses inside turns, between `wait_s`
    and `slow_wait_s`. A new turn that follows the last one within `slow_wait_s` and without an
    answer in between also counts as a pause: the turn was cut too early. Eight assumed short
    pauses keep one long thought from slowing every answer. The figures are our choice; the reason
    is that fixed waits cut off slow speakers.
    """

    _COUNT = 20
    _ASSUMED = (0.4,) * 8
    _MARGIN = 1.3

    def __init__(self) -> None:
        """Start without a habit."""
        self._pauses_s: deque[float] = deque(maxlen=self._COUNT)

    def learn(self, pause_s: float) -> None:
        """Add one pause inside a turn."""
        self._pauses_s.append(pause_s)

    def forget(self) -> None:
        """Start again, for another person."""
        self._pauses_s.clear()

    def wait_s(self, config: ActivityConfig) -> float:
        """Return the wait now [s]."""
        if config.end_of_turn == 'slow':
            return max(config.slow_wait_s, config.wait_s)
        if config.end_of_turn == 'normal' or not self._pauses_s:
            return config.wait_s
        usual_s = float(np.quantile(np.array((*self._ASSUMED, *self._pauses_s)), 0.9))
        high = max(config.slow_wait_s, config.wait_s)
        return min(max(self._MARGIN * usual_s, config.wait_s), high)


class SpeechActivity:
    """The machine; feed it one probability per window of sound."""

    def __init__(self, config: ActivityConfig | None = None) -> None:
        """Start in QUIET."""
        self.config = config or ActivityConfig()
        self.habit = PauseHabit()
        self.phase = Phase.QUIET
        self._start_ns = 0
        self._speech_end_ns = 0
        self._last_turn_end_ns = -(10**18)
        self._loud_ns = 0
        self._paused = False
        self._answered = True

    @property
    def in_turn(self) -> bool:
        """True while a turn is open."""
        return self.phase in (Phase.SPEAKING, Phase.STOPPING)

    def reset(self) -> None:
        """Close everything without an event; the habit stays."""
        self.phase, self._paused = Phase.QUIET, False

    def answered(self) -> None:
        """Say that the robot spoke: the next turn is no continuation of the last."""
        self._answered = True

    def step(self, probability: float, end_ns: int, duration_s: float) -> tuple[Activity, ...]:
        """Take one window that ended at `end_ns`; return what happened.

        Raises:
            ValueError: the probability is not a number 0..1.
        """
        if not 0.0 <= probability <= 1.0:
            raise ValueError(f'speech probability {probability!r} is outside 0..1')
        begin_ns = end_ns - int(duration_s * NS)
        loud = probability >= self.config.speech_probability
        if self.phase in (Phase.QUIET, Phase.STARTING):
            return self._before(loud, probability, begin_ns, end_ns)
        return self._inside(loud, probability, begin_ns, end_ns)

    def silence(self, now_ns: int) -> tuple[Activity, ...]:
        """Say that no sound came up to `now_ns` (source closed or muted); may end the turn."""
        if self.phase is Phase.STARTING:
            self.phase = Phase.QUIET
        return self._quiet(now_ns) if self.in_turn else ()

    def _before(
        self, loud: bool, probability: float, begin_ns: int, end_ns: int
    ) -> tuple[Activity, ...]:
        """QUIET or STARTING: a turn starts after `start_s` of speech."""
        if not loud:
            if probability < self.config.quiet_probability:
                self.phase = Phase.QUIET
            return ()
        if self.phase is Phase.QUIET:
            self.phase, self._start_ns, self._loud_ns = Phase.STARTING, begin_ns, 0
        self._loud_ns += end_ns - begin_ns
        self._speech_end_ns = end_ns
        if self._loud_ns < self.config.start_s * NS:
            return ()
        gap_s = (self._start_ns - self._last_turn_end_ns) / NS
        if not self._answered and 0.0 < gap_s < self.config.slow_wait_s:
            self.habit.learn(gap_s)
        self.phase, self._paused, self._answered = Phase.SPEAKING, False, False
        return (Activity(Mark.TURN_START, self._start_ns, end_ns),)

    def _inside(
        self, loud: bool, probability: float, begin_ns: int, end_ns: int
    ) -> tuple[Activity, ...]:
        """SPEAKING or STOPPING."""
        if self.phase is Phase.SPEAKING:
            if probability >= self.config.quiet_probability:
                self._speech_end_ns = end_ns
                return self._long_turn(end_ns)
            self.phase = Phase.STOPPING
            return self._quiet(end_ns)
        if not loud:
            return self._quiet(end_ns)
        pause_s = (begin_ns - self._speech_end_ns) / NS
        events: tuple[Activity, ...] = ()
        if self._paused:
            self.habit.learn(pause_s)
            events = (Activity(Mark.RESUME, self._start_ns, self._speech_end_ns),)
        self.phase, self._paused, self._speech_end_ns = Phase.SPEAKING, False, end_ns
        return events

    def _quiet(self, now_ns: int) -> tuple[Activity, ...]:
        """No speech since `_speech_end_ns`: report a pause, a split or the end of the turn."""
        self.phase = Phase.STOPPING
        quiet_s = (now_ns - self._speech_end_ns) / NS
        if quiet_s >= self.habit.wait_s(self.config):
            event = Activity(Mark.TURN_END, self._start_ns, self._speech_end_ns)
            self.phase, self._paused = Phase.QUIET, False
            self._last_turn_end_ns = self._speech_end_ns
            return (event,)
        if self._paused or quiet_s < self.config.pause_s:
            return ()
        self._paused = True
        length_s = (self._speech_end_ns - self._start_ns) / NS
        if length_s > self.config.split_s:
            return (self._split(),)
        return (Activity(Mark.PAUSE, self._start_ns, self._speech_end_ns),)

    def _long_turn(self, end_ns: int) -> tuple[Activity, ...]:
        """Cut speech without any pause before it outgrows the recogniser's 30 s."""
        hard_s = self.config.split_s + 6.0
        return (self._split(),) if (end_ns - self._start_ns) / NS > hard_s else ()

    def _split(self) -> Activity:
        event = Activity(Mark.SPLIT, self._start_ns, self._speech_end_ns)
        self._start_ns = self._speech_end_ns
        return event
