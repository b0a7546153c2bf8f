# SPDX-License-Identifier: Apache-2.0
"""Recognises pieces of turns in a thread of its own and joins them to the words of a turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import threading
import time

import numpy as np

from empathy_ros.core.turns import Piece
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.stt import RATE_HZ, SpeechToText, Transcript

MAX_WAITING = 4
JOIN_S = 0.5


@dataclass(frozen=True)
class Words:
    """What was understood of a turn.

    Attributes:
        turn_id: The turn.
        text: Words so far; '' = nothing understood.
        confidence: 0..1, weighted by length of sound.
        end_ns: End of the last word.
        final: True = the turn is over.
        rejected: Why nothing was understood, '' otherwise.
        waited_s: From the end-of-turn decision to now.
        work_s: Recognition time of the last piece.
        sound_s: Length of that piece.
    """

    turn_id: str
    text: str
    confidence: float
    end_ns: int
    final: bool
    rejected: str
    waited_s: float
    work_s: float
    sound_s: float


class Recogniser:
    """One worker with a bounded line in front of it.

    Early pieces give way when there is no room; final ones give way last, and that is counted.
    """

    def __init__(
        self,
        engine: SpeechToText,
        on_words: Callable[[Words], None],
        on_error: Callable[[str], None],
    ) -> None:
        """Start the worker; both functions are called in it."""
        self._engine, self._on_words, self._on_error = engine, on_words, on_error
        self._ready = threading.Condition()
        self._line: deque[tuple[Piece, float]] = deque()
        self._stop = False
        self._known: tuple[tuple[str, int, int], Transcript, float] | None = None
        self._turn_id = ''
        self._parts: list[tuple[Transcript, float]] = []
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name='recogniser', daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        """Add a piece; voids early ones that wait."""
        with self._ready:
            kept = [entry for entry in self._line if not entry[0].early]
            self._line = deque(kept)
            if len(self._line) >= MAX_WAITING:
                if piece.early:
                    return
                self._line.popleft()
                self.dropped += 1
            self._line.append((piece, time.monotonic()))
            self._ready.notify()

    def clear(self) -> None:
        """Drop what waits: consent ended."""
        with self._ready:
            self._line.clear()
            self._known, self._parts, self._turn_id = None, [], ''

    def close(self) -> None:
        """End the worker after the piece it works on."""
        with self._ready:
            self._stop = True
            self._ready.notify()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._line or self._stop)
                if self._stop:
                    return
                piece, since_s = self._line.popleft()
            try:
                self._on_words(self._recognise(piece, since_s))
            except (ModelError, ValueError) as error:
                self._on_error(str(error))
            except Exception as error:
                # Whatever a runtime library throws, the next sentence is heard again.
                self._on_error(f'recognition failed: {type(error).__name__}: {error}')

    def _recognise(self, piece: Piece, since_s: float) -> Words:
        if piece.turn_id != self._turn_id:
            self._turn_id, self._parts = piece.turn_id, []
        key = (piece.turn_id, piece.index, piece.end_ns)
        sound_s = len(piece.samples) / RATE_HZ
        if self._known is not None and self._known[0] == key:
            transcript, work_s = self._known[1], self._known[2]
        else:
            begin_s = time.monotonic()
            transcript = self._engine.transcribe(piece.samples)
            work_s = time.monotonic() - begin_s
        self._known = (key, transcript, work_s)
        parts = [*self._parts, (transcript, sound_s)]
        if not piece.early:
            self._parts = parts
        text, confidence = joined(parts)
        return Words(
            piece.turn_id, text, confidence, piece.end_ns, piece.closes_turn,
            '' if text else transcript.rejected, time.monotonic() - since_s, work_s, sound_s,
        )  # fmt: skip


def joined(parts: list[tuple[Transcript, float]]) -> tuple[str, float]:
    """Return the words of all pieces and their confidence, weighted by length."""
    good = [(t, s) for t, s in parts if t.text]
    if not good:
        return '', 0.0
    weights = np.array([s for _, s in good])
    confidence = float(np.average([t.confidence for t, _ in good], weights=weights))
    return ' '.join(t.text for t, _ in good), confidence
