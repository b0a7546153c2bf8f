# SPDX-License-Identifier: Apache-2.0
"""Sets this machine up for ./empathy, then hands over to the command line of the package.

Standard library only; runs on any Python from 3.10 to 3.13. All that it makes lies in `.empathy`
in the repository root. Each step leaves a stamp with a hash of all that it depends on, written
only after success, so that a later start does nothing, and an interrupted one is taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
import fcntl
import hashlib
import os
from pathlib import Path
import shutil
import sys

import machine
from machine import HOME, INTERFACES, Place, ROOT, SetupError, Steps

RECIPE = 1  # raise it when a step below makes something else than before: all do it anew then
HELP = """usage: ./empathy COMMAND [OPTIONS]

  ./empathy demo      the whole graph on a real video and real speech
  ./empathy test      every test, lint and type check
  ./empathy setup     set up this machine, or check and repair it; any other command does so too
  ./empathy python    the Python of the set-up environment, for developers

This machine is not set up yet: the first command does it (some minutes, about 400 MB to
download), and ./empathy --help lists every command afterwards.
"""


def content_key(*parts: str | Path) -> str:
    """Return one hash of texts and of the files (or all files of the folders) given."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b'\0')
            continue
        for file in sorted(part.rglob('*')) if part.is_dir() else [part]:
            if file.is_file() and '__pycache__' not in file.parts:
                digest.update(f'{file.relative_to(ROOT)}\0'.encode() + file.read_bytes() + b'\0')
    return digest.hexdigest()


@dataclass(frozen=True)
class Step:
    """One part of the set-up; done when its stamp is there."""

    title: str
    folder: Path  # where its results lie, and its stamp: who deletes the one deletes the other
    key: str  # hash of all that the result depends on
    action: Callable[[Steps], None]

    @property
    def stamp(self) -> Path:
        """File that says that the step was done."""
        return self.folder / f'.done-{self.key[:32]}'


def steps_of(place: Place) -> list[Step]:
    """Return the set-up steps in order."""
    python = f'{sys.version_info[0]}.{sys.version_info[1]} {sys.base_prefix} {place.distro}'
    machine_key = content_key(f'{RECIPE} {python} {ROOT}')
    packages = content_key(machine_key, *place.requirements())
    rosidl = machine.rosidl_version() if place.distro else ''
    interfaces = content_key(packages, rosidl, ROOT / INTERFACES)
    models = content_key(str(RECIPE), ROOT / 'models' / 'manifest.yaml')
    return [
        Step(
            'system packages',
            HOME / 'log',
            machine_key,
            lambda steps: machine.system_packages(steps, place),
        ),
        Step(
            'Python packages',
            place.venv,
            packages,
            lambda steps: machine.python_packages(steps, place),
        ),
        Step(
            'ROS 2 interfaces',
            place.base / 'install',
            interfaces,
            lambda steps: build_interfaces(steps, place),
        ),
        Step('models', HOME / 'models', models, lambda steps: fetch_models(steps, place)),
    ]


def build_interfaces(steps: Steps, place: Place) -> None:
    """Build the messages, services and actions with colcon."""
    for name in ('build', 'install'):
        shutil.rmtree(place.base / name, ignore_errors=True)
    command = ['colcon', '--log-base', str(HOME / 'log' / 'colcon'), 'build']
    command += ['--base-paths', INTERFACES, '--packages-select', INTERFACES]
    command += ['--build-base', str(place.base / 'build')]
    command += ['--install-base', str(place.base / 'install')]
    command += ['--event-handlers', 'console_direct+', '--cmake-args', '-DBUILD_TESTING=OFF']
    env = dict(os.environ)
    if not place.distro:
        # Nobody waits for these messages to be converted, but everybody for the compiler.
        command += ['-DEMPATHY_PYTHON_ONLY=ON', '-DCMAKE_C_FLAGS=-O0', '-DCMAKE_CXX_FLAGS=-O0']
        env = environment(place)
    cure = 'run ./empathy setup again; if it fails again, the log says which interface is wrong'
    steps.run(command, env=env, cure=cure)
    check = f'import rclpy, {INTERFACES}.msg, {INTERFACES}.srv, {INTERFACES}.action'
    steps.run([str(place.python), '-c', check], env=environment(place), cure=cure)


def fetch_models(steps: Steps, place: Place) -> None:
    """Fetch, convert and check the models of the manifest."""
    for left_over in (HOME / 'models').glob('.fetch-*'):
        shutil.rmtree(left_over, ignore_errors=True)
    command = [str(place.python), '-m', 'empathy_ros.models_fetch']
    steps.run(command, env=environment(place), cure=machine.NETWORK_CURE)


def environment(place: Place) -> dict[str, str]:
    """Return the environment in which every process of the package runs."""
    env = dict(os.environ)
    own_site = machine.package_folder(place.prefix, INTERFACES)
    own = [str(ROOT), *([str(own_site)] if own_site else [])]
    env['VIRTUAL_ENV'] = str(place.venv)
    env['EMPATHY_MODELS'] = env.get('EMPATHY_MODELS') or str(HOME / 'models')
    if place.distro:
        front = {'PYTHONPATH': own, 'LD_LIBRARY_PATH': [str(place.prefix / 'lib')]}
        front['AMENT_PREFIX_PATH'] = [str(place.prefix)]
    else:
        site = machine.site_packages(place.venv)
        libraries = [place.prefix / 'lib', place.venv / 'lib', *sorted(site.glob('ros_*.libs'))]
        # Only what belongs to the wheels: another ROS 2 in these paths would break them.
        for name in ('PYTHONPATH', 'AMENT_PREFIX_PATH', 'CMAKE_PREFIX_PATH', 'COLCON_PREFIX_PATH'):
            env.pop(name, None)
        front = {
            'PYTHONPATH': own,
            'LD_LIBRARY_PATH': [str(folder) for folder in libraries],
            'AMENT_PREFIX_PATH': [str(place.prefix), str(place.venv)],
            'CMAKE_PREFIX_PATH': [str(place.prefix), str(place.venv)],
        }
        env['RMW_IMPLEMENTATION'] = 'rmw_fastrtps_cpp'  # the only one in the wheels
        # Without it, each start of Python sets LD_LIBRARY_PATH and starts itself anew.
        env['_ROS_WHEELS_BOOTSTRAP_COMPLETE'] = '1'
    front['PATH'] = [str(place.venv / 'bin')]
    for name, entries in front.items():
        env[name] = _in_front(entries, env.get(name, ''))
    # Nothing about a home leaves it: ONNX Runtime reports its use to its maker otherwise, and the
    # speech library may look for models on the network.
    for name in ('ORT_DISABLE_TELEMETRY', 'HF_HUB_OFFLINE', 'HF_HUB_DISABLE_TELEMETRY'):
        env.setdefault(name, '1')
    env.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    env.setdefault('OMP_NUM_THREADS', '1')
    return env


def _in_front(entries: Iterable[str], present: str) -> str:
    parts = [*entries, *present.split(':')]
    return ':'.join(dict.fromkeys(part for part in parts if part))


def unfinished(place: Place) -> list[Step]:
    """Return the steps that are not done, or were done for other contents."""
    return [step for step in steps_of(place) if not step.stamp.is_file()]


def set_up(place: Place, check_models: bool = False) -> None:
    """Do the steps that are not done yet; only one process at a time does."""
    machine.check_platform(place.distro)
    (HOME / 'log').mkdir(parents=True, exist_ok=True)
    (HOME / 'COLCON_IGNORE').touch()
    with (HOME / 'lock').open('w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print('another ./empathy is setting up; waiting for it', file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = unfinished(place)
        models = steps_of(place)[-1]
        if check_models and models.stamp.is_file():
            waiting.append(models)
        steps = Steps(HOME / 'log' / 'setup.log', ROOT, len(waiting), lock.fileno())
        for step in waiting:
            for stamp in step.folder.glob('.done-*'):
                stamp.unlink()
            with steps.step(step.title):
                step.action(steps)
                step.folder.mkdir(parents=True, exist_ok=True)
                step.stamp.touch()


def main(argv: list[str]) -> int:
    """Set up if needed, then become the command line of the package; exit codes as there.

    3 = a system package or ROS 2 is missing that this script may not or cannot install.
    """
    place = Place(machine.sourced_distro())
    command = argv[0] if argv else '--help'
    try:
        if command == 'setup':
            if argv[1:]:
                print('usage: ./empathy setup', file=sys.stderr)
                return 0 if argv[1] in ('-h', '--help') else 2
            set_up(place, check_models=True)
            return 0
        if unfinished(place):
            if command in ('-h', '--help', '--version'):
                print(HELP, end='')
                return 0
            set_up(place)
    except SetupError as error:
        print(f'empathy: {error}', file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(
            f'empathy: set-up cannot go on: {error.filename or HOME}: {error.strerror}; until '
            f'this machine is set up, who starts ./empathy has to own {ROOT}',
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print('\nempathy: set-up interrupted; the next start goes on from here', file=sys.stderr)
        return 130
    arguments = argv[1:] if command == 'python' else ['-m', 'empathy_ros.cli', *argv]
    sys.stdout.flush()
    os.execve(place.python, [str(place.python), *arguments], environment(place))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
