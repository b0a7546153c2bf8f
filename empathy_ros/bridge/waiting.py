# SPDX-License-Identifier: Apache-2.0
"""Futures that start work as soon as a peer is there, and fail by name when it never comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
import time

from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge.run import steady_timer

POLL_S = 0.02


@dataclass
class _Wait:
    future: Future
    ready: Callable[[], bool]
    act: Callable[[Future], None]
    name: str
    end_s: float
    until_done: bool
    sent: bool = False


class Waiting:
    """Polls on a steady timer of the node, only while something is waited for."""

    def __init__(self, node: Node) -> None:
        """Start idle."""
        self._waits: list[_Wait] = []
        self._node = node
        self._timer = steady_timer(node, POLL_S, self._poll)
        self._timer.cancel()

    def when(
        self,
        ready: Callable[[], bool],
        act: Callable[[Future], None],
        name: str,
        timeout_s: float,
        until_done: bool = False,
    ) -> Future:
        """Return a future; once `ready()`, `act(future)` is called, which has to complete it.

        Args:
            ready: Whether the peer is there.
            act: Called once.
            name: What is waited for, for the message of the TimeoutError.
            timeout_s: How long to wait for the peer [s].
            until_done: The time limit also covers the answer.
        """
        future = Future()
        self._waits.append(
            _Wait(future, ready, act, name, time.monotonic() + timeout_s, until_done)
        )
        self._timer.reset()
        return future

    def close(self) -> None:
        """Cancel what is pending."""
        for wait in self._waits:
            wait.future.cancel()
        self._waits.clear()
        self._node.destroy_timer(self._timer)

    def _poll(self) -> None:
        for wait in list(self._waits):
            self._advance(wait)
        self._waits = [w for w in self._waits if not self._over(w)]
        if not self._waits:
            self._timer.cancel()

    @staticmethod
    def _over(wait: _Wait) -> bool:
        return bool(wait.future.done() or wait.future.cancelled()) or (
            wait.sent and not wait.until_done
        )

    @staticmethod
    def _advance(wait: _Wait) -> None:
        if wait.future.done() or wait.future.cancelled():
            return
        if not wait.sent and wait.ready():
            wait.sent = True
            wait.act(wait.future)
        elif time.monotonic() > wait.end_s:
            what = 'did not answer in time' if wait.sent else 'is not there'
            wait.future.set_exception(
                TimeoutError(f'{wait.name} {what}: is the companion up (`./empathy up`)?')
            )
