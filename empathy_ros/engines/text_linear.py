# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the file of the linear text model: one .npz without pickled objects."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any
import zipfile
import zlib

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import GOEMOTIONS28
from empathy_ros.core.text_features import FEATURES_ID
from empathy_ros.core.text_weights import TextWeights, Vocabulary
from empathy_ros.engines.onnx import ModelError

LINEAR = 'text_affect_linear'
"""Id of the default model in models/manifest.yaml."""

FORMAT = 'empathy-text-linear.1'
HASH_DIGITS = 12
_ARRAYS = {
    'idf': np.float32,
    'weights': np.int8,
    'scale': np.float32,
    'bias': np.float32,
    'slope': np.float32,
    'offset': np.float32,
    'thresholds': np.float32,
    'ekman_thresholds': np.float32,
}
_NUMBERS = ('n_words', 'piece_weight', 'top_slope', 'top_offset')


def load(file: Path, *, sha256: str = '', model_id: str = LINEAR) -> TextWeights:
    """Return the weights of a file.

    Args:
        file: An .npz written by `save`.
        sha256: Expected hash; '' = any.
        model_id: Name under which estimates mention the model.
    Raises:
        ModelError: Missing, other hash, not such a file, or parts that do not fit together; the
            text names the file and the cure.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f'{file}: {error.strerror}; {_cure(file)}') from error
    digest = hashlib.sha256(content).hexdigest()
    if sha256 and digest != sha256.lower():
        raise ModelError(
            f'{file}: sha256 is {digest[:HASH_DIGITS]}..., expected {sha256[:HASH_DIGITS]}...; '
            f'{_cure(file)}'
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return _weights(arrays, model_id, digest[:HASH_DIGITS])
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f'{file}: not a usable text model ({error}); {_cure(file)}') from error


def save(file: Path, weights: TextWeights, meta: dict[str, Any]) -> str:
    """Write weights and what is known about their training; return the sha256 of the file.

    The same input gives the same bytes.

    Args:
        file: Target, overwritten.
        weights: What to write.
        meta: Plain values about the training, for people.
    """
    arrays: dict[str, NDArray[Any]] = {
        name: getattr(weights, name).astype(kind) for name, kind in _ARRAYS.items()
    }
    facts = {
        **meta,
        'format': FORMAT,
        'features': FEATURES_ID,
        'taxonomy': GOEMOTIONS28.id,
        **{name: getattr(weights, name) for name in _NUMBERS},
    }
    arrays['vocabulary'] = _text_array('\n'.join(weights.vocabulary.words()))
    arrays['facts'] = _text_array(json.dumps(facts, sort_keys=True))
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]))
            entry = zipfile.ZipInfo(f'{name}.npy', date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue(), compresslevel=9)
    file.write_bytes(content.getvalue())
    return hashlib.sha256(content.getvalue()).hexdigest()


def _weights(arrays: Any, model_id: str, model_hash: str) -> TextWeights:
    facts = json.loads(_text(arrays['facts']))
    wanted = {'format': FORMAT, 'features': FEATURES_ID, 'taxonomy': GOEMOTIONS28.id}
    for name, value in wanted.items():
        if facts.get(name) != value:
            raise ValueError(f'{name} is {facts.get(name)!r}, this version needs {value!r}')
    parts = {name: arrays[name] for name in _ARRAYS}
    for name, kind in _ARRAYS.items():
        if parts[name].dtype != kind:
            raise ValueError(f'{name} has type {parts[name].dtype}, expected {np.dtype(kind)}')
    return TextWeights(
        vocabulary=Vocabulary(_text(arrays['vocabulary']).split('\n')),
        **parts,
        **{name: facts[name] for name in _NUMBERS},
        model_id=model_id,
        model_hash=model_hash,
    )


def _text_array(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode('utf-8'), dtype=np.uint8)


def _text(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode('utf-8')


def _cure(file: Path) -> str:
    return f'restore it: git checkout -- models/{file.name}'
