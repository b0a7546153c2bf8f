# SPDX-License-Identifier: Apache-2.0
"""Each conversion and its way back give the same; what is out of range is named and refused."""

from dataclasses import fields, replace
import math

import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from empathy_ros.bridge import convert, msgs
from empathy_ros.bridge.convert.audio import audio_from_msg, audio_to_msg
from empathy_ros.core import taxonomy
from empathy_ros.core.media import Sound
from empathy_ros.core.types import (
    Act,
    AffectEstimate,
    Alert,
    AlertKind,
    Consent,
    Directive,
    Expression,
    Modality,
    Person,
    PersonAffect,
    Scope,
    Utterance,
)

NAN = math.nan
STAMP = 1_795_000_000_123_456_789


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def same(a, b) -> bool:
    """Compare as float32, NaN equal to NaN."""
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    if isinstance(a, float):
        return np.array_equal(np.float32(a), np.float32(b), equal_nan=True)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Expression):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    return a == b and type(a) is type(b)


FULL_AFFECT = AffectEstimate(
    STAMP, Modality.FACE, 'face_ab12', 'face', 'p1', 'basic-8.1', floats(0.1, 0.9, 0, 1, NAN),
    'happiness', 0.5, -0.25, 0.125, 0.75, 0.5, 1.5, (0.1, 0.2, 0.3, 0.4), 'expression', 'abc123',
    False, '',
)  # fmt: skip
FULL_PERSON_AFFECT = PersonAffect(
    STAMP, 'p1', np.full(40, NAN, np.float32), floats(*[0.125] * 8), 'happiness', 0.5, 0.25, -1.0,
    0.75, 0.25, (Modality.FACE, Modality.TEXT), (0.25, 0.75), (0.5, 3.0), False, '',
)  # fmt: skip
FULL_DIRECTIVE = Directive(
    STAMP, 'd1', tuple(Act), 'I am here. \u2019n \U0001f642', 'p1', 't1', 'crisis_watch', 'de_DE',
    0.75, 1.25, 0.875, True, Expression('sad', -0.5, 0.25, 1.0), 'soft', 'lean_in', 'attention',
    'step_back', ('slow',), 255, 'row 1: a loss was told', ('row_1', 'row_9'), ('cut',), STAMP + 5,
)  # fmt: skip
PAIRS = {
    'affect': (
        convert.affect_to_msg, convert.affect_from_msg,
        [FULL_AFFECT, AffectEstimate(0, Modality.VOICE),
         replace(FULL_AFFECT, abstained=True, reason='blurred', top_label='', valence=NAN),
         replace(FULL_AFFECT, scores=floats(*[NAN] * 40), modality=Modality.TEXT)],
    ),
    'person_affect': (
        lambda v: convert.person_affect_to_msg(v, 'emonet-40.1'), convert.person_affect_from_msg,
        [FULL_PERSON_AFFECT, PersonAffect(0, '')],
    ),
    'utterance': (
        convert.utterance_to_msg, convert.utterance_from_msg,
        [Utterance(STAMP, 'My sister died.', 'u1', 't1', 'p1', 'v1', False, 0.5, 'en_GB', 'text'),
         Utterance(0, '')],
    ),
    'expression': (
        convert.expression_to_msg, convert.expression_from_msg,
        [Expression(), Expression('happy', 1.0, -1.0, 0.0)],
    ),
    'directive': (
        convert.directive_to_msg, convert.directive_from_msg,
        [FULL_DIRECTIVE, Directive(0, '', ())],
    ),
    'alert': (
        convert.alert_to_msg, convert.alert_from_msg,
        [Alert(STAMP, f'a{k.value}', k, 3, 's', 'p1', ('u1', 'rule'), 'nurse', True, True, 'NN', 7)
         for k in AlertKind] + [Alert(0, '', AlertKind.SYSTEM, 0, '', needs_ack=False)],
    ),
    'person': (
        convert.person_to_msg, convert.person_from_msg,
        [Person('p1', True, True, True, 'f1', 'v1', 0.5, ('dementia',), 'de_DE', STAMP, ('p0',)),
         Person('')],
    ),
    'consent': (
        convert.consent_to_msg, convert.consent_from_msg,
        [Consent('p1', frozenset(Scope), 'care-1', 'pin', STAMP, 9), Consent('')],
    ),
}  # fmt: skip
CASES = [
    pytest.param(to_msg, from_msg, value, id=f'{name}-{i}')
    for name, (to_msg, from_msg, values) in PAIRS.items()
    for i, value in enumerate(values)
]


@pytest.mark.parametrize(('to_msg', 'from_msg', 'value'), CASES)
def test_there_and_back_changes_nothing(to_msg, from_msg, value):
    back = from_msg(to_msg(value))
    for item in fields(value):
        a, b = getattr(value, item.name), getattr(back, item.name)
        assert same(a, b), f'{item.name}: {a!r} became {b!r}'


def test_every_field_of_the_full_examples_differs_from_the_empty_ones():
    """Otherwise a forgotten field would pass the round trip unnoticed."""
    for name in ('affect', 'person_affect', 'utterance', 'directive', 'person', 'consent'):
        full, empty = PAIRS[name][2][0], PAIRS[name][2][1]
        for item in fields(full):
            # These two say that nothing was estimated, so no full example has them.
            if item.name not in {'abstained', 'reason', 'dominance'}:
                a, b = getattr(full, item.name), getattr(empty, item.name)
                assert not same(a, b), f'{name}.{item.name}'


def test_frame_and_stamp_of_the_evidence_stay():
    msg = convert.affects_to_msg([FULL_AFFECT], STAMP + 1, 'camera_left')
    assert msg.header.frame_id == msg.estimates[0].header.frame_id == 'camera_left'
    assert convert.stamp_from_msg(msg.header.stamp) == STAMP + 1
    assert convert.stamp_from_msg(msg.estimates[0].header.stamp) == STAMP


def test_from_msg_does_not_keep_the_memory_of_the_message():
    msg = convert.affect_to_msg(FULL_AFFECT)
    value = convert.affect_from_msg(msg)
    msg.scores[0] = 0.7
    assert value.scores[0] == np.float32(0.1)


BAD = [
    ('affect', 'modality', 'smell', "modality: 'smell' is not one of face, voice, text"),
    ('affect', 'modality', '', "modality: '' is not one of"),
    ('affect', 'valence', 1.5, 'valence: 1.5 is outside -1..1'),
    ('affect', 'arousal', -math.inf, 'arousal: -inf is outside -1..1'),
    ('affect', 'confidence', -0.5, 'confidence: -0.5 is outside 0..1'),
    ('affect', 'confidence', NAN, 'confidence: is not a number'),
    ('affect', 'quality', NAN, 'quality: is not a number'),
    ('affect', 'window_s', -1.0, 'window_s'),
    ('affect', 'scores', [0.5, 2.0], 'scores: a score is outside 0..1'),
    ('affect', 'scores', [-1.0], 'scores: a score is outside 0..1'),
    ('affect', 'scores', [math.inf], 'scores: a score is outside 0..1'),
    ('affect', 'scores', [0.0] * 600, 'scores: 600 scores, at most 512'),
    ('affect', 'reason', 'x' * 200_001, 'reason: 200001 characters'),
    ('person_affect', 'modalities_used', ['taste', 'text'], "modalities_used: 'taste'"),
    ('person_affect', 'conflict', 2.0, 'conflict: 2.0 is outside 0..1'),
    ('person_affect', 'basic', [2.0], 'basic: a score is outside 0..1'),
    ('person_affect', 'confidence', NAN, 'confidence: is not a number'),
    ('utterance', 'text', 'a' * 200_001, 'text: 200001 characters'),
    ('utterance', 'confidence', 7.0, 'confidence: 7.0 is outside 0..1'),
    ('directive', 'acts', ['REFLECT', 'FLATTER'], "acts: 'FLATTER' is not one of LISTEN"),
    ('directive', 'text', 'a' * 200_001, 'text: 200001 characters'),
    ('directive', 'speech_rate', 9.0, 'speech_rate: 9.0 is outside'),
    ('directive', 'speech_rate', NAN, 'speech_rate: is not a number'),
    ('directive', 'speech_volume', 50.0, 'speech_volume'),
    ('directive', 'speech_pitch', 0.0, 'speech_pitch'),
    ('directive', 'expression', msgs.Expression(valence=NAN), 'expression.valence: is not'),
    ('expression', 'intensity', 1.5, 'expression.intensity: 1.5 is outside 0..1'),
    ('expression', 'arousal', NAN, 'expression.arousal: is not a number'),
    ('alert', 'kind', 'boredom', "kind: 'boredom' is not one of crisis"),
    ('person', 'identity_confidence', -1.0, 'identity_confidence'),
    ('consent', 'granted', ['face', 'wallet'], "granted: 'wallet' is not one of"),
]


@pytest.mark.parametrize(('name', 'field', 'bad', 'message'), BAD)
def test_bad_values_are_named_and_refused(name, field, bad, message):
    to_msg, from_msg, values = PAIRS[name]
    msg = to_msg(values[0])
    from_msg(msg)
    setattr(msg, field, bad)
    with pytest.raises(ValueError, match=message.replace('.', r'\.')):
        from_msg(msg)


@pytest.mark.parametrize('stamp_ns', [0, 1, 999_999_999, 1_000_000_000, STAMP, 2**31 * 10**9 - 1])
def test_stamps_are_exact(stamp_ns):
    assert convert.stamp_from_msg(convert.stamp_to_msg(stamp_ns)) == stamp_ns


def test_a_duration_is_rounded_to_nanoseconds():
    msg = convert.duration_to_msg(1.25)
    assert (msg.sec, msg.nanosec) == (1, 250_000_000)


def test_taxonomies_describe_every_label():
    array = convert.taxonomies_to_msg()
    assert {t.id for t in array.taxonomies} == set(taxonomy.TAXONOMIES)
    public = next(t for t in array.taxonomies if t.id == taxonomy.EMONET40.id)
    lists = (public.valence_sign, public.arousal_sign, public.dominance_sign, public.basic)
    assert len(public.labels) == 40
    assert all(len(signs) == 40 for signs in (*lists, public.excluded))
    assert set(public.valence_sign) <= {-1, 0, 1}


def test_every_pair_of_the_package_is_in_the_table_above():
    ways = {name.removesuffix('_to_msg') for name in convert.__all__ if name.endswith('_to_msg')}
    back = {
        name.removesuffix('_from_msg') for name in convert.__all__ if name.endswith('_from_msg')
    }
    assert ways & back - {'stamp'} == set(PAIRS)
    assert not back - ways


SAMPLES = np.linspace(-1.0, 1.0, 320, dtype=np.float32)
SOUND = Sound(STAMP, SAMPLES, 16_000, 41)


def test_sound_comes_back_within_one_step_of_sixteen_bits():
    back = audio_from_msg(audio_to_msg(SOUND, 'mic_left'))
    assert (back.stamp_ns, back.sample_rate, back.seq) == (STAMP, 16_000, 41)
    assert back.samples.dtype == np.float32
    assert np.max(np.abs(back.samples - SAMPLES)) <= 1.5 / 32768
    assert audio_to_msg(SOUND, 'mic_left').header.frame_id == 'mic_left'


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'encoding': 'MP3'}, 'MP3'),
        ({'channels': 0}, 'channels'),
        ({'channels': 3}, 'whole'),
        ({'data': []}, 'data: 0 bytes'),
        ({'data': [1, 2, 3]}, 'whole'),
        ({'sample_rate': 10}, 'sample_rate: 10 Hz'),
        ({'sample_rate': 4_000_000_000}, 'sample_rate: 4000000000 Hz'),
    ],
)
def test_bad_sound_is_named_and_refused(changes, message):
    msg = audio_to_msg(SOUND)
    for name, value in changes.items():
        setattr(msg, name, value)
    with pytest.raises(ValueError, match=message):
        audio_from_msg(msg)


def test_float_sound_passes_not_a_number_on_for_the_gate_to_refuse():
    msg = audio_to_msg(SOUND)
    samples = SAMPLES.copy()
    samples[7] = np.nan
    msg.encoding, msg.data = 'F32LE', samples.tobytes()
    assert np.isnan(audio_from_msg(msg).samples[7])
