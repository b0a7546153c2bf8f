# SPDX-License-Identifier: Apache-2.0
"""The doctor's look at voice, sound cards, cameras, the state folder and the disk."""

from __future__ import annotations

import glob
import os
from pathlib import Path
import shutil

from empathy_ros.core.findings import Finding, MISSING, OK, WARNING
from empathy_ros.engines.microphone import device_names, DeviceError

SPEECH = ('flite', 'espeak-ng')
LEAST_FREE_MB, LITTLE_FREE_MB = 50, 500
MB = 1_000_000


def voice() -> Finding:
    """Return whether a program can speak."""
    found = [name for name in SPEECH if shutil.which(name)]
    if found:
        return Finding('voice', OK, ', '.join(found))
    return Finding(
        'voice', WARNING, 'neither flite nor espeak-ng: answers are shown, not spoken',
        'sudo apt-get install flite',
    )  # fmt: skip


def sound_cards() -> list[Finding]:
    """Return whether PortAudio works and which microphones and loudspeakers it lists."""
    findings = []
    for kind, name in (('input', 'microphone'), ('output', 'loudspeaker')):
        try:
            devices = device_names(kind)
        except DeviceError as error:
            what, _, cure = str(error).rpartition('; ')
            return [
                Finding(
                    'sound', WARNING, what or cure, cure or 'sudo apt-get install libportaudio2'
                )
            ]
        if devices:
            findings.append(Finding(name, OK, ', '.join(devices[:4])))
            continue
        cure = (
            'plug one in, or give audio: ./empathy up --param microphone:source:=FILE.wav'
            if kind == 'input'
            else 'plug one in; until then answers go to a file or are shown'
        )
        findings.append(Finding(name, WARNING, 'PortAudio lists none', cure))
    return findings


def cameras() -> Finding:
    """Return which camera devices there are and whether they may be opened; none is opened."""
    devices = sorted(glob.glob('/dev/video*'))
    if not devices:
        return Finding(
            'camera', WARNING, 'no /dev/video*',
            'plug one in, or give video: ./empathy up --param camera:source:=FILE.mp4',
        )  # fmt: skip
    usable = [device for device in devices if os.access(device, os.R_OK | os.W_OK)]
    if usable:
        return Finding('camera', OK, ', '.join(usable))
    return Finding(
        'camera', WARNING, f'{", ".join(devices)} may not be opened by this user',
        'sudo usermod -aG video "$USER", then log in again',
    )  # fmt: skip


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def state_folder(folder: Path) -> Finding:
    """Return whether consent and logs can be written; the folder is not created."""
    nearest = _existing(folder)
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        made = '' if nearest == folder else ' (made when first needed)'
        return Finding('state folder', OK, f'{folder}{made}')
    return Finding(
        'state folder', MISSING, f'{nearest} cannot be written by this user',
        'export EMPATHY_STATE=/a/folder/of/yours',
    )  # fmt: skip


def consent_store(folder: Path) -> Finding:
    """Return whether the stored consent can be read, without changing it."""
    database, key = folder / 'consent.db', folder / 'consent.key'
    if not database.exists():
        return Finding('consent', OK, 'nobody is enrolled here yet; everything is off')
    aside = 'then enrol again: ./empathy up, and in another terminal ./empathy enroll'
    try:
        from sqlcipher3 import dbapi2

        secret = key.read_text(encoding='ascii').strip()
        connection = dbapi2.connect(f'{database.absolute().as_uri()}?mode=ro', uri=True)
        try:
            connection.execute(f'PRAGMA key = "x\'{secret}\'"')
            connection.execute('SELECT count(*) FROM sqlite_master').fetchone()
        finally:
            connection.close()
    except ImportError as error:
        return Finding(
            'consent', MISSING, f'{database} cannot be read: {error}', './empathy setup'
        )
    except (OSError, UnicodeDecodeError, dbapi2.Error) as error:
        return Finding(
            'consent', MISSING, f'{database} cannot be read ({error}): nobody is sensed',
            f'restore {key} and {database} from a backup, or move both away and {aside}',
        )  # fmt: skip
    if key.stat().st_mode & 0o077:
        return Finding('consent', WARNING, f'{key} can be read by other users', f'chmod 600 {key}')
    return Finding('consent', OK, f'{database} can be read')


def disk_space(folder: Path) -> Finding:
    """Return whether there is room for logs and consent."""
    nearest = _existing(folder)
    free_mb = shutil.disk_usage(nearest).free // MB
    detail = f'{free_mb} MB free at {nearest}'
    if free_mb >= LITTLE_FREE_MB:
        return Finding('disk', OK, detail)
    state = WARNING if free_mb >= LEAST_FREE_MB else MISSING
    return Finding('disk', state, detail, f'free {LITTLE_FREE_MB} MB there')
