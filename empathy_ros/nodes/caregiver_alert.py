# SPDX-License-Identifier: Apache-2.0
"""Repeats alerts until a person acknowledges them; keeps open ones over a restart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
import time
from typing import Any

from rclpy.node import Node

from empathy_ros import paths
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.alerts import AlertBook, AlertRules
from empathy_ros.core.params import param
from empathy_ros.core.types import Alert
from empathy_ros.engines.log_store import LogStore
from empathy_ros.engines.policy_file import load_policy
from empathy_ros.engines.store import StoreError


@dataclass(frozen=True)
class CaregiverAlertConfig:
    """Files of the alert node; when to repeat stands in the crisis protocol."""

    policy_file: str = param(
        '', 'Crisis protocol of this place; empty = config/policy.yaml.', read_only=True
    )
    state_dir: str = param(
        '', 'Folder of the encrypted files; empty = $EMPATHY_STATE, else '
        '~/.local/share/empathy_ros.',
        read_only=True,
    )  # fmt: skip


class CaregiverAlertNode(Node):
    """`alerts` in and, repeated or acknowledged, out again; service acknowledge_alert."""

    def __init__(self, **node_args: Any) -> None:
        """Take over what an earlier run left open."""
        super().__init__('caregiver_alert', **node_args)
        config: CaregiverAlertConfig = bind(self, CaregiverAlertConfig)
        self._health = Health(self, '/guardian/caregiver_alert')
        self._problem = ''
        self._book = AlertBook(self._rules(config.policy_file))
        self._store: LogStore | None = None
        self._open_store(Path(config.state_dir) if config.state_dir else paths.state_dir())
        self._publisher = self.create_publisher(
            msgs.CaregiverAlert, 'alerts', qos.ALERTS, qos_overriding_options=qos.OVERRIDES
        )
        self._incoming = self.create_subscription(
            msgs.CaregiverAlert, 'alerts', self._on_alert, qos.ALERTS,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._service = self.create_service(
            msgs.AcknowledgeAlert, 'caregiver_alert/acknowledge_alert', self._on_acknowledge
        )
        self._timer = steady_timer(self, 0.5, self._look)
        self._report()

    def _rules(self, policy_file: str) -> AlertRules:
        try:
            policy = load_policy(policy_file)
        except ValueError as error:
            self._problem = str(error)
            return AlertRules()
        roles = tuple(contact.role for contact in policy.contacts)
        return AlertRules(
            policy.repeat_s, policy.escalate_after, roles, policy.outside_contact.role
        )

    def _open_store(self, folder: Path) -> None:
        """Open the log; without it alerts work but do not survive a restart."""
        try:
            self._store = LogStore(folder)
            self._book.restore(self._store.open_alerts(), time.monotonic_ns())
        except StoreError as error:
            self._problem = self._problem or str(error)

    def _on_alert(self, msg: msgs.CaregiverAlert) -> None:
        try:
            alert = convert.alert_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped an alert: {error}', throttle_duration_sec=10.0)
            return
        if alert.acknowledged:
            if self._book.acknowledge(alert.id, alert.acknowledged_by) is not None:
                self._keep(alert)
        elif self._book.add(alert, time.monotonic_ns()):
            self._keep(alert)
            self._count(f'alert_{alert.kind.value}')
        elif self._book.update(alert):
            self._keep(alert)
        self._report()

    def _on_acknowledge(
        self, request: msgs.AcknowledgeAlert.Request, response: msgs.AcknowledgeAlert.Response
    ) -> msgs.AcknowledgeAlert.Response:
        if not request.who.strip():
            response.error_msg = 'who: say who takes it, such as a role or initials'
            return response
        done = self._book.acknowledge(request.alert_id, request.who)
        if done is None:
            open_ids = ', '.join(alert.id for alert in self._book.open) or 'none'
            response.error_msg = f'alert_id: {request.alert_id!r} is not open; open: {open_ids}'
            return response
        self._keep(done)
        self._publisher.publish(convert.alert_to_msg(replace(done, stamp_ns=now_ns(self))))
        response.done = True
        self._report()
        return response

    def _look(self) -> None:
        for alert in self._book.tick(time.monotonic_ns(), now_ns(self)):
            self._keep(alert)
            self._publisher.publish(convert.alert_to_msg(alert))
        self._report()

    def _keep(self, alert: Alert) -> None:
        if self._store is None:
            return
        try:
            self._store.keep_alert(alert)
        except StoreError as error:
            self._problem = str(error)

    def _count(self, name: str) -> None:
        if self._store is None:
            return
        try:
            self._store.count(time.strftime('%Y-%m-%d', time.gmtime()), name)
        except StoreError as error:
            self._problem = str(error)

    def _report(self) -> None:
        waiting = self._book.open
        self._health.set('open', len(waiting))
        if self._problem:
            self._health.error(self._problem)
        elif waiting:
            self._health.warn(f'{len(waiting)} alert(s) without an answer')
        else:
            self._health.ok('no open alert')

    def destroy_node(self) -> None:
        """Close the store and the node."""
        if self._store is not None:
            self._store.close()
        super().destroy_node()
