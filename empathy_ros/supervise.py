# SPDX-License-Identifier: Apache-2.0
"""Keep the process groups running: start, respawn with back-off, give up loudly, stop within 3 s.

The one respawn policy of the package: `empathy up` and `empathy demo` supervise all groups here,
and the launch files start one `group` executable per group, which is this module around a single
group.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
import ctypes
from dataclasses import dataclass, field
import os
import signal
import subprocess
import sys
import time

MAX_DEATHS = 5
WINDOW_S = 60.0
# The same command line would be refused again.
WRONG_USAGE = 2
FIRST_BACKOFF_S = 0.5
MAX_BACKOFF_S = 8.0
POLL_S = 0.05
SPARING = {
    'MALLOC_ARENA_MAX': '1',
    'MALLOC_MMAP_THRESHOLD_': '65536',
    'MALLOC_TRIM_THRESHOLD_': '65536',
    'PYTHONNODEBUGRANGES': '1',
}
"""For each process: freed memory goes back at once; the whole graph took 898 MB, not 955."""
# SIGTERM, then SIGKILL to what is left when all have to be down; together under 3 s. The first
# group follows the others, so that the guardian outlives what it guards, and has its own time.
GRACE_S = 2.5
GRACE_FIRST_S = 0.8
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel (Linux) to end this child when its supervisor dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Group:
    """One supervised process.

    Attributes:
        name: Group name.
        command: Command line.
        process: Running process, or None while it waits for its next start.
        deaths_s: Steady times of the latest deaths.
        next_start_s: When to start it again, steady time; inf = never.
        given_up: True after too many deaths; `process` then only reports that.
    """

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths_s: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_DEATHS))
    next_start_s: float = 0.0
    given_up: bool = False


class Supervisor:
    """Starts groups in order and keeps them up until `stop`."""

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        tombstone: Callable[[str], Sequence[str]] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        """Prepare groups without starting them.

        Args:
            commands: Command line per group, in start order.
            tombstone: Command line that publishes the ERROR diagnostic of a group given up, or
            None.
            say: Where to report deaths; stderr by default.
        """
        self.groups = [Group(name, list(command)) for name, command in commands.items()]
        self._tombstone = tombstone
        self._say = say or (lambda text: print(text, file=sys.stderr, flush=True))

    def start(self) -> None:
        """Start every group."""
        for group in self.groups:
            self._spawn(group, group.command)

    def poll(self, now_s: float | None = None) -> None:
        """Notice deaths and start what is due; call it often."""
        now_s = time.monotonic() if now_s is None else now_s
        for group in self.groups:
            if group.process is not None and group.process.poll() is not None:
                self._died(group, now_s)
            if group.process is None and now_s >= group.next_start_s:
                self._spawn(group, group.command)

    def alive(self) -> bool:
        """Return whether any group is running or due to run."""
        return any(not group.given_up for group in self.groups)

    def stop(self) -> None:
        """End all groups, the first started last; nothing is left behind after 2.5 s at most."""
        end_s = time.monotonic() + GRACE_S
        self._end(self.groups[1:], end_s - GRACE_FIRST_S)
        self._end(self.groups[:1], end_s)

    def _end(self, groups: Sequence[Group], end_s: float) -> None:
        running = [group for group in groups if group.process is not None]
        for group in running:
            self._signal(group, signal.SIGTERM)
        for group in running:
            assert group.process is not None
            try:
                group.process.wait(max(0.0, end_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f'{group.name}: did not end by itself, killed')
            self._signal(group, signal.SIGKILL)
            group.process.wait()
            group.process = None

    def _spawn(self, group: Group, command: Sequence[str]) -> None:
        environment = {**SPARING, **os.environ}
        group.process = subprocess.Popen(
            list(command), env=environment, start_new_session=True, preexec_fn=die_with_parent
        )

    def _died(self, group: Group, now_s: float) -> None:
        assert group.process is not None
        code = group.process.returncode
        self._signal(group, signal.SIGKILL)
        group.process = None
        if group.given_up:
            group.next_start_s = float('inf')
            return
        group.deaths_s.append(now_s)
        recent = [t for t in group.deaths_s if now_s - t <= WINDOW_S]
        if code == WRONG_USAGE or len(recent) >= MAX_DEATHS:
            group.given_up, group.next_start_s = True, float('inf')
            deaths = f'{len(recent)} death(s) in {WINDOW_S:g} s, the last with code {code}'
            self._say(f'{group.name}: {deaths}; not started again')
            if self._tombstone is not None:
                self._spawn(group, self._tombstone(group.name))
            return
        wait_s = min(MAX_BACKOFF_S, FIRST_BACKOFF_S * 2 ** (len(recent) - 1))
        group.next_start_s = now_s + wait_s
        self._say(f'{group.name}: ended with code {code}, starts again in {wait_s:g} s')

    @staticmethod
    def _signal(group: Group, number: int) -> None:
        """Signal the whole process group, so that helpers of a child end with it."""
        assert group.process is not None
        try:
            os.killpg(group.process.pid, number)
        except ProcessLookupError:
            return


def group_command(name: str, extra: Sequence[str] = ()) -> list[str]:
    """Return the command line that runs one group in this Python."""
    return [sys.executable, '-m', 'empathy_ros.bridge.run', '--group', name, *extra]


def tombstone_command(name: str) -> list[str]:
    """Return the command line that reports a group given up on /diagnostics."""
    return [sys.executable, '-m', 'empathy_ros.bridge.tombstone', '--group', name]


def run(supervisor: Supervisor, should_end: Callable[[], bool] = lambda: False) -> int:
    """Supervise until SIGINT, SIGTERM or `should_end`; return 1 when nothing is left to run."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    supervisor.start()
    try:
        while not stopping and not should_end() and supervisor.alive():
            supervisor.poll()
            time.sleep(POLL_S)
        # A launch system waits for us: keep reporting the loss instead of vanishing.
        while not stopping and not should_end() and not supervisor.alive():
            time.sleep(POLL_S)
    finally:
        supervisor.stop()
    return 0 if supervisor.alive() else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one group under supervision (the `group` executable of the launch files)."""
    args = list(sys.argv[1:] if argv is None else argv)
    if '--group' not in args or args.index('--group') + 1 >= len(args):
        print('usage: group --group NAME [--executor ...] [--ros-args ...]', file=sys.stderr)
        return 2
    at = args.index('--group')
    name = args[at + 1]
    extra = args[:at] + args[at + 2 :]
    parent = os.getppid()
    supervisor = Supervisor({name: group_command(name, extra)}, tombstone_command)
    # A launch system that was killed can no longer tell us to end.
    return run(supervisor, lambda: os.getppid() != parent)


if __name__ == '__main__':
    sys.exit(main())
