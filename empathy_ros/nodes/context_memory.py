# SPDX-License-Identifier: Apache-2.0
"""Keeps the last turns per person in memory and says how the talk is going."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.core.context import ContextConfig, ContextMemory, ConversationState
from empathy_ros.core.types import Scope


class ContextMemoryNode(Node):
    """What was said on both sides in, `conversation/state` out."""

    def __init__(self, **node_args: Any) -> None:
        """Subscribe; nothing is remembered before somebody agreed to `memory`."""
        super().__init__('context_memory', **node_args)
        self._config: ContextConfig = bind(self, ContextConfig)
        self._people: dict[str, ContextMemory] = {}
        self._may_remember: set[str] = set()
        self._shown: dict[str, ConversationState] = {}
        self._health = Health(self, '/mind/context_memory')
        self._state = self.create_publisher(
            msgs.ConversationState, 'conversation/state', qos.STATE
        )
        self.create_subscription(msgs.Utterance, 'utterance', self._on_utterance, qos.EVIDENCE)
        self.create_subscription(
            msgs.EmpathicDirective, 'behaviour/directive', self._on_directive, qos.DIRECTIVE
        )
        self.create_subscription(
            msgs.PersonAffectArray, 'persons/affect', self._on_affect, qos.EVIDENCE
        )
        self.create_subscription(msgs.ConsentStateArray, 'consent', self._on_consent, qos.STATE)
        self._timer = self.create_timer(1.0, self._publish)
        self._health.ok('nothing said yet')

    def _memory(self, person_id: str) -> ContextMemory:
        return self._people.setdefault(person_id, ContextMemory(person_id, self._config))

    def _on_utterance(self, msg: msgs.Utterance) -> None:
        if not msg.is_final or not msg.person_id:
            return
        try:
            utterance = convert.utterance_from_msg(msg)
        except ValueError as error:
            self._drop(f'dropped words: {error}')
            return
        remember = msg.person_id in self._may_remember
        self._memory(msg.person_id).hear(utterance, remember, now_ns(self))

    def _on_directive(self, msg: msgs.EmpathicDirective) -> None:
        if not msg.person_id:
            return
        try:
            directive = convert.directive_from_msg(msg)
        except ValueError as error:
            self._drop(f'dropped a directive: {error}')
            return
        remember = msg.person_id in self._may_remember
        self._memory(msg.person_id).answer(directive, remember, now_ns(self))

    def _on_affect(self, msg: msgs.PersonAffectArray) -> None:
        for item in msg.persons:
            if item.person_id not in self._people:
                continue
            try:
                self._people[item.person_id].sense(convert.person_affect_from_msg(item))
            except ValueError as error:
                self._drop(f'dropped an estimate: {error}')

    def _drop(self, why: str) -> None:
        self._health.dropped(1)
        self.get_logger().warning(why, throttle_duration_sec=10.0)

    def _on_consent(self, msg: msgs.ConsentStateArray) -> None:
        """Forget at once what is no longer agreed to."""
        agreed = {s.person_id for s in msg.states if Scope.MEMORY.value in s.granted}
        for person_id in self._may_remember - agreed:
            self._people.pop(person_id, None)
        self._may_remember = agreed

    def _publish(self) -> None:
        now = now_ns(self)
        for person_id, memory in self._people.items():
            state = memory.state(now)
            if state != self._shown.get(person_id):
                self._shown[person_id] = state
                self._state.publish(convert.conversation_to_msg(state, now))
        self._health.ok(f'{len(self._people)} person(s), {len(self._may_remember)} remembered')
