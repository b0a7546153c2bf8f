# SPDX-License-Identifier: Apache-2.0
"""`./empathy bench`: speed as ratios of two processor times in one run, answer time and memory.

A round counts only if the load average is at most the number of cores before and after it; on a
busy machine it is marked invalid, neither met nor missed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
import json
import math
import os
import statistics
import subprocess
import sys
from typing import Any

from empathy_ros.evaluation import bench_hearing, bench_peers, bench_vision
from empathy_ros.evaluation.common import BadInput

ANSWER_GOAL_S = 1.5
MEMORY_GOAL_MB = 900.0
GRAPH_LIMIT_S = 240.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `bench`."""
    parser.add_argument('--rounds', type=int, default=5, help='rounds of each ratio (default 5)')
    parser.add_argument('--no-graph', action='store_true', help='leave the whole graph out')
    parser.add_argument(
        '--peers', metavar='PYTHON', default='',
        help='also measure fer and opensmile, installed in the environment of this Python',
    )  # fmt: skip
    parser.add_argument('--json', action='store_true', help='one JSON object on stdout')


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def quiet() -> bool:
    """Return whether the load average of the last minute is at most the number of cores."""
    return os.getloadavg()[0] <= (os.cpu_count() or 1)


def timed(name: str, ratios: Iterable[float], goal: float) -> dict[str, Any]:
    """Return a row from ratios that come one by one, each judged valid by the load around it."""
    rounds, valid = [], []
    before = quiet()
    for ratio in ratios:
        after = quiet()
        rounds.append(ratio)
        valid.append(before and after)
        load = os.getloadavg()[0]
        mark = '' if valid[-1] else '  invalid: the machine is busy'
        _say(f'{name}: round {len(rounds)}: {ratio:.2f}, load {load:.1f}{mark}')
        before = after
    return row(rounds, valid, goal)


def row(rounds: list[float], valid: list[bool], goal: float) -> dict[str, Any]:
    """Return median, rounds, validity and whether the goal is met, None = not known."""
    median = statistics.median(rounds) if rounds else math.nan
    counted = [value for value, good in zip(rounds, valid, strict=True) if good]
    met = statistics.median(counted) <= goal if counted else None
    return {
        'median': median, 'rounds': rounds, 'valid_rounds': valid, 'valid': bool(counted),
        'goal': goal, 'met': met,
    }  # fmt: skip


def graph() -> dict[str, Any]:
    """Return answer time and memory of the whole graph, measured in a process of its own.

    Raises:
        BadInput: the graph did not run; the text is its last line.
    """
    before = quiet()
    done = subprocess.run(
        [sys.executable, '-m', 'empathy_ros.demo.measure'],
        capture_output=True, text=True, timeout=GRAPH_LIMIT_S, check=False,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        last = (done.stderr.strip().splitlines() or lines or ['no output'])[-1]
        raise BadInput(f'the graph could not be measured: {last}; try `./empathy doctor`')
    found = json.loads(lines[-1])
    good = before and quiet()
    total_mb = sum(found['rss_mb'].values())
    _say(f'answer: {len(found["answer_s"])} answers, memory {total_mb:.0f} MB')
    return {
        'answer_s': row(found['answer_s'], [good] * len(found['answer_s']), ANSWER_GOAL_S),
        'memory_mb': {
            'total': total_mb, 'groups': found['rss_mb'], 'goal': MEMORY_GOAL_MB,
            'met': total_mb <= MEMORY_GOAL_MB,
        },
    }  # fmt: skip


def run(rounds: int, with_graph: bool, peers: str = '') -> dict[str, Any]:
    """Return all rows; see docs/figures.md for what each one means.

    Args:
        rounds: Rounds of each ratio.
        with_graph: Whether to measure the whole graph, too.
        peers: Python of an environment with the peers, '' = without them.
    Raises:
        BadInput: rounds outside 1..100, or a part cannot be measured.
    """
    if not 1 <= rounds <= 100:
        raise BadInput(f'--rounds: {rounds} is outside 1..100')
    # First, so that a missing peer is told before minutes have gone by.
    beside = {'peers': bench_peers.run(peers, rounds, timed)} if peers else {}
    goal = bench_vision.GOAL
    rows = {'face_pipeline': timed('face_pipeline', bench_vision.face_pipeline(rounds), goal)}
    for ending, checks in bench_vision.SETTINGS:
        for name, ratios in bench_vision.image_messages(rounds, checks).items():
            rows[name + ending] = timed(name + ending, ratios, goal)
    result = {'ratios': rows, **beside, 'hearing': bench_hearing.run(rounds)}
    if with_graph:
        result.update(graph())
    return {**result, 'load_average': os.getloadavg()[0], 'cores': os.cpu_count()}


def main(args: argparse.Namespace) -> int:
    """Print the rows; 0 = measured, whether or not the goals are met."""
    from empathy_ros.evaluation.output import print_result

    print_result(run(args.rounds, not args.no_graph, args.peers), args.json)
    return 0
