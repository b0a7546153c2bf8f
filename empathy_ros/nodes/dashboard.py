# SPDX-License-Identifier: Apache-2.0
"""Shows the state of the companion on a read-only page of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
import time
from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.dashboard import Dashboard as Board
from empathy_ros.core.dashboard import DashboardConfig, HealthEntry, Light
from empathy_ros.engines.page_server import PageServer

PAGE = Path(__file__).with_name('dashboard_page.html')
SHOW_S = 0.25
RETRY_S = 10.0
LEVELS = {
    msgs.DiagnosticStatus.OK: 'ok',
    msgs.DiagnosticStatus.WARN: 'warn',
    msgs.DiagnosticStatus.ERROR: 'error',
}


class Dashboard(Node):
    """In: consent, data_use, persons/affect, behaviour/directive, alerts, /diagnostics. No out."""

    def __init__(self, **node_args: Any) -> None:
        """Subscribe and serve; a busy port is a warning, tried again every 10 s."""
        super().__init__('dashboard', **node_args)
        self._config: DashboardConfig = bind(self, DashboardConfig, self._on_config)
        self._board = Board(self._config)
        self._health = Health(self, '/window/dashboard')
        self._server: PageServer | None = None
        self._next_try_s = 0.0
        self._listen(msgs.ConsentStateArray, 'consent', self._on_consent, qos.STATE)
        self._listen(msgs.DataUseArray, 'data_use', self._on_data_use, qos.STATE)
        self._listen(msgs.PersonAffectArray, 'persons/affect', self._on_affect, qos.EVIDENCE)
        self._listen(
            msgs.EmpathicDirective, 'behaviour/directive', self._on_directive, qos.DIRECTIVE
        )
        self._listen(msgs.CaregiverAlert, 'alerts', self._on_alert, qos.ALERTS)
        self._listen(msgs.DiagnosticArray, '/diagnostics', self._on_diagnostics, qos.DIAGNOSTICS)
        self._timer = steady_timer(self, SHOW_S, self._show)
        self._serve()

    def _listen(self, kind: Any, topic: str, take: Callable[[Any], None], profile: Any) -> None:
        """Subscribe; what cannot be read is counted and dropped."""

        def on_message(msg: Any) -> None:
            try:
                take(msg)
            except ValueError as error:
                self._health.dropped(1)
                self.get_logger().warning(f'{topic}: {error}', throttle_duration_sec=10.0)

        self.create_subscription(
            kind, topic, on_message, profile, qos_overriding_options=qos.OVERRIDES
        )

    @property
    def url(self) -> str:
        """Address of the page, '' while it cannot be served."""
        return '' if self._server is None else self._server.url

    def destroy_node(self) -> None:
        """Let all readers go."""
        if self._server is not None:
            self._server.close()
            self._server = None
        super().destroy_node()

    def _serve(self) -> None:
        self._next_try_s = time.monotonic() + RETRY_S
        page = PAGE.read_text(encoding='utf-8')
        try:
            self._server = PageServer(page, self._config.port)
        except OSError as error:
            self._health.warn(
                f'port {self._config.port} cannot be used ({error.strerror}): close the other '
                'program or set the parameter port'
            )
            return
        self._show()
        self._health.ok(f'page at {self._server.url}')
        self.get_logger().info(f'page at {self._server.url}')

    def _show(self) -> None:
        if self._server is not None:
            self._server.show(self._board.state(now_ns(self), time.monotonic_ns()))
        elif time.monotonic() >= self._next_try_s:
            self._serve()

    def _on_config(self, config: DashboardConfig) -> None:
        self._board.config = config

    def _on_consent(self, msg: msgs.ConsentStateArray) -> None:
        self._board.consent([convert.consent_from_msg(s) for s in msg.states], msg.paused)
        self._show()

    def _on_data_use(self, msg: msgs.DataUseArray) -> None:
        self._board.lights([Light(u.friendly_name, u.purpose, u.active) for u in msg.uses])

    def _on_affect(self, msg: msgs.PersonAffectArray) -> None:
        for item in msg.persons:
            self._board.affect(convert.person_affect_from_msg(item))

    def _on_directive(self, msg: msgs.EmpathicDirective) -> None:
        self._board.directive(convert.directive_from_msg(msg))

    def _on_alert(self, msg: msgs.CaregiverAlert) -> None:
        self._board.alert(convert.alert_from_msg(msg))

    def _on_diagnostics(self, msg: msgs.DiagnosticArray) -> None:
        for status in msg.status:
            values = {item.key: item.value for item in status.values}
            entry = HealthEntry(
                status.name, LEVELS.get(status.level, 'stale'), status.message, values
            )
            self._board.health(entry, time.monotonic_ns())
