# SPDX-License-Identifier: Apache-2.0
"""Runs the expression network on grey crops; core/expression_net says what its logits mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import (
    Calibration,
    ExpressionReading,
    network_input,
    read_expressions,
)
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines.onnx import ModelError, OnnxModel


class ExpressionModel:
    """The expression network with its calibration.

    Attributes:
        model: The network: input (n, 1, 48, 48), output logits (n, 8) in the order of BASIC8.
        calibration: Temperature and smallest confidence.
        model_id: Manifest entry, '' = none.
        mirror: Each face is read twice, once mirrored, and the logits are averaged.
        calls: How often the network has run.
    """

    def __init__(
        self,
        model: OnnxModel,
        calibration: Calibration | None = None,
        *,
        model_id: str = '',
        mirror: bool = False,
    ) -> None:
        """Check that the network fits by one call on a blank crop.

        Raises:
            ModelError: input or output do not fit; the text names the file.
        """
        self.model, self.calibration = model, calibration or Calibration()
        self.model_id, self.mirror, self.calls = model_id, mirror, 0
        size = network_input(np.zeros((1, 48, 48), np.uint8))
        if len(model.inputs) != 1 or len(model.outputs) != 1:
            raise ModelError(f'{model.file}: an expression network has one input and one output')
        answer = model.run(size)[0]
        if answer.shape != (1, len(BASIC8)):
            raise ModelError(
                f'{model.file}: answers {answer.shape} for one face, expected (1, {len(BASIC8)}); '
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
            ModelError: the network failed or answered values that are not finite.
            ValueError: crops of another shape.
        """
        if not len(crops):
            return []
        self.calls += 1
        faces = network_input(crops)
        if self.mirror:
            both = self.model.run(np.concatenate([faces, faces[..., ::-1]]))[0]
            logits = (both[: len(faces)] + both[len(faces) :]) / 2
        else:
            logits = self.model.run(faces)[0]
        return read_expressions(crops, logits, self.calibration, allowed)
