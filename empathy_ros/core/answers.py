# SPDX-License-Identifier: Apache-2.0
"""The latest answers: why they were given, what became of them, and what people thought of them.

What people say about an answer changes one thing only: a line that did not help is used last. That
is bounded, can be taken back, and is gone with the process. Nothing here counts how long or how
often anybody talks.
"""

from __future__ import annotations

from collections import deque, OrderedDict

from empathy_ros.core.behaviour.style import said_lines
from empathy_ros.core.types import Directive

KEPT = 64
MAX_DISLIKED = 40


class Answers:
    """Keeps the last answers in memory."""

    def __init__(self) -> None:
        """Start without any."""
        self._kept: OrderedDict[str, Directive] = OrderedDict()
        self._undone: dict[str, str] = {}
        self._disliked: deque[str] = deque(maxlen=MAX_DISLIKED)
        self._before: list[tuple[str, ...]] = []

    @property
    def disliked(self) -> tuple[str, ...]:
        """Lines that did not help, oldest first; chosen only when nothing else is left."""
        return tuple(self._disliked)

    def keep(self, directive: Directive) -> None:
        """Keep an answer, forgetting the oldest one beyond 64."""
        self._kept[directive.id] = directive
        while len(self._kept) > KEPT:
            old, _ = self._kept.popitem(last=False)
            self._undone.pop(old, None)

    def get(self, directive_id: str = '') -> Directive | None:
        """Return an answer by id, '' = the latest; None when it is no longer known."""
        if not directive_id:
            return next(reversed(self._kept.values()), None)
        return self._kept.get(directive_id)

    def not_done(self, directive_id: str, why: str) -> Directive | None:
        """Note that the body did not carry an answer out, and return it."""
        directive = self._kept.get(directive_id)
        if directive is not None:
            self._undone[directive_id] = why or 'the body reported no reason'
        return directive

    def rate(self, directive_id: str, rating: int) -> tuple[str, ...]:
        """Take what somebody thought of an answer.

        Args:
            directive_id: Of the answer, '' = the latest.
            rating: -1 did not help, 1 helped.

        Returns:
            What changed, in words.

        Raises:
            ValueError: an unknown answer, a silent one, or another rating.
        """
        if rating not in (-1, 1):
            raise ValueError(f'rating: {rating} is not -1 or 1')
        directive = self.get(directive_id)
        if directive is None:
            raise ValueError(
                f'directive_id: {directive_id!r} is not among the last {KEPT} answers'
            )
        lines = said_lines(directive.text)
        if not lines:
            raise ValueError('directive_id: that answer had no words')
        self._before = [*self._before[-9:], self.disliked]
        for line in lines:
            while line in self._disliked:
                self._disliked.remove(line)
        if rating < 0:
            self._disliked.extend(lines)
            return (f'"{directive.text}" will be used last',)
        return (f'"{directive.text}" may be used as before',)

    def undo(self) -> tuple[str, ...]:
        """Take the last rating back and return what changed; nothing when there is none."""
        if not self._before:
            return ()
        self._disliked = deque(self._before.pop(), maxlen=MAX_DISLIKED)
        return ('the last rating is taken back',)

    def explain(self, directive_id: str = '') -> str:
        """Return why something was said, in words; '' for an id that is no longer known."""
        directive = self.get(directive_id)
        if directive is None:
            return ''
        acts = ', '.join(act.value.lower().replace('_', ' ') for act in directive.acts)
        guard = ', '.join(directive.guard_flags) or 'no objection'
        text = f'I chose to {acts or "do nothing"}, because: {directive.rationale}.'
        text += f' The output guard said: {guard}.'
        if directive.id in self._undone:
            text += f' It was not carried out: {self._undone[directive.id]}.'
        return text
