# SPDX-License-Identifier: Apache-2.0
"""`empathy eval face`: how well the expression network reads the pictures of a data folder."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
import math
from pathlib import Path
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import SIZE_PX
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import face_models
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput, Progress
from empathy_ros.evaluation.dataset import canonical_label, DataFolder, Item
from empathy_ros.evaluation.degrade import DEGRADATIONS, degrade
from empathy_ros.evaluation.detector_recall import recall_figures, sizes_of
from empathy_ros.evaluation.face_audit import audit_figures, Watcher
from empathy_ros.evaluation.face_figures import derived_figures, result_of, Seen
from empathy_ros.evaluation.face_geometry import geometry_figures
from empathy_ros.evaluation.scores import number

Picture = NDArray[np.uint8]
Crop = NDArray[np.uint8]

BATCH = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `empathy eval face`."""
    add = parser.add_argument
    add('--data', type=Path, required=True, help='folder with labels.csv and the pictures')
    add('--crop', choices=('none', 'detect'), default='none',
        help='none: pictures are face crops; detect: find the largest face first')  # fmt: skip
    add('--classes', default='', help='comma-separated; restrict to these classes')
    add('--degrade', choices=('none', *DEGRADATIONS), default='none',
        help='damage each crop in a fixed way first')  # fmt: skip
    add('--audit', action='store_true',
        help='compare subgroups among frontal, sharp faces; done anyway when no row has a label',
    )  # fmt: skip
    add('--detector-recall', default='', metavar='SIZES',
        help='only tell how often faces of these sizes in pixels are found, such as 40,80,160',
    )  # fmt: skip
    add('--features', action='store_true',
        help='only tell head pose, gaze, eyes and action-unit proxies')  # fmt: skip


def run_without_expression(args: argparse.Namespace) -> dict[str, object]:
    """Return how often faces of given sizes are found, or how heads are turned and faces move.

    Raises:
        BadInput: The sizes, the data or a network cannot be used.
    """
    sizes = sizes_of(args.detector_recall) if args.detector_recall else []
    folder = DataFolder(args.data, BASIC8.labels, label_required=False)
    try:
        figures = recall_figures(folder, sizes) if sizes else geometry_figures(folder)
    except ModelError as error:
        raise BadInput(str(error)) from error
    return {'task': 'face', 'data': str(args.data)} | figures


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


def watched(watcher: Watcher) -> Callable[[Picture], Crop | None]:
    """Return a function from a picture to its crop that notes what the audit needs."""
    return lambda image: watcher.crop(image, whole_crop(image))


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
    """Return what the network made of every row in order, and the milliseconds of CPU per face.

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
    start_cpu_s = time.process_time()
    for first in range(0, len(found), BATCH):
        part = found[first : first + BATCH]
        readings = reader.read(np.stack([crop for _, crop in part]), numbers)
        seen += [Seen(item, reading) for (item, _), reading in zip(part, readings, strict=True)]
    spent_cpu_ms = 1000.0 * (time.process_time() - start_cpu_s)
    seen.sort(key=lambda s: s.item.row)
    return seen, spent_cpu_ms / len(found) if found else math.nan


def prepared(
    detect: bool, audited: bool
) -> tuple[ExpressionModel, Callable[[Picture], Crop | None], Watcher | None]:
    """Return the network, what makes a crop of a picture, and what notes facts for an audit.

    Args:
        detect: Find the largest face first; else pictures are crops already.
        audited: Note how each face is turned, how sharp it is and so on.
    Raises:
        ModelError: A network is missing.
    """
    if not audited and not detect:
        return face_models.load_expression(), whole_crop, None
    networks = face_models.load_all()
    if not audited:
        return networks.expression, largest_face_crop(networks), None
    watcher = Watcher(networks, detect)
    return networks.expression, watched(watcher), watcher


def run(args: argparse.Namespace) -> dict[str, object]:
    """Measure and return the figures; see result_of.

    Raises:
        BadInput: The data, the classes or the model cannot be used.
    """
    if args.detector_recall or args.features:
        return run_without_expression(args)
    classes = chosen_classes(args.classes)
    folder = DataFolder(args.data, BASIC8.labels, label_required=False)
    allowed = {name for _, name in classes} | {''}
    items = [item for item in folder.items if item.label in allowed]
    if not items:
        raise BadInput(f'{folder.table}: no row with a label among {args.classes}')
    audited = args.audit or not any(item.label for item in items)
    try:
        reader, find, watcher = prepared(args.crop == 'detect', audited)
        crops = crops_of(folder, items, find, args.degrade)
        seen, cpu_ms_per_face = read_all(crops, len(items), reader, [i for i, _ in classes])
    except ModelError as error:
        raise BadInput(str(error)) from error
    facts = {
        'task': 'face',
        'data': str(args.data),
        'crop': args.crop,
        'degrade': args.degrade,
        'model': {
            'id': reader.model_id,
            'sha256': reader.model.digest,
            'provider': reader.model.provider,
        },
        'cpu_ms_per_face': number(cpu_ms_per_face, 3),
    }
    figures = result_of(seen, classes, len(folder.items) - len(items))
    figures |= derived_figures(seen, folder)
    if watcher is not None and items[0].groups:
        table = audit_figures(seen, watcher, reader, classes)
        # By itself, so that people see one line per flag.
        figures |= {'audit_flags': table.pop('flags'), 'audit': table}
    return facts | figures
