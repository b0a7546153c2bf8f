# SPDX-License-Identifier: Apache-2.0
"""What the consent gate shows: the latched topics `consent`, `persons` and `data_use`."""

from __future__ import annotations

import time
from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.core.consent import ConsentLedger
from empathy_ros.core.enrolment import DISCLOSURE
from empathy_ros.core.types import Person, Scope

FACE_NODES = ('camera', 'face_affect')
NS_PER_S = 1_000_000_000
USES = (
    ('camera', 'Camera', 'to see whether you are there and how you seem', Scope.FACE),
    (
        'face_affect',
        'Face',
        'to estimate your expression, where you look and whether your eyes are open',
        Scope.FACE,
    ),
    (
        'voice_affect',
        'Voice',
        'to estimate how lively your voice sounds and what it seems to express, and to tell '
        'laughs, coughs, sighs and yawns from speech',
        Scope.VOICE,
    ),
    ('speech_text', 'Words', 'to understand what you say', Scope.TEXT),
    ('text_affect', 'Meaning of words', 'to estimate the tone of your words', Scope.TEXT),
    (
        'microphone',
        'Listening for help',
        'to hear stop and calls for help',
        Scope.SAFETY_LISTENING,
    ),
    ('context_memory', 'Memory', 'to remember what you allowed me to', Scope.MEMORY),
    ('wellbeing_log', 'Daily note', 'to show you how your days seemed', Scope.WELLBEING),
)
STORED = {
    Scope.MEMORY: 'facts that you agreed to, until you erase them',
    Scope.WELLBEING: 'one line a minute for 7 days, encrypted',
}


class PeopleView:
    """Publishes the state of a ledger when it changed; knows how many faces are in view."""

    def __init__(self, node: Node, ledger: ConsentLedger) -> None:
        """Publish for `node` and follow `face/tracks`."""
        self._node, self._ledger = node, ledger
        self._faces = 0
        self._leased_ns: dict[tuple[str, str], int] = {}
        self._last: dict[str, str] = {}
        self._seen_ns: dict[str, int] = {}
        self._consent = node.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
        self._persons = node.create_publisher(msgs.PersonArray, 'persons', qos.STATE)
        self._uses = node.create_publisher(msgs.DataUseArray, 'data_use', qos.STATE)
        self._tracks = node.create_subscription(
            msgs.UInt32, 'face/tracks', self._on_tracks, qos.STATE
        )

    @property
    def faces_in_view(self) -> int | None:
        """Faces in view, None while no camera may run or nobody counts faces."""
        return self._faces if self._camera_active() else None

    def leased(self, node: str, scope: str, valid_s: float) -> None:
        """Remember that `node` may sense for so long."""
        self._leased_ns[node, scope] = time.monotonic_ns() + int(valid_s * NS_PER_S)

    def _active(self, node: str, scope: str) -> bool:
        return time.monotonic_ns() < self._leased_ns.get((node, scope), 0)

    def _camera_active(self) -> bool:
        return any(self._active(node, Scope.FACE.value) for node in FACE_NODES)

    def _on_tracks(self, msg: msgs.UInt32) -> None:
        self._faces = int(msg.data)
        self.publish()

    def publish(self) -> None:
        """Publish what changed since the last time; the first time everything."""
        wall_ns = time.time_ns()
        states = [self._ledger.state(person, wall_ns) for person in self._ledger.persons]
        consent = msgs.ConsentStateArray(
            states=[convert.consent_to_msg(state) for state in states],
            paused=list(self._ledger.paused),
        )
        self._send(self._consent, 'consent', consent)
        self._send(self._persons, 'persons', self._people())
        self._send(self._uses, 'data_use', self._data_use())

    def _people(self) -> msgs.PersonArray:
        present = self._ledger.present(time.monotonic_ns())
        persons = []
        for person_id in self._ledger.persons:
            here = person_id == present
            if here:
                # Whole minutes, so that the latched topic changes seldom.
                self._seen_ns[person_id] = time.time_ns() // (60 * NS_PER_S) * 60 * NS_PER_S
            person = Person(
                person_id,
                enrolled=True,
                present=here,
                presence_confirmed=here,
                needs=self._ledger.needs(person_id),
                locale=self._ledger.locale(person_id),
                last_seen_ns=self._seen_ns.get(person_id, 0),
            )
            persons.append(convert.person_to_msg(person))
        active = self._camera_active()
        faces = self._faces if active else 0
        return msgs.PersonArray(persons=persons, faces_in_view=faces, camera_active=active)

    def _data_use(self) -> msgs.DataUseArray:
        uses = [
            msgs.DataUse(
                node=node,
                friendly_name=name,
                purpose=purpose,
                scope=scope.value,
                active=self._active(node, scope.value),
                stored=STORED.get(scope, 'nothing'),
            )
            for node, name, purpose, scope in USES
        ]
        return msgs.DataUseArray(uses=uses, disclosure=DISCLOSURE)

    def _send(self, publisher: Any, name: str, msg: Any) -> None:
        # As text, because an unknown number (NaN) never equals itself.
        text = str(msg)
        if self._last.get(name) == text:
            return
        self._last[name] = text
        msg.header.stamp = self._node.get_clock().now().to_msg()
        publisher.publish(msg)
