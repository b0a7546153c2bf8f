# SPDX-License-Identifier: Apache-2.0
"""Keeps one encrypted sample a minute of people who agreed to it, and answers how days seemed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any

from rclpy.node import Node

from empathy_ros import paths
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.guard import ConsentGuard
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import steady_timer
from empathy_ros.core.params import param
from empathy_ros.core.types import PersonAffect, Scope
from empathy_ros.core.wellbeing import (
    buckets,
    low_days,
    Retention,
    sample_of,
    summarise,
    WellbeingConfig,
)
from empathy_ros.engines.log_store import LogStore
from empathy_ros.engines.store import StoreError

NS_PER_S = 1_000_000_000
DAY_NS = 86_400 * NS_PER_S


@dataclass(frozen=True)
class WellbeingFiles:
    """Where the log is kept."""

    state_dir: str = param(
        '', 'Folder of the encrypted files; empty = $EMPATHY_STATE, else '
        '~/.local/share/empathy_ros.',
        read_only=True,
    )  # fmt: skip


class WellbeingLog(Node):
    """`persons/affect` and `utterance` in (counted only); a summary and a service out."""

    def __init__(self, **node_args: Any) -> None:
        """Open the log and wait for a lease of scope wellbeing."""
        super().__init__('wellbeing_log', **node_args)
        files: WellbeingFiles = bind(self, WellbeingFiles)
        self._config: WellbeingConfig = bind(self, WellbeingConfig, self._on_config)
        self._health = Health(self, '/guardian/wellbeing_log')
        self._store: LogStore | None = None
        self._problem = ''
        try:
            folder = Path(files.state_dir) if files.state_dir else paths.state_dir()
            self._store = LogStore(folder)
        except StoreError as error:
            self._problem = str(error)
        self._latest: dict[str, tuple[PersonAffect, int]] = {}
        self._turns: dict[str, int] = {}
        self._allowed: set[str] = set()
        self._retention = Retention(self._config.keep_days)
        self._summary = self.create_publisher(
            msgs.WellbeingSummary, 'wellbeing/summary', qos.STATE
        )
        self._subs = [
            self.create_subscription(
                msgs.PersonAffectArray, 'persons/affect', self._on_affect, qos.EVIDENCE
            ),
            self.create_subscription(msgs.Utterance, 'utterance', self._on_words, qos.EVIDENCE),
            self.create_subscription(
                msgs.ConsentStateArray, 'consent', self._on_consent, qos.STATE
            ),
        ]
        self._service = self.create_service(
            msgs.GetWellbeing, 'wellbeing_log/get_wellbeing', self._on_get
        )
        self._guard = ConsentGuard(self, Scope.WELLBEING)
        self._timer = steady_timer(self, self._config.sample_s, self._sample)
        self._health.ok('waiting for consent')

    def _on_config(self, config: WellbeingConfig) -> None:
        self._config = config

    def _on_affect(self, msg: msgs.PersonAffectArray) -> None:
        for item in msg.persons:
            try:
                value = convert.person_affect_from_msg(item)
            except ValueError as error:
                self._health.dropped(1)
                self.get_logger().warning(f'dropped: {error}', throttle_duration_sec=10.0)
                continue
            if self._guard.lease.granted and value.person_id == self._guard.lease.person_id:
                self._latest = {value.person_id: (value, time.monotonic_ns())}

    def _on_words(self, msg: msgs.Utterance) -> None:
        lease = self._guard.lease
        if msg.is_final and lease.granted and msg.person_id in ('', lease.person_id):
            self._turns[lease.person_id] = self._turns.get(lease.person_id, 0) + 1

    def _on_consent(self, msg: msgs.ConsentStateArray) -> None:
        """Obey every "no" at once: what is held in memory goes."""
        self._allowed = {s.person_id for s in msg.states if Scope.WELLBEING.value in s.granted}
        for kept in (self._latest, self._turns):
            for person_id in list(kept):
                if person_id not in self._allowed:
                    del kept[person_id]

    def _sample(self) -> None:
        lease = self._guard.lease
        if not lease.granted or self._store is None:
            self._report(f'off: {lease.reason}')
            return
        affect, seen_ns = self._latest.get(lease.person_id, (None, 0))
        steady_ns = time.monotonic_ns()
        sample = sample_of(
            lease.person_id, affect, self._turns.pop(lease.person_id, 0), lease.revision,
            time.time_ns(), (steady_ns - seen_ns) / NS_PER_S, self._config.max_age_s,
        )  # fmt: skip
        try:
            self._store.add([sample], steady_ns)
            before_ns = self._retention.purge_before(sample.stamp_ns, steady_ns)
            if before_ns is not None:
                self._store.purge(before_ns)
            self._problem = ''
        except StoreError as error:
            self._problem = str(error)
        self._publish_day(lease.person_id, sample.stamp_ns)
        self._report('logging')

    def _publish_day(self, person_id: str, now_ns: int) -> None:
        try:
            self._summary.publish(self._message(person_id, now_ns - DAY_NS, now_ns + 1))
        except StoreError as error:
            self._problem = str(error)

    def _message(self, person_id: str, start_ns: int, end_ns: int) -> msgs.WellbeingSummary:
        assert self._store is not None
        value = summarise(
            self._store.samples(person_id, start_ns, end_ns), person_id, start_ns, end_ns
        )
        recent = self._store.samples(person_id, end_ns - 366 * DAY_NS, end_ns)
        return msgs.WellbeingSummary(
            window_start=convert.stamp_to_msg(start_ns),
            window_end=convert.stamp_to_msg(end_ns),
            person_id=person_id,
            mean_valence=float(value.mean_valence),
            mean_arousal=float(value.mean_arousal),
            samples=value.samples,
            unknown_share=float(value.unknown_share),
            conversation_turns=value.turns,
            low_mood_days=low_days(recent, self._config, end_ns),
        )

    def _on_get(
        self, request: msgs.GetWellbeing.Request, response: msgs.GetWellbeing.Response
    ) -> msgs.GetWellbeing.Response:
        if request.person_id not in self._allowed:
            response.error_msg = f'person_id: {request.person_id!r} did not agree to a daily note'
            return response
        if self._store is None:
            response.error_msg = self._problem
            return response
        start_ns = convert.stamp_from_msg(request.start)
        end_ns = convert.stamp_from_msg(request.end) or time.time_ns()
        try:
            parts = buckets(start_ns, end_ns, float(request.bucket_s))
            response.summaries = [self._message(request.person_id, *part) for part in parts]
            response.permitted = True
        except (ValueError, StoreError) as error:
            response.error_msg = str(error)
        return response

    def _report(self, text: str) -> None:
        if self._problem:
            self._health.error(self._problem)
        else:
            self._health.ok(text)

    def destroy_node(self) -> None:
        """Close the log and the node."""
        self._guard.close()
        if self._store is not None:
            self._store.close()
        super().destroy_node()
