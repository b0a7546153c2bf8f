# SPDX-License-Identifier: Apache-2.0
"""From one frame to what the face in it suggests, or to why nothing can be said.

Finding, cutting out and reading a face run elsewhere and come in as functions. Here is what they
are used for: whom to infer on, which quality suffices, and what is published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.expression_net import ExpressionReading
from empathy_ros.core.face import Face, region_of
from empathy_ros.core.face_features import FaceFeatures, FeatureReader, TURNED_AWAY
from empathy_ros.core.face_quality import FaceQuality, judge, QualityConfig
from empathy_ros.core.media import Frame
from empathy_ros.core.params import param
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.tracking import FaceTracker, Track
from empathy_ros.core.types import AffectEstimate, Modality

Image = NDArray[np.uint8]
OTHER_PERSON = 'other_person'
NEUTRAL = 'neutral'


@dataclass(frozen=True)
class FaceAffectConfig:
    """How faces are found and read."""

    detector: str = param(
        'full', 'Face detector: full to 5 m; short to 2 m, 3 times cheaper; yunet on request.',
        choices=('full', 'short', 'yunet'), read_only=True,
    )  # fmt: skip
    min_score: float = param(0.5, 'Smallest score of a detected face.', lo=0.1, hi=0.95)
    provider: str = param(
        'auto', 'Where the networks run; the diagnostics say where they really do.',
        choices=('auto', 'cpu', 'cuda', 'tensorrt'), read_only=True,
    )  # fmt: skip
    precision: str = param(
        'fp16', 'Precision of TensorRT engines.', choices=('fp32', 'fp16', 'int8'), read_only=True
    )
    max_rate_hz: float = param(15.0, 'Frames read per second at most [Hz].', lo=0.2, hi=60.0)
    image_reliability: str = param(
        'best_effort', 'Reliability of the image topics.',
        choices=('best_effort', 'reliable'), read_only=True,
    )  # fmt: skip
    image_depth: int = param(1, 'Queue of the image topics [frames].', lo=1, hi=10, read_only=True)


@dataclass(frozen=True)
class FaceReport:
    """What one frame gave.

    Attributes:
        estimates: One per confirmed face in this frame; empty = nobody to estimate.
        in_view: Confirmed faces in view, the briefly unseen ones included.
        features: Head pose and the like of the same person, in some of the frames only.
    """

    estimates: tuple[AffectEstimate, ...]
    in_view: int
    features: tuple[FaceFeatures, ...] = ()


class FaceAffect:
    """Follows faces and estimates the expression of one person, while that person is alone.

    With two faces in view, nobody knows from the picture who is who: all are reported as unknown
    and the expression network is not run.
    """

    def __init__(
        self,
        detect: Callable[[Image], list[Face]],
        crop: Callable[[Image, Face], Image],
        read: Callable[[Image], list[ExpressionReading]],
        tracker: FaceTracker,
        quality: QualityConfig,
        model_id: str = '',
        model_hash: str = '',
        features: FeatureReader | None = None,
    ) -> None:
        """Keep the parts.

        Args:
            detect: Picture, shape (h, w, 3), blue-green-red, to faces.
            crop: Picture and face to an upright grey crop, shape (n, n).
            read: Crops, shape (k, n, n), to readings.
            tracker: Gives faces stable ids.
            quality: Thresholds.
            model_id: Manifest entry of the expression network.
            model_hash: First 12 hexadecimal digits of its sha256.
            features: Looks at the points of the face, None = not done.
        """
        self._detect, self._crop, self._read = detect, crop, read
        self.features = features
        self.tracker, self.quality = tracker, quality
        self._model_id, self._model_hash = model_id, model_hash

    def process(self, frame: Frame, person_id: str) -> FaceReport:
        """Return what a frame suggests about a person.

        Args:
            frame: A picture with its capture time.
            person_id: The one enrolled person that may be inferred on; '' = nobody: faces are
                counted only.
        Raises:
            Whatever `detect` and `read` raise.
        """
        faces = self._detect(frame.image_bgr)
        tracks = self.tracker.update(faces, frame.stamp_ns)
        in_view = self.tracker.in_view()
        # A second face suspends at once, before it is confirmed.
        if not person_id or max(in_view, len(faces)) >= 2:
            if self.features is not None:
                self.features.pause()
            unknown = [self._unknown(frame, track, OTHER_PERSON) for track in tracks]
            return FaceReport(tuple(unknown), in_view)
        found: list[FaceFeatures] = []
        estimates = tuple(self._estimate(frame, track, person_id, found) for track in tracks)
        return FaceReport(estimates, in_view, tuple(found))

    def clear(self) -> None:
        """Forget all faces and what was learnt about the person."""
        self.tracker.clear()
        if self.features is not None:
            self.features.clear()

    def _estimate(
        self, frame: Frame, track: Track, person_id: str, found: list[FaceFeatures]
    ) -> AffectEstimate:
        crop = self._crop(frame.image_bgr, track.face)
        quality = judge(track.face, crop, self.quality)
        if self.features is not None and quality.reason in ('', TURNED_AWAY):
            quality = self._with_features(frame, track, person_id, quality, found)
        if quality.reason:
            return self._unknown(frame, track, quality.reason, person_id)
        reading = self._read(crop[None])[0]
        if reading.abstained:
            return self._unknown(frame, track, reading.reason, person_id, quality.score)
        if self.features is not None and reading.label == NEUTRAL:
            self.features.seems_neutral(person_id)
        return self._known(frame, track, person_id, quality, reading)

    def _with_features(
        self,
        frame: Frame,
        track: Track,
        person_id: str,
        quality: FaceQuality,
        found: list[FaceFeatures],
    ) -> FaceQuality:
        """Add the features of this frame to `found`; return the quality with them considered."""
        assert self.features is not None
        features = self.features.look(
            frame.image_bgr, track.face, track.id, person_id, frame.stamp_ns
        )
        reason = quality.reason or self.features.hindrance(track.id)
        if features is not None:
            found.append(replace(features, reason=features.reason or reason))
        if reason:
            return FaceQuality(0.0, reason)
        return FaceQuality(min(quality.score, self.features.clearness(track.id)))

    def _known(
        self,
        frame: Frame,
        track: Track,
        person_id: str,
        quality: FaceQuality,
        reading: ExpressionReading,
    ) -> AffectEstimate:
        return AffectEstimate(
            stamp_ns=frame.stamp_ns,
            modality=Modality.FACE,
            id=track.id,
            id_kind='face',
            person_id=person_id,
            taxonomy=BASIC8.id,
            scores=reading.probabilities.astype(np.float32),
            top_label=reading.label,
            valence=reading.valence,
            arousal=reading.arousal,
            confidence=reading.confidence,
            quality=quality.score,
            region=_region(frame, track),
            model_id=self._model_id,
            model_hash=self._model_hash,
        )

    def _unknown(
        self,
        frame: Frame,
        track: Track,
        reason: str,
        person_id: str = '',
        quality: float = 0.0,
    ) -> AffectEstimate:
        return AffectEstimate(
            stamp_ns=frame.stamp_ns,
            modality=Modality.FACE,
            id=track.id,
            id_kind='face',
            person_id=person_id,
            taxonomy=BASIC8.id,
            quality=quality,
            region=_region(frame, track),
            abstained=True,
            reason=reason,
            model_id=self._model_id,
            model_hash=self._model_hash,
        )


def _region(frame: Frame, track: Track) -> tuple[float, float, float, float]:
    height, width = frame.image_bgr.shape[:2]
    return region_of(track.face, width, height)
