# SPDX-License-Identifier: Apache-2.0
"""Puts the face networks of the model manifest together: for the node, the bench and the demo."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros import models
from empathy_ros.core.blazeface import AnchorLayout
from empathy_ros.core.expression_net import Calibration
from empathy_ros.core.face import Face
from empathy_ros.core.face_affect import FaceAffect, FaceAffectConfig
from empathy_ros.core.face_features import FaceFeaturesConfig, FeatureReader
from empathy_ros.core.face_quality import QualityConfig
from empathy_ros.core.tracking import FaceTracker, TrackingConfig
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.face_detector import crop_face, FaceDetector, MIN_SCORE
from empathy_ros.engines.face_landmarks import IrisModel, LandmarkModel
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.onnx_runtime import onnxruntime
from empathy_ros.engines.optional_models import load, load_yunet
from empathy_ros.engines.providers import CPU, present, Runtime, wanted_providers
from empathy_ros.engines.yunet import YunetDetector

Image = NDArray[np.uint8]
EXPRESSION, EXPRESSION_CPU = 'face_expression', 'face_expression_cpu'
LANDMARKS, IRIS = 'face_landmarks', 'eye_iris'
YUNET = 'yunet'
DETECTORS = {'full': 'face_detector_full', 'short': 'face_detector_short'}


def load_detector(
    detector: str = 'full', min_score: float = MIN_SCORE, runtime: Runtime | None = None
) -> FaceDetector | YunetDetector:
    """Return the face detector: 'full' or 'short' range, or 'yunet'; raises ModelError."""
    if detector == YUNET:
        return load_yunet(min_score, runtime)
    entry = models.get(DETECTORS[detector])
    size_px = entry.inputs[0].shape[-1]
    if size_px is None:
        raise ModelError(f'{entry.id}: models/manifest.yaml must give the size of its input')
    layout = AnchorLayout.of(
        size_px, entry.decoding['strides'], entry.decoding['anchors_per_stride_entry']
    )
    return FaceDetector(load(entry.id, runtime), layout, min_score)


def expression_entry(runtime: Runtime | None = None) -> models.Model:
    """Return the form of the expression network for where it will run.

    On a CPU the form with unsigned activations is three times as fast; TensorRT wants the other.

    Raises:
        ModelError: ONNX Runtime is not installed.
    """
    available = present(onnxruntime().get_available_providers())
    first = wanted_providers(runtime.provider if runtime else 'auto', available)[0]
    return models.get(EXPRESSION_CPU if first == CPU else EXPRESSION)


def load_expression(runtime: Runtime | None = None) -> ExpressionModel:
    """Return the expression network with its calibration; raises ModelError."""
    entry = expression_entry(runtime)
    return ExpressionModel(
        load(entry.id, runtime),
        Calibration(
            temperature=float(entry.calibration['temperature']),
            min_confidence=float(entry.calibration['min_confidence']),
        ),
        model_id=entry.id,
        mirror=bool(entry.preprocessing.get('mirror', False)),
    )


def load_landmarks(runtime: Runtime | None = None) -> LandmarkModel:
    """Return the landmark network; raises ModelError."""
    return LandmarkModel(load(LANDMARKS, runtime))


def load_iris(runtime: Runtime | None = None) -> IrisModel:
    """Return the iris network; raises ModelError."""
    return IrisModel(load(IRIS, runtime))


def load_features(
    config: FaceFeaturesConfig | None = None, runtime: Runtime | None = None
) -> FeatureReader:
    """Return what looks at the points of a face, and into the eyes if `config` says so.

    Raises:
        ModelError: a network cannot be used; the pipeline does its work without them.
    """
    config = config or FaceFeaturesConfig()
    eyes = load_iris(runtime).read if config.iris else None
    landmarks = load_landmarks(runtime)
    return FeatureReader(landmarks.read, eyes, config, (LANDMARKS, landmarks.model.short_hash))


@dataclass(frozen=True)
class FaceModels:
    """Both networks and how a face is cut out for the second."""

    detector: FaceDetector | YunetDetector
    expression: ExpressionModel
    size_px: int
    margin: float
    down: float

    def degraded_text(self) -> str:
        """Return what to do when a network does not run where it was asked to, '' when it does."""
        slow = [m for m in (self.detector.model, self.expression.model) if m.degraded]
        if not slow:
            return ''
        return (
            f'the networks run on {slow[0].provider}, not on {slow[0].runtime.provider}: install '
            'onnxruntime-gpu and the NVIDIA libraries, or set the parameter provider to cpu'
        )

    def facts(self) -> dict[str, str]:
        """Return where each network really runs and its hash, for the diagnostics."""
        return {
            'provider': self.expression.model.provider,
            'model_hash': self.expression.model.short_hash,
            'detector_provider': self.detector.model.provider,
            'detector_hash': self.detector.model.short_hash,
        }

    def crop(self, image_bgr: Image, face: Face) -> Image:
        """Return the grey crop that the expression network wants."""
        return crop_face(image_bgr, face, self.size_px, self.margin, self.down)

    def pipeline(
        self,
        quality: QualityConfig | None = None,
        tracking: TrackingConfig | None = None,
        features: FeatureReader | None = None,
    ) -> FaceAffect:
        """Return a new pipeline, without faces; see load_features for the last argument."""
        return FaceAffect(
            self.detector.detect,
            self.crop,
            self.expression.read,
            FaceTracker(tracking),
            quality or QualityConfig(),
            self.expression.model_id,
            self.expression.model.short_hash,
            features,
        )


def load_all(
    detector: str = 'full', min_score: float = MIN_SCORE, runtime: Runtime | None = None
) -> FaceModels:
    """Return both networks; OpenCV then uses as many threads as they do.

    Args:
        detector: 'full' or 'short' range, or 'yunet'.
        min_score: Smallest score of a face, 0..1.
        runtime: Where and how they run.
    Raises:
        ModelError: one of them cannot be used; the text names the file and the cure.
    """
    how = models.get(EXPRESSION).preprocessing
    cv2.setNumThreads((runtime or Runtime()).threads)
    return FaceModels(
        load_detector(detector, min_score, runtime),
        load_expression(runtime),
        int(how['size_px']),
        float(how['margin']),
        float(how['down']),
    )


def load_for(
    config: FaceAffectConfig, features: FaceFeaturesConfig
) -> tuple[FaceModels, FeatureReader | None, dict[str, str]]:
    """Return the networks of the node, what looks at the points of a face, and diagnostics.

    The points are looked at only where their networks are there; else the diagnostics say why not.

    Raises:
        ModelError: detector or expression network cannot be used.
    """
    runtime = Runtime(config.provider, config.precision, models.models_folder() / 'engines')
    parts = load_all(config.detector, config.min_score, runtime)
    facts = parts.facts() | {'provider_requested': config.provider}
    try:
        return parts, load_features(features, runtime), facts | {'landmarks': 'on'}
    except ModelError as error:
        return parts, None, facts | {'landmarks': f'off: {error}'}
