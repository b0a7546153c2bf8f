# SPDX-License-Identifier: Apache-2.0
"""The words of consent: its settings, a lease to sense, and a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from empathy_ros.core.params import param
from empathy_ros.core.types import Scope


@dataclass(frozen=True)
class ConsentConfig:
    """Durations and wording of consent."""

    valid_days: float = param(
        30.0, 'Consent lapses and is asked again after [d].', lo=0.01, hi=365.0
    )
    lease_s: float = param(3.0, 'A sensor lease ends by itself after [s].', lo=0.5, hi=10.0)
    presence_s: float = param(
        600.0, 'A confirmed presence is believed for [s].', lo=10.0, hi=3600.0
    )
    purpose: str = param('care-1', 'Wording version that people agree to.')
    wrong_pins: int = param(5, 'Wrong PINs before a pause.', lo=1, hi=20)
    pin_pause_s: float = param(60.0, 'Pause after too many wrong PINs [s].', lo=1.0, hi=3600.0)


@dataclass(frozen=True)
class Lease:
    """Leave to sense, for a short time.

    Attributes:
        granted: Whether the node may go on.
        person_id: The one person that may be inferred on; '' = none.
        presence_confirmed: That person said or pressed "it is me" lately.
        scopes: All scopes in force for that person.
        reason: 'no_person', 'no_consent', 'lapsed', 'paused', 'not_present', 'other_person',
            'store_unreadable', 'not_enrolling', 'no_answer', or '' when granted.
        valid_s: The lease ends by itself after this time [s], steady clock.
        revision: Grows with every change of consent.
        scope: Scope that was asked for.
    """

    granted: bool
    person_id: str = ''
    presence_confirmed: bool = False
    scopes: frozenset[Scope] = frozenset()
    reason: str = ''
    valid_s: float = 0.0
    revision: int = 0
    scope: str = ''


class ConsentRefused(Exception):
    """A change of consent was refused.

    Attributes:
        code: 'unknown_person', 'unknown_scope', 'wrong_pin' or 'store_failed'.
    """

    def __init__(self, code: str, text: str) -> None:
        """Keep the code beside the text."""
        super().__init__(text)
        self.code = code
