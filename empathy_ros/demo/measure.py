# SPDX-License-Identifier: Apache-2.0
"""Runs the story once without a report and measures the whole graph: answer time and memory.

`empathy bench` starts it as a process of its own: `python -m empathy_ros.demo.measure`.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
import sys
import tempfile

from empathy_ros import supervise, up
from empathy_ros.demo import run, story, summary

KIB_PER_MB = 1000 * 1000 / 1024
LINES = (
    story.Line(say='I feel a bit lonely this evening.'),
    story.Line(say='My daughter passed her exam today!'),
    story.Line(say='I am worried about the operation tomorrow.'),
    story.Line(say='You never listen to me, you stupid machine.'),
    story.Line(say='It rained the whole day and I stayed inside.'),
)


def resident_mb(supervisor: supervise.Supervisor) -> dict[str, float]:
    """Return the resident memory of each group with its children [MB], from /proc."""
    sizes = {}
    for group in supervisor.groups:
        if group.process is not None:
            sizes[group.name] = sum(_rss_kib(pid) for pid in _tree(group.process.pid)) / KIB_PER_MB
    return sizes


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f'/proc/{pid}/task/{pid}/children').read_text(encoding='ascii').split()
    except OSError:
        return []
    return [pid, *(inner for child in children for inner in _tree(int(child)))]


def _rss_kib(pid: int) -> int:
    try:
        status = Path(f'/proc/{pid}/status').read_text(encoding='ascii')
    except OSError:
        return 0
    rows = [line.split()[1] for line in status.splitlines() if line.startswith('VmRSS:')]
    return int(rows[0]) if rows else 0


def main() -> int:
    """Print one JSON object: answer_s, rss_mb per group, load before and after."""
    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    args = parser.parse_args(['--answers', 'yes', '--seconds', '70'])
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix='empathy_bench_') as name:
        args.report = Path(name) / 'report'
        args.report.mkdir()
        run.isolate(Path(name))
        params, _ = run.prepare(args, Path(name))
        story.write_playlist(Path(name) / 'lines.yaml', list(LINES))
        supervisor = supervise.Supervisor(up.commands(args, params), supervise.tombstone_command)
        director = run.Director(args, supervisor)
        supervisor.start()
        try:
            problem = director.talk()
            rss = resident_mb(supervisor)
        finally:
            supervisor.stop()
            director.close()
        times = summary.answer_times_s(director.recorder.events)
    load.append(os.getloadavg()[0])
    print(json.dumps({'answer_s': times, 'rss_mb': rss, 'load': load, 'problem': problem}))
    return 1 if problem else 0


if __name__ == '__main__':
    sys.exit(main())
