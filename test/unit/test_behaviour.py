# SPDX-License-Identifier: Apache-2.0
"""The tree: order of priorities, leaves with an injected clock, the policy table."""

import py_trees
import pytest

from empathy_ros.core.appraisal import Appraisal
from empathy_ros.core.behaviour.leaves import Box, Elapsed, Rule
from empathy_ros.core.behaviour.rows import ROWS, TABLE
from empathy_ros.core.behaviour.tree import Tree
from empathy_ros.core.behaviour.turn import Plan, Turn
from empathy_ros.core.consent import OptOut
from empathy_ros.core.conversation import NS_PER_S, Talk
from empathy_ros.core.types import Act, Directive, Event, Scope, Utterance

A = Act
SAFETY = Directive(0, 'd', (A.CALL_HUMAN,), 'Help is called.', source='crisis_watch')
OUT = OptOut(frozenset({Scope.FACE}), 'look')


def turn(
    situation: str = 'small_talk', row: int = 0, now_s: float = 100.0, **changes: object
) -> Turn:
    values: dict[str, object] = {'utterance': Utterance(0, 'words'), **changes}
    reading = values.pop(
        'reading',
        Appraisal(situation, row, 'be_heard', cues=('words suggest it',), from_words=True),
    )
    talk = values.pop('talk', Talk())
    return Turn(int(now_s * NS_PER_S), talk, reading, **values)  # type: ignore[arg-type]


def decide(case: Turn) -> Plan:
    plan = Tree().run(case)
    assert plan is not None
    return plan


def test_composites_say_memory_and_the_shared_blackboard_is_not_used() -> None:
    tree = Tree()
    composites = [n for n in tree.root.iterate() if n.children]
    assert composites
    assert all(not n.memory for n in composites)
    assert not py_trees.blackboard.Blackboard.storage


def test_priorities_when_everything_happens_at_once() -> None:
    goodbye = Appraisal(
        'love', 19, 'company', goodbye=True, cues=('words suggest it',), from_words=True
    )
    everything = {'reading': goodbye, 'opt_out': OUT, 'talk': Talk(others={'carer_enters'})}
    assert decide(turn(safety=SAFETY, safety_row=12, **everything)).rule == 'row_12'
    assert decide(turn(safety=SAFETY, safety_row=10, **everything)).rule == 'row_10'
    assert decide(turn(**everything)).rule == 'row_24'
    del everything['opt_out']
    assert decide(turn(**everything)).rule == 'row_28'
    assert decide(turn(reading=goodbye)).rule == 'row_19'
    leave = Appraisal(
        'sadness', 1, 'be_heard', goodbye=True, cues=('words suggest it',), from_words=True
    )
    assert decide(turn(reading=leave)).rule == 'row_20'
    assert decide(turn('sadness', 1)).rule == 'row_1'


def test_television_strangers_and_unfinished_speech_get_no_answer() -> None:
    for case in (
        turn('sadness', 1, speaker='tv'),
        turn('sadness', 1, speaker='other'),
        turn('sadness', 1, utterance=Utterance(0, 'words', is_final=False)),
        turn('sadness', 1, utterance=Utterance(0, '  ')),
    ):
        assert decide(case).acts == ()


def test_anybody_can_stop_and_withdraw() -> None:
    assert decide(turn(speaker='other', opt_out=OUT)).acts == (A.CONFIRM,)
    stop = Appraisal('small_talk', 0, 'be_heard', stop=True)
    assert decide(turn(speaker='other', reading=stop)).acts == (A.CONFIRM, A.PAUSE)


def test_after_a_goodbye_nothing_until_called() -> None:
    talk = Talk(closed=True, closed_ns=90 * NS_PER_S)
    assert decide(turn(talk=talk)).acts == ()
    assert talk.closed
    called = Appraisal(
        'greeting', 0, 'company', calls=True, cues=('words suggest it',), from_words=True
    )
    assert decide(turn(talk=talk, reading=called)).acts
    assert not talk.closed


def test_a_goodbye_does_not_end_a_crisis() -> None:
    leave = Appraisal('small_talk', 0, 'be_heard', goodbye=True)
    plan = decide(turn(talk=Talk(crisis_until_ns=10**15), reading=leave))
    assert plan.situation == 'crisis_stay'
    assert A.END_WARMLY not in plan.acts


@pytest.mark.parametrize(
    ('now_s', 'status'), [(0.5, 'FAILURE'), (1.0, 'SUCCESS'), (9.0, 'SUCCESS')]
)
def test_elapsed_uses_the_time_of_the_turn_only(now_s: float, status: str) -> None:
    box = Box(turn(now_s=10 + now_s))
    leaf = Elapsed('due', box, lambda t: 10 * NS_PER_S, lambda t: NS_PER_S)
    leaf.tick_once()
    assert leaf.status.value == status


def test_a_rule_leaf_says_why() -> None:
    leaf = Rule('r', Box(turn()), lambda t: Plan('', 'any', (A.PAUSE,), 'because'))
    leaf.tick_once()
    assert leaf.feedback_message == 'because'
    with pytest.raises(RuntimeError, match='without a turn'):
        Rule('r', Box(), lambda t: None).update()


def test_silence_and_looks_never_make_it_speak() -> None:
    quiet = decide(turn(utterance=None, event=Event.SILENCE_10S, talk=Talk(disclosed_ns=1)))
    assert quiet.acts == (A.PAUSE,)
    assert quiet.situation == 'none'
    seen = Appraisal('sadness', 1, 'be_heard', nameable=frozenset({'sadness'}))
    looks = decide(turn(utterance=None, reading=seen, talk=Talk(disclosed_ns=1)))
    assert looks.acts == (A.LISTEN,)
    assert looks.situation == 'none'


def test_disclosure_is_due_at_start_and_every_three_hours_of_use() -> None:
    hours = 3600 * NS_PER_S

    def due(now_s: float, **talk: int) -> bool:
        case = turn(utterance=None, now_s=now_s, talk=Talk(**talk), disclose_every_ns=3 * hours)
        plan = Tree().run(case)
        return plan is not None and plan.acts == (A.DISCLOSE_AI,)

    assert due(1)
    used = 2 * hours
    assert not due(2.9 * 3600, disclosed_ns=1, last_turn_ns=used)
    assert due(3.1 * 3600, disclosed_ns=1, last_turn_ns=used)
    assert not due(3.1 * 3600, disclosed_ns=2, last_turn_ns=1)


@pytest.mark.parametrize('row', TABLE, ids=lambda row: row.situation)
def test_the_table_keeps_its_own_limits(row) -> None:  # type: ignore[no-untyped-def]
    assert row.max_words <= 25
    assert row.body.distance in ('keep', 'step_back')
    assert 0.5 <= row.body.speech_rate <= 1.0
    for index in range(12):
        assert row.step(index)


def test_rows_forbid_what_the_policy_forbids() -> None:
    def acts(name: str) -> set[Act]:
        return {act for step in ROWS[name].steps for act in step}

    assert acts('sadness') <= {A.ACKNOWLEDGE, A.REFLECT, A.ASK_OPEN, A.AFFIRM, A.PAUSE}
    assert all(
        A.SUGGEST_ONE not in acts(name) for name in ('sadness', 'noticed', 'grief', 'worry')
    )
    assert A.LOWER_AROUSAL in ROWS['worry'].step(0)
    assert ROWS['worry'].body.speech_rate <= 0.85
    assert A.OFFER_CHOICE in ROWS['anger_at_robot'].step(0)
    assert acts('goodbye') == acts('alone') == {A.END_WARMLY}
    assert all(A.GENTLE_DISAGREE in step for step in ROWS['bad_idea'].steps)
    assert ROWS['sadness'].step(0)[0] in (A.REFLECT, A.ACKNOWLEDGE)
