# SPDX-License-Identifier: Apache-2.0
"""Decisions about the ordinary rows: what the turn is about, and what the day allows."""

from __future__ import annotations

from dataclasses import replace
import re

from empathy_ros.core.behaviour.plans import row_plan, why
from empathy_ros.core.behaviour.rows import PRESSING, ROWS, STANCE
from empathy_ros.core.behaviour.turn import Plan, Turn
from empathy_ros.core.types import Act

_DAY = re.compile(r'\b(?:day|date|month|year|season)\b')
_STRONG_PAIN = re.compile(
    r'\b(?:terrible|terribly|awful|awfully|severe|unbearable|agony|agonising|worst'
    r'|(?<!not )so bad|(?<!not )very bad'
    r'|really bad|excruciating|dreadful|dreadfully|bleeding|can not (?:move|stand|walk|bear)'
    r'|screaming|a lot of pain|so much pain)\b'
)
_WHERE = re.compile(r'\b(?:where am i|what is this place|which room|where are we)\b')


def unheard(turn: Turn) -> Plan | None:
    """Row 25, words: ask again, name nothing."""
    if turn.utterance is None or turn.appraisal.situation != 'unclear':
        return None
    if turn.appraisal.cues == ('words not heard clearly',):
        return row_plan(turn, 'unheard', 'the recogniser was not sure')
    return row_plan(turn, 'unclear', why(turn))


def rupture(turn: Turn) -> Plan | None:
    """Row 26: the valence falls although the robot answered, or anger at it lasts."""
    talk = turn.talk
    if turn.utterance is None or not (talk.falling() or talk.anger_turns >= 3):
        return None
    talk.valences.clear()
    talk.anger_turns = 0
    return row_plan(turn, 'rupture', 'the estimate fell for three turns or anger lasted')


def asked_leave(turn: Turn) -> Plan | None:
    """After a yes: remember together (row 4), or ask a human to come."""
    talk = turn.talk
    if turn.utterance is None:
        return None
    pending, talk.pending = talk.pending, ''
    if not pending or turn.appraisal.answer != 'yes':
        return None
    return row_plan(turn, pending, 'the person said yes')


def situation(turn: Turn) -> Plan | None:
    """All other rows, by situation; an unclear turn goes on with the matter of the turn before."""
    if turn.utterance is None:
        return None
    name = _carried(turn)
    name = _by_looks(turn, name)
    if name in ('pry', 'coercion'):
        name = 'question'
    if name == 'pain' and _STRONG_PAIN.search(turn.appraisal.words):
        name = 'strong_pain'
    if name == 'confusion':
        name = _orientation(turn.appraisal.words)
    if name == 'hearing' and not turn.talk.last_text:
        name = 'unheard'
    if name == 'ask_idea' and turn.talk.recent(turn.now_ns) in ('sadness', 'grief', 'worry'):
        name = _suggest_later(turn)
    special = _special(turn, name)
    if special is not None:
        return special
    again = (
        turn.talk.answer_to(turn.appraisal.words) if ROWS[name].steps[0][0] is Act.INFORM else ''
    )
    plan = row_plan(turn, name, why(turn))
    return replace(plan, rule='row_7', same_as=again) if again and name != 'time' else plan


def _special(turn: Turn, name: str) -> Plan | None:
    """Rows that depend on the day: long use, low days, one bridge a day."""
    talk = turn.talk
    ordinary = name in ('small_talk', 'greeting', 'says_fine', 'bored', 'tell_memory')
    if ordinary and talk.turns_today >= turn.turn_limit and talk.turns % 8 == 1:
        return row_plan(turn, 'long_use', f'{talk.turns_today} turns today')
    if ordinary and talk.low_mood_days >= 14 and turn.wellbeing and not talk.low_days_asked:
        talk.low_days_asked = True
        return row_plan(turn, 'low_days', 'agreed log of well-being')
    if name == 'loneliness':
        bridged = talk.bridged_day == turn.day
        plan = row_plan(turn, name, why(turn))
        if not bridged and Act.OFFER_HUMAN not in plan.acts:
            plan = replace(plan, acts=ROWS[name].steps[0])
        if bridged:
            kept = tuple(act for act in plan.acts if act is not Act.OFFER_HUMAN)
            plan = replace(plan, acts=kept)
        talk.bridged_day = turn.day
        return plan
    return None


def _suggest_later(turn: Turn) -> str:
    """No suggestion before the third turn of sadness or grief, asked or not."""
    recent = turn.talk.recent(turn.now_ns)
    return recent if turn.talk.depth < 2 or recent == 'grief' else 'ask_idea'


def _carried(turn: Turn) -> str:
    """Return the situation, that of the turn before when this turn brings no matter of its own."""
    name, before = turn.appraisal.situation, turn.talk.recent(turn.now_ns)
    if before == 'grief_shared':
        before = 'grief'
    if not before or before not in ROWS:
        return name
    if before in STANCE and name in PRESSING:
        return before
    sticky = before in (
        'sadness',
        'worry',
        'agitation',
        'grief',
        'loneliness',
        'missing_person',
        'anger',
    )
    sticky = sticky or before in ('dependency', 'scam', 'anger_at_robot', 'pain', 'strong_pain')
    if sticky and name in ('small_talk', 'tell_memory'):
        return before
    if before == 'scam' and name in ('private', 'joy', 'small_talk', 'question', 'ask_human'):
        return before
    if before in ('missing_person', 'pain') and name == 'question':
        return before
    if sticky and not turn.appraisal.from_words and name in ('sadness', 'worry', 'anger'):
        return before
    if before == 'grief' and name in ('sadness', 'joy') and not _glad(turn):
        return before
    if before == 'joy' and name == 'small_talk' and turn.talk.depth < 3:
        return before
    return name


_SEEN = {'sadness': 'noticed', 'worry': 'tense', 'anger': 'anger_seen'}


def _by_looks(turn: Turn, name: str) -> str:
    """Return the careful twin of a situation that only the expression suggests."""
    if turn.appraisal.from_words or name != turn.appraisal.situation:
        return name
    return name if turn.talk.recent(turn.now_ns) == name else _SEEN.get(name, name)


def _glad(turn: Turn) -> bool:
    return turn.appraisal.situation == 'joy' and 'happiness' in turn.appraisal.nameable


def _orientation(words: str) -> str:
    if _WHERE.search(words):
        return 'where'
    return 'day' if _DAY.search(words) and 'what' in words else 'confusion'
