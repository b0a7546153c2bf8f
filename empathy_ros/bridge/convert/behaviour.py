# SPDX-License-Identifier: Apache-2.0
"""Directives, expressions, alerts and the state of a talk."""

from __future__ import annotations

from typing import Any

from empathy_ros.bridge import msgs
from empathy_ros.bridge.convert.basics import (
    checked_text,
    enum_of,
    number,
    stamp_from_msg,
    stamp_to_msg,
)
from empathy_ros.core.context import ConversationState
from empathy_ros.core.types import Act, Alert, AlertKind, Directive, Expression


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
        valence=number(msg.valence, -1, 1, 'expression.valence'),
        arousal=number(msg.arousal, -1, 1, 'expression.arousal'),
        intensity=number(msg.intensity, 0, 1, 'expression.intensity'),
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
    checked_text(msg.text, 'text')
    return Directive(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        acts=tuple(enum_of(Act, act, 'acts') for act in msg.acts),
        speech_rate=number(msg.speech_rate, 0.3, 2.0, 'speech_rate'),
        speech_volume=number(msg.speech_volume, 0.0, 2.0, 'speech_volume'),
        speech_pitch=number(msg.speech_pitch, 0.5, 2.0, 'speech_pitch'),
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
        summary=checked_text(msg.summary, 'summary'),
        person_id=msg.person_id,
        evidence=tuple(msg.evidence),
        contact=msg.contact,
        needs_ack=msg.needs_ack,
        acknowledged=msg.acknowledged,
        acknowledged_by=msg.acknowledged_by,
        repeats=int(msg.repeats),
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
