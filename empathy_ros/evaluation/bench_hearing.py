# SPDX-License-Identifier: Apache-2.0
"""What hearing costs: processor seconds per second of sound, and word errors on the demo's clips.

`python -m empathy_ros.evaluation.bench_hearing [--rounds 5] [--json]`
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
import json
import os
import statistics
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros import models, paths
from empathy_ros.core.prosody import measure
from empathy_ros.core.resampling import RATE_HZ, Resampler
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.playlist import read_sound, SourceError
from empathy_ros.engines.stt import WhisperStt
from empathy_ros.engines.vad import SileroVad
from empathy_ros.evaluation.common import BadInput, Progress

Samples = NDArray[np.float32]
PREFIX = 'sense_and_sensibility_01_austen_64kb-'
# What the reader says, from the public-domain book.
CLIPS = {
    '0870': 'and mister john dashwood had then leisure to consider how much there might be '
    'prudently in his power to do for them',
    '0880': 'he was not an ill disposed young man',
    '0930': 'he might even have been made amiable himself',
}
_SAME = {'mr': 'mister', 'mrs': 'missis'}


def words(text: str) -> list[str]:
    """Return the words of a text, lower case, without punctuation, titles written out."""
    plain = ''.join(c if c.isalnum() or c == "'" else ' ' for c in text.lower())
    return [_SAME.get(word, word) for word in plain.split()]


def word_errors(expected: Sequence[str], heard: Sequence[str]) -> int:
    """Return the least number of words to insert, delete or replace (Levenshtein distance)."""
    row = list(range(len(heard) + 1))
    for i, want in enumerate(expected, 1):
        before, row[0] = row[0], i
        for j, got in enumerate(heard, 1):
            best = min(row[j] + 1, row[j - 1] + 1, before + (want != got))
            before, row[j] = row[j], best
    return row[-1]


def clips() -> dict[str, Samples]:
    """Return the sound of each clip.

    Raises:
        BadInput: a clip is missing or unreadable.
    """
    try:
        return {
            name: read_sound(paths.share('examples', 'demo', f'{PREFIX}{name}.wav'))
            for name in CLIPS
        }
    except (SourceError, FileNotFoundError) as error:
        raise BadInput(str(error)) from error


def _cost(work: Callable[[], Any], sound_s: float) -> float:
    start_s = time.process_time()
    work()
    return (time.process_time() - start_s) / sound_s


def run(rounds: int) -> dict[str, Any]:
    """Return medians over the rounds.

    Returns:
        cpu_per_second of each part (1 = one core busy all the time), word_error_rate, words,
        recognition_cpu_s per clip, rounds, cores, load_average.

    Raises:
        BadInput: a clip or a model is missing.
    """
    sounds = clips()
    try:
        vad = SileroVad(models.find('silero_vad'))
        stt = WhisperStt(models.find('whisper_tiny'))
    except ModelError as error:
        raise BadInput(str(error)) from error
    whole = np.concatenate(list(sounds.values()))
    sound_s = len(whole) / RATE_HZ
    costs: dict[str, list[float]] = {'voice_activity': [], 'voice_features': [], 'resampling': []}
    recognition: list[float] = []
    heard: dict[str, str] = {}
    progress = Progress('hearing', rounds)
    for done in range(rounds):
        costs['voice_activity'].append(_cost(lambda: list(vad.push(whole)), sound_s))
        costs['voice_features'].append(_cost(lambda: measure(whole), sound_s))
        costs['resampling'].append(
            _cost(lambda: Resampler(44_100).push(whole), len(whole) / 44_100)
        )
        for name, sound in sounds.items():
            start_s = time.process_time()
            heard[name] = stt.transcribe(sound).text
            recognition.append(time.process_time() - start_s)
        progress.step(done + 1)
    total = sum(len(words(text)) for text in CLIPS.values())
    wrong = sum(word_errors(words(CLIPS[n]), words(heard[n])) for n in CLIPS)
    return {
        'cpu_per_second': {name: statistics.median(v) for name, v in costs.items()},
        'recognition_cpu_s': statistics.median(recognition),
        'word_error_rate': wrong / total,
        'words': total,
        'rounds': rounds,
        'cores': os.cpu_count(),
        'load_average': os.getloadavg()[0],
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 = something is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').split('\n')[0])
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--json', action='store_true')
    args = parser.parse_args(argv)
    if args.rounds < 1:
        parser.error(f'--rounds: {args.rounds} is below 1')
    try:
        result = run(args.rounds)
    except BadInput as error:
        print(f'bench_hearing: {error}', file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(result))
        return 0
    for name, value in result['cpu_per_second'].items():
        print(f'{name:16} {1000 * value:7.2f} ms of a core per second of sound')
    print(f'recognition      {result["recognition_cpu_s"]:7.2f} s of a core per turn')
    print(f'word errors      {result["word_error_rate"]:7.3f} of {result["words"]} words')
    return 0


if __name__ == '__main__':
    sys.exit(main())
