# SPDX-License-Identifier: Apache-2.0
"""Finds faces with YuNet, an optional detector that is fetched by address (MIT)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import blazeface, yunet
from empathy_ros.core.face import Face
from empathy_ros.engines.face_detector import MIN_SCORE, SAME_FACE_OVERLAP, shrink
from empathy_ros.engines.onnx import ModelError, OnnxModel

Image = NDArray[np.uint8]


class YunetDetector:
    """YuNet with its letterbox, decoding and merging; takes the place of a FaceDetector.

    Holds a buffer that is used again: call it from one thread at a time.
    """

    def __init__(self, model: OnnxModel, min_score: float = MIN_SCORE) -> None:
        """Check that the network fits.

        Args:
            model: Input (1, 3, size, size), blue-green-red in 0..255; outputs in the order of
                yunet.OUTPUTS.
            min_score: Smallest score of a face, 0..1.
        Raises:
            ModelError: input or outputs do not fit; the text names the file.
        """
        self.model, self.min_score = model, min_score
        (shape, *more) = model.inputs.values()
        size_px = shape[-1] if len(shape) == 4 else None
        if more or size_px is None or shape != (1, 3, size_px, size_px) or size_px % 32:
            raise ModelError(f'{model.file}: not YuNet: its input has shape {shape}')
        self._size_px = size_px
        self._blob = np.zeros((1, 3, size_px, size_px), np.float32)
        found = [answer.shape for answer in model.run(self._blob)]
        wanted = [
            (1, yunet.cells(stride, size_px), yunet.WIDTHS[head])
            for head in yunet.HEADS
            for stride in yunet.STRIDES
        ]
        if found != wanted:
            raise ModelError(f'{model.file}: not YuNet: answers {found}, expected {wanted}')

    def detect(self, image_bgr: Image) -> list[Face]:
        """Return the faces in a picture, best first.

        Args:
            image_bgr: Shape (height, width, 3), uint8, blue-green-red.
        Raises:
            ModelError: the network failed.
        """
        height, width = image_bgr.shape[:2]
        box = blazeface.letterbox(width, height, self._size_px)
        small = shrink(image_bgr, box.width_px, box.height_px)
        self._blob.fill(0.0)
        rows = slice(box.top_px, box.top_px + box.height_px)
        columns = slice(box.left_px, box.left_px + box.width_px)
        self._blob[0, :, rows, columns] = small.transpose(2, 0, 1)
        points, scores = yunet.decode(self.model.run(self._blob), self._size_px, self.min_score)
        points, scores = blazeface.merge(points, scores, SAME_FACE_OVERLAP)
        return blazeface.faces_from(points, scores, box)
