# SPDX-License-Identifier: Apache-2.0
"""The services of the consent gate: lease, set, get, forget, export, presence, pause."""

from __future__ import annotations

from collections.abc import Callable
import time
from typing import Any, Protocol

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs
from empathy_ros.bridge.people import PeopleView
from empathy_ros.core.consent import ConsentLedger, ConsentRefused
from empathy_ros.core.types import Consent, Scope


class Keeper(Protocol):
    """The part of engines/consent_keeper.py that the services use."""

    ledger: ConsentLedger

    def grant(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        pin: str,
        granted_by: str,
        purpose: str,
        valid_days: float,
    ) -> Consent:
        """Record a "yes"."""

    def withdraw(self, person_id: str, scopes: frozenset[Scope], who: str) -> str:
        """Record a "no"."""

    def pause(self, scope: Scope, paused: bool) -> str:
        """Pause or resume a modality."""

    def forget(self, person_id: str) -> list[str]:
        """Erase a person; raises ConsentRefused when the disk fails."""

    def export(self, person_id: str, path: Any) -> Any:
        """Write all that is kept about a person; raises ConsentRefused when the disk fails."""


class ConsentServices:
    """Serves under `node`; every change is shown at once by `changed`."""

    def __init__(
        self, node: Node, keeper: Keeper, people: PeopleView, changed: Callable[[], None]
    ) -> None:
        """Open all services."""
        self._node, self._keeper, self._people, self._changed = node, keeper, people, changed
        serve = node.create_service
        self._served = [
            serve(msgs.LeaseSensor, 'consent_gate/lease_sensor', self._on_lease),
            serve(msgs.SetConsent, 'consent_gate/set_consent', self._on_set),
            serve(msgs.GetConsent, 'consent_gate/get_consent', self._on_get),
            serve(msgs.ForgetPerson, 'consent_gate/forget_person', self._on_forget),
            serve(msgs.ExportPerson, 'consent_gate/export_person', self._on_export),
            serve(msgs.Trigger, 'consent_gate/confirm_presence', self._on_presence),
        ]
        for scope in (Scope.FACE, Scope.VOICE, Scope.TEXT):
            self._served.append(
                serve(msgs.SetBool, f'consent_gate/pause_{scope.value}', self._pauser(scope))
            )

    def _on_lease(
        self, request: msgs.LeaseSensor.Request, response: msgs.LeaseSensor.Response
    ) -> msgs.LeaseSensor.Response:
        lease = self._keeper.ledger.lease(
            request.node,
            request.scope,
            self._people.faces_in_view,
            time.monotonic_ns(),
            time.time_ns(),
        )
        response.granted, response.reason = lease.granted, lease.reason
        response.valid_s, response.person_id = lease.valid_s, lease.person_id
        response.presence_confirmed = lease.presence_confirmed
        response.scopes = sorted(scope.value for scope in lease.scopes)
        response.revision = lease.revision
        # A second face suspends inference, not the counting of faces.
        counting = lease.reason == 'other_person'
        self._people.leased(request.node, request.scope, 3.0 if counting else lease.valid_s)
        return response

    def _on_set(
        self, request: msgs.SetConsent.Request, response: msgs.SetConsent.Response
    ) -> msgs.SetConsent.Response:
        code = msgs.SetConsent.Response
        try:
            scopes = _scopes(request.scopes)
            if request.grant:
                state = self._keeper.grant(
                    request.person_id, scopes, request.pin, request.granted_by or 'pin',
                    request.purpose, float(request.valid_days),
                )  # fmt: skip
            else:
                problem = self._keeper.withdraw(request.person_id, scopes, 'service')
                if problem:
                    response.error_code, response.error_msg = code.STORE_FAILED, problem
                state = self._keeper.ledger.state(request.person_id, time.time_ns())
            response.state = convert.consent_to_msg(state)
        except ConsentRefused as error:
            codes = {
                'unknown_person': code.UNKNOWN_PERSON,
                'unknown_scope': code.UNKNOWN_SCOPE,
                'wrong_pin': code.WRONG_PIN,
                'store_failed': code.STORE_FAILED,
            }
            response.error_code, response.error_msg = codes[error.code], str(error)
        self._changed()
        return response

    def _on_get(
        self, request: msgs.GetConsent.Request, response: msgs.GetConsent.Response
    ) -> msgs.GetConsent.Response:
        ledger = self._keeper.ledger
        wanted = [request.person_id] if request.person_id else list(ledger.persons)
        known = [person for person in wanted if person in ledger.persons]
        now_ns = time.time_ns()
        response.states = [convert.consent_to_msg(ledger.state(p, now_ns)) for p in known]
        response.found = bool(known)
        if not known:
            response.error_msg = 'nobody is enrolled' if not wanted else (
                f'person_id: {request.person_id!r} is not enrolled'
            )  # fmt: skip
        return response

    def _on_forget(
        self, request: msgs.ForgetPerson.Request, response: msgs.ForgetPerson.Response
    ) -> msgs.ForgetPerson.Response:
        response.error_msg = self._refusal(request.person_id, request.pin)
        if not response.error_msg:
            try:
                response.erased = self._keeper.forget(request.person_id)
                response.done = True
            except ConsentRefused as error:
                response.error_msg = f'{error}; the permissions are gone all the same'
        self._changed()
        return response

    def _on_export(
        self, request: msgs.ExportPerson.Request, response: msgs.ExportPerson.Response
    ) -> msgs.ExportPerson.Response:
        response.error_msg = self._refusal(request.person_id, request.pin)
        if not response.error_msg and not request.path.startswith('/'):
            response.error_msg = f'path: {request.path!r} is not a full path'
        if not response.error_msg:
            try:
                response.path = str(self._keeper.export(request.person_id, request.path))
                response.done = True
            except ConsentRefused as error:
                response.error_msg = str(error)
        return response

    def _refusal(self, person_id: str, pin: str) -> str:
        """Return why this PIN does not allow it; a person without a PIN needs none."""
        ledger = self._keeper.ledger
        if person_id not in ledger.persons:
            return f'person_id: {person_id!r} is not enrolled'
        if ledger.may_replace(person_id, pin, time.monotonic_ns()):
            return ''
        return 'pin: does not fit'

    def _on_presence(
        self, _request: msgs.Trigger.Request, response: msgs.Trigger.Response
    ) -> msgs.Trigger.Response:
        person = self._keeper.ledger.confirm_presence(time.monotonic_ns())
        response.success = bool(person)
        response.message = person or 'nobody, or more than one person, is enrolled'
        self._changed()
        return response

    def _pauser(self, scope: Scope) -> Callable[[Any, Any], Any]:
        def on_pause(
            request: msgs.SetBool.Request, response: msgs.SetBool.Response
        ) -> msgs.SetBool.Response:
            problem = self._keeper.pause(scope, request.data)
            response.success = True
            response.message = problem or ('paused' if request.data else 'resumed')
            self._changed()
            return response

        return on_pause


def _scopes(names: Any) -> frozenset[Scope]:
    """Return the scopes of a request; 'all' means every one.

    Raises:
        ConsentRefused: none, or one that does not exist.
    """
    known = [scope.value for scope in Scope]
    if 'all' in names:
        return frozenset(Scope)
    for name in names:
        if name not in known:
            raise ConsentRefused(
                'unknown_scope', f'scopes: {name!r} is not one of {", ".join(known)}'
            )
    if not names:
        raise ConsentRefused(
            'unknown_scope', f'scopes: give at least one of all, {", ".join(known)}'
        )
    return frozenset(Scope(name) for name in names)
