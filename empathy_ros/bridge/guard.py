# SPDX-License-Identifier: Apache-2.0
"""A sensing node's leave to sense: asked from the consent gate, closed in any doubt.

The guard holds at most a lease of three seconds on the steady clock. No gate, no answer, a "no" in
the answer, or a "no" on the latched topic `consent` ends it at once. A "yes" on the topic opens
nothing: it only makes the guard ask again sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
import threading
import time
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge import msgs, qos
from empathy_ros.core.consent import ENROLMENT, Lease
from empathy_ros.core.types import Scope

SERVICE = 'consent_gate/lease_sensor'
RENEW_S = 2.0
TICK_S = 0.2
ANSWER_WITHIN_S = 1.0
NS_PER_S = 1_000_000_000
NO_ANSWER = Lease(granted=False, reason='no_answer')
"""What holds before the first answer and when the gate is silent."""


@dataclass
class _Ask:
    """What is known about one scope: the lease, when it ends, and a question under way."""

    name: str
    lease: Lease = NO_ANSWER
    until_ns: int = 0
    next_ns: int = 0
    asked_ns: int = 0
    future: Future | None = None


class ConsentGuard:
    """Keeps a lease for a scope, or for the first granted one of several.

    Several scopes serve a microphone, which may be open for `text`, for `safety_listening` or
    while a person is being enrolled: `ConsentGuard(node, (Scope.TEXT, Scope.SAFETY_LISTENING,
    ENROLMENT), ...)`; `lease.scope` then says which one holds.

    A lease with reason 'other_person' means that a second face is in view: a vision node goes on
    counting faces, so that it can see that person leave, but infers nothing on anybody.
    """

    def __init__(
        self,
        node: Node,
        scope: Scope | str | Sequence[Scope | str],
        on_change: Callable[[Lease], None] | None = None,
        service: str = SERVICE,
    ) -> None:
        """Start asking at once.

        Args:
            node: The sensing node.
            scope: One scope, 'enrolment', or several in order of preference.
            on_change: Called with the new lease when granted, person, scopes, scope or reason
            changed,
                from the executor's thread; it must be quick.
            service: Name of the gate's service.
        """
        names = [scope] if isinstance(scope, (str, Scope)) else list(scope)
        self._asks = [_Ask(s.value if isinstance(s, Scope) else s) for s in names]
        self._node, self._on_change = node, on_change
        self._lock = threading.RLock()
        self._told = NO_ANSWER
        self._client = node.create_client(msgs.LeaseSensor, service)
        self._subscription = node.create_subscription(
            msgs.ConsentStateArray,
            'consent',
            self._on_consent,
            qos.STATE,
            qos_overriding_options=qos.OVERRIDES,
        )
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(TICK_S, self._on_tick, clock=steady)

    @property
    def lease(self) -> Lease:
        """Return the lease that holds at this moment, from any thread; also when nothing spins."""
        now_ns = time.monotonic_ns()
        with self._lock:
            for ask in self._asks:
                if ask.lease.granted and now_ns < ask.until_ns:
                    return ask.lease
            refused = [ask.lease for ask in self._asks if not ask.lease.granted]
        return refused[0] if refused else replace(NO_ANSWER, scope=self._asks[0].name)

    def granted(self, scope: Scope | str) -> bool:
        """Return whether this one of the guarded scopes is granted now."""
        name = scope.value if isinstance(scope, Scope) else scope
        now_ns = time.monotonic_ns()
        with self._lock:
            return any(
                ask.lease.granted and now_ns < ask.until_ns
                for ask in self._asks
                if ask.name == name
            )

    def revoke(self, reason: str) -> None:
        """End all leases now; the next one needs a new answer."""
        with self._lock:
            for ask in self._asks:
                self._close(ask, reason)
        self._tell()

    def close(self) -> None:
        """Stop asking and refuse from now on."""
        self._timer.cancel()
        with self._lock:
            for ask in self._asks:
                self._close(ask, 'closed')
        self._node.destroy_timer(self._timer)
        self._node.destroy_subscription(self._subscription)
        self._node.destroy_client(self._client)

    def _close(self, ask: _Ask, reason: str) -> None:
        ask.lease = Lease(granted=False, reason=reason, scope=ask.name)
        ask.until_ns = 0
        if ask.future is not None:
            # An answer that was on its way is older than this "no".
            self._client.remove_pending_request(ask.future)
            ask.future = None

    def _on_tick(self) -> None:
        now_ns = time.monotonic_ns()
        with self._lock:
            for ask in self._asks:
                self._advance(ask, now_ns)
        self._tell()

    def _advance(self, ask: _Ask, now_ns: int) -> None:
        if ask.lease.granted and now_ns >= ask.until_ns:
            ask.lease = replace(NO_ANSWER, scope=ask.name)
        waited_ns = now_ns - ask.asked_ns
        if ask.future is not None and waited_ns > ANSWER_WITHIN_S * NS_PER_S:
            self._client.remove_pending_request(ask.future)
            ask.future = None
        if ask.future is None and now_ns >= ask.next_ns and self._client.service_is_ready():
            self._request(ask, now_ns)

    def _request(self, ask: _Ask, now_ns: int) -> None:
        request = msgs.LeaseSensor.Request(node=self._node.get_name(), scope=ask.name)
        ask.asked_ns, ask.next_ns = now_ns, now_ns + int(RENEW_S * NS_PER_S)
        ask.future = self._client.call_async(request)
        ask.future.add_done_callback(lambda future: self._on_answer(ask, future))

    def _on_answer(self, ask: _Ask, future: Any) -> None:
        with self._lock:
            if ask.future is not future:
                return
            ask.future = None
            answer = None
            if future is not None and not future.cancelled() and future.exception() is None:
                answer = future.result()
            ask.lease = lease_from_answer(answer, ask.name)
            # Counted from the question, so that a slow answer does not stretch the lease.
            ask.until_ns = ask.asked_ns + int(ask.lease.valid_s * NS_PER_S)
        self._tell()

    def _on_consent(self, msg: msgs.ConsentStateArray) -> None:
        with self._lock:
            for ask in self._asks:
                if ask.lease.granted and not _still_allowed(ask, msg):
                    self._close(ask, 'no_consent')
                ask.next_ns = 0
        self._tell()

    def _tell(self) -> None:
        lease = self.lease
        with self._lock:
            changed = _essence(lease) != _essence(self._told)
            self._told = lease
        if changed and self._on_change is not None:
            self._on_change(lease)


def _essence(lease: Lease) -> tuple[object, ...]:
    return (lease.granted, lease.person_id, lease.scopes, lease.scope, lease.reason)


def _still_allowed(ask: _Ask, msg: msgs.ConsentStateArray) -> bool:
    """Return False when the latched topic says no to what this lease holds."""
    if ask.name in msg.paused:
        return False
    if ask.name == ENROLMENT:
        return True
    person = ask.lease.person_id
    mine = [s for s in msg.states if s.person_id == person] if person else list(msg.states)
    return bool(mine) and all(ask.name in state.granted for state in mine)


def lease_from_answer(answer: Any, name: str) -> Lease:
    """Return the gate's answer as a Lease; a missing or nonsensical answer is a "no"."""
    if answer is None:
        return replace(NO_ANSWER, scope=name)
    if answer.granted and not 0.0 < answer.valid_s <= 10.0:
        return Lease(granted=False, reason='no_answer', scope=name)
    known = {scope.value for scope in Scope}
    return Lease(
        granted=bool(answer.granted),
        person_id=answer.person_id,
        presence_confirmed=bool(answer.presence_confirmed),
        scopes=frozenset(Scope(s) for s in answer.scopes if s in known),
        reason=answer.reason,
        valid_s=float(answer.valid_s) if answer.granted else 0.0,
        revision=int(answer.revision),
        scope=name,
    )
