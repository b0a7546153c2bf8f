# SPDX-License-Identifier: Apache-2.0
"""The scenario format: everything that is allowed is read, everything else is refused by name."""

import math
from pathlib import Path

import pytest

from empathy_ros.core.types import Event, Scope
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.scenario import EXPECT, find, load

FULL = """
name: full
rules: [4, scam]
person: {id: p1, enrolled: true, consent: [face, text, safety_listening], hearing_loss: true,
dementia: false, locale: en}
generators: [none, hostile]
start: "21:30"
history: {low_mood_days: 3, turns_today: 12}
turns:
  - at_s: 0.0
    text: "My sister died."
    speaker: other
    face: {sadness: 0.8, neutral: 0.1}
    voice: {sadness: 0.6}
    events: [fall, stop_button, carer_enters, carer_leaves, second_person, second_person_leaves,
    silence_10s, tv_on, tv_off, llm_down, llm_up, network_down, network_up, restart]
    is_final: false
    confidence: 0.4
    distance_m: 1.2
    expect:
      - act_any: [REFLECT]
      - act_none: [SUGGEST_ONE]
      - act_order: [REFLECT, ASK_OPEN]
      - text_any: ["sister"]
      - text_none: ["at least"]
      - max_words: 25
      - max_questions: 1
      - alert_any: [crisis, emergency, abuse, distress, wellbeing, system]
      - alert_none: [crisis]
      - respond_within_s: 1.5
      - alert_within_s: 2
      - silent: true
      - sensing: off
      - sensing: {face: off, voice: on}
      - consent_changed: face
      - consent_unchanged: true
      - speech_rate_max: 1.0
      - approach: false
      - shown_on_screen: true
  - at_s: 3
    until_s: 40
expect_overall:
  - act_any: [REFLECT]
compare_with: {file: other.yaml, same: stance, words_not_more: true}
"""
TURN = 'name: a\nturns:\n  - at_s: 0\n    '


def write(folder: Path, text: str, name: str = 'a.yaml') -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_every_key_of_the_format_is_read(tmp_path: Path) -> None:
    write(tmp_path, 'name: other\nturns: [{at_s: 0}]\n', 'other.yaml')
    spec = load(write(tmp_path, FULL))
    turn = spec.turns[0]
    assert spec.rules == ('4', 'scam')
    assert spec.start_s == 77_400
    assert spec.generators == ('none', 'hostile')
    assert spec.person.consent == (Scope.FACE, Scope.TEXT, Scope.SAFETY_LISTENING)
    assert spec.person.needs == ('hearing_loss',)
    assert spec.history == {'low_mood_days': 3, 'turns_today': 12}
    assert turn.speaker == 'other'
    assert not turn.is_final
    assert set(turn.events) == set(Event)
    assert {e.key for e in turn.expect} == set(EXPECT) - {'until_s'}
    assert [e.value for e in turn.expect if e.key == 'sensing'] == [
        {'any': False},
        {'face': False, 'voice': True},
    ]
    assert [e.key for e in turn.expect if e.must_not] == ['act_none', 'text_none', 'alert_none']
    assert spec.compare[0].same == 'stance'
    assert spec.end_s(0) == 3
    assert spec.end_s(1) == 40


def test_defaults(tmp_path: Path) -> None:
    spec = load(write(tmp_path, 'name: a\nturns: [{at_s: 1}]\n'))
    assert spec.generators == ('none', 'benign', 'hostile')
    assert spec.start_s == 36_000
    assert spec.person.enrolled
    assert spec.turns[0].text == ''
    assert math.isnan(spec.turns[0].confidence)
    assert spec.end_s(0) == 11


@pytest.mark.parametrize(
    ('text', 'named'),
    [
        ('[]', 'mapping'),
        ('a: [', 'YAML'),
        ('turns: [{at_s: 0}]', "'name'"),
        ('name: a', "'turns'"),
        ('name: a\nturns: []', 'turns'),
        ('name: 5\nturns: [{at_s: 0}]', 'name'),
        ('name: a\nturns: [{at_s: 0}]\nmood: sad', "'mood'"),
        ('name: a\nturns: [{text: x}]', "'at_s'"),
        ('name: a\nturns: [{at_s: 2}, {at_s: 1}]', 'turns[1].at_s'),
        ('name: a\nturns: [{at_s: x}]', 'turns[0].at_s'),
        ('name: a\nturns: [{at_s: 0}]\nrules: 4', 'rules'),
        ('name: a\nturns: [{at_s: 0}]\ngenerators: [evil]', "'evil'"),
        ('name: a\nturns: [{at_s: 0}]\nstart: "25:00"', "'25:00'"),
        ('name: a\nturns: [{at_s: 0}]\nhistory: {days: 1}', "'days'"),
        ('name: a\nturns: [{at_s: 0}]\nperson: {age: 80}', "'age'"),
        ('name: a\nturns: [{at_s: 0}]\nperson: {consent: [taste]}', "'taste'"),
        ('name: a\nturns: [{at_s: 0}]\nperson: {dementia: maybe}', 'person.dementia'),
        ('name: a\nturns: [{at_s: 0}]\ncompare_with: {file: gone.yaml}', 'gone.yaml'),
        (TURN + 'mood: 1', "'mood'"),
        (TURN + 'text: 5', 'turns[0].text'),
        (TURN + 'speaker: dog', "'dog'"),
        (TURN + 'face: {joy: 0.5}', "'joy'"),
        (TURN + 'face: {sadness: 2}', 'turns[0].face.sadness'),
        (TURN + 'face: {sadness: 0.8, fear: 0.8}', '1.60'),
        (TURN + 'events: [flood]', "'flood'"),
        (TURN + 'confidence: high', 'turns[0].confidence'),
        (TURN + 'is_final: 1', 'turns[0].is_final'),
        (TURN + 'expect: 3', 'turns[0].expect'),
        (TURN + 'expect: [{acts: [REFLECT]}]', "'acts'"),
        (TURN + 'expect: [{act_any: [HUG]}]', "'HUG'"),
        (TURN + 'expect: [{act_any: REFLECT}]', 'act_any'),
        (TURN + 'expect: [{text_any: ["("]}]', 'pattern'),
        (TURN + 'expect: [{max_words: many}]', 'max_words'),
        (TURN + 'expect: [{max_words: -1}]', 'max_words'),
        (TURN + 'expect: [{silent: "yes"}]', 'silent'),
        (TURN + 'expect: [{sensing: maybe}]', 'sensing'),
        (TURN + 'expect: [{sensing: {nose: off}}]', "'nose'"),
        (TURN + 'expect: [{consent_changed: taste}]', "'taste'"),
        (TURN + 'expect: [{alert_any: [fire]}]', "'fire'"),
    ],
)
def test_bad_input_names_the_file_and_the_place(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadInput) as refused:
        load(write(tmp_path, text))
    assert str(tmp_path / 'a.yaml') in str(refused.value)
    assert named in str(refused.value)


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    (tmp_path / 'b.yaml').write_bytes(b'\xff\xfe\x00name')
    for path in (tmp_path / 'gone.yaml', tmp_path / 'b.yaml'):
        with pytest.raises(BadInput, match=path.name):
            load(path)
    with pytest.raises(BadInput, match='no such file'):
        find([tmp_path / 'nowhere'])
    (tmp_path / 'empty').mkdir()
    with pytest.raises(BadInput, match='no scenario file'):
        find([tmp_path / 'empty'])


def test_folders_and_files_are_found(tmp_path: Path) -> None:
    one, two = write(tmp_path, 'x', 'b.yaml'), write(tmp_path, 'x', 'a.yml')
    write(tmp_path, 'x', 'notes.txt')
    assert find([tmp_path]) == [two, one]
    assert find([one]) == [one]
