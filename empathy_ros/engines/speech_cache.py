# SPDX-License-Identifier: Apache-2.0
"""Spoken sentences that are kept, so that a repeated one starts at once."""

from __future__ import annotations

import threading

from empathy_ros.engines.tts import Speech, Style, TextToSpeech


class Cache:
    """Keeps the last sentences, so that a repeated one starts at once."""

    def __init__(self, engine: TextToSpeech, keep: int = 32) -> None:
        """Wrap an engine; `keep` sentences are remembered."""
        self.name = engine.name
        self._engine, self._keep = engine, keep
        self._known: dict[tuple[str, Style], Speech] = {}
        self._lock = threading.Lock()

    def say(self, text: str, style: Style) -> Speech:
        """Return the spoken text."""
        key = (text, style)
        with self._lock:
            known = self._known.get(key)
        if known is not None:
            return known
        speech = self._engine.say(text, style)
        with self._lock:
            while len(self._known) >= self._keep:
                self._known.pop(next(iter(self._known)))
            self._known[key] = speech
        return speech
