# SPDX-License-Identifier: Apache-2.0
"""Draws the recorded pictures with boxes, estimates and subtitles into one video."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.demo.timeline import Events, of

FPS = 12.5
FRESH_S = 0.6
SUBTITLE_S = 6.0
BAND_PX = 96
FONT = cv2.FONT_HERSHEY_SIMPLEX
GREEN, GREY, WHITE, BLUE = (90, 200, 90), (170, 170, 170), (255, 255, 255), (255, 190, 120)


class Latest:
    """Finds the newest event of a topic at a time."""

    def __init__(self, rows: list[tuple[float, Any]]) -> None:
        """Take (seconds, data) in order of time."""
        self._times = [t for t, _ in rows]
        self._rows = rows

    def at(self, t: float, max_age_s: float) -> Any | None:
        """Return the newest data not older than `max_age_s`, else None."""
        index = bisect_right(self._times, t) - 1
        if index < 0 or t - self._times[index] > max_age_s:
            return None
        return self._rows[index][1]


def _label(estimate: dict[str, Any]) -> tuple[str, tuple[int, int, int]]:
    if estimate['abstained']:
        return f'unknown ({estimate["reason"]})', GREY
    return f'seems {estimate["top_label"]} {estimate["confidence"]:.2f}', GREEN


def _draw_faces(canvas: NDArray[np.uint8], data: dict[str, Any] | None, height: int) -> None:
    for estimate in data['estimates'] if data else ():
        if any(value is None for value in estimate['region']):
            continue
        x, y, w, h = (
            int(value * size)
            for value, size in zip(estimate['region'], (canvas.shape[1], height) * 2, strict=True)
        )
        text, colour = _label(estimate)
        cv2.rectangle(canvas, (x, y), (x + w, y + h), colour, 2)
        cv2.putText(canvas, text, (x, max(14, y - 6)), FONT, 0.5, colour, 1, cv2.LINE_AA)


def _wrapped(text: str, longest: int) -> list[str]:
    lines: list[str] = ['']
    for word in text.split():
        if len(lines[-1]) + len(word) > longest:
            lines.append('')
        lines[-1] += word + ' '
    return lines[:2]


def _draw_words(canvas: NDArray[np.uint8], top: int, said: str, answer: str) -> None:
    longest = canvas.shape[1] // 9
    y = top + 18
    for prefix, text, colour in (('person: ', said, BLUE), ('robot: ', answer, WHITE)):
        for line in _wrapped(prefix + text, longest) if text else ():
            cv2.putText(canvas, line, (8, y), FONT, 0.48, colour, 1, cv2.LINE_AA)
            y += 20


def write(events: Events, frames: Path, path: Path) -> int:
    """Write the annotated video and return its number of pictures; 0 = nothing was recorded."""
    pictures = [(float(file.stem), file) for file in sorted(frames.glob('*.jpg'))]
    if not pictures:
        return 0
    faces = Latest(of(events, 'face/affect'))
    said = Latest([(t, d['text']) for t, d in of(events, 'utterance') if d['is_final']])
    answers = Latest([(t, d['text']) for t, d in of(events, 'behaviour/directive') if d['text']])
    shown = Latest([(t, file) for t, file in pictures])
    first = cv2.imread(str(pictures[0][1]))
    height, width = first.shape[:2]
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*'mp4v'), FPS, (width, height + BAND_PX)
    )
    count = int((events[-1]['t'] if events else pictures[-1][0]) * FPS)
    for index in range(count):
        t = index / FPS
        canvas = np.full((height + BAND_PX, width, 3), 30, dtype=np.uint8)
        file = shown.at(t, FRESH_S)
        if file is None:
            cv2.putText(canvas, 'camera closed', (20, 40), FONT, 0.9, GREY, 2, cv2.LINE_AA)
        else:
            canvas[:height] = cv2.imread(str(file))
            _draw_faces(canvas, faces.at(t, FRESH_S), height)
        _draw_words(canvas, height, said.at(t, SUBTITLE_S) or '', answers.at(t, SUBTITLE_S) or '')
        writer.write(canvas)
    writer.release()
    return count
