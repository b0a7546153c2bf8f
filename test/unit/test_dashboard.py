# SPDX-License-Identifier: Apache-2.0
"""What the local page may show about whom."""

import json

import numpy as np
import pytest

from empathy_ros.core.dashboard import Dashboard, DashboardConfig, HealthEntry, Light
from empathy_ros.core.types import (
    Act,
    Alert,
    AlertKind,
    Consent,
    Directive,
    Modality,
    PersonAffect,
    Scope,
)

S = 1_000_000_000
SAD = PersonAffect(
    10 * S, 'p1', np.full(40, np.nan, np.float32), top_basic='sadness', valence=-0.5,
    arousal=float('nan'), confidence=0.75, modalities=(Modality.FACE,), abstained=False, reason='',
)  # fmt: skip
TOLD = Directive(10 * S, 'd1', (Act.REFLECT,), 'That sounds hard.', 'p1', rationale='row 1')


@pytest.fixture
def board() -> Dashboard:
    return Dashboard(DashboardConfig())


def agree(board: Dashboard, *scopes: Scope, person: str = 'p1') -> None:
    board.consent([Consent(person, frozenset(scopes), granted_by='self_spoken')], ())


def test_nothing_about_anybody_is_shown_before_they_agree(board):
    board.affect(SAD)
    board.directive(TOLD)
    state = board.state(11 * S, 0)
    assert state['people'] == []
    assert state['directive'] is None
    assert 'sad' not in json.dumps(state)


@pytest.mark.parametrize('scope', [Scope.MEMORY, Scope.SAFETY_LISTENING, Scope.WELLBEING])
def test_agreeing_to_something_else_is_not_agreeing_to_this(board, scope):
    agree(board, scope)
    board.affect(SAD)
    assert board.state(11 * S, 0)['people'] == []


def test_after_agreement_it_says_seems_never_is(board):
    agree(board, Scope.FACE)
    board.affect(SAD)
    board.directive(TOLD)
    state = board.state(11 * S, 0)
    person = state['people'][0]
    assert person['seems'] == 'seems sad'
    assert (person['confidence'], person['valence'], person['arousal']) == (0.75, -0.5, None)
    assert person['from'] == ['face']
    assert state['directive']['why'] == 'row 1'
    assert state['consent'] == [{'person': 'p1', 'scopes': ['face'], 'granted_by': 'self_spoken'}]


def test_withdrawing_clears_the_page_at_once(board):
    agree(board, Scope.FACE)
    board.affect(SAD)
    board.directive(TOLD)
    agree(board)
    state = board.state(11 * S, 0)
    assert (state['people'], state['directive']) == ([], None)


def test_another_person_does_not_answer_for_this_one(board):
    agree(board, Scope.FACE, person='p2')
    board.affect(SAD)
    board.directive(TOLD)
    state = board.state(11 * S, 0)
    assert (state['people'], state['directive']) == ([], None)


def test_old_and_abstained_estimates_are_unknown(board):
    agree(board, Scope.FACE)
    board.affect(SAD)
    late = board.state(16 * S, 0)['people'][0]
    assert (late['seems'], late['why_unknown'], late['confidence']) == ('unknown', 'stale', None)
    board.affect(PersonAffect(10 * S, 'p1', abstained=True, reason='conflict'))
    unknown = board.state(11 * S, 0)['people'][0]
    assert (unknown['seems'], unknown['why_unknown']) == ('unknown', 'conflict')


def test_alerts_show_without_consent_newest_first_and_bounded(board):
    for number in range(25):
        board.alert(Alert(number, f'a{number}', AlertKind.EMERGENCY, 3, 'a fall was reported'))
    board.alert(
        Alert(9, 'a9', AlertKind.EMERGENCY, 3, 's', acknowledged=True, acknowledged_by='nurse')
    )
    rows = board.state(0, 0)['alerts']
    assert len(rows) == 20
    assert (rows[0]['id'], rows[0]['open'], rows[0]['acknowledged_by']) == ('a9', False, 'nurse')
    assert rows[1]['open']


def test_lights_are_unknown_until_the_gate_speaks(board):
    assert board.state(0, 0)['lights'] is None
    board.lights([Light('Camera', 'sees your face', True)])
    assert board.state(0, 0)['lights'] == [
        {'name': 'Camera', 'purpose': 'sees your face', 'is_on': True}
    ]


def test_a_part_that_falls_silent_is_stale(board):
    board.health(HealthEntry('/mind/planner', 'ok', 'fine', {'provider': 'cpu'}), 0)
    assert board.state(0, 1 * S)['health'][0]['level'] == 'ok'
    assert board.state(0, 1 * S)['health'][0]['provider'] == 'cpu'
    assert board.state(0, 6 * S)['health'][0]['level'] == 'stale'
