# SPDX-License-Identifier: Apache-2.0
"""`empathy eval face`: how well the expression network reads the pictures of a data folder."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
import math
from pathlib import Path
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import ExpressionReading, SIZE_PX
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import face_models
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput, Progress
from empathy_ros.evaluation.dataset import canonical_label, DataFolder, Item
from empathy_ros.evaluation.degrade import DEGRADATIONS, degrade
from empathy_ros.evaluation.scores import (
    Answers,
    confusion,
    macro_f1,
    number,
    per_class,
    summary,
)
from empathy_ros.evaluation.subgroups import share_table

Picture = NDArray[np.uint8]
Crop = NDArray[np.uint8]

BATCH = 64
SIX = ('neutral', 'happiness', 'surprise', 'sadness', 'anger', 'fear')
NO_FACE = 'no_face'


@dataclass(frozen=True)
class Seen:
    """One picture and what the network made of it; reading is None without a face."""

    item: Item
    reading: ExpressionReading | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `empathy eval face`."""
    parser.add_argument(
        '--data', type=Path, required=True, help='folder with labels.csv and the pictures'
    )
    parser.add_argument(
        '--crop',
        choices=('none', 'detect'),
        default='none',
        help='none: pictures are face crops; detect: find the largest face first',
    )
    parser.add_argument('--classes', default='', help='comma-separated; restrict to these classes')
    parser.add_argument(
        '--degrade',
        choices=('none', *DEGRADATIONS),
        default='none',
        help='damage each crop in a fixed way first',
    )


def chosen_classes(text: str) -> list[tuple[int, str]]:
    """Return (number, name) of the classes of --classes, all eight for ''.

    Raises:
        BadInput: An unknown class, or fewer than two.
    """
    if not text.strip():
        return list(enumerate(BASIC8.labels))
    try:
        names = {canonical_label(word, BASIC8.labels) for word in text.split(',')} - {''}
    except ValueError as error:
        raise BadInput(f'--classes: {error}') from error
    if len(names) < 2:
        raise BadInput('--classes: give at least two classes, separated by commas')
    return [(i, name) for i, name in enumerate(BASIC8.labels) if name in names]


def whole_crop(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a whole picture as the network's crop, grey, shape (48, 48)."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    interpolation = cv2.INTER_AREA if min(grey.shape) > SIZE_PX else cv2.INTER_LINEAR
    return np.asarray(
        cv2.resize(grey, (SIZE_PX, SIZE_PX), interpolation=interpolation), dtype=np.uint8
    )


def largest_face_crop(networks: face_models.FaceModels) -> Callable[[Picture], Crop | None]:
    """Return a function from a picture to the crop of its largest face, None without a face."""

    def find(image: Picture) -> Crop | None:
        faces = networks.detector.detect(image)
        if not faces:
            return None
        return networks.crop(image, max(faces, key=lambda face: face.side_px))

    return find


def crops_of(
    folder: DataFolder,
    items: Sequence[Item],
    find: Callable[[NDArray[np.uint8]], Crop | None],
    kind: str,
) -> Iterator[tuple[Item, Crop | None]]:
    """Yield each row with its grey crop of shape (48, 48), None without a face.

    Args:
        folder: Where the pictures are.
        items: The rows to read.
        find: Turns a picture into a crop.
        kind: Degradation, see degrade.py.
    """
    for item in items:
        crop = find(folder.read_image(item))
        yield item, None if crop is None else degrade(crop, kind, item.row)


def read_all(
    crops: Iterable[tuple[Item, Crop | None]],
    total: int,
    reader: ExpressionModel,
    numbers: Sequence[int],
) -> tuple[list[Seen], float]:
    """Return what the network made of every row in order, and its milliseconds per face.

    Args:
        crops: Rows and their crops, None = no face.
        total: Number of rows, for the progress line.
        reader: The loaded network.
        numbers: Classes that may be answered.
    """
    found: list[tuple[Item, Crop]] = []
    seen: list[Seen] = []
    progress = Progress('pictures', total)
    for done, (item, crop) in enumerate(crops, start=1):
        if crop is None:
            seen.append(Seen(item, None))
        else:
            found.append((item, crop))
        progress.step(done)
    start_s = time.perf_counter()
    for first in range(0, len(found), BATCH):
        part = found[first : first + BATCH]
        readings = reader.read(np.stack([crop for _, crop in part]), numbers)
        seen += [Seen(item, reading) for (item, _), reading in zip(part, readings, strict=True)]
    spent_ms = 1000.0 * (time.perf_counter() - start_s)
    seen.sort(key=lambda s: s.item.row)
    return seen, spent_ms / len(found) if found else math.nan


def answers_of(seen: Sequence[Seen]) -> Answers:
    """Return labels, top classes, confidences and abstentions as arrays."""
    index = {name: i for i, name in enumerate(BASIC8.labels)} | {'': -1}
    readings = [s.reading for s in seen]
    return Answers(
        truth=np.array([index[s.item.label] for s in seen], dtype=np.int64),
        top=np.array([index[r.label] if r else -1 for r in readings], dtype=np.int64),
        confidence=np.array([r.confidence if r else 0.0 for r in readings]),
        answered=np.array([r is not None and not r.abstained for r in readings], dtype=np.bool_),
    )


def group_tables(
    seen: Sequence[Seen], a: Answers, classes: Sequence[tuple[int, str]]
) -> dict[str, dict[str, object]]:
    """Return per subgroup column and value: counts, accuracy where labelled, predicted shares."""
    tables: dict[str, dict[str, object]] = {}
    for column in seen[0].item.groups:
        values = np.array([s.item.groups[column] for s in seen])
        table: dict[str, object] = {}
        for value in sorted(set(values.tolist())):
            inside = values == value
            labelled = a.where(inside & (a.truth >= 0))
            entry: dict[str, object] = {
                'n': int(inside.sum()),
                'no_face': int(np.sum(a.top[inside] < 0)),
                'abstain_rate': number(1 - float(a.answered[inside].mean())),
                'shares': share_table(a.top, inside, classes),
            }
            if len(labelled.truth):
                numbers = [i for i, _ in classes]
                entry |= summary(labelled, numbers, len(BASIC8)) | {'n': int(inside.sum())}
            table[value] = entry
        tables[column] = table
    return tables


def result_of(
    seen: Sequence[Seen], classes: Sequence[tuple[int, str]], left_out: int
) -> dict[str, object]:
    """Return all figures of DATA as one dictionary ready for JSON."""
    a = answers_of(seen)
    labelled = a.where(a.truth >= 0)
    k, numbers = len(BASIC8), [i for i, _ in classes]
    result = summary(labelled, numbers, k)
    if set(SIX) <= {name for _, name in classes}:
        six = [BASIC8.index(name) for name in SIX]
        table = confusion(labelled.truth, labelled.top, k)
        result['macro_f1_six'] = number(macro_f1(table, six))
    reasons = Counter(s.reading.reason if s.reading else NO_FACE for s in seen)
    return result | {
        'n_without_label': int(np.sum(a.truth < 0)),
        'n_left_out': left_out,
        'classes': [name for _, name in classes],
        'per_class': per_class(labelled, classes, k),
        'unknown_because': {name: n for name, n in sorted(reasons.items()) if name},
        'shares': share_table(a.top, np.ones(len(seen), dtype=np.bool_), classes),
        'groups': group_tables(seen, a, classes),
    }


def run(args: argparse.Namespace) -> dict[str, object]:
    """Measure and return the figures; see result_of.

    Raises:
        BadInput: The data, the classes or the model cannot be used.
    """
    classes = chosen_classes(args.classes)
    folder = DataFolder(args.data, BASIC8.labels, label_required=False)
    allowed = {name for _, name in classes} | {''}
    items = [item for item in folder.items if item.label in allowed]
    if not items:
        raise BadInput(f'{folder.table}: no row with a label among {args.classes}')
    try:
        if args.crop == 'detect':
            networks = face_models.load_all()
            reader, find = networks.expression, largest_face_crop(networks)
        else:
            reader, find = face_models.load_expression(), whole_crop
        crops = crops_of(folder, items, find, args.degrade)
        seen, ms_per_face = read_all(crops, len(items), reader, [i for i, _ in classes])
    except ModelError as error:
        raise BadInput(str(error)) from error
    return {
        'task': 'face',
        'data': str(args.data),
        'crop': args.crop,
        'degrade': args.degrade,
        'model': {
            'id': face_models.EXPRESSION,
            'sha256': reader.model.digest,
            'provider': reader.model.provider,
        },
        'ms_per_face': number(ms_per_face, 3),
    } | result_of(seen, classes, len(folder.items) - len(items))
