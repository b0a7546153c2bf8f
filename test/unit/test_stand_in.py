# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.stand_in import StandIn, waits
from empathy_ros.core.types import Act, Alert, AlertKind, Directive

ALERT = Alert(0, 'a1', AlertKind.CRISIS, 3, 'x')


def said(turn_id: str = 't1', **more: object) -> Directive:
    return Directive(0, 'd', (Act.CALL_HUMAN,), turn_id=turn_id, source='crisis_watch', **more)  # type: ignore[arg-type]


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


def test_it_speaks_when_the_guardian_is_silent(stand_in: StandIn) -> None:
    stand_in.hold((said(),), (ALERT,), 10.0)
    assert stand_in.due(10.3) == []
    (item,) = stand_in.due(10.5)
    assert item.alerts == (ALERT,)
    assert item.replaces_guardian
    assert stand_in.pending == 0


@pytest.mark.parametrize('heard_s', [8.5, 10.1, 10.39])
def test_it_keeps_silent_when_the_guardian_answers_this_turn(
    stand_in: StandIn, heard_s: float
) -> None:
    stand_in.heard('t1', heard_s)
    stand_in.hold((said(),), (ALERT,), 10.0)
    assert stand_in.due(10.5) == []
    assert stand_in.pending == 0


def test_another_turn_of_the_guardian_does_not_count(stand_in: StandIn) -> None:
    stand_in.heard('t0', 10.1)
    stand_in.hold((said(),), (), 10.0)
    assert len(stand_in.due(11.0)) == 1


def test_alerts_alone_wait_too(stand_in: StandIn) -> None:
    stand_in.hold((), (ALERT,), 10.0)
    assert stand_in.due(11.0)[0].alerts == (ALERT,)


def test_what_the_robot_is_gets_said_once(stand_in: StandIn) -> None:
    told = Directive(0, 'd', (Act.DISCLOSE_AI,), rules=('disclosure',))
    assert waits(told)
    stand_in.hold((told,), (), 10.0)
    stand_in.heard('disclosure', 10.1)
    assert stand_in.due(11.0) == []
    stand_in.hold((told,), (), 20.0)
    assert not stand_in.due(21.0)[0].replaces_guardian


def test_ordinary_answers_do_not_wait() -> None:
    assert not waits(Directive(0, 'd', (Act.REFLECT,)))


def test_memory_is_bounded(stand_in: StandIn) -> None:
    for number in range(1000):
        stand_in.heard(f't{number}', float(number))
    stand_in.hold((said('t1'),), (), 2.0)
    assert len(stand_in.due(3.0)) == 1
