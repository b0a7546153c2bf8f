# SPDX-License-Identifier: Apache-2.0
"""Finds and tracks faces; reads expression and head pose of the one person who agreed to it."""

from __future__ import annotations

import time
from typing import Any

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.convert import features as feature_messages
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.image_input import ImageInput
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.worker import NewestWorker
from empathy_ros.core.consent import Lease
from empathy_ros.core.face_affect import FaceAffect as Pipeline
from empathy_ros.core.face_affect import FaceAffectConfig, OTHER_PERSON
from empathy_ros.core.face_features import FaceFeaturesConfig
from empathy_ros.core.face_quality import QualityConfig
from empathy_ros.core.media import Frame
from empathy_ros.core.tracking import TrackingConfig
from empathy_ros.core.types import Scope
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE
TELL_S = 1.0
NO_PICTURE_S = 3.0
WAITING = 'waiting for leave to look'


class FaceAffect(LifecycleNode):
    """Frames in, `face/affect`, `face/features` and `face/tracks` out."""

    def __init__(self, **node_args: Any) -> None:
        """Create the node; no model is loaded yet."""
        super().__init__('face_affect', **node_args)
        self._health = Health(self, '/social_perception/faces/face_affect')
        self._health.ok('not configured')
        self._pipeline: Pipeline | None = None
        self._worker: NewestWorker | None = None
        self._in_view: int | None = None
        self._input: ImageInput | None = None
        self._told_s = self._frame_s = float('-inf')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Read the parameters, load the models, subscribe and publish."""
        del state
        try:
            self._config: FaceAffectConfig = bind(self, FaceAffectConfig, self._on_config)
            quality: QualityConfig = bind(self, QualityConfig, self._on_quality)
            tracking: TrackingConfig = bind(self, TrackingConfig, self._on_tracking)
            features: FaceFeaturesConfig = bind(self, FaceFeaturesConfig, self._on_features)
            self._models, reader, facts = face_models.load_for(self._config, features)
            self._pipeline = self._models.pipeline(quality, tracking, reader)
        except (ValueError, ModelError) as error:
            self._health.error(str(error))
            return FAILURE
        for key, value in facts.items():
            self._health.set(key, value)
        self._affect, self._features = (
            self.create_publisher(kind, topic, qos.EVIDENCE, qos_overriding_options=qos.OVERRIDES)
            for kind, topic in (
                (msgs.AffectEstimateArray, 'face/affect'),
                (msgs.FaceFeaturesArray, 'face/features'),
            )
        )
        self._tracks = self.create_publisher(msgs.UInt32, 'face/tracks', qos.STATE)
        self._guard = ConsentGuard(self, Scope.FACE, self._on_lease)
        self._health.ok('inactive')
        return SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start the worker; it looks only while there is leave."""
        self._worker = NewestWorker(
            self._look, self._idle, lambda: self._config.max_rate_hz, self._on_failure
        )
        self._input = ImageInput(
            self,
            self._health,
            lambda: self._may_look() is not None,
            self._worker.put,
            self._config.image_reliability,
            self._config.image_depth,
        )
        self._frame_s = time.monotonic()
        self._health.ok(WAITING)
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop the worker."""
        self._release()
        self._health.ok('inactive')
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free models, subscriptions and publishers."""
        del state
        self._release()
        if self._pipeline is not None:
            self._pipeline = None
            self._guard.close()
            for publisher in (self._affect, self._features, self._tracks):
                self.destroy_publisher(publisher)
        self._health.ok('not configured')
        return SUCCESS

    on_shutdown = on_cleanup

    def _release(self) -> None:
        if self._input is not None:
            self._input.close()
            self._input = None
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            self._stop_looking()

    def _on_config(self, config: FaceAffectConfig) -> None:
        self._config = config
        self._models.detector.min_score = config.min_score

    def _on_quality(self, config: QualityConfig) -> None:
        if self._pipeline is not None:
            self._pipeline.quality = config

    def _on_tracking(self, config: TrackingConfig) -> None:
        if self._pipeline is not None:
            self._pipeline.tracker.config = config

    def _on_features(self, config: FaceFeaturesConfig) -> None:
        if self._pipeline is not None and self._pipeline.features is not None:
            self._pipeline.features.config = config

    def _on_lease(self, lease: Lease) -> None:
        self._health.set('lease', 'granted' if lease.granted else lease.reason)

    def _may_look(self) -> Lease | None:
        """Return the lease when faces may be looked for: granted, or waiting for one to leave."""
        lease = self._guard.lease
        return lease if lease.granted or lease.reason == OTHER_PERSON else None

    def _idle(self) -> None:
        if self._may_look() is None:
            self._stop_looking()
            self._frame_s = time.monotonic()
        elif time.monotonic() - self._frame_s > NO_PICTURE_S:
            self._stop_looking()
            self._health.warn(
                f'no picture for {NO_PICTURE_S:g} s: is the camera node open, or does anything '
                'publish on the topic image?'
            )

    def _stop_looking(self) -> None:
        self._pipeline.clear()
        if self._in_view is not None:
            self._publish_in_view(0)
            self._in_view = None
        if self._may_look() is None:
            self._health.ok(WAITING)

    def _look(self, item: tuple[float, Frame]) -> None:
        arrived_s, frame = item
        self._frame_s = arrived_s
        self._health.dropped(self._worker.take_dropped())
        lease = self._may_look()
        if lease is None:
            self._stop_looking()
            return
        report = self._pipeline.process(frame, lease.person_id if lease.granted else '')
        # Leave may have ended or passed to somebody else meanwhile: then nothing is said.
        now = self._may_look()
        if now is None or (now.granted, now.person_id) != (lease.granted, lease.person_id):
            return
        self._publish_in_view(report.in_view)
        self._affect.publish(
            convert.affects_to_msg(report.estimates, frame.stamp_ns, frame.frame_id)
        )
        if report.features:
            self._features.publish(
                feature_messages.array_to_msg(report.features, frame.stamp_ns, frame.frame_id)
            )
        self._health.latency(time.monotonic() - arrived_s)
        slower = self._models.degraded_text()
        (self._health.warn if slower else self._health.ok)(slower or 'looking')

    def _on_failure(self, error: Exception) -> None:
        """A frame without an answer: nothing is published, so the person becomes unknown."""
        known = isinstance(error, ModelError)
        self._health.error(str(error) if known else f'a frame could not be read: {error!r}')

    def _publish_in_view(self, count: int) -> None:
        now_s = time.monotonic()
        if count != self._in_view or now_s - self._told_s >= TELL_S:
            self._in_view, self._told_s = count, now_s
            self._tracks.publish(msgs.UInt32(data=count))
