# SPDX-License-Identifier: Apache-2.0
"""The ledger together with its store: what is not on the disk was not agreed to."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
import secrets
import time

from empathy_ros.core.consent import ConsentConfig, ConsentLedger, ConsentRefused, hash_pin
from empathy_ros.core.types import Consent, Scope
from empathy_ros.engines.log_store import LogStore
from empathy_ros.engines.store import ConsentStore, StoreError


class ConsentKeeper:
    """Changes consent in memory and on disk.

    A "no" holds at once, also when the disk fails; a "yes" holds only once it is stored.

    Attributes:
        ledger: The judge.
        problem: '' or what is wrong with the store and the cure.
    """

    def __init__(self, folder: Path, config: ConsentConfig) -> None:
        """Load the stored consent; with a missing or damaged store everything is off."""
        self._folder = folder
        self.ledger = ConsentLedger(config)
        self.problem = ''
        self._store: ConsentStore | None = None
        try:
            self._store = ConsentStore(folder)
            body = self._store.load()
            if body is not None:
                self.ledger.restore(body, time.time_ns(), time.monotonic_ns())
            broken = self._store.broken_audit_row()
            if broken is not None:
                self.problem = f'store: row {broken} of the audit trail was altered'
        except (StoreError, ValueError) as error:
            self.ledger.mark_unreadable()
            self.problem = str(error)
        if self._store is not None and self._store.note:
            self.ledger.mark_unreadable()
            self.problem = f'{self._store.note}; all consent is off, enrol again'

    def enrol(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        granted_by: str,
        pin: str,
        needs: tuple[str, ...],
        locale: str,
    ) -> Consent:
        """Enrol a person and store it.

        Raises:
            StoreError: not stored; then nobody is enrolled by it.
            ValueError: the PIN is not 4 to 12 digits.
        """
        hashed = hash_pin(pin, secrets.token_bytes(16)) if pin else ''
        before = self.ledger.export()
        now_ns, steady_ns = time.time_ns(), time.monotonic_ns()
        state = self.ledger.enrol(
            person_id, scopes, granted_by, now_ns, steady_ns,
            pin_hash=hashed, needs=needs, locale=locale,
        )  # fmt: skip
        try:
            self._save(f'enrol {_names(scopes)}', granted_by)
        except StoreError:
            self.ledger.restore(before, now_ns, steady_ns)
            raise
        self.problem = ''
        return state

    def grant(
        self,
        person_id: str,
        scopes: frozenset[Scope],
        pin: str,
        granted_by: str,
        purpose: str,
        valid_days: float,
    ) -> Consent:
        """Record a "yes".

        Raises:
            ConsentRefused: unknown person, wrong PIN, or not stored.
        """
        now_ns, steady_ns = time.time_ns(), time.monotonic_ns()
        before = self.ledger.export()
        state = self.ledger.set(
            person_id, scopes, True, now_ns=now_ns, now_steady_ns=steady_ns, pin=pin,
            granted_by=granted_by, purpose=purpose, valid_days=valid_days,
        )  # fmt: skip
        try:
            self._save(f'grant {_names(scopes)}', person_id)
        except StoreError as error:
            self.ledger.restore(before, now_ns, steady_ns)
            raise ConsentRefused('store_failed', str(error)) from error
        return state

    def withdraw(self, person_id: str, scopes: frozenset[Scope], who: str) -> str:
        """Take permissions back at once; return '' or why it could not be stored as well.

        Args:
            person_id: Whose, '' = everybody's.
            scopes: Which.
            who: For the audit trail, such as 'spoken' or 'service'.

        Raises:
            ConsentRefused: unknown person.
        """
        self.ledger.set(
            person_id, scopes, False, now_ns=time.time_ns(), now_steady_ns=time.monotonic_ns()
        )
        return self._try_save(f'withdraw {_names(scopes)}', who)

    def pause(self, scope: Scope, paused: bool) -> str:
        """Pause or resume a modality; return '' or why it could not be stored."""
        self.ledger.pause(scope, paused)
        return self._try_save(f'{"pause" if paused else "resume"} {scope.value}', 'button')

    def forget(self, person_id: str) -> list[str]:
        """Erase a person; return what was erased, in words.

        Raises:
            ConsentRefused: something could not be erased; the consent is off all the same.
        """
        erased = []
        if self.ledger.forget(person_id):
            erased.append('permissions and PIN')
        try:
            if self._store is None:
                raise StoreError(self.problem or 'store: not open')
            self._store.forget(self.ledger.export(), person_id, time.time_ns())
            with contextlib.closing(LogStore(self._folder)) as log:
                count = log.erase(person_id)
        except StoreError as error:
            raise ConsentRefused('store_failed', str(error)) from error
        return [*erased, f'{count} daily samples', 'the old encryption key of the consent file']

    def export(self, person_id: str, path: str) -> str:
        """Write all that is kept about a person as JSON, readable by this user only.

        Raises:
            ConsentRefused: not written; the text names the path and the cure.
        """
        try:
            content = self._content(person_id)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, 'w', encoding='utf-8') as file:
                json.dump(content, file, indent=1)
        except StoreError as error:
            raise ConsentRefused('store_failed', str(error)) from error
        except OSError as error:
            raise ConsentRefused(
                'store_failed',
                f'path: {path} was not written ({error.strerror}); give a new file in a folder '
                'that exists and is writable',
            ) from error
        return path

    def _content(self, person_id: str) -> dict[str, object]:
        body = self.ledger.export()['persons'].get(person_id, {})
        with contextlib.closing(LogStore(self._folder)) as log:
            samples = [vars(item) for item in log.samples(person_id, 0, 2**62)]
        audit = self._store.audit() if self._store is not None else []
        return {
            'format': 'empathy-export-1',
            'person_id': person_id,
            'consent': {key: value for key, value in body.items() if key != 'pin'},
            'samples': [_no_nan(sample) for sample in samples],
            'audit': [row for row in audit if row[3] == person_id],
        }

    def _save(self, what: str, who: str) -> None:
        if self._store is None:
            raise StoreError(self.problem or 'store: not open')
        self._store.save(self.ledger.export(), what, who, time.time_ns())

    def _try_save(self, what: str, who: str) -> str:
        try:
            self._save(what, who)
        except StoreError as error:
            self.problem = f'{error}; it holds until the next start only'
            return self.problem
        return ''

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()


def _names(scopes: frozenset[Scope]) -> str:
    return ','.join(sorted(scope.value for scope in scopes))


def _no_nan(sample: dict[str, object]) -> dict[str, object]:
    return {key: None if value != value else value for key, value in sample.items()}
