# SPDX-License-Identifier: Apache-2.0
"""Parameters of the planner and small helpers: body style by needs, what the clock says."""

from __future__ import annotations

from dataclasses import dataclass, replace
import itertools
import re

from empathy_ros.core.behaviour.turn import Body, Plan
from empathy_ros.core.params import param

_DAYS = ('Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday')


@dataclass(frozen=True)
class PlannerConfig:
    """Parameters of `Planner`."""

    seed: int = param(7, 'Seed of the choice between equal lines.', lo=0, hi=2147483647)
    utc_offset_min: int = param(0, 'Local time minus UTC [min].', lo=-720, hi=840)
    place: str = param('at home', 'Where the robot stands, in words such as "at home".')
    expires_s: float = param(
        8.0, 'An answer that was not started is dropped after [s].', lo=1.0, hi=60.0
    )
    disclose_hours: float = param(
        3.0, 'The robot says what it is every [h] of use.', lo=0.25, hi=3.0
    )
    dementia_disclose_hours: float = param(1.0, 'The same with dementia [h].', lo=0.25, hi=3.0)
    turns_per_day: int = param(
        60, 'Turns a day above which people and rest are suggested.', lo=10, hi=1000
    )
    min_asr_confidence: float = param(
        0.5, 'Recogniser confidence under which the robot asks again.', lo=0.0, hi=1.0
    )
    min_affect_confidence: float = param(
        0.4, 'Confidence under which no emotion is named or acted on.', lo=0.1, hi=1.0
    )
    max_conflict: float = param(
        0.5, 'Disagreement of modalities above which nothing is concluded.', lo=0.1, hi=1.0
    )


def said_lines(text: str) -> list[str]:
    """Return single sentences and pairs, so that a bank line of two sentences is recognised."""
    parts = [part.strip() for part in re.findall(r'[^.?!]+[.?!]', text)]
    return parts + [f'{a} {b}' for a, b in itertools.pairwise(parts)]


def spoken_reason(plan: Plan) -> str:
    """Return the strategy of a plan in words that can be spoken."""
    return re.sub(r"[^a-z ,']", '', plan.reason.split(';')[0].lower()).strip()


def adapted(body: Body, needs: frozenset[str]) -> Body:
    """Return the body style fitted to agreed needs; needs only slow down."""
    if 'hearing_loss' in needs:
        body = replace(
            body,
            speech_rate=min(body.speech_rate, 0.8),
            speech_volume=max(body.speech_volume, 1.2),
            speech_pitch=min(body.speech_pitch, 0.85),
            gaze='person',
        )
    if 'dementia' in needs:
        body = replace(body, speech_rate=min(body.speech_rate, 0.8))
    if 'slow_speech' in needs:
        body = replace(body, speech_rate=min(body.speech_rate, 0.85))
    return body


def clock_facts(local_s: int, place: str) -> dict[str, str]:
    """Return the slots that clock and place fill; `local_s` counts from 1970, local time."""
    hour, minute = local_s // 3600 % 24, local_s // 60 % 60
    part = 'morning' if 4 <= hour < 12 else 'afternoon' if hour < 18 else 'evening'
    part = 'night' if hour < 4 else part
    shown = (
        f'{hour % 12 or 12}:{minute:02d} in the {part}'
        if part != 'night'
        else f'{hour % 12 or 12}:{minute:02d} at night'
    )
    rest = {'morning': 'day', 'afternoon': 'evening'}.get(part, 'night')
    return {
        'day': _DAYS[local_s // 86_400 % 7],
        'clock': shown,
        'place': place,
        'rest': rest,
        'part': 'evening' if part == 'night' else part,
    }
