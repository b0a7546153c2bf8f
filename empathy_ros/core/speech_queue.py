# SPDX-License-Identifier: Apache-2.0
"""Which words are spoken next: higher priority interrupts lower, expired ones never start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from empathy_ros.core.types import Directive

MAX_WAITING = 8


class Fate(str, Enum):
    """What became of words."""

    DONE = 'done'
    INTERRUPTED = 'interrupted'
    EXPIRED = 'expired'
    STOPPED = 'stopped'
    CROWDED = 'crowded'
    FAILED = 'failed'


@dataclass(frozen=True)
class Dropped:
    """Words that will not be spoken, and why."""

    directive: Directive
    fate: Fate


@dataclass(frozen=True)
class Spoken:
    """What became of a directive.

    Attributes:
        directive: The words.
        fate: How it ended.
        started_ns: ROS time of the first word, 0 = never.
        share: Spoken share, 0..1.
        problem: Why it failed, '' otherwise.
    """

    directive: Directive
    fate: Fate
    started_ns: int = 0
    share: float = 0.0
    problem: str = ''


class SpeechQueue:
    """A bounded line of directives with words; first in, first out within a priority."""

    def __init__(self, limit: int = MAX_WAITING) -> None:
        """Start empty."""
        self._limit = limit
        self._waiting: list[Directive] = []
        self.current: Directive | None = None

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def put(self, directive: Directive) -> tuple[list[Dropped], bool]:
        """Add words.

        Returns:
            Lower words that were cleared, and whether the current ones must stop now. The same
            directive a second time changes nothing.
        """
        known = [item.id for item in self._waiting]
        known += [self.current.id] if self.current is not None else []
        if directive.id in known:
            return [], False
        lower = [item for item in self._waiting if item.priority < directive.priority]
        dropped = [Dropped(item, Fate.INTERRUPTED) for item in lower]
        self._waiting = [item for item in self._waiting if item not in lower]
        if len(self._waiting) >= self._limit:
            # All that wait are at least as urgent: the newest gives way.
            return [*dropped, Dropped(directive, Fate.CROWDED)], False
        self._waiting.append(directive)
        interrupts = self.current is not None and self.current.priority < directive.priority
        return dropped, interrupts

    def next(self, now_ns: int) -> tuple[Directive | None, list[Dropped]]:
        """Take the most urgent words that have not expired; they become `current`."""
        expired = [item for item in self._waiting if _expired(item, now_ns)]
        self._waiting = [item for item in self._waiting if item not in expired]
        dropped = [Dropped(item, Fate.EXPIRED) for item in expired]
        if self.current is not None or not self._waiting:
            return None, dropped
        # max() keeps the first of equals.
        self.current = max(self._waiting, key=lambda item: item.priority)
        self._waiting.remove(self.current)
        return self.current, dropped

    def finished(self) -> None:
        """Say that the current words have ended."""
        self.current = None

    def clear(self) -> list[Dropped]:
        """Drop all that wait: stop was pressed."""
        dropped = [Dropped(item, Fate.STOPPED) for item in self._waiting]
        self._waiting = []
        return dropped

    def cancel(self, directive_id: str) -> list[Dropped]:
        """Drop one that waits."""
        gone = [item for item in self._waiting if item.id == directive_id]
        self._waiting = [item for item in self._waiting if item.id != directive_id]
        return [Dropped(item, Fate.STOPPED) for item in gone]


def _expired(directive: Directive, now_ns: int) -> bool:
    return 0 < directive.expires_ns < now_ns
