# SPDX-License-Identifier: Apache-2.0
"""Runs EmotiEffLib's EfficientNet-B0 for expression, valence and arousal (optional, by address).

The network answers eight classes in an order of its own, then valence and arousal. Its weights are
labelled Apache-2.0; the pictures they were trained on (AffectNet) are for research only.
"""

from __future__ import annotations

from collections.abc import Sequence
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import (
    Calibration,
    ExpressionReading,
    has_contrast,
    probabilities,
)
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines.onnx import ModelError, OnnxModel

SIZE_PX = 224
# Order of its classes, in our words.
CLASSES = (
    'anger', 'contempt', 'disgust', 'fear', 'happiness', 'neutral', 'sadness', 'surprise',
)  # fmt: skip
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_TO_BASIC8 = np.array([CLASSES.index(name) for name in BASIC8.labels])


def network_input(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the input of the network, shape (n, 3, 224, 224), red-green-blue.

    Args:
        crops: Faces, uint8: (n, height, width, 3) blue-green-red, or (n, height, width) grey.
    Raises:
        ValueError: another shape or type.
    """
    if crops.dtype != np.uint8 or crops.ndim not in (3, 4) or crops.shape[3:] not in ((), (3,)):
        raise ValueError(
            f'face crops must be uint8 of shape (n, height, width[, 3]), got {crops.dtype} '
            f'{crops.shape}'
        )
    code = cv2.COLOR_GRAY2RGB if crops.ndim == 3 else cv2.COLOR_BGR2RGB
    scaled = [
        cv2.cvtColor(cv2.resize(crop, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA), code)
        for crop in crops
    ]
    x = (np.stack(scaled).astype(np.float32) / np.float32(255.0) - MEAN) / DEVIATION
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


class EmotiEffExpression:
    """The network with its calibration; takes the place of an ExpressionModel."""

    def __init__(self, model: OnnxModel, calibration: Calibration | None = None) -> None:
        """Check that the network fits by one call on a blank crop.

        Args:
            model: Input (n, 3, 224, 224), output (n, 10): CLASSES, valence, arousal.
            calibration: Temperature and smallest confidence; None = not calibrated.
        Raises:
            ModelError: input or output do not fit; the text names the file.
        """
        self.model, self.calibration = model, calibration or Calibration()
        answer = model.run(network_input(np.zeros((1, 48, 48), np.uint8)))[0]
        if answer.shape != (1, len(CLASSES) + 2):
            raise ModelError(
                f'{model.file}: answers {answer.shape} for one face, expected '
                f'(1, {len(CLASSES) + 2}): eight classes, valence, arousal'
            )

    def read(
        self, crops: NDArray[np.uint8], allowed: Sequence[int] | None = None
    ) -> list[ExpressionReading]:
        """Return one reading per crop, with valence and arousal as the network estimates them.

        Args:
            crops: Faces in colour, (n, height, width, 3), or grey, (n, height, width).
            allowed: Classes of BASIC8 that may be answered, None = all.
        Raises:
            ModelError: the network failed.
            ValueError: crops of another shape.
        """
        if not len(crops):
            return []
        answer = self.model.run(network_input(crops))[0].astype(np.float64)
        table = probabilities(answer[:, _TO_BASIC8], self.calibration.temperature, allowed)
        seen = has_contrast(crops)
        return [
            self._reading(p, valence_arousal, bool(ok))
            for p, valence_arousal, ok in zip(table, answer[:, len(CLASSES) :], seen, strict=True)
        ]

    def _reading(
        self, p: NDArray[np.float64], valence_arousal: NDArray[np.float64], seen: bool
    ) -> ExpressionReading:
        nan = math.nan
        if not seen:
            return ExpressionReading(
                np.full(len(BASIC8), nan), '', 0.0, nan, nan, True, 'no_contrast'
            )
        top = int(np.argmax(p))
        label, confidence = BASIC8.labels[top], float(p[top])
        if confidence < self.calibration.min_confidence:
            return ExpressionReading(p, label, confidence, nan, nan, True, 'low_confidence')
        valence, arousal = (float(v) for v in np.clip(valence_arousal, -1.0, 1.0))
        return ExpressionReading(p, label, confidence, valence, arousal, False, '')
