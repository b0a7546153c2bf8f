# SPDX-License-Identifier: Apache-2.0
"""The decisions of the tree's leaves: each returns a plan for a turn, or None to pass it on."""

from __future__ import annotations

from dataclasses import replace
import math
import re

from empathy_ros.core.behaviour.plans import quiet, row_plan, why
from empathy_ros.core.behaviour.rows import (
    FIRST,
    LISTENING,
    NO_OWN_MATTER,
    PERSONAL,
    ROWS,
    SLOW,
    YIELD,
)
from empathy_ros.core.behaviour.turn import Plan, Turn
from empathy_ros.core.conversation import NS_PER_S
from empathy_ros.core.types import Act, Event, PRIORITY_IDLE, PRIORITY_SAFETY

PRIED_S = 120.0
"""Somebody who asked for another person's words is refused again for so long [s]."""
QUIET_S = 1800.0
"""After a goodbye the robot says nothing for so long, or until it is called [s]."""
_BED = re.compile(r'\b(?:night|bed|sleep|goodnight|turn in)\b')
_AGAIN = re.compile(r'\b(?:i (?:did not say|meant|mean) goodbye|come back|wait)\b')


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
    situation = turn.appraisal.situation
    again = turn.now_ns - turn.talk.pried_ns < PRIED_S * NS_PER_S
    if situation in ('pry', 'coercion') or again:
        turn.talk.pried_ns = turn.now_ns
        situation = 'coercion' if situation == 'coercion' else 'pry'
        return row_plan(turn, situation, 'another person asked', note=False)
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
    plan = replace(row_plan(turn, kind, 'the person takes leave'), closes=True)
    if _BED.search(reading.words):
        plan.slots['rest'] = 'night'
    return plan


def honest(turn: Turn) -> Plan | None:
    """Rows 18 and 19."""
    if turn.utterance is None or turn.appraisal.situation not in FIRST:
        return None
    return row_plan(turn, turn.appraisal.situation, why(turn))


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
    """Keep how pleasant this turn seems for the trajectory; what is unknown is left out."""
    reading = turn.appraisal
    if turn.utterance is None:
        return
    ordinary = reading.situation == 'small_talk'
    value = reading.valence if math.isnan(reading.mood) else reading.mood
    if not math.isnan(value) and not (ordinary and math.isnan(reading.mood)):
        turn.talk.valences.append(value)
