# SPDX-License-Identifier: Apache-2.0
"""The crisis protocol that an operator has to fill in: place, numbers, whom to alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CURE = 'edit config/policy.yaml'


@dataclass(frozen=True)
class Contact:
    """A human who is alerted.

    Attributes:
        role: Spoken and published, such as 'the nurse on duty'; never a name.
        how: How the alert reaches them, such as 'alerts topic' or 'phone'; for the record.
        number: Telephone number, may be ''.
    """

    role: str
    how: str
    number: str = ''


@dataclass(frozen=True)
class CrisisPolicy:
    """The filled-in protocol.

    Attributes:
        locale: 'en_GB' form.
        emergency_number: Such as '112'.
        line_name: Name of the crisis line that answers day and night.
        line_number: Its number.
        contacts: Whom to alert, in this order; at least one.
        outside_contact: Whom to tell about harm done by somebody; not one of `contacts`.
        repeat_s: An alert without an answer is repeated after this time [s].
        escalate_after: Repeats before the next contact is alerted too.
    """

    locale: str
    emergency_number: str
    line_name: str
    line_number: str
    contacts: tuple[Contact, ...]
    outside_contact: Contact
    repeat_s: float = 60.0
    escalate_after: int = 3

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CrisisPolicy:
        """Return the protocol of the parsed file.

        Raises:
            ValueError: not configured, or something is missing; the text names it and the cure.
        """
        if not isinstance(data, dict):
            raise ValueError(f'policy: the file holds no settings; {CURE}')
        if data.get('configured') is not True:
            raise ValueError(
                f'policy: the crisis protocol still holds example values; {CURE}: put in the '
                f'local '
                'numbers and contacts, then set "configured: true"'
            )
        contacts = data.get('contacts')
        if not isinstance(contacts, list) or not contacts:
            raise ValueError(f'policy: contacts: name at least one; {CURE}')
        people = tuple(_contact(item, f'contacts[{i}]') for i, item in enumerate(contacts))
        outside = _contact(data.get('outside_contact'), 'outside_contact')
        if outside.role in [person.role for person in people]:
            raise ValueError(
                f'policy: outside_contact: {outside.role!r} is also an ordinary contact; name '
                f'somebody '
                f'outside the household; {CURE}'
            )
        alerts = data.get('alerts') or {}
        return cls(
            locale=_text(data, 'locale'),
            emergency_number=_text(data, 'emergency', 'number'),
            line_name=_text(data, 'crisis_line', 'name'),
            line_number=_text(data, 'crisis_line', 'number'),
            contacts=people,
            outside_contact=outside,
            repeat_s=_number(alerts, 'repeat_s', 60.0, 5.0, 3600.0),
            escalate_after=int(_number(alerts, 'escalate_after', 3, 1, 100)),
        )


def _text(data: dict[str, Any], *path: str) -> str:
    value: Any = data
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if value is None or isinstance(value, (dict, list, bool)) or not str(value).strip():
        raise ValueError(f'policy: {".".join(path)} is missing; {CURE}')
    return str(value).strip()


def _contact(data: Any, where: str) -> Contact:
    if not isinstance(data, dict):
        raise ValueError(f'policy: {where} is missing; {CURE}: give role and how')
    try:
        return Contact(_text(data, 'role'), _text(data, 'how'), str(data.get('number') or ''))
    except ValueError as error:
        raise ValueError(str(error).replace('policy: ', f'policy: {where}.')) from error


def _number(data: dict[str, Any], key: str, default: float, low: float, high: float) -> float:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise ValueError(f'policy: alerts.{key}: {value!r} is outside {low:g}..{high:g}; {CURE}')
    return float(value)
