# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.answers import Answers, MAX_DISLIKED
from empathy_ros.core.types import Act, Directive


def answer(number: int, text: str = 'That sounds hard. What happened?') -> Directive:
    return Directive(0, f'd{number}', (Act.REFLECT, Act.ASK_OPEN), text, rationale='words')


@pytest.fixture
def answers() -> Answers:
    made = Answers()
    made.keep(answer(1))
    return made


def test_explains_the_latest_and_any_kept_one(answers: Answers) -> None:
    answers.keep(answer(2, 'I see.'))
    assert 'reflect, ask open, because: words' in answers.explain('d1')
    assert answers.explain() == answers.explain('d2')
    assert answers.explain('d99') == ''


def test_what_was_not_carried_out_says_so(answers: Answers) -> None:
    answers.not_done('d1', 'no loudspeaker')
    assert 'not carried out: no loudspeaker' in answers.explain('d1')
    assert answers.not_done('d99', 'x') is None


def test_a_line_that_did_not_help_is_used_last_until_it_is_taken_back(answers: Answers) -> None:
    assert answers.rate('d1', -1)
    assert 'That sounds hard.' in answers.disliked
    assert answers.undo()
    assert answers.disliked == ()
    assert answers.undo() == ()


def test_a_line_that_helps_again_is_free(answers: Answers) -> None:
    answers.rate('', -1)
    answers.rate('', 1)
    assert answers.disliked == ()


@pytest.mark.parametrize(('directive_id', 'rating'), [('d1', 0), ('d1', 5), ('nobody', 1)])
def test_refusals(answers: Answers, directive_id: str, rating: int) -> None:
    with pytest.raises(ValueError, match=r'rating|not among'):
        answers.rate(directive_id, rating)


def test_silence_cannot_be_rated(answers: Answers) -> None:
    answers.keep(answer(2, ''))
    with pytest.raises(ValueError, match='no words'):
        answers.rate('d2', 1)


def test_everything_is_bounded(answers: Answers) -> None:
    for number in range(500):
        answers.keep(answer(number, f'Line {number}.'))
        answers.rate('', -1)
    assert answers.explain('d1') == ''
    assert len(answers.disliked) == MAX_DISLIKED
