# SPDX-License-Identifier: Apache-2.0
"""`./empathy up`: the whole graph under supervision, live, until Ctrl-C."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from empathy_ros import roster, supervise
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

EXECUTORS = ('single', 'events', 'multi')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `up`, which `demo` shares."""
    parser.add_argument('--namespace', default='empathy', help='ROS namespace of all nodes')
    parser.add_argument('--params-file', type=Path, default=None, help='parameters (YAML)')
    parser.add_argument(
        '--groups', default='split', choices=('split', 'composed'),
        help='one process per group, or one for all (small machines)',
    )  # fmt: skip
    parser.add_argument('--executor', default='single', choices=EXECUTORS)
    parser.add_argument('--log-level', default='info', help='debug, info, warn or error')
    parser.add_argument(
        '--modalities', default='face,voice,text', help='of face, voice, text; commas between'
    )
    parser.add_argument(
        '--param', action='append', default=[], metavar='NODE:NAME:=VALUE',
        help='set one parameter, such as camera:source:=0; may be repeated',
    )  # fmt: skip
    parser.add_argument('--no-dashboard', action='store_true', help='leave the window group out')


# Nodes that a modality needs; without it they are not started.
MODALITY_NODES = {
    'face': ('camera', 'face_affect'),
    'voice': ('voice_affect',),
    'text': ('text_affect',),
}
HEARING = ('microphone', 'speech_text')


def wanted_nodes(modalities: Sequence[str]) -> tuple[str, ...]:
    """Return the node names to run for these modalities; guardian, mind and body always run.

    Hearing words stays on without the text modality: stop, opt-out and crisis need it, under their
    own consent.

    Raises:
        BadInput: an unknown modality.
    """
    unknown = sorted(set(modalities) - set(MODALITY_NODES))
    if unknown:
        raise BadInput(f'--modalities: {", ".join(unknown)} is not one of face, voice, text')
    left_out = {
        node for name, nodes in MODALITY_NODES.items() if name not in modalities for node in nodes
    }
    return tuple(entry.name for entry in roster.NODES if entry.name not in left_out)


def ros_arguments(
    namespace: str, params_files: Iterable[Path], params: Iterable[str], log_level: str
) -> list[str]:
    """Return the `--ros-args` part of a group's command line."""
    args = ['--ros-args', '-r', f'__ns:=/{namespace.strip("/")}', '--log-level', log_level]
    for path in params_files:
        args += ['--params-file', str(path)]
    for setting in params:
        args += ['-p', setting]
    return args


def commands(args: argparse.Namespace, extra_params: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the command line of every process group.

    Raises:
        BadInput: the parameter file does not exist, or a --param is malformed.
    """
    files = [share('config', 'empathy.yaml')]
    if args.params_file is not None:
        if not args.params_file.is_file():
            raise BadInput(f'--params-file: {args.params_file} does not exist')
        files.append(args.params_file)
    for setting in args.param:
        if ':=' not in setting:
            raise BadInput(f'--param: {setting!r} is not NODE:NAME:=VALUE')
    nodes = wanted_nodes([m for m in args.modalities.split(',') if m])
    if args.no_dashboard:
        nodes = tuple(n for n in nodes if n not in roster.members('window'))
    ros = ros_arguments(args.namespace, files, [*extra_params, *args.param], args.log_level)
    groups = ('composed',) if args.groups == 'composed' else roster.GROUPS
    result = {}
    for group in groups:
        members = [n for n in roster.members(group) if n in nodes]
        if members:
            extra = ['--nodes', ','.join(members), '--executor', args.executor, *ros]
            result[group] = supervise.group_command(group, extra)
    return result


def main(args: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    supervisor = supervise.Supervisor(commands(args), supervise.tombstone_command)
    print('empathy is up; Ctrl-C ends it. Nobody is sensed before `./empathy enroll`.')
    return supervise.run(supervisor)
