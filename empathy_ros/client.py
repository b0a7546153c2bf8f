# SPDX-License-Identifier: Apache-2.0
"""EmpathyClient: what a robot's own node uses to live with the companion.

    client = EmpathyClient(node)
    client.on_affect(lambda affect: print(affect.top_basic or 'unknown'))
    client.on_directive(body.perform)
    client.report_event(Event.FALL)

It takes your node and spins nothing. Every request returns a `rclpy.task.Future` at once: add a
callback or await it, never spin inside a callback. A future fails with TimeoutError, naming the
service, when nobody answers in time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.peers import Peers
from empathy_ros.bridge.run import now_ns
from empathy_ros.core.face_features import FaceFeatures
from empathy_ros.core.types import Alert, Directive, Event, PersonAffect, PRIORITY_NORMAL, Scope


class EmpathyClient:
    """Everything about the companion that another node may hear, ask and report."""

    def __init__(self, node: Node, namespace: str = '/empathy', timeout_s: float = 5.0) -> None:
        """Connect `node`; services are found when they come up, in any order.

        Args:
            node: Your node; somebody must spin it.
            namespace: Where the companion runs; without a leading slash it is below the
                namespace of your node.
            timeout_s: How long a service or action may take to appear and a service to answer.
        """
        self._node = node
        self._peers = Peers(node, namespace, timeout_s)
        self._event = self._peers.publisher(msgs.String, 'event', qos.OUTCOME)
        self._stop = self._peers.publisher(msgs.Empty, 'stop', qos.OUTCOME)
        self._outcome = self._peers.publisher(
            msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME
        )

    def on_affect(self, callback: Callable[[PersonAffect], None]) -> None:
        """Call back with the fused estimate of each person, some times a second.

        `affect.abstained` means unknown: then show or do nothing about it.
        """

        def each(msg: msgs.PersonAffectArray) -> None:
            for item in msg.persons:
                self._hand(convert.person_affect_from_msg, item, callback)

        self._peers.subscribe(msgs.PersonAffectArray, 'persons/affect', each, qos.EVIDENCE)

    def on_face_features(self, callback: Callable[[FaceFeatures], None]) -> None:
        """Call back with head pose, gaze and the like of the person who agreed."""
        # Here, because it needs transforms3d and other users of this class do not.
        from empathy_ros.bridge.convert.features import features_from_msg

        def each(msg: msgs.FaceFeaturesArray) -> None:
            for item in msg.features:
                self._hand(features_from_msg, item, callback)

        self._peers.subscribe(msgs.FaceFeaturesArray, 'face/features', each, qos.EVIDENCE)

    def on_directive(self, callback: Callable[[Directive], None]) -> None:
        """Call back with what to say and do; do not start it after `directive.expires_ns`."""
        self._peers.subscribe(
            msgs.EmpathicDirective,
            'behaviour/directive',
            lambda msg: self._hand(convert.directive_from_msg, msg, callback),
            qos.DIRECTIVE,
        )

    def on_alert(self, callback: Callable[[Alert], None]) -> None:
        """Call back with alerts for caregivers, also those raised before."""
        self._peers.subscribe(
            msgs.CaregiverAlert,
            'alerts',
            lambda msg: self._hand(convert.alert_from_msg, msg, callback),
            qos.ALERTS,
        )

    def report_event(self, event: Event) -> Future:
        """Report a fall, the stop button, a carer coming in, and the like.

        The future is done when it was sent to everybody who listens.
        """
        msg = msgs.String(data=event.value)
        return self._peers.publish(self._event, msg)

    def stop(self) -> Future:
        """Stop speech and motion at once; consent stays as it is."""
        return self._peers.publish(self._stop, msgs.Empty())

    def report_outcome(
        self,
        directive_id: str,
        executed: bool = True,
        error_code: int = msgs.DirectiveOutcome.DONE,
        error_msg: str = '',
        started_ns: int = 0,
        reaction: str = '',
    ) -> Future:
        """Report what became of a directive that your own body carried out.

        Args:
            directive_id: Id of the directive.
            executed: Whether it was carried out.
            error_code: One of the constants of DirectiveOutcome.
            error_msg: What went wrong, in words.
            started_ns: ROS time at which the first word or movement began; 0 = now.
            reaction: 'answered', 'silent' or 'stopped', '' = unknown.
        """
        now = now_ns(self._node)
        msg = msgs.DirectiveOutcome(
            directive_id=directive_id,
            executor=self._node.get_name(),
            executed=executed,
            error_code=error_code,
            error_msg=error_msg,
            reaction=reaction,
        )
        msg.header.stamp = convert.stamp_to_msg(now)
        msg.started = convert.stamp_to_msg(started_ns or now)
        return self._peers.publish(self._outcome, msg)

    def get_person_affect(self, person_id: str, max_age_s: float = 0.0) -> Future:
        """Ask for the latest estimate: the result is a PersonAffect, or None when unknown."""
        request = msgs.GetPersonAffect.Request(person_id=person_id, max_age_s=float(max_age_s))

        def read(response: msgs.GetPersonAffect.Response) -> PersonAffect | None:
            return convert.person_affect_from_msg(response.affect) if response.found else None

        return self._peers.call(
            msgs.GetPersonAffect, 'affect_fusion/get_person_affect', request, read
        )

    def set_consent(
        self,
        person_id: str,
        scopes: Sequence[Scope | str],
        grant: bool,
        pin: str = '',
        granted_by: str = 'pin',
    ) -> Future:
        """Change what a person agreed to; a "yes" needs their PIN, a "no" needs nothing.

        The result is SetConsent.Response; error_code 0 = done.
        """
        request = msgs.SetConsent.Request(
            person_id=person_id,
            scopes=[s.value if isinstance(s, Scope) else s for s in scopes],
            grant=grant,
            pin=pin,
            granted_by=granted_by,
        )
        return self._peers.call(msgs.SetConsent, 'consent_gate/set_consent', request)

    def explain(self, directive_id: str = '') -> Future:
        """Ask why the companion did what it did; '' = the latest. Result: Explain.Response."""
        request = msgs.Explain.Request(directive_id=directive_id)
        return self._peers.call(msgs.Explain, 'planner/explain', request)

    def acknowledge_alert(self, alert_id: str, who: str) -> Future:
        """Take an alert over, so that it is not repeated. Result: AcknowledgeAlert.Response."""
        request = msgs.AcknowledgeAlert.Request(alert_id=alert_id, who=who)
        return self._peers.call(
            msgs.AcknowledgeAlert, 'caregiver_alert/acknowledge_alert', request
        )

    def say(
        self,
        text: str,
        person_id: str = '',
        priority: int = PRIORITY_NORMAL,
        speech_rate: float = 1.0,
        speech_volume: float = 1.0,
        on_progress: Callable[[float], None] | None = None,
    ) -> Future:
        """Speak a text after the output checker has passed it. Result: Say.Result.

        `on_progress` is called with the share of the text spoken so far, 0..1.
        """
        goal = msgs.Say.Goal(
            person_id=person_id,
            text=text,
            speech_rate=float(speech_rate),
            speech_volume=float(speech_volume),
            priority=priority,
        )
        tell = None if on_progress is None else lambda f: on_progress(f.spoken_share)
        return self._peers.act(msgs.Say, 'say', goal, tell)

    def enroll(
        self,
        person_id: str = '',
        scopes: Sequence[Scope | str] = (),
        needs: Sequence[str] = (),
        locale: str = 'en_GB',
        pin: str = '',
        answers: str = 'ask',
        on_prompt: Callable[[str, str], None] | None = None,
    ) -> Future:
        """Enrol a person: the robot says what it is and asks scope by scope.

        Args:
            person_id: '' = a new random one.
            scopes: To ask for; empty = the usual ones.
            needs: 'hearing_loss', 'dementia', 'slow_speech'.
            locale: Preferred language.
            pin: Chosen by the person, 4..12 digits; '' = none.
            answers: 'ask' aloud, or 'yes' when a lawful representative vouches for them.
            on_prompt: Called with the stage and with what the robot just said.

        Returns:
            Future of EnrollPerson.Result.
        """
        goal = msgs.EnrollPerson.Goal(
            person_id=person_id,
            scopes=[s.value if isinstance(s, Scope) else s for s in scopes],
            needs=list(needs),
            locale=locale,
            pin=pin,
            answers=answers,
        )
        tell = None if on_prompt is None else lambda f: on_prompt(f.stage, f.prompt)
        return self._peers.act(msgs.EnrollPerson, 'consent_gate/enroll_person', goal, tell)

    def close(self) -> None:
        """Give everything back to the node; pending futures are cancelled."""
        self._peers.close()

    def _hand(self, read: Callable[[Any], Any], msg: Any, callback: Callable[[Any], None]) -> None:
        """Convert and call back; what cannot be read is reported and dropped."""
        try:
            value = read(msg)
        except ValueError as error:
            self._node.get_logger().warning(
                f'dropped a message: {error}', throttle_duration_sec=10.0
            )
            return
        callback(value)
