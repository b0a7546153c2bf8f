# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.expression import ExpressionConfig, FACES, JOINTS, movement
from empathy_ros.core.types import Act, Directive, Expression

CONFIG = ExpressionConfig()


def directive(**body: object) -> Directive:
    return Directive(0, 'd1', (Act.REFLECT,), **body)  # type: ignore[arg-type]


@pytest.mark.parametrize('gesture', ['none', 'nod', 'lean_in', 'open_hand', 'still'])
@pytest.mark.parametrize('gaze', ['person', 'soft', 'away', 'down'])
@pytest.mark.parametrize('label', [*FACES, 'something_new'])
def test_angles_stay_in_range_and_times_rise(label: str, gaze: str, gesture: str) -> None:
    face = Expression(label, -1.0, 1.0, 1.0)
    poses = movement(directive(expression=face, gaze=gaze, gesture=gesture), CONFIG)
    times = [pose.at_s for pose in poses]
    assert times == sorted(times)
    assert times[0] > 0
    for pose in poses:
        assert len(pose.angles_rad) == len(JOINTS)
        assert max(map(abs, pose.angles_rad[:2])) <= CONFIG.head_range_rad
        assert max(map(abs, pose.angles_rad[2:])) <= CONFIG.face_range_rad


def test_slow_limit_takes_longer() -> None:
    quick = movement(directive(gesture='nod'), CONFIG)[-1].at_s
    slow = movement(directive(gesture='nod', motion_limits=('slow',)), CONFIG)[-1].at_s
    assert slow == pytest.approx(quick * CONFIG.slow_factor)


def test_a_nod_comes_back() -> None:
    down, nod, back = movement(directive(gesture='nod'), CONFIG)
    assert nod.angles_rad[1] > down.angles_rad[1]
    assert back.angles_rad == down.angles_rad
