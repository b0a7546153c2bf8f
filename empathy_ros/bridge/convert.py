# SPDX-License-Identifier: Apache-2.0
"""Messages to our types and back, in pairs; stamps, frames and NaN pass unchanged.

An unknown enumeration value or a value out of range raises ValueError that names the field: what comes
from a topic is checked here, at the edge, and nowhere else.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from enum import Enum
import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from empathy_ros.bridge import msgs
from empathy_ros.core import taxonomy
from empathy_ros.core.consent import Lease
from empathy_ros.core.context import ConversationState
from empathy_ros.core.emonet import CATEGORIES
from empathy_ros.core.types import (
    Act,
    AffectEstimate,
    Alert,
    AlertKind,
    Consent,
    Directive,
    Expression,
    Floats,
    Modality,
    Person,
    PersonAffect,
    Scope,
    Utterance,
)

MAX_TEXT = 200_000
NS_PER_S = 1_000_000_000
Kind = TypeVar('Kind', bound=Enum)


def stamp_to_msg(stamp_ns: int) -> msgs.Time:
    """Return the message of a ROS time in nanoseconds."""
    return msgs.Time(sec=stamp_ns // NS_PER_S, nanosec=stamp_ns % NS_PER_S)


def stamp_from_msg(msg: msgs.Time) -> int:
    """Return ROS time in nanoseconds."""
    return int(msg.sec) * NS_PER_S + int(msg.nanosec)


def duration_to_msg(seconds: float) -> msgs.Duration:
    """Return the message of a duration in seconds."""
    ns = round(seconds * NS_PER_S)
    return msgs.Duration(sec=ns // NS_PER_S, nanosec=ns % NS_PER_S)


def enum_of(kind: type[Kind], value: str, field: str) -> Kind:
    """Return the member with that value.

    Raises:
        ValueError: no such member; names the field and the allowed values.
    """
    try:
        return kind(value)
    except ValueError as error:
        allowed = ', '.join(member.value for member in kind)
        raise ValueError(f'{field}: {value[:40]!r} is not one of {allowed}') from error


def _within(value: float, low: float, high: float, field: str) -> float:
    """Return `value` if it is NaN or inside low..high, else raise ValueError."""
    if not math.isnan(value) and not low <= value <= high:
        raise ValueError(f'{field}: {value!r} is outside {low:g}..{high:g}')
    return float(value)


def _text(value: str, field: str) -> str:
    if len(value) > MAX_TEXT:
        raise ValueError(f'{field}: {len(value)} characters, at most {MAX_TEXT}')
    return value


def _floats_to_msg(values: Floats) -> Any:
    # array('f') is the only type that is fast with and without field checks.
    return array('f', np.ascontiguousarray(values, dtype=np.float32).tobytes())


def _scores_from_msg(values: Any, field: str) -> Floats:
    scores = np.asarray(values, dtype=np.float32).copy()
    if scores.size > 512:
        raise ValueError(f'{field}: {scores.size} scores, at most 512')
    known = scores[~np.isnan(scores)]
    if known.size and (known.min() < -1e-6 or known.max() > 1 + 1e-6):
        raise ValueError(f'{field}: a score is outside 0..1')
    return scores


def affect_to_msg(value: AffectEstimate, frame_id: str = '') -> msgs.AffectEstimate:
    """Return the message of one estimate; `frame_id` is the sensor frame."""
    msg = msgs.AffectEstimate(
        id=value.id,
        id_kind=value.id_kind,
        person_id=value.person_id,
        modality=value.modality.value,
        taxonomy=value.taxonomy,
        top_label=value.top_label,
        valence=float(value.valence),
        arousal=float(value.arousal),
        dominance=float(value.dominance),
        confidence=float(value.confidence),
        quality=float(value.quality),
        window_s=float(value.window_s),
        model_id=value.model_id,
        model_hash=value.model_hash,
        abstained=bool(value.abstained),
        reason=value.reason,
    )
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    msg.header.frame_id = frame_id
    msg.scores = _floats_to_msg(value.scores)
    msg.region = np.asarray(value.region, dtype=np.float32)
    return msg


def affect_from_msg(msg: msgs.AffectEstimate) -> AffectEstimate:
    """Return the estimate; raises ValueError for a value out of range or an unknown modality."""
    region = tuple(float(v) for v in msg.region)
    return AffectEstimate(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        modality=enum_of(Modality, msg.modality, 'modality'),
        id=_text(msg.id, 'id'),
        id_kind=msg.id_kind,
        person_id=msg.person_id,
        taxonomy=msg.taxonomy,
        scores=_scores_from_msg(msg.scores, 'scores'),
        top_label=msg.top_label,
        valence=_within(msg.valence, -1, 1, 'valence'),
        arousal=_within(msg.arousal, -1, 1, 'arousal'),
        dominance=_within(msg.dominance, -1, 1, 'dominance'),
        confidence=_within(msg.confidence, 0, 1, 'confidence'),
        quality=_within(msg.quality, 0, 1, 'quality'),
        window_s=_within(msg.window_s, 0, 3600, 'window_s'),
        region=(region[0], region[1], region[2], region[3]),
        model_id=msg.model_id,
        model_hash=msg.model_hash,
        abstained=msg.abstained,
        reason=_text(msg.reason, 'reason'),
    )


def affects_to_msg(
    values: Iterable[AffectEstimate], stamp_ns: int, frame_id: str = ''
) -> msgs.AffectEstimateArray:
    """Return one array message for all estimates of one moment."""
    array_msg = msgs.AffectEstimateArray(estimates=[affect_to_msg(v, frame_id) for v in values])
    array_msg.header.stamp = stamp_to_msg(stamp_ns)
    array_msg.header.frame_id = frame_id
    return array_msg


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
        text=_text(msg.text, 'text'),
        utterance_id=msg.utterance_id,
        turn_id=msg.turn_id,
        person_id=msg.person_id,
        voice_id=msg.voice_id,
        is_final=msg.is_final,
        confidence=_within(msg.confidence, 0, 1, 'confidence'),
        locale=msg.locale,
        source=msg.source,
    )


def person_affect_to_msg(value: PersonAffect, taxonomy: str) -> msgs.PersonAffect:
    """Return the message of a fused estimate whose scores follow `taxonomy`."""
    msg = msgs.PersonAffect(
        person_id=value.person_id,
        taxonomy=taxonomy,
        top_basic=value.top_basic,
        valence=float(value.valence),
        arousal=float(value.arousal),
        dominance=float(value.dominance),
        confidence=float(value.confidence),
        conflict=float(value.conflict),
        modalities_used=[m.value for m in value.modalities],
        abstained=value.abstained,
        reason=value.reason,
    )
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    msg.scores = _floats_to_msg(value.scores)
    msg.basic = _floats_to_msg(value.basic)
    msg.modality_weights = array('f', value.weights)
    msg.modality_age_s = array('f', value.ages_s)
    return msg


def person_affect_from_msg(msg: msgs.PersonAffect) -> PersonAffect:
    """Return the fused estimate; raises ValueError for a value out of range."""
    return PersonAffect(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        person_id=msg.person_id,
        scores=_scores_from_msg(msg.scores, 'scores'),
        basic=_scores_from_msg(msg.basic, 'basic'),
        top_basic=msg.top_basic,
        valence=_within(msg.valence, -1, 1, 'valence'),
        arousal=_within(msg.arousal, -1, 1, 'arousal'),
        dominance=_within(msg.dominance, -1, 1, 'dominance'),
        confidence=_within(msg.confidence, 0, 1, 'confidence'),
        conflict=_within(msg.conflict, 0, 1, 'conflict'),
        modalities=tuple(enum_of(Modality, m, 'modalities_used') for m in msg.modalities_used),
        weights=tuple(float(w) for w in msg.modality_weights),
        ages_s=tuple(float(a) for a in msg.modality_age_s),
        abstained=msg.abstained,
        reason=msg.reason,
    )


def expression_to_msg(value: Expression) -> msgs.Expression:
    """Return the message of an expression of the robot."""
    return msgs.Expression(
        label=value.label,
        valence=float(value.valence),
        arousal=float(value.arousal),
        intensity=float(value.intensity),
    )


def expression_from_msg(msg: msgs.Expression) -> Expression:
    """Return the expression; raises ValueError for a value out of range."""
    return Expression(
        label=msg.label,
        valence=_within(msg.valence, -1, 1, 'expression.valence'),
        arousal=_within(msg.arousal, -1, 1, 'expression.arousal'),
        intensity=_within(msg.intensity, 0, 1, 'expression.intensity'),
    )


_DIRECTIVE_PLAIN = (
    'id',
    'person_id',
    'turn_id',
    'source',
    'text',
    'locale',
    'show_on_screen',
    'gaze',
    'gesture',
    'led',
    'distance',
    'priority',
    'rationale',
)
_DIRECTIVE_LISTS = ('motion_limits', 'rules', 'guard_flags')


def directive_to_msg(value: Directive) -> msgs.EmpathicDirective:
    """Return the message of a directive."""
    msg = msgs.EmpathicDirective(**{name: getattr(value, name) for name in _DIRECTIVE_PLAIN})
    for name in _DIRECTIVE_LISTS:
        setattr(msg, name, list(getattr(value, name)))
    msg.acts = [act.value for act in value.acts]
    msg.speech_rate = float(value.speech_rate)
    msg.speech_volume = float(value.speech_volume)
    msg.speech_pitch = float(value.speech_pitch)
    msg.expression = expression_to_msg(value.expression)
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    msg.expires = stamp_to_msg(value.expires_ns)
    return msg


def directive_from_msg(msg: msgs.EmpathicDirective) -> Directive:
    """Return the directive; raises ValueError for an unknown act or a style out of range."""
    plain: dict[str, Any] = {name: getattr(msg, name) for name in _DIRECTIVE_PLAIN}
    lists: dict[str, Any] = {name: tuple(getattr(msg, name)) for name in _DIRECTIVE_LISTS}
    _text(msg.text, 'text')
    return Directive(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        acts=tuple(enum_of(Act, act, 'acts') for act in msg.acts),
        speech_rate=_within(msg.speech_rate, 0.3, 2.0, 'speech_rate'),
        speech_volume=_within(msg.speech_volume, 0.0, 2.0, 'speech_volume'),
        speech_pitch=_within(msg.speech_pitch, 0.5, 2.0, 'speech_pitch'),
        expression=expression_from_msg(msg.expression),
        expires_ns=stamp_from_msg(msg.expires),
        **plain,
        **lists,
    )


def alert_to_msg(value: Alert) -> msgs.CaregiverAlert:
    """Return the message of an alert."""
    msg = msgs.CaregiverAlert(
        id=value.id,
        kind=value.kind.value,
        severity=value.severity,
        person_id=value.person_id,
        summary=value.summary,
        evidence=list(value.evidence),
        contact=value.contact,
        needs_ack=value.needs_ack,
        acknowledged=value.acknowledged,
        acknowledged_by=value.acknowledged_by,
        repeats=value.repeats,
    )
    msg.header.stamp = stamp_to_msg(value.stamp_ns)
    return msg


def alert_from_msg(msg: msgs.CaregiverAlert) -> Alert:
    """Return the alert; raises ValueError for an unknown kind."""
    return Alert(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        id=msg.id,
        kind=enum_of(AlertKind, msg.kind, 'kind'),
        severity=int(msg.severity),
        summary=_text(msg.summary, 'summary'),
        person_id=msg.person_id,
        evidence=tuple(msg.evidence),
        contact=msg.contact,
        needs_ack=msg.needs_ack,
        acknowledged=msg.acknowledged,
        acknowledged_by=msg.acknowledged_by,
        repeats=int(msg.repeats),
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
        identity_confidence=_within(msg.identity_confidence, 0, 1, 'identity_confidence'),
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


def lease_from_msg(msg: msgs.LeaseSensor.Response) -> Lease:
    """Return the lease that the consent gate answered; raises ValueError for an unknown scope."""
    return Lease(
        granted=msg.granted,
        person_id=msg.person_id,
        presence_confirmed=msg.presence_confirmed,
        scopes=frozenset(enum_of(Scope, scope, 'scopes') for scope in msg.scopes),
        reason=msg.reason,
    )


def conversation_to_msg(value: ConversationState, stamp_ns: int) -> msgs.ConversationState:
    """Return the message of how a talk is going."""
    msg = msgs.ConversationState(
        person_id=value.person_id,
        conversation_id=value.conversation_id,
        stage=value.stage,
        trajectory=value.trajectory,
        rupture_risk=float(value.rupture_risk),
        turn_balance=float(value.turn_balance),
        turns_today=value.turns_today,
        situation=value.situation,
        need=value.need,
        reasons=list(value.reasons),
    )
    msg.header.stamp = stamp_to_msg(stamp_ns)
    return msg


def region_px(
    region: tuple[float, float, float, float], width: int, height: int
) -> NDArray[np.int_] | None:
    """Return x, y, width, height in pixels for a region in shares, or None when it is unknown."""
    if any(math.isnan(v) for v in region):
        return None
    scale = np.array([width, height, width, height])
    return np.rint(np.array(region) * scale).astype(int)


def taxonomies_to_msg() -> msgs.AffectTaxonomyArray:
    """Return all label lists, with signs and basic classes for the public vocabulary."""
    array_msg = msgs.AffectTaxonomyArray()
    for item in taxonomy.TAXONOMIES.values():
        msg = msgs.AffectTaxonomy(id=item.id, labels=list(item.labels), licence=item.attribution)
        if item is taxonomy.EMONET40:
            msg.valence_sign = array('b', [c.valence for c in CATEGORIES])
            msg.arousal_sign = array('b', [c.arousal for c in CATEGORIES])
            msg.dominance_sign = array('b', [c.dominance for c in CATEGORIES])
            msg.basic = [c.basic for c in CATEGORIES]
            msg.excluded = [c.excluded for c in CATEGORIES]
        array_msg.taxonomies.append(msg)
    return array_msg
