# SPDX-License-Identifier: Apache-2.0
"""Where hearing nodes get their sound: by direct call in the process, or from the topic `audio`.

One worker thread per node checks every chunk and calls the node's function; the queue in front of
it is bounded, and what does not fit is dropped and counted. While the robot speaks, and shortly
after, nothing is passed on: the robot never listens to itself.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, Full, Queue
import threading
import time

from rclpy.node import Node

from empathy_ros.bridge import handoff, msgs, qos
from empathy_ros.bridge.convert.audio import audio_from_msg
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.core.audio import Checked, SoundGate
from empathy_ros.core.media import Sound
from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.core.stream_time import StreamClock

QUEUE_CHUNKS = 64
TAIL_S = 0.3
TICK_S = 0.25
IDLE_S = 1.0
WARN_S = 10.0
DIRECT_WINS_S = 1.0
JOIN_S = 2.0
NS_PER_S = 1_000_000_000

OnSound = Callable[[Checked, int, bool], None]
"""Takes a checked chunk, the time its last sample was captured [ns], and whether more than half a
second is missing before it; called in the worker thread."""


Item = tuple[Sound, bool] | bool | None
"""Sound and whether it came by direct call; the robot starts or ends speaking; wake up."""


class SoundInput:
    """Feeds one node with 16 kHz mono sound until `close`."""

    def __init__(
        self,
        node: Node,
        health: Health,
        on_sound: OnSound,
        on_idle: Callable[[], None],
        on_robot: Callable[[bool], None],
        on_bad: Callable[[], None] | None = None,
        deaf_while_speaking: bool = True,
    ) -> None:
        """Listen to the channel, the topic and `speaking`.

        Args:
            node: The hearing node.
            health: Gets drops and warnings.
            on_sound: Called for every good chunk.
            on_idle: Called in the same thread while no sound has come for a second.
            on_robot: Called in the same thread when the robot starts or ends speaking.
            on_bad: Called when a chunk was refused, from any thread.
            deaf_while_speaking: False only where an echo canceller removes the robot's voice.
        """
        self._node, self._health = node, health
        self._on_sound, self._on_idle, self._on_robot = on_sound, on_idle, on_robot
        self._on_bad, self._deaf = on_bad, deaf_while_speaking
        self._queue: Queue[Item] = Queue(QUEUE_CHUNKS)
        self._stop = threading.Event()
        self._direct_s = -1e9
        self._muted_until_s = 0.0
        self._robot_speaks = False
        self._gate = SoundGate()
        self._clock = StreamClock()
        self._last_s = time.monotonic()
        self._unsubscribe = handoff.channel('audio').subscribe(self._from_channel)
        self._subs = [
            node.create_subscription(
                msgs.AudioChunk, 'audio', self._from_topic, qos.AUDIO,
                qos_overriding_options=qos.OVERRIDES,
            ),
            node.create_subscription(msgs.Bool, 'speaking', self._from_speaking, qos.STATE),
        ]  # fmt: skip
        self._thread = threading.Thread(target=self._work, name='hearing', daemon=True)
        self._thread.start()

    @property
    def muted(self) -> bool:
        """True while the robot speaks and 0.3 s after, unless it may be heard over."""
        speaks = self._robot_speaks or time.monotonic() < self._muted_until_s
        return speaks and self._deaf

    def close(self) -> None:
        """Stop; no function of the node is called after this."""
        self._stop.set()
        self._unsubscribe()
        self._put(None)
        for sub in self._subs:
            self._node.destroy_subscription(sub)
        self._subs = []
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def _from_channel(self, sound: Sound) -> None:
        self._direct_s = time.monotonic()
        self._put((sound, True))

    def _from_topic(self, msg: msgs.AudioChunk) -> None:
        if time.monotonic() - self._direct_s < DIRECT_WINS_S:
            return
        try:
            sound = audio_from_msg(msg)
        except ValueError as error:
            self._refuse(str(error))
            return
        self._put((sound, False))

    def _from_speaking(self, msg: msgs.Bool) -> None:
        if msg.data == self._robot_speaks:
            return
        self._muted_until_s = time.monotonic() + TAIL_S
        self._robot_speaks = msg.data
        self._put(bool(msg.data))

    def _put(self, item: Item) -> None:
        while True:
            try:
                self._queue.put_nowait(item)
                return
            except Full:
                # The oldest sound goes: what is said now matters more.
                self._take(0.0)
                self._health.dropped(1)

    def _take(self, timeout_s: float) -> Item:
        try:
            return self._queue.get(timeout_s > 0, timeout_s or None)
        except Empty:
            return None

    def _refuse(self, reason: str) -> None:
        self._health.dropped(1)
        self._node.get_logger().warning(
            f'dropped sound: {reason}; check the sender of the topic audio',
            throttle_duration_sec=WARN_S,
        )
        if self._on_bad is not None:
            self._on_bad()

    def _work(self) -> None:
        while not self._stop.is_set():
            item = self._take(TICK_S)
            try:
                self._handle(item)
            except Exception as error:
                # A fault in a node's function must not leave it deaf without a word.
                self._health.error(f'hearing failed: {type(error).__name__}: {error}')
                self._node.get_logger().error(
                    f'hearing failed: {type(error).__name__}: {error}',
                    throttle_duration_sec=WARN_S,
                )

    def _handle(self, item: Item) -> None:
        if item is None:
            if time.monotonic() - self._last_s > IDLE_S:
                self._on_idle()
        elif isinstance(item, bool):
            self._on_robot(item)
        elif not self.muted:
            self._last_s = time.monotonic()
            self._check(*item)

    def _check(self, sound: Sound, direct: bool) -> None:
        checked = self._gate.step(sound, trust_rate=direct)
        if checked.dropped:
            self._refuse(f'{", ".join(checked.reasons)} (rate {sound.sample_rate} Hz)')
            return
        if checked.reasons:
            text = ', '.join(checked.reasons)
            self._health.set('sound', text)
            self._node.get_logger().warning(
                f'poor sound: {text}; check the microphone and its level',
                throttle_duration_sec=WARN_S,
            )
        duration_ns = len(checked.samples) * NS_PER_S // RATE_HZ
        end_ns, missing = self._clock.step(sound.stamp_ns, duration_ns)
        self._on_sound(checked, end_ns, missing)
