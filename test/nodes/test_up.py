# SPDX-License-Identifier: Apache-2.0
"""Command lines of `up`, and settings that are refused before anything starts."""

import argparse
from pathlib import Path

import pytest
import yaml

pytest.importorskip('rclpy', reason='parameters are read from the node modules')

from empathy_ros import parameters, roster, up
from empathy_ros.evaluation.common import BadInput


def parse(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    up.add_arguments(parser)
    return parser.parse_args(argv)


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def files(command: list[str]) -> list[Path]:
    return [Path(command[i + 1]) for i, part in enumerate(command) if part == '--params-file']


def test_one_process_per_group_in_start_order_with_every_node_once():
    commands = up.commands(parse())
    assert tuple(commands) == roster.GROUPS
    nodes = [n for command in commands.values() for n in option(command, '--nodes').split(',')]
    assert sorted(nodes) == sorted(entry.name for entry in roster.NODES)


def test_the_guardian_keeps_its_own_process_when_the_rest_is_composed():
    commands = up.commands(parse('--groups', 'composed'))
    assert tuple(commands) == ('guardian', 'composed')
    assert set(option(commands['guardian'], '--nodes').split(',')) == set(
        roster.members('guardian')
    )
    assert not set(option(commands['composed'], '--nodes').split(',')) & set(
        roster.members('guardian')
    )


def test_a_modality_left_out_takes_its_nodes_along_but_not_the_hearing_of_words():
    nodes = up.wanted_nodes(['face'])
    assert {'camera', 'face_affect', 'microphone', 'speech_text', 'crisis_watch'} <= set(nodes)
    assert not {'voice_affect', 'text_affect'} & set(nodes)
    assert 'vision' not in up.commands(parse('--modalities', 'voice,text'))


def test_page_and_body_can_be_left_out():
    assert 'window' not in up.commands(parse('--no-dashboard'))
    assert 'body' not in up.commands(parse('--no-body'))


def test_an_unknown_modality_is_named():
    with pytest.raises(BadInput, match='smell is not one of face, voice, text'):
        up.wanted_nodes(['face', 'smell'])


def test_namespace_and_log_level_reach_every_process():
    for command in up.commands(parse('--namespace', '/ward/3/', '--log-level', 'warn')).values():
        assert '__ns:=/ward/3' in command
        assert option(command, '--log-level') == 'warn'


def test_settings_come_last_and_in_a_file_that_holds_in_any_namespace(tmp_path):
    mine = tmp_path / 'mine.yaml'
    mine.write_text('/**:\n  affect_fusion:\n    ros__parameters: {rate_hz: 2.0}\n')
    commands = up.commands(
        parse('--params-file', str(mine), '--param', 'affect_fusion:rate_hz:=4'),
        ['affect_fusion:min_weight:=0.5'],
    )
    default, user, settings = files(commands['mind'])
    assert default.name == 'empathy.yaml'
    assert user == mine
    assert yaml.safe_load(settings.read_text()) == {
        '/**': {'affect_fusion': {'ros__parameters': {'min_weight': 0.5, 'rate_hz': 4.0}}}
    }


@pytest.mark.parametrize(
    ('setting', 'message'),
    [
        ('affect_fusion.rate_hz=4', 'is not NODE:NAME:=VALUE'),
        ('affect_fusion:rate_hz', 'is not NODE:NAME:=VALUE'),
        ('cellar:rate_hz:=4', "no node 'cellar'; nodes: .*affect_fusion"),
        ('affect_fusion:speed:=4', "has no 'speed'; it has: .*rate_hz"),
        ('affect_fusion:rate_hz:=fast', "rate_hz: 'fast' is a str, give a float"),
        ('affect_fusion:rate_hz:=400', 'rate_hz: 400.0 is outside 0.5..30'),
        ('affect_fusion:rate_hz:=.nan', 'is not a finite number'),
        ('affect_fusion:rate_hz:=[', 'affect_fusion:rate_hz'),
    ],
)
def test_a_bad_setting_names_itself_and_the_cure(setting, message):
    with pytest.raises(BadInput, match=message):
        up.commands(parse('--param', setting))


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('affect_fusion:\n  ros__parameters: {rate_hz: 2.0}\n', '"/\\*\\*/affect_fusion:"'),
        ('a: [1\n', 'is not YAML'),
        ('- 1\n', 'has no block of a node'),
    ],
)
def test_a_parameter_file_that_would_be_ignored_is_refused(tmp_path, text, message):
    path = tmp_path / 'mine.yaml'
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        up.commands(parse('--params-file', str(path)))


def test_a_missing_parameter_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r'none\.yaml does not exist'):
        up.commands(parse('--params-file', str(tmp_path / 'none.yaml')))


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (True, 'true'), (3, '3'), (4.0, '4.0'), (1e-7, '1.0e-07'), (1e22, '1.0e+22'),
        ("it's", "'it''s'"), ('0', "'0'"), ('', "''"), (('a', 'b'), "['a', 'b']"),
    ],
)  # fmt: skip
def test_yaml_keeps_type_and_value(value, text):
    assert parameters.yaml_value(value) == text
    back = yaml.safe_load(text)
    assert (tuple(back) if isinstance(value, tuple) else back) == value
    assert isinstance(back, list if isinstance(value, tuple) else type(value))
