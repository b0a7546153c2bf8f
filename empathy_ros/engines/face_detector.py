# SPDX-License-Identifier: Apache-2.0
"""Finds faces with a BlazeFace network and cuts them out for the expression network."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import blazeface
from empathy_ros.core.blazeface import AnchorLayout, FULL_RANGE, Letterbox
from empathy_ros.core.face import crop_matrix, Face
from empathy_ros.engines.onnx import ModelError, OnnxModel

Image = NDArray[np.uint8]
MIN_SCORE = 0.5
SAME_FACE_OVERLAP = 0.3
PAD = -1.0
# A face that fills the whole picture is larger than the network knows. When nothing is found it
# looks once more at the picture at 0.3 of its size, for faces only that are really that large: of
# 1,654 FairFace pictures (60 years and over, cut close to the face) 0.11 were found with one look
# and 0.97 with two. Smaller things found then were mostly none, such as a distant person's body.
CLOSE_UP = 0.3
CLOSE_UP_SIDE = 0.4
# Reduction from which a picture is halved by averaging before it is scaled. 640x480 is reduced 3.3
# times: averaging found no more of the London faces at 34 to 40 pixels, and costs twice as much.
HALVE_FROM = 4.0
HALVE_FROM_CLOSE_UP = 2.0


class FaceDetector:
    """A BlazeFace network with its letterbox, decoding and merging, and a second look.

    Holds buffers that are used again: call it from one thread at a time.
    """

    def __init__(
        self,
        model: OnnxModel,
        layout: AnchorLayout = FULL_RANGE,
        min_score: float = MIN_SCORE,
    ) -> None:
        """Check that the network fits the anchors.

        Args:
            model: Input (1, 3, size, size), red-green-blue in -1..1; outputs boxes (1, n, 16) and
                logits (1, n, 1), in this order.
            layout: Its anchors.
            min_score: Smallest score of a face, 0..1.
        Raises:
            ModelError: input or outputs do not fit; the text names the file.
        """
        self.model, self.min_score = model, min_score
        self._size_px = layout.size_px
        self._centres = blazeface.anchor_centres(layout)
        self._blob = np.full((1, 3, layout.size_px, layout.size_px), PAD, np.float32)
        self._box: Letterbox | None = None
        shapes = [a.shape for a in model.run(self._blob)] if self._takes_blob() else []
        if shapes != [(1, layout.count, 16), (1, layout.count, 1)]:
            raise ModelError(
                f'{model.file}: not a face detector with {layout.count} anchors at '
                f'{layout.size_px} pixels; correct the entry in models/manifest.yaml'
            )

    def _takes_blob(self) -> bool:
        return list(self.model.inputs.values()) == [self._blob.shape]

    def detect(self, image_bgr: Image) -> list[Face]:
        """Return the faces in a picture, best first.

        Args:
            image_bgr: Shape (height, width, 3), uint8, blue-green-red.
        Raises:
            ModelError: the network failed.
        """
        faces = self._look(image_bgr, 1.0)
        if faces:
            return faces
        least_px = CLOSE_UP_SIDE * min(image_bgr.shape[:2])
        return [f for f in self._look(image_bgr, CLOSE_UP) if f.side_px >= least_px]

    def _look(self, image_bgr: Image, share: float) -> list[Face]:
        box = self._fill(image_bgr, share)
        boxes, logits = self.model.run(self._blob)
        points, scores = blazeface.decode(
            boxes[0], logits.reshape(-1), self._centres, self.min_score
        )
        points, scores = blazeface.merge(points, scores, SAME_FACE_OVERLAP)
        return blazeface.faces_from(points, scores, box)

    def _fill(self, image_bgr: Image, share: float) -> Letterbox:
        height, width = image_bgr.shape[:2]
        box = blazeface.letterbox(width, height, self._size_px, share)
        if box != self._box:
            self._blob.fill(PAD)
            self._box = box
        halve_from = HALVE_FROM if share == 1.0 else HALVE_FROM_CLOSE_UP
        small = shrink(image_bgr, box.width_px, box.height_px, halve_from)
        rows = slice(box.top_px, box.top_px + box.height_px)
        columns = slice(box.left_px, box.left_px + box.width_px)
        for channel in range(3):
            target = self._blob[0, channel, rows, columns]
            np.multiply(small[:, :, 2 - channel], np.float32(1 / 127.5), out=target)
            target -= 1.0
        return box


def shrink(image: Image, width_px: int, height_px: int, halve_from: float = 2.0) -> Image:
    """Return a scaled picture: halved while it is `halve_from` times too large, then linear."""
    while image.shape[1] >= halve_from * width_px and image.shape[0] >= halve_from * height_px:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    return cv2.resize(image, (width_px, height_px), interpolation=cv2.INTER_LINEAR)


def crop_face(
    image_bgr: Image, face: Face, size_px: int, margin: float, down: float = 0.0
) -> Image:
    """Return an upright grey crop of a face, shape (size_px, size_px), uint8.

    The eyes lie on a level line; beyond the edge of the picture its last pixels are repeated.

    Args:
        image_bgr: Shape (height, width, 3), uint8.
        face: A face of this picture.
        size_px: Side of the crop.
        margin: Side of the crop = longer side of the box x (1 + margin).
        down: Centre of the crop below the middle of the box, in sides of the box.
    """
    height, width = image_bgr.shape[:2]
    matrix = crop_matrix(face, size_px, margin, down)
    x0, y0, x1, y1 = _source_px(matrix, size_px, width, height)
    part = cv2.cvtColor(image_bgr[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    (a, b, u), (c, d, v) = matrix.tolist()
    u, v = u + a * x0 + b * y0, v + c * x0 + d * y0
    while math.hypot(a, b) < 0.5 and min(part.shape) >= 4:
        half = (part.shape[1] // 2, part.shape[0] // 2)
        wide, high = part.shape[1] / half[0], part.shape[0] / half[1]
        # The middle of the first pixel moves when pixels grow.
        u += a * (wide - 1) / 2 + b * (high - 1) / 2
        v += c * (wide - 1) / 2 + d * (high - 1) / 2
        a, b, c, d = a * wide, b * high, c * wide, d * high
        part = cv2.resize(part, half, interpolation=cv2.INTER_AREA)
    return cv2.warpAffine(
        part,
        np.array([[a, b, u], [c, d, v]]),
        (size_px, size_px),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _source_px(
    matrix: NDArray[np.float64], size_px: int, width: int, height: int
) -> tuple[int, int, int, int]:
    """Return the part of the picture that a crop needs: left, top, right, bottom; never empty."""
    (a, b, u), (c, d, v) = matrix.tolist()
    scale = a * d - b * c
    middle = (size_px - 1) / 2 - u, (size_px - 1) / 2 - v
    x = (d * middle[0] - b * middle[1]) / scale
    y = (a * middle[1] - c * middle[0]) / scale
    # Half the side of the upright square around the turned crop, and two pixels to blend with.
    reach = (abs(a) + abs(b)) / scale * size_px / 2 + 2
    x0 = min(max(math.floor(x - reach), 0), width - 1)
    y0 = min(max(math.floor(y - reach), 0), height - 1)
    x1 = max(min(math.ceil(x + reach) + 1, width), x0 + 1)
    y1 = max(min(math.ceil(y + reach) + 1, height), y0 + 1)
    return x0, y0, x1, y1
