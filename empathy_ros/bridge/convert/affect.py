# SPDX-License-Identifier: Apache-2.0
"""Estimates of one modality and of one person, and the label lists."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from empathy_ros.bridge import msgs
from empathy_ros.bridge.convert.basics import (
    checked_text,
    enum_of,
    floats_to_msg,
    number,
    scores_from_msg,
    stamp_from_msg,
    stamp_to_msg,
    within,
)
from empathy_ros.core import taxonomy
from empathy_ros.core.emonet import CATEGORIES
from empathy_ros.core.types import AffectEstimate, Modality, PersonAffect


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
    msg.scores = floats_to_msg(value.scores)
    msg.region = np.asarray(value.region, dtype=np.float32)
    return msg


def affect_from_msg(msg: msgs.AffectEstimate) -> AffectEstimate:
    """Return the estimate; raises ValueError for a value out of range or an unknown modality."""
    region = tuple(float(v) for v in msg.region)
    return AffectEstimate(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        modality=enum_of(Modality, msg.modality, 'modality'),
        id=checked_text(msg.id, 'id'),
        id_kind=msg.id_kind,
        person_id=msg.person_id,
        taxonomy=msg.taxonomy,
        scores=scores_from_msg(msg.scores, 'scores'),
        top_label=msg.top_label,
        valence=within(msg.valence, -1, 1, 'valence'),
        arousal=within(msg.arousal, -1, 1, 'arousal'),
        dominance=within(msg.dominance, -1, 1, 'dominance'),
        confidence=number(msg.confidence, 0, 1, 'confidence'),
        quality=number(msg.quality, 0, 1, 'quality'),
        window_s=number(msg.window_s, 0, 3600, 'window_s'),
        region=(region[0], region[1], region[2], region[3]),
        model_id=msg.model_id,
        model_hash=msg.model_hash,
        abstained=msg.abstained,
        reason=checked_text(msg.reason, 'reason'),
    )


def affects_to_msg(
    values: Iterable[AffectEstimate], stamp_ns: int, frame_id: str = ''
) -> msgs.AffectEstimateArray:
    """Return one array message for all estimates of one moment."""
    array_msg = msgs.AffectEstimateArray(estimates=[affect_to_msg(v, frame_id) for v in values])
    array_msg.header.stamp = stamp_to_msg(stamp_ns)
    array_msg.header.frame_id = frame_id
    return array_msg


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
    msg.scores = floats_to_msg(value.scores)
    msg.basic = floats_to_msg(value.basic)
    msg.modality_weights = array('f', value.weights)
    msg.modality_age_s = array('f', value.ages_s)
    return msg


def person_affect_from_msg(msg: msgs.PersonAffect) -> PersonAffect:
    """Return the fused estimate; raises ValueError for a value out of range."""
    return PersonAffect(
        stamp_ns=stamp_from_msg(msg.header.stamp),
        person_id=msg.person_id,
        scores=scores_from_msg(msg.scores, 'scores'),
        basic=scores_from_msg(msg.basic, 'basic'),
        top_basic=msg.top_basic,
        valence=within(msg.valence, -1, 1, 'valence'),
        arousal=within(msg.arousal, -1, 1, 'arousal'),
        dominance=within(msg.dominance, -1, 1, 'dominance'),
        confidence=number(msg.confidence, 0, 1, 'confidence'),
        conflict=within(msg.conflict, 0, 1, 'conflict'),
        modalities=tuple(enum_of(Modality, m, 'modalities_used') for m in msg.modalities_used),
        weights=tuple(float(w) for w in msg.modality_weights),
        ages_s=tuple(float(a) for a in msg.modality_age_s),
        abstained=msg.abstained,
        reason=msg.reason,
    )


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
