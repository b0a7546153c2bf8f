# SPDX-License-Identifier: Apache-2.0
"""Stored consent and its audit trail: each row is sealed over the one before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
import secrets
from typing import Any

from empathy_ros.engines.encrypted_file import EncryptedFile, StoreError

__all__ = ['ConsentStore', 'StoreError']


class ConsentStore:
    """The stored consent and its audit trail, in a file of their own."""

    def __init__(self, folder: Path) -> None:
        """Open `consent.db`.

        Raises:
            StoreError: as EncryptedFile.
        """
        self.file = EncryptedFile(
            folder,
            'consent',
            'CREATE TABLE IF NOT EXISTS consent (id INTEGER PRIMARY KEY CHECK (id = 1), body '
            'TEXT);'
            'CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY, stamp_ns INTEGER, what '
            'TEXT,'
            ' who TEXT, mac TEXT);'
            'CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT);',
        )
        self.note = self.file.note
        self._audit_key()

    def _audit_key(self) -> bytes:
        """Return the key of the audit trail; it stays the same when the file gets a new one."""
        found = self.file.rows('SELECT value FROM secret WHERE name = ?', 'audit')
        if found:
            return bytes.fromhex(found[0][0])
        key = secrets.token_hex(32)
        with self.file.change() as db:
            db.execute('INSERT INTO secret VALUES (?, ?)', ('audit', key))
        return bytes.fromhex(key)

    def load(self) -> dict[str, Any] | None:
        """Return the stored consent, None when there is none yet.

        Raises:
            StoreError: it is there but cannot be understood.
        """
        found = self.file.rows('SELECT body FROM consent WHERE id = 1')
        if not found:
            return None
        try:
            body = json.loads(found[0][0])
        except (TypeError, json.JSONDecodeError) as error:
            raise StoreError(f'store: consent in {self.file.path} is not readable') from error
        if not isinstance(body, dict):
            raise StoreError(f'store: consent in {self.file.path} is not readable')
        return body

    def save(self, body: dict[str, Any], what: str, who: str, stamp_ns: int) -> None:
        """Keep the consent and one line of audit in one transaction; durable when this returns.

        Args:
            body: Of ConsentLedger.export.
            what: Such as 'withdraw face'; no words of anybody.
            who: Person id or role.
            stamp_ns: Wall time.

        Raises:
            StoreError: not written.
        """
        key = self._audit_key()
        with self.file.change() as db:
            text = json.dumps(body, sort_keys=True)
            db.execute('INSERT OR REPLACE INTO consent VALUES (1, ?)', (text,))
            last = db.execute('SELECT mac FROM audit ORDER BY id DESC LIMIT 1').fetchone()
            mac = _chain(key, last[0] if last else '', stamp_ns, what, who)
            db.execute(
                'INSERT INTO audit (stamp_ns, what, who, mac) VALUES (?, ?, ?, ?)',
                (stamp_ns, what, who, mac),
            )

    def audit(self) -> list[tuple[int, int, str, str]]:
        """Return the audit trail: number, wall time [ns], what, who."""
        return [
            (int(row[0]), int(row[1]), str(row[2]), str(row[3]))
            for row in self.file.rows('SELECT id, stamp_ns, what, who FROM audit ORDER BY id')
        ]

    def broken_audit_row(self) -> int | None:
        """Return the first row that was altered, removed or moved, None when all fit."""
        key, before = self._audit_key(), ''
        rows = self.file.rows('SELECT id, stamp_ns, what, who, mac FROM audit ORDER BY id')
        for number, row in enumerate(rows, 1):
            fits = hmac.compare_digest(_chain(key, before, row[1], row[2], row[3]), row[4])
            if row[0] != number or not fits:
                return number
            before = row[4]
        return None

    def forget(self, body: dict[str, Any], person_id: str, stamp_ns: int) -> None:
        """Keep the consent without a person, clean the file and change its key."""
        self.save(body, 'forget', person_id, stamp_ns)
        self.file.shrink()
        self.file.new_key()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _chain(key: bytes, before: str, stamp_ns: int, what: str, who: str) -> str:
    """Return the seal of an audit row over the row before it."""
    body = json.dumps([before, stamp_ns, what, who]).encode()
    return hmac.new(key, body, hashlib.sha256).hexdigest()
