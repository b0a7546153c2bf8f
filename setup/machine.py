# SPDX-License-Identifier: Apache-2.0
"""What set-up asks of the machine: system packages, Python packages, ROS 2, running commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
import ctypes.util
from dataclasses import dataclass
from importlib import metadata
import importlib.util
import os
from pathlib import Path
import platform
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / '.empathy'
INTERFACES = 'empathy_interfaces'
NETWORK_CURE = 'check the network connection and run ./empathy setup again'
# Where the wheels' exported CMake files look for Python and NumPy: on the machine that built them.
FOREIGN_PREFIX = re.compile(
    r'/opt/python/cp\d+-cp\d+/(include/python3\.\d+|[^";]*/numpy/_?core/include)'
)


class SetupError(Exception):
    """Set-up cannot go on; the text names the thing and the cure."""

    def __init__(self, text: str, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Place:
    """Where things lie: ROS 2 from wheels, or a ROS 2 installation that is sourced."""

    distro: str

    @property
    def base(self) -> Path:
        """Folder of the environment and the interfaces; one for each ROS 2 that is used."""
        return HOME / self.distro if self.distro else HOME

    @property
    def venv(self) -> Path:
        """Virtual environment."""
        return self.base / 'venv'

    @property
    def python(self) -> Path:
        """Python of the virtual environment."""
        return self.venv / 'bin' / 'python'

    @property
    def prefix(self) -> Path:
        """Where the interfaces are installed."""
        return self.base / 'install' / INTERFACES

    def requirements(self) -> list[Path]:
        """Return the pinned package lists of this environment."""
        if not self.distro:
            return [ROOT / 'setup' / 'requirements.txt', ROOT / 'setup' / 'ros.txt']
        name = 'requirements-numpy1.txt' if system_numpy_is_1() else 'requirements.txt'
        return [ROOT / 'setup' / name]


class Steps:
    """Shows the progress of the set-up and keeps its log."""

    def __init__(self, log: Path, cwd: Path, total: int, lock_fd: int) -> None:
        """Start a new log.

        Args:
            log: File for the output of all commands.
            cwd: Folder in which the commands run.
            total: Number of steps.
            lock_fd: The set-up lock. Commands inherit it: if this process is killed, the next
                start waits for the command that goes on alone.
        """
        self._log = log
        self._cwd = cwd
        self._total = total
        self._lock_fd = lock_fd
        self._number = 0
        self._title = ''
        self._started_s = 0.0
        log.write_text('')

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Count and time one step; it counts as done only when nothing is raised."""
        self._number += 1
        self._title = f'[{self._number}/{self._total}] {title}'
        self._started_s = time.monotonic()
        self.say(f'{self._title} ...')
        yield
        self.say(f'{self._title}: done in {time.monotonic() - self._started_s:.0f} s')

    def say(self, text: str) -> None:
        """Tell the user, on stderr."""
        print(text, file=sys.stderr, flush=True)

    def run(self, command: Sequence[str], *, env: Mapping[str, str], cure: str) -> None:
        """Run a command with its output in the log; SetupError with the log's tail if it fails."""
        with self._log.open('ab') as log:
            log.write(f'\n=== {self._title}: {" ".join(command)}\n'.encode())
            log.flush()
            start = log.tell()
            process = subprocess.Popen(
                command,
                cwd=self._cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(self._lock_fd,),
            )
            try:
                self._watch(process)
            except BaseException:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
                raise
        if process.returncode:
            with self._log.open('rb') as log:
                log.seek(start)
                tail = log.read().decode(errors='replace').strip().split('\n')[-15:]
            raise SetupError(
                f'{self._title} failed: {" ".join(command[:4])} ... ended with '
                f'{process.returncode}:\n  ' + '\n  '.join(tail) + f'\nCure: {cure}.\n'
                f'The whole log: {self._log}'
            )

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the end; on a terminal, show that time passes."""
        while True:
            try:
                process.wait(timeout=1.0)
                break
            except subprocess.TimeoutExpired:
                if sys.stderr.isatty():
                    passed_s = time.monotonic() - self._started_s
                    print(f'\r{self._title} ... {passed_s:.0f} s ', end='', file=sys.stderr)
        if sys.stderr.isatty():
            print('\r', end='', file=sys.stderr)


def sourced_distro() -> str:
    """Return the name of the ROS 2 installation that is sourced, '' for none."""
    distro = os.environ.get('ROS_DISTRO', '')
    return distro if distro and importlib.util.find_spec('rclpy') else ''


def check_platform(distro: str) -> None:
    """Raise SetupError where neither a ROS 2 installation nor the wheels can be used."""
    if distro or (sys.platform == 'linux' and platform.machine() == 'x86_64'):
        return
    present = sorted(Path('/opt/ros').glob('*/setup.bash'))
    cure = f'source {present[-1]}' if present else 'install ROS 2 and source its setup.bash'
    raise SetupError(
        f'ROS 2 wheels exist for Linux on x86-64 only, this is {sys.platform} on '
        f'{platform.machine()}: {cure}, then run ./empathy again',
        exit_code=3,
    )


def base_python() -> Path:
    """Return the Python outside any virtual environment that runs this."""
    name = f'python{sys.version_info[0]}.{sys.version_info[1]}'
    python = Path(sys.base_prefix) / 'bin' / name
    return python if python.exists() else Path(sys.executable)


def missing_packages(distro: str) -> list[str]:
    """Return the Debian packages that are needed and not there."""
    python = f'python{sys.version_info[0]}.{sys.version_info[1]}'
    include = sysconfig.get_config_var('INCLUDEPY') or sysconfig.get_paths()['include']
    needed = {
        'cmake': shutil.which('cmake'),
        'g++': shutil.which('c++') or shutil.which('g++'),
        'make': shutil.which('make'),
        'flite': shutil.which('flite') or shutil.which('espeak-ng'),
        'libportaudio2': ctypes.util.find_library('portaudio'),
        f'{python}-venv': importlib.util.find_spec('ensurepip'),
        f'{python}-dev': (Path(include) / 'Python.h').is_file(),
    }
    if distro:
        needed['python3-colcon-common-extensions'] = shutil.which('colcon')
    return [name for name, found in needed.items() if not found]


def system_packages(steps: Steps, place: Place) -> None:
    """Install the missing system packages, or say which command does it (exit code 3)."""
    missing = missing_packages(place.distro)
    if not missing:
        return
    install = ['apt-get', 'install', '-y', '--no-install-recommends', *missing]
    by_hand = f'sudo apt-get update && sudo {" ".join(install)}'
    own_python = [name for name in missing if name.startswith('python3.')]
    if own_python and sys.base_prefix != '/usr':
        raise SetupError(
            f'{base_python()} lacks its headers or ensurepip; use the one of the system: '
            'EMPATHY_PYTHON=/usr/bin/python3 ./empathy setup',
            exit_code=3,
        )
    sudo = _sudo()
    if sudo is None or not shutil.which('apt-get'):
        raise SetupError(
            f'system packages are missing: {", ".join(missing)} (names of Debian and Ubuntu). '
            f'Install them and run ./empathy again:\n  {by_hand}',
            exit_code=3,
        )
    steps.say(f'      installing {", ".join(missing)}')
    apt = [
        *sudo,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        '-o',
        'DPkg::Lock::Timeout=300',
    ]
    cure = f'repair the package system, or install them by hand: {by_hand}'
    steps.run([*apt, 'update'], env=os.environ, cure=cure)
    steps.run([*apt, *install[1:]], env=os.environ, cure=cure)
    missing = missing_packages(place.distro)
    if missing:
        raise SetupError(f'apt-get installed {", ".join(missing)}, yet they are not found', 3)


def _sudo() -> list[str] | None:
    """Return what makes a command run as root without a question; None if nothing does."""
    if os.geteuid() == 0:
        return []
    if not shutil.which('sudo'):
        return None
    allowed = subprocess.run(['sudo', '-n', 'true'], capture_output=True, check=False)
    return ['sudo', '-n'] if allowed.returncode == 0 else None


def python_packages(steps: Steps, place: Place) -> None:
    """Make the virtual environment anew: a half-made one is never trusted."""
    shutil.rmtree(place.venv, ignore_errors=True)
    place.venv.parent.mkdir(parents=True, exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name != 'PYTHONHOME'}
    env['_ROS_WHEELS_BOOTSTRAP_COMPLETE'] = '1'
    command = [str(base_python()), '-m', 'venv', str(place.venv)]
    steps.run(
        [*command, *(['--system-site-packages'] if place.distro else [])],
        env=env,
        cure='remove the folder .empathy and run ./empathy setup again',
    )
    if not place.distro:
        env.pop('PYTHONPATH', None)
    command = [str(place.python), '-m', 'pip', 'install', '--no-input', '--no-deps']
    command += ['--disable-pip-version-check', '--progress-bar', 'off']
    for file in place.requirements():
        command += ['-r', str(file)]
    steps.run(command, env=env, cure=NETWORK_CURE)
    if not place.distro:
        adopt_cmake_files(place.venv)


def adopt_cmake_files(venv: Path) -> int:
    """Point the wheels' CMake files to this machine's Python and NumPy; return how many."""
    include = sysconfig.get_config_var('INCLUDEPY')
    numpy_include = next(site_packages(venv).glob('numpy/_core/include'))
    changed = 0
    for file in (venv / 'share').rglob('*.cmake'):
        text = file.read_text(encoding='utf-8')
        ours = FOREIGN_PREFIX.sub(
            lambda found: str(numpy_include if 'numpy' in found[1] else include), text
        )
        if ours != text:
            file.write_text(ours, encoding='utf-8')
            changed += 1
    return changed


def site_packages(venv: Path) -> Path:
    """Return the folder of the environment's packages."""
    return venv / 'lib' / f'python{sys.version_info[0]}.{sys.version_info[1]}' / 'site-packages'


def package_folder(prefix: Path, package: str) -> Path | None:
    """Return the folder for PYTHONPATH below an install prefix; Debian has its own layout."""
    found = sorted(prefix.glob(f'**/python3*/*-packages/{package}/__init__.py'))
    return found[0].parents[1] if found else None


def system_numpy_is_1() -> bool:
    """Return whether the ROS 2 installation was built for NumPy 1, which then has to stay."""
    try:
        return metadata.version('numpy').startswith('1.')
    except metadata.PackageNotFoundError:
        return False


def rosidl_version() -> str:
    """Return what says which message generator the ROS 2 installation has."""
    for prefix in os.environ.get('AMENT_PREFIX_PATH', '').split(':'):
        package = Path(prefix) / 'share' / 'rosidl_generator_py' / 'package.xml'
        if prefix and package.is_file():
            return package.read_text(encoding='utf-8')
    return ''
