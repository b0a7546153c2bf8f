# SPDX-License-Identifier: Apache-2.0
"""The encoder reads long turns in windows, and a damaged folder is named."""

from __future__ import annotations

import json
from pathlib import Path
import shutil

import numpy as np
import pytest

from empathy_ros import models
from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.core.text_blend import blend, BlendedText
from empathy_ros.engines import text_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.text_encoder import EncoderText, read_facts

ENTRY = models.get(text_models.ENCODER)
NEUTRAL, GRIEF = GOEMOTIONS28.index('neutral'), GOEMOTIONS28.index('grief')
LOSS = 'My sister died on Tuesday and I miss her so much.'
PLAIN = 'Then the bus went along the road and past the school and over the bridge. '


@pytest.fixture(scope='module')
def encoder() -> EncoderText:
    return text_models.load_encoder(ENTRY, models.find_model(ENTRY))[0]


def test_one_window_is_the_network_itself(encoder: EncoderText) -> None:
    assert encoder.logits(LOSS).shape == (1, 28)
    assert encoder.provider == 'cpu'


def test_a_loss_late_in_a_long_turn_is_not_lost(encoder: EncoderText) -> None:
    alone, long = encoder.probabilities([LOSS, PLAIN * 8 + LOSS])
    assert encoder.logits(PLAIN * 8 + LOSS).shape[0] > 2
    assert alone[GRIEF] > 0.3
    assert long[GRIEF] > 0.3
    assert long[NEUTRAL] < encoder.probabilities([PLAIN])[0][NEUTRAL]


@pytest.mark.parametrize('word', ['Сегодня', 'أشعر', '今日', 'xqzt'])
def test_other_scripts_are_not_known(encoder: EncoderText, word: str) -> None:
    assert encoder.known_share([word]) == 0.0


def test_words_around_an_apostrophe_count_alone(encoder: EncoderText) -> None:
    assert encoder.known_share(["don't"]) == 1.0
    assert encoder.known_share([]) == 0.0


def test_the_file_fits_the_promise() -> None:
    folder = models.find_model(ENTRY)
    assert sum(file.stat().st_size for file in folder.iterdir()) < 12e6


def test_blend_is_the_mean_of_log_odds() -> None:
    assert blend(np.array([0.9]), np.array([0.1]), 0.5)[0] == pytest.approx(0.5)
    assert blend(np.array([0.9]), np.array([0.1]), 0.0)[0] == pytest.approx(0.9)
    assert np.isnan(blend(np.array([np.nan]), np.array([0.1]), 0.5)[0])


def test_a_weight_out_of_range_is_refused(encoder: EncoderText) -> None:
    with pytest.raises(ValueError, match=r'weight of a blend is 1\.5'):
        BlendedText(encoder, encoder, 1.5, encoder.decision)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'format': 'other'}, 'needs format'),
        ({'labels': ['joy']}, 'needs format'),
        ({'offset': [0.0]}, 'offset must be 28 finite numbers'),
        ({'slope': float('nan')}, 'not finite'),
        ({'blend': {'a': 0.1, 'b': 0.2}}, 'one partner'),
        ({'top_slope': None}, 'not usable'),
    ],
)
def test_a_damaged_decision_is_named(tmp_path: Path, change: dict, message: str) -> None:
    facts = json.loads((models.find_model(ENTRY) / 'decision.json').read_text('utf-8'))
    file = tmp_path / 'decision.json'
    file.write_text(json.dumps(facts | change), encoding='utf-8')
    with pytest.raises(ModelError, match=message) as caught:
        read_facts(file, 'x', 'y')
    assert str(file) in str(caught.value)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    folder = tmp_path / 'text_encoder'
    shutil.copytree(models.find_model(ENTRY), folder)
    (folder / 'model.onnx').unlink()
    with pytest.raises(ModelError, match=r'model\.onnx'):
        models.find_model(ENTRY, tmp_path)


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    folder = tmp_path / 'text_encoder'
    shutil.copytree(models.find_model(ENTRY), folder)
    (folder / 'tokenizer.json').write_text('{}', encoding='utf-8')
    with pytest.raises(ModelError, match=r'tokenizer\.json: not usable'):
        text_models.load_encoder(ENTRY, folder)
