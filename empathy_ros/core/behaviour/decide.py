# SPDX-License-Identifier: Apache-2.0
"""The decisions of the tree's leaves: each returns a plan for a turn, or None to pass it on."""

from __future__ import annotations

from dataclasses import replace
import math
import re

from empathy_ros.core.behaviour.rows import (
    FIRST,
    LISTENING,
    NO_OWN_MATTER,
    PERSONAL,
    PRESSING,
    ROWS,
    SLOW,
    STANCE,
    STILL,
    YIELD,
)
from empathy_ros.core.behaviour.turn import Plan, Turn
from empathy_ros.core.conversation import NS_PER_S
from empathy_ros.core.types import Act, Event, PRIORITY_IDLE, PRIORITY_SAFETY

QUIET_S = 1800.0
"""After a goodbye the robot says nothing for so long, or until it is called [s]."""
_DAY = re.compile(r'\b(?:day|date|month|year|season)\b')
_WHERE = re.compile(r'\b(?:where am i|what is this place|which room|where are we)\b')
_AGAIN = re.compile(r'\b(?:i (?:did not say|meant|mean) goodbye|come back|wait)\b')


def quiet(reason: str, *acts: Act) -> Plan:
    """Return a plan without words."""
    return Plan('', 'none', acts, reason, STILL, priority=PRIORITY_IDLE, generate=False)


def row_plan(turn: Turn, situation: str, why: str, note: bool = True) -> Plan:
    """Return the plan of the policy table for a situation at its present depth."""
    row = ROWS[situation]
    depth = turn.talk.enter(situation, turn.appraisal.need, turn.now_ns) if note else 0
    rule = f'row_{row.number}' if row.number else ''
    reason = f'{row.strategy}; {why}'
    slots = {**turn.facts, **turn.appraisal.slots}
    return Plan(
        rule, situation, row.step(depth), reason, row.body, slots,
        generate=row.generate, max_words=row.max_words,
    )  # fmt: skip


def not_for_us(turn: Turn) -> Plan | None:
    """Television, unfinished speech and strangers' talk get no answer."""
    if turn.utterance is None:
        return None
    if turn.speaker == 'tv':
        return quiet('the words came from the television')
    if not turn.utterance.is_final:
        return quiet('the speech has not ended')
    if not turn.utterance.text.strip():
        return quiet('nothing was said')
    return None


def safety(turn: Turn) -> Plan | None:
    """Rows 9 and 12: the guardian's answer goes before everything."""
    return _guardian(turn, (9, 12))


def crisis(turn: Turn) -> Plan | None:
    """Rows 10, 11 and 14, and whatever else the guardian answers."""
    return _guardian(turn, None)


def _guardian(turn: Turn, rows: tuple[int, ...] | None) -> Plan | None:
    if turn.safety is None or (rows is not None and turn.safety_row not in rows):
        return None
    turn.talk.closed = False
    turn.talk.enter('crisis', 'help_now', turn.now_ns)
    rule = f'row_{turn.safety_row}' if turn.safety_row else 'safety'
    return Plan(
        rule, 'crisis', turn.safety.acts, 'the safety rules found a sign of danger',
        ready=turn.safety, priority=turn.safety.priority, generate=False,
    )  # fmt: skip


def stopping(turn: Turn) -> Plan | None:
    """Row 24: the stop button, a spoken stop, a withdrawn permission; from anybody."""
    if turn.event is Event.STOP_BUTTON:
        turn.talk.closed, turn.talk.closed_ns = True, turn.now_ns
        plan = quiet('the stop button was pressed', Act.PAUSE)
        return replace(plan, rule='row_24', priority=PRIORITY_SAFETY)
    if turn.opt_out is not None:
        scopes = ', '.join(sorted(scope.value for scope in turn.opt_out.scopes))
        plan = row_plan(turn, 'opt_out', f'words withdraw {scopes}')
        return replace(plan, priority=PRIORITY_SAFETY)
    if turn.appraisal.stop and turn.utterance is not None:
        already = turn.talk.closed
        turn.talk.closed, turn.talk.closed_ns = True, turn.now_ns
        if already:
            return quiet('already stopped', Act.PAUSE)
        plan = row_plan(turn, 'stop', 'somebody said stop')
        return replace(plan, priority=PRIORITY_SAFETY, closes=True)
    return None


def stranger(turn: Turn) -> Plan | None:
    """Others get no answer, but for what they may not have: rows 28 and S3."""
    if turn.utterance is None or turn.speaker != 'other':
        return None
    if turn.appraisal.situation in ('pry', 'coercion'):
        return row_plan(turn, turn.appraisal.situation, 'another person asked', note=False)
    return quiet('somebody else was speaking')


def no_words_allowed(turn: Turn) -> Plan | None:
    """Without consent for words the robot says only what it is."""
    if turn.utterance is None or turn.may_talk:
        return None
    if turn.appraisal.situation == 'identity':
        return row_plan(turn, 'identity', 'the person asked')
    return quiet('there is no consent to use words')


def closed(turn: Turn) -> Plan | None:
    """After a goodbye or a stop: nothing until called."""
    talk = turn.talk
    if not talk.closed:
        return None
    if turn.utterance is None:
        return quiet('the talk is over') if turn.event is not None else None
    reading = turn.appraisal
    leave = reading.goodbye or reading.alone
    late = turn.now_ns - talk.closed_ns > QUIET_S * NS_PER_S
    to_us = reading.calls or reading.situation in FIRST or reading.situation == 'dependency'
    matter = reading.from_words and reading.situation not in NO_OWN_MATTER | {'thanks', 'helped'}
    if leave and not _AGAIN.search(reading.words):
        return quiet('leave was taken before')
    if reading.situation == 'anger_at_robot' and not reading.calls and not late:
        return quiet('the person wants to be left alone')
    if to_us or matter or late:
        talk.closed = False
        return None
    return quiet('the talk is over and nobody called')


def crisis_talk(turn: Turn) -> Plan | None:
    """After a crisis answer the robot stays; it never closes the talk."""
    if turn.utterance is None or not turn.talk.in_crisis(turn.now_ns):
        return None
    return row_plan(turn, 'crisis_stay', 'a crisis was noticed and nobody has taken over yet')


def company(turn: Turn) -> Plan | None:
    """Row 28: while somebody else is here nothing personal is said aloud."""
    if turn.utterance is None or not turn.talk.others:
        return None
    situation = turn.appraisal.situation
    if situation in ('pry', 'coercion'):
        return row_plan(turn, situation, 'another person asked', note=False)
    leave = turn.appraisal.goodbye or turn.appraisal.alone
    if situation == 'identity' or (leave and situation not in FIRST):
        return None
    if situation in PERSONAL or not turn.appraisal.from_words:
        return row_plan(turn, 'second_person', 'somebody else is here', note=False)
    return None


def leaving(turn: Turn) -> Plan | None:
    """Row 20: a goodbye, or the wish to be left alone."""
    reading = turn.appraisal
    if turn.utterance is None or not (reading.goodbye or reading.alone):
        return None
    if reading.situation in FIRST or reading.situation in ('bad_idea', 'scam', 'abuse'):
        return None
    turn.talk.closed, turn.talk.closed_ns = True, turn.now_ns
    kind = 'goodbye' if reading.goodbye and not reading.alone else 'alone'
    return replace(row_plan(turn, kind, 'the person takes leave'), closes=True)


def honest(turn: Turn) -> Plan | None:
    """Rows 18 and 19."""
    if turn.utterance is None or turn.appraisal.situation not in FIRST:
        return None
    return row_plan(turn, turn.appraisal.situation, _why(turn))


def unheard(turn: Turn) -> Plan | None:
    """Row 25, words: ask again, name nothing."""
    if turn.utterance is None or turn.appraisal.situation != 'unclear':
        return None
    if turn.appraisal.cues == ('words not heard clearly',):
        return row_plan(turn, 'unheard', 'the recogniser was not sure')
    return row_plan(turn, 'unclear', _why(turn))


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
    pending, talk.pending = talk.pending, ''
    if turn.utterance is None or not pending or turn.appraisal.answer != 'yes':
        return None
    return row_plan(turn, pending, 'the person said yes')


def situation(turn: Turn) -> Plan | None:
    """All other rows, by situation; an unclear turn goes on with the matter of the turn before."""
    if turn.utterance is None:
        return None
    name = _carried(turn)
    if name == 'sadness' and not turn.appraisal.from_words and name == turn.appraisal.situation:
        name = 'noticed' if turn.talk.recent(turn.now_ns) != 'sadness' else name
    if name in ('pry', 'coercion'):
        name = 'question'
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
    plan = row_plan(turn, name, _why(turn))
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
        plan = row_plan(turn, name, _why(turn))
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
    sticky = sticky or before in ('dependency', 'scam', 'anger_at_robot')
    if sticky and name in ('small_talk', 'tell_memory'):
        return before
    if before == 'grief' and name in ('sadness', 'joy') and not _glad(turn):
        return before
    if before == 'joy' and name == 'small_talk' and turn.talk.depth < 3:
        return before
    return name


def _glad(turn: Turn) -> bool:
    return turn.appraisal.situation == 'joy' and 'happiness' in turn.appraisal.nameable


def _orientation(words: str) -> str:
    if _WHERE.search(words):
        return 'where'
    return 'day' if _DAY.search(words) and 'what' in words else 'confusion'


def _why(turn: Turn) -> str:
    return '; '.join(turn.appraisal.cues) or 'ordinary talk'


def silence(turn: Turn) -> Plan | None:
    """Silence is allowed: it is answered by waiting, never by words."""
    if turn.event is not Event.SILENCE_10S:
        return None
    return quiet('silence is left alone', Act.PAUSE)


def disclosure(turn: Turn) -> Plan | None:
    """Say what the robot is; the tree asks only when it is due and nobody took leave."""
    row = ROWS['identity']
    return Plan(
        'disclosure', 'start', (Act.DISCLOSE_AI,), 'people are told regularly what this is',
        row.body, dict(turn.facts), generate=False, max_words=25,
    )  # fmt: skip


def watching(turn: Turn) -> Plan | None:
    """Without words the body alone answers a clear estimate; looks never make the robot speak."""
    if turn.utterance is not None or turn.event is not None or turn.talk.closed:
        return None
    if turn.talk.others:
        return None
    styles = {
        'sadness': (Act.LISTEN, LISTENING),
        'fear': (Act.LOWER_AROUSAL, SLOW),
        'anger': (Act.PAUSE, YIELD),
    }
    for name in sorted(turn.appraisal.nameable & styles.keys()):
        act, body = styles[name]
        reason = f'the estimated expression suggests {name}; no words were said'
        return Plan('', 'none', (act,), reason, body, priority=PRIORITY_IDLE, generate=False)
    return None


def note_valence(turn: Turn) -> None:
    """Keep the valence of this turn for the trajectory; unknown is left out."""
    value = turn.appraisal.valence
    if (
        turn.utterance is not None
        and not math.isnan(value)
        and turn.appraisal.situation != 'small_talk'
    ):
        turn.talk.valences.append(value)
