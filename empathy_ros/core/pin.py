# SPDX-License-Identifier: Apache-2.0
"""A person's PIN: kept as a salted hash only, with a pause after too many wrong ones."""

from __future__ import annotations

import hashlib
import hmac

NS_PER_S = 1_000_000_000


def hash_pin(pin: str, salt: bytes) -> str:
    """Return the stored form of a PIN: 'scrypt:<salt hex>:<hash hex>'.

    Key derivation of RFC 7914 with N = 2^14, r = 8, p = 1.

    Raises:
        ValueError: not 4 to 12 digits (the PIN is not in the text).
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError('pin: give 4 to 12 digits')
    digest = hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return f'scrypt:{salt.hex()}:{digest.hex()}'


def pin_fits(pin: str, stored: str) -> bool:
    """Return whether a PIN belongs to a stored form; an empty stored form fits nothing."""
    parts = stored.split(':')
    if len(parts) != 3:
        return False
    try:
        return hmac.compare_digest(hash_pin(pin, bytes.fromhex(parts[1])), stored)
    except ValueError:
        return False


class PinGuard:
    """Counts wrong PINs per person on the steady clock."""

    def __init__(self, most: int, pause_s: float) -> None:
        """Allow `most` wrong PINs, then refuse all for `pause_s`."""
        self._most, self._pause_s = most, pause_s
        self._wrong: dict[str, tuple[int, int]] = {}

    def refusal(self, person_id: str, pin: str, stored: str, now_steady_ns: int) -> str:
        """Return '' when the PIN fits, otherwise why not (never the PIN)."""
        count, last_ns = self._wrong.get(person_id, (0, 0))
        if now_steady_ns - last_ns >= self._pause_s * NS_PER_S:
            count = 0
        if count >= self._most:
            return f'pin: too many wrong ones, wait {self._pause_s:g} s'
        if pin_fits(pin, stored):
            self._wrong.pop(person_id, None)
            return ''
        self._wrong[person_id] = (count + 1, now_steady_ns)
        return 'pin: does not fit' if stored else 'pin: none was chosen; enrol again aloud'
