# SPDX-License-Identifier: Apache-2.0
"""`empathy eval face --detector-recall`: how often a face of a given size is found, by subgroup.

Each picture holds one face. It is scaled so that the face has the wanted size, put in the middle
of a grey picture of 640x480, and looked at as the robot does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.face import Face
from empathy_ros.engines import face_models
from empathy_ros.engines.face_detector import FaceDetector, shrink
from empathy_ros.evaluation.common import BadInput, Progress, wilson
from empathy_ros.evaluation.dataset import DataFolder, Item
from empathy_ros.evaluation.scores import interval, number

Picture = NDArray[np.uint8]
Place = tuple[float, float, float]

WIDTH_PX, HEIGHT_PX, GREY = 640, 480, 128
LEAST_PX, MOST_PX = 8, 400
# The middle of a found face lies this close to where the face is [sides of the face].
NEAR = 0.5


def sizes_of(text: str) -> list[int]:
    """Return the sizes in pixels of a list such as 40,80,160.

    Raises:
        BadInput: Not whole numbers in range.
    """
    try:
        sizes = [int(word) for word in text.split(',')]
    except ValueError:
        sizes = []
    if not sizes or not all(LEAST_PX <= size <= MOST_PX for size in sizes):
        raise BadInput(
            f"--detector-recall '{text}': give sizes in pixels, {LEAST_PX} to {MOST_PX}, "
            'separated by commas, such as 40,80,160'
        )
    return sizes


def scene(image_bgr: Picture, place: Place, size_px: int) -> tuple[Picture, Place]:
    """Return a picture of 640x480 with the face at that size, and where the face lies in it.

    Args:
        image_bgr: Shape (height, width, 3), uint8.
        place: Middle of the face, x and y, and the longer side of its box, in pixels.
        size_px: Wanted longer side.
    """
    scale = size_px / place[2]
    height, width = (max(1, round(side * scale)) for side in image_bgr.shape[:2])
    small = shrink(image_bgr, width, height) if scale < 1.0 else cv2.resize(
        image_bgr, (width, height), interpolation=cv2.INTER_LINEAR
    )  # fmt: skip
    # The face goes to the middle; what reaches beyond the picture is cut off.
    x, y = place[0] * scale, place[1] * scale
    shift = np.float32([[1, 0, WIDTH_PX / 2 - x], [0, 1, HEIGHT_PX / 2 - y]])
    canvas = cv2.warpAffine(
        small, shift, (WIDTH_PX, HEIGHT_PX), borderMode=cv2.BORDER_CONSTANT,
        borderValue=(GREY, GREY, GREY),
    )  # fmt: skip
    return np.asarray(canvas, dtype=np.uint8), (WIDTH_PX / 2, HEIGHT_PX / 2, float(size_px))


def found(faces: Sequence[Face], place: Place) -> bool:
    """Return whether one of the faces lies where the face is, and has about its size."""
    return any(
        math.hypot(f.centre_px[0] - place[0], f.centre_px[1] - place[1]) < NEAR * place[2]
        and 0.5 < f.side_px / place[2] < 2.0
        for f in faces
    )


def places(
    folder: DataFolder, detectors: Mapping[str, FaceDetector]
) -> tuple[list[Place], dict[str, NDArray[np.bool_]]]:
    """Return where the face of each picture lies, and which detector finds any as it is.

    The largest face that any detector finds. Where none is found it is taken to lie like the
    others on average, so that such pictures count as well.
    """
    shares: list[Place | None] = []
    sides: list[tuple[int, int]] = []
    hits = {name: np.zeros(len(folder.items), np.bool_) for name in detectors}
    progress = Progress('faces as they are', len(folder.items))
    for i, item in enumerate(folder.items):
        image = folder.read_image(item)
        height, width = image.shape[:2]
        faces: list[Face] = []
        for name, detector in detectors.items():
            seen = detector.detect(image)
            hits[name][i] = bool(seen)
            faces += seen
        sides.append((width, height))
        shares.append(_share_of_picture(faces, width, height))
        progress.step(i + 1)
    known = [share for share in shares if share is not None]
    if not known:
        raise BadInput(f'{folder.table}: no face was found in any picture')
    x, y, side = np.median(np.array(known), axis=0).tolist()
    filled = [share or (x, y, side) for share in shares]
    return [
        (x * width, y * height, side * min(width, height))
        for (x, y, side), (width, height) in zip(filled, sides, strict=True)
    ], hits


def _share_of_picture(faces: Sequence[Face], width: int, height: int) -> Place | None:
    if not faces:
        return None
    face = max(faces, key=lambda f: f.side_px)
    x, y = face.centre_px
    return x / width, y / height, face.side_px / min(width, height)


def recall_figures(folder: DataFolder, sizes: Sequence[int]) -> dict[str, object]:
    """Return recall per detector and size, in all and by subgroup, with Wilson intervals.

    Args:
        folder: Pictures with one face each.
        sizes: Longer sides of the face in pixels.
    Raises:
        ModelError: A detector is missing.
        BadInput: A picture cannot be read, or no face is found anywhere.
    """
    detectors = {name: face_models.load_detector(name) for name in face_models.DETECTORS}
    lies, as_is = places(folder, detectors)
    hits = {name: np.zeros((len(sizes), len(lies)), np.bool_) for name in detectors}
    others = dict.fromkeys(detectors, 0)
    progress = Progress('pictures', len(lies))
    for i, (item, place) in enumerate(zip(folder.items, lies, strict=True)):
        image = folder.read_image(item)
        for k, size in enumerate(sizes):
            canvas, there = scene(image, place, size)
            for name, detector in detectors.items():
                faces = detector.detect(canvas)
                hits[name][k, i] = found(faces, there)
                others[name] += len(faces) - int(hits[name][k, i])
        progress.step(i + 1)
    return {
        'n': len(lies),
        'scene': f'{WIDTH_PX}x{HEIGHT_PX}, grey around',
        'recall': {
            name: {'as it is': _table(as_is[name], folder.items)}
            | {f'{size} px': _table(hit[k], folder.items) for k, size in enumerate(sizes)}
            for name, hit in hits.items()
        },
        'other_boxes': others,
    }


def _table(hit: NDArray[np.bool_], items: Sequence[Item]) -> dict[str, object]:
    table: dict[str, object] = {'all': _share(hit)}
    for column in items[0].groups:
        values = np.array([item.groups[column] for item in items])
        table[column] = {v: _share(hit[values == v]) for v in sorted(set(values.tolist()))}
    return table


def _share(hit: NDArray[np.bool_]) -> dict[str, object]:
    n, hits = len(hit), int(hit.sum())
    return {'n': n, 'found': number(hits / n), 'interval': interval(wilson(hits, n))}
