# SPDX-License-Identifier: Apache-2.0
"""Parameters of a real node: declared with range and text, refused with a reason, live."""

from dataclasses import dataclass

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')

from rclpy.lifecycle import LifecycleNode
from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros.bridge.params import bind
from empathy_ros.core.params import param


@dataclass(frozen=True)
class Config:
    """One parameter of each kind."""

    half_life_s: float = param(4.0, 'Half-life [s].', lo=0.1, hi=60.0)
    turns: int = param(20, 'Turns kept.', lo=2, hi=100)
    method: str = param('log_linear', 'Rule.', choices=('log_linear', 'linear'))
    on: bool = param(True, 'Switch.')
    device: str = param('', 'Device name.')
    labels: tuple[str, ...] = param((), 'Labels.')
    seed: int = param(7, 'Seed.', read_only=True)


def test_defaults_come_back_as_the_dataclass(ros):
    assert bind(ros.add(Node, 'n'), Config) == Config()


def test_descriptors_carry_text_range_and_choices(ros):
    node = ros.add(Node, 'n')
    bind(node, Config)
    half_life = node.describe_parameter('half_life_s')
    assert half_life.description == 'Half-life [s].'
    assert half_life.floating_point_range[0].to_value == 60.0
    assert node.describe_parameter('turns').integer_range[0].from_value == 2
    assert 'log_linear, linear' in node.describe_parameter('method').additional_constraints
    assert node.describe_parameter('seed').read_only


def test_start_values_arrive(ros):
    given = {'half_life_s': 9.0, 'turns': 3, 'method': 'linear', 'on': False, 'labels': ['a', 'b']}
    node = ros.add(
        Node, 'n', parameter_overrides=[Parameter(name, value=v) for name, v in given.items()]
    )
    config = bind(node, Config)
    assert config == Config(9.0, 3, 'linear', False, '', ('a', 'b'))


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('half_life_s', 600.0, r'n\.half_life_s'),
        ('half_life_s', float('nan'), r'n\.half_life_s'),
        ('half_life_s', 4, r'n\.half_life_s'),
        ('half_life_s', 'long', r'n\.half_life_s'),
        ('turns', 1, r'n\.turns'),
        ('method', 'guess', r"n\.method: 'guess' is not one of log_linear, linear"),
        ('on', 'yes', r'n\.on'),
        ('device', 0, r'n\.device'),
        ('labels', 'a', r'n\.labels'),
    ],
)
def test_a_bad_start_value_is_refused_by_name(ros, name, value, message):
    node = ros.add(Node, 'n', parameter_overrides=[Parameter(name, value=value)])
    with pytest.raises(ValueError, match=message):
        bind(node, Config)


def test_live_changes_reach_the_callback_and_refused_ones_do_not(ros):
    node, seen = ros.add(Node, 'n'), []
    bind(node, Config, seen.append)
    assert node.set_parameters([Parameter('half_life_s', value=8.0)])[0].successful
    assert seen[-1] == Config(half_life_s=8.0)
    for name, value, reason in (
        ('half_life_s', 600.0, 'half_life_s'),
        ('method', 'guess', 'is not one of log_linear, linear'),
        ('seed', 8, 'read'),
        ('labels', 3, 'labels'),
    ):
        result = node.set_parameters([Parameter(name, value=value)])[0]
        assert not result.successful
        assert reason in result.reason
    assert len(seen) == 1
    assert node.get_parameter('half_life_s').value == 8.0
    assert node.set_parameters([Parameter('labels', value=['x'])])[0].successful
    assert seen[-1].labels == ('x',)


def test_several_changes_at_once_are_all_or_nothing(ros):
    node, seen = ros.add(Node, 'n'), []
    bind(node, Config, seen.append)
    result = node.set_parameters_atomically(
        [Parameter('turns', value=5), Parameter('method', value='guess')]
    )
    assert not result.successful
    assert not seen
    assert node.get_parameter('turns').value == 20


def test_binding_again_after_cleanup_keeps_values_and_calls_back_once(ros):
    node, first, second = ros.add(LifecycleNode, 'n'), [], []
    bind(node, Config, first.append)
    node.set_parameters([Parameter('turns', value=9)])
    assert bind(node, Config, second.append).turns == 9
    node.set_parameters([Parameter('turns', value=10)])
    assert [c.turns for c in first] == [9]
    assert [c.turns for c in second] == [10]


def test_two_dataclasses_share_a_node(ros):
    @dataclass(frozen=True)
    class Other:
        other_s: float = param(1.0, 'Other [s].', lo=0.0, hi=2.0)

    node, a, b = ros.add(Node, 'n'), [], []
    bind(node, Config, a.append)
    bind(node, Other, b.append)
    node.set_parameters([Parameter('other_s', value=2.0), Parameter('turns', value=4)])
    assert a[-1].turns == 4
    assert b[-1].other_s == 2.0
