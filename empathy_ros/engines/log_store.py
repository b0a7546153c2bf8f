# SPDX-License-Identifier: Apache-2.0
"""The encrypted daily log: samples, counters without content, open alerts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from empathy_ros.core.types import Alert, AlertKind
from empathy_ros.core.wellbeing import Sample
from empathy_ros.engines.encrypted_file import EncryptedFile

SCHEMA = (
    'CREATE TABLE IF NOT EXISTS sample (stamp_ns INTEGER, steady_ns INTEGER, boot TEXT, '
    'person_id TEXT,'
    ' valence REAL, arousal REAL, top TEXT, confidence REAL, modalities TEXT, turns INTEGER,'
    ' consent_revision INTEGER);'
    'CREATE INDEX IF NOT EXISTS by_time ON sample (person_id, stamp_ns);'
    'CREATE TABLE IF NOT EXISTS alert (id TEXT PRIMARY KEY, stamp_ns INTEGER, body TEXT);'
    'CREATE TABLE IF NOT EXISTS counter (day TEXT, name TEXT, count INTEGER, PRIMARY KEY (day, '
    'name));'
)
BOOT_ID = Path('/proc/sys/kernel/random/boot_id')


def boot_id() -> str:
    """Return the id of this start of the machine, '' where the system has none."""
    try:
        return BOOT_ID.read_text(encoding='ascii').strip()
    except OSError:
        return ''


class LogStore:
    """`log.db`; no transcript, no picture, no sound, no template."""

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            StoreError: as EncryptedFile.
        """
        self.file = EncryptedFile(folder, 'log', SCHEMA)
        self.note = self.file.note
        self._boot = boot_id()

    def add(self, samples: list[Sample], steady_ns: int) -> None:
        """Keep samples, all or none.

        Raises:
            StoreError: not written.
        """
        with self.file.change() as db:
            for item in samples:
                db.execute(
                    'INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                    (item.stamp_ns, steady_ns, self._boot, item.person_id, _or_null(item.valence),
                     _or_null(item.arousal), item.top, item.confidence, ','.join(item.modalities),
                     item.turns, item.consent_revision),
                )  # fmt: skip

    def samples(self, person_id: str, start_ns: int, end_ns: int) -> list[Sample]:
        """Return samples with start <= stamp < end, oldest first."""
        rows = self.file.rows(
            'SELECT stamp_ns, person_id, valence, arousal, top, confidence, modalities, turns,'
            ' consent_revision FROM sample WHERE person_id = ? AND stamp_ns >= ? AND stamp_ns < ?'
            ' ORDER BY stamp_ns',
            person_id, start_ns, end_ns,
        )  # fmt: skip
        nan = float('nan')
        return [
            Sample(
                stamp_ns=row[0],
                person_id=row[1],
                valence=nan if row[2] is None else row[2],
                arousal=nan if row[3] is None else row[3],
                top=row[4],
                confidence=row[5],
                modalities=tuple(part for part in row[6].split(',') if part),
                turns=row[7],
                consent_revision=row[8],
            )
            for row in rows
        ]

    def purge(self, before_ns: int) -> int:
        """Remove samples older than a wall time; return how many."""
        with self.file.change() as db:
            return int(db.execute('DELETE FROM sample WHERE stamp_ns < ?', (before_ns,)).rowcount)

    def erase(self, person_id: str) -> int:
        """Remove everything about a person from the file; return how many samples went."""
        with self.file.change() as db:
            gone = db.execute('DELETE FROM sample WHERE person_id = ?', (person_id,)).rowcount
            for key, body in db.execute('SELECT id, body FROM alert').fetchall():
                if json.loads(body).get('person_id') == person_id:
                    db.execute('DELETE FROM alert WHERE id = ?', (key,))
        self.file.shrink()
        return int(gone)

    def keep_alert(self, alert: Alert) -> None:
        """Keep an open alert, so that a restart does not lose it; an answered one is removed."""
        with self.file.change() as db:
            if alert.acknowledged or not alert.needs_ack:
                db.execute('DELETE FROM alert WHERE id = ?', (alert.id,))
                return
            body = json.dumps(_alert_to_dict(alert))
            db.execute(
                'INSERT OR REPLACE INTO alert VALUES (?, ?, ?)', (alert.id, alert.stamp_ns, body)
            )

    def open_alerts(self) -> list[Alert]:
        """Return the alerts that nobody has answered, oldest first."""
        rows = self.file.rows('SELECT body FROM alert ORDER BY stamp_ns')
        return [_alert_from_dict(json.loads(row[0])) for row in rows]

    def count(self, day: str, name: str) -> None:
        """Add one to a counter of a day ('2026-11-24'); a count without content."""
        with self.file.change() as db:
            db.execute(
                'INSERT INTO counter VALUES (?, ?, 1) ON CONFLICT (day, name)'
                ' DO UPDATE SET count = count + 1',
                (day, name),
            )

    def total(self, name: str) -> int:
        """Return a counter over all days."""
        return int(
            self.file.rows('SELECT coalesce(sum(count), 0) FROM counter WHERE name = ?', name)[0][
                0
            ]
        )

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _or_null(value: float) -> float | None:
    return None if value != value else value


def _alert_to_dict(alert: Alert) -> dict[str, Any]:
    body = dict(vars(alert))
    return body | {'kind': alert.kind.value, 'evidence': list(alert.evidence)}


def _alert_from_dict(body: dict[str, Any]) -> Alert:
    return Alert(**(body | {'kind': AlertKind(body['kind']), 'evidence': tuple(body['evidence'])}))
