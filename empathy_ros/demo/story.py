# SPDX-License-Identifier: Apache-2.0
"""What the demo plays: the clips joined to one video, and the lines a person says.

Real recordings lie in examples/demo with their attribution. Lines that the story needs and nobody
recorded are synthesised at run time; the summary says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
import yaml

from empathy_ros.engines.playlist import read_sound, SourceError
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

WIDTH, HEIGHT, FPS = 640, 360, 12.5
PATIENCE_S = 10.0
# The robot speaks with another one.
VOICE = 'rms'
# Clip and seconds: two people at first, so that nothing may be inferred; then one of them alone.
CLIPS = (
    ('head-pose-face-detection-female-and-male.gif', 4.5),
    ('head-pose-face-detection-male.gif', 300.0),
)


@dataclass(frozen=True)
class Line:
    """One thing the person says: a recording (`file`) or synthesised words (`say`)."""

    file: str = ''
    say: str = ''
    gap_s: float = 0.8

    @property
    def label(self) -> str:
        """Return what the report shows for this line."""
        return f'recording {Path(self.file).name}' if self.file else f'synthesised "{self.say}"'


ANSWERS = (Line(say='Yes, that is fine.'), Line(say='Yes.'), Line(say='Yes, you may.'))
STORY = (
    Line(file='voice_man_greeting.wav', gap_s=4.0),
    Line(file='sense_and_sensibility_01_austen_64kb-0930.wav'),
    Line(say='Please stop looking at my face.'),
    Line(say='My sister died on Tuesday. I keep thinking of her.'),
    Line(say='I am going to bed now. Good night.'),
)


def write_video(path: Path, seconds: float) -> None:
    """Join the clips to one video file of at most `seconds`.

    Raises:
        BadInput: a clip is missing or unreadable, or the video cannot be written.
    """
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'MJPG'), FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise BadInput(f'{path}: the video cannot be written; is the folder writable?')
    left = seconds
    for name, clip_s in CLIPS:
        frames = read_frames(share('examples', 'demo', name))
        for index in range(int(min(clip_s, left) * FPS)):
            # To and fro, so that the loop has no jump.
            at = index % (2 * len(frames))
            writer.write(frames[at if at < len(frames) else 2 * len(frames) - 1 - at])
        left -= clip_s
        if left <= 0:
            break
    writer.release()


def read_frames(path: Path) -> list[NDArray[np.uint8]]:
    """Return all frames of a short clip, scaled to the demo's size.

    Raises:
        BadInput: no frame can be read.
    """
    capture = cv2.VideoCapture(str(path))
    frames: list[NDArray[np.uint8]] = []
    while True:
        good, frame = capture.read()
        if not good:
            break
        frames.append(np.asarray(cv2.resize(frame, (WIDTH, HEIGHT)), dtype=np.uint8))
    capture.release()
    if not frames:
        raise BadInput(f'{path}: no frame can be read; check that it is a video')
    return frames


def check_sound(path: Path) -> None:
    """Raise BadInput, naming the file and the cure, when a sound file cannot be decoded."""
    try:
        read_sound(path)
    except SourceError as error:
        raise BadInput(str(error)) from error


def lines(audio: Path | None, spoken_answers: bool) -> list[Line]:
    """Return what is played: the answers to the enrolment, then the story or the given file."""
    story = [Line(file=str(audio.resolve()))] if audio else list(STORY)
    return [*ANSWERS, *story] if spoken_answers else story


def write_playlist(path: Path, items: list[Line]) -> None:
    """Write the playlist that the microphone node reads as its source.

    Raises:
        BadInput: a sound file is missing.
    """
    rows = []
    for item in items:
        row: dict[str, object] = {
            'gap_s': item.gap_s,
            'wait_for': 'answer',
            'patience_s': PATIENCE_S,
        }
        if item.file:
            file = Path(item.file)
            file = file if file.is_absolute() else share('examples', 'demo', item.file)
            if not file.is_file():
                raise BadInput(f'{file}: no such sound file')
            row['file'] = str(file)
        else:
            row.update(say=item.say, voice=VOICE)
        rows.append(row)
    path.write_text(yaml.safe_dump(rows), encoding='utf-8')
