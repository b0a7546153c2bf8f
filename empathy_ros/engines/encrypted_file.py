# SPDX-License-Identifier: Apache-2.0
"""Encrypted SQLite files for what must outlive a power cut: consent, audit, daily log.

Each file has its own random 256-bit key in a 0600 file beside it. That protects a copied database
and
makes erasing sure (the key goes first), but not against somebody who can read both files as this
user.
Without the library `sqlcipher3` nothing is stored: plain SQLite is never used instead.
"""

from __future__ import annotations

from collections.abc import Iterator
import contextlib
import os
from pathlib import Path
import secrets
import threading
from typing import Any

SCHEMA = 1
BUSY_MS = 3000
PRAGMAS = (
    'synchronous = FULL',
    'secure_delete = ON',
    'foreign_keys = ON',
    'journal_size_limit = 4194304',
)
CURE = 'install sqlcipher3 (start through ./empathy, or pip install sqlcipher3)'


class StoreError(Exception):
    """A store cannot be opened or written; the text names file and cure."""


def _library() -> Any:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StoreError(f'store: encrypted storage is missing ({error}); {CURE}') from error
    return dbapi2


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all, and flush it to the disk."""
    fresh = path.with_name(path.name + '.part')
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, 'w', encoding='ascii') as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_key(path: Path) -> str | None:
    """Return the key in hex, None when there is no key file; makes it private when it is not."""
    try:
        text = path.read_text(encoding='ascii').strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise StoreError(f'store: {path} is not a key file') from error
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    if len(text) != 64 or any(c not in '0123456789abcdef' for c in text):
        raise StoreError(f'store: {path} is not a key file')
    return text


class EncryptedFile:
    """One encrypted database, opened with full durability; damaged files are set aside.

    Attributes:
        note: '' or what was wrong and where the damaged file lies now.
    """

    def __init__(self, folder: Path, name: str, schema: str) -> None:
        """Open or create `<name>.db` with `<name>.key` in `folder`.

        Args:
            folder: Created with mode 0700 when missing.
            name: Stem of the files.
            schema: SQL that creates missing tables.

        Raises:
            StoreError: the library is missing, or the folder cannot be written.
        """
        self._library = _library()
        self._lock = threading.RLock()
        self.path = folder / f'{name}.db'
        self._key_path = folder / f'{name}.key'
        self._schema = schema
        self.note = ''
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db, self.key = self._open()
        except (OSError, self._library.Error) as error:
            raise StoreError(
                f'store: {self.path} cannot be used ({error}); make the folder writable or choose '
                'another with the parameter state_dir or EMPATHY_STATE'
            ) from error

    def _open(self) -> tuple[Any, str]:
        """Return the connection and the key that fits; sets a damaged database aside."""
        keys = self._keys()
        existed = self.path.exists()
        if existed and not keys:
            self._set_aside('its key file is missing')
            existed = False
        problem = ''
        for key in keys:
            db, problem = self._try(key)
            if db is not None:
                return db, key
        if existed:
            self._set_aside(problem or 'it cannot be read')
        key = secrets.token_hex(32)
        write_private(self._key_path, key)
        db, problem = self._try(key)
        if db is None:
            raise OSError(problem)
        return db, key

    def _keys(self) -> list[str]:
        """Return the key and, after an interrupted change of keys, the new one."""
        keys = []
        for path in (self._key_path, self._new_key_path):
            try:
                key = _read_key(path)
            except StoreError as error:
                self.note = str(error)
                continue
            if key is not None:
                keys.append(key)
        return keys

    @property
    def _new_key_path(self) -> Path:
        return self._key_path.with_suffix('.key.new')

    def _try(self, key: str) -> tuple[Any, str]:
        """Return an open connection, or None and why the key or the file does not fit."""
        db = self._library.connect(
            str(self.path), timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute(f'PRAGMA key = "x\'{key}\'"')
            # A wrong key is noticed only by the first read.
            db.execute('SELECT count(*) FROM sqlite_master').fetchone()
            db.execute('PRAGMA journal_mode = WAL')
            for pragma in (*PRAGMAS, f'busy_timeout = {BUSY_MS}'):
                db.execute(f'PRAGMA {pragma}')
            broken = db.execute('PRAGMA cipher_integrity_check').fetchall()
            checked = [row[0] for row in db.execute('PRAGMA quick_check').fetchall()]
            version = db.execute('PRAGMA user_version').fetchone()[0]
            if broken or checked != ['ok']:
                db.close()
                return None, f'it is damaged ({(broken or [checked])[0][0]})'
            if version > SCHEMA:
                db.close()
                return None, f'it was written by a newer version ({version} > {SCHEMA})'
            db.executescript(self._schema)
            db.execute(f'PRAGMA user_version = {SCHEMA}')
        except self._library.OperationalError:
            # Locked by another process, no space, no rights: the file itself is not to blame.
            db.close()
            raise
        except self._library.DatabaseError as error:
            db.close()
            return None, f'the key does not fit or it is damaged ({error})'
        self.path.chmod(0o600)
        return db, ''

    def _set_aside(self, why: str) -> None:
        """Rename the database and its side files, so that nothing is lost for a later look."""
        number = 1
        while self.path.with_suffix(f'.damaged-{number}').exists():
            number += 1
        aside = self.path.with_suffix(f'.damaged-{number}')
        self.path.rename(aside)
        for end in ('-wal', '-shm'):
            side = self.path.with_name(self.path.name + end)
            if side.exists():
                side.rename(aside.with_name(aside.name + end))
        for key_path in (self._key_path, self._new_key_path):
            if key_path.exists():
                key_path.rename(aside.with_name(aside.name + key_path.suffix))
        self.note = f'store: {self.path} was set aside as {aside.name}: {why}'

    @contextlib.contextmanager
    def change(self) -> Iterator[Any]:
        """Give the connection inside one transaction; on disk when the block ends.

        Raises:
            StoreError: the disk is full or failing; nothing of the block is kept.
        """
        with self._lock:
            try:
                self._db.execute('BEGIN IMMEDIATE')
                yield self._db
                self._db.execute('COMMIT')
            except self._library.Error as error:
                with contextlib.suppress(self._library.Error):
                    self._db.execute('ROLLBACK')
                raise StoreError(f'store: {self.path} was not written ({error})') from error
            except BaseException:
                with contextlib.suppress(self._library.Error):
                    self._db.execute('ROLLBACK')
                raise

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._lock:
            try:
                return list(self._db.execute(query, values).fetchall())
            except self._library.Error as error:
                raise StoreError(f'store: {self.path} was not read ({error})') from error

    def shrink(self) -> None:
        """Remove what deleted rows left behind in the file and its write-ahead log."""
        with self._lock:
            try:
                self._db.execute('VACUUM')
                self._db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
            except self._library.Error as error:
                raise StoreError(f'store: {self.path} was not cleaned ({error})') from error

    def new_key(self) -> None:
        """Encrypt everything anew, so that older copies of the file can no longer be read.

        The new key is on disk before the change and replaces the old one after it, so a power cut
        at
        any point leaves a key that fits.
        """
        key = secrets.token_hex(32)
        with self._lock:
            try:
                write_private(self._new_key_path, key)
                self._db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
                self._db.execute('PRAGMA journal_mode = DELETE').fetchall()
                self._db.execute(f'PRAGMA rekey = "x\'{key}\'"')
                os.replace(self._new_key_path, self._key_path)
                self._db.execute('PRAGMA journal_mode = WAL').fetchall()
            except (OSError, self._library.Error) as error:
                raise StoreError(f'store: {self.path} was not rekeyed ({error})') from error
            self.key = key

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
