# SPDX-License-Identifier: Apache-2.0
"""Estimates affect from the words of the one person who agreed to it."""

from __future__ import annotations

import time
from typing import Any

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.subscription import Subscription

from empathy_ros import models
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.params import bind
from empathy_ros.core.consent import Lease
from empathy_ros.core.text import TextAffect as Reader
from empathy_ros.core.text import TextAffectConfig
from empathy_ros.core.types import Scope
from empathy_ros.engines import text_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.providers import Runtime


class TextAffect(LifecycleNode):
    """Final words in, `text/affect` out."""

    def __init__(self, **node_args: Any) -> None:
        """Create the publisher; no model is loaded."""
        super().__init__('text_affect', **node_args)
        self._health = Health(self, '/hearing/text_affect')
        self._publisher = self.create_publisher(
            msgs.AffectEstimateArray, 'text/affect', qos.EVIDENCE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._model: Reader | None = None
        self._guard: ConsentGuard | None = None
        self._words: Subscription | None = None
        self._health.ok('not configured')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the model; failure names file, hash and cure."""
        try:
            config: TextAffectConfig = bind(self, TextAffectConfig, self._on_config)
            engines = models.models_folder() / 'engines'
            model = text_models.load(config.model, Runtime(config.provider, cache_dir=engines))
        except (ValueError, ModelError) as error:
            self._health.error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._model = Reader(model, config)
        self._health.set('model', f'{model.decision.model_id} {model.decision.model_hash}')
        self._health.ok('inactive')
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Ask for a lease and read words."""
        self._guard = ConsentGuard(self, Scope.TEXT, self._on_lease)
        self._words = self.create_subscription(
            msgs.Utterance, 'utterance', self._on_utterance, qos.EVIDENCE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._health.ok('closed: no lease yet')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop reading."""
        self._release()
        self._health.ok('inactive')
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop reading and free the model."""
        self._release()
        self._model = None
        self._health.ok('not configured')
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop reading and free the model."""
        return self.on_cleanup(state)

    def _release(self) -> None:
        if self._guard is not None:
            self._guard.close()
        if self._words is not None:
            self.destroy_subscription(self._words)
        self._guard = self._words = None

    def _on_config(self, config: TextAffectConfig) -> None:
        if self._model is not None:
            self._model.config = config

    def _on_lease(self, lease: Lease) -> None:
        self._health.ok('reading' if lease.granted else f'closed: {lease.reason}')

    def _may_read(self, msg: msgs.Utterance) -> bool:
        """Return whether these are final words of the one person who agreed."""
        if self._guard is None or not msg.is_final:
            return False
        lease = self._guard.lease
        return lease.granted and lease.person_id != '' and msg.person_id == lease.person_id

    def _on_utterance(self, msg: msgs.Utterance) -> None:
        if self._model is None or not self._may_read(msg):
            return
        begin_s = time.monotonic()
        try:
            words = convert.utterance_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped words: {error}', throttle_duration_sec=10.0)
            return
        try:
            estimate = self._model.estimate(
                words.text, words.stamp_ns, words.person_id, words.utterance_id, words.confidence
            )
        except ModelError as error:
            self._health.error(str(error))
            return
        self._health.ok('reading')
        self._publisher.publish(convert.affects_to_msg([estimate], words.stamp_ns))
        self._health.latency(time.monotonic() - begin_s)
