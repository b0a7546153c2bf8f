# SPDX-License-Identifier: Apache-2.0
"""Sound files of any format, and play lists of files and spoken lines.

A play list is YAML; between its items a source delivers the quiet of the room, as a microphone
does:

    - {say: "Good morning.", voice: awb, gap_s: 2.0}       # synthesised when the list is opened
    - {file: sister.wav, gap_s: 1.5, wait_for: answer}     # path relative to the play list
    - {say: "Yes.", wait_for: answer, patience_s: 8.0}

`gap_s` = quiet of both before the item starts. `wait_for: answer` also waits until the robot has
spoken since the last item (or since the start), at most `patience_s`; `wait_for: silence`, the
default, does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
import yaml

from empathy_ros.core.resampling import resample

Samples = NDArray[np.float32]
MAX_FILE_S = 3600.0
_WAITS = ('silence', 'answer')
_KEYS = {'say', 'file', 'voice', 'gap_s', 'wait_for', 'patience_s', 'name'}


class SourceError(Exception):
    """A sound source cannot be used; the text names it and the cure."""


@dataclass(frozen=True)
class Item:
    """One piece of a play list.

    Attributes:
        name: For people and reports.
        samples: 16 kHz mono.
        gap_s: Quiet of source and robot before it starts [s].
        wait_for: 'silence' or 'answer'.
        patience_s: Longest wait for an answer [s].
    """

    name: str
    samples: Samples
    gap_s: float = 0.0
    wait_for: str = 'silence'
    patience_s: float = 10.0


def read_sound(path: Path) -> Samples:
    """Return a sound file of any format as 16 kHz mono, full scale -1..1.

    Raises:
        SourceError: missing, no sound in it, broken, or longer than an hour.
    """
    if not path.is_file():
        raise SourceError(f'{path}: not found; give the path of a sound file')
    try:
        import av
    except ImportError as error:
        raise SourceError(f'{path}: {error}; run ./empathy setup or pip install av') from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise SourceError(f'{path}: holds no sound; give a file with an audio track')
            stream = container.streams.audio[0]
            tool = av.AudioResampler(format='fltp')
            parts, rate_hz, total = [], 0, 0
            for frame in (*_decoded(container, stream), None):
                for out in tool.resample(frame):
                    parts.append(out.to_ndarray().mean(axis=0))
                    rate_hz = out.sample_rate
                    total += parts[-1].size
                if rate_hz and total > MAX_FILE_S * rate_hz:
                    raise SourceError(f'{path}: longer than {MAX_FILE_S:.0f} s; cut it')
    except (av.error.FFmpegError, ValueError) as error:
        raise SourceError(f'{path}: cannot be decoded ({error}); convert it to WAV') from error
    if not total:
        raise SourceError(f'{path}: holds no sound that can be decoded; convert it to WAV')
    samples = np.concatenate(parts).astype(np.float32)
    if not np.isfinite(samples).all():
        raise SourceError(f'{path}: holds values that are not finite; convert it to 16-bit WAV')
    return resample(np.clip(samples, -1.0, 1.0), rate_hz)


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Yield frames; a file whose end is damaged gives what comes before the damage."""
    import av

    got = False
    try:
        for frame in container.decode(stream):
            got = True
            yield frame
    except av.error.FFmpegError:
        if not got:
            raise


Say = Callable[[str, str], Samples]
"""Text and voice name -> 16 kHz mono."""


def load_playlist(path: Path, say: Say) -> list[Item]:
    """Return the items of a play list.

    Args:
        path: YAML file.
        say: Synthesises the `say` items.

    Raises:
        SourceError: names file, item and what is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceError(f'{path}: {error}; write a YAML list of items') from error
    if not isinstance(content, list) or not content:
        raise SourceError(f'{path}: a play list is a YAML list of {{say: ...}} or {{file: ...}}')
    return [_item(entry, f'{path}: item {i + 1}', path.parent, say)
            for i, entry in enumerate(content)]  # fmt: skip


def _item(entry: Any, where: str, folder: Path, say: Say) -> Item:
    if not isinstance(entry, dict) or not set(entry) <= _KEYS:
        raise SourceError(f'{where}: only the keys {", ".join(sorted(_KEYS))} are known')
    if ('say' in entry) == ('file' in entry):
        raise SourceError(f'{where}: give either say or file')
    wait_for = entry.get('wait_for', 'silence')
    if wait_for not in _WAITS:
        raise SourceError(f'{where}: wait_for {wait_for!r} is not one of {", ".join(_WAITS)}')
    times_s = {}
    for key, default in (('gap_s', 1.0), ('patience_s', 10.0)):
        value = entry.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 600:
            raise SourceError(f'{where}: {key} {value!r} is no number of seconds 0..600')
        times_s[key] = float(value)
    if 'say' in entry:
        samples = say(str(entry['say']), str(entry.get('voice', '')))
        name = str(entry.get('name', f'say: {entry["say"]}'))
    else:
        samples = read_sound(folder / str(entry['file']))
        name = str(entry.get('name', entry['file']))
    return Item(name, samples, times_s['gap_s'], wait_for, times_s['patience_s'])
