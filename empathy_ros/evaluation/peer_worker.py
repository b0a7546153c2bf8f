# SPDX-License-Identifier: Apache-2.0
"""Measures one package of others for `empathy bench --peers`; runs under the user's Python.

`PYTHON peer_worker.py KIND FILE...`: KIND fer or fer_keras with pictures, opensmile with WAV files
(16 kHz, mono, 16 bit). Imports nothing of ours, so that it runs where only the peer is installed.

Protocol, one JSON object a line on stdout: first {"name", "version", "found", "units"} once the
peer is loaded and warm, or {"error"}; then for each number N on stdin {"cpu_s"}: processor seconds
of all threads for N passes over the files. A unit is a picture or a second of sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
import contextlib
import importlib
import importlib.metadata
import json
import os
import sys
import time
from typing import Any, TextIO
import wave

WARM_UP = 3


class Missing(Exception):
    """The peer cannot be used; the text says what and how to install it."""


def version(package: str) -> str:
    """Return the installed version, 'unknown' without one."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return 'unknown'


def read_pictures(files: Sequence[str]) -> list[Any]:
    """Return the pictures, blue-green-red; raises Missing."""
    try:
        import cv2
    except ImportError as error:
        raise Missing(f'cv2 cannot be imported: {error}') from error
    cv2.setNumThreads(1)
    return [cv2.imread(file) for file in files]


def read_sounds(files: Sequence[str]) -> list[Any]:
    """Return the sounds as float32 in -1..1; raises Missing."""
    try:
        import numpy as np
    except ImportError as error:
        raise Missing(f'numpy cannot be imported: {error}') from error
    sounds = []
    for file in files:
        with wave.open(file) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        sounds.append(samples.astype(np.float32) / 32768.0)
    return sounds


def fer(files: Sequence[str], tflite: bool) -> tuple[Callable[[Any], int], list[Any]]:
    """Return fer's complete path from a picture to expressions, and the pictures."""
    try:
        maker = importlib.import_module('fer.fer').FER
        tensorflow = importlib.import_module('tensorflow')
    except ImportError as error:
        raise Missing(
            f"fer cannot be imported: {error}; install fer==25.10.3 'opencv-contrib-python<5'"
            " tensorflow 'setuptools<80'"
        ) from error
    with contextlib.suppress(AttributeError, RuntimeError):
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    try:
        reader = maker(use_tflite=tflite)
    except Exception as error:
        raise Missing(f'fer does not start: {error!r}') from error
    return (lambda picture: len(reader.detect_emotions(picture))), read_pictures(files)


def opensmile(files: Sequence[str]) -> tuple[Callable[[Any], int], list[Any]]:
    """Return the functionals of eGeMAPS of a sound, and the sounds."""
    try:
        library = importlib.import_module('opensmile')
    except ImportError as error:
        raise Missing(
            f'opensmile cannot be imported: {error}; install opensmile==2.6.0'
        ) from error
    smile = library.Smile(
        feature_set=library.FeatureSet.eGeMAPSv02,
        feature_level=library.FeatureLevel.Functionals,
    )
    return (lambda sound: len(smile.process_signal(sound, 16000))), read_sounds(files)


def serve(
    head: dict[str, Any],
    work: Callable[[Any], int],
    items: Sequence[Any],
    out: TextIO,
    settle: Callable[[Any], object] | None = None,
) -> None:
    """Warm up, say what was found, then measure as often as asked.

    Args:
        head: What the first line tells besides `found`.
        work: One pass over one item; returns how many faces or rows it found.
        items: Pictures or sounds.
        out: Where the answers go.
        settle: Done before the passes over an item, not measured.
    """
    found = 0
    for item in items:
        for _ in range(WARM_UP):
            seen = work(item)
        found += seen
    print(json.dumps({**head, 'found': found}), file=out, flush=True)
    for line in sys.stdin:
        cpu_s = 0.0
        for item in items:
            if settle is not None:
                settle(item)
            start_s = time.process_time()
            for _ in range(int(line)):
                work(item)
            cpu_s += time.process_time() - start_s
        print(json.dumps({'cpu_s': cpu_s}), file=out, flush=True)


def private_stdout() -> TextIO:
    """Return stdout for the protocol alone; what libraries print goes to stderr."""
    out = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    os.dup2(2, 1)
    return out


def main(argv: Sequence[str]) -> int:
    """Run one peer until stdin ends; 3 = it cannot be used."""
    out = private_stdout()
    kind, files = argv[0], argv[1:]
    try:
        if kind == 'opensmile':
            work, items = opensmile(files)
            units = sum(len(sound) for sound in items) / 16000.0
        else:
            work, items = fer(files, tflite=kind == 'fer')
            units = float(len(items))
    except Missing as error:
        print(json.dumps({'error': str(error)}), file=out, flush=True)
        return 3
    name = kind.split('_')[0]
    head = {'name': kind.replace('_', ' '), 'version': version(name), 'units': units}
    serve(head, work, items, out)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
