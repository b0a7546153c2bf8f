# SPDX-License-Identifier: Apache-2.0
"""The classifier: learns what is there, calibrated, never across speakers; its file and terms."""

from dataclasses import replace

import numpy as np
import pytest

from empathy_ros.core.types import AffectEstimate, Modality
from empathy_ros.core.voice_categories import (
    CategoryConfig,
    CategoryReader,
    KnownVoices,
    with_reading,
)
from empathy_ros.core.voice_features import FEATURES
from empathy_ros.core.voice_fit import arousal_of, Examples, fit_head, floor_of, folds_of
from empathy_ros.core.voice_model import Reading, VoiceClassifier
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError

NAMES = ('neutral', 'sadness', 'anger')
HEARD = AffectEstimate(
    7, Modality.VOICE, 'u1', 'voice', 'p1', arousal=0.2, confidence=0.6, quality=1.0,
    model_id='voice_prosody_1',
)  # fmt: skip


def blobs(speakers=6, per_class=8, offset=0.0, seed=0, size=0.2):
    """Return vectors in which class and speaker both move some of the columns."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((3, FEATURES)) * size
    own = rng.standard_normal((speakers, FEATURES)) * offset
    labels = np.tile(np.repeat(np.arange(3), per_class), speakers)
    who = np.repeat(np.arange(speakers), 3 * per_class)
    vectors = centres[labels] + own[who] + rng.standard_normal((len(labels), FEATURES))
    return Examples(vectors[None].astype(np.float32), labels, who, NAMES)


@pytest.fixture(scope='module')
def data():
    return blobs()


@pytest.fixture(scope='module')
def classifier(data):
    train = data.part(data.speakers > 0)
    plain, known = (fit_head(train, known_voice=k) for k in (False, True))
    return VoiceClassifier(
        NAMES, plain, known, 'voice_test', 'abc', 'CC0-1.0', facts={'trained_on': 'blobs'}
    )


def test_another_speaker_is_read_and_shares_are_shares(data, classifier):
    held = data.speakers == 0
    readings = classifier.read_all(data.vectors[0][held])
    right = [int(r.shares.argmax()) == k for r, k in zip(readings, data.labels[held], strict=True)]
    assert np.mean(right) > 0.8
    assert all(abs(r.shares.sum() - 1) < 1e-6 and 0 <= r.high <= 1 for r in readings)
    side = arousal_of(NAMES, data.labels[held])
    assert np.mean([(r.high > 0.5) == s for r, s in zip(readings, side, strict=True)]) > 0.8


def test_a_known_voice_is_read_better_where_voices_differ():
    data = blobs(speakers=8, offset=2.0, seed=3, size=0.3)
    held = data.speakers == 0
    train = data.part(~held)
    plain, known = (fit_head(train, known_voice=k) for k in (False, True))
    both = VoiceClassifier(NAMES, plain, known)
    vectors, truth = data.vectors[0][held], data.labels[held]

    def share(readings):
        return np.mean([r.shares[k] for r, k in zip(readings, truth, strict=True)])

    alone = share(both.read_all(vectors))
    against = both.read_all(vectors, vectors.mean(axis=0))
    assert share(against) > alone + 0.02
    assert against[0].known_voice


def test_no_class_in_the_data_means_no_confidence():
    data = blobs(seed=5)
    rng = np.random.default_rng(0)
    noise = Examples(
        rng.standard_normal(data.vectors.shape).astype(np.float32), data.labels, data.speakers,
        NAMES,
    )  # fmt: skip
    head = fit_head(noise, known_voice=False)
    readings = VoiceClassifier(NAMES, head, None).read_all(
        rng.standard_normal((50, FEATURES)).astype(np.float32)
    )
    assert np.mean([r.confidence for r in readings]) < 0.6
    assert np.mean([r.confidence >= r.floor for r in readings]) < 0.3


def test_too_little_speech_is_unknown(classifier):
    reading = classifier.read(np.full(FEATURES, np.nan, np.float32))
    assert np.isnan(reading.shares).all()
    assert np.isnan(reading.high)
    assert reading.confidence == 0.0
    assert with_reading(HEARD, reading, classifier, 0.0) is HEARD


def test_speakers_are_never_on_both_sides():
    speakers = np.repeat(np.arange(7), 3)
    folds = folds_of(speakers, 3)
    assert np.sum(folds, axis=0).tolist() == [1] * 21
    for held in folds:
        assert not set(speakers[held]) & set(speakers[~held])


def test_floor_is_where_answers_become_right():
    confidence = np.linspace(1, 0, 100)
    assert floor_of(confidence, np.arange(100) < 45) == pytest.approx(confidence[59])
    assert floor_of(confidence, np.zeros(100, bool)) == 1.0


def test_category_only_above_the_floor_and_by_a_clear_voice(classifier):
    sure = Reading(np.array([0.05, 0.05, 0.9]), 0.95, 0.5)
    named = with_reading(HEARD, sure, classifier, 0.0)
    assert (named.top_label, named.model_id) == ('anger', 'voice_test')
    assert named.arousal == pytest.approx(0.9)
    assert -0.5 <= named.valence < -0.4
    assert np.isnan(named.scores[1])
    assert with_reading(HEARD, sure, classifier, 0.95).top_label == ''
    noisy = with_reading(replace(HEARD, quality=0.05), sure, classifier, 0.0)
    assert noisy.top_label == ''
    assert noisy.confidence < 0.53
    unsure = with_reading(HEARD, replace(sure, floor=0.95), classifier, 0.0)
    assert unsure.top_label == ''
    assert np.isnan(unsure.valence)
    assert len(unsure.scores) == 0
    gone = replace(HEARD, abstained=True, reason='noise')
    assert with_reading(gone, sure, classifier, 0.0) is gone


def test_arousal_that_was_never_learnt_stays_that_of_prosody():
    data = blobs()
    loud = Examples(data.vectors, data.labels, data.speakers, ('happiness', 'fear', 'anger'))
    head = replace(fit_head(loud, known_voice=False), floor=0.0)
    classifier = VoiceClassifier(loud.names, head, None, 'voice_loud')
    reading = classifier.read(data.vectors[0][0])
    assert np.isnan(reading.high)
    named = with_reading(HEARD, reading, classifier, 0.0)
    assert (named.arousal, named.model_id) == (HEARD.arousal, 'voice_loud')
    assert with_reading(HEARD, reading, classifier, 1.0) is HEARD


def test_calm_counts_as_neutral(classifier):
    calm = replace(classifier, labels=('neutral', 'calm', 'anger'))
    basic = calm.basic(np.array([0.2, 0.5, 0.3]))
    assert basic[0] == pytest.approx(0.7)
    assert np.isnan(basic[1])


def test_a_voice_is_known_after_a_minute_and_forgotten_on_request():
    voices = KnownVoices()
    for turn in range(7):
        voices.learn('p1', np.full(FEATURES, turn, np.float32), 10.0)
        assert (voices.usual('p1', 60.0) is None) == (turn < 5)
    assert voices.usual('p1', 60.0)[0] == 3.0
    voices.learn('p1', np.full(FEATURES, np.nan, np.float32), 10.0)
    voices.learn('', np.zeros(FEATURES, np.float32), 10.0)
    assert voices.speech_s('p1') == 70.0
    voices.forget('p1')
    assert voices.usual('p1', 0.0) is None


def test_nothing_is_learnt_where_the_baseline_is_off(classifier):
    reader = CategoryReader(classifier, CategoryConfig())
    reader.learn('p1', np.zeros(FEATURES, np.float32), 9.0)
    reader.reconfigure(CategoryConfig(keep_baseline=False))
    reader.learn('p1', np.zeros(FEATURES, np.float32), 9.0)
    assert reader.voices.speech_s('p1') == 0.0
    assert CategoryReader(None, CategoryConfig()).refine(HEARD, None) is HEARD


def test_the_file_gives_back_the_same_answers(tmp_path, data, classifier):
    file = tmp_path / 'voice_test.npz'
    digest = voice_model.save(file, classifier)
    assert voice_model.save(file, classifier) == digest
    assert [p.name for p in tmp_path.iterdir()] == ['voice_test.npz']
    again = voice_model.load(file)
    assert again.model_hash == digest[:12]
    vector = data.vectors[0][0]
    assert np.allclose(again.read(vector).shares, classifier.read(vector).shares)
    usual = data.vectors[0].mean(axis=0)
    assert np.allclose(again.read(vector, usual).shares, classifier.read(vector, usual).shares)
    assert voice_model.facts(file)['trained_on'] == 'blobs'


def test_noncommercial_terms_must_be_accepted(tmp_path, classifier):
    file = tmp_path / 'research.npz'
    terms = replace(classifier, licence='CC-BY-NC-SA-4.0', noncommercial=True)
    voice_model.save(file, terms)
    with pytest.raises(ModelError, match=r'CC-BY-NC-SA-4\.0.*accept_noncommercial'):
        voice_model.load(file)
    assert voice_model.load(file, accept_noncommercial=True).noncommercial


def test_bad_files_are_named_with_the_cure(tmp_path, classifier):
    file = tmp_path / 'voice_test.npz'
    voice_model.save(file, classifier)
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes(255 - b for b in whole[middle:][:64]) + whole[middle + 64 :]
    for content in (b'', b'not a file', whole[:middle], flipped):
        file.write_bytes(content)
        with pytest.raises(ModelError, match=r'voice_test\.npz.*models train voice'):
            voice_model.load(file)
    np.savez(file, facts=np.array([{}], dtype=object))
    with pytest.raises(ModelError, match='not a usable voice model'):
        voice_model.load(file)
    np.savez(file, facts=np.frombuffer(b'[1]', np.uint8))
    with pytest.raises(ModelError, match='not a usable voice model'):
        voice_model.load(file)
    broken = replace(classifier.plain, weights=np.full_like(classifier.plain.weights, np.nan))
    with pytest.raises(ValueError, match='not finite'):
        replace(classifier, plain=broken)


def test_a_missing_model_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    assert voice_model.chosen('prosody', False) is None
    with pytest.raises(ModelError, match=r'voice_ravdess\.npz: no such voice model.*train voice'):
        voice_model.chosen('voice_ravdess', True)
