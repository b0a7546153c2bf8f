# SPDX-License-Identifier: Apache-2.0
"""Turns speech into words; they leave this node only under a lease."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros import models
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.bridge.sound_input import SoundInput
from empathy_ros.core.activity import ActivityConfig, NS
from empathy_ros.core.audio import Checked
from empathy_ros.core.consent import ENROLMENT, Lease
from empathy_ros.core.params import param
from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.core.turns import Piece, Turns
from empathy_ros.core.types import Scope, Utterance
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.recogniser import Recogniser, Words
from empathy_ros.engines.stt import WhisperStt
from empathy_ros.engines.vad import SileroVad, WINDOW_N

SCOPES = (Scope.TEXT, Scope.SAFETY_LISTENING, ENROLMENT)


@dataclass(frozen=True)
class SpeechTextConfig:
    """How words are recognised."""

    locale: str = param('en_GB', 'Language of the speaker, such as en_GB.', read_only=True)
    model: str = param(
        'whisper_tiny', 'Recogniser; whisper_base is larger, slower, and fetched on request.',
        choices=('whisper_tiny', 'whisper_base'), read_only=True,
    )  # fmt: skip
    threads: int = param(1, 'CPU threads of the recogniser.', lo=1, hi=16, read_only=True)
    beam_size: int = param(1, 'Search width, 1 = greedy.', lo=1, hi=10, read_only=True)
    early: bool = param(True, 'Recognise at pauses, so that words are ready sooner.')
    deaf_while_speaking: bool = param(
        True, 'Hear no words while the robot speaks; false only with an echo canceller.',
        read_only=True,
    )  # fmt: skip
    publish_interim: bool = param(False, 'Also publish words that may still change.')
    least_confidence: float = param(0.25, 'Words below this are dropped [0..1].', lo=0, hi=1)


class SpeechText(LifecycleNode):
    """Sound in, `utterance` out."""

    def __init__(self, **node_args: Any) -> None:
        """Create topics; no model is loaded."""
        super().__init__('speech_text', **node_args)
        self._health = Health(self, '/hearing/speech_text')
        self._utterance = self.create_publisher(
            msgs.Utterance, 'utterance', qos.EVIDENCE, qos_overriding_options=qos.OVERRIDES
        )
        self.create_subscription(msgs.PersonArray, 'persons', self._on_persons, qos.STATE)
        self._slow: frozenset[str] = frozenset()
        self._guard: ConsentGuard | None = None
        self._input: SoundInput | None = None
        self._recogniser: Recogniser | None = None
        self._health.ok('not configured')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load both models; failure names file and cure."""
        try:
            self._config: SpeechTextConfig = bind(self, SpeechTextConfig, self._on_config)
            self._activity: ActivityConfig = bind(self, ActivityConfig, self._on_activity)
            self._vad = SileroVad(models.find('silero_vad'))
            self._engine = WhisperStt(
                models.find(self._config.model), language=self._config.locale[:2],
                threads=self._config.threads, beam_size=self._config.beam_size,
            )  # fmt: skip
        except (ValueError, ModelError) as error:
            self._health.error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._health.set('provider', self._vad.provider)
        self._health.set('vad_hash', self._vad.digest)
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start the workers and ask for leases."""
        self._turns = Turns(lambda: uuid4().hex[:16], self._activity, early=self._config.early)
        self._vad.reset()
        self._recogniser = Recogniser(self._engine, self._on_words, self._on_error)
        self._guard = ConsentGuard(self, SCOPES, self._on_lease)
        self._input = SoundInput(
            self, self._health, self._on_sound, self._on_idle, self._on_robot,
            deaf_while_speaking=self._config.deaf_while_speaking,
        )  # fmt: skip
        self._health.ok('closed: no lease yet')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing."""
        self._release()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing and free the models."""
        self._release()
        del self._engine, self._vad
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop hearing."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def _release(self) -> None:
        for part in (self._input, self._guard, self._recogniser):
            if part is not None:
                part.close()
        self._input = self._guard = self._recogniser = None

    def _on_config(self, config: SpeechTextConfig) -> None:
        self._config = config

    def _on_activity(self, config: ActivityConfig) -> None:
        self._activity = config

    def _on_persons(self, msg: msgs.PersonArray) -> None:
        self._slow = frozenset(p.person_id for p in msg.persons if 'slow_speech' in p.needs)

    def _lease(self) -> Lease:
        guard = self._guard
        return guard.lease if guard is not None else Lease(granted=False, reason='closed')

    def _on_lease(self, lease: Lease) -> None:
        if lease.granted:
            self._health.ok(f'listening for {lease.scope}')
            return
        self._health.ok(f'closed: {lease.reason}')
        if self._recogniser is not None:
            self._recogniser.clear()

    def _on_sound(self, checked: Checked, end_ns: int, missing: bool) -> None:
        lease = self._lease()
        if not lease.granted:
            self._turns.reset()
            return
        if missing:
            self._send(self._turns.interrupt())
            self._vad.reset()
        self._turns.speaker(lease.person_id)
        slow = lease.person_id in self._slow
        self._turns.activity.config = (
            replace(self._activity, end_of_turn='slow') if slow else self._activity
        )
        try:
            windows = list(self._vad.push(checked.samples))
            after_n = self._vad.pending_n + WINDOW_N * len(windows)
            for window, probability in windows:
                after_n -= WINDOW_N
                at_ns = end_ns - after_n * NS // RATE_HZ
                self._send(self._turns.push(window, probability, at_ns))
        except ModelError as error:
            self._on_error(str(error))

    def _on_idle(self) -> None:
        """End the turn when sound stopped coming: its source was closed or muted."""
        self._send(self._turns.interrupt())

    def _on_robot(self, speaks: bool) -> None:
        if not speaks:
            return
        self._turns.activity.answered()
        if self._config.deaf_while_speaking:
            self._on_idle()
            self._vad.reset()

    def _send(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if self._recogniser is not None:
                self._recogniser.put(piece)

    def _on_error(self, text: str) -> None:
        self._health.error(text)

    def _on_words(self, words: Words) -> None:
        """Publish in the recogniser's thread, if a lease still holds."""
        lease = self._lease()
        self._health.set('real_time_factor', f'{words.work_s / max(words.sound_s, 0.1):.2f}')
        if not lease.granted or not (words.final or self._config.publish_interim):
            return
        if words.final:
            self._health.latency(words.waited_s)
        if not words.text or words.confidence < self._config.least_confidence:
            self._health.set('last_rejected', words.rejected or 'low_confidence')
            return
        utterance = Utterance(
            words.end_ns or now_ns(self), words.text, words.turn_id + '-u', words.turn_id,
            lease.person_id, is_final=words.final, confidence=words.confidence,
            locale=self._config.locale,
        )  # fmt: skip
        self._utterance.publish(convert.utterance_to_msg(utterance))
        self._health.ok(f'listening for {lease.scope}')
