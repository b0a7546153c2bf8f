# SPDX-License-Identifier: Apache-2.0
"""Rows of `empathy bench --peers`: ours beside `fer` and `opensmile`, each in its own process.

The peers are installed by the user, in an environment of theirs: they are no dependency of ours.
Both sides get the same pictures and sounds, which are in the repository, run on one thread, and
take turns, round by round, so that a loaded machine slows them alike. Starting and warming up is
not measured; what counts is processor time of all threads of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
import contextlib
from dataclasses import dataclass
import json
import os
from pathlib import Path
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import cv2
import numpy as np

from empathy_ros import paths
from empathy_ros.evaluation import bench_hearing, bench_vision
from empathy_ros.evaluation.common import BadInput

START_LIMIT_S = 180.0
ROUND_LIMIT_S = 120.0
PICTURES = ('london_021_smiling.jpg', 'london_021_neutral.jpg')
# Sides of the square portraits; the faces in them are about two fifths as wide.
PORTRAIT_PX = (440, 320)
ONE_THREAD = {
    **dict.fromkeys(
        ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS',
         'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'), '1',
    ),
    'CUDA_VISIBLE_DEVICES': '-1',
    'TF_CPP_MIN_LOG_LEVEL': '3',
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One comparison.

    Attributes:
        name: Name of the row.
        ours, theirs: Kinds of peer_ours.py and peer_worker.py.
        goal: Greatest ratio of our cost to theirs; None = for information.
        passes: Passes over each file in a round.
    """

    name: str
    ours: str
    theirs: str
    goal: float | None
    passes: int


PAIRS = (
    Pair('face_to_fer', 'face', 'fer', 0.2, 12),
    Pair('face_to_fer_keras', 'face', 'fer_keras', None, 4),
    Pair('voice_to_egemaps', 'voice', 'opensmile', 1.0, 3),
    Pair('voice_with_activity_to_egemaps', 'voice_activity', 'opensmile', 1.0, 3),
)


class Worker:
    """A process that measures one side; see peer_worker.py for the protocol."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        """Start it; `ready` waits for it.

        Raises:
            BadInput: the program cannot be started.
        """
        self.name = name
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self._log,
            )  # fmt: skip
        except OSError as error:
            self._log.close()
            raise BadInput(f'--peers: {command[0]} cannot be started: {error.strerror}') from error
        self._wait = selectors.DefaultSelector()
        self._wait.register(self._out, selectors.EVENT_READ)
        self._rest = b''
        self.head: dict[str, Any] = {}

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def ready(self) -> None:
        """Wait until it is loaded and warm.

        Raises:
            BadInput: the peer cannot be used; the text says how to install it.
        """
        self.head = self._answer(START_LIMIT_S)
        if not self.head.get('found'):
            raise BadInput(f'{self.name} finds nothing in the files of the comparison')

    def cost_ms(self, passes: int) -> float:
        """Return processor milliseconds per picture or second of sound."""
        assert self._process.stdin is not None
        self._process.stdin.write(f'{passes}\n'.encode())
        self._process.stdin.flush()
        spent_s = float(self._answer(ROUND_LIMIT_S)['cpu_s'])
        return 1000.0 * spent_s / (passes * float(self.head['units']))

    def close(self) -> None:
        """End it by the end of its input; kill it if it does not go."""
        pipes: tuple[Any, ...] = (self._process.stdin, self._out)
        for pipe in pipes:
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._wait.close()
        self._log.close()

    def _answer(self, limit_s: float) -> dict[str, Any]:
        end_s = time.monotonic() + limit_s
        while b'\n' not in self._rest:
            left_s = end_s - time.monotonic()
            if left_s <= 0 or not self._wait.select(left_s):
                raise BadInput(f'{self.name} gave no answer within {limit_s:.0f} s')
            part = os.read(self._out.fileno(), 65536)
            if not part:
                raise BadInput(f'{self.name} ended: {self._last_line()}')
            self._rest += part
        line, self._rest = self._rest.split(b'\n', 1)
        try:
            found: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise BadInput(f'{self.name} broke the protocol: {line[:80]!r}') from error
        if 'error' in found:
            raise BadInput(f'{self.name}: {found["error"]}')
        return found

    def _last_line(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode('utf-8', 'replace').strip().splitlines()
        return lines[-1] if lines else 'without a word; is it a Python?'


def write_pictures(folder: Path) -> list[str]:
    """Write frames of 640x480 with one face each, from the portraits of the demo.

    Raises:
        BadInput: a portrait cannot be read.
    """
    files = []
    for name in PICTURES:
        path = paths.share('examples', 'demo', name)
        image = cv2.imread(str(path))
        if image is None:
            raise BadInput(f'{path}: cannot be read; restore it: git checkout -- {path}')
        for side in PORTRAIT_PX:
            small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
            frame = np.full((bench_vision.HEIGHT_PX, bench_vision.WIDTH_PX, 3), 128, np.uint8)
            top, left = (frame.shape[0] - side) // 2, (frame.shape[1] - side) // 2
            frame[top : top + side, left : left + side] = small
            file = folder / f'{path.stem}_{side}.png'
            cv2.imwrite(str(file), frame)
            files.append(str(file))
    return files


def sounds() -> list[str]:
    """Return the three clips of read speech of the demo."""
    names = [f'{bench_hearing.PREFIX}{name}.wav' for name in bench_hearing.CLIPS]
    return [str(paths.share('examples', 'demo', name)) for name in names]


@contextlib.contextmanager
def workers(python: str, kinds: Sequence[Pair]) -> Iterator[dict[str, Worker]]:
    """Start every side once, wait until all are warm, and end them.

    Raises:
        BadInput: a peer is missing or does not answer.
    """
    root = str(Path(__file__).resolve().parents[2])
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        pictures = write_pictures(Path(folder))
        theirs = {k: v for k, v in os.environ.items() if not k.startswith(('PYTHON', 'LD_'))}
        ours = {**os.environ, **ONE_THREAD}
        ours['PYTHONPATH'] = os.pathsep.join(
            part for part in (root, os.environ.get('PYTHONPATH', '')) if part
        )
        started: dict[str, Worker] = {}
        for pair in kinds:
            files = pictures if pair.ours == 'face' else sounds()
            script = str(Path(__file__).with_name('peer_worker.py'))
            commands = (
                (pair.theirs, [python, script, pair.theirs, *files], {**theirs, **ONE_THREAD}),
                (
                    pair.ours,
                    [sys.executable, '-m', 'empathy_ros.evaluation.peer_ours', pair.ours, *files],
                    ours,
                ),
            )
            for name, command, environment in commands:
                if name not in started:
                    started[name] = Worker(name, command, environment)
                    stack.callback(started[name].close)
                    # One after the other: together they would not fit into a small memory.
                    started[name].ready()
        yield started


def run(
    python: str,
    rounds: int,
    timed: Callable[[str, Iterator[float], float], dict[str, Any]],
    pairs: Sequence[Pair] = PAIRS,
) -> dict[str, Any]:
    """Return one row per comparison: the ratio of our cost to theirs and both costs.

    Args:
        python: Python of the environment where the peers are installed.
        rounds: Rounds of each comparison.
        timed: Turns ratios into a row, see bench.timed.
        pairs: What to compare.
    Raises:
        BadInput: a peer is missing or does not answer.
    """
    result: dict[str, Any] = {}
    with workers(python, pairs) as started:
        for pair in pairs:
            one, two = started[pair.ours], started[pair.theirs]
            costs: list[tuple[float, float]] = []

            def ratios(
                one: Worker = one, two: Worker = two, pair: Pair = pair,
                costs: list[tuple[float, float]] = costs,
            ) -> Iterator[float]:  # fmt: skip
                for _ in range(rounds):
                    costs.append((one.cost_ms(pair.passes), two.cost_ms(pair.passes)))
                    yield costs[-1][0] / costs[-1][1]

            row = timed(pair.name, ratios(), pair.goal if pair.goal is not None else 1e9)
            if pair.goal is None:
                row.update(goal=None, met=None)
            ours_ms, theirs_ms = zip(*costs, strict=True)
            result[pair.name] = {
                **row,
                'ours_ms': statistics.median(ours_ms),
                'theirs_ms': statistics.median(theirs_ms),
                'times_less': statistics.median(two / one for one, two in costs),
                'peer': f'{two.head["name"]} {two.head["version"]}',
                'found': {'ours': one.head['found'], 'theirs': two.head['found']},
            }
    return result
