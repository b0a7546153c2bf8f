# SPDX-License-Identifier: Apache-2.0
"""Collects the sound of a turn and says which piece to recognise when.

A piece is proposed already at a pause, so that its words are ready when the turn is over; if the
person goes on, that proposal is void.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.activity import Activity, ActivityConfig, Mark, NS, SpeechActivity

Samples = NDArray[np.float32]
LEAD_S = 0.35
"""Sound before the first certain window: soft beginnings of words."""
TRAIL_S = 0.2
MAX_PIECE_S = 29.0


@dataclass(frozen=True)
class Piece:
    """Sound to recognise.

    Attributes:
        turn_id: Turn it belongs to.
        index: Number of the piece in its turn; long turns have several.
        samples: 16 kHz mono.
        start_ns: First speech.
        end_ns: End of the last word.
        closes_turn: True = the turn is over.
        early: True = proposed at a pause, the turn may go on.
    """

    turn_id: str
    index: int
    samples: Samples
    start_ns: int
    end_ns: int
    closes_turn: bool
    early: bool


class Turns:
    """Feed it windows with their probability; it returns pieces to recognise."""

    def __init__(
        self,
        new_id: Callable[[], str],
        config: ActivityConfig | None = None,
        *,
        rate_hz: int = 16_000,
        early: bool = True,
    ) -> None:
        """Start without a turn; `new_id` names turns; `early` proposes pieces at pauses."""
        self.activity = SpeechActivity(config)
        self.turn_id = ''
        self._new_id, self._rate_hz, self._early = new_id, rate_hz, early
        self._sound: deque[Samples] = deque()
        self._sound_n = 0
        self._end_ns = 0
        self._index = 0
        self._person_id = ''

    @property
    def speaking(self) -> bool:
        """True while a turn is open."""
        return self.activity.in_turn

    def speaker(self, person_id: str) -> None:
        """Say who speaks: the habit of pausing belongs to one person."""
        if person_id != self._person_id:
            self._person_id = person_id
            self.activity.habit.forget()

    def reset(self) -> None:
        """Drop all sound and the open turn."""
        self.activity.reset()
        self._drop()
        self.turn_id = ''

    def push(self, samples: Samples, probability: float, end_ns: int) -> list[Piece]:
        """Take one window that ended at `end_ns`."""
        self._sound.append(samples)
        self._sound_n += len(samples)
        self._end_ns = end_ns
        events = self.activity.step(probability, end_ns, len(samples) / self._rate_hz)
        pieces = self._pieces(events)
        if not self.activity.in_turn:
            self._trim(LEAD_S + self.activity.config.start_s + 0.1)
        else:
            self._trim(MAX_PIECE_S + LEAD_S)
        return pieces

    def silence(self, now_ns: int) -> list[Piece]:
        """Say that no sound came up to `now_ns`; may end the turn."""
        pieces = self._pieces(self.activity.silence(now_ns))
        if not self.activity.in_turn:
            self._drop()
        return pieces

    def interrupt(self) -> list[Piece]:
        """End the open turn now: the source was muted or closed."""
        return self.silence(self._end_ns + 60 * NS) if self.activity.in_turn else []

    def _pieces(self, events: tuple[Activity, ...]) -> list[Piece]:
        found = []
        for event in events:
            if event.mark is Mark.TURN_START:
                self.turn_id, self._index = self._new_id(), 0
            elif event.mark is Mark.PAUSE and self._early:
                found.append(self._piece(event, closes=False, early=True))
            elif event.mark is Mark.SPLIT:
                found.append(self._piece(event, closes=False, early=False))
                self._index += 1
            elif event.mark is Mark.TURN_END:
                found.append(self._piece(event, closes=True, early=False))
        return found

    def _piece(self, event: Activity, *, closes: bool, early: bool) -> Piece:
        return Piece(
            self.turn_id, self._index, self._cut(event.start_ns, event.end_ns),
            event.start_ns, event.end_ns, closes, early,
        )  # fmt: skip

    def _cut(self, start_ns: int, end_ns: int) -> Samples:
        """Return the sound from a little before `start_ns` to a little after `end_ns`."""
        if end_ns <= start_ns or not self._sound:
            return np.zeros(0, np.float32)
        joined = np.concatenate(self._sound)
        first = len(joined) - round((self._end_ns - start_ns) / NS * self._rate_hz)
        last = len(joined) - round((self._end_ns - end_ns) / NS * self._rate_hz)
        lead = 0 if self._index else round(LEAD_S * self._rate_hz)
        begin = max(0, first - lead)
        return joined[begin : max(begin, last + round(TRAIL_S * self._rate_hz))]

    def _trim(self, keep_s: float) -> None:
        while self._sound and self._sound_n - len(self._sound[0]) > keep_s * self._rate_hz:
            self._sound_n -= len(self._sound.popleft())

    def _drop(self) -> None:
        self._sound.clear()
        self._sound_n = 0
