# SPDX-License-Identifier: Apache-2.0
"""A consent gate in the hand of a test: it answers leases as the test says."""

from collections.abc import Callable
from typing import Any

import pytest


class Gate:
    """Serves `consent_gate/lease_sensor` and the latched topic `consent`."""

    def __init__(self, ros: Any) -> None:
        from rclpy.node import Node

        from empathy_ros.bridge import msgs, qos

        self._msgs = msgs
        self._node = ros.add(Node, 'consent_gate')
        self._service = self._node.create_service(
            msgs.LeaseSensor, 'consent_gate/lease_sensor', self._answer
        )
        self._topic = self._node.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
        self.decide: Callable[[str, str], tuple[str, str]] = lambda node, scope: ('', 'no_consent')
        self.asked: list[tuple[str, str]] = []

    def _answer(self, request: Any, response: Any) -> Any:
        self.asked.append((request.node, request.scope))
        person, reason = self.decide(request.node, request.scope)
        response.granted, response.reason, response.person_id = not reason, reason, person
        response.presence_confirmed = not reason
        response.scopes = [] if reason else [request.scope]
        response.valid_s = 0.0 if reason else 3.0
        return response

    def grant(self, person_id: str, *scopes: str) -> None:
        """Say yes to every lease from now on, and say so on the topic."""
        self.decide = lambda node, scope: (person_id, '')
        self._publish(person_id, scopes)

    def refuse(self, reason: str, person_id: str = 'p1') -> None:
        """Say no from now on, and say so on the topic."""
        self.decide = lambda node, scope: ('', reason)
        self._publish(person_id, ())

    def _publish(self, person_id: str, scopes: tuple[str, ...]) -> None:
        state = self._msgs.ConsentState(person_id=person_id, granted=sorted(scopes))
        self._topic.publish(self._msgs.ConsentStateArray(states=[state]))


@pytest.fixture
def gate(ros: Any) -> Gate:
    """A consent gate that refuses until the test says otherwise."""
    return Gate(ros)
