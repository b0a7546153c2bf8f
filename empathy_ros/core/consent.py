# SPDX-License-Identifier: Apache-2.0
"""Who agreed to what, and whether a sensor may run now. Every doubt ends in "no".

`ConsentLedger` is the only judge. It has no clock and no file: two times come in with each call,
because
a lapse is a date (wall time) while presence and leases are durations (steady time, which never
jumps).

Single-person mode is the only mode without an identity model: a person is inferred on only after
they
confirmed by voice or button, within the last ten minutes, that it is them, and not while two
faces are
in view. Scope `safety_listening` is the exception: words are held in memory only, to notice a
stop, a
withdrawal, "it's me" or a call for help from anybody, so it needs consent but no presence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from empathy_ros.core.consent_record import Record, record_from_dict, record_to_dict, Term
from empathy_ros.core.enrolment import ENROLMENT, EnrolmentDialogue
from empathy_ros.core.lease import ConsentConfig, ConsentRefused, Lease
from empathy_ros.core.opt_out import confirmation, confirms_presence, opt_out, OptOut
from empathy_ros.core.pin import hash_pin, pin_fits, PinGuard
from empathy_ros.core.types import Consent, Scope

__all__ = [
    'ENROLMENT', 'ConsentConfig', 'ConsentLedger', 'ConsentRefused', 'EnrolmentDialogue', 'Lease',
    'OptOut', 'confirmation', 'confirms_presence', 'hash_pin', 'opt_out', 'pin_fits',
]  # fmt: skip

NS_PER_S = 1_000_000_000
DAY_NS = 86_400 * NS_PER_S
FORMAT = 1
PAUSABLE = (Scope.FACE, Scope.VOICE, Scope.TEXT)
NEEDS_PRESENCE = (Scope.FACE, Scope.VOICE, Scope.TEXT, Scope.WELLBEING, Scope.IDENTITY)
DEVICE_NODES = ('camera', 'microphone')
"""Nodes that only open a device: a second face does not close it, or nobody could see it leave."""


class ConsentLedger:
    """All consent of one robot; pure, see the module text."""

    def __init__(self, config: ConsentConfig | None = None) -> None:
        """Start with nobody enrolled: everything is off."""
        self.config = config or ConsentConfig()
        self._records: dict[str, Record] = {}
        self._paused: set[Scope] = set()
        self._present: tuple[str, int] = ('', 0)
        self._enrolling_until_ns = 0
        self._unreadable = False
        self._pins = PinGuard(self.config.wrong_pins, self.config.pin_pause_s)
        self._loaded: tuple[int, int] | None = None
        self.revision = 0

    @property
    def persons(self) -> tuple[str, ...]:
        """Ids of all enrolled persons."""
        return tuple(self._records)

    @property
    def paused(self) -> tuple[str, ...]:
        """Modalities paused by a button, for everybody."""
        return tuple(sorted(scope.value for scope in self._paused))

    def needs(self, person_id: str) -> tuple[str, ...]:
        """Return the agreed needs of a person, () for somebody unknown."""
        record = self._records.get(person_id)
        return record.needs if record else ()

    def locale(self, person_id: str) -> str:
        """Return the preferred language of a person, 'en_GB' for somebody unknown."""
        record = self._records.get(person_id)
        return record.locale if record else 'en_GB'

    def enrol(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        granted_by: str,
        now_ns: int,
        now_steady_ns: int,
        *,
        pin_hash: str = '',
        needs: tuple[str, ...] = (),
        locale: str = 'en_GB',
        valid_days: float = 0.0,
    ) -> Consent:
        """Record what a person agreed to in the enrolment; it replaces what they agreed to before.

        Somebody who agrees to nothing is enrolled with everything off. The person is here, so
        their
        presence counts as confirmed.
        """
        old = self._records.get(person_id)
        kept_pin = pin_hash or (old.pin if old else '')
        record = Record(person_id, {}, kept_pin, needs=needs, locale=locale or 'en_GB')
        record = replace(record, revision=old.revision if old else 0)
        self._records[person_id] = record
        self._unreadable = False
        self._watch_clock(now_ns, now_steady_ns)
        self._change(person_id, scopes, True, now_ns, granted_by, '', valid_days)
        self._present = (person_id, now_steady_ns)
        return self.state(person_id, now_ns)

    def set(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        grant: bool,
        *,
        now_ns: int,
        now_steady_ns: int,
        pin: str = '',
        granted_by: str = 'pin',
        purpose: str = '',
        valid_days: float = 0.0,
    ) -> Consent:
        """Change consent. A "no" needs nobody; a "yes" needs the person's own PIN.

        Args:
            person_id: Whose; for a "no", '' means everybody's.
            scopes: What changes.
            grant: Yes or no.
            now_ns: Wall time.
            now_steady_ns: Steady time.
            pin: For a yes.
            granted_by: 'pin' or 'representative' (who then knows the PIN).
            purpose: Wording version, '' = the current one.
            valid_days: 0 = the configured default.

        Raises:
            ConsentRefused: unknown person, or wrong PIN.
        """
        if not grant and person_id == '':
            for known in self._records:
                self._change(known, scopes, False, now_ns, granted_by, purpose, 0.0)
            return Consent('', revision=self.revision)
        if person_id not in self._records:
            known_ids = ', '.join(self._records) or 'nobody yet'
            raise ConsentRefused(
                'unknown_person',
                f'person_id: {person_id!r} is not enrolled; enrolled: {known_ids}',
            )
        if grant:
            self.check_pin(person_id, pin, now_steady_ns)
            self._watch_clock(now_ns, now_steady_ns)
        self._change(person_id, scopes, grant, now_ns, granted_by, purpose, valid_days)
        return self.state(person_id, now_ns)

    def check_pin(self, person_id: str, pin: str, now_steady_ns: int) -> None:
        """Raise ConsentRefused unless `pin` is that person's; pauses after too many wrong ones."""
        record = self._records.get(person_id)
        stored = record.pin if record else ''
        problem = self._pins.refusal(person_id, pin, stored, now_steady_ns)
        if problem:
            raise ConsentRefused('wrong_pin', problem)

    def may_replace(self, person_id: str, pin: str, now_steady_ns: int) -> bool:
        """Return whether `pin` allows to erase, export or vouch anew for a person.

        True for somebody unknown and for a person who chose no PIN.
        """
        record = self._records.get(person_id)
        if record is None or not record.pin:
            return True
        return not self._pins.refusal(person_id, pin, record.pin, now_steady_ns)

    def forget(self, person_id: str) -> bool:
        """Remove a person and all their permissions; False when they were not known."""
        self.revision += 1
        if self._present[0] == person_id:
            self._present = ('', 0)
        return self._records.pop(person_id, None) is not None

    def pause(self, scope: Scope, paused: bool) -> None:
        """Pause or resume a modality for everybody (a button); it never grants anything.

        Raises:
            ValueError: a scope that cannot be paused.
        """
        if scope not in PAUSABLE:
            raise ValueError(f'scope: {scope.value!r} cannot be paused')
        (self._paused.add if paused else self._paused.discard)(scope)
        self.revision += 1

    def confirm_presence(self, now_steady_ns: int, person_id: str = '') -> str:
        """Believe for ten minutes that the resident is here; return whom, '' when it is not clear.

        Args:
            now_steady_ns: Steady time.
            person_id: Who says so, when an identity model knows; '' = the only enrolled person.
        """
        if person_id not in self._records:
            if person_id or len(self._records) != 1:
                return ''
            person_id = next(iter(self._records))
        self._present = (person_id, now_steady_ns)
        return person_id

    def present(self, now_steady_ns: int) -> str:
        """Return the person whose presence is confirmed now, '' = nobody."""
        person_id, since_ns = self._present
        age_ns = now_steady_ns - since_ns
        fresh = 0 <= age_ns < self.config.presence_s * NS_PER_S
        return person_id if fresh and person_id in self._records else ''

    def listen_for_enrolment(self, now_steady_ns: int, seconds: float) -> None:
        """Allow words (yes and no only) for so long; 0 ends it."""
        self._enrolling_until_ns = now_steady_ns + int(seconds * NS_PER_S)

    def lease(
        self,
        node: str,
        scope: Scope | str,
        faces_in_view: int | None,
        now_steady_ns: int,
        now_ns: int,
    ) -> Lease:
        """Return whether `node` may sense now; anything unknown is refused.

        Args:
            node: Who asks; a node of DEVICE_NODES keeps its device while a second face is in view.
            scope: A Scope, its value, or 'enrolment'.
            faces_in_view: Faces in view, None = the camera is off.
            now_steady_ns: Steady time.
            now_ns: Wall time.
        """
        name = scope.value if isinstance(scope, Scope) else scope
        present = self.present(now_steady_ns)
        person = present or self._only_person()
        if name == ENROLMENT:
            reason = '' if now_steady_ns < self._enrolling_until_ns else 'not_enrolling'
            person = ''
        else:
            reason = self._refusal(name, person, present)
            reason = reason or self._term_refusal(Scope(name), person, now_steady_ns, now_ns)
            reason = reason or _crowd_refusal(node, name, faces_in_view)
        granted = reason == ''
        in_force = self._in_force(person, now_steady_ns, now_ns)
        return Lease(
            granted=granted,
            person_id=person if granted else '',
            presence_confirmed=bool(present),
            scopes=in_force if granted else frozenset(),
            reason=reason,
            valid_s=self.config.lease_s if granted else 0.0,
            revision=self.revision,
            scope=name,
        )

    def _refusal(self, name: str, person: str, present: str) -> str:
        if self._unreadable:
            return 'store_unreadable'
        if not self._records:
            return 'no_person'
        if name not in [scope.value for scope in Scope]:
            return 'no_consent'
        scope = Scope(name)
        if scope in self._paused:
            return 'paused'
        if scope in NEEDS_PRESENCE and not present:
            return 'not_present'
        if not person and scope is not Scope.SAFETY_LISTENING:
            return 'not_present'
        return ''

    def _term_refusal(self, scope: Scope, person: str, now_steady_ns: int, now_ns: int) -> str:
        if scope is Scope.SAFETY_LISTENING and not person:
            # Several residents and nobody confirmed: one shared room, so all must have agreed.
            reasons = [
                self._term_refusal(scope, known, now_steady_ns, now_ns) for known in self._records
            ]
            return next((reason for reason in reasons if reason), '' if reasons else 'no_person')
        term = self._records[person].terms.get(scope)
        if term is None:
            return 'no_consent'
        return '' if self._valid(term, now_steady_ns, now_ns) else 'lapsed'

    def _valid(self, term: Term, now_steady_ns: int, now_ns: int) -> bool:
        """Return whether a term holds; a clock set back cannot stretch it."""
        if self._loaded is not None:
            wall_ns, steady_ns = self._loaded
            now_ns = max(now_ns, wall_ns + now_steady_ns - steady_ns)
        return term.from_ns - DAY_NS <= now_ns < term.until_ns

    def _in_force(self, person: str, now_steady_ns: int, now_ns: int) -> frozenset[Scope]:
        record = self._records.get(person)
        if record is None:
            return frozenset()
        held = (s for s, t in record.terms.items() if self._valid(t, now_steady_ns, now_ns))
        return frozenset(held) - self._paused

    def _only_person(self) -> str:
        return next(iter(self._records)) if len(self._records) == 1 else ''

    def _change(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        grant: bool,
        now_ns: int,
        granted_by: str,
        purpose: str,
        valid_days: float,
    ) -> None:
        record = self._records[person_id]
        terms = dict(record.terms)
        until_ns = now_ns + int((valid_days or self.config.valid_days) * DAY_NS)
        for scope in scopes:
            terms.pop(scope, None)
            if grant:
                terms[scope] = Term(now_ns, until_ns)
        self.revision += 1
        changed = replace(record, terms=terms, revision=record.revision + 1)
        if grant:
            purpose = purpose or self.config.purpose
            changed = replace(changed, granted_by=granted_by, purpose=purpose)
        self._records[person_id] = changed

    def _watch_clock(self, now_ns: int, now_steady_ns: int) -> None:
        self._loaded = (now_ns, now_steady_ns)

    def state(self, person_id: str, now_ns: int) -> Consent:
        """Return what a person agrees to now; unknown persons agree to nothing."""
        record = self._records.get(person_id)
        if record is None:
            return Consent(person_id)
        held = {s: t for s, t in record.terms.items() if t.from_ns - DAY_NS <= now_ns < t.until_ns}
        if self._unreadable:
            held = {}
        return Consent(
            person_id,
            frozenset(held),
            record.purpose,
            record.granted_by,
            min((term.until_ns for term in held.values()), default=0),
            record.revision,
        )

    def mark_unreadable(self) -> None:
        """Turn everything off: the stored consent cannot be trusted. A new enrolment ends this."""
        self._records.clear()
        self._unreadable = True
        self._present = ('', 0)
        self.revision += 1

    def export(self) -> dict[str, Any]:
        """Return all records as plain values for the store (PINs only as hashes)."""
        persons = {key: record_to_dict(record) for key, record in self._records.items()}
        return {
            'format': FORMAT,
            'persons': persons,
            'paused': list(self.paused),
            'revision': self.revision,
        }

    def restore(self, data: dict[str, Any], now_ns: int, now_steady_ns: int) -> None:
        """Take over what `export` gave, without any presence.

        Raises:
            ValueError: the data is not of that form; the ledger is then off and unreadable.
        """
        try:
            if data['format'] != FORMAT:
                raise ValueError(f'format: {data["format"]!r} is not {FORMAT}')
            records = {key: record_from_dict(key, value) for key, value in data['persons'].items()}
            paused = {Scope(name) for name in data['paused']}
            revision = int(data['revision'])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.mark_unreadable()
            raise ValueError(f'consent: the stored record is damaged ({error})') from error
        self._records, self._paused, self.revision = records, paused, revision
        self._unreadable = False
        self._present = ('', 0)
        self._watch_clock(now_ns, now_steady_ns)


def _crowd_refusal(node: str, name: str, faces: int | None) -> str:
    """Return 'other_person' with two faces in view; asked last, so it always implies consent."""
    crowd = faces is not None and faces >= 2
    needs_one = Scope(name) in NEEDS_PRESENCE and node not in DEVICE_NODES
    return 'other_person' if crowd and needs_one else ''
