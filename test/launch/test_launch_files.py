# SPDX-License-Identifier: Apache-2.0
"""The launch files in the real launch system; skipped where it is not installed."""

import os
from pathlib import Path
import shutil
import signal
import subprocess
import time

import pytest

from empathy_ros import launching

try:
    from launch.actions import DeclareLaunchArgument
    from launch.launch_description_sources import get_launch_description_from_python_launch_file
    import launch_ros.actions

    from launch import LaunchContext, LaunchDescription
except ImportError as error:
    pytest.skip(f'launch and launch_ros are not installed: {error}', allow_module_level=True)

FOLDER = Path(__file__).resolve().parents[2] / 'launch'
KINDS = sorted(launching.KINDS)


def description(kind: str) -> LaunchDescription:
    return get_launch_description_from_python_launch_file(str(FOLDER / f'{kind}.launch.py'))


def actions(kind: str, **given: str) -> list:
    """Return the process actions that a launch file makes of these arguments."""
    context = LaunchContext()
    context.launch_configurations.update(given)
    made = []
    for entity in description(kind).entities:
        made += entity.visit(context) or []
    return [action for action in made if isinstance(action, launch_ros.actions.Node)]


def test_every_launch_file_has_its_table_and_the_reverse():
    assert sorted(p.name.removesuffix('.launch.py') for p in FOLDER.glob('*.py')) == KINDS


@pytest.mark.parametrize('kind', KINDS)
def test_arguments_are_declared_with_their_descriptions(kind):
    declared = {
        action.name: action
        for action in description(kind).entities
        if isinstance(action, DeclareLaunchArgument)
    }
    assert list(declared) == [item.name for item in launching.KINDS[kind]]
    for item in launching.KINDS[kind]:
        assert item.description in declared[item.name].description


def test_one_action_per_group():
    assert len(actions('empathy')) == 6
    assert len(actions('empathy', groups='composed')) == 2
    assert len(actions('perception')) == 5


def installed() -> str:
    """Return why `ros2 launch empathy_ros` cannot run here, '' when it can."""
    if shutil.which('ros2') is None:
        return 'the command ros2 is not installed'
    found = subprocess.run(
        ['ros2', 'pkg', 'prefix', 'empathy_ros'], capture_output=True, text=True, check=False
    )
    return '' if found.returncode == 0 else 'empathy_ros is not built and sourced'


@pytest.fixture(scope='module')
def ros2():
    reason = installed()
    if reason:
        pytest.skip(reason)


def group_processes(session: int) -> list[str]:
    """Return the command lines of our groups that were started below process `session`."""
    listed = subprocess.run(
        ['ps', '-ww', '-eo', 'pid,ppid,args'], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()[1:]]
    below = {session}
    for _ in range(4):
        below |= {int(pid) for pid, parent, _ in rows if int(parent) in below}
    return [f'{pid} {args}' for pid, _, args in rows if int(pid) in below and '--group' in args]


def test_ros2_launch_starts_respawns_and_leaves_nothing_behind(ros2, ros):
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(ros.domain_id)}
    command = ['ros2', 'launch', 'empathy_ros', 'empathy.launch.py', 'namespace:=ward/one']
    launched = subprocess.Popen(
        [*command, 'modalities:=none', 'dashboard:=false'], env=environment, start_new_session=True
    )
    from rclpy.node import Node

    probe = ros.add(Node, 'probe')

    def here() -> bool:
        return ('affect_fusion', '/ward/one') in probe.get_node_names_and_namespaces()

    def mind() -> list[str]:
        found = group_processes(launched.pid)
        return [line for line in found if '-m empathy_ros.bridge.run --group mind' in line]

    try:
        ros.until(here, 30)
        before = mind()
        os.kill(int(before[0].split()[0]), signal.SIGKILL)
        ros.until(lambda: mind() and mind() != before, 10)
        left = [int(line.split()[0]) for line in group_processes(launched.pid)]
        start_s = time.monotonic()
        os.killpg(launched.pid, signal.SIGINT)
        launched.wait(10)
        assert time.monotonic() - start_s < 3.0
        assert not [pid for pid in left if Path(f'/proc/{pid}').exists()]
    finally:
        launched.kill()
        launched.wait()


def test_killing_the_launch_system_ends_the_groups_too(ros2, ros):
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(ros.domain_id)}
    command = ['ros2', 'launch', 'empathy_ros', 'perception.launch.py', 'modalities:=none']
    launched = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        ros.until(lambda: len(group_processes(launched.pid)) >= 8, 20)
        started = [int(line.split()[0]) for line in group_processes(launched.pid)]
    finally:
        launched.kill()
        launched.wait()
    ros.until(lambda: not [pid for pid in started if Path(f'/proc/{pid}').exists()], 5)


def test_ros2_launch_shows_the_arguments(ros2):
    shown = subprocess.run(
        ['ros2', 'launch', 'empathy_ros', 'replay.launch.py', '--show-args'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for item in launching.KINDS['replay']:
        assert f"'{item.name}'" in shown.stdout


def test_a_bad_argument_is_named_and_ends_the_launch(ros2):
    done = subprocess.run(
        ['ros2', 'launch', 'empathy_ros', 'replay.launch.py', 'audio:=/no/such.wav'],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode != 0
    assert 'audio: /no/such.wav does not exist' in done.stdout + done.stderr
