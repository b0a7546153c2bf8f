# SPDX-License-Identifier: Apache-2.0
import copy
import itertools
from pathlib import Path
import re

import pytest
import yaml

from empathy_ros.core.crisis import CrisisPolicy, CrisisWatch, read_text
from empathy_ros.core.crisis_answers import ANSWERS
from empathy_ros.core.plain_text import plain
from empathy_ros.core.types import Act, AlertKind, Event, Utterance

CONFIG = Path(__file__).resolve().parents[2] / 'config'
S = 1_000_000_000
TEST_POLICY = yaml.safe_load((CONFIG / 'policy.test.yaml').read_text())
METHODS = re.compile(
    r'\b(?:pill|tablet|rope|knife|bridge|train|gun|overdos|hang|jump|wrist)', re.I
)


@pytest.fixture
def watch():
    count = itertools.count(1)
    return CrisisWatch(CrisisPolicy.from_dict(TEST_POLICY), lambda kind: f'{kind}{next(count)}')


class Talk:
    def __init__(self, watch):
        self.watch, self.now = watch, 0

    def say(self, text, wait_s=5, **more):
        self.now += wait_s * S
        return self.watch.hear(Utterance(self.now, text, turn_id=f't{self.now}', **more), self.now)


@pytest.fixture
def talk(watch):
    return Talk(watch)


def alarm(text):
    return read_text(text).alarm


def test_hint_is_asked_about_plainly_with_number_contact_and_alert(talk):
    got = talk.say('Everyone would be better off without me.')
    assert got.reading.row == 10
    assert got.reading.indirect
    assert {Act.ASK_DIRECT_SAFETY, Act.GIVE_RESOURCE, Act.OFFER_HUMAN} <= set(got.directive.acts)
    assert 'suicide' in got.directive.text
    assert 'not wanting to live' in got.directive.text
    assert '01632 960 111' in got.directive.text
    assert 'nurse on duty' in got.directive.text
    assert got.directive.text.count('?') == 1
    assert got.directive.priority == 255
    assert got.directive.turn_id == f't{talk.now}'
    assert [(a.kind, a.contact) for a in got.alerts] == [(AlertKind.CRISIS, 'the nurse on duty')]


def test_yes_names_both_kinds_of_human_and_is_not_closed(talk):
    talk.say('Everyone would be better off without me.')
    got = talk.say('Yes, sometimes.')
    assert got.directive.rules == ('row_11',)
    assert 'doctor' in got.directive.text
    assert 'somebody you trust' in got.directive.text
    assert Act.END_WARMLY not in got.directive.acts


def test_no_is_accepted_without_asking_again_and_the_robot_stays(talk):
    talk.say('Everyone would be better off without me.')
    for text in ("No, I'm fine.", 'Leave it.', 'What is for dinner?', 'I said I am fine'):
        got = talk.say(text)
        assert got.directive is not None
        assert Act.ASK_DIRECT_SAFETY not in got.directive.acts
        assert 'suicide' not in got.directive.text
    assert talk.watch.active


def test_plan_means_and_time_call_a_human_in_the_same_turn(talk):
    got = talk.say('I have saved up my sleeping tablets and tonight I will take them all.')
    assert got.reading.row == 12
    assert got.reading.level == 4
    assert {Act.CALL_HUMAN, Act.SAFETY_STEP} <= set(got.directive.acts)
    assert got.alerts[0].severity == 3


def test_yes_to_the_question_about_a_plan_is_imminent(talk):
    talk.say('I want to die')
    talk.say('yes')
    got = talk.say('yes')
    assert got.directive.rules == ('row_12',)
    assert Act.CALL_HUMAN in got.directive.acts


def test_a_second_sign_does_not_repeat_the_question(talk):
    asked = sum(
        'suicide' in talk.say(text).directive.text
        for text in ('I want to die', 'I really want to die', 'I wish I was dead', 'I want to die')
    )
    assert asked == 1


def test_no_wording_is_said_twice_in_a_row(talk):
    said = [talk.say(text).directive.text for text in ('I want to die', *['mm'] * 8)]
    assert all(a != b for a, b in itertools.pairwise(said))


def test_secrecy_is_never_promised(talk):
    got = talk.say("I don't want to live any more, but promise you won't tell anyone.")
    assert got.directive.rules == ('row_14',)
    assert Act.STATE_LIMIT in got.directive.acts
    assert 'cannot promise' in got.directive.text
    later = talk.say("Please don't tell my daughter")
    assert later.directive.rules == ('row_14',)
    assert later.directive.text != got.directive.text


def test_asking_for_secrecy_about_a_surprise_is_no_crisis(talk):
    assert talk.say("Don't tell my daughter, it's a surprise party").directive is None


def test_fall_event_asks_and_calls(watch):
    got = watch.event(Event.FALL, S)
    assert got.reading.row == 9
    assert "don't get up" in got.directive.text
    assert Act.CALL_HUMAN in got.directive.acts
    assert got.alerts[0].kind is AlertKind.EMERGENCY


def test_fine_after_a_fall_keeps_the_alert_open(talk):
    talk.watch.event(Event.FALL, S)
    got = talk.say("No, I'm fine")
    assert 'glad' in got.directive.text
    assert talk.watch.open_alerts


def test_abuse_goes_outside_and_is_neutral_when_somebody_is_there(watch):
    talk = Talk(watch)
    got = talk.say('My son hits me.')
    assert [a.contact for a in got.alerts] == ['the safeguarding adviser']
    assert 'believe' in got.directive.text
    assert 'son' not in got.alerts[0].summary.split()
    other = Talk(CrisisWatch(CrisisPolicy.from_dict(TEST_POLICY)))
    other.watch.event(Event.CARER_ENTERS, 0)
    quiet = other.say('My son hits me.')
    assert [a.contact for a in quiet.alerts] == ['the safeguarding adviser']
    for word in ('safe', 'believe', 'adviser', 'hit', 'help'):
        assert word not in quiet.directive.text.lower()


def test_loss_and_means_over_turns_are_a_hint_but_neither_alone(watch):
    talk = Talk(watch)
    assert talk.say('My wife died last month.').directive is None
    assert talk.say('The soup is good.').directive is None
    assert talk.say('Where is the nearest railway bridge?').reading.row == 10
    alone = Talk(CrisisWatch(CrisisPolicy.from_dict(TEST_POLICY)))
    assert alone.say('Where is the nearest railway bridge?').directive is None


def test_signs_of_long_ago_or_of_somebody_else_do_not_add_up(watch):
    talk = Talk(watch)
    talk.say('My wife died last month.')
    assert talk.say('Where is the nearest railway bridge?', wait_s=700).directive is None
    talk.say('My wife died last month.', person_id='p1')
    assert talk.say('Where is the nearest railway bridge?', person_id='p2').directive is None


@pytest.mark.parametrize('more', [{'source': 'tv'}, {'is_final': False}])
def test_television_and_interim_words_are_no_input(talk, more):
    got = talk.say('I want to kill myself', **more)
    assert got.directive is None
    assert got.alerts == ()
    assert not talk.watch.active


def test_an_emergency_outranks_an_open_crisis_and_stays_on_top(talk):
    talk.say('Everyone would be better off without me.')
    assert talk.say('My chest hurts and I cannot breathe').directive.rules == ('row_9',)
    assert talk.say('I am just a burden on my family').directive.rules == ('row_9',)


def test_silence_gets_one_word(talk):
    talk.say('I want to die')
    assert talk.watch.tick(talk.now + 29 * S).directive is None
    assert talk.watch.tick(talk.now + 30 * S).directive.acts[0] is Act.LISTEN
    assert talk.watch.tick(talk.now + 90 * S).directive is None


def test_acknowledged_means_handed_over(talk):
    alert = talk.say('I want to die').alerts[0]
    got = talk.watch.acknowledge(alert.id, 'nurse B', talk.now + S)
    assert got.alerts[0].acknowledged
    assert got.directive is not None
    assert not talk.watch.active
    assert talk.say('What is for dinner?').directive is None
    assert talk.watch.acknowledge('nothing', 'x').alerts == ()


def test_half_an_hour_without_a_sign_lets_go(talk):
    talk.say('I want to die')
    assert talk.say('The soup is good', wait_s=1801).directive is None


def test_reading_changes_nothing(talk):
    words = Utterance(0, 'I want to die')
    assert talk.watch.peek(words, 0).alarm
    assert not talk.watch.active


def test_alerts_hold_no_words_of_the_person(talk):
    got = talk.say('I want to drown myself in the duck pond')
    told = ' '.join([got.alerts[0].summary, *got.alerts[0].evidence, got.directive.rationale])
    assert 'duck' not in told
    assert 'pond' not in told


def test_every_wording_keeps_the_rules():
    policy = CrisisPolicy.from_dict(TEST_POLICY)
    for name, wordings in ANSWERS.items():
        for count, answer in enumerate(wordings):
            text = answer.fill(policy)
            where = f'{name}[{count}]'
            assert '{' not in text, where
            for sentence in re.split(r'(?<=[.?!]) ', text):
                assert len(sentence.split()) <= 25, f'{where}: {sentence}'
            assert text.count('?') <= 1, where
            assert not METHODS.search(text), where
            assert not re.search(
                r"\bi (?:feel|love|promise)\b|secret is safe|won't tell", text, re.I
            )
            if answer.row == 12 or name in ('fall', 'medical', 'maybe_medical'):
                assert Act.CALL_HUMAN in answer.acts, where
            assert Act.END_WARMLY not in answer.acts, where


@pytest.mark.parametrize(
    'text',
    [
        'I want to kill myself', 'I want to k1ll myself', 'i want to k i l l myself',
        'I want to k.i.l.l. myself', 'I want to ki\u200bll my\u200bself', 'I w\u0430nt to '
        'k\u0456ll mys\u0435lf',
        'I WANT TO KILL MYSELF', 'i i want to to kill my self', 'um I want uh to kill myself',
        'I want to commit su*cide', 'I want to commit suicde', 'I want to commit sue a side',
        'I want to d-i-e', 'I w\u00e1nt to d\u00efe', '\uff29 want to die', 'wanna die', 'i '
        'wanna dye',
        'lovely day. ' * 30 + 'I want to kill myself', 'I want to kill myself. ' + 'la la. ' *
        20_000,
        'la la. ' * 20_000 + ' I want to kill myself.',
    ],
)  # fmt: skip
def test_hidden_and_misheard_words_are_found(text):
    assert alarm(text)


@pytest.mark.parametrize(
    'text',
    [
        '', '   ', '?!', '\u200b', '12345', '\U0001f600', 'a', 'x' * 100_000, '"', '(((((',
        'i ' * 5000,
        '\x00\x01', 'not ' * 3000,
    ],
)  # fmt: skip
def test_odd_texts_are_harmless(text):
    assert not alarm(text)


def test_plain_form():
    assert plain("I'm  NOT\u00a0g\u043ening\u2026") == 'i am not goning .'
    assert plain("Don't") == 'do not'


@pytest.mark.parametrize(
    ('benign', 'danger'),
    [
        ('This crossword is killing me', 'I am thinking of killing myself'),
        ('My husband died of a heart attack in 1990', 'My husband is having a heart attack'),
        ('I could murder a cup of tea', 'I want to murder myself'),
        ('I fell in love', 'I fell down the stairs'),
        ('The teacher hit me when I was at school', 'The carer hit me'),
        ('In the film she takes all her pills', 'I am going to take all my pills'),
        ("I'm not bleeding", "I'm bleeding badly"),
        ('He says "I want to die" in the play', 'I told him I want to die'),
    ],
)
def test_look_alikes_are_told_apart(benign, danger):
    assert not alarm(benign)
    assert alarm(danger)


def test_example_protocol_is_refused_until_it_is_filled_in():
    example = yaml.safe_load((CONFIG / 'policy.yaml').read_text())
    with pytest.raises(ValueError, match='configured'):
        CrisisPolicy.from_dict(example)
    # The example is complete: only the switch is missing.
    assert CrisisPolicy.from_dict(example | {'configured': True}).contacts


@pytest.mark.parametrize(
    ('path', 'says'),
    [
        (('locale',), 'locale'),
        (('emergency', 'number'), r'emergency\.number'),
        (('crisis_line', 'name'), r'crisis_line\.name'),
        (('crisis_line', 'number'), r'crisis_line\.number'),
        (('contacts',), 'contacts'),
        (('outside_contact',), 'outside_contact'),
        (('outside_contact', 'role'), r'outside_contact\.role'),
    ],
)
def test_what_is_missing_is_named(path, says):
    data = copy.deepcopy(TEST_POLICY)
    place = data
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    with pytest.raises(ValueError, match=says):
        CrisisPolicy.from_dict(data)


def test_outside_contact_must_be_somebody_else():
    data = copy.deepcopy(TEST_POLICY)
    data['outside_contact']['role'] = data['contacts'][1]['role']
    with pytest.raises(ValueError, match='outside the household'):
        CrisisPolicy.from_dict(data)


@pytest.mark.parametrize('data', [None, [], {}, {'configured': 'yes'}, {'configured': True}])
def test_nonsense_protocols_are_refused(data):
    with pytest.raises(ValueError, match='policy'):
        CrisisPolicy.from_dict(data)


@pytest.mark.parametrize(
    ('text', 'level'),
    [
        ("Tonight after the news I'm taking all my pills so I die. I counted them out.", 4),
        ("I'm putting my coat on. I'm going down to the bridge to jump off.", 4),
        ("I'd be quite content not to wake up tomorrow.", 2),
        ('My kids would do better with the insurance money than they do with me.', 2),
        ('In the serial she took an overdose and they found her in time.', 0),
        ('I will work till I die.', 0),
        ('I am going to jump over the puddle by the window.', 0),
        ('We renewed the car insurance and they do better now.', 0),
    ],
)
def test_an_end_said_outright_and_its_look_alikes(text, level):
    assert read_text(text).level == level
