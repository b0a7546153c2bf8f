# SPDX-License-Identifier: Apache-2.0
"""The behaviour tree: one selector, priorities from left to right.

Order: danger (rows 9, 12), other crisis rows (10, 11, 14), stop and opt-out (24), other people's
talk and privacy (28), honesty and goodbye (18 to 20), everything else. Composites have
memory=False: every turn is judged afresh from the top, so that danger always interrupts.
"""

from __future__ import annotations

import py_trees

from empathy_ros.core.behaviour import decide, decide_rows
from empathy_ros.core.behaviour.leaves import Box, Check, Elapsed, Rule
from empathy_ros.core.behaviour.turn import Plan, Turn


def build(box: Box) -> py_trees.composites.Selector:
    """Return the tree that works on the turn in `box`."""
    root = py_trees.composites.Selector('answer', memory=False)
    for name, rule in (
        ('not for us', decide.not_for_us),
        ('danger (rows 9, 12)', decide.safety),
        ('crisis (rows 10, 11, 14)', decide.crisis),
        ('stop and opt-out (row 24)', decide.stopping),
        ('somebody else speaks', decide.stranger),
        ('no consent for words', decide.no_words_allowed),
        ('crisis talk goes on', decide.crisis_talk),
        ('talk is over', decide.closed),
        ('somebody is present (row 28)', decide.company),
        ('what the robot is (rows 18, 19)', decide.honest),
        ('goodbye (row 20)', decide.leaving),
    ):
        root.add_child(Rule(name, box, rule))
    root.add_child(_others(box))
    root.add_child(_without_words(box))
    return root


def _others(box: Box) -> py_trees.composites.Selector:
    others = py_trees.composites.Selector('other rows', memory=False)
    for name, rule in (
        ('not heard or unclear (row 25)', decide_rows.unheard),
        ('talk goes wrong (row 26)', decide_rows.rupture),
        ('the person says yes (row 4)', decide_rows.asked_leave),
        ('situation (other rows)', decide_rows.situation),
    ):
        others.add_child(Rule(name, box, rule))
    return others


def _without_words(box: Box) -> py_trees.composites.Selector:
    quiet = py_trees.composites.Selector('without words', memory=False)
    due = py_trees.composites.Sequence('say what the robot is', memory=False)
    due.add_child(Check('nobody took leave', box, _may_disclose))
    due.add_child(
        Elapsed('due', box, lambda t: t.talk.disclosed_ns, lambda t: t.disclose_every_ns)
    )
    due.add_child(Rule('disclosure', box, decide.disclosure))
    quiet.add_child(Rule('silence', box, decide.silence))
    quiet.add_child(due)
    quiet.add_child(Rule('watching', box, decide.watching))
    return quiet


def _may_disclose(turn: Turn) -> bool:
    """Between turns only, and after the first time only while somebody talks with the robot."""
    if turn.utterance is not None or turn.event is not None or turn.talk.closed:
        return False
    used = turn.talk.last_turn_ns > turn.talk.disclosed_ns
    return turn.talk.disclosed_ns == 0 or used


class Tree:
    """The tree with its box; `run` judges one turn."""

    def __init__(self) -> None:
        """Build the tree."""
        self._box = Box()
        self.root = build(self._box)

    def run(self, turn: Turn) -> Plan | None:
        """Return the plan for a turn, None when there is nothing to do."""
        decide.note_valence(turn)
        self._box.turn = turn
        self.root.tick_once()
        return turn.plan
