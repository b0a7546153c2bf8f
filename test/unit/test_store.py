# SPDX-License-Identifier: Apache-2.0
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from empathy_ros.core.consent import ConsentConfig, ConsentRefused
from empathy_ros.core.types import Alert, AlertKind, Scope
from empathy_ros.core.wellbeing import Sample

pytest.importorskip('sqlcipher3', reason='sqlcipher3 is not installed: start through ./empathy')

from empathy_ros.engines import encrypted_file as store_module
from empathy_ros.engines.consent_keeper import ConsentKeeper
from empathy_ros.engines.log_store import LogStore
from empathy_ros.engines.store import ConsentStore, StoreError

BODY = {'format': 1, 'persons': {}, 'paused': [], 'revision': 1}


def test_saved_consent_is_there_after_reopening(tmp_path):
    first = ConsentStore(tmp_path)
    assert first.load() is None
    first.save(BODY, 'enrol', 'p1', 5)
    first.close()
    again = ConsentStore(tmp_path)
    assert again.load() == BODY
    assert again.note == ''
    assert [row[1:] for row in again.audit()] == [(5, 'enrol', 'p1')]


def test_file_is_encrypted_and_private(tmp_path):
    store = ConsentStore(tmp_path)
    store.save(BODY | {'secret': 'canary-4711'}, 'enrol', 'p1', 5)
    store.close()
    for path in tmp_path.iterdir():
        assert b'canary-4711' not in path.read_bytes(), path
        assert not path.read_bytes().startswith(b'SQLite format 3')
    for name in ('consent.db', 'consent.key'):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / 'consent.db').execute('SELECT * FROM consent')


def test_full_durability_is_on(tmp_path):
    store = ConsentStore(tmp_path)
    assert store.file.rows('PRAGMA synchronous') == [(2,)]
    assert store.file.rows('PRAGMA journal_mode') == [('wal',)]
    assert store.file.rows('PRAGMA secure_delete') == [(1,)]


def damage_byte(folder):
    data = bytearray((folder / 'consent.db').read_bytes())
    data[len(data) // 2] ^= 1
    (folder / 'consent.db').write_bytes(data)


@pytest.mark.parametrize(
    'damage',
    [
        damage_byte,
        lambda folder: (folder / 'consent.key').write_text('0' * 64),
        lambda folder: (folder / 'consent.key').write_text('not a key'),
        lambda folder: (folder / 'consent.key').unlink(),
        lambda folder: (folder / 'consent.db').write_bytes(b'x' * 5000),
    ],
)
def test_damaged_file_is_set_aside_and_consent_is_off(tmp_path, damage):
    keeper = ConsentKeeper(tmp_path, ConsentConfig())
    keeper.enrol('p1', frozenset(Scope), 'self_spoken', '1234', (), 'en_GB')
    keeper.close()
    damage(tmp_path)
    again = ConsentKeeper(tmp_path, ConsentConfig())
    assert 'set aside' in again.problem
    assert again.ledger.persons == ()
    assert again.ledger.lease('camera', Scope.FACE, 0, 0, 0).reason == 'store_unreadable'
    assert (tmp_path / 'consent.damaged-1').exists()
    again.enrol('p1', frozenset({Scope.TEXT}), 'self_spoken', '', (), 'en_GB')
    assert again.problem == ''


def test_missing_library_stores_nothing_and_says_the_cure(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'sqlcipher3', None)
    keeper = ConsentKeeper(tmp_path, ConsentConfig())
    assert 'sqlcipher3' in keeper.problem
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError, match='sqlcipher3'):
        keeper.enrol('p1', frozenset(Scope), 'self_spoken', '', (), 'en_GB')
    assert keeper.ledger.persons == ()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(StoreError, match='state_dir'):
        ConsentStore(tmp_path / 'file' / 'state')


def test_locked_file_is_not_taken_for_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, 'BUSY_MS', 50)
    store = ConsentStore(tmp_path)
    store.save(BODY, 'enrol', 'p1', 1)
    store.file._db.execute('PRAGMA locking_mode = EXCLUSIVE')
    store.save(BODY, 'grant', 'p1', 2)
    with pytest.raises(StoreError, match='cannot be used'):
        ConsentStore(tmp_path)
    assert not list(tmp_path.glob('*damaged*'))


@pytest.mark.parametrize(
    'tamper',
    [
        "UPDATE audit SET what = 'nothing' WHERE id = 2",
        'DELETE FROM audit WHERE id = 2',
        'UPDATE audit SET id = CASE id WHEN 2 THEN 99 ELSE id END',
        "UPDATE audit SET who = 'p9' WHERE id = 3",
    ],
)
def test_altered_audit_trail_is_named(tmp_path, tamper):
    store = ConsentStore(tmp_path)
    for number in range(4):
        store.save(BODY, f'step {number}', 'p1', number)
    assert store.broken_audit_row() is None
    with store.file.change() as db:
        db.execute(tamper)
    assert store.broken_audit_row() in (2, 3)


def test_a_failed_block_keeps_nothing(tmp_path):
    store = ConsentStore(tmp_path)
    store.save(BODY, 'enrol', 'p1', 1)

    def interrupted():
        with store.file.change() as db:
            db.execute('DELETE FROM consent')
            raise RuntimeError('power went')

    with pytest.raises(RuntimeError):
        interrupted()
    assert store.load() == BODY


def test_erasing_leaves_no_trace_and_a_new_key(tmp_path):
    keeper = ConsentKeeper(tmp_path, ConsentConfig())
    keeper.enrol('p_canary', frozenset(Scope), 'self_spoken', '1234', ('hearing_loss',), 'en_GB')
    log = LogStore(tmp_path)
    log.add([Sample(1, 'p_canary', 0.5, 0.1, 'anger', 0.9, ('face',))], 1)
    old_key = (tmp_path / 'consent.key').read_text()
    old_copy = (tmp_path / 'consent.db').read_bytes()
    erased = keeper.forget('p_canary')
    assert any('1 daily sample' in line for line in erased)
    assert log.samples('p_canary', 0, 10) == []
    new_key = (tmp_path / 'consent.key').read_text()
    assert new_key != old_key
    keeper.close()
    # The copy somebody made before cannot be opened with the key that exists now.
    other = tmp_path / 'copy'
    other.mkdir()
    (other / 'consent.db').write_bytes(old_copy)
    (other / 'consent.key').write_text(new_key)
    assert 'set aside' in ConsentStore(other).note
    again = ConsentKeeper(tmp_path, ConsentConfig())
    assert again.ledger.persons == ()
    assert again.problem == ''


def test_power_cut_while_the_key_changes_leaves_a_key_that_fits(tmp_path):
    store = ConsentStore(tmp_path)
    store.save(BODY, 'enrol', 'p1', 1)
    store.file.new_key()
    # As if the power went between the change of the file and the renaming of the key.
    (tmp_path / 'consent.key').rename(tmp_path / 'consent.key.new')
    (tmp_path / 'consent.key').write_text('1' * 64)
    store.close()
    assert ConsentStore(tmp_path).load() == BODY


WRITER = """
import sys
from pathlib import Path
from empathy_ros.engines.store import ConsentStore
store = ConsentStore(Path(sys.argv[1]))
for number in range(100000):
    store.save({'n': number}, 'grant', 'p1', number)
    print(number, flush=True)
"""


def test_killed_while_writing_loses_nothing_that_was_acknowledged(tmp_path):
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, '-c', WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        said = [writer.stdout.readline() for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
        writer.wait()
        last = [int(line) for line in said if line.endswith('\n')][-1]
        store = ConsentStore(tmp_path)
        assert store.note == ''
        assert store.load()['n'] >= last
        assert store.broken_audit_row() is None
        store.close()


def test_export_is_one_private_json_without_the_pin(tmp_path):
    keeper = ConsentKeeper(tmp_path / 'state', ConsentConfig())
    keeper.enrol('p1', frozenset(Scope), 'self_spoken', '1234', (), 'en_GB')
    path = tmp_path / 'export.json'
    assert keeper.export('p1', str(path)) == str(path)
    text = path.read_text()
    assert 'scrypt' not in text
    assert '"face"' in text
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(ConsentRefused, match='was not written'):
        keeper.export('p1', str(path))


def test_open_alerts_and_counters_survive(tmp_path):
    log = LogStore(tmp_path)
    alert = Alert(7, 'a1', AlertKind.CRISIS, 3, 'summary', 'p1', ('rule',), 'nurse')
    log.keep_alert(alert)
    log.count('2026-01-01', 'alert_crisis')
    log.count('2026-01-02', 'alert_crisis')
    log.close()
    again = LogStore(tmp_path)
    assert again.open_alerts() == [alert]
    assert again.total('alert_crisis') == 2
    again.keep_alert(Alert(7, 'a1', AlertKind.CRISIS, 3, 'summary', acknowledged=True))
    assert again.open_alerts() == []


def test_unknown_numbers_stay_unknown_and_old_samples_go(tmp_path):
    log = LogStore(tmp_path)
    log.add([Sample(10, 'p1', turns=2), Sample(20, 'p1', 0.5, -0.5, 'fear', 0.6, ('voice',))], 1)
    first, second = log.samples('p1', 0, 100)
    assert first.valence != first.valence
    assert not first.known
    assert second == Sample(20, 'p1', 0.5, -0.5, 'fear', 0.6, ('voice',))
    assert log.purge(15) == 1
    assert len(log.samples('p1', 0, 100)) == 1
