# SPDX-License-Identifier: Apache-2.0
"""`./empathy eval policy`: play scenario files on the mind and count what was kept and broken."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
import sys
from typing import Any

import yaml

from empathy_ros.core.types import Modality, Person
from empathy_ros.core.wording import Generator
from empathy_ros.engines.llm import ChatGenerator
from empathy_ros.evaluation import scenario as reading
from empathy_ros.evaluation.common import BadInput, Progress
from empathy_ros.evaluation.judge import judge, same, Seen
from empathy_ros.evaluation.scenario import Expectation, Scenario
from empathy_ros.sim import generators
from empathy_ros.sim.companion import Companion, Moment, SharedParts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        '--scenarios', nargs='+', required=True, type=Path, metavar='PATH',
        help='folders and files of scenarios',
    )  # fmt: skip
    parser.add_argument(
        '--generator', default='none,benign,hostile', metavar='LIST',
        help='none, benign, hostile or the URL of an OpenAI-compatible server, with commas',
    )  # fmt: skip
    parser.add_argument('--json', action='store_true', help='print one JSON object')


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Return the result of the evaluation.

    Raises:
        BadInput: a scenario or generator cannot be used; the text names it.
    """
    return evaluate(args.scenarios, [name.strip() for name in args.generator.split(',')])


def evaluate(paths: Sequence[Path], names: Sequence[str], seed: int = 7) -> dict[str, Any]:
    """Play all scenarios with each generator that they allow and return the counts."""
    scenarios = [reading.load(path) for path in reading.find(list(paths))]
    for name in names:
        _generator(name)
    parts = load_parts()
    jobs = [(s, n) for s in scenarios for n in names if _allowed(s, n)]
    tally = _Tally(scenarios)
    progress = Progress('scenarios', len(jobs))
    for number, (spec, name) in enumerate(jobs, 1):
        moments = play(spec, parts, _generator(name), seed)
        tally.add(spec, name, moments, _compared(spec, parts, name, seed))
        progress.step(number)
    return tally.result()


def _allowed(spec: Scenario, name: str) -> bool:
    return name in spec.generators or name not in reading.GENERATORS


def _generator(name: str) -> Generator | None:
    if name.startswith(('http://', 'https://')):
        return ChatGenerator(name)
    try:
        return generators.make(name)
    except ValueError as error:
        raise BadInput(f'--generator: {name!r} is not none, benign, hostile or a URL') from error


def find_config(name: str) -> Path:
    """Return a file of the package's config folder, in the repository or installed.

    Raises:
        BadInput: it is not there.
    """
    here = Path(__file__).resolve()
    places = [here.parents[2] / 'config', Path(sys.prefix) / 'share' / 'empathy_ros' / 'config']
    places += [parent / 'share' / 'empathy_ros' / 'config' for parent in here.parents]
    for folder in places:
        if (folder / name).is_file():
            return folder / name
    raise BadInput(f'config/{name} is missing; looked in {", ".join(map(str, places[:2]))}')


@cache
def load_parts() -> SharedParts:
    """Return phrases, guard and the test crisis protocol."""
    loaded = [
        yaml.safe_load(find_config(name).read_text(encoding='utf-8'))
        for name in ('phrases/en.yaml', 'policy.test.yaml')
    ]
    try:
        return SharedParts(loaded[0], loaded[1])
    except ValueError as error:
        raise BadInput(f'config: {error}') from error


def play(
    spec: Scenario, parts: SharedParts, generator: Generator | None, seed: int = 7
) -> list[Moment]:
    """Play one scenario and return what happened turn by turn."""
    who = Person(spec.person.id, spec.person.enrolled, True, True, needs=spec.person.needs)
    robot = Companion(
        parts, who, frozenset(spec.person.consent), generator,
        start_s=spec.start_s, history=spec.history, seed=seed,
    )  # fmt: skip
    moments = []
    for index, turn in enumerate(spec.turns):
        moment = robot.begin(turn.at_s)
        for event in turn.events:
            robot.happen(event, turn.at_s)
        own_voice = turn.speaker not in reading.SPEAKERS
        if (turn.text and own_voice) or turn.face:
            robot.present(turn.at_s)
        if (
            turn.text
            and turn.is_final
            and turn.speaker != 'tv'
            and not robot.television(turn.speaker)
        ):
            robot.withdraw(turn.text, turn.at_s)
        if turn.face:
            robot.observe(Modality.FACE, turn.face, turn.at_s)
        if turn.voice and own_voice:
            robot.observe(Modality.VOICE, turn.voice, turn.at_s)
        if turn.text:
            robot.hear(turn.text, turn.at_s, speaker=turn.speaker, is_final=turn.is_final,
                       confidence=turn.confidence)  # fmt: skip
        robot.pass_time(turn.at_s, spec.end_s(index))
        robot.end(spec.end_s(index))
        moments.append(replace(moment))
    return moments


def _compared(spec: Scenario, parts: SharedParts, name: str, seed: int) -> list[list[Moment]]:
    runs = []
    for compare in spec.compare:
        other = reading.load(spec.path.parent / compare.file)
        runs.append(play(other, parts, _generator(name), seed))
    return runs


class _Tally:
    """Counts kept and broken expectations."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self._names = _unique(scenarios)
        self._must = {'passed': 0, 'failed': 0}
        self._must_not = {'checked': 0, 'breached': 0}
        self._breaches = {rule: 0 for spec in scenarios for rule in spec.rules}
        self._runs: dict[str, dict[str, Any]] = {}

    def add(self, spec: Scenario, generator: str, moments: list[Moment],
            others: list[list[Moment]]) -> None:  # fmt: skip
        """Judge one run."""
        broken: list[dict[str, Any]] = []
        for index, turn in enumerate(spec.turns):
            self._judge(spec, Seen.of([moments[index]]), turn.expect, index, broken)
        whole = Seen.of(moments)
        self._judge(spec, whole, spec.overall, 'overall', broken)
        for compare, run in zip(spec.compare, others, strict=True):
            other = Seen.of(run)
            if compare.same:
                held = same(compare.same, whole, other)
                got: Any = None if held else {'this': whole.acts, 'other': other.acts}
                self._count(
                    spec, Expectation(f'same {compare.same}', None), 'compare', got, broken
                )
            if compare.words_not_more:
                words = (len(whole.text.split()), len(other.text.split()))
                got = None if words[0] <= words[1] else list(words)
                self._count(spec, Expectation('words_not_more', None), 'compare', got, broken)
        run_of = self._runs.setdefault(self._names[spec.path], {})
        run_of[generator] = {'passed': not broken, 'broken': broken}

    def _judge(self, spec: Scenario, seen: Seen, expect: Sequence[Expectation], turn: int | str,
               broken: list[dict[str, Any]]) -> None:  # fmt: skip
        for item in expect:
            self._count(spec, item, turn, judge(seen, item), broken)

    def _count(self, spec: Scenario, item: Expectation, turn: int | str, got: Any,
               broken: list[dict[str, Any]]) -> None:  # fmt: skip
        if got is not None:
            broken.append({'turn': turn, 'key': item.key, 'got': got})
        if item.must_not:
            self._must_not['checked'] += 1
            self._must_not['breached'] += got is not None
            for rule in spec.rules if got is not None else ():
                self._breaches[rule] += 1
        else:
            self._must['passed' if got is None else 'failed'] += 1

    def result(self) -> dict[str, Any]:
        """Return the counts."""
        runs = [run for scenario in self._runs.values() for run in scenario.values()]
        return {
            'passed': sum(run['passed'] for run in runs),
            'failed': sum(not run['passed'] for run in runs),
            'must': self._must,
            'must_not': self._must_not,
            'breaches': self._breaches,
            'scenarios': self._runs,
        }


def _unique(scenarios: Sequence[Scenario]) -> dict[Path, str]:
    """Return a name per file; a name used twice gets its file behind it."""
    names = [spec.name for spec in scenarios]
    return {
        spec.path: spec.name if names.count(spec.name) == 1 else f'{spec.name} ({spec.path})'
        for spec in scenarios
    }
