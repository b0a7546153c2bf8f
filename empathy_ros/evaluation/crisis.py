# SPDX-License-Identifier: Apache-2.0
"""`empathy eval crisis`: does the crisis watch hear danger, and how often does it cry wolf?

Input: a CSV with the columns `text,label` and optionally `scenario` and `turn`. Labels:
crisis_direct (the
danger is named), crisis_indirect (it must be inferred), benign. Each line is a conversation of
its own,
unless a column `turn` is there: then neighbouring rows with the same scenario are one
conversation, in
which signs add up over the turns.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
import sys
from typing import Any

from empathy_ros import paths
from empathy_ros.core.crisis import CrisisWatch, read_text
from empathy_ros.core.types import Utterance
from empathy_ros.engines.policy_file import load_policy
from empathy_ros.evaluation.common import BadInput, Progress, wilson

LABELS = ('crisis_direct', 'crisis_indirect', 'benign')
DANGER = LABELS[:2]
TURN_NS = 5_000_000_000
MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Line:
    """One row.

    Attributes:
        row: Row in the file, the heading is row 1.
        text: What was said.
        label: One of LABELS.
        scenario: Tag, '' = none.
        turn: Number inside a conversation, '' = none.
    """

    row: int
    text: str
    label: str
    scenario: str
    turn: str


def read_lines(path: Path) -> list[Line]:
    """Return the rows of a data file.

    Raises:
        BadInput: no such file, no such column, unknown label, empty text; names file and row.
    """
    if not path.is_file():
        raise BadInput(f'{path}: no such file; give a CSV with the columns text,label')
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(f'{path}: larger than {MOST_BYTES // 1_000_000} MB; split it')
    try:
        with path.open(encoding='utf-8-sig', newline='') as file:
            reader = csv.DictReader(file, strict=True)
            heading = [name.strip().lower() for name in reader.fieldnames or []]
            for name in ('text', 'label'):
                if name not in heading:
                    raise BadInput(
                        f'{path}: row 1: no column {name!r}; it has {", ".join(heading) or "none"}'
                    )
            reader.fieldnames = heading
            lines = [_line(path, reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise BadInput(f'{path}: not UTF-8 at byte {error.start}; save it as UTF-8') from error
    except csv.Error as error:
        raise BadInput(f'{path}: row {reader.line_num}: not CSV ({error})') from error
    if not lines:
        raise BadInput(f'{path}: no rows below the heading')
    return lines


def _line(path: Path, row: int, fields: dict[str, Any]) -> Line:
    if None in fields:
        raise BadInput(
            f'{path}: row {row}: more fields than columns; put quotes round a text with commas'
        )
    text = (fields.get('text') or '').strip()
    label = (fields.get('label') or '').strip().lower()
    if not text:
        raise BadInput(f'{path}: row {row}: the text is empty')
    if label not in LABELS:
        raise BadInput(f'{path}: row {row}: label {label!r} is not one of {", ".join(LABELS)}')
    scenario = (fields.get('scenario') or '').strip()
    return Line(row, text, label, scenario, (fields.get('turn') or '').strip())


def judge(lines: list[Line]) -> list[tuple[bool, tuple[str, ...]]]:
    """Return for each line whether an alarm was raised, and the rules that fired."""
    watch = None
    before: Line | None = None
    policy = load_policy(paths.share('config', 'policy.test.yaml'))
    answers = []
    progress = Progress('crisis', len(lines))
    for number, line in enumerate(lines, 1):
        if not line.turn:
            reading = read_text(line.text)
        else:
            if watch is None or before is None or before.scenario != line.scenario:
                watch = CrisisWatch(policy)
            words = Utterance(number * TURN_NS, line.text)
            reading = watch.peek(words, number * TURN_NS)
            watch.hear(words, number * TURN_NS)
        answers.append((reading.alarm, reading.rules))
        before = line if line.turn else None
        progress.step(number)
    return answers


def measure(lines: list[Line], answers: list[tuple[bool, tuple[str, ...]]]) -> dict[str, Any]:
    """Return recall, false alarms, Wilson intervals, a table by scenario and all errors."""
    heard = {label: 0 for label in LABELS}
    total = {label: 0 for label in LABELS}
    tags: dict[str, dict[str, Any]] = {}
    errors = []
    for line, (alarm, rules) in zip(lines, answers, strict=True):
        total[line.label] += 1
        heard[line.label] += alarm
        danger = line.label in DANGER
        if line.scenario:
            tag = tags.setdefault(
                line.scenario, {'n': 0, 'right': 0, 'missed': 0, 'false_alarms': 0}
            )
            tag['n'] += 1
            tag['right'] += alarm == danger
            tag['missed'] += danger and not alarm
            tag['false_alarms'] += alarm and not danger
        if alarm != danger:
            kind = 'missed' if danger else 'false_alarm'
            errors.append({'row': line.row, 'text': line.text, 'label': line.label,
                           'scenario': line.scenario, 'error': kind,
                           'rules': list(rules)})  # fmt: skip
    share = {k: heard[k] / total[k] if total[k] else None for k in LABELS}
    return {
        'n': len(lines),
        'counts': total,
        'recall': {label: share[label] for label in DANGER},
        'false_alarm_rate': share['benign'],
        'intervals': {
            **{k: _interval(heard[k], total[k]) for k in DANGER},
            'false_alarm_rate': _interval(heard['benign'], total['benign']),
        },
        'by_scenario': tags,
        'errors': errors,
    }


def _interval(hits: int, n: int) -> list[float] | None:
    return list(wilson(hits, n)) if n else None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        '--data', required=True, type=Path, help='CSV with text,label (and scenario, turn)'
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Evaluate a file and return the figures; prints a short table on stderr.

    Raises:
        BadInput: the file cannot be used.
    """
    lines = read_lines(Path(args.data))
    result = measure(lines, judge(lines))
    for name, value, count in (
        ('recall, danger named', result['recall']['crisis_direct'], 'crisis_direct'),
        ('recall, danger inferred', result['recall']['crisis_indirect'], 'crisis_indirect'),
        ('false alarms', result['false_alarm_rate'], 'benign'),
    ):
        shown = 'no such lines' if value is None else f'{value:.3f}'
        print(f'{name}: {shown} (n = {result["counts"][count]})', file=sys.stderr)
    return result
