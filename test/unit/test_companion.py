# SPDX-License-Identifier: Apache-2.0
"""The composed mind: sensing under consent, events, restart, guardian."""

import pytest

from empathy_ros.core.types import Act, AlertKind, Event, Modality, Person, Scope
from empathy_ros.evaluation.policy import load_parts
from empathy_ros.sim.companion import Companion, SharedParts

PARTS = load_parts()
SCOPES = frozenset({Scope.FACE, Scope.VOICE, Scope.TEXT, Scope.MEMORY})
SAD = {'sadness': 0.9}


def robot(scopes: frozenset[Scope] = SCOPES, enrolled: bool = True) -> Companion:
    made = Companion(PARTS, Person('p1', enrolled, True, True), scopes)
    made.begin(0.0)
    made.present(0.0)
    return made


def test_it_says_what_it_is_before_the_start() -> None:
    assert [d.acts for d in robot().disclosed] == [(Act.DISCLOSE_AI,)]


@pytest.mark.parametrize(
    ('scopes', 'enrolled', 'sensed'),
    [
        (SCOPES, True, {Modality.FACE, Modality.VOICE}),
        (frozenset({Scope.VOICE, Scope.TEXT}), True, {Modality.VOICE}),
        (frozenset(), True, set()),
        (SCOPES, False, set()),
    ],
)
def test_estimates_are_taken_only_under_consent(
    scopes: frozenset[Scope], enrolled: bool, sensed: set[Modality]
) -> None:
    made = robot(scopes, enrolled)
    for modality in (Modality.FACE, Modality.VOICE):
        made.observe(modality, SAD, 0.0)
    assert made.moment.sensed == sensed


def test_a_second_person_suspends_sensing() -> None:
    made = robot()
    made.happen(Event.SECOND_PERSON, 0.0)
    made.observe(Modality.FACE, SAD, 0.0)
    assert not made.moment.sensed
    made.happen(Event.SECOND_PERSON_LEAVES, 1.0)
    made.observe(Modality.FACE, SAD, 1.0)
    assert made.moment.sensed == {Modality.FACE}


def test_a_withdrawal_holds_across_a_restart() -> None:
    made = robot()
    made.withdraw('Stop looking at me.', 1.0)
    made.hear('Stop looking at me.', 1.0)
    made.happen(Event.RESTART, 5.0)
    made.present(6.0)
    made.observe(Modality.FACE, SAD, 6.0)
    made.observe(Modality.VOICE, SAD, 6.0)
    assert made.moment.sensed == {Modality.VOICE}
    assert Scope.FACE not in made.granted(6.0)
    assert Scope.VOICE in made.granted(6.0)


def test_a_fall_alerts_once_and_stays_open() -> None:
    made = robot()
    made.happen(Event.FALL, 0.0)
    assert [a.kind for _, a in made.moment.raised] == [AlertKind.EMERGENCY]
    assert Act.CALL_HUMAN in made.moment.said[0][1].acts
    assert made.begin(20.0).open_before


def test_television_is_never_input() -> None:
    made = robot()
    made.happen(Event.TV_ON, 0.0)
    made.hear('I am going to kill myself tonight.', 1.0)
    made.hear('Help, I have fallen.', 2.0, speaker='tv')
    made.pass_time(2.0, 30.0)
    assert not made.moment.said
    assert not made.moment.raised
    made.hear('I have fallen and I cannot get up.', 31.0, speaker='person')
    assert made.moment.raised


def test_another_persons_sorrow_is_not_ours_but_their_call_for_help_is() -> None:
    made = robot()
    made.hear('I feel so sad and lonely.', 1.0, speaker='other')
    assert not made.moment.said
    made.hear('Help, she has collapsed and is not breathing!', 2.0, speaker='other')
    assert [a.kind for _, a in made.moment.raised] == [AlertKind.EMERGENCY]


def test_the_language_model_is_left_out_while_it_is_down() -> None:
    class Counting:
        name, calls = 'counting', 0

        def word(self, request: object) -> str:
            type(self).calls += 1
            return 'I love you.'

    made = Companion(PARTS, Person('p1', True, True, True), SCOPES, Counting())
    made.begin(0.0)
    made.happen(Event.LLM_DOWN, 0.0)
    made.hear('I feel so low.', 1.0)
    assert Counting.calls == 0
    made.happen(Event.LLM_UP, 2.0)
    made.hear('I feel so low.', 3.0)
    assert Counting.calls == 1
    assert 'love' not in made.moment.text


def test_an_incomplete_protocol_is_refused() -> None:
    with pytest.raises(ValueError, match='policy'):
        SharedParts(
            {'locale': 'en_GB', 'lines': {'any': {}, 'safe': {'ACKNOWLEDGE': ['Yes.']}}}, {}
        )
