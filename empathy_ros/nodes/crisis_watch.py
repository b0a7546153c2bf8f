# SPDX-License-Identifier: Apache-2.0
"""Hears danger in words and events by rules alone, answers at once, alerts a human."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.crisis import CrisisOutcome, CrisisWatch
from empathy_ros.core.params import param
from empathy_ros.core.types import Event
from empathy_ros.engines.policy_file import load_policy

MOST_CHARS = 20_000


@dataclass(frozen=True)
class CrisisWatchConfig:
    """Where the crisis protocol is."""

    policy_file: str = param(
        '', 'Crisis protocol of this place; empty = config/policy.yaml.', read_only=True
    )


class CrisisWatchNode(Node):
    """`utterance` and `event` in; `behaviour/directive` and `alerts` out. No model, no network.

    Without a filled-in protocol it reports an error and answers nothing; the planner then holds no
    conversation either.
    """

    def __init__(self, **node_args: Any) -> None:
        """Load the protocol and start listening."""
        super().__init__('crisis_watch', **node_args)
        config: CrisisWatchConfig = bind(self, CrisisWatchConfig)
        self._health = Health(self, '/guardian/crisis_watch')
        self._watch: CrisisWatch | None = None
        try:
            self._watch = CrisisWatch(load_policy(config.policy_file))
            self._health.ok('watching')
        except ValueError as error:
            self._health.error(str(error))
        self._directives = self.create_publisher(
            msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._alerts = self.create_publisher(
            msgs.CaregiverAlert, 'alerts', qos.ALERTS, qos_overriding_options=qos.OVERRIDES
        )
        self._subs = [
            self.create_subscription(
                msgs.Utterance, 'utterance', self._on_utterance, qos.EVIDENCE,
                qos_overriding_options=qos.OVERRIDES,
            ),
            self.create_subscription(msgs.String, 'event', self._on_event, qos.EVIDENCE),
            self.create_subscription(
                msgs.CaregiverAlert, 'alerts', self._on_alert, qos.ALERTS,
                qos_overriding_options=qos.OVERRIDES,
            ),
            self.create_subscription(msgs.PersonArray, 'persons', self._on_persons, qos.STATE),
        ]  # fmt: skip
        self._faces = 0
        self._timer = steady_timer(self, 1.0, self._look)

    def _on_utterance(self, msg: msgs.Utterance) -> None:
        if self._watch is None:
            return
        if len(msg.text) > MOST_CHARS:
            # The ends are read; convert refuses only what no speaker could say.
            msg.text = msg.text[: MOST_CHARS // 2] + ' ' + msg.text[-MOST_CHARS // 2 :]
        try:
            words = convert.utterance_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped words: {error}', throttle_duration_sec=10.0)
            return
        self._act(self._watch.hear(words, now_ns(self)))

    def _on_event(self, msg: msgs.String) -> None:
        if self._watch is None:
            return
        try:
            event = Event(msg.data)
        except ValueError:
            self._health.dropped(1)
            known = ', '.join(item.value for item in Event)
            self.get_logger().warning(
                f'event: {msg.data[:40]!r} is not one of {known}', throttle_duration_sec=10.0
            )
            return
        self._act(self._watch.event(event, now_ns(self)))

    def _on_persons(self, msg: msgs.PersonArray) -> None:
        """Know whether somebody else is in view: then abuse is not answered aloud."""
        faces = int(msg.faces_in_view) if msg.camera_active else 0
        if self._watch is not None and (faces >= 2) != (self._faces >= 2):
            event = Event.SECOND_PERSON if faces >= 2 else Event.SECOND_PERSON_LEAVES
            self._act(self._watch.event(event, now_ns(self)))
        self._faces = faces

    def _on_alert(self, msg: msgs.CaregiverAlert) -> None:
        """Hand the crisis over when a human has answered the alert."""
        if self._watch is not None and msg.acknowledged:
            outcome = self._watch.acknowledge(msg.id, msg.acknowledged_by, now_ns(self))
            self._act(CrisisOutcome(outcome.reading, outcome.directive))

    def _look(self) -> None:
        if self._watch is not None:
            self._act(self._watch.tick(now_ns(self)))
            self._health.set('open', self._watch.active)
            self._health.set('referrals', self._watch.referrals)

    def _act(self, outcome: CrisisOutcome) -> None:
        for alert in outcome.alerts:
            self._alerts.publish(convert.alert_to_msg(alert))
        if outcome.directive is not None:
            self._directives.publish(convert.directive_to_msg(outcome.directive))
