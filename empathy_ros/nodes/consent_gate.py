# SPDX-License-Identifier: Apache-2.0
"""Keeps who agreed to what, lends sensors for seconds, obeys every "no" at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any
import uuid

from rclpy.node import Node

from empathy_ros import paths
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.consent_services import ConsentServices
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.enrolment import Enrolled, EnrolmentServer, Hooks
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.people import PeopleView
from empathy_ros.bridge.run import now_ns, steady_timer
from empathy_ros.core.consent import (
    confirmation,
    confirms_presence,
    ConsentConfig,
    opt_out,
    OptOut,
)
from empathy_ros.core.params import param
from empathy_ros.core.types import Act, Directive, Expression, PRIORITY_SAFETY, Utterance
from empathy_ros.engines.consent_keeper import ConsentKeeper
from empathy_ros.engines.store import StoreError

EXPIRES_NS = 20_000_000_000


@dataclass(frozen=True)
class GateConfig:
    """Where consent is kept and how long an answer may take."""

    state_dir: str = param(
        '', 'Folder of the encrypted files; empty = $EMPATHY_STATE, else '
        '~/.local/share/empathy_ros.',
        read_only=True,
    )  # fmt: skip
    answer_s: float = param(
        10.0, 'Time to answer a question of the enrolment [s].', lo=1.0, hi=60.0, read_only=True
    )


class ConsentGate(Node):
    """The only judge of consent; see core/consent.py for the rules."""

    def __init__(self, **node_args: Any) -> None:
        """Load the stored consent and open all services."""
        super().__init__('consent_gate', **node_args)
        config: GateConfig = bind(self, GateConfig)
        rules: ConsentConfig = bind(self, ConsentConfig, self._on_rules)
        self._health = Health(self, '/guardian/consent_gate')
        folder = Path(config.state_dir) if config.state_dir else paths.state_dir()
        self._keeper = ConsentKeeper(folder, rules)
        self._answered = ''
        self._directives = self.create_publisher(
            msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._people = PeopleView(self, self._keeper.ledger)
        self._desk = ConsentServices(self, self._keeper, self._people, self._changed)
        hooks = Hooks(self._ask, self._listen, self._enrol, self._may_enrol)
        self._enrolment = EnrolmentServer(self, hooks, config.answer_s)
        self._words = self.create_subscription(
            msgs.Utterance, 'utterance', self._on_utterance, qos.EVIDENCE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self._speaking = self.create_subscription(
            msgs.Bool, 'speaking', self._on_speaking, qos.STATE
        )
        self._robot_speaks = False
        self._timer = steady_timer(self, 1.0, self._look)
        self._changed()

    def _on_rules(self, rules: ConsentConfig) -> None:
        self._keeper.ledger.config = rules

    def _on_speaking(self, msg: msgs.Bool) -> None:
        self._robot_speaks = msg.data

    def _on_utterance(self, msg: msgs.Utterance) -> None:
        """Obey a withdrawal by anybody; then an answer of the enrolment; then a presence."""
        try:
            words = convert.utterance_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped words: {error}', throttle_duration_sec=10.0)
            return
        if words.source == 'tv' or not words.text.strip():
            return
        taken_back = None if self._enrolment.asking else opt_out(words.text)
        if taken_back is not None:
            self._take_back(taken_back, words)
        elif words.is_final and self._enrolment.asking:
            self._enrolment.hear(words.text)
        elif words.is_final and confirms_presence(words.text):
            self._keeper.ledger.confirm_presence(time.monotonic_ns(), words.person_id)
            self._changed()

    def _take_back(self, taken_back: OptOut, words: Utterance) -> None:
        """Withdraw for everybody in the room and say so once, in one short sentence."""
        self._keeper.withdraw('', taken_back.scopes, 'spoken')
        self._changed()
        turn = words.turn_id or words.utterance_id
        if turn and turn == self._answered:
            return
        self._answered = turn
        reason = f'policy row 24: words withdraw {taken_back.rule}'
        self._say(
            confirmation(taken_back.scopes), (Act.CONFIRM,), ('row_24',), reason, words.turn_id
        )

    def _ask(self, text: str, discloses: bool) -> None:
        acts = (Act.DISCLOSE_AI, Act.CONFIRM) if discloses else (Act.CONFIRM,)
        self._say(text, acts, ('enrolment',), 'enrolment: asked before anything is sensed', '')

    def _listen(self, seconds: float) -> None:
        self._keeper.ledger.listen_for_enrolment(time.monotonic_ns(), seconds)

    def _may_enrol(self, person_id: str, pin: str, vouched: bool) -> str:
        """Return why a vouched enrolment may not replace what a person with a PIN agreed to."""
        if self._keeper.ledger.may_replace(person_id, pin, time.monotonic_ns()) or not vouched:
            return ''
        return f'person_id: {person_id!r} has a PIN; give it, or enrol again aloud'

    def _enrol(self, value: Enrolled) -> tuple[int, str]:
        codes = msgs.EnrollPerson.Result
        try:
            self._keeper.enrol(
                value.person_id, value.scopes, value.granted_by, value.pin, value.needs,
                value.locale,
            )  # fmt: skip
        except StoreError as error:
            self._health.error(str(error))
            return codes.STORE_FAILED, str(error)
        except ValueError as error:
            return codes.NOT_PERMITTED, str(error)
        self._changed()
        return 0, ''

    def _say(
        self, text: str, acts: tuple[Act, ...], rules: tuple[str, ...], reason: str, turn_id: str
    ) -> None:
        now = now_ns(self)
        directive = Directive(
            now, f'directive_{uuid.uuid4().hex[:10]}', acts, text, turn_id=turn_id,
            source='consent_gate', speech_rate=0.95, show_on_screen=True,
            expression=Expression('neutral', 0.0, 0.0, 0.4), gesture='nod', led='listening',
            priority=PRIORITY_SAFETY, rationale=reason, rules=rules, expires_ns=now + EXPIRES_NS,
        )  # fmt: skip
        self._directives.publish(convert.directive_to_msg(directive))

    def _look(self) -> None:
        """Notice every second what changes by itself: lapse, presence, faces, a failing disk."""
        if self._robot_speaks:
            self._enrolment.still_speaking()
        self._changed()

    def _changed(self) -> None:
        self._people.publish()
        ledger = self._keeper.ledger
        self._health.set('enrolled', len(ledger.persons))
        self._health.set('revision', ledger.revision)
        if self._keeper.problem:
            self._health.error(self._keeper.problem)
        elif not ledger.persons:
            self._health.ok('nobody is enrolled: all sensors are off')
        else:
            self._health.ok(f'{len(ledger.persons)} enrolled')

    def destroy_node(self) -> None:
        """Close the store and the node."""
        self._enrolment.destroy()
        self._keeper.close()
        super().destroy_node()
