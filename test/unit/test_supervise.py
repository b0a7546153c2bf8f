# SPDX-License-Identifier: Apache-2.0
"""Supervision of real processes: respawn, back-off, giving up, and leaving nothing behind."""

import itertools
import os
from pathlib import Path
import signal
import subprocess
import sys
import time

import pytest

from empathy_ros import supervise
from empathy_ros.supervise import Supervisor

SLEEPER = [sys.executable, '-c', 'import time; time.sleep(60)']
DEAF = [
    sys.executable, '-c',
    'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);'
    'print("deaf", flush=True); time.sleep(60)',
]  # fmt: skip
FAILING = [sys.executable, '-c', 'raise SystemExit(3)']


def wait_for(condition, timeout_s=10.0):
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        if condition():
            return
        time.sleep(0.01)
    pytest.fail('the condition did not come true')


def exists(pid: int) -> bool:
    """Return whether the process runs; a zombie that nobody has collected yet does not."""
    try:
        state = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != 'Z'


def text(path: Path) -> str:
    return path.read_text() if path.exists() else ''


@pytest.fixture
def make():
    """Make supervisors that are stopped at the end of the test."""
    made = []

    def factory(*args, **kwargs):
        made.append(Supervisor(*args, say=lambda _text: None, **kwargs))
        return made[-1]

    yield factory
    for supervisor in made:
        supervisor.stop()


def die_once(supervisor, now_s):
    """Let the running process of the only group end, and notice it at `now_s`."""
    supervisor.groups[0].process.wait(10)
    supervisor.poll(now_s)


def test_stop_ends_everything_within_three_seconds_even_what_ignores_the_signal(make):
    supervisor = make({'a': SLEEPER, 'b': DEAF, 'c': DEAF})
    supervisor.start()
    pids = [group.process.pid for group in supervisor.groups]
    start_s = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - start_s < 3.0
    assert not any(exists(pid) for pid in pids)


def test_the_first_group_is_the_last_to_end(make, tmp_path):
    def noting(name):
        code = (
            'import signal, sys, time, pathlib\n'
            f'log = pathlib.Path({str(tmp_path)!r})\n'
            f'def end(*_):\n    (log / "{name}.ended").write_text(str(time.monotonic_ns()))\n'
            '    sys.exit(0)\n'
            'signal.signal(signal.SIGTERM, end)\n'
            f'(log / "{name}.up").touch()\n'
            'time.sleep(60)\n'
        )
        return [sys.executable, '-c', code]

    supervisor = make({'guardian': noting('guardian'), 'mind': noting('mind')})
    supervisor.start()
    wait_for(lambda: len(list(tmp_path.glob('*.up'))) == 2)
    supervisor.stop()
    ended = {p.stem: int(p.read_text()) for p in tmp_path.glob('*.ended')}
    assert ended['guardian'] > ended['mind']


def test_helpers_of_a_dead_child_end_with_it(make, tmp_path):
    note = tmp_path / 'helper'
    code = (
        'import subprocess, sys, pathlib\n'
        'helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])\n'
        f'pathlib.Path({str(note)!r}).write_text(str(helper.pid))\n'
        'raise SystemExit(1)\n'
    )
    supervisor = make({'a': [sys.executable, '-c', code]})
    supervisor.start()
    die_once(supervisor, 0.0)
    wait_for(lambda: not exists(int(note.read_text())))


def test_a_dead_group_starts_again_after_a_growing_pause(make):
    supervisor = make({'a': FAILING})
    supervisor.start()
    group, now_s = supervisor.groups[0], 0.0
    for pause_s in (0.5, 1.0, 2.0, 4.0):
        die_once(supervisor, now_s)
        assert group.next_start_s - now_s == pytest.approx(pause_s)
        supervisor.poll(now_s + pause_s - 0.01)
        assert group.process is None
        now_s += pause_s
        supervisor.poll(now_s)
        assert group.process is not None


def test_five_deaths_in_a_minute_end_it_and_the_tombstone_speaks(make, tmp_path):
    note = tmp_path / 'tombstone'
    write = 'import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])'
    supervisor = make(
        {'mind': FAILING}, tombstone=lambda name: [sys.executable, '-c', write, str(note), name]
    )
    supervisor.start()
    for number in range(5):
        die_once(supervisor, float(number * 10))
        supervisor.poll(number * 10 + 9.0)
    group = supervisor.groups[0]
    assert group.given_up
    assert not supervisor.alive()
    wait_for(lambda: note.exists() and note.read_text() == 'mind')
    die_once(supervisor, 100.0)
    supervisor.poll(1e6)
    assert group.process is None, 'a dead tombstone is not started again'


def test_wrong_usage_is_not_tried_again(make):
    supervisor = make({'a': [sys.executable, '-c', 'raise SystemExit(2)']})
    supervisor.start()
    die_once(supervisor, 0.0)
    assert supervisor.groups[0].given_up


def test_deaths_far_apart_never_end_it(make):
    supervisor = make({'a': FAILING})
    supervisor.start()
    for number in range(8):
        die_once(supervisor, number * 20.0)
        supervisor.poll(number * 20.0 + 10.0)
    assert supervisor.alive()


def test_children_die_with_a_killed_supervisor(tmp_path):
    note = tmp_path / 'pid'
    code = (
        'import pathlib, sys, time\n'
        'from empathy_ros.supervise import Supervisor\n'
        's = Supervisor({"a": [sys.executable, "-c", "import time; time.sleep(60)"]})\n'
        's.start()\n'
        f'pathlib.Path({str(note)!r}).write_text(str(s.groups[0].process.pid))\n'
        'time.sleep(60)\n'
    )
    process = subprocess.Popen([sys.executable, '-c', code])
    try:
        wait_for(lambda: note.exists() and note.read_text())
        child = int(note.read_text())
        process.kill()
        process.wait(5)
        wait_for(lambda: not exists(child))
    finally:
        process.kill()


def test_a_group_ends_when_the_launch_system_above_it_is_killed(tmp_path):
    note = tmp_path / 'pid'
    code = (
        'import pathlib, subprocess, sys, time\n'
        'group = [sys.executable, "-m", "empathy_ros.supervise", "--group", "no_such_group"]\n'
        f'started = subprocess.Popen(group, stderr=open({str(tmp_path / "log")!r}, "w"))\n'
        f'pathlib.Path({str(note)!r}).write_text(str(started.pid))\n'
        'time.sleep(60)\n'
    )
    above = subprocess.Popen([sys.executable, '-c', code])
    try:
        wait_for(lambda: 'not started again' in text(tmp_path / 'log'))
        group = int(note.read_text())
        assert exists(group)
        above.kill()
        above.wait(5)
        wait_for(lambda: not exists(group))
    finally:
        above.kill()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_run_ends_on_signals_with_code_0(number, tmp_path):
    note = tmp_path / 'up'
    code = (
        'import pathlib, sys\n'
        'from empathy_ros import supervise\n'
        'work = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"\n'
        f's = supervise.Supervisor({{"a": [sys.executable, "-c", work, {str(note)!r}]}})\n'
        'sys.exit(supervise.run(s))\n'
    )
    process = subprocess.Popen([sys.executable, '-c', code], start_new_session=True)
    try:
        wait_for(note.exists)
        os.kill(process.pid, number)
        assert process.wait(3) == 0
    finally:
        process.kill()


def test_run_returns_when_told_to_and_says_when_all_is_lost(make):
    calls = itertools.count()
    assert supervise.run(make({'a': SLEEPER}), lambda: next(calls) > 2) == 0
    lost = make({'a': FAILING})
    lost.groups[0].given_up = True
    lost.groups[0].next_start_s = float('inf')
    assert supervise.run(lost, lambda: True) == 1


def test_main_without_a_group_shows_the_usage(capsys):
    assert supervise.main(['--executor', 'single']) == 2
    assert 'usage: group --group NAME' in capsys.readouterr().err
