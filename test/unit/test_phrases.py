# SPDX-License-Identifier: Apache-2.0
"""The phrase bank: complete, plain, varied, and clear about bad files."""

import itertools
from pathlib import Path
from random import Random

import pytest
import yaml

from empathy_ros.core.behaviour.rows import TABLE
from empathy_ros.core.phrases import MAX_WORDS, PhraseBank
from empathy_ros.core.types import Act
from empathy_ros.core.wording import SILENT

PARSED = yaml.safe_load((Path(__file__).parents[2] / 'config/phrases/en.yaml').read_text())
BANK = PhraseBank(PARSED)
FACTS = {
    'who': 'your sister',
    'day': 'Tuesday',
    'clock': '3:05',
    'place': 'at home',
    'part': 'morning',
    'rest': 'day',
    'again': 'I hear you.',
    'why': 'you told me so',
    'deed': 'You won',
    'topic': 'your garden',
}


def small(**lines: object) -> dict[str, object]:
    base = {'any': {'ACKNOWLEDGE': ['I hear you.']}, 'safe': {'ACKNOWLEDGE': ['Yes.']}}
    return {'locale': 'en_GB', 'lines': {**base, **lines}}


def test_the_shipped_bank_is_large_and_its_lines_are_short() -> None:
    entries = list(BANK.entries())
    assert len({line for _, _, line in entries}) >= 150
    assert max(len(line.split()) for _, _, line in entries) <= MAX_WORDS


@pytest.mark.parametrize('row', TABLE, ids=lambda row: row.situation)
def test_every_act_of_every_row_has_words(row) -> None:  # type: ignore[no-untyped-def]
    for act in {act for step in row.steps for act in step} - SILENT:
        assert BANK.options(row.situation, act, FACTS), (row.situation, act)


def test_the_same_line_is_never_chosen_twice_in_a_row() -> None:
    random, said = Random(1), []
    for _ in range(60):
        said.append(BANK.choose('sadness', Act.REFLECT, {}, said, random))
    assert all(one != two for one, two in itertools.pairwise(said))
    assert len(set(said)) == len(BANK.options('sadness', Act.REFLECT, {}))


def test_a_choice_is_the_same_for_the_same_seed() -> None:
    picks = [BANK.choose('worry', Act.REFLECT, {}, (), Random(5)) for _ in range(2)]
    assert picks[0] == picks[1]


def test_a_line_that_names_the_matter_is_preferred_and_unknown_slots_are_never_spoken() -> None:
    assert all(
        'sister' in x for x in BANK.options('grief', Act.REMINISCE, {'who': 'your sister'})[:1]
    )
    for situation, act, _ in BANK.entries():
        assert all('{' not in line for line in BANK.options(situation, act, {}))


def test_the_budget_takes_the_shortest_line_when_none_fits() -> None:
    line = BANK.choose('worry', Act.OFFER_CHOICE, {}, (), Random(1), max_words=1)
    assert len(line.split()) == min(
        len(x.split()) for x in BANK.options('worry', Act.OFFER_CHOICE, {})
    )


@pytest.mark.parametrize(
    ('parsed', 'named'),
    [
        ([], 'mapping'),
        ({'locale': 'en_GB', 'lines': {}, 'extra': 1}, 'extra'),
        ({'locale': 'english', 'lines': {}}, "'english'"),
        ({'locale': 'en_GB', 'lines': {}}, 'any'),
        (small(grief={'REFLECTT': ['x']}), 'grief.REFLECTT'),
        (small(grief={'REFLECT': 'x'}), 'grief.REFLECT'),
        (small(grief={'REFLECT': ['']}), 'grief.REFLECT, line 1'),
        (small(grief={'REFLECT': ['ok', 'word ' * 21]}), 'grief.REFLECT, line 2'),
        (small(grief={'REFLECT': ['about {whom}']}), '{whom}'),
        (small(grief=['x']), 'grief'),
        (small(safe={'CONFIRM': ['Yes.']}), 'ACKNOWLEDGE'),
    ],
)
def test_a_bad_file_is_refused_with_the_name_of_the_entry(parsed: object, named: str) -> None:
    with pytest.raises(ValueError, match='phrases') as refused:
        PhraseBank(parsed)  # type: ignore[arg-type]
    assert named in str(refused.value)
