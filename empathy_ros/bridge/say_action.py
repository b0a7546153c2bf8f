# SPDX-License-Identifier: Apache-2.0
"""The action `say`: any node may have a sentence spoken that the output checker lets pass."""

from __future__ import annotations

from collections.abc import Callable
import threading
from typing import Any, Protocol
import uuid

from rclpy.action import ActionServer, CancelResponse
from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge import msgs
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.checker import CheckContext, Checker, CheckerConfig
from empathy_ros.core.speech_queue import Fate, Spoken
from empathy_ros.core.types import Act, Directive, PRIORITY_NORMAL

FEEDBACK_S = 0.2
STYLE_LO, STYLE_HI = 0.5, 1.5
PROGRAM = CheckContext(trusted=True)
"""Another program's sentence: free in form, every forbidden claim is refused."""


class Mouth(Protocol):
    """What the server needs of whoever speaks."""

    progress: tuple[str, float]

    def put(self, directive: Directive) -> None:
        """Add words."""
        ...

    def cancel(self, directive_id: str) -> None:
        """Silence or forget one directive."""
        ...


class SayServer:
    """Serves `say` for the node that speaks."""

    def __init__(self, node: Node, speaker: Callable[[], Mouth | None]) -> None:
        """Serve at once; `speaker` returns None while the node does not speak."""
        self._node, self._speaker = node, speaker
        self._checker = Checker(CheckerConfig())
        self._lock = threading.Lock()
        self._running: dict[str, tuple[Any, Future]] = {}
        self._server: Any = ActionServer(
            node, msgs.Say, 'say', self._execute, cancel_callback=self._on_cancel
        )
        self._timer = steady_timer(node, FEEDBACK_S, self._feedback)

    def finished(self, spoken: Spoken) -> bool:
        """Take the end of a directive; True when it was one of this action. Any thread."""
        with self._lock:
            entry = self._running.get(spoken.directive.id)
        if entry is None:
            return False
        entry[1].set_result(spoken)
        return True

    async def _execute(self, goal: Any) -> Any:
        result = msgs.Say.Result()
        directive, refusal = self._directive(goal.request)
        speaker = self._speaker()
        if refusal or speaker is None:
            result.error_code = result.REFUSED if refusal else result.FAILED
            result.error_msg = refusal or 'speech_output is not active; see its diagnostics'
            goal.abort()
            return result
        future: Future = Future(executor=self._node.executor)
        with self._lock:
            self._running[directive.id] = (goal, future)
        speaker.put(directive)
        spoken: Spoken = await future
        with self._lock:
            self._running.pop(directive.id, None)
        return self._conclude(goal, spoken, result)

    def _conclude(self, goal: Any, spoken: Spoken, result: Any) -> Any:
        if spoken.fate is Fate.DONE:
            result.error_code, result.error_msg = result.OK, ''
            goal.succeed()
        elif goal.is_cancel_requested:
            result.error_code, result.error_msg = result.CANCELLED, 'cancelled'
            goal.canceled()
        else:
            stopped = spoken.fate in (Fate.STOPPED, Fate.INTERRUPTED)
            result.error_code = result.CANCELLED if stopped else result.FAILED
            result.error_msg = spoken.problem or spoken.fate.value
            goal.abort()
        return result

    def _directive(self, request: Any) -> tuple[Directive, str]:
        """Return the words to speak and why they are refused, '' = they are not."""
        rate = _style(request.speech_rate)
        volume = _style(request.speech_volume)
        verdict = self._checker.check(request.text, (), PROGRAM)
        refusal = '' if verdict.ok else 'the output checker refused: ' + ', '.join(verdict.flags)
        if rate is None or volume is None:
            refusal = f'speech_rate and speech_volume: give {STYLE_LO} to {STYLE_HI}, or 0'
        directive = Directive(
            now_ns(self._node), 'say-' + uuid.uuid4().hex[:12], (Act.INFORM,), verdict.text,
            person_id=request.person_id, source='say', speech_rate=rate or 1.0,
            speech_volume=volume or 1.0, priority=int(request.priority) or PRIORITY_NORMAL,
        )  # fmt: skip
        return directive, refusal

    def _on_cancel(self, goal: Any) -> CancelResponse:
        speaker = self._speaker()
        with self._lock:
            names = [name for name, (known, _) in self._running.items()
                     if known.goal_id == goal.goal_id]  # fmt: skip
        for name in names:
            # Later, so that the goal is already in its cancelling state when the end arrives.
            self._node.executor.create_task(self._cancel, speaker, name)
        return CancelResponse.ACCEPT

    @staticmethod
    def _cancel(speaker: Mouth | None, name: str) -> None:
        if speaker is not None:
            speaker.cancel(name)

    def _feedback(self) -> None:
        speaker = self._speaker()
        if speaker is None:
            return
        name, share = speaker.progress
        with self._lock:
            entry = self._running.get(name)
        if entry is not None and entry[0].is_active:
            entry[0].publish_feedback(msgs.Say.Feedback(spoken_share=float(share)))


def _style(value: float) -> float | None:
    """Return the style, 1.0 for the 0 of an empty field, None when it is out of range."""
    if value == 0.0:
        return 1.0
    return float(value) if STYLE_LO <= value <= STYLE_HI else None
