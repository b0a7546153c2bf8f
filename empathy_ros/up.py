# SPDX-License-Identifier: Apache-2.0
"""`./empathy up`: the whole graph under supervision, live, until Ctrl-C."""

from __future__ import annotations

import argparse
import atexit
from collections.abc import Iterable, Sequence
from pathlib import Path
import tempfile

from empathy_ros import parameters, roster, supervise
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

EXECUTORS = ('single', 'events', 'multi')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `up`, which `demo` shares."""
    parser.add_argument('--namespace', default='empathy', help='ROS namespace of all nodes')
    parser.add_argument('--params-file', type=Path, default=None, help='parameters (YAML)')
    parser.add_argument(
        '--groups', default='split', choices=('split', 'composed'),
        help='one process per group, or one besides the guardian (small machines)',
    )  # fmt: skip
    parser.add_argument('--executor', default='single', choices=EXECUTORS)
    parser.add_argument('--log-level', default='info', help='debug, info, warn or error')
    parser.add_argument(
        '--modalities',
        default='face,voice,text',
        help='of face, voice, text; commas between; or none',
    )
    parser.add_argument(
        '--param', action='append', default=[], metavar='NODE:NAME:=VALUE',
        help='set one parameter, such as camera:source:=0; may be repeated',
    )  # fmt: skip
    parser.add_argument(
        '--policy', type=Path, help='crisis protocol instead of config/policy.yaml'
    )
    parser.add_argument('--no-dashboard', action='store_true', help='leave the window group out')
    parser.add_argument(
        '--no-body', action='store_true', help='a node of yours carries out behaviour/directive'
    )


# Nodes that a modality needs; without it they are not started.
MODALITY_NODES = {
    'face': ('camera', 'face_affect'),
    'voice': ('voice_affect',),
    'text': ('text_affect',),
}
POLICY_NODES = ('crisis_watch', 'caregiver_alert', 'planner')


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


def processes(groups: str, nodes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the nodes of each process, in start order, without empty ones.

    Args:
        groups: 'split' = one process per group; 'composed' = one for all but the guardian, which
            stays by itself because the crisis path must outlive everything else.
        nodes: Names of the nodes wanted.
    """
    if groups == 'split':
        table = {group: roster.members(group) for group in roster.GROUPS}
    else:
        guardian = roster.members('guardian')
        rest = tuple(n for n in roster.members('composed') if n not in guardian)
        table = {'guardian': guardian, 'composed': rest}
    chosen = {group: tuple(n for n in names if n in nodes) for group, names in table.items()}
    return {group: names for group, names in chosen.items() if names}


def ros_arguments(
    namespace: str, params_files: Iterable[Path], params: Iterable[str], log_level: str
) -> list[str]:
    """Return the `--ros-args` part of a group's command line.

    Args:
        namespace: ROS namespace of all nodes.
        params_files: Parameter files; a later one wins.
        params: Settings `NODE:NAME:=VALUE`; they win over the files.
        log_level: Of all loggers.

    Raises:
        BadInput: a setting is not allowed.
    """
    args = ['--ros-args', '-r', f'__ns:=/{namespace.strip("/")}', '--log-level', log_level]
    files = list(params_files)
    settings = list(params)
    if settings:
        files.append(passing_file(parameters.settings_file(settings)))
    for path in files:
        args += ['--params-file', str(path)]
    return args


def passing_file(text: str) -> Path:
    """Write a parameter file that is removed when this program ends, and return its path."""
    with tempfile.NamedTemporaryFile(
        'w', prefix='empathy_', suffix='.yaml', delete=False, encoding='utf-8'
    ) as file:
        file.write(text)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path


def policy_settings(path: Path | None) -> list[str]:
    """Return the settings that give every node this crisis protocol; none for None.

    Raises:
        BadInput: the file does not exist.
    """
    if path is None:
        return []
    if not path.is_file():
        raise BadInput(f'--policy: {path} does not exist')
    return [f'{node}:policy_file:={path.resolve()}' for node in POLICY_NODES]


def commands(args: argparse.Namespace, extra_params: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the command line of every process group.

    Raises:
        BadInput: the parameter file does not exist, or a --param is malformed.
    """
    files = [share('config', 'empathy.yaml')]
    if args.params_file is not None:
        parameters.check_file(args.params_file, args.namespace)
        files.append(args.params_file)
    nodes = wanted_nodes([m for m in args.modalities.split(',') if m not in ('', 'none')])
    for left_out, group in ((args.no_dashboard, 'window'), (args.no_body, 'body')):
        if left_out:
            nodes = tuple(n for n in nodes if n not in roster.members(group))
    settings = [*extra_params, *policy_settings(args.policy), *args.param]
    ros = ros_arguments(args.namespace, files, settings, args.log_level)
    return {
        group: supervise.group_command(
            group, ['--nodes', ','.join(members), '--executor', args.executor, *ros]
        )
        for group, members in processes(args.groups, nodes).items()
    }


def main(args: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    supervisor = supervise.Supervisor(commands(args), supervise.tombstone_command)
    print('empathy is up; Ctrl-C ends it. Nobody is sensed before `./empathy enroll`.')
    return supervise.run(supervisor)
