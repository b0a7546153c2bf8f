# SPDX-License-Identifier: Apache-2.0
"""Runs the blendshape network of MediaPipe's face landmarker (optional, fetched by address).

The network is a TFLite file. It runs in ai-edge-litert, or as ONNX when the user has converted it;
both have one input, points (1, 146, 2) in pixels, and one output of 52 scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import blendshapes
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import Runtime

FloatArray = NDArray[np.float64]


class Network(Protocol):
    """What runs the network: an OnnxModel or a TfliteModel."""

    file: Path

    def run(self, *inputs: NDArray[Any]) -> Sequence[NDArray[Any]]:
        """Return the outputs."""
        ...


class TfliteModel:
    """A TFLite network in ai-edge-litert, one input, one thread."""

    def __init__(self, file: Path) -> None:
        """Load the file.

        Raises:
            ModelError: ai-edge-litert is not installed, or the file is no TFLite network.
        """
        self.file = file
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                f'{file}: a TFLite network needs ai-edge-litert ({error}): '
                'pip install ai-edge-litert, or convert the file to ONNX'
            ) from error
        try:
            self._interpreter: Any = Interpreter(model_path=str(file), num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f'{file}: not a TFLite network ({error})') from error

    def run(self, *inputs: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the outputs for one input.

        Raises:
            ModelError: the input has another shape or type.
        """
        (value,) = inputs
        try:
            self._interpreter.set_tensor(self._interpreter.get_input_details()[0]['index'], value)
            self._interpreter.invoke()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f'{self.file}: {str(error).splitlines()[0]}') from error
        outputs = self._interpreter.get_output_details()
        return [self._interpreter.get_tensor(item['index']) for item in outputs]


def open_network(file: Path, runtime: Runtime | None = None) -> Network:
    """Return the network in a file, .tflite or .onnx; raises ModelError."""
    return TfliteModel(file) if file.suffix == '.tflite' else OnnxModel(file, runtime=runtime)


class BlendshapeModel:
    """52 scores of what the face does, from its 478 points."""

    def __init__(self, network: Network) -> None:
        """Check that the network fits by one call.

        Raises:
            ModelError: input or output do not fit; the text names the file.
        """
        self._network = network
        self.read(np.zeros((blendshapes.MESH_POINTS, 2)) + np.arange(2))

    def read(self, points_px: NDArray[np.floating]) -> FloatArray:
        """Return the scores, shape (52,), 0..1, in the order of blendshapes.NAMES.

        Args:
            points_px: Points of one face in pixels of the picture, shape (478, 2) or (478, 3).
        Raises:
            ModelError: the network failed or answers something else.
            ValueError: points of another shape.
        """
        answer = np.asarray(self._network.run(blendshapes.network_input(points_px))[0])
        if answer.size != len(blendshapes.NAMES) or not np.isfinite(answer).all():
            raise ModelError(
                f'{self._network.file}: answers shape {answer.shape}, expected '
                f'{len(blendshapes.NAMES)} finite blendshapes'
            )
        return np.asarray(answer.reshape(-1).clip(0.0, 1.0), dtype=np.float64)
