# SPDX-License-Identifier: Apache-2.0
"""Reads the sound of a data folder, whatever the format; what cannot be used is named by row."""

from __future__ import annotations

from collections.abc import Iterator
import hashlib
import io
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.resampling import RATE_HI_HZ, RATE_HZ, RATE_LO_HZ, resample
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import DataFolder, Item

Samples = NDArray[np.float32]

LEAST_S, MOST_S = 0.1, 300.0
MOST_BYTES = 100_000_000
"""Of a member of a .zip; five minutes of 24-bit stereo at 48 kHz have 86 MB."""


def read_clip(folder: DataFolder, item: Item) -> tuple[Samples, str]:
    """Return a clip as 16 kHz mono, full scale -1..1, and the sha256 of its file.

    A clip is decoded piece by piece and refused as soon as it is too long.

    Raises:
        BadInput: missing, empty, broken, no sound, or shorter or longer than a clip may be.
    """
    where = folder.where(item)
    path = folder.path / item.file
    if path.is_file():
        if folder.size_bytes(item) == 0:
            raise BadInput(f'{where}: the file is empty (0 bytes)')
        try:
            with path.open('rb') as stream:
                samples = decode(stream, where)
                stream.seek(0)
                digest = hashlib.sha256()
                while part := stream.read(1 << 20):
                    digest.update(part)
            return samples, digest.hexdigest()
        except OSError as error:
            raise BadInput(f'{where}: cannot be read: {error.strerror}') from error
    size = folder.size_bytes(item)
    if size > MOST_BYTES:
        raise BadInput(f'{where}: {size} bytes is too much for a clip; cut it below {MOST_S:g} s')
    data = folder.read_bytes(item)
    return decode(io.BytesIO(data), where), hashlib.sha256(data).hexdigest()


def decode(stream: BinaryIO, where: str) -> Samples:
    """Return the sound in a stream as 16 kHz mono.

    Args:
        stream: WAV, FLAC, MP3 or anything else that the decoder knows.
        where: Named in messages.
    Raises:
        BadInput: see `read_clip`.
    """
    import av

    try:
        with av.open(stream) as container:
            if not container.streams.audio:
                raise BadInput(f'{where}: holds no sound')
            rate_hz, parts = _decoded(container, where)
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, 'strerror', None) or error
        raise BadInput(f'{where}: cannot be decoded ({reason}); convert it to WAV') from error
    samples = np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)
    if len(samples) < LEAST_S * max(rate_hz, 1) or not parts:
        length_s = len(samples) / rate_hz if rate_hz else 0.0
        raise BadInput(f'{where}: {length_s:.2f} s of sound; at least {LEAST_S:g} s are needed')
    if not np.isfinite(samples).all():
        raise BadInput(f'{where}: holds values that are not finite; convert it to 16-bit WAV')
    return resample(np.clip(samples, -1.0, 1.0), rate_hz)


def _decoded(container: Any, where: str) -> tuple[int, list[Samples]]:
    import av

    stream = container.streams.audio[0]
    length_s = float(container.duration or 0) / 1_000_000.0
    if length_s > MOST_S:
        raise BadInput(_too_long(where, f'{length_s:.0f}'))
    tool = av.AudioResampler(format='fltp')
    parts: list[Samples] = []
    rate_hz, total = 0, 0
    for frame in (*_frames(container, stream, where), None):
        for out in tool.resample(frame):
            rate_hz = int(out.sample_rate)
            if not RATE_LO_HZ <= rate_hz <= RATE_HI_HZ:
                raise BadInput(
                    f'{where}: a rate of {rate_hz} Hz; {RATE_LO_HZ}..{RATE_HI_HZ} Hz can be used'
                )
            parts.append(out.to_ndarray().mean(axis=0))
            total += parts[-1].size
    return rate_hz or RATE_HZ, parts


def _frames(container: Any, stream: Any, where: str) -> Iterator[Any]:
    """Yield frames until the clip is over or too long."""
    seen_s = 0.0
    for frame in container.decode(stream):
        seen_s += frame.samples / max(1, frame.sample_rate)
        if seen_s > MOST_S:
            raise BadInput(_too_long(where, f'over {MOST_S:.0f}'))
        yield frame


def _too_long(where: str, length: str) -> str:
    return f'{where}: {length} s of sound; a clip has at most {MOST_S:.0f} s, cut it'
