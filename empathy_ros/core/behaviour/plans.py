# SPDX-License-Identifier: Apache-2.0
"""Plans that several rules make: silence, and the policy table at its present depth."""

from __future__ import annotations

from empathy_ros.core.behaviour.rows import ASIDE, ROWS, STILL
from empathy_ros.core.behaviour.turn import Plan, Turn
from empathy_ros.core.types import Act, PRIORITY_IDLE


def quiet(reason: str, *acts: Act) -> Plan:
    """Return a plan without words."""
    return Plan('', 'none', acts, reason, STILL, priority=PRIORITY_IDLE, generate=False)


def row_plan(turn: Turn, situation: str, why: str, note: bool = True) -> Plan:
    """Return the plan of the policy table for a situation at its present depth."""
    row = ROWS[situation]
    depth = 0
    if note and situation in ASIDE:
        depth = turn.talk.aside(situation, turn.now_ns)
    elif note:
        depth = turn.talk.enter(situation, turn.appraisal.need, turn.now_ns)
    rule = f'row_{row.number}' if row.number else ''
    reason = f'{row.strategy}; {why}'
    slots = {**turn.facts, **turn.appraisal.slots}
    return Plan(
        rule, situation, row.step(depth), reason, row.body, slots,
        generate=row.generate, max_words=row.max_words,
    )  # fmt: skip


def why(turn: Turn) -> str:
    """Return the evidence of a turn in words."""
    return '; '.join(turn.appraisal.cues) or 'ordinary talk'
