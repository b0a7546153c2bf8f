# SPDX-License-Identifier: Apache-2.0
"""Joins face, voice and text to one estimate per person; says what the labels mean."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.core import taxonomy
from empathy_ros.core.fusion import AffectFusion, FusionConfig
from empathy_ros.core.types import Modality


class AffectFusionNode(Node):
    """Three modalities and `consent` in, `persons/affect` and `taxonomy` out."""

    def __init__(self, **node_args: Any) -> None:
        """Subscribe to the three modalities and publish at a steady rate."""
        super().__init__('affect_fusion', **node_args)
        config: FusionConfig = bind(self, FusionConfig, self._on_config)
        self._fusion = AffectFusion(config)
        self._last_ns = 0
        self._health = Health(self, '/mind/affect_fusion')
        self._publisher = self.create_publisher(
            msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._subs = [
            self.create_subscription(
                msgs.AffectEstimateArray, f'{modality.value}/affect', self._on_affect,
                qos.EVIDENCE, qos_overriding_options=qos.OVERRIDES,
            )
            for modality in Modality
        ]  # fmt: skip
        self._consent = self.create_subscription(
            msgs.ConsentStateArray, 'consent', self._on_consent, qos.STATE
        )
        self._get = self.create_service(
            msgs.GetPersonAffect, 'affect_fusion/get_person_affect', self._on_get
        )
        self._taxonomy = self.create_publisher(msgs.AffectTaxonomyArray, 'taxonomy', qos.STATE)
        self._taxonomy.publish(convert.taxonomies_to_msg())
        self._timer = self.create_timer(1.0 / config.rate_hz, self._publish)
        self._health.ok('waiting for evidence')

    def _on_config(self, config: FusionConfig) -> None:
        self._fusion.reconfigure(config)

    def _on_affect(self, msg: msgs.AffectEstimateArray) -> None:
        for item in msg.estimates:
            try:
                self._fusion.observe(convert.affect_from_msg(item))
            except ValueError as error:
                self._health.dropped(1)
                self.get_logger().warning(
                    f'dropped an estimate: {error}', throttle_duration_sec=10.0
                )

    def _on_consent(self, msg: msgs.ConsentStateArray) -> None:
        """Obey every "no" at once; a "yes" opens no sensor."""
        granted = {state.person_id: set(state.granted) for state in msg.states}
        for person_id in {*self._fusion.people(), *granted}:
            agreed = granted.get(person_id, set()) - set(msg.paused)
            self._fusion.allow(person_id, [m for m in Modality if m.value in agreed])

    def _on_get(
        self, request: msgs.GetPersonAffect.Request, response: msgs.GetPersonAffect.Response
    ) -> msgs.GetPersonAffect.Response:
        value = self._fusion.step(request.person_id, now_ns(self))
        fresh = request.max_age_s <= 0 or min(value.ages_s, default=1e9) <= request.max_age_s
        response.found = not value.abstained and fresh
        response.affect = convert.person_affect_to_msg(value, taxonomy.EMONET40.id)
        return response

    def _publish(self) -> None:
        now = now_ns(self)
        if now < self._last_ns:
            self._fusion.clear()
        self._last_ns = now
        people = self._fusion.people()
        if not people:
            return
        array = msgs.PersonAffectArray()
        array.header.stamp = convert.stamp_to_msg(now)
        array.persons = [
            convert.person_affect_to_msg(self._fusion.step(person, now), taxonomy.EMONET40.id)
            for person in people
        ]
        self._publisher.publish(array)
        self._health.ok(f'{len(people)} person(s) with evidence')
