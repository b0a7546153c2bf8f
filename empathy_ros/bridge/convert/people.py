# SPDX-License-Identifier: Apache-2.0
"""Words, persons, consent and leases."""

from __future__ import annotations

from empathy_ros.bridge import msgs
from empathy_ros.bridge.convert.basics import (
    checked_text,
    enum_of,
    stamp_from_msg,
    stamp_to_msg,
    within,
)
from empathy_ros.core.types import Consent, Person, Scope, Utterance


def utterance_to_msg(value: Utterance) -> msgs.Utterance:
    """Return the message of an utterance."""
    msg = msgs.Utterance(
        utterance_id=value.utterance_id,
        turn_id=value.turn_id,
        person_id=value.person_id,
        voice_id=value.voice_id,
        text=value.text,
        is_final=value.is_final,
        confidence=float(value.confidence),
        locale=value.locale,
        source=value.source,
    )
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    return msg


def utterance_from_msg(msg: msgs.Utterance) -> Utterance:
    """Return the utterance; raises ValueError for a text that is too long or a bad confidence."""
    return Utterance(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        text=checked_text(msg.text, 'text'),
        utterance_id=msg.utterance_id,
        turn_id=msg.turn_id,
        person_id=msg.person_id,
        voice_id=msg.voice_id,
        is_final=msg.is_final,
        confidence=within(msg.confidence, 0, 1, 'confidence'),
        locale=msg.locale,
        source=msg.source,
    )


def person_to_msg(value: Person) -> msgs.Person:
    """Return the message of a person."""
    return msgs.Person(
        person_id=value.person_id,
        aliases=list(value.aliases),
        enrolled=value.enrolled,
        present=value.present,
        presence_confirmed=value.presence_confirmed,
        face_id=value.face_id,
        voice_id=value.voice_id,
        identity_confidence=float(value.identity_confidence),
        needs=list(value.needs),
        locale=value.locale,
        last_seen=stamp_to_msg(value.last_seen_ns),
    )


def person_from_msg(msg: msgs.Person) -> Person:
    """Return the person; raises ValueError for a confidence out of range."""
    return Person(
        person_id=msg.person_id,
        enrolled=msg.enrolled,
        present=msg.present,
        presence_confirmed=msg.presence_confirmed,
        face_id=msg.face_id,
        voice_id=msg.voice_id,
        identity_confidence=within(msg.identity_confidence, 0, 1, 'identity_confidence'),
        needs=tuple(msg.needs),
        locale=msg.locale,
        last_seen_ns=stamp_from_msg(msg.last_seen),
        aliases=tuple(msg.aliases),
    )


def consent_to_msg(value: Consent) -> msgs.ConsentState:
    """Return the message of a person's consent."""
    return msgs.ConsentState(
        person_id=value.person_id,
        granted=sorted(scope.value for scope in value.granted),
        purpose=value.purpose,
        granted_by=value.granted_by,
        until=stamp_to_msg(value.until_ns),
        revision=value.revision,
    )


def consent_from_msg(msg: msgs.ConsentState) -> Consent:
    """Return the consent; raises ValueError for an unknown scope."""
    return Consent(
        person_id=msg.person_id,
        granted=frozenset(enum_of(Scope, scope, 'granted') for scope in msg.granted),
        purpose=msg.purpose,
        granted_by=msg.granted_by,
        until_ns=stamp_from_msg(msg.until),
        revision=int(msg.revision),
    )
