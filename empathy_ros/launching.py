# SPDX-License-Identifier: Apache-2.0
"""The launch files as tables: arguments, and from their values the processes to start.

`plan` is pure and runs without ROS; only `describe` needs the packages `launch` and `launch_ros`.
It uses what they have had since Humble. Every process is the `group` executable, which respawns
its nodes by the one policy in supervise.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from empathy_ros import parameters, roster, up
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

PERCEPTION = (
    *roster.members('guardian'),
    *roster.members('vision'),
    *roster.members('hearing'),
    'affect_fusion',
    'dashboard',
)


@dataclass(frozen=True)
class Argument:
    """One launch argument; no choices = any text."""

    name: str
    default: str
    description: str
    choices: tuple[str, ...] = ()


ARGUMENTS = (
    Argument('namespace', 'empathy', 'of all nodes; / = root; joins a pushed namespace'),
    Argument('params_file', '', 'your parameters (YAML); they win over config/empathy.yaml'),
    Argument(
        'use_sim_time', 'false', 'stamps follow /clock (simulation, bags)', ('true', 'false')
    ),
    Argument(
        'groups',
        'split',
        'split = one process per group; composed = one besides the guardian',
        ('split', 'composed'),
    ),
    Argument('modalities', 'face,voice,text', 'of face, voice, text; commas between; or none'),
    Argument('image_topic', '', 'take pictures from this topic instead of opening the camera'),
    Argument('audio_topic', '', 'take sound from this topic instead of opening the microphone'),
    Argument('provider', '', 'where models run, as in config/empathy.yaml; empty = as configured'),
    Argument(
        'autostart',
        'true',
        'configure and activate lifecycle nodes; it opens no sensor without consent',
        ('true', 'false'),
    ),
    Argument('executor', 'single', 'rclpy executor of every process', up.EXECUTORS),
    Argument('log_level', 'info', 'of all nodes', ('debug', 'info', 'warn', 'error', 'fatal')),
    Argument(
        'body',
        'true',
        'speak and move ourselves; false = a node of yours carries out behaviour/directive',
        ('true', 'false'),
    ),
    Argument('dashboard', 'true', 'serve the local read-only page', ('true', 'false')),
)
REPLAY = (
    Argument('video', '', 'video file or picture folder for the camera node; empty = no camera'),
    Argument('audio', '', 'sound file for the microphone node; empty = no microphone'),
)
KINDS = {
    'empathy': ARGUMENTS,
    'perception': ARGUMENTS,
    'replay': (*REPLAY, *(a for a in ARGUMENTS if a.name not in ('image_topic', 'audio_topic'))),
}


@dataclass(frozen=True)
class Process:
    """One `group` process.

    Attributes:
        group: Group name.
        arguments: For the executable.
        files: Parameter files, a later one wins.
        ros_arguments: Further `--ros-args`.
        remappings: Topic names, from and to.
    """

    group: str
    arguments: tuple[str, ...]
    files: tuple[Path, ...] = ()
    ros_arguments: tuple[str, ...] = ()
    remappings: tuple[tuple[str, str], ...] = field(default=())


def nodes(kind: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the nodes to run.

    Raises:
        BadInput: an unknown modality, or a replay of nothing.
    """
    modalities = [m.strip() for m in values['modalities'].split(',')]
    names = up.wanted_nodes([m for m in modalities if m not in ('', 'none')])
    left_out: set[str] = set()
    if kind == 'perception':
        left_out |= set(names) - set(PERCEPTION)
    for argument, group in (('dashboard', 'window'), ('body', 'body')):
        if values[argument] == 'false':
            left_out |= set(roster.members(group))
    if kind == 'replay' and not (values['video'] or values['audio']):
        raise BadInput('replay: give video:=FILE, audio:=FILE or both')
    if values.get('image_topic') or (kind == 'replay' and not values['video']):
        left_out.add('camera')
    if values.get('audio_topic') or (kind == 'replay' and not values['audio']):
        left_out.add('microphone')
    return tuple(name for name in names if name not in left_out)


def remappings(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the remappings of the sensor topics that somebody else publishes."""
    image, audio = values.get('image_topic', ''), values.get('audio_topic', '')
    pairs = []
    if image:
        beside = image.rsplit('/', 1)[0]
        pairs = [
            ('image', image),
            ('image/compressed', f'{image}/compressed'),
            ('camera_info', f'{beside}/camera_info' if beside else '/camera_info'),
        ]
    return (*pairs, ('audio', audio)) if audio else tuple(pairs)


def settings(kind: str, values: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    """Return the `NODE:NAME:=VALUE` settings that the arguments stand for.

    Raises:
        BadInput: a file to replay does not exist.
    """
    found = []
    if values['provider']:
        found += [
            f'{node}:provider:={values["provider"]}'
            for node, items in parameters.blocks().items()
            if 'provider' in items and node in names
        ]
    if kind == 'replay':
        for argument, node in (('video', 'camera'), ('audio', 'microphone')):
            path = values[argument]
            if path and not Path(path).exists():
                raise BadInput(f'{argument}: {path} does not exist')
            if path and node in names:
                found.append(f'{node}:source:={Path(path).resolve()}')
    return found


def plan(kind: str, values: Mapping[str, str]) -> list[Process]:
    """Return the processes of a launch file in start order.

    Args:
        kind: 'empathy', 'perception' or 'replay'.
        values: Value of every argument of `KINDS[kind]`.

    Raises:
        BadInput: a value cannot be used; the text names argument and cure.
    """
    names = nodes(kind, values)
    files = [share('config', 'empathy.yaml')]
    if values['params_file']:
        user = Path(values['params_file']).expanduser()
        parameters.check_file(user, values['namespace'])
        files.append(user)
    chosen = settings(kind, values, names)
    if chosen:
        files.append(up.passing_file(parameters.settings_file(chosen)))
    ros = ('--log-level', values['log_level'])
    if values['use_sim_time'] == 'true':
        ros = (*ros, '-p', 'use_sim_time:=true')
    fixed = ('--executor', values['executor'], '--autostart', values['autostart'])
    return [
        Process(
            group,
            ('--group', group, '--nodes', ','.join(members), *fixed),
            tuple(files),
            ros,
            remappings(values),
        )
        for group, members in up.processes(values['groups'], names).items()
    ]


def describe(kind: str) -> Any:
    """Return the launch description of one kind."""
    from launch.actions import DeclareLaunchArgument, OpaqueFunction

    from launch import LaunchDescription

    declared = [
        DeclareLaunchArgument(
            item.name,
            default_value=item.default,
            description=item.description,
            choices=list(item.choices) or None,
        )
        for item in KINDS[kind]
    ]
    return LaunchDescription([*declared, OpaqueFunction(function=_actions, args=[kind])])


def _actions(context: Any, kind: str) -> list[Any]:
    from launch.substitutions import LaunchConfiguration
    from launch_ros.actions import Node

    values = {item.name: LaunchConfiguration(item.name).perform(context) for item in KINDS[kind]}
    return [
        Node(
            package='empathy_ros',
            executable='group',
            exec_name=f'empathy_{process.group}',
            namespace=values['namespace'] or None,
            arguments=list(process.arguments),
            parameters=[str(path) for path in process.files],
            ros_arguments=list(process.ros_arguments),
            remappings=list(process.remappings),
            output='screen',
            # The group ends its own processes within 3 s; these are for a supervisor that hangs.
            sigterm_timeout='4',
            sigkill_timeout='2',
        )
        for process in plan(kind, values)
    ]
