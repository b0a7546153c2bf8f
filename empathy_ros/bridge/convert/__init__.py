# SPDX-License-Identifier: Apache-2.0
"""Messages to our types and back, in pairs; stamps, frames and NaN pass unchanged.

An unknown enumeration value or a value out of range raises ValueError that names the field: what
comes
from a topic is checked here, at the edge, and nowhere else.
"""

from empathy_ros.bridge.convert.affect import (
    affect_from_msg,
    affect_to_msg,
    affects_to_msg,
    person_affect_from_msg,
    person_affect_to_msg,
    taxonomies_to_msg,
)
from empathy_ros.bridge.convert.basics import (
    duration_to_msg,
    enum_of,
    stamp_from_msg,
    stamp_to_msg,
)
from empathy_ros.bridge.convert.behaviour import (
    alert_from_msg,
    alert_to_msg,
    conversation_to_msg,
    directive_from_msg,
    directive_to_msg,
    expression_from_msg,
    expression_to_msg,
)
from empathy_ros.bridge.convert.people import (
    consent_from_msg,
    consent_to_msg,
    person_from_msg,
    person_to_msg,
    utterance_from_msg,
    utterance_to_msg,
)

__all__ = [
    'affect_from_msg',
    'affect_to_msg',
    'affects_to_msg',
    'alert_from_msg',
    'alert_to_msg',
    'consent_from_msg',
    'consent_to_msg',
    'conversation_to_msg',
    'directive_from_msg',
    'directive_to_msg',
    'duration_to_msg',
    'enum_of',
    'expression_from_msg',
    'expression_to_msg',
    'person_affect_from_msg',
    'person_affect_to_msg',
    'person_from_msg',
    'person_to_msg',
    'stamp_from_msg',
    'stamp_to_msg',
    'taxonomies_to_msg',
    'utterance_from_msg',
    'utterance_to_msg',
]
