# SPDX-License-Identifier: Apache-2.0
"""Turns the clips of a data folder into vectors, once as they are and in changed copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.prosody import measure, VoiceFeatures
from empathy_ros.core.resampling import RATE_HZ, resample
from empathy_ros.core.voice import clip_share
from empathy_ros.core.voice_features import FEATURES, features_of
from empathy_ros.core.voice_fit import Examples
from empathy_ros.evaluation.common import BadInput, Progress
from empathy_ros.evaluation.dataset import DataFolder, Item
from empathy_ros.evaluation.voice_audio import read_clip
from empathy_ros.evaluation.voice_degrade import degrade

Floats = NDArray[np.float32]

SPEEDS_HZ = (14_000, 15_000, 17_000, 18_200)
"""The copies are the clip as if it had been recorded at these rates: another size of speaker."""
DAMAGES = ('none', 'noise', 'none', 'room', 'none', 'telephone', 'noise', 'none')
"""Half of the copies are damaged, too, in turn."""
MOST_ROWS = 12_000


@dataclass(frozen=True)
class Clips:
    """What is known about n clips.

    Attributes:
        table: Where the rows come from.
        items: Rows of the table.
        vectors: Of the clips as they are judged, shape (n, FEATURES); NaN = too little speech.
        training: Of the clips as they are and in changed copies, shape (1 + copies, n, FEATURES).
        hashes: sha256 of each file, hexadecimal.
        prosody: Measures of each clip.
        clipped: Share of samples at the limit of each clip.
        seconds: Length of all clips [s].
    """

    table: Path
    items: tuple[Item, ...]
    vectors: Floats
    training: Floats
    hashes: tuple[str, ...]
    prosody: tuple[VoiceFeatures, ...]
    clipped: tuple[float, ...]
    seconds: float


def read_clips(
    folder: DataFolder, items: Sequence[Item], *, copies: bool, damage: str = 'none'
) -> Clips:
    """Read and measure all clips.

    Args:
        folder: Where they are.
        items: Rows to read.
        copies: Also make the changed copies for training.
        damage: What is done to every clip before it is judged, see voice_degrade.
    Raises:
        BadInput: a clip cannot be used; the text names file and row.
    """
    made = copies_for(len(items)) if copies else 0
    vectors = np.full((len(items), FEATURES), np.nan, np.float32)
    training = np.full((1 + made, len(items), FEATURES), np.nan, np.float32)
    hashes, prosody, clipped, seconds = [], [], [], 0.0
    progress = Progress('clips', len(items))
    for at, item in enumerate(items):
        clean, digest = read_clip(folder, item)
        sound = degrade(clean, damage, item.row)
        vectors[at] = features_of(sound)
        training[0, at] = vectors[at] if damage == 'none' else features_of(clean)
        for copy in range(made):
            training[1 + copy, at] = features_of(changed(clean, copy, item.row))
        hashes.append(digest)
        prosody.append(measure(sound))
        clipped.append(clip_share(sound))
        seconds += len(sound) / RATE_HZ
        progress.step(at + 1)
    return Clips(
        folder.table, tuple(items), vectors, training, tuple(hashes), tuple(prosody),
        tuple(clipped), seconds,
    )  # fmt: skip


def copies_for(clips: int) -> int:
    """Return how many changed copies keep the number of rows in bounds."""
    return max(0, min(len(SPEEDS_HZ), MOST_ROWS // max(1, clips) - 1))


def changed(sound: Floats, copy: int, row: int) -> Floats:
    """Return copy number `copy` of a clip: another speed, and half of them damaged."""
    moved = resample(sound, SPEEDS_HZ[copy])
    return degrade(moved, DAMAGES[(3 * row + 2 * copy) % len(DAMAGES)], 1000 * copy + row)


def examples_of(clips: Clips, names: tuple[str, ...]) -> tuple[Examples, NDArray[np.bool_]]:
    """Return training examples and which clips are in them (those with enough speech).

    Raises:
        BadInput: there is no column speaker, or fewer than two speakers or classes.
    """
    if 'speaker' not in clips.items[0].groups:
        raise BadInput(
            f'{clips.table}: has no column speaker: without it no figure is independent of the'
            ' speaker'
        )
    usable = np.isfinite(clips.training[0]).all(axis=1) & np.isfinite(clips.vectors).all(axis=1)
    vectors = clips.training[:, usable]
    missing = ~np.isfinite(vectors).all(axis=2)
    vectors = np.where(missing[:, :, None], vectors[:1], vectors)
    labels = np.array([names.index(item.label) for item in clips.items], dtype=np.int64)[usable]
    who = np.array([item.groups['speaker'] for item in clips.items])[usable]
    _, speakers = np.unique(who, return_inverse=True)
    if len(np.unique(speakers)) < 2 or len(np.unique(labels)) < 2:
        raise BadInput(
            f'{clips.table}: at least two speakers and two classes with speech are needed'
        )
    return Examples(vectors, labels, speakers.astype(np.int64), names), usable
