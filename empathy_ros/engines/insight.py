# SPDX-License-Identifier: Apache-2.0
"""Loads Empathic-Insight heads from a file without pickled objects, and runs them on faces.

`training/insight_heads.py` writes that file from the published ones, which are pickled and are
therefore never opened here. The encoder that makes the embedding is an ONNX file of the user's.
"""

from __future__ import annotations

from pathlib import Path
import zipfile
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.insight import category_of, Heads, Layer
from empathy_ros.engines.onnx import ModelError, OnnxModel

FORMAT = 'empathic-insight-heads.1'
FloatArray = NDArray[np.float64]


def load_heads(file: Path) -> Heads:
    """Return the heads in a .npz file.

    The file holds `format`, `full_scale` and `names` (k,), and for head i the arrays `i.j.weight`
    and `i.j.bias` of its layers j = 0, 1, ...

    Raises:
        ModelError: unreadable, another format, or heads that do not fit; the text names the file.
    """
    try:
        with np.load(file, allow_pickle=False) as content:
            if str(content['format']) != FORMAT:
                raise ValueError(f'format {content["format"]}, needed is {FORMAT}')
            layers: dict[str, list[Layer]] = {}
            for number, name in enumerate(content['names'].tolist()):
                category = category_of(name)
                if category:
                    layers[category] = _stack(content, number)
            return Heads(layers, float(content['full_scale']))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f'{file}: no Empathic-Insight heads ({error}); make it with training/insight_heads.py'
        ) from error


def _stack(content: np.lib.npyio.NpzFile, number: int) -> list[Layer]:
    stack: list[Layer] = []
    while f'{number}.{len(stack)}.weight' in content:
        place = f'{number}.{len(stack)}'
        stack.append(
            (
                np.asarray(content[f'{place}.weight'], np.float32),
                np.asarray(content[f'{place}.bias'], np.float32),
            )
        )
    return stack


class InsightFaces:
    """A picture encoder with the heads behind it."""

    def __init__(self, encoder: OnnxModel, heads: Heads) -> None:
        """Check that encoder and heads fit by one call.

        Args:
            encoder: Input (n, 3, size, size), red-green-blue in -1..1; output embeddings (n, d).
            heads: They take embeddings of length d.
        Raises:
            ModelError: the encoder does not fit; the text names its file.
        """
        self.encoder, self.heads = encoder, heads
        (shape, *more) = encoder.inputs.values()
        size_px = shape[-1] if len(shape) == 4 else None
        if more or size_px is None or shape[1:] != (3, size_px, size_px):
            raise ModelError(f'{encoder.file}: no picture encoder: its input has shape {shape}')
        self._size_px = size_px
        answer = encoder.run(np.zeros((1, 3, size_px, size_px), np.float32))[0]
        if answer.shape != (1, heads.size):
            raise ModelError(
                f'{encoder.file}: gives embeddings of shape {answer.shape}, '
                f'the heads need (1, {heads.size})'
            )

    def read(self, face_bgr: NDArray[np.uint8]) -> FloatArray:
        """Return scores of one face in the order of EMONET40, 0..1, NaN without a head.

        Args:
            face_bgr: Picture of a face, shape (height, width, 3), uint8, blue-green-red.
        Raises:
            ModelError: the encoder failed.
        """
        size = (self._size_px, self._size_px)
        scaled = cv2.resize(face_bgr, size, interpolation=cv2.INTER_AREA)
        blob = cv2.cvtColor(scaled, cv2.COLOR_BGR2RGB).astype(np.float32) / np.float32(127.5) - 1
        embedding = self.encoder.run(np.ascontiguousarray(blob.transpose(2, 0, 1)[None]))[0][0]
        return self.heads.read(embedding)
