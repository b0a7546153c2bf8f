# SPDX-License-Identifier: Apache-2.0
"""`empathy eval face --features`: head pose, gaze, eyes and action-unit proxies of a data folder.

With a column `subject` the neutral and the smiling picture of the same person are compared: the
only truth about the proxies that such a folder holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.action_units import closure, PROXIES, proxies
from empathy_ros.core.face_features import FaceFeaturesConfig
from empathy_ros.core.gaze import gaze_of
from empathy_ros.core.head_pose import from_the_front, head_pose
from empathy_ros.engines import face_models
from empathy_ros.evaluation.common import BadInput, Progress, wilson
from empathy_ros.evaluation.dataset import DataFolder, Item
from empathy_ros.evaluation.scores import interval, number

SUBJECT_COLUMNS = ('subject', 'person', 'speaker')
ANGLES = ('yaw', 'pitch', 'roll', 'gaze_yaw', 'gaze_pitch', 'gaze_yaw_without_eyes')


@dataclass(frozen=True, eq=False)
class Geometry:
    """What the points of one picture say.

    Attributes:
        item: The row.
        angles_deg: Shape (6,), order of ANGLES.
        closed: Closure of the eye that is closed less, 0..1.
        values: Shape (8,), order of PROXIES.
    """

    item: Item
    angles_deg: NDArray[np.float64]
    closed: float
    values: NDArray[np.float64]


def geometry_figures(folder: DataFolder) -> dict[str, object]:
    """Return angles, closed eyes and proxies of all pictures, the largest face of each.

    Args:
        folder: Whole pictures, one person each.
    Raises:
        ModelError: A network is missing.
        BadInput: A picture cannot be read, or no face is found anywhere.
    """
    found, no_face, no_points = _look(folder)
    if not found:
        raise BadInput(f'{folder.table}: no face with its points was found in any picture')
    config = FaceFeaturesConfig()
    angles = np.stack([g.angles_deg for g in found])
    limits = np.degrees([config.max_yaw_rad, config.max_pitch_rad])
    turned = int(np.sum((np.abs(angles[:, :2]) > limits).any(axis=1)))
    closed = int(sum(g.closed >= config.closed_share for g in found))
    result: dict[str, object] = {
        'n': len(folder.items),
        'no_face': no_face,
        'no_landmarks': no_points,
        'angles_deg': {name: _spread(angles[:, i]) for i, name in enumerate(ANGLES)},
        'turned_away': _share(turned, len(found)),
        'eyes_closed_or_narrow': _share(closed, len(found)),
        'proxies': _by_label(found),
    }
    pairs = _pairs(found, next((c for c in SUBJECT_COLUMNS if c in folder.columns), ''))
    return result | ({'smiling_against_neutral': pairs} if pairs else {})


def _look(folder: DataFolder) -> tuple[list[Geometry], int, int]:
    detector, landmarks = face_models.load_detector(), face_models.load_landmarks()
    iris = face_models.load_iris()
    least = FaceFeaturesConfig().min_landmark_score
    found: list[Geometry] = []
    no_face = no_points = 0
    progress = Progress('pictures', len(folder.items))
    for done, item in enumerate(folder.items, start=1):
        progress.step(done)
        image = folder.read_image(item)
        faces = detector.detect(image)
        if not faces:
            no_face += 1
            continue
        mesh = landmarks.read(image, max(faces, key=lambda face: face.side_px))
        if mesh.score < least:
            no_points += 1
            continue
        pose, eyes = head_pose(mesh), iris.read(image, mesh)
        gaze = gaze_of(pose, eyes)
        angles = (pose.yaw_rad, pose.pitch_rad, pose.roll_rad, gaze.yaw_rad, gaze.pitch_rad)
        shut = [closure(eye.opening) for eye in eyes]
        values = proxies(from_the_front(mesh, pose), shut)
        found.append(Geometry(item, np.degrees([*angles, pose.yaw_rad]), min(shut), values))
    return found, no_face, no_points


def _spread(values: NDArray[np.float64]) -> dict[str, float | None]:
    low, high = np.percentile(values, [5, 95])
    names = ('mean', 'sd', 'p5', 'p95', 'rms')
    figures = (values.mean(), values.std(), low, high, math.sqrt(float((values**2).mean())))
    return {name: number(float(v), 2) for name, v in zip(names, figures, strict=True)}


def _share(hits: int, n: int) -> dict[str, object]:
    return {'n': hits, 'share': number(hits / n), 'interval': interval(wilson(hits, n))}


def _by_label(found: Sequence[Geometry]) -> dict[str, dict[str, object]]:
    labels = sorted({g.item.label for g in found})
    table: dict[str, dict[str, object]] = {}
    for i, name in enumerate(PROXIES):
        table[name] = {}
        neutral = np.array([g.values[i] for g in found if g.item.label == 'neutral'])
        for label in labels:
            values = np.array([g.values[i] for g in found if g.item.label == label])
            table[name][label or 'without label'] = {
                'n': len(values),
                'mean': number(float(values.mean()), 3),
                'sd': number(float(values.std()), 3),
                'above_neutral': number(_above(values, neutral), 3),
            }
    return table


def _above(values: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """Return how often a value lies above another person's neutral one, 0.5 = no difference.

    The area under the ROC curve (Mann and Whitney 1947); NaN without neutral faces.
    """
    if not len(others):
        return math.nan
    higher = values[:, None] > others[None, :]
    equal = values[:, None] == others[None, :]
    return float((higher + 0.5 * equal).mean())


def _pairs(found: Sequence[Geometry], column: str) -> dict[str, dict[str, object]]:
    """Return per proxy in how many persons the smile lies above the neutral face."""
    faces: dict[tuple[str, str], NDArray[np.float64]] = {
        (g.item.values[column], g.item.label): g.values for g in found if column
    }
    persons = sorted({who for who, _ in faces})
    changes = [
        faces[who, 'happiness'] - faces[who, 'neutral']
        for who in persons
        if (who, 'happiness') in faces and (who, 'neutral') in faces
    ]
    if not changes:
        return {}
    table = np.stack(changes)
    return {
        name: {
            'persons': len(table),
            'above': int(np.sum(table[:, i] > 0)),
            'interval': interval(wilson(int(np.sum(table[:, i] > 0)), len(table))),
            'mean_change': number(float(table[:, i].mean()), 3),
            'sd': number(float(table[:, i].std()), 3),
        }
        for i, name in enumerate(PROXIES)
    }
