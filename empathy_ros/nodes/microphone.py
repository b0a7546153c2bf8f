# SPDX-License-Identifier: Apache-2.0
"""Opens the microphone, a sound file or a play list, only under a lease, and hands sound over."""

from __future__ import annotations

from dataclasses import dataclass
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from empathy_ros.bridge import handoff, msgs, qos
from empathy_ros.bridge.convert.audio import audio_to_msg
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.consent import ENROLMENT, Lease
from empathy_ros.core.media import Sound
from empathy_ros.core.params import param
from empathy_ros.core.types import Scope
from empathy_ros.engines.microphone import DeviceError
from empathy_ros.engines.playlist import SourceError
from empathy_ros.engines.sound_source import NoSource, open_source, SoundSource

SCOPES = (Scope.TEXT, Scope.SAFETY_LISTENING, Scope.VOICE, ENROLMENT)
TAIL_S = 0.3
CHECK_S = 0.25
NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class MicrophoneConfig:
    """Where sound comes from."""

    source: str = param(
        'device', 'device, none (topic audio), or a sound file or play list (path).',
        read_only=True,
    )  # fmt: skip
    device: str = param('', 'Part of the sound card name, empty = default.', read_only=True)
    chunk_s: float = param(0.064, 'Length of a chunk [s].', lo=0.02, hi=0.2, read_only=True)
    deaf_while_speaking: bool = param(
        True, 'Drop sound while the robot speaks; false only with an echo canceller.'
    )
    publish_audio: bool = param(False, 'Also publish the sound on the topic audio.')


class Microphone(LifecycleNode):
    """Sound source; closed without a lease, deaf while the robot speaks."""

    def __init__(self, **node_args: Any) -> None:
        """Create topics; nothing is opened."""
        super().__init__('microphone', **node_args)
        self._health = Health(self, '/hearing/microphone')
        self._audio = self.create_publisher(
            msgs.AudioChunk, 'audio', qos.AUDIO, qos_overriding_options=qos.OVERRIDES
        )
        self._state = self.create_publisher(msgs.String, 'microphone/state', qos.STATE)
        self.create_subscription(msgs.Bool, 'speaking', self._on_speaking, qos.STATE)
        self._source: SoundSource = NoSource()
        self._guard: ConsentGuard | None = None
        self._lock = threading.Lock()
        self._speaks, self._deaf_until_s, self._seq, self._told = False, 0.0, 0, ''
        self._timer = steady_timer(self, CHECK_S, self._check)
        self._health.ok('not configured')

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Bind parameters and read files; failure names the thing and the cure."""
        try:
            self._config: MicrophoneConfig = bind(self, MicrophoneConfig, self._on_config)
            self._source = open_source(
                self._config.source, self._config.device, self._config.chunk_s, self._on_samples
            )
        except (ValueError, SourceError, DeviceError) as error:
            self._health.error(str(error))
            return TransitionCallbackReturn.FAILURE
        self._source.robot(self._speaks)
        self._health.set('source', self._config.source)
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Ask for leases; the first one opens the source."""
        self._guard = ConsentGuard(self, SCOPES, self._on_lease)
        self._health.ok('closed: no lease yet')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close the source."""
        self._release()
        self._health.ok('closed: not active')
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close and forget the source."""
        self._release()
        self._source = NoSource()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close the source."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def _release(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.close()
        self._source.close()

    def _on_config(self, config: MicrophoneConfig) -> None:
        self._config = config

    def _on_speaking(self, msg: msgs.Bool) -> None:
        with self._lock:
            if msg.data == self._speaks:
                return
            self._speaks, self._deaf_until_s = msg.data, time.monotonic() + TAIL_S
        self._source.robot(bool(msg.data))

    def _on_lease(self, _lease: Lease) -> None:
        self._check()

    def _check(self) -> None:
        """Open or close as the lease says; notice a lost device."""
        guard = self._guard
        if guard is None:
            return
        lease = guard.lease
        if not lease.granted:
            self._source.close()
            self._health.ok(f'closed: {lease.reason}')
        elif self._config.source == 'none':
            self._health.ok('no source of its own; sound comes from the topic audio')
        else:
            self._keep_open(lease)
        self._tell(self._source.state() if lease.granted else 'closed')

    def _keep_open(self, lease: Lease) -> None:
        if self._source.state() == 'lost':
            self._source.close()
        try:
            self._source.open()
        except DeviceError as error:
            self._health.error(str(error))
        state = self._source.state()
        if state != 'lost':
            self._health.ok(f'{state} for {lease.scope}')

    def _tell(self, text: str) -> None:
        """Publish 'closed', 'open', 'lost' or 'ended' when it changes."""
        if text != self._told:
            self._told = text
            self._state.publish(msgs.String(data=text))

    def _on_samples(
        self, samples: NDArray[np.float32], rate_hz: int, _item: str, age_s: float
    ) -> None:
        """Take sound in the source's thread: drop it without a lease or while the robot speaks."""
        guard = self._guard
        with self._lock:
            deaf = self._speaks or time.monotonic() < self._deaf_until_s
            deaf = deaf and self._config.deaf_while_speaking
            self._seq += 1
            seq = self._seq
        if deaf or guard is None or not guard.lease.granted:
            return
        sound = Sound(now_ns(self) - int(age_s * NS_PER_S), samples, rate_hz, seq)
        handoff.channel('audio').put(sound)
        if self._config.publish_audio:
            self._audio.publish(audio_to_msg(sound))
