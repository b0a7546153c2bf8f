# SPDX-License-Identifier: Apache-2.0
import itertools
import random

import pytest

from empathy_ros.core.consent import (
    confirms_presence,
    ConsentConfig,
    ConsentLedger,
    ConsentRefused,
    EnrolmentDialogue,
    hash_pin,
    opt_out,
    pin_fits,
)
from empathy_ros.core.enrolment import DISCLOSURE, yes_or_no
from empathy_ros.core.types import Scope

S = 1_000_000_000
DAY = 86_400 * S
WALL = 1_700_000_000 * S
ALL = frozenset(Scope)


def ledger(scopes=ALL, pin='1234', **config):
    made = ConsentLedger(ConsentConfig(**config))
    hashed = hash_pin(pin, b'salt') if pin else ''
    made.enrol('p1', frozenset(scopes), 'self_spoken', WALL, 0, pin_hash=hashed)
    return made


def lease(made, scope=Scope.FACE, faces=1, steady=S, wall=WALL, node='face_affect'):
    return made.lease(node, scope, faces, steady, wall)


def test_enrolled_and_present_is_granted_for_three_seconds():
    got = lease(ledger())
    assert got.granted
    assert got.valid_s == 3.0
    assert got.person_id == 'p1'
    assert Scope.TEXT in got.scopes


@pytest.mark.parametrize(
    ('change', 'reason'),
    [
        (lambda m: m.forget('p1'), 'no_person'),
        (lambda m: m.pause(Scope.FACE, True), 'paused'),
        (lambda m: m.mark_unreadable(), 'store_unreadable'),
        (lambda m: m.set('p1', frozenset({Scope.FACE}), False, now_ns=WALL, now_steady_ns=0),
         'no_consent'),
        (lambda m: m.set('', ALL, False, now_ns=WALL, now_steady_ns=0), 'no_consent'),
    ],
)  # fmt: skip
def test_every_no_closes_the_sensor_at_once(change, reason):
    made = ledger()
    change(made)
    got = lease(made)
    assert not got.granted
    assert got.reason == reason
    assert got.person_id == ''
    assert got.scopes == frozenset()
    assert got.valid_s == 0.0


def test_nobody_enrolled_is_off():
    assert lease(ConsentLedger()).reason == 'no_person'


def test_presence_lapses_on_the_steady_clock_whatever_the_wall_clock_does():
    made = ledger()
    assert lease(made, steady=599 * S, wall=WALL + DAY).granted
    assert lease(made, steady=600 * S).reason == 'not_present'
    made.confirm_presence(700 * S)
    assert lease(made, steady=701 * S).granted


def test_safety_listening_needs_consent_but_no_presence():
    made = ledger({Scope.SAFETY_LISTENING})
    assert lease(made, Scope.SAFETY_LISTENING, faces=2, steady=5000 * S).granted
    assert lease(made, Scope.TEXT, faces=1).reason == 'no_consent'
    assert lease(ledger({Scope.TEXT}), Scope.SAFETY_LISTENING).reason == 'no_consent'


def test_second_face_suspends_inference_but_not_the_camera():
    made = ledger()
    for scope in (Scope.FACE, Scope.VOICE, Scope.TEXT):
        assert lease(made, scope, faces=2).reason == 'other_person'
        assert lease(made, scope, faces=None).granted
    assert lease(made, faces=2, node='camera').granted


def test_a_second_face_is_named_only_where_consent_holds():
    made = ledger({Scope.TEXT})
    assert lease(made, Scope.FACE, faces=2).reason == 'no_consent'


def test_consent_lapses_after_thirty_days():
    made = ledger()
    later = WALL + 30 * DAY
    made.confirm_presence(30 * 86_400 * S)
    assert lease(made, steady=30 * 86_400 * S + S, wall=later).reason == 'lapsed'
    assert not made.state('p1', later).granted


def test_a_clock_set_back_cannot_stretch_consent():
    made = ledger()
    steady = 31 * 86_400 * S
    made.confirm_presence(steady)
    assert lease(made, steady=steady + S, wall=WALL + S).reason == 'lapsed'
    assert lease(ledger(), wall=WALL - 2 * DAY).granted  # steady time says: just agreed
    restored = ConsentLedger()
    restored.restore(ledger().export(), WALL - 400 * DAY, 0)
    restored.confirm_presence(0)
    assert lease(restored, wall=WALL - 400 * DAY).reason == 'lapsed'


def test_yes_needs_the_pin_and_no_needs_nobody():
    made = ledger({Scope.TEXT})
    face = frozenset({Scope.FACE})
    with pytest.raises(ConsentRefused) as error:
        made.set('p1', face, True, now_ns=WALL, now_steady_ns=0, pin='9999')
    assert error.value.code == 'wrong_pin'
    assert '9999' not in str(error.value)
    assert made.set('p1', face, True, now_ns=WALL, now_steady_ns=0, pin='1234').granted == {
        Scope.TEXT, Scope.FACE,
    }  # fmt: skip
    with pytest.raises(ConsentRefused, match='not enrolled'):
        made.set('p2', face, True, now_ns=WALL, now_steady_ns=0, pin='1234')


def test_too_many_wrong_pins_pause_even_the_right_one():
    made = ledger()
    face = frozenset({Scope.FACE})
    for _ in range(5):
        with pytest.raises(ConsentRefused):
            made.set('p1', face, True, now_ns=WALL, now_steady_ns=0, pin='0000')
    with pytest.raises(ConsentRefused, match='too many'):
        made.set('p1', face, True, now_ns=WALL, now_steady_ns=S, pin='1234')
    assert made.set('p1', face, True, now_ns=WALL, now_steady_ns=61 * S, pin='1234')


def test_pin_is_kept_as_a_hash_only():
    stored = hash_pin('4711', b'abcd')
    assert '4711' not in stored
    assert pin_fits('4711', stored)
    assert not pin_fits('4712', stored)
    assert not pin_fits('4711', '')
    assert not pin_fits('', '')
    with pytest.raises(ValueError, match='digits'):
        hash_pin('12', b'')


def test_store_round_trip_keeps_consent_and_forgets_presence():
    made = ledger({Scope.FACE})
    made.pause(Scope.VOICE, True)
    again = ConsentLedger()
    again.restore(made.export(), WALL, 50 * S)
    assert lease(again, steady=51 * S).reason == 'not_present'
    again.confirm_presence(51 * S)
    assert lease(again, steady=52 * S).granted
    assert again.paused == ('voice',)


@pytest.mark.parametrize(
    'damaged',
    [{}, {'format': 2}, {'format': 1, 'persons': {'p': 3}}, {'format': 1, 'persons': []}],
)
def test_damaged_record_turns_everything_off(damaged):
    made = ledger()
    with pytest.raises(ValueError, match=r'damaged|format'):
        made.restore(damaged, WALL, 0)
    assert lease(made).reason == 'store_unreadable'


def test_several_residents_need_to_say_who_is_here():
    made = ledger()
    made.enrol('p2', ALL, 'self_spoken', WALL, 0)
    assert made.confirm_presence(700 * S) == ''
    assert lease(made, steady=701 * S).reason == 'not_present'
    assert made.confirm_presence(702 * S, 'p2') == 'p2'
    assert lease(made, steady=703 * S).person_id == 'p2'


def test_enrolment_words_are_leased_only_while_asking():
    made = ConsentLedger()
    assert made.lease('speech_text', 'enrolment', None, 0, WALL).reason == 'not_enrolling'
    made.listen_for_enrolment(0, 5.0)
    got = made.lease('speech_text', 'enrolment', None, S, WALL)
    assert got.granted
    assert got.person_id == ''
    made.listen_for_enrolment(S, 0.0)
    assert not made.lease('speech_text', 'enrolment', None, S, WALL).granted


def test_unknown_scope_is_refused():
    assert not ledger().lease('x', 'telepathy', 1, S, WALL).granted


def test_no_order_of_events_ever_grants_without_consent_and_presence():
    rng = random.Random(1)
    for _ in range(300):
        made, agreed, present_ns, steady = ConsentLedger(), set(), None, 0
        paused = False
        for _ in range(12):
            steady += rng.randrange(0, 400) * S
            step = rng.choice(['enrol', 'no', 'pause', 'here', 'broken', 'forget'])
            if step == 'enrol':
                agreed = set(rng.sample(sorted(Scope), 3))
                made.enrol('p1', frozenset(agreed), 'self_spoken', WALL, steady)
                present_ns = steady
            elif step == 'no':
                made.set('', frozenset({Scope.FACE}), False, now_ns=WALL, now_steady_ns=steady)
                agreed.discard(Scope.FACE)
            elif step == 'pause':
                paused = not paused
                made.pause(Scope.FACE, paused)
            elif step == 'here':
                present_ns = steady if made.confirm_presence(steady) else present_ns
            elif step == 'broken':
                made.mark_unreadable()
                agreed, present_ns = set(), None
            else:
                made.forget('p1')
                agreed, present_ns = set(), None
            faces = rng.choice([None, 0, 1, 2])
            here = present_ns is not None and steady - present_ns < 600 * S
            wanted = Scope.FACE in agreed and here and not paused and faces != 2
            assert lease(made, faces=faces, steady=steady).granted == wanted


@pytest.mark.parametrize(
    ('text', 'scope'),
    [
        ("Don't look at me", Scope.FACE),
        ('stop watching', Scope.FACE),
        ('turn that camera off', Scope.FACE),
        ('turn of the camra please', Scope.FACE),
        ('get your eyes off me', Scope.FACE),
        ("I don't want you to see my face", Scope.FACE),
        ('please do not film me', Scope.FACE),
        ("I don't like being watched", Scope.FACE),
        ('no more listening', Scope.TEXT),
        ('stop recording me', Scope.VOICE),
        ('leave my voice alone', Scope.VOICE),
        ('switch the microphone off', Scope.TEXT),
        ('um stop stop listening', Scope.TEXT),
        ('quit spying on me', Scope.FACE),
        ('I take back my consent', Scope.TEXT),
        ('forget everything I said', Scope.MEMORY),
        ('D\u043en\u2019t l\u043eok at me', Scope.FACE),
    ],
)
def test_spoken_withdrawal_is_heard(text, scope):
    got = opt_out(text)
    assert got is not None
    assert scope in got.scopes


@pytest.mark.parametrize(
    'text',
    [
        'look at me', 'watch the birds with me', 'I did not hear you',
        "I can't see the television",
        'he never listens to me', 'do you remember the camera we had', 'stop', 'goodbye',
        'I stopped watching that programme', "don't forget the milk", 'no more tea, thank you', '',
    ],
)  # fmt: skip
def test_ordinary_words_withdraw_nothing(text):
    assert opt_out(text) is None


def test_presence_is_confirmed_in_plain_words():
    assert confirms_presence("It's me")
    assert confirms_presence("yes, it's only me")
    assert confirms_presence("I'm here")
    assert not confirms_presence("I'm here to see Mrs Brown")
    assert not confirms_presence("it's not me")
    assert not confirms_presence('good morning')


@pytest.mark.parametrize(
    ('text', 'answer'),
    [
        ('Yes', True), ('yes please', True), ('of course you may', True), ('go ahead', True),
        ("I don't mind", True), ('no problem', True), ('No', False), ('no thank you', False),
        ("I'd rather not", False), ('certainly not', False), ('no, that is fine', False),
        ('what does that mean?', None), ('yes but not now', None), ('maybe', None),
        ('lovely day', None),
        ('', None),
    ],
)  # fmt: skip
def test_yes_and_no_are_never_guessed(text, answer):
    assert yes_or_no(text) is answer


def talk(dialogue, *answers):
    steps = [dialogue.start(0)]
    for count, text in zip(itertools.count(1), answers):
        steps.append(dialogue.hear(text, count * S))
    return steps


def test_enrolment_asks_scope_by_scope_and_keeps_only_what_was_agreed():
    dialogue = EnrolmentDialogue((Scope.FACE, Scope.VOICE, Scope.TEXT))
    steps = talk(dialogue, 'yes', 'no', 'yes please')
    assert steps[0].prompt.startswith(DISCLOSURE)
    assert [step.scope for step in steps] == [Scope.FACE, Scope.VOICE, Scope.TEXT, None]
    assert dialogue.outcome == 'agreed'
    assert dialogue.granted == {Scope.FACE, Scope.TEXT}


def test_disclosure_says_what_the_law_asks():
    for words in ('computer program', 'not a human', 'unable to feel human emotion'):
        assert words in DISCLOSURE


def test_unclear_is_asked_once_again_and_then_everything_stays_off():
    dialogue = EnrolmentDialogue((Scope.FACE, Scope.TEXT))
    steps = talk(dialogue, 'yes', 'hm?', 'what was that')
    assert 'yes or no' in steps[2].prompt
    assert dialogue.outcome == 'no_answer'
    assert dialogue.granted == frozenset()


def test_silence_ends_the_enrolment_with_everything_off():
    dialogue = EnrolmentDialogue((Scope.FACE,), answer_s=5.0)
    dialogue.start(0)
    dialogue.still_speaking(100 * S)
    assert dialogue.tick(104 * S) is None
    assert 'yes or no' in dialogue.tick(105 * S).prompt
    assert dialogue.tick(200 * S).outcome == 'no_answer'
    assert dialogue.granted == frozenset()


def test_stop_ends_the_enrolment_and_takes_back_the_earlier_yes():
    dialogue = EnrolmentDialogue((Scope.FACE, Scope.TEXT))
    talk(dialogue, 'yes', 'stop')
    assert dialogue.outcome == 'stopped'
    assert dialogue.granted == frozenset()
