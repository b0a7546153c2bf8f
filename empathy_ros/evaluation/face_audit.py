# SPDX-License-Identifier: Apache-2.0
"""What the audit of `empathy eval face` looks at beside the expression: turn, sharpness, skin.

Skin is measured, not judged: the individual typology angle of pixels on both cheeks. It depends
on light and camera as much as on skin, so pictures are only divided into thirds by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import SIZE_PX
from empathy_ros.core.face import Face
from empathy_ros.core.face_features import ASLANT_RAD
from empathy_ros.core.face_quality import judge, QualityConfig
from empathy_ros.core.head_pose import EYE_CORNERS, FaceMesh, head_pose
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import face_models
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.face_figures import Seen
from empathy_ros.evaluation.fairness import audit, Audited
from empathy_ros.evaluation.scores import number

Picture = NDArray[np.uint8]
Crop = NDArray[np.uint8]

# Middles of the cheeks, right and left, and the side of the patch in distances between the eyes.
CHEEKS, PATCH = (50, 280), 0.25
LEAST_COLOUR = 2.0
# Without landmarks: largest turn by the keypoints of the detector that counts as frontal.
ASLANT_TURN = 0.4
THIRDS = ('darkest third', 'middle third', 'lightest third')
BATCH = 64


@dataclass(frozen=True)
class Facts:
    """What one picture is like.

    Attributes:
        frontal: The head is turned by less than 20 degrees to the side and up or down.
        sharp: Large, light and sharp enough to be read.
        skin_deg: Individual typology angle, NaN = unknown.
    """

    frontal: bool
    sharp: bool
    skin_deg: float


def skin_angle(image_bgr: Picture, mesh: FaceMesh) -> float:
    """Return the individual typology angle of the cheeks in degrees, NaN without colour.

    Source: Chardon, Cretois and Hourseau, Int. J. Cosmetic Science 13 (1991) 191-208:
    arctan((L - 50) / b) of CIE L, a, b; the median of the pixels of both cheeks.

    Args:
        image_bgr: Shape (height, width, 3), uint8.
        mesh: The points of the face in it.
    """
    right, left = (mesh.points_px[list(rows), :2].mean(axis=0) for rows in EYE_CORNERS)
    half = max(1.0, 0.5 * PATCH * float(np.hypot(*(left - right))))
    height, width = image_bgr.shape[:2]
    pixels = []
    for x, y in mesh.points_px[list(CHEEKS), :2]:
        x0, x1 = (min(max(round(v), 0), width) for v in (x - half, x + half))
        y0, y1 = (min(max(round(v), 0), height) for v in (y - half, y + half))
        pixels.append(image_bgr[y0:y1, x0:x1].reshape(-1, 3))
    skin = np.concatenate(pixels)
    if not len(skin):
        return math.nan
    lab = cv2.cvtColor(skin[None].astype(np.float32) / np.float32(255), cv2.COLOR_BGR2LAB)[0]
    light, a, b = np.median(lab, axis=0).tolist()
    if math.hypot(a, b) < LEAST_COLOUR:
        return math.nan
    return math.degrees(math.atan2(light - 50.0, b)) if b > 0 else math.nan


class Watcher:
    """Cuts the largest face out of each picture and notes what the picture is like."""

    def __init__(self, networks: face_models.FaceModels, detect: bool) -> None:
        """Load the landmark network if it is there.

        Args:
            networks: Detector and expression network.
            detect: False: pictures are face crops already; the face is looked for all the same,
                to know how it is turned.
        """
        self._networks, self._detect = networks, detect
        self.facts: list[Facts | None] = []
        self.crops: list[Crop | None] = []
        try:
            self._landmarks = face_models.load_landmarks()
            self.source = 'landmarks'
        except ModelError:
            self._landmarks, self.source = None, 'keypoints of the detector'

    def crop(self, image: Picture, whole: Crop) -> Crop | None:
        """Return the crop that is read, `whole` where pictures are crops, None without a face."""
        faces = self._networks.detector.detect(image)
        face = max(faces, key=lambda f: f.side_px) if faces else None
        self.facts.append(None if face is None else self._facts(image, face))
        found = None if face is None else self._networks.crop(image, face)
        self.crops.append(found if self._detect else whole)
        return self.crops[-1]

    def _facts(self, image: Picture, face: Face) -> Facts:
        sharp = not judge(face, self._networks.crop(image, face), QualityConfig()).reason
        if self._landmarks is None:
            return Facts(abs(face.turn) < ASLANT_TURN, sharp, math.nan)
        mesh = self._landmarks.read(image, face)
        pose = head_pose(mesh)
        frontal = mesh.score >= 0.5 and max(abs(pose.yaw_rad), abs(pose.pitch_rad)) < ASLANT_RAD
        return Facts(frontal, sharp, skin_angle(image, mesh) if mesh.score >= 0.5 else math.nan)


def small_changes(crop: Crop) -> list[Crop]:
    """Return six copies of a face crop with changes that no person would notice.

    Mirrored; moved by one pixel to the right and down; turned by 4 degrees both ways; blurred
    with 0.6 pixels; 4 % larger.
    """
    middle = ((SIZE_PX - 1) / 2, (SIZE_PX - 1) / 2)
    moves = [
        np.float32([[1, 0, 1], [0, 1, 1]]),
        cv2.getRotationMatrix2D(middle, 4.0, 1.0),
        cv2.getRotationMatrix2D(middle, -4.0, 1.0),
        cv2.getRotationMatrix2D(middle, 0.0, 1.04),
    ]
    moved = [
        cv2.warpAffine(crop, move, (SIZE_PX, SIZE_PX), borderMode=cv2.BORDER_REPLICATE)
        for move in moves
    ]
    return [np.ascontiguousarray(crop[:, ::-1]), *moved, cv2.GaussianBlur(crop, (0, 0), 0.6)]


def changed_shares(
    reader: ExpressionModel,
    crops: Sequence[Crop | None],
    seen: Sequence[Seen],
    numbers: Sequence[int],
) -> NDArray[np.float64]:
    """Return for each picture the share of small changes that change its class, NaN = unread."""
    shares = np.full(len(seen), np.nan)
    read = [i for i, s in enumerate(seen) if s.reading is not None and s.reading.label]
    for first in range(0, len(read), BATCH):
        part = read[first : first + BATCH]
        copies = [small_changes(crop) for crop in (crops[i] for i in part) if crop is not None]
        answers = reader.read(np.concatenate([np.stack(c) for c in copies]), numbers)
        many = len(copies[0])
        for k, i in enumerate(part):
            label = seen[i].reading.label if seen[i].reading else ''
            shares[i] = np.mean([a.label != label for a in answers[k * many : (k + 1) * many]])
    return shares


def thirds(angles: NDArray[np.float64]) -> tuple[list[str], list[float | None]]:
    """Return the third of each picture by skin angle ('unknown' for NaN), and the two bounds."""
    known = angles[np.isfinite(angles)]
    if len(known) < len(THIRDS):
        return ['unknown'] * len(angles), [None, None]
    low, high = np.percentile(known, [100 / 3, 200 / 3]).tolist()
    names = [
        'unknown' if math.isnan(angle) else THIRDS[int(angle > low) + int(angle > high)]
        for angle in angles.tolist()
    ]
    return names, [number(low, 1), number(high, 1)]


def audit_figures(
    seen: Sequence[Seen],
    watcher: Watcher,
    reader: ExpressionModel,
    classes: Sequence[tuple[int, str]],
) -> dict[str, object]:
    """Return the audit of read pictures; see fairness.audit.

    Args:
        seen: In the order in which the watcher saw them.
        watcher: Holds their facts.
        reader: The expression network.
        classes: (number, name) of each class.
    """
    readings = [s.reading for s in seen]
    angles = np.array([f.skin_deg if f else math.nan for f in watcher.facts])
    skin, bounds = thirds(angles)
    unread = np.full(len(BASIC8), np.nan)
    looked = Audited(
        probabilities=np.array([r.probabilities if r else unread for r in readings]),
        answered=np.array([r is not None and not r.abstained for r in readings], dtype=np.bool_),
        changed=changed_shares(reader, watcher.crops, seen, [i for i, _ in classes]),
        fit=np.array([f is not None and f.frontal and f.sharp for f in watcher.facts]),
    )
    columns = {name: [s.item.groups[name] for s in seen] for name in seen[0].item.groups}
    if any(name != 'unknown' for name in skin):
        columns['skin (by typology angle)'] = skin
    facts = {'turn_by': watcher.source, 'skin_bounds_deg': bounds}
    return facts | audit(looked, columns, classes)
