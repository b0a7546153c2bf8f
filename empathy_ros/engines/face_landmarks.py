# SPDX-License-Identifier: Apache-2.0
"""Runs the landmark network on faces and the iris network on their eyes."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.face import crop_matrix, Face
from empathy_ros.core.gaze import Eye
from empathy_ros.core.head_pose import EYE_CORNERS, FaceMesh, POINTS
from empathy_ros.engines.face_detector import shrink
from empathy_ros.engines.onnx import ModelError, OnnxModel

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]

FACE_PX, EYE_PX = 192, 64
# Side of the crop over the longer side of the detected box, and over the width of an eye. The
# points then fill two thirds of the crop, as in the pictures these networks were made for.
FACE_MARGIN, EYE_SIDE = 0.5, 2.3
CONTOUR, LOWER_LID, UPPER_LID = 71, 4, 12
OUTER, INNER = 0, 8


class LandmarkModel:
    """The landmark network: input (1, 3, 192, 192), red-green-blue in 0..1."""

    def __init__(self, model: OnnxModel) -> None:
        """Check that the network fits.

        Raises:
            ModelError: input or outputs do not fit; the text names the file.
        """
        self.model = model
        _check(model, FACE_PX, [POINTS * 3, 1])

    def read(self, image_bgr: Image, face: Face) -> FaceMesh:
        """Return the points of a face.

        Args:
            image_bgr: Shape (height, width, 3), uint8.
            face: A face of this picture.
        Raises:
            ModelError: the network failed.
        """
        matrix = crop_matrix(face, FACE_PX, FACE_MARGIN)
        raw, logit = self.model.run(self.input_of(image_bgr, face))
        points = raw.reshape(POINTS, 3).astype(np.float64)
        score = 1.0 / (1.0 + math.exp(-min(max(float(logit.reshape(-1)[0]), -80.0), 80.0)))
        return FaceMesh(_back(points, matrix), score)

    def input_of(self, image_bgr: Image, face: Face) -> NDArray[np.float32]:
        """Return the input of the network for a face, shape (1, 3, 192, 192)."""
        return _input(image_bgr, crop_matrix(face, FACE_PX, FACE_MARGIN), FACE_PX)


class IrisModel:
    """The iris network: input (1, 3, 64, 64), red-green-blue in 0..1; knows right eyes only."""

    def __init__(self, model: OnnxModel) -> None:
        """Check that the network fits.

        Raises:
            ModelError: input or outputs do not fit; the text names the file.
        """
        self.model = model
        _check(model, EYE_PX, [CONTOUR * 3, 5 * 3])

    def read(self, image_bgr: Image, mesh: FaceMesh) -> tuple[Eye, Eye]:
        """Return the right and the left eye of a face.

        Args:
            image_bgr: Shape (height, width, 3), uint8.
            mesh: The points of a face of this picture.
        Raises:
            ModelError: the network failed.
        """
        right, left = (
            self._eye(seen, matrix)
            for seen, matrix in zip(self.inputs_of(image_bgr, mesh), _matrices(mesh), strict=True)
        )
        return right, left

    def inputs_of(self, image_bgr: Image, mesh: FaceMesh) -> list[NDArray[np.float32]]:
        """Return the inputs of the network for both eyes, each of shape (1, 3, 64, 64)."""
        return [_input(image_bgr, matrix, EYE_PX) for matrix in _matrices(mesh)]

    def _eye(self, seen: NDArray[np.float32], matrix: Matrix) -> Eye:
        contour, iris = self.model.run(seen)
        line = _back(contour.reshape(CONTOUR, 3).astype(np.float64), matrix)[:, :2]
        middle = _back(iris.reshape(5, 3).astype(np.float64), matrix)[0, :2]
        width = max(float(np.hypot(*(line[INNER] - line[OUTER]))), 1e-9)
        height = float(np.hypot(*(line[UPPER_LID] - line[LOWER_LID])))
        return Eye(line[OUTER], line[INNER], middle, height / width)


def _matrices(mesh: FaceMesh) -> list[Matrix]:
    return [
        eye_matrix(mesh.points_px[list(rows), :2], mirrored)
        for rows, mirrored in zip(EYE_CORNERS, (False, True), strict=True)
    ]


def eye_matrix(corners: NDArray[np.float64], mirrored: bool) -> Matrix:
    """Return the affine map from the picture to an upright crop of an eye, shape (2, 3).

    Args:
        corners: Shape (2, 2), outer and inner corner, x and y in pixels.
        mirrored: The eye is a left one: it is mirrored to look like a right one.
    """
    x, y = (corners[1] - corners[0]) * (-1.0 if mirrored else 1.0)
    scale = EYE_PX / (EYE_SIDE * max(math.hypot(x, y), 1e-6))
    angle = math.atan2(y, x)
    a, b = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[a, b], [-b, a]])
    if mirrored:
        turn[0] = -turn[0]
    middle = np.full(2, (EYE_PX - 1) / 2.0)
    return np.column_stack([turn, middle - turn @ (corners.mean(axis=0) - 0.5)])


def _check(model: OnnxModel, size_px: int, sizes: list[int]) -> None:
    fits = list(model.inputs.values()) == [(1, 3, size_px, size_px)]
    found = []
    if fits:
        found = [a.size for a in model.run(np.zeros((1, 3, size_px, size_px), np.float32))]
    if found != sizes:
        raise ModelError(
            f'{model.file}: expected an input of {size_px} pixels and outputs of {sizes} numbers; '
            'correct the entry in models/manifest.yaml'
        )


def _input(image_bgr: Image, matrix: Matrix, size_px: int) -> NDArray[np.float32]:
    """Return an upright part of a picture as input of a network, shape (1, 3, size, size)."""
    scale = math.hypot(matrix[0, 0], matrix[0, 1])
    while scale < 0.5 and min(image_bgr.shape[:2]) >= 4:
        height, width = image_bgr.shape[:2]
        image_bgr = shrink(image_bgr, width // 2, height // 2)
        wide, high = width / (width // 2), height / (height // 2)
        grown = np.array([[wide, 0.0, (wide - 1) / 2], [0.0, high, (high - 1) / 2]])
        matrix = np.column_stack([matrix[:, :2] @ grown[:, :2], matrix @ (*grown[:, 2], 1.0)])
        scale = math.hypot(matrix[0, 0], matrix[0, 1])
    part = cv2.warpAffine(
        image_bgr, matrix, (size_px, size_px),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    planes = part[:, :, ::-1].transpose(2, 0, 1)[None]
    return np.ascontiguousarray(planes, dtype=np.float32) * np.float32(1 / 255)


def _back(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    """Return points of a crop, x, y and depth, in pixels of the picture."""
    inverse = np.linalg.inv(matrix[:, :2])
    result = points / math.hypot(matrix[0, 0], matrix[0, 1])
    # The centre of the first pixel is at 0.5 in a picture's coordinates.
    result[:, :2] = (points[:, :2] - matrix[:, 2]) @ inverse.T + 0.5
    return result
