# SPDX-License-Identifier: Apache-2.0
"""Estimates arousal, and categories if a model is given, from one person's voice."""

from __future__ import annotations

import threading
import time
from typing import Any
import uuid

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros import models
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.bridge.sound_input import SoundInput
from empathy_ros.core.activity import NS
from empathy_ros.core.audio import Checked
from empathy_ros.core.consent import Lease
from empathy_ros.core.prosody import VoiceFeatures
from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.core.types import Scope
from empathy_ros.core.voice import Hearing, VoiceConfig
from empathy_ros.core.voice import VoiceAffect as VoiceModel
from empathy_ros.core.voice_categories import CategoryConfig, CategoryReader
from empathy_ros.core.voice_stream import StreamConfig, Stretch, VoiceStream
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.vad import SileroVad, WINDOW_N

SAY_AGAIN_S = 1.0


class VoiceAffect(LifecycleNode):
    """Sound in, `voice/affect` out: arousal against the person's own usual voice."""

    def __init__(self, **node_args: Any) -> None:
        """Create topics; no model is loaded."""
        super().__init__('voice_affect', **node_args)
        self._health = Health(self, '/hearing/voice_affect')
        self._publisher = self.create_publisher(
            msgs.AffectEstimateArray, 'voice/affect', qos.EVIDENCE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._guard: ConsentGuard | None = None
        self._input: SoundInput | None = None
        self._unknown_s, self._speaker = -1e9, ''
        self._memory = threading.Lock()
        self._health.ok('not configured')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the voice activity model; failure names file and cure."""
        try:
            self._model = VoiceModel(bind(self, VoiceConfig, self._on_config))
            config = bind(self, CategoryConfig, self._on_categories)
            classifier = voice_model.chosen(config.model, config.accept_noncommercial)
            self._categories = CategoryReader(classifier, config)
            stream = bind(self, StreamConfig, self._on_stream)
            self._stream = VoiceStream(_new_id, stream, vectors=classifier is not None)
            self._vad = SileroVad(models.find('silero_vad'))
        except (ValueError, ModelError) as error:
            self._health.error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._health.set('provider', self._vad.provider)
        if classifier is not None:
            self._health.set('model', f'{classifier.model_id} {classifier.model_hash}')
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Ask for a lease and listen."""
        self._vad.reset()
        self._guard = ConsentGuard(self, Scope.VOICE, self._on_lease)
        self._input = SoundInput(
            self, self._health, self._on_sound, self._interrupt, self._on_robot,
            lambda: self._unknown('bad_audio'),
        )  # fmt: skip
        self._health.ok('closed: no lease yet')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing."""
        self._release()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing, forget every baseline."""
        self._release()
        self._forget()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def _release(self) -> None:
        for part in (self._input, self._guard):
            if part is not None:
                part.close()
        self._input = self._guard = None

    def _forget(self) -> None:
        with self._memory:
            self._model.forget()
            self._categories.voices.forget()

    def _on_categories(self, config: CategoryConfig) -> None:
        with self._memory:
            self._categories.reconfigure(config)
            if not config.keep_baseline:
                self._model.forget()

    def _on_config(self, config: VoiceConfig) -> None:
        self._model.config = config

    def _on_stream(self, config: StreamConfig) -> None:
        self._stream.config = config

    def _lease(self) -> Lease:
        guard = self._guard
        return guard.lease if guard is not None else Lease(granted=False, reason='closed')

    def _on_lease(self, lease: Lease) -> None:
        if lease.granted:
            self._health.ok('listening')
            return
        self._health.ok(f'closed: {lease.reason}')
        if lease.reason in ('no_consent', 'lapsed', 'no_person'):
            self._forget()

    def _on_sound(self, checked: Checked, end_ns: int, missing: bool) -> None:
        lease = self._lease()
        if not lease.granted or not lease.person_id:
            self._stream.reset()
            return
        if lease.person_id != self._speaker:  # What somebody else said is not this person's.
            self._speaker = lease.person_id
            self._stream.reset()
            self._vad.reset()
        if missing:
            self._interrupt()
        try:
            windows = list(self._vad.push(checked.samples))
        except ModelError as error:
            self._health.error(str(error))
            return
        after_n = self._vad.pending_n + WINDOW_N * len(windows)
        for window, probability in windows:
            after_n -= WINDOW_N
            at_ns = end_ns - after_n * NS // RATE_HZ
            for stretch in self._stream.push(window, probability, at_ns):
                self._on_stretch(stretch, lease.person_id)

    def _on_stretch(self, stretch: Stretch, person_id: str) -> None:
        hearing = Hearing(
            stretch.end_ns, stretch.id, person_id, stretch.window_s, stretch.clip_share,
            stretch.event,
        )  # fmt: skip
        begin_s = time.monotonic()
        estimate = self._model.estimate(stretch.features, hearing)
        estimate = self._categories.refine(estimate, stretch.vector)
        with self._memory:
            # Leave may have ended meanwhile: then nothing is said, and nothing learnt.
            if not (lease := self._lease()).granted or lease.person_id != person_id:
                return
            self._publisher.publish(convert.affects_to_msg([estimate], hearing.stamp_ns))
            if stretch.final and not estimate.abstained and self._categories.config.keep_baseline:
                self._model.learn(person_id, stretch.features)
                self._categories.learn(person_id, stretch.vector, stretch.features.speech_s)
        self._health.latency(time.monotonic() - begin_s)
        self._health.set('noise_db', f'{self._stream.noise_db:.0f}')
        self._health.set('baseline_turns', self._model.baseline_turns(person_id))

    def _interrupt(self) -> None:
        """Judge the turn so far and wait for a new one."""
        for stretch in self._stream.interrupt():
            self._on_stretch(stretch, self._speaker)
        self._vad.reset()

    def _on_robot(self, speaks: bool) -> None:
        if speaks:
            self._interrupt()
            self._unknown('robot_speaking')

    def _unknown(self, reason: str) -> None:
        """Say once a second at most that the voice cannot be judged now."""
        lease = self._lease()
        if not lease.granted or time.monotonic() - self._unknown_s < SAY_AGAIN_S:
            return
        self._unknown_s = time.monotonic()
        hearing = Hearing(now_ns(self), person_id=lease.person_id, problem=reason)
        estimate = self._model.estimate(VoiceFeatures(), hearing)
        self._publisher.publish(convert.affects_to_msg([estimate], hearing.stamp_ns))


def _new_id() -> str:
    return uuid.uuid4().hex[:16]
