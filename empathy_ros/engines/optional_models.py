# SPDX-License-Identifier: Apache-2.0
"""Puts together the models that are fetched only on request: other detectors and expressions.

Each function raises ModelError with the command that fetches the model when it is not there.
"""

from __future__ import annotations

from pathlib import Path

from empathy_ros import models
from empathy_ros.core.expression_net import Calibration
from empathy_ros.engines import blendshapes
from empathy_ros.engines.emotieff import EmotiEffExpression
from empathy_ros.engines.face_detector import MIN_SCORE
from empathy_ros.engines.insight import InsightFaces, load_heads
from empathy_ros.engines.onnx import OnnxModel
from empathy_ros.engines.providers import Runtime
from empathy_ros.engines.yunet import YunetDetector

YUNET, EMOTIEFF = 'face_detector_yunet', 'face_expression_emotieff'
BLENDSHAPES, WHISPER_BASE = 'face_blendshapes', 'whisper_base'


def open_network(entry: models.Model, runtime: Runtime | None = None) -> OnnxModel:
    """Return the network of an entry, hash, inputs and outputs checked; raises ModelError."""
    return OnnxModel(
        models.find_network(entry),
        sha256=entry.network_sha256,
        inputs={tensor.name: tensor.shape for tensor in entry.inputs} or None,
        outputs=[tensor.name for tensor in entry.outputs] or None,
        runtime=runtime,
        profile=entry.profile,
    )


def load(model_id: str, runtime: Runtime | None = None) -> OnnxModel:
    """Return the network of a manifest entry by its id; raises ModelError."""
    return open_network(models.get(model_id), runtime)


def load_yunet(min_score: float = MIN_SCORE, runtime: Runtime | None = None) -> YunetDetector:
    """Return the detector YuNet."""
    return YunetDetector(load(YUNET, runtime), min_score)


def load_emotieff(runtime: Runtime | None = None) -> EmotiEffExpression:
    """Return EmotiEffLib's expression network, not calibrated on our data."""
    how = models.get(EMOTIEFF).calibration
    calibration = Calibration(
        float(how.get('temperature', 1.0)), float(how.get('min_confidence', 0.0))
    )
    return EmotiEffExpression(load(EMOTIEFF, runtime), calibration)


def load_blendshapes(
    file: Path | None = None, runtime: Runtime | None = None
) -> blendshapes.BlendshapeModel:
    """Return the blendshape network.

    Args:
        file: A file of the user's, .onnx or .tflite; None = the one of the manifest.
        runtime: Where an ONNX file runs.
    """
    found = models.find(BLENDSHAPES) if file is None else file
    return blendshapes.BlendshapeModel(blendshapes.open_network(found, runtime))


def load_insight(encoder: Path, heads: Path, runtime: Runtime | None = None) -> InsightFaces:
    """Return Empathic-Insight for faces from two files of the user's.

    Args:
        encoder: ONNX file of the SigLIP2 picture encoder.
        heads: What training/insight_heads.py has written.
        runtime: Where the encoder runs.
    """
    return InsightFaces(OnnxModel(encoder, runtime=runtime), load_heads(heads))
