# SPDX-License-Identifier: Apache-2.0
"""Words become calibrated probabilities, and unreadable words become "unknown"."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
import time

import numpy as np
import pytest

from empathy_ros.core import text_features
from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.core.text import (
    derived_valence,
    EMPTY_TEXT,
    LOW_CONFIDENCE,
    NO_WORDS,
    TextAffect,
    TextAffectConfig,
    UNCLEAR_SPEECH,
    UNKNOWN_WORDS,
)
from empathy_ros.core.text_linear import LinearText
from empathy_ros.core.text_weights import TextWeights, Vocabulary
from empathy_ros.engines import text_linear, text_models
from empathy_ros.engines.onnx import ModelError

# Written for this test. None of these shares most of its words with English.
FOREIGN = (
    'Ich bin heute sehr traurig, weil meine Schwester gestorben ist.',
    'Vielen Dank, das hat mir wirklich geholfen.',
    "Je suis très contente de vous voir aujourd'hui.",
    'Ma fille ne vient plus me voir le dimanche.',
    'Hoy me siento muy sola en esta casa.',
    'Muchas gracias por su ayuda, señor.',
    'Oggi sono molto stanca e non voglio mangiare.',
    'Mijn zoon komt morgen op bezoek.',
    'Dzisiaj jest mi bardzo smutno.',
    'Сегодня мне очень грустно.',
    '今日はとても寂しいです。',
    'أشعر بالحزن اليوم',
)
# Written for this test.
ENGLISH = (
    ('Thank you so much, that is very kind of you.', 'gratitude'),
    ('I am so sad today.', 'sadness'),
    ('I am terrified of the operation tomorrow.', 'fear'),
    ('I love you, my dear.', 'love'),
    ('That joke was hilarious, haha!', 'amusement'),
    ('I am sorry, I should not have shouted at you.', 'remorse'),
)


@pytest.fixture(scope='module', params=[text_models.ENCODER, text_models.LINEAR])
def affect(request: pytest.FixtureRequest) -> TextAffect:
    return TextAffect(text_models.load(request.param))


def tiny_weights() -> TextWeights:
    """Two words and one piece; "glad" speaks for joy, "sad" for sadness."""
    weights = np.zeros((4, 28), dtype=np.int8)
    weights[0, GOEMOTIONS28.index('joy')] = 127
    weights[1, GOEMOTIONS28.index('sadness')] = 127
    weights[2, GOEMOTIONS28.index('joy')] = -127
    ones = np.ones(28, dtype=np.float32)
    return TextWeights(
        vocabulary=Vocabulary(['glad', 'sad', 'NOT_glad', '#<gl']),
        n_words=3,
        piece_weight=0.5,
        idf=np.ones(4, dtype=np.float32),
        weights=weights,
        scale=4.0 * ones / 127.0,
        bias=-2.0 * ones,
        slope=ones,
        offset=0.0 * ones,
        thresholds=0.5 * ones,
        ekman_thresholds=np.full(7, 0.5, dtype=np.float32),
        model_id='tiny',
        model_hash='0123456789ab',
    )


def estimate(affect: TextAffect, text: str):
    return affect.estimate(text, stamp_ns=5, person_id='p1', utterance_id='u1')


def test_normalise_unifies_quotes_width_case_and_drops_invisible_characters() -> None:
    assert text_features.normalise(' I\u2019m  \uff33\uff21\uff24\u200b ') == "i'm  sad"
    assert text_features.normalise('sooooo') == 'soo'
    assert text_features.normalise('don\u00b4t') == "don't"


def test_normalise_cuts_long_text_at_a_space() -> None:
    cut = text_features.normalise('word ' * 5000)
    assert len(cut) <= text_features.MAX_CHARS
    assert set(cut.split(' ')) == {'word'}


def test_a_model_that_answers_nan_says_nothing() -> None:
    class Broken(LinearText):
        def probabilities(self, texts):
            return np.full((len(texts), 28), np.nan)

    found = estimate(TextAffect(Broken(tiny_weights())), 'glad')
    assert (found.abstained, found.reason, found.top_label) == (True, LOW_CONFIDENCE, '')


def test_tokens_keep_marks_numbers_and_inner_apostrophes() -> None:
    assert text_features.tokens("I can't, it's 5 o'clock?! :) ...") == [
        'i', "can't", ',', "it's", '5', "o'clock", '?!', ':)', '...',
    ]  # fmt: skip


def test_negation_covers_three_words_and_ends_at_marks_and_but() -> None:
    words = text_features.tokens("I don't like it, thanks")
    assert text_features.tagged(words) == ['i', "don't", 'NOT_like', 'NOT_it', ',', 'thanks']
    words = text_features.tokens('never one two three four')
    assert text_features.tagged(words) == ['never', 'NOT_one', 'NOT_two', 'NOT_three', 'four']
    words = text_features.tokens('not sad but tired')
    assert text_features.tagged(words) == ['not', 'NOT_sad', 'but', 'tired']


def test_grams_hold_words_pairs_and_pieces_but_no_pieces_of_negated_words() -> None:
    out = text_features.grams(['i', 'am', 'sad'])
    assert {'sad', 'am sad', 'i _ sad', 'FIRST i', 'LENGTH 0', '#<sa', '#sad>'} <= set(out)
    out = text_features.grams(['not', 'sad'])
    assert {'NOT_sad', 'not sad'} <= set(out)
    assert not {'sad', '#<sa', '#sad>'} & set(out)


def test_hash_signs_are_words_not_pieces() -> None:
    grams = text_features.grams(['#', 'sad'])
    assert [g for g in grams if g.startswith('#') and not text_features.is_piece(g)] == [
        '#',
        '# sad',
    ]


def test_rows_of_a_vocabulary_are_the_places_of_its_strings() -> None:
    vocabulary = Vocabulary(['b', 'a', 'ä', 'ab'])
    assert vocabulary.rows(['ä', 'a', 'abc', '', 'b']).tolist() == [2, 1, -1, -1, 0]
    assert vocabulary.rows([]).shape == (0,)
    assert len(vocabulary) == 4


def test_scores_are_the_formula() -> None:
    p = LinearText(tiny_weights()).probabilities(['glad sad'])[0]
    # Two words of equal weight share a vector of length 1; the piece carries no weight here.
    expected = 1.0 / (1.0 + np.exp(-(4.0 / np.sqrt(2.0) - 2.0)))
    assert p[GOEMOTIONS28.index('joy')] == pytest.approx(expected, rel=1e-5)
    assert p[GOEMOTIONS28.index('sadness')] == pytest.approx(expected, rel=1e-5)
    assert p[GOEMOTIONS28.index('fear')] == pytest.approx(1.0 / (1.0 + np.exp(2.0)), rel=1e-5)


def test_negated_word_has_its_own_weight() -> None:
    p = LinearText(tiny_weights()).probabilities(['glad', 'not glad'])
    joy = GOEMOTIONS28.index('joy')
    assert p[1, joy] < 0.2 < 0.8 < p[0, joy]


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r'bias has shape \(27,\)'):
        replace(tiny_weights(), bias=np.zeros(27, dtype=np.float32))
    with pytest.raises(ValueError, match='idf holds a value that is not finite'):
        replace(tiny_weights(), idf=np.full(4, np.nan, dtype=np.float32))


@pytest.mark.parametrize(
    ('text', 'reason'),
    [
        ('', EMPTY_TEXT),
        (' \t\n', EMPTY_TEXT),
        ('\u200b\u200b', NO_WORDS),
        ('?!', NO_WORDS),
        ('42', NO_WORDS),
        ('\U0001f600', NO_WORDS),
        ('xqzt vvrk plomf', UNKNOWN_WORDS),
    ],
)
def test_unreadable_text_is_unknown_not_neutral(
    affect: TextAffect, text: str, reason: str
) -> None:
    result = estimate(affect, text)
    assert result.abstained
    assert result.reason == reason
    assert result.top_label == ''
    assert result.confidence == 0.0
    assert np.all(np.isnan(result.scores))
    assert result.scores.shape == (28,)
    assert np.isnan(result.valence)
    assert np.isnan(result.arousal)


@pytest.mark.parametrize('text', FOREIGN)
def test_foreign_text_is_unknown(affect: TextAffect, text: str) -> None:
    result = estimate(affect, text)
    assert result.abstained, (result.top_label, result.quality)
    assert result.reason in (UNKNOWN_WORDS, NO_WORDS)


@pytest.mark.parametrize(('text', 'label'), ENGLISH)
def test_plain_sentences_get_their_label(affect: TextAffect, text: str, label: str) -> None:
    result = estimate(affect, text)
    assert not result.abstained
    assert result.top_label == label
    assert result.confidence > 0.4
    assert (result.id, result.id_kind, result.person_id) == ('u1', 'utterance', 'p1')
    assert result.stamp_ns == 5
    assert result.taxonomy == 'goemotions-28.1'
    assert result.model_id == affect.model.decision.model_id
    assert len(result.model_hash) == 12


def test_low_confidence_is_unknown_when_the_bar_is_higher() -> None:
    strict = TextAffect(LinearText(tiny_weights()), TextAffectConfig(min_confidence=0.95))
    result = estimate(strict, 'glad')
    assert result.reason == LOW_CONFIDENCE
    assert np.all(np.isnan(result.scores))
    assert not estimate(TextAffect(LinearText(tiny_weights())), 'glad').abstained


NEGATED = (
    ('I am not happy.', ('joy', 'excitement', 'love')),
    ("I'm not sad.", ('sadness', 'grief')),
    ('I am not afraid.', ('fear', 'nervousness')),
    ('I am not angry any more.', ('anger', 'annoyance')),
)


@pytest.mark.parametrize(('text', 'labels'), NEGATED)
def test_negated_emotion_is_not_claimed(
    affect: TextAffect, text: str, labels: tuple[str, ...]
) -> None:
    p = affect.model.probabilities([text])[0]
    given = p >= affect.model.decision.thresholds
    assert not any(given[GOEMOTIONS28.index(label)] for label in labels)
    assert estimate(affect, text).top_label not in labels


def test_unclear_speech_is_unknown_and_clear_speech_lowers_the_quality(
    affect: TextAffect,
) -> None:
    text = 'I am so sad today.'
    unclear = affect.estimate(text, 0, 'p1', heard=0.3)
    assert unclear.reason == UNCLEAR_SPEECH
    assert unclear.abstained
    assert affect.estimate(text, 0, 'p1', heard=0.7).quality == pytest.approx(0.7)
    assert affect.estimate(text, 0, 'p1').quality == 1.0


def test_valence_follows_the_words_and_arousal_is_not_estimated(affect: TextAffect) -> None:
    good = estimate(affect, 'Thank you so much, I am so happy.')
    bad = estimate(affect, 'I am so sad and scared.')
    assert good.valence > 0.3
    assert bad.valence < -0.3
    assert np.isnan(good.arousal)
    assert np.isnan(good.dominance)


def test_derived_valence_needs_evidence() -> None:
    assert np.isnan(derived_valence(np.zeros(28)))
    p = np.zeros(28)
    p[GOEMOTIONS28.index('neutral')] = 0.9
    assert derived_valence(p) == 0.0


def test_batch_equals_single_sentences(affect: TextAffect) -> None:
    texts = ['I miss my sister.', '', 'Lovely weather!']
    batch = affect.model.probabilities(texts)
    assert batch.shape == (3, 28)
    assert np.all(np.isnan(batch[1]))
    for row in (0, 2):
        np.testing.assert_array_equal(batch[row], affect.model.probabilities([texts[row]])[0])
    assert affect.model.probabilities([]).shape == (0, 28)


def test_longest_text_is_read_in_bounded_time(affect: TextAffect) -> None:
    text = 'my heart is broken ' * 100_000
    started_s = time.perf_counter()
    assert not estimate(affect, text).abstained
    assert time.perf_counter() - started_s < 1.0


def test_save_and_load_give_the_same_weights(tmp_path: Path) -> None:
    file = tmp_path / 'tiny.npz'
    weights = tiny_weights()
    digest = text_linear.save(file, weights, {'seed': 1})
    loaded = text_linear.load(file, sha256=digest, model_id='tiny')
    assert loaded.vocabulary.words() == weights.vocabulary.words()
    np.testing.assert_array_equal(loaded.weights, weights.weights)
    assert loaded.piece_weight == weights.piece_weight
    assert loaded.model_hash == digest[:12]
    assert text_linear.save(tmp_path / 'again.npz', weights, {'seed': 1}) == digest


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'gone\.npz.*git checkout'):
        text_linear.load(tmp_path / 'gone.npz')


def test_wrong_hash_is_refused(tmp_path: Path) -> None:
    file = tmp_path / 'tiny.npz'
    text_linear.save(file, tiny_weights(), {})
    with pytest.raises(ModelError, match=r'tiny\.npz: sha256 is .* expected 000000000000'):
        text_linear.load(file, sha256='0' * 64)


@pytest.mark.parametrize('content', [b'', b'not an archive', b'PK\x03\x04 cut off'])
def test_corrupt_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / 'bad.npz'
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r'bad\.npz: not a usable text model'):
        text_linear.load(file)


def test_file_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    file = tmp_path / 'pickle.npz'
    np.savez(file, facts=np.array([{'a': 1}], dtype=object))
    with pytest.raises(ModelError, match='not a usable text model'):
        text_linear.load(file)


def test_file_for_other_features_is_refused(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / 'old.npz'
    monkeypatch.setattr(text_linear, 'FEATURES_ID', 'text-features.0')
    text_linear.save(file, tiny_weights(), {})
    monkeypatch.undo()
    with pytest.raises(ModelError, match=r"features is 'text-features\.0'"):
        text_linear.load(file)
