# SPDX-License-Identifier: Apache-2.0
"""What is kept of one person's consent, and its plain form for the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from empathy_ros.core.types import Scope


@dataclass(frozen=True)
class Term:
    """From when until when one scope is agreed to, wall time [ns]."""

    from_ns: int
    until_ns: int


@dataclass(frozen=True)
class Record:
    """Everything that is known of one enrolled person; the PIN as a hash only."""

    person_id: str
    terms: dict[Scope, Term] = field(default_factory=dict)
    pin: str = ''
    purpose: str = ''
    granted_by: str = ''
    revision: int = 0
    needs: tuple[str, ...] = ()
    locale: str = 'en_GB'


def record_to_dict(record: Record) -> dict[str, Any]:
    """Return the record as plain values."""
    return {
        'terms': {s.value: [t.from_ns, t.until_ns] for s, t in record.terms.items()},
        'pin': record.pin,
        'purpose': record.purpose,
        'granted_by': record.granted_by,
        'revision': record.revision,
        'needs': list(record.needs),
        'locale': record.locale,
    }


def record_from_dict(person_id: str, value: dict[str, Any]) -> Record:
    """Return the record that `record_to_dict` gave; raises KeyError, TypeError or ValueError."""
    terms = {
        Scope(name): Term(int(span[0]), int(span[1])) for name, span in value['terms'].items()
    }
    return Record(
        person_id,
        terms,
        str(value['pin']),
        str(value['purpose']),
        str(value['granted_by']),
        int(value['revision']),
        tuple(str(need) for need in value['needs']),
        str(value['locale']),
    )
