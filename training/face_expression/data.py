# SPDX-License-Identifier: Apache-2.0
"""Reads the FER+ pictures and their ten votes, and logs what was read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
import hashlib
import io
from pathlib import Path
import zipfile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LABELS = (
    'neutral',
    'happiness',
    'surprise',
    'sadness',
    'anger',
    'disgust',
    'fear',
    'contempt',
)
SIZE_PX = 48
HELD_OUT = 2000
HELD_OUT_SEED = 20261124


@dataclass(frozen=True)
class Split:
    """Pictures (n, 48, 48) uint8 and shares of votes (n, 8) that sum to one."""

    images: NDArray[np.uint8]
    votes: NDArray[np.float32]


def face_folder(data: Path) -> Path:
    """Return the folder that holds train.zip, below or at `data`.

    Raises:
        FileNotFoundError: neither `data` nor `data/face/ferplus` holds it.
    """
    for folder in (data, data / 'ferplus', data / 'face' / 'ferplus'):
        if (folder / 'train.zip').is_file():
            return folder
    raise FileNotFoundError(
        f'{data}: no train.zip here or in face/ferplus; training/README.md tells how to make it'
    )


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_split(folder: Path, part: str) -> Split:
    """Read `<part>.zip` and `<part>_labels.csv`.

    Votes for "unknown" and "not a face" are dropped and the rest made to sum to one; a
    picture without any other vote is left out.
    """
    with open(folder / f'{part}_labels.csv', newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    votes = np.array([[float(r[f'votes_{name}']) for name in LABELS] for r in rows], np.float32)
    images = np.empty((len(rows), SIZE_PX, SIZE_PX), np.uint8)
    with zipfile.ZipFile(folder / f'{part}.zip') as archive:
        for i, row in enumerate(rows):
            images[i] = np.asarray(Image.open(io.BytesIO(archive.read(row['file']))).convert('L'))
    known = votes.sum(axis=1) > 0
    images, votes = images[known], votes[known]
    return Split(images, votes / votes.sum(axis=1, keepdims=True))


def train_and_held_out(split: Split) -> tuple[Split, Split]:
    """Cut a fixed 2,000 pictures off for calibration; training never sees them."""
    order = np.random.default_rng(HELD_OUT_SEED).permutation(len(split.images))
    held, rest = np.sort(order[:HELD_OUT]), np.sort(order[HELD_OUT:])
    return (
        Split(split.images[rest], split.votes[rest]),
        Split(split.images[held], split.votes[held]),
    )


def data_log(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that training reads."""
    names = ('train.zip', 'train_labels.csv', 'valid.zip', 'valid_labels.csv')
    return {name: sha256_of(folder / name) for name in names if (folder / name).is_file()}
