# SPDX-License-Identifier: Apache-2.0
"""The nouns of the package: evidence, fused affect, words, directives, alerts.

All are immutable. NaN means "not estimated", an empty id means "unknown", `abstained` means that
the estimate must not be used. Stamps are ROS time in nanoseconds; durations are in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
import math

import numpy as np
from numpy.typing import NDArray

NAN = math.nan
Floats = NDArray[np.float32]


def no_scores() -> Floats:
    """Return an empty score array: this modality gives no categories."""
    return np.zeros(0, dtype=np.float32)


class Modality(str, Enum):
    """A channel of evidence."""

    FACE = 'face'
    VOICE = 'voice'
    TEXT = 'text'


class Scope(str, Enum):
    """What a person can agree to, each by itself."""

    FACE = 'face'
    VOICE = 'voice'
    TEXT = 'text'
    MEMORY = 'memory'
    WELLBEING = 'wellbeing'
    SAFETY_LISTENING = 'safety_listening'
    IDENTITY = 'identity'


class Act(str, Enum):
    """The closed list of things the robot may do in a conversation."""

    LISTEN = 'LISTEN'
    ACKNOWLEDGE = 'ACKNOWLEDGE'
    REFLECT = 'REFLECT'
    RESTATE = 'RESTATE'
    ASK_OPEN = 'ASK_OPEN'
    ASK_DIRECT_SAFETY = 'ASK_DIRECT_SAFETY'
    AFFIRM = 'AFFIRM'
    INFORM = 'INFORM'
    SUGGEST_ONE = 'SUGGEST_ONE'
    OFFER_CHOICE = 'OFFER_CHOICE'
    OFFER_HUMAN = 'OFFER_HUMAN'
    CALL_HUMAN = 'CALL_HUMAN'
    GIVE_RESOURCE = 'GIVE_RESOURCE'
    SAFETY_STEP = 'SAFETY_STEP'
    DISCLOSE_AI = 'DISCLOSE_AI'
    STATE_LIMIT = 'STATE_LIMIT'
    GENTLE_DISAGREE = 'GENTLE_DISAGREE'
    REDIRECT = 'REDIRECT'
    REMINISCE = 'REMINISCE'
    LOWER_AROUSAL = 'LOWER_AROUSAL'
    END_WARMLY = 'END_WARMLY'
    PAUSE = 'PAUSE'
    CONFIRM = 'CONFIRM'
    LOG_CONSENTED = 'LOG_CONSENTED'


class AlertKind(str, Enum):
    """Why a human should look."""

    CRISIS = 'crisis'
    EMERGENCY = 'emergency'
    ABUSE = 'abuse'
    DISTRESS = 'distress'
    WELLBEING = 'wellbeing'
    SYSTEM = 'system'


class Event(str, Enum):
    """Something that happened besides words and looks; also the event names of scenario files."""

    FALL = 'fall'
    STOP_BUTTON = 'stop_button'
    CARER_ENTERS = 'carer_enters'
    CARER_LEAVES = 'carer_leaves'
    SECOND_PERSON = 'second_person'
    SECOND_PERSON_LEAVES = 'second_person_leaves'
    SILENCE_10S = 'silence_10s'
    TV_ON = 'tv_on'
    TV_OFF = 'tv_off'
    LLM_DOWN = 'llm_down'
    LLM_UP = 'llm_up'
    NETWORK_DOWN = 'network_down'
    NETWORK_UP = 'network_up'
    RESTART = 'restart'


PRIORITY_IDLE = 32
PRIORITY_NORMAL = 128
PRIORITY_SAFETY = 200
PRIORITY_CRISIS = 255


@dataclass(frozen=True)
class AffectEstimate:
    """What one modality suggests about one person at one time.

    Attributes:
        stamp_ns: Acquisition time of the evidence.
        modality: Channel.
        id: Track or utterance id.
        id_kind: 'face', 'voice', 'utterance' or 'person'.
        person_id: Enrolled person, '' = unknown.
        taxonomy: Id of the taxonomy that indexes `scores`.
        scores: Shape (n,), 0..1, NaN = not estimated; empty = no categories.
        top_label: Label with the highest score; '' when abstained or without scores.
        valence: -1..1 or NaN.
        arousal: -1..1 or NaN.
        dominance: -1..1 or NaN.
        confidence: Calibrated probability that the top label is right, 0..1.
        quality: Quality of the evidence, 0..1.
        window_s: Length of the evidence; 0 = one frame or sentence.
        region: Face only: x, y, width, height as shares of the image; NaN otherwise.
        model_id: Manifest entry.
        model_hash: First 12 hex digits of the model file's sha256.
        abstained: True = unknown.
        reason: Why it abstained, '' otherwise.
    """

    stamp_ns: int
    modality: Modality
    id: str = ''
    id_kind: str = 'person'
    person_id: str = ''
    taxonomy: str = ''
    scores: Floats = field(default_factory=no_scores)
    top_label: str = ''
    valence: float = NAN
    arousal: float = NAN
    dominance: float = NAN
    confidence: float = 0.0
    quality: float = 0.0
    window_s: float = 0.0
    region: tuple[float, float, float, float] = (NAN, NAN, NAN, NAN)
    model_id: str = ''
    model_hash: str = ''
    abstained: bool = False
    reason: str = ''


@dataclass(frozen=True)
class PersonAffect:
    """Fused estimate for one person.

    Attributes:
        stamp_ns: Time the estimate is valid for.
        person_id: Whom it is about.
        scores: Shape (40,) EmoNet categories, graded 0..1, NaN = no evidence.
        basic: Shape (8,) shares of the basic classes, sum 1; empty = unknown.
        top_basic: Most likely basic class, '' when abstained.
        valence: -1..1 or NaN.
        arousal: -1..1 or NaN.
        dominance: -1..1 or NaN.
        confidence: 0..1.
        conflict: 0..1, NaN with fewer than two modalities.
        modalities: Used channels.
        weights: Share of each used channel, sum 1.
        ages_s: Age of the newest evidence of each.
        abstained: True = unknown.
        reason: 'no_evidence', 'stale', 'low_confidence', 'conflict', 'no_consent' or ''.
    """

    stamp_ns: int
    person_id: str
    scores: Floats = field(default_factory=no_scores)
    basic: Floats = field(default_factory=no_scores)
    top_basic: str = ''
    valence: float = NAN
    arousal: float = NAN
    dominance: float = NAN
    confidence: float = 0.0
    conflict: float = NAN
    modalities: tuple[Modality, ...] = ()
    weights: tuple[float, ...] = ()
    ages_s: tuple[float, ...] = ()
    abstained: bool = True
    reason: str = 'no_evidence'


@dataclass(frozen=True)
class Utterance:
    """Words that somebody said.

    Attributes:
        stamp_ns: Time at which the last word ended.
        text: Plain words.
        utterance_id: Id of the stretch of speech.
        turn_id: Id of the conversation turn.
        person_id: Enrolled speaker, '' = unknown.
        voice_id: Voice track, '' = not tracked.
        is_final: False = may still change.
        confidence: Of the recogniser, 0..1, NaN = not estimated.
        locale: 'en_GB' form, '' = unknown.
        source: 'microphone', 'text', 'replay' or 'tv'.
    """

    stamp_ns: int
    text: str
    utterance_id: str = ''
    turn_id: str = ''
    person_id: str = ''
    voice_id: str = ''
    is_final: bool = True
    confidence: float = NAN
    locale: str = ''
    source: str = 'microphone'


@dataclass(frozen=True)
class Expression:
    """What the robot's own face or body should express (labels of the ROS4HRI set)."""

    label: str = 'neutral'
    valence: float = 0.0
    arousal: float = 0.0
    intensity: float = 0.5


@dataclass(frozen=True)
class Directive:
    """What the robot should now say and do, and why; fields as in EmpathicDirective.msg."""

    stamp_ns: int
    id: str
    acts: tuple[Act, ...]
    text: str = ''
    person_id: str = ''
    turn_id: str = ''
    source: str = 'planner'
    locale: str = 'en_GB'
    speech_rate: float = 1.0
    speech_volume: float = 1.0
    speech_pitch: float = 1.0
    show_on_screen: bool = False
    expression: Expression = Expression()
    gaze: str = 'person'
    gesture: str = 'none'
    led: str = 'calm'
    distance: str = 'keep'
    motion_limits: tuple[str, ...] = ()
    priority: int = PRIORITY_NORMAL
    rationale: str = ''
    rules: tuple[str, ...] = ()
    guard_flags: tuple[str, ...] = ()
    expires_ns: int = 0


@dataclass(frozen=True)
class Alert:
    """Something a person should look at; field meanings as in CaregiverAlert.msg."""

    stamp_ns: int
    id: str
    kind: AlertKind
    severity: int
    summary: str
    person_id: str = ''
    evidence: tuple[str, ...] = ()
    contact: str = ''
    needs_ack: bool = True
    acknowledged: bool = False
    acknowledged_by: str = ''
    repeats: int = 0


@dataclass(frozen=True)
class Person:
    """Who is here: identity, agreed needs and presence; never affect."""

    person_id: str
    enrolled: bool = False
    present: bool = False
    presence_confirmed: bool = False
    face_id: str = ''
    voice_id: str = ''
    identity_confidence: float = NAN
    needs: tuple[str, ...] = ()
    locale: str = 'en_GB'
    last_seen_ns: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What one person agreed to, until when, and by whom."""

    person_id: str
    granted: frozenset[Scope] = frozenset()
    purpose: str = ''
    granted_by: str = ''
    until_ns: int = 0
    revision: int = 0
