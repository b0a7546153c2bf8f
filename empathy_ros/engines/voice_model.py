# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the file of a voice classifier: one .npz without pickled objects.

Such files are made by the user with `./empathy models train voice`; none comes with the package.
"""

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

from empathy_ros import models
from empathy_ros.core.voice_features import FEATURES_ID
from empathy_ros.core.voice_model import Head, VoiceClassifier
from empathy_ros.engines.onnx import ModelError

FORMAT = 'empathy-voice.1'
PROSODY = 'prosody'
HASH_DIGITS = 12
MAX_BYTES = 100_000_000
_DAMAGED = (
    ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip
_ARRAYS = ('mean', 'scale', 'support', 'weights')
_NUMBERS = ('gamma', 'temperature', 'arousal_temperature', 'floor')


def find(name: str) -> Path:
    """Return the file of a classifier given by path or by its id in the folder of models.

    Raises:
        ModelError: there is no such file; the text names the command that makes one.
    """
    path = Path(name)
    if path.suffix == '.npz' or '/' in name:
        if path.is_file():
            return path
        raise ModelError(f'{path}: no such file; give an .npz of `empathy models train voice`')
    path = models.models_folder() / f'{name}.npz'
    if not path.is_file():
        raise ModelError(
            f'{path}: no such voice model; `empathy models train voice` makes one from a data set'
        )
    return path


def load(file: Path, *, accept_noncommercial: bool = False) -> VoiceClassifier:
    """Return the classifier of a file.

    Args:
        file: An .npz written by `save`.
        accept_noncommercial: The user agrees to non-commercial terms, where the file has them.
    Raises:
        ModelError: missing, not such a file, parts that do not fit together, or terms that were
            not accepted; the text names the file and the cure.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ModelError(f'{file}: over {MAX_BYTES} bytes, no voice model; {_CURE}')
        content = file.read_bytes()
    except OSError as error:
        raise ModelError(f'{file}: {error.strerror}; {_CURE}') from error
    digest = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            classifier = _classifier(arrays, file.stem, digest)
    except _DAMAGED as error:
        raise ModelError(f'{file}: not a usable voice model ({error}); {_CURE}') from error
    if classifier.noncommercial and not accept_noncommercial:
        raise ModelError(
            f'{file}: its terms are {classifier.licence}, for non-commercial use only; set '
            'accept_noncommercial: true (command line: --accept-noncommercial) to agree'
        )
    return classifier


def chosen(name: str, accept_noncommercial: bool) -> VoiceClassifier | None:
    """Return the classifier called `name`, None for 'prosody'; ModelError as `find` and `load`."""
    if name == PROSODY:
        return None
    return load(find(name), accept_noncommercial=accept_noncommercial)


def facts(file: Path) -> dict[str, Any]:
    """Return what a file says about itself, whatever its terms; ModelError as `load`."""
    classifier = load(file, accept_noncommercial=True)
    return dict(classifier.facts) | {
        'id': file.stem,
        'licence': classifier.licence,
        'noncommercial': classifier.noncommercial,
        'hash': classifier.model_hash,
    }


def save(file: Path, classifier: VoiceClassifier) -> str:
    """Write a classifier in one piece; return the sha256 of the file.

    The same input gives the same bytes. Nothing is left behind when writing fails.

    Raises:
        ModelError: the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {'facts': _text_array(_facts_of(classifier))}
    for name, head in (('plain', classifier.plain), ('known', classifier.known)):
        if head is not None:
            for part in _ARRAYS:
                arrays[f'{name}_{part}'] = getattr(head, part).astype(np.float32)
            numbers = [getattr(head, number) for number in _NUMBERS]
            arrays[f'{name}_numbers'] = np.array(numbers, dtype=np.float64)
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]))
            entry = zipfile.ZipInfo(f'{name}.npy', date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    half = file.with_name(file.name + '.part')
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content.getvalue())
        half.replace(file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ModelError(f'{file}: cannot be written: {error.strerror}') from error
    return hashlib.sha256(content.getvalue()).hexdigest()


def _facts_of(classifier: VoiceClassifier) -> str:
    told = {
        **classifier.facts,
        'format': FORMAT,
        'features': FEATURES_ID,
        'labels': list(classifier.labels),
        'licence': classifier.licence,
        'noncommercial': classifier.noncommercial,
    }
    return json.dumps(told, sort_keys=True)


def _classifier(arrays: Any, model_id: str, digest: str) -> VoiceClassifier:
    told = json.loads(arrays['facts'].tobytes().decode('utf-8'))
    for name, value in {'format': FORMAT, 'features': FEATURES_ID}.items():
        if told.get(name) != value:
            raise ValueError(f'{name} is {told.get(name)!r}, this version needs {value!r}')
    known = _head(arrays, 'known') if 'known_support' in arrays else None
    return VoiceClassifier(
        labels=tuple(str(label) for label in told['labels']),
        plain=_head(arrays, 'plain'),
        known=known,
        model_id=model_id,
        model_hash=digest,
        licence=str(told['licence']),
        # Only a file that says so in plain terms is free of the restriction.
        noncommercial=told.get('noncommercial') is not False,
        facts=told,
    )


def _head(arrays: Any, name: str) -> Head:
    parts = {part: np.asarray(arrays[f'{name}_{part}']) for part in _ARRAYS}
    for part, array in parts.items():
        if array.dtype != np.float32:
            raise ValueError(f'{name}_{part} has type {array.dtype}, expected float32')
    numbers = np.asarray(arrays[f'{name}_numbers'], dtype=np.float64)
    if numbers.shape != (len(_NUMBERS),) or not np.isfinite(numbers).all():
        raise ValueError(f'{name}_numbers: {len(_NUMBERS)} finite numbers are needed')
    gamma, temperature, arousal_temperature, floor = (float(x) for x in numbers)
    return Head(
        parts['mean'], parts['scale'],  parts['support'], parts['weights'],
        gamma, temperature, arousal_temperature, floor,
    )  # fmt: skip


def _text_array(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode('utf-8'), dtype=np.uint8)


_CURE = 'make it again with `empathy models train voice`'
