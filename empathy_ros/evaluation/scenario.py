# SPDX-License-Identifier: Apache-2.0
"""Read scenario files: a scripted conversation with what is expected of the robot.

Every key is checked; an unknown key, a wrong type or an unknown act, event, label or scope is bad
input, and the message names the file, the place and the cure.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path
import re
from typing import Any

import yaml

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Event, Scope
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.scenario_keys import EVENTS, EXPECT, kind, Reader, SCOPES
from empathy_ros.evaluation.scenario_spec import (
    Compare,
    DEFAULT_SCOPES,
    Expectation,
    GENERATORS,
    PersonSpec,
    Scenario,
    SPEAKERS,
    TurnSpec,
)

__all__ = [
    'EXPECT',
    'GENERATORS',
    'SPEAKERS',
    'Compare',
    'Expectation',
    'PersonSpec',
    'Scenario',
    'TurnSpec',
    'find',
    'load',
]

TURN_KEYS = frozenset(
    [
        'at_s',
        'text',
        'speaker',
        'face',
        'voice',
        'events',
        'is_final',
        'confidence',
        'distance_m',
        'until_s',
        'expect',
    ]
)
TOP_KEYS = frozenset(
    [
        'name',
        'rules',
        'person',
        'generators',
        'start',
        'history',
        'turns',
        'expect_overall',
        'compare_with',
        'until_s',
    ]
)
NEEDS = ('hearing_loss', 'dementia', 'slow_speech')
PERSON_KEYS = frozenset({'id', 'enrolled', 'consent', 'locale', *NEEDS})


def load(path: Path) -> Scenario:
    """Return the scenario in a file.

    Raises:
        BadInput: the file cannot be read, or a key or value is wrong.
    """
    read = Reader(path)
    try:
        data = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f'{path}: cannot be read: {error}') from error
    except yaml.YAMLError as error:
        raise BadInput(f'{path}: not valid YAML: {" ".join(str(error).split())}') from error
    top = read.keys('file', data, TOP_KEYS)
    for key in ('name', 'turns'):
        if key not in top:
            raise read.bad('file', f'the key {key!r} is missing')
    if not isinstance(top['turns'], list) or not top['turns']:
        raise read.bad('turns', 'give a list with at least one turn')
    person = _person(read, top.get('person', {}))
    turns = tuple(_turn(read, n, turn, person) for n, turn in enumerate(top['turns']))
    for n, (one, two) in enumerate(itertools.pairwise(turns)):
        if two.at_s <= one.at_s:
            raise read.bad(f'turns[{n + 1}].at_s', 'times must grow from turn to turn')
    name = read.words('name', top['name'])
    if not name:
        raise read.bad('name', 'give a name')
    return Scenario(
        name,
        path,
        turns,
        _rules(read, top.get('rules', [])),
        person,
        read.items('generators', top.get('generators', list(GENERATORS)), GENERATORS),
        _start(read, top.get('start', '10:00')),
        _history(read, top.get('history', {})),
        _expect(read, 'expect_overall', top.get('expect_overall', []))[0],
        _compare(read, top.get('compare_with')),
        read.number('until_s', top['until_s']) if 'until_s' in top else math.nan,
    )


def _rules(read: Reader, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or any(
        isinstance(rule, bool) or not isinstance(rule, (int, str)) for rule in value
    ):
        raise read.bad('rules', f'give a list of rows or names, not {value!r}')
    return tuple(str(rule) for rule in value)


def _start(read: Reader, value: Any) -> int:
    """Return seconds after midnight; YAML reads an unquoted 10:00 as 600 (minutes)."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1440:
        return value * 60
    match = re.fullmatch(r'([01]?\d|2[0-3]):([0-5]\d)', value) if isinstance(value, str) else None
    if match is None:
        raise read.bad('start', f'give a local time such as "10:00", not {value!r}')
    return int(match.group(1)) * 3600 + int(match.group(2)) * 60


def _history(read: Reader, value: Any) -> dict[str, int]:
    read.keys('history', value, {'low_mood_days', 'turns_today'})
    return {key: read.whole(f'history.{key}', item) for key, item in value.items()}


def _person(read: Reader, value: Any) -> PersonSpec:
    read.keys('person', value, PERSON_KEYS)
    given = value.get('consent', [scope.value for scope in DEFAULT_SCOPES])
    scopes = read.items('person.consent', given, SCOPES)
    needs = tuple(n for n in NEEDS if read.flag(f'person.{n}', value.get(n, False)))
    person_id = read.words('person.id', value.get('id', 'p1'))
    if not person_id:
        raise read.bad('person.id', 'give an id')
    return PersonSpec(
        person_id,
        read.flag('person.enrolled', value.get('enrolled', True)),
        tuple(Scope(scope) for scope in scopes),
        needs,
        read.words('person.locale', value.get('locale', 'en')),
    )


def _turn(read: Reader, number: int, value: Any, person: PersonSpec) -> TurnSpec:
    where = f'turns[{number}]'
    read.keys(where, value, TURN_KEYS)
    if 'at_s' not in value:
        raise read.bad(where, "the key 'at_s' is missing")
    speaker = read.words(f'{where}.speaker', value.get('speaker', ''))
    if speaker not in ('', person.id, 'p1', *SPEAKERS):
        raise read.bad(f'{where}.speaker', f'{speaker!r} is not {person.id}, other or tv')
    events = read.items(f'{where}.events', value.get('events') or [], EVENTS)
    expect, until_s = _expect(read, f'{where}.expect', value.get('expect', []))
    if 'until_s' in value:
        until_s = read.number(f'{where}.until_s', value['until_s'])
    confidence = math.nan
    if 'confidence' in value:
        confidence = read.number(f'{where}.confidence', value['confidence'], 0.0, 1.0)
    distance_m = math.nan
    if 'distance_m' in value:
        distance_m = read.number(f'{where}.distance_m', value['distance_m'])
    return TurnSpec(
        read.number(f'{where}.at_s', value['at_s']),
        read.words(f'{where}.text', value.get('text', '')),
        speaker if speaker in SPEAKERS else 'person' if speaker else '',
        _scores(read, f'{where}.face', value.get('face')),
        _scores(read, f'{where}.voice', value.get('voice')),
        tuple(Event(event) for event in events),
        read.flag(f'{where}.is_final', value.get('is_final', True)),
        confidence,
        distance_m,
        until_s,
        expect,
    )


def _scores(read: Reader, where: str, value: Any) -> dict[str, float] | None:
    if value is None:
        return None
    read.keys(where, value, frozenset(BASIC8.labels))
    scores = {key: read.number(f'{where}.{key}', item, 0.0, 1.0) for key, item in value.items()}
    if sum(scores.values()) > 1.01:
        raise read.bad(where, f'the scores sum to {sum(scores.values()):.2f}, more than 1')
    return scores


def _expect(read: Reader, where: str, value: Any) -> tuple[tuple[Expectation, ...], float]:
    """Return the expectations and the end of the judged time, NaN when not given."""
    listed = [value] if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise read.bad(where, f'give a list of expectations, not {kind(value)}')
    found: list[Expectation] = []
    until_s = math.nan
    for number, item in enumerate(listed):
        place = f'{where}[{number}]'
        read.keys(place, item, frozenset(EXPECT))
        for key, given in item.items():
            parsed = EXPECT[key](read, f'{place}.{key}', given)
            if key == 'until_s':
                until_s = parsed
            else:
                found.append(Expectation(key, parsed))
    return tuple(found), until_s


def _compare(read: Reader, value: Any) -> tuple[Compare, ...]:
    if value is None:
        return ()
    found = []
    for item in value if isinstance(value, list) else [value]:
        read.keys('compare_with', item, {'file', 'same', 'words_not_more'})
        if 'file' not in item:
            raise read.bad('compare_with', "the key 'file' is missing")
        file = read.words('compare_with.file', item['file'])
        if not (read.path.parent / file).is_file():
            raise read.bad('compare_with.file', f'{file} is not beside this file')
        same = read.words('compare_with.same', item.get('same', ''))
        if same not in ('', 'acts', 'stance'):
            raise read.bad('compare_with.same', f'{same!r} is not acts or stance')
        less = read.flag('compare_with.words_not_more', item.get('words_not_more', False))
        found.append(Compare(file, same, less))
    return tuple(found)


def find(paths: list[Path]) -> list[Path]:
    """Return the scenario files in these folders and files, sorted within a folder.

    Raises:
        BadInput: a path does not exist, or a folder has no scenario.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p for p in path.rglob('*') if p.suffix in ('.yaml', '.yml') and p.is_file()
            )
            if not inside:
                raise BadInput(f'{path}: no scenario file (*.yaml) in this folder')
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise BadInput(f'{path}: no such file or folder; give scenario files or folders')
    return found
