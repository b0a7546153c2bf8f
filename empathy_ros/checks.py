# SPDX-License-Identifier: Apache-2.0
"""`./empathy test`: lint, format, types and every test, each with its time; fails if any fails."""

from __future__ import annotations

import argparse
from pathlib import Path
import subprocess
import sys
import time

from empathy_ros.evaluation.common import BadInput

ROOT = Path(__file__).resolve().parents[1]
STEPS = {
    'lint': ['ruff', 'check', '--output-format', 'concise', '.'],
    'format': ['ruff', 'format', '--check', '--quiet', '.'],
    'types': ['mypy'],
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    parser.add_argument(
        '--only', choices=(*STEPS, 'tests'), help='one step instead of all of them'
    )
    parser.add_argument('pytest', nargs='*', help='what to hand to pytest, after --')


def _run(name: str, command: list[str]) -> bool:
    print(f'== {name}', flush=True)
    started_s = time.monotonic()
    good = subprocess.run([sys.executable, '-m', *command], cwd=ROOT, check=False).returncode == 0
    seconds = time.monotonic() - started_s
    print(f'== {name}: {"good" if good else "FAILED"} in {seconds:.0f} s', flush=True)
    return good


def main(args: argparse.Namespace) -> int:
    """Run the steps; 0 = all good."""
    if not (ROOT / 'pyproject.toml').is_file():
        raise BadInput('test: run it in a checkout of the repository, not in an installation')
    steps = {**STEPS, 'tests': ['pytest', '-q', '--durations=8', *args.pytest]}
    wanted = [args.only] if args.only else list(steps)
    results = {name: _run(name, steps[name]) for name in wanted}
    failed = [name for name, good in results.items() if not good]
    if failed:
        print('FAILED: ' + ', '.join(failed), file=sys.stderr)
    return 1 if failed else 0
