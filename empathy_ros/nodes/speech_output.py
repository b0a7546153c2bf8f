# SPDX-License-Identifier: Apache-2.0
"""Speaks what directives say, obeys `stop` at once, and reports what became of the words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.bridge.say_action import SayServer
from empathy_ros.core.params import param
from empathy_ros.core.speech_queue import Fate, Spoken
from empathy_ros.core.types import Event
from empathy_ros.engines.microphone import DeviceError
from empathy_ros.engines.speaker import open_sink, OUTPUTS, Speaker
from empathy_ros.engines.speech_cache import Cache
from empathy_ros.engines.tts import ENGINES, open_tts, SpeechError

CODES = {
    Fate.DONE: msgs.DirectiveOutcome.DONE,
    Fate.INTERRUPTED: msgs.DirectiveOutcome.INTERRUPTED,
    Fate.STOPPED: msgs.DirectiveOutcome.CANCELLED,
    Fate.EXPIRED: msgs.DirectiveOutcome.CANCELLED,
    Fate.CROWDED: msgs.DirectiveOutcome.FAILED,
    Fate.FAILED: msgs.DirectiveOutcome.FAILED,
}


@dataclass(frozen=True)
class SpeechOutputConfig:
    """How the robot speaks."""

    engine: str = param(
        'auto', 'Speech engine; auto = flite, else espeak-ng.', choices=ENGINES, read_only=True
    )
    voice: str = param('', 'Voice of the engine, empty = its default.', read_only=True)
    output: str = param(
        'auto', 'Where sound goes; auto = loudspeaker if there is one.', choices=OUTPUTS,
        read_only=True,
    )  # fmt: skip
    device: str = param('', 'Part of the loudspeaker name, empty = default.', read_only=True)
    record_dir: str = param('', 'Folder for each sentence as WAV, empty = none.', read_only=True)


class SpeechOutput(LifecycleNode):
    """`behaviour/directive` in; sound, `speaking` and `behaviour/outcome` out."""

    def __init__(self, **node_args: Any) -> None:
        """Create topics and the action; no device is opened."""
        super().__init__('speech_output', **node_args)
        self._health = Health(self, '/behaviour/speech_output')
        self._speaking = self.create_publisher(msgs.Bool, 'speaking', qos.STATE)
        self._outcome = self.create_publisher(
            msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME
        )
        self._stopping = self.create_publisher(msgs.Empty, 'stop', qos.OUTCOME)
        self.create_subscription(
            msgs.EmpathicDirective, 'behaviour/directive', self._on_directive, qos.DIRECTIVE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self.create_subscription(msgs.Empty, 'stop', self._on_stop, qos.OUTCOME)
        self.create_subscription(msgs.String, 'event', self._on_event, qos.OUTCOME)
        self.create_service(msgs.Trigger, 'stop', self._on_stop_service)
        self._speaker: Speaker | None = None
        self._own_stops = 0
        self._say = SayServer(self, lambda: self._speaker)
        self._health.ok('not configured')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Find engine and loudspeaker; failure names the thing and the cure."""
        try:
            self._config: SpeechOutputConfig = bind(self, SpeechOutputConfig)
            self._engine = Cache(open_tts(self._config.engine, self._config.voice))
            self._sink, text = open_sink(self._config.output, self._config.device)
        except (ValueError, SpeechError, DeviceError) as error:
            self._health.error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._health.set('engine', self._engine.name)
        self._health.set('output', text)
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start to speak what comes."""
        folder = self._config.record_dir
        self._tell(False)
        self._speaker = Speaker(
            self._engine, self._sink, now_ns=lambda: now_ns(self), on_speaking=self._tell,
            on_spoken=self._on_spoken, record_dir=Path(folder).expanduser() if folder else None,
        )  # fmt: skip
        self._health.ok('silent')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Fall silent."""
        self._release()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Fall silent."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Fall silent."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def _release(self) -> None:
        speaker, self._speaker = self._speaker, None
        if speaker is not None:
            speaker.close()

    def _tell(self, speaks: bool) -> None:
        self._speaking.publish(msgs.Bool(data=speaks))

    def _on_directive(self, msg: msgs.EmpathicDirective) -> None:
        speaker = self._speaker
        if speaker is None:
            return
        try:
            directive = convert.directive_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped a directive: {error}', throttle_duration_sec=10.0)
            # The movement node sees the same message and reports it as malformed.
            return
        if directive.text:
            speaker.put(directive)

    def _on_event(self, msg: msgs.String) -> None:
        if msg.data == Event.STOP_BUTTON.value:
            self._stop()

    def _on_stop_service(
        self, _request: msgs.Trigger.Request, response: msgs.Trigger.Response
    ) -> msgs.Trigger.Response:
        """Stop speech here and, by the topic, motion elsewhere."""
        self._stop()
        self._own_stops += 1
        self._stopping.publish(msgs.Empty())
        response.success, response.message = True, 'speech and motion stopped'
        return response

    def _on_stop(self, _msg: msgs.Empty) -> None:
        if self._own_stops:
            self._own_stops -= 1
            return
        self._stop()

    def _stop(self) -> None:
        if self._speaker is not None:
            self._speaker.stop()

    def _on_spoken(self, spoken: Spoken) -> None:
        """Report in the thread of the speaker or of the caller."""
        if self._say.finished(spoken):
            return
        if spoken.fate is Fate.FAILED:
            self._health.error(spoken.problem)
        elif spoken.problem:
            self._health.warn(spoken.problem)
        else:
            self._health.ok('silent')
        outcome = msgs.DirectiveOutcome(
            directive_id=spoken.directive.id, executor='speech_output',
            executed=spoken.started_ns > 0, error_code=CODES[spoken.fate],
            error_msg='' if spoken.fate is Fate.DONE else spoken.problem or spoken.fate.value,
            reaction='stopped' if spoken.fate is Fate.STOPPED else '',
        )  # fmt: skip
        outcome.header.stamp = convert.stamp_to_msg(now_ns(self))
        outcome.started = convert.stamp_to_msg(spoken.started_ns)
        self._outcome.publish(outcome)
