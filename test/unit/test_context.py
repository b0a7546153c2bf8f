# SPDX-License-Identifier: Apache-2.0
import math

import pytest

from empathy_ros.core.context import ContextConfig, ContextMemory
from empathy_ros.core.types import Act, Directive, PersonAffect, Utterance

S = 1_000_000_000
T0 = 1_000_000 * S


def say(memory: ContextMemory, words: str, at_s: float, valence: float = math.nan) -> None:
    now = T0 + int(at_s * S)
    memory.sense(PersonAffect(now, 'p1', valence=valence, abstained=math.isnan(valence)))
    memory.hear(Utterance(now, words, person_id='p1'), True, now)


def answer(memory: ContextMemory, words: str, at_s: float, remember: bool = True) -> None:
    now = T0 + int(at_s * S)
    memory.answer(Directive(now, 'd', (Act.REFLECT,), text=words), remember, now)


@pytest.fixture
def memory() -> ContextMemory:
    return ContextMemory('p1', ContextConfig())


def test_words_are_kept_only_with_consent(memory: ContextMemory) -> None:
    say(memory, 'my knee hurts', 0)
    memory.hear(Utterance(T0, 'a secret', person_id='p1'), False, T0 + S)
    assert [turn.text for turn in memory.turns(T0 + S)] == ['my knee hurts', '']
    assert [turn.words for turn in memory.turns(T0 + S)] == [3, 2]


def test_turns_expire_and_are_bounded(memory: ContextMemory) -> None:
    for index in range(50):
        say(memory, f'line {index}', index)
    assert len(memory.turns(T0 + 50 * S)) == 20
    assert memory.turns(T0 + 4000 * S) == ()


@pytest.mark.parametrize(
    ('valences', 'expected'),
    [
        ([0.4, 0.1, -0.3], 'worsening'),
        ([-0.4, 0.0, 0.3], 'improving'),
        ([0.1, 0.4, 0.1], 'steady'),
        ([0.4, math.nan, 0.1], 'unknown'),
    ],
)
def test_trajectory(memory: ContextMemory, valences: list[float], expected: str) -> None:
    for index, valence in enumerate(valences):
        say(memory, 'well', index * 5, valence)
    assert memory.state(T0 + 20 * S).trajectory == expected


def test_balance_and_idle(memory: ContextMemory) -> None:
    say(memory, 'one two three', 0)
    answer(memory, 'four', 2)
    assert memory.state(T0 + 3 * S).turn_balance == pytest.approx(0.75)
    assert memory.state(T0 + 400 * S).stage == 'idle'
    assert math.isnan(memory.state(T0 + 400 * S).turn_balance)


def test_turns_today_start_anew_each_day(memory: ContextMemory) -> None:
    say(memory, 'hello', 0)
    say(memory, 'again', 10)
    assert memory.state(T0 + 11 * S).turns_today == 2
    say(memory, 'next day', 86_400)
    assert memory.state(T0 + 86_401 * S).turns_today == 1


@pytest.mark.parametrize(
    ('acts', 'expected'),
    [
        ((Act.ACKNOWLEDGE, Act.ASK_OPEN), 'exploration'),
        ((Act.REFLECT, Act.ASK_OPEN), 'comforting'),
        ((Act.REFLECT, Act.SUGGEST_ONE), 'action'),
        ((Act.ACKNOWLEDGE, Act.ASK_DIRECT_SAFETY), 'crisis'),
        ((Act.END_WARMLY,), 'closing'),
        ((Act.PAUSE,), 'exploration'),
    ],
)
def test_stage_follows_what_was_done(
    memory: ContextMemory, acts: tuple[Act, ...], expected: str
) -> None:
    say(memory, 'hello', 0)
    memory.answer(Directive(T0, 'd', acts, text='x'), True, T0 + S)
    assert memory.state(T0 + 2 * S).stage == expected


def test_a_new_conversation_starts_exploring(memory: ContextMemory) -> None:
    say(memory, 'good night', 0)
    memory.answer(Directive(T0, 'd', (Act.END_WARMLY,), text='x'), True, T0 + S)
    say(memory, 'hello again', 2000)
    assert memory.state(T0 + 2001 * S).stage == 'exploration'


def test_forget(memory: ContextMemory) -> None:
    say(memory, 'hello', 0)
    memory.forget()
    assert memory.turns(T0) == ()
