# SPDX-License-Identifier: Apache-2.0
"""Ratios between groups: right on made-up answers, silent on chance, fair to the mix of sexes."""

import json

import numpy as np
import pytest

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.evaluation.fairness import audit, Audited

CLASSES = list(enumerate(BASIC8.labels))
SAD, HAPPY = BASIC8.index('sadness'), BASIC8.index('happiness')


def people(*groups):
    """Pictures and columns from (count, share that is sad, values of the columns) per group."""
    rows, columns = [], []
    for count, sad, values in groups:
        hits = round(count * sad)
        rows += [SAD] * hits + [HAPPY] * (count - hits)
        columns += [values] * count
    p = np.full((len(rows), 8), 0.02)
    p[np.arange(len(rows)), rows] = 0.86
    n = len(rows)
    seen = Audited(p, np.ones(n, bool), np.zeros(n), np.ones(n, bool))
    return seen, {name: [c[name] for c in columns] for name in columns[0]}


def flagged(result, **wanted):
    return [f for f in result['flags'] if all(f[k] == v for k, v in wanted.items())]


def test_a_group_called_sad_more_often_is_flagged_with_its_ratio():
    result = audit(*people((200, 0.4, {'age': '70+'}), (200, 0.1, {'age': '60-69'})), CLASSES)
    entry = result['columns']['age']['70+']['answers']['sadness']
    assert (entry['share'], entry['share_of_others'], entry['ratio']) == (0.4, 0.1, 4.0)
    assert 2.0 < entry['interval'][0] < 4.0 < entry['interval'][1] < 8.0
    (flag,) = flagged(result, by='answers')
    assert (flag['value'], flag['class'], flag['certain']) == ('70+', 'sadness', True)
    (flag,) = flagged(result, by='probability')
    assert flag['ratio'] == pytest.approx(
        (0.4 * 0.86 + 0.6 * 0.02) / (0.1 * 0.86 + 0.9 * 0.02), abs=1e-3
    )
    json.dumps(result, allow_nan=False)


def test_equal_groups_are_not_flagged():
    result = audit(*people((200, 0.2, {'age': '70+'}), (200, 0.2, {'age': '60-69'})), CLASSES)
    assert result['flags'] == []
    assert result['columns']['age']['70+']['answers']['sadness']['ratio'] == 1.0


def test_a_few_faces_are_never_certain():
    result = audit(*people((30, 0.2, {'age': '70+'}), (300, 0.0, {'age': '60-69'})), CLASSES)
    (flag,) = flagged(result, by='probability')
    assert flag['certain']
    assert flagged(result, by='answers') == []
    entry = result['columns']['age']['70+']['answers']['sadness']
    assert (entry['ratio'], entry['share_of_others'], entry['sum']) == (None, 0.0, 6.0)
    result = audit(*people((30, 0.2, {'age': '70+'}), (300, 0.01, {'age': '60-69'})), CLASSES)
    (flag,) = flagged(result, by='answers')
    assert (flag['ratio'], flag['certain']) == (20.0, False)


def test_another_mix_of_sexes_is_no_difference_of_age():
    seen, columns = people(
        (180, 0.3, {'age': '70+', 'sex': 'f'}), (20, 0.1, {'age': '70+', 'sex': 'm'}),
        (20, 0.3, {'age': '60-69', 'sex': 'f'}), (180, 0.1, {'age': '60-69', 'sex': 'm'}),
    )  # fmt: skip
    result = audit(seen, columns, CLASSES)
    assert result['columns']['age']['70+']['answers']['sadness']['ratio'] == pytest.approx(1.0)
    assert flagged(result, column='age') == []
    assert flagged(result, column='sex', value='f', by='answers')[0]['ratio'] == 3.0
    alone = audit(seen, {'age': columns['age']}, CLASSES)
    assert flagged(alone, column='age', by='answers')[0]['ratio'] > 2.0


def test_only_frontal_sharp_faces_count_and_abstentions_by_group():
    seen, columns = people((100, 0.5, {'age': 'a'}), (100, 0.1, {'age': 'b'}))
    fit = np.arange(200) >= 50
    answered = np.arange(200) % 2 == 0
    changed = np.where(np.arange(200) < 100, 0.5, 0.0)
    result = audit(Audited(seen.probabilities, answered, changed, fit), columns, CLASSES)
    first = result['columns']['age']['a']
    assert (first['n'], first['frontal_sharp'], first['answering']) == (100, 50, 25)
    assert first['abstain_rate'] == 0.5
    assert first['answers']['sadness']['share'] == 0.0
    assert first['changed_by_small_changes']['mean'] == 0.5
    assert result['columns']['age']['b']['changed_by_small_changes']['mean'] == 0.0
    assert (result['n_frontal_sharp'], result['n_answering']) == (150, 75)


def test_unread_pictures_and_unknown_groups_are_counted_and_not_compared():
    seen, columns = people((50, 0.2, {'age': 'unknown'}), (50, 0.2, {'age': 'old'}))
    p = seen.probabilities.copy()
    p[:10] = np.nan
    result = audit(Audited(p, seen.answered, seen.changed, seen.fit), columns, CLASSES)
    unknown = result['columns']['age']['unknown']
    assert unknown['n'] == 50
    assert 'answers' not in unknown
    assert result['columns']['age']['old']['answers']['happiness']['share'] == 0.8
    nobody = Audited(np.full_like(p, np.nan), ~seen.answered, seen.changed, ~seen.fit)
    empty = audit(nobody, columns, CLASSES)
    assert (empty['n_answering'], empty['flags']) == (0, [])
    json.dumps(empty, allow_nan=False)
