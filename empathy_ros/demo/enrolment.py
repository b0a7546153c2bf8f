# SPDX-License-Identifier: Apache-2.0
"""Enrols a person through the real action of the consent gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rclpy.action import ActionClient
from rclpy.node import Node

from empathy_ros.bridge import msgs


class Enrolment:
    """One enrolment, followed without blocking."""

    def __init__(self, node: Node) -> None:
        """Prepare to ask through `node`."""
        self._client: Any = ActionClient(node, msgs.EnrollPerson, 'consent_gate/enroll_person')
        self.person_id = ''
        self.granted: tuple[str, ...] = ()
        self.problem = 'no answer from the consent gate'
        self._finished = False

    def ready(self) -> bool:
        """Return whether the consent gate can be asked."""
        return bool(self._client.server_is_ready())

    def done(self) -> bool:
        """Return whether the result is there."""
        return self._finished

    def start(self, scopes: Sequence[str], answers: str, needs: Sequence[str] = ()) -> None:
        """Begin; `answers` is 'ask' (aloud) or 'yes' (vouched for)."""
        goal = msgs.EnrollPerson.Goal(
            scopes=list(scopes), needs=list(needs), locale='en_GB', answers=answers
        )
        self._client.send_goal_async(goal).add_done_callback(self._on_goal)

    def _on_goal(self, future: Any) -> None:
        handle = future.result()
        if not handle.accepted:
            self.problem, self._finished = 'the consent gate refused the enrolment', True
            return
        handle.get_result_async().add_done_callback(self._on_result)

    def _on_result(self, future: Any) -> None:
        result = future.result().result
        self.person_id, self.granted = result.person_id, tuple(result.granted)
        self.problem, self._finished = result.error_msg, True
