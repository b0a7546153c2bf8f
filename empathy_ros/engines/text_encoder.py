# SPDX-License-Identifier: Apache-2.0
"""The fine-tuned encoder for words: word pieces in, 28 calibrated probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from empathy_ros.core import text_features
from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.core.text import sigmoid, TextDecision
from empathy_ros.engines.onnx import ModelError, OnnxModel

FloatArray = NDArray[np.float64]
NEUTRAL = GOEMOTIONS28.index('neutral')
FORMAT = 'empathy-text-encoder.1'


@dataclass(frozen=True)
class Curve:
    """probability = sigmoid(slope * logit + offset); offset has shape (28,)."""

    slope: float
    offset: FloatArray = field(repr=False)


@dataclass(frozen=True)
class EncoderFacts:
    """What decision.json says.

    Attributes:
        curve: From logits to probabilities.
        decision: Thresholds and confidence, of the blend if there is one.
        blend: Other text models of the manifest and their weight in the blend, 0..1.
    """

    curve: Curve
    decision: TextDecision
    blend: dict[str, float]


def read_facts(file: Path, model_id: str, model_hash: str) -> EncoderFacts:
    """Return what decision.json says: calibration, thresholds, confidence, blend.

    Raises:
        ModelError: Not readable, of another format or other labels, or a number is missing or not
            finite; the text names the file.
    """
    try:
        facts: dict[str, Any] = json.loads(file.read_text('utf-8'))
        if facts['format'] != FORMAT or tuple(facts['labels']) != GOEMOTIONS28.labels:
            raise ValueError(f'needs format {FORMAT} and the labels of {GOEMOTIONS28.id}')
        curve = Curve(float(facts['slope']), _vector(facts, 'offset', len(GOEMOTIONS28)))
        decision = TextDecision(
            thresholds=_vector(facts, 'thresholds', len(GOEMOTIONS28)).astype(np.float32),
            ekman_thresholds=_vector(facts, 'ekman_thresholds', 7).astype(np.float32),
            top_slope=float(facts['top_slope']),
            top_offset=float(facts['top_offset']),
            model_id=model_id,
            model_hash=model_hash,
        )
        blend = {str(name): float(weight) for name, weight in facts.get('blend', {}).items()}
        numbers = (curve.slope, decision.top_slope, decision.top_offset, *blend.values())
        if len(blend) > 1:
            raise ValueError('a blend has one partner')
        if not all(map(math.isfinite, numbers)):
            raise ValueError('a number is not finite')
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f'{file}: not usable ({error})') from error
    return EncoderFacts(curve, decision, blend)


def _vector(facts: dict[str, Any], name: str, size: int) -> FloatArray:
    values = np.asarray(facts[name], np.float64)
    if values.shape != (size,) or not np.all(np.isfinite(values)):
        raise ValueError(f'{name} must be {size} finite numbers')
    return values


class EncoderText:
    """A TextModel (core/text.py); `probabilities` may be called from any thread.

    A text of more pieces than the network was trained on is read in windows. Of the windows an
    emotion takes its largest probability and neutral its smallest: one sad sentence in a long turn
    stays visible.
    """

    def __init__(
        self, network: OnnxModel, tokenizer: Tokenizer, curve: Curve, decision: TextDecision
    ) -> None:
        """Keep the parts; the tokenizer must cut at the longest input (its truncation).

        Raises:
            ModelError: The tokenizer does not say where it cuts.
        """
        if not tokenizer.truncation:
            raise ModelError(f'{network.file.parent}/tokenizer.json: says no max_length')
        self.max_pieces = int(tokenizer.truncation['max_length'])
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._begin, self._end = tokenizer.encode('').ids
        self._unknown = tokenizer.token_to_id('[UNK]')
        self._network, self._tokenizer, self._curve = network, tokenizer, curve
        self.decision = decision

    @property
    def provider(self) -> str:
        """What the network really runs on: 'tensorrt', 'cuda' or 'cpu'."""
        return self._network.provider

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return calibrated probabilities per label, shape (n, 28); NaN without words."""
        rows = [self._row(text) for text in texts]
        return np.array(rows).reshape(len(rows), len(GOEMOTIONS28))

    def known_share(self, words: Sequence[str]) -> float:
        """Return the share of words that are one piece of the vocabulary, 0..1; 0 without words.

        What stands around an apostrophe counts as words of its own.
        """
        parts = [part for word in words for part in word.strip('[]').split("'") if part]
        if not parts:
            return 0.0
        encoded = self._tokenizer.encode_batch(parts, add_special_tokens=False)
        known = [len(e.ids) == 1 and e.ids[0] != self._unknown for e in encoded]
        return sum(known) / len(parts)

    def logits(self, text: str) -> FloatArray:
        """Return the bare outputs, one row per window, shape (windows, 28)."""
        plain = text_features.normalise(text)
        pieces = self._tokenizer.encode(plain, add_special_tokens=False).ids
        size = self.max_pieces - 2
        windows = [pieces[i : i + size] for i in range(0, max(len(pieces), 1), size)]
        return np.concatenate([self._run(window) for window in windows]).astype(np.float64)

    def _run(self, pieces: list[int]) -> NDArray[np.float32]:
        ids = np.array([[self._begin, *pieces, self._end]], np.int32)
        positions = np.arange(ids.shape[1], dtype=np.int32)[None]
        return np.asarray(self._network.run(ids, positions)[0], np.float32)

    def _row(self, text: str) -> FloatArray:
        if not any(map(text_features.is_word, text_features.tokens(text))):
            return np.full(len(GOEMOTIONS28), np.nan)
        p = sigmoid(self._curve.slope * self.logits(text) + self._curve.offset)
        row = p.max(axis=0)
        row[NEUTRAL] = p[:, NEUTRAL].min()
        return np.asarray(row)
