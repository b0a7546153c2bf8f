# SPDX-License-Identifier: Apache-2.0
"""Chooses what to say and do: words, affect, events and consent in, directives out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.respond import Respond
from empathy_ros.bridge.run import now_ns
from empathy_ros.bridge.worker import QueueWorker
from empathy_ros.core.checker import Checker, CheckerConfig
from empathy_ros.core.crisis import CrisisWatch
from empathy_ros.core.params import param
from empathy_ros.core.phrases import PhraseBank
from empathy_ros.core.planner import Planner, PlannerConfig
from empathy_ros.core.stand_in import DISCLOSURE, GUARDIAN, StandIn, waits
from empathy_ros.core.types import Act, Alert, Event
from empathy_ros.engines.llm import ChatGenerator
from empathy_ros.engines.policy_file import load_policy
from empathy_ros.engines.settings import read_settings
from empathy_ros.paths import share


@dataclass(frozen=True)
class PlannerFiles:
    """Where the planner's words and the crisis protocol come from."""

    policy_file: str = param('', 'Crisis protocol; empty = config/policy.yaml.', read_only=True)
    phrases_file: str = param('', 'Phrases; empty = config/phrases/en.yaml.', read_only=True)
    llm_url: str = param('', 'OpenAI-compatible server that may word acts; empty = none.')


class PlannerNode(Node):
    """Wires `core.planner`: one thread owns it; callbacks only queue."""

    def __init__(self, **node_args: Any) -> None:
        """Load phrases and protocol; without a complete protocol nothing is ever said."""
        super().__init__('planner', **node_args)
        self._health = Health(self, '/mind/planner')
        self._stand_in = StandIn()
        self._may_speak = False
        self._disclosed_ns = 0
        self._explain = self.create_service(msgs.Explain, 'planner/explain', self._on_explain)
        self._directives = self.create_publisher(
            msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._alerts = self.create_publisher(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
        self._planner: Planner | None = self._make()
        if self._planner is None:
            return
        self._worker = QueueWorker(self._after)
        self._respond = Respond(self, self._planner, self._worker)
        self._subscribe()
        self._health.ok('listening')

    def _make(self) -> Planner | None:
        files: PlannerFiles = bind(self, PlannerFiles)
        config: PlannerConfig = bind(self, PlannerConfig, self._on_config)
        checker: CheckerConfig = bind(self, CheckerConfig)
        try:
            policy = load_policy(files.policy_file)
            bank = PhraseBank(
                read_settings(Path(files.phrases_file or share('config', 'phrases', 'en.yaml')))
            )
            generator = ChatGenerator(files.llm_url) if files.llm_url else None
            return Planner(config, bank, Checker(checker), CrisisWatch(policy), generator)
        except ValueError as error:
            self._health.error(f'the planner refuses to talk: {error}')
            return None

    def _on_config(self, config: PlannerConfig) -> None:
        if self._planner is not None:
            self._worker.put(lambda: self._planner.reconfigure(config))

    def _subscribe(self) -> None:
        planner = self._planner
        assert planner is not None

        def later(kind: Any, topic: str, profile: Any, take: Callable[[Any], None]) -> None:
            self.create_subscription(
                kind, topic, lambda msg: self._worker.put(lambda: take(msg)), profile
            )

        later(msgs.Utterance, 'utterance', qos.EVIDENCE, self._hear)
        later(msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE, self._sense)
        later(msgs.String, 'event', qos.OUTCOME, self._event)
        later(msgs.ConsentStateArray, 'consent', qos.STATE, self._consent)
        later(msgs.PersonArray, 'persons', qos.STATE, self._persons)
        later(msgs.CaregiverAlert, 'alerts', qos.ALERTS, self._alert)
        later(msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME, self._outcome)
        self.create_subscription(
            msgs.EmpathicDirective, 'behaviour/directive', self._on_directive, qos.DIRECTIVE
        )

    def _hear(self, msg: msgs.Utterance) -> None:
        if not self._may_speak:
            return  # nobody is here yet: words of an enrolment are the consent gate's
        started_s = time.monotonic()
        self._planner.hear(convert.utterance_from_msg(msg), now_ns(self))
        self._health.latency(time.monotonic() - started_s)

    def _sense(self, msg: msgs.PersonAffectArray) -> None:
        for item in msg.persons:
            self._planner.sense(convert.person_affect_from_msg(item), now_ns(self))

    def _event(self, msg: msgs.String) -> None:
        event = convert.enum_of(Event, msg.data, 'event')
        self._may_speak = True
        self._planner.event(event, now_ns(self))

    def _consent(self, msg: msgs.ConsentStateArray) -> None:
        for state in msg.states:
            self._planner.consent(convert.consent_from_msg(state))

    def _persons(self, msg: msgs.PersonArray) -> None:
        """Talk with the one who confirmed being here; faces count only while the camera is on."""
        for item in msg.persons:
            if item.present:
                self._may_speak = True
                said_ns = max(self._disclosed_ns, self._planner.talk.disclosed_ns)
                self._planner.person(convert.person_from_msg(item))
                self._note_disclosure(said_ns)
        self._planner.faces(msg.faces_in_view if msg.camera_active else 0)

    def _alert(self, msg: msgs.CaregiverAlert) -> None:
        self._stand_in.heard('', time.monotonic())
        if msg.acknowledged and msg.kind == msgs.CaregiverAlert.CRISIS:
            self._planner.taken_over()

    def _outcome(self, msg: msgs.DirectiveOutcome) -> None:
        if not msg.executed:
            self._planner.not_done(msg.directive_id, msg.error_msg)

    def _on_directive(self, msg: msgs.EmpathicDirective) -> None:
        """Note that the guardian lives, and when it said what the robot is."""
        if msg.source not in GUARDIAN:
            return
        self._stand_in.heard(msg.turn_id, time.monotonic())
        if Act.DISCLOSE_AI.value in msg.acts:
            self._stand_in.heard(DISCLOSURE[0], time.monotonic())
            self._worker.put(lambda: self._note_disclosure(now_ns(self)))

    def _note_disclosure(self, stamp_ns: int) -> None:
        self._disclosed_ns = stamp_ns
        self._planner.talk.disclosed_ns = stamp_ns

    def _after(self, error: ValueError | None) -> None:
        """Run in the planner's thread after each input and five times a second."""
        if error is not None:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped an input: {error}', throttle_duration_sec=10.0)
        now_s = time.monotonic()
        held = []
        for directive in self._planner.tick(now_ns(self)) if self._may_speak else ():
            if self._respond.takes(directive):
                continue
            if waits(directive):
                held.append(directive)
            else:
                self._directives.publish(convert.directive_to_msg(directive))
        self._publish_alerts(self._planner.take_alerts())
        self._stand_in.hold(tuple(held), tuple(self._planner.take_safety_alerts()), now_s)
        for item in self._stand_in.due(now_s):
            if item.replaces_guardian:
                self._health.warn('the guardian is silent; the planner answers for it')
            for directive in item.directives:
                self._directives.publish(convert.directive_to_msg(directive))
            self._publish_alerts(item.alerts)

    def _publish_alerts(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            self._alerts.publish(convert.alert_to_msg(alert))

    def _on_explain(
        self, request: msgs.Explain.Request, response: msgs.Explain.Response
    ) -> msgs.Explain.Response:
        if self._planner is not None:
            self._respond.explain(request, response)
        return response

    def destroy_node(self) -> None:
        """End the planner's thread first."""
        if self._planner is not None:
            self._worker.close()
        super().destroy_node()
