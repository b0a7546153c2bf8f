# SPDX-License-Identifier: Apache-2.0
"""Listens to the whole graph and keeps what it saw: one JSON line per message, and the pictures.

For the demo and for tests on public recordings; a robot in a home has no recorder.
"""

from __future__ import annotations

import json
from pathlib import Path
import time
from typing import Any

import cv2
from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.image import image_from_msg
from empathy_ros.bridge.plain import to_plain

TOPICS: tuple[tuple[str, Any, Any], ...] = (
    ('utterance', msgs.Utterance, qos.EVIDENCE),
    ('face/affect', msgs.AffectEstimateArray, qos.EVIDENCE),
    ('voice/affect', msgs.AffectEstimateArray, qos.EVIDENCE),
    ('text/affect', msgs.AffectEstimateArray, qos.EVIDENCE),
    ('persons/affect', msgs.PersonAffectArray, qos.EVIDENCE),
    ('persons', msgs.PersonArray, qos.STATE),
    ('consent', msgs.ConsentStateArray, qos.STATE),
    ('data_use', msgs.DataUseArray, qos.STATE),
    ('conversation/state', msgs.ConversationState, qos.STATE),
    ('behaviour/directive', msgs.EmpathicDirective, qos.DIRECTIVE),
    ('behaviour/outcome', msgs.DirectiveOutcome, qos.OUTCOME),
    ('alerts', msgs.CaregiverAlert, qos.ALERTS),
    ('speaking', msgs.Bool, qos.STATE),
    ('face/tracks', msgs.UInt32, qos.STATE),
    ('microphone/state', msgs.String, qos.STATE),
)


class Recorder(Node):
    """Writes events.jsonl line by line, so that nothing already recorded is lost."""

    def __init__(self, folder: Path, **node_args: Any) -> None:
        """Record into `folder`, which must exist."""
        super().__init__('recorder', **node_args)
        self.folder = folder
        self.started_s = time.time()
        self.last_change_s = time.monotonic()
        self.speaking = False
        self.ended = False
        self.events: list[dict[str, Any]] = []
        self._log = (folder / 'events.jsonl').open('w', encoding='utf-8')
        self._frames = folder / 'frames'
        self._frames.mkdir(exist_ok=True)
        for name, kind, profile in TOPICS:
            self.create_subscription(kind, name, self._writer(name), profile)
        self.create_subscription(
            msgs.DiagnosticArray, '/diagnostics', self._on_diagnostics, qos.DIAGNOSTICS
        )
        self.create_subscription(msgs.Image, 'image', self._on_image, qos.image('reliable', 5))
        self._levels: dict[str, tuple[bytes, str]] = {}

    def _writer(self, topic: str) -> Any:
        return lambda msg: self.add(topic, to_plain(msg))

    def add(self, topic: str, data: Any) -> None:
        """Add one event now; time `t` counts in seconds from the start of the recording."""
        event = {'t': round(time.time() - self.started_s, 3), 'topic': topic, 'data': data}
        self.events.append(event)
        self._log.write(json.dumps(event) + '\n')
        self._log.flush()
        if topic == 'microphone/state':
            self.ended = data['data'] == 'ended'
        if topic == 'speaking':
            self.speaking = bool(data['data'])
        if topic in ('utterance', 'behaviour/directive', 'speaking'):
            self.last_change_s = time.monotonic()

    def _on_diagnostics(self, msg: msgs.DiagnosticArray) -> None:
        """Keep changes of level or text only."""
        for status in msg.status:
            state = (bytes(status.level), status.message)
            if self._levels.get(status.name) != state:
                self._levels[status.name] = state
                values = {item.key: item.value for item in status.values}
                level = int.from_bytes(state[0], 'little')
                self.add(
                    'diagnostics',
                    {'name': status.name, 'level': level, 'message': state[1], 'values': values},
                )

    def _on_image(self, msg: msgs.Image) -> None:
        t = convert.stamp_from_msg(msg.header.stamp) * 1e-9 - self.started_s
        name = self._frames / f'{max(0.0, t):09.3f}.jpg'
        cv2.imwrite(str(name), image_from_msg(msg))

    def close(self) -> None:
        """Finish the file."""
        self._log.close()
