# SPDX-License-Identifier: Apache-2.0
"""Leaves of the behaviour tree: they read the turn in a private box and may leave a plan in it.

The box replaces the blackboard of py_trees, which all trees of a process share. No leaf has a
clock: the time is in the turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import py_trees

from empathy_ros.core.behaviour.turn import Plan, Turn

Decide = Callable[[Turn], 'Plan | None']


@dataclass
class Box:
    """Holds the turn that the tree works on."""

    turn: Turn | None = None

    def get(self) -> Turn:
        """Return the turn.

        Raises:
            RuntimeError: the tree was ticked without one.
        """
        if self.turn is None:
            raise RuntimeError('the behaviour tree was ticked without a turn')
        return self.turn


class Rule(py_trees.behaviour.Behaviour):  # type: ignore[misc]
    """Succeeds when its rule has a plan for the turn, and leaves the plan there."""

    def __init__(self, name: str, box: Box, decide: Decide) -> None:
        """Name the rule and give its decision."""
        super().__init__(name)
        self._box, self._decide = box, decide

    def update(self) -> py_trees.common.Status:
        """Decide once."""
        turn = self._box.get()
        plan = self._decide(turn)
        if plan is None:
            self.feedback_message = 'does not apply'
            return py_trees.common.Status.FAILURE
        turn.plan = plan
        self.feedback_message = plan.reason
        return py_trees.common.Status.SUCCESS


class Elapsed(py_trees.behaviour.Behaviour):  # type: ignore[misc]
    """Succeeds when a time span has passed; the clock is the turn's."""

    def __init__(
        self,
        name: str,
        box: Box,
        since_ns: Callable[[Turn], int],
        span_ns: Callable[[Turn], int],
    ) -> None:
        """Give the start of the span (0 = never: succeeds at once) and its length."""
        super().__init__(name)
        self._box, self._since_ns, self._span_ns = box, since_ns, span_ns

    def update(self) -> py_trees.common.Status:
        """Compare the injected time with the span."""
        turn = self._box.get()
        since_ns = self._since_ns(turn)
        over = since_ns == 0 or turn.now_ns - since_ns >= self._span_ns(turn)
        return py_trees.common.Status.SUCCESS if over else py_trees.common.Status.FAILURE


class Check(py_trees.behaviour.Behaviour):  # type: ignore[misc]
    """Succeeds when a condition of the turn holds."""

    def __init__(self, name: str, box: Box, holds: Callable[[Turn], bool]) -> None:
        """Name the condition."""
        super().__init__(name)
        self._box, self._holds = box, holds

    def update(self) -> py_trees.common.Status:
        """Look once."""
        held = self._holds(self._box.get())
        return py_trees.common.Status.SUCCESS if held else py_trees.common.Status.FAILURE
