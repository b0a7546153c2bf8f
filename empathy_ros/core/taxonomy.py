# SPDX-License-Identifier: Apache-2.0
"""Emotion vocabularies and the mappings between them.

Three vocabularies, each with an id; the order of its labels belongs to the id and never changes:

* ``EMONET40``: the 40 categories of LAION EmoNet, the public vocabulary.
* ``BASIC8``: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt (face).
* ``GOEMOTIONS28``: 27 emotions and neutral (words).

The names are names of *expressions*: say "estimated expression", never "feels".

Sources. Category names, synonyms and families: LAION AI, EmoNet-Face, arXiv 2505.20033, CC BY 4.0.
GoEmotions labels and their Ekman grouping: Demszky et al., "GoEmotions: A dataset of fine-grained
emotions", ACL 2020, CC BY 4.0. The table of the 40 categories is in core/emonet.py.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.emonet import (
    CARE_MASK,
    CATEGORIES,
    checked,
    EMONET40,
    EMONET_VAD,
    EXCLUDED_MASK,
    FloatArray,
    mask_excluded,
    Taxonomy,
    TEXT_MASK,
    vad_from_emonet,
)

__all__ = [
    'BASIC8',
    'CARE_MASK',
    'CATEGORIES',
    'EKMAN_GROUPS',
    'EMONET40',
    'EMONET_VAD',
    'EXCLUDED_MASK',
    'GOEMOTIONS28',
    'GOEMOTIONS_VAD',
    'TAXONOMIES',
    'TEXT_MASK',
    'Taxonomy',
    'basic_from_goemotions',
    'ekman_scores',
    'emonet_from_basic',
    'emonet_from_goemotions',
    'mask_excluded',
    'vad_from_emonet',
]


BASIC8 = Taxonomy(
    id='basic-8.1',
    labels=(
        'neutral',
        'happiness',
        'surprise',
        'sadness',
        'anger',
        'disgust',
        'fear',
        'contempt',
    ),
    attribution='basic classes in the order of the FER+ votes',
)
_GOEMOTIONS = (
    'admiration amusement anger annoyance approval caring confusion curiosity desire '
    'disappointment disapproval disgust embarrassment excitement fear gratitude grief joy '
    'love nervousness optimism pride realization relief remorse sadness surprise neutral'
)
GOEMOTIONS28 = Taxonomy(
    id='goemotions-28.1',
    labels=tuple(_GOEMOTIONS.split()),
    attribution='Demszky et al., GoEmotions, ACL 2020, CC BY 4.0',
)
TAXONOMIES = MappingProxyType({t.id: t for t in (EMONET40, BASIC8, GOEMOTIONS28)})

_EKMAN_JOY = (
    'joy amusement approval excitement gratitude love optimism relief pride admiration desire '
    'caring'
)
# The Ekman grouping published with GoEmotions; its "joy" is our "happiness".
EKMAN_GROUPS = MappingProxyType(
    {
        'neutral': ('neutral',),
        'happiness': tuple(_EKMAN_JOY.split()),
        'surprise': ('surprise', 'realization', 'confusion', 'curiosity'),
        'sadness': ('sadness', 'disappointment', 'embarrassment', 'grief', 'remorse'),
        'anger': ('anger', 'annoyance', 'disapproval'),
        'disgust': ('disgust',),
        'fear': ('fear', 'nervousness'),
    }
)

# Which EmoNet category a basic class names. A basic class is coarse ("happiness" covers twelve
# categories), so it speaks only about the one category that carries its name or, for happiness,
# the only one that lists "happiness" among its synonyms. "neutral" names none of the 40.
_BASIC_NAMES = MappingProxyType(
    {
        'happiness': 'Elation',
        'surprise': 'Astonishment/Surprise',
        'sadness': 'Sadness',
        'anger': 'Anger',
        'disgust': 'Disgust',
        'fear': 'Fear',
        'contempt': 'Contempt',
    }
)
# A voice heard alone is read far worse than a face (CREMA-D crowd votes: 0.42 against 0.66), and
# the common voice sets do not hold surprise or contempt; disgust is read in 0.27 of the clips.
_SPEAKS = MappingProxyType(
    {
        'face': tuple(_BASIC_NAMES),
        'voice': ('happiness', 'sadness', 'anger', 'fear'),
    }
)


def _label_vad() -> FloatArray:
    """Mean signs of the categories that a label names, else of those it is a source of."""
    anchors = np.zeros((len(GOEMOTIONS28), 3))
    for row, label in enumerate(GOEMOTIONS28.labels):
        if label == 'neutral':
            continue
        named = [c for c in CATEGORIES if label in c.named]
        rows = named or [c for c in CATEGORIES if label in c.sources]
        anchors[row] = np.mean([(c.valence, c.arousal, c.dominance) for c in rows], axis=0)
    return anchors


GOEMOTIONS_VAD: FloatArray = _label_vad()
"""Derived anchors of the 28 labels, shape (28, 3), valence, arousal, dominance in -1..1.

They come from the signs of the EmoNet level, not from the basic classes, and give directions, not
measured values: publish what is computed from them as "derived".
"""


def ekman_scores(p: NDArray[np.floating]) -> FloatArray:
    """Return the probability that any label of each Ekman group applies, 1 - prod(1 - p).

    Labels are taken as independent. GoEmotions has no contempt, so there are 7 groups.

    Args:
        p: Probabilities, shape (..., 28), each 0..1 or NaN.
    Returns:
        Shape (..., 7), order of EKMAN_GROUPS; rows do not sum to 1.
    """
    values = np.asarray(p, dtype=np.float64)
    groups = [[GOEMOTIONS28.index(label) for label in group] for group in EKMAN_GROUPS.values()]
    return np.stack([1.0 - np.prod(1.0 - values[..., g], axis=-1) for g in groups], axis=-1)


def basic_from_goemotions(p: NDArray[np.floating]) -> FloatArray:
    """Return a distribution over BASIC8 from GoEmotions probabilities.

    The scores of the Ekman groups (ekman_scores), scaled to sum 1.

    Contempt is 0.0, not NaN, so that the result is a proper distribution; GoEmotions has no such
    label, so this 0.0 is *not* evidence against contempt. A reader that weighs classes one by one
    must skip contempt for words.

    Args:
        p: Probabilities, shape (28,), each 0..1, order of GOEMOTIONS28.
    Returns:
        Shape (8,), sums to 1; all NaN where p holds a NaN or nothing but zeros (unknown).
    Raises:
        ValueError: Wrong shape.
    """
    scores = ekman_scores(checked(p, GOEMOTIONS28))
    out = np.zeros(len(BASIC8))
    out[[BASIC8.index(basic) for basic in EKMAN_GROUPS]] = scores
    total = out.sum()
    if not np.isfinite(total) or total <= 0.0:
        return np.full(len(BASIC8), np.nan)
    return np.asarray(out / total)


def emonet_from_goemotions(p: NDArray[np.floating]) -> FloatArray:
    """Return graded scores over EMONET40 from GoEmotions probabilities.

    A category with labels that name it gets the largest of those; one that has only related
    labels needs all of them (the smallest). These are graded scores, not a distribution: they do
    not sum to 1 and a single best category is not meaningful.

    NaN = words cannot speak about it: GoEmotions has no contempt, pain, fatigue, numbness,
    helplessness, concentration, contemplation, sourness or teasing (its "neutral" may absorb
    them). Excluded categories are NaN always.

    Args:
        p: Probabilities, shape (28,), each 0..1; NaN entries give NaN.
    Returns:
        Shape (40,), 0..1 or NaN.
    Raises:
        ValueError: Wrong shape.
    """
    values = checked(p, GOEMOTIONS28)
    out = np.full(len(EMONET40), np.nan)
    for row, category in enumerate(CATEGORIES):
        if not category.in_text:
            continue
        labels = category.named or category.sources
        members = values[[GOEMOTIONS28.index(label) for label in labels]]
        out[row] = members.max() if category.named else members.min()
    return out


def emonet_from_basic(p8: NDArray[np.floating], modality: str) -> FloatArray:
    """Return graded scores over EMONET40 from a BASIC8 distribution of a face or a voice.

    A basic class speaks only about the one category that carries its name (happiness: Elation);
    the mass is not spread over the others, which stay NaN. Neutral names no category. A voice
    speaks about happiness, sadness, anger and fear only.

    Args:
        p8: Shape (8,), order of BASIC8; NaN entries give NaN.
        modality: 'face' or 'voice'; for words use emonet_from_goemotions.
    Returns:
        Shape (40,), 0..1 or NaN.
    Raises:
        ValueError: Wrong shape or modality.
    """
    values = checked(p8, BASIC8)
    if modality not in _SPEAKS:
        raise ValueError(f"modality '{modality}' is not one of: {', '.join(_SPEAKS)}")
    out = np.full(len(EMONET40), np.nan)
    for basic in _SPEAKS[modality]:
        out[EMONET40.index(_BASIC_NAMES[basic])] = values[BASIC8.index(basic)]
    return out
