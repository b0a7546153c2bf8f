# SPDX-License-Identifier: Apache-2.0
"""Our side of `empathy bench --peers`: the same files by the same protocol, see peer_worker.py.

`python -m empathy_ros.evaluation.peer_ours KIND FILE...`: KIND face with pictures, voice or
voice_activity with WAV files. `voice` gets speech probabilities computed before; `voice_activity`
computes them within the measured part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
import itertools
import json
import sys
from typing import Any

from empathy_ros import __version__, models
from empathy_ros.core.media import Frame
from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.core.voice import Hearing, VoiceAffect
from empathy_ros.core.voice_stream import VoiceStream
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.vad import SileroVad
from empathy_ros.evaluation import peer_worker

FRAME_NS = 100_000_000
PERSON = 'p1'


def face(files: Sequence[str]) -> tuple[Callable[[Any], int], list[Any]]:
    """Return our complete path from a frame to estimates, and the pictures."""
    pipeline = face_models.load_all().pipeline()
    stamps = itertools.count(0, FRAME_NS)

    def work(picture: Any) -> int:
        report = pipeline.process(Frame(next(stamps), picture), PERSON)
        return len([e for e in report.estimates if not e.abstained])

    return work, peer_worker.read_pictures(files)


def voice(files: Sequence[str], activity: bool) -> tuple[Callable[[Any], int], list[Any]]:
    """Return our complete path from sound to estimates, and the sounds."""
    vad = SileroVad(models.find('silero_vad'))
    clock = itertools.count(1)

    def windows(sound: Any) -> Iterator[tuple[Any, float]]:
        vad.reset()
        yield from vad.push(sound)

    def work(item: Any) -> int:
        names = itertools.count()
        stream, model = VoiceStream(lambda: str(next(names))), VoiceAffect()
        begin_ns = next(clock) * 3600 * 10**9
        done_n, found = 0, 0
        for window, probability in windows(item) if activity else item:
            done_n += len(window)
            end_ns = begin_ns + done_n * 10**9 // RATE_HZ
            found += _estimates(model, stream.push(window, probability, end_ns))
        return found + _estimates(model, stream.interrupt())

    sounds = peer_worker.read_sounds(files)
    return work, sounds if activity else [list(windows(sound)) for sound in sounds]


def _estimates(model: VoiceAffect, stretches: Sequence[Any]) -> int:
    for stretch in stretches:
        hearing = Hearing(stretch.end_ns, stretch.id, PERSON, stretch.window_s, stretch.clip_share)
        if not model.estimate(stretch.features, hearing).abstained and stretch.final:
            model.learn(PERSON, stretch.features)
    return len(stretches)


def main(argv: Sequence[str]) -> int:
    """Measure ours until stdin ends; 3 = a model is missing."""
    out = peer_worker.private_stdout()
    kind, files = argv[0], argv[1:]
    try:
        work, items = face(files) if kind == 'face' else voice(files, kind == 'voice_activity')
    except ModelError as error:
        print(json.dumps({'error': str(error)}), file=out, flush=True)
        return 3
    units = float(len(items))
    if kind != 'face':
        units = sum(len(sound) for sound in peer_worker.read_sounds(files)) / RATE_HZ
    head = {'name': kind, 'version': __version__, 'units': units}

    def settle(item: Any) -> None:
        for _ in range(peer_worker.WARM_UP):
            work(item)

    peer_worker.serve(head, work, items, out, settle if kind == 'face' else None)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
