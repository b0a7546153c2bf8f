# SPDX-License-Identifier: Apache-2.0
"""The expression network: grey face crops in, estimated expressions out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import (
    SIZE_PX,
    Calibration,
    ExpressionReading,
    network_input,
    read_expressions,
)
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines.onnx import ModelError, OnnxModel


class ExpressionReader:
    """Reads any number of face crops in one call."""

    def __init__(self, model: OnnxModel, calibration: Calibration) -> None:
        """Check that the network fits.

        Args:
            model: Input (n, 1, 48, 48), output logits (n, 8) in the order of BASIC8.
            calibration: Temperature and minimum confidence from the manifest.
        Raises:
            ModelError: Input or output does not fit; the text names the file.
        """
        self.model, self.calibration = model, calibration
        shapes = list(model.inputs.values())
        if len(shapes) != 1 or shapes[0][1:] != (1, SIZE_PX, SIZE_PX):
            raise ModelError(
                f'{model.file}: input is {shapes}, expected (n, 1, {SIZE_PX}, {SIZE_PX}); '
                'correct the entry in models/manifest.yaml'
            )
        answer = model.run(np.zeros((2, 1, SIZE_PX, SIZE_PX), np.float32))
        if answer[0].shape != (2, len(BASIC8)):
            raise ModelError(
                f'{model.file}: output is {answer[0].shape[1:]}, expected ({len(BASIC8)},); '
                'correct the entry in models/manifest.yaml'
            )

    def read(
        self, crops: NDArray[np.uint8], allowed: Sequence[int] | None = None
    ) -> list[ExpressionReading]:
        """Return one reading per crop.

        Args:
            crops: Grey faces, shape (n, 48, 48), uint8.
            allowed: Classes that may be answered, None = all.
        Raises:
            ModelError: The network failed.
            ValueError: Wrong shape or type of the crops.
        """
        if len(crops) == 0:
            return []
        logits = self.model.run(network_input(crops))[0]
        return read_expressions(crops, logits, self.calibration, allowed)
