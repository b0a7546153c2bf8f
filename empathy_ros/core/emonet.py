# SPDX-License-Identifier: Apache-2.0
"""What a taxonomy is, and the 40 EmoNet categories: family, related labels, signs, flags.

Category names and families: LAION AI, EmoNet-Face, arXiv 2505.20033, CC BY 4.0. The other columns
are a proposal of this project (CC BY 4.0), checked by test/unit/test_taxonomy.py. On EmoBank the
signs of valence agreed for 13 of 14 categories, those of arousal for 9 of 10, those of dominance
for 7 of 9: trust arousal and dominance less. The order of the rows belongs to ``emonet-40.1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Taxonomy:
    """A versioned list of labels; scores of a message are ordered by it."""

    id: str
    labels: tuple[str, ...]
    attribution: str

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self.labels)

    def index(self, label: str) -> int:
        """Return the position of a label.

        Raises:
            ValueError: The label is not in this taxonomy (text names both).
        """
        if label not in self.labels:
            raise ValueError(f"label '{label}' is not in taxonomy {self.id}")
        return self.labels.index(label)


FAMILIES = MappingProxyType(
    {
        'p+': 'Positive High-Energy Emotions',
        'p-': 'Positive Low-Energy Emotions',
        'n+': 'Negative High-Energy Emotions',
        'n-': 'Negative Low-Energy Emotions',
        'co': 'Cognitive States and Processes',
        'ph': 'Physical and Exhaustive States',
        'lo': 'Longing & Lust',
    }
)


@dataclass(frozen=True)
class Category:
    """One EmoNet category and what it maps to.

    Attributes:
        basic: Its class in BASIC8 ("neutral" = no basic class; it may still carry a valence sign).
        sources: GoEmotions labels that are related to it.
        named: Those of them that name it or a synonym, so that one alone is evidence for it.
        valence, arousal, dominance: Sign, -1 low, 0 neutral or undecided, +1 high.
        excluded: Never inferred or published about a resident by default.
        care: Lost by the basic classes but needed in care; unknown unless a model names it.
        in_text: Whether GoEmotions can speak about it at all.
    """

    name: str
    family: str
    basic: str
    sources: tuple[str, ...]
    named: tuple[str, ...]
    valence: int
    arousal: int
    dominance: int
    excluded: bool
    care: bool
    in_text: bool


# name | family | basic | GoEmotions sources (* = names it) | signs V A D | flags
# flags: X excluded by default, C care, T GoEmotions cannot speak about it.
_ROWS = """
Amusement|p+|happiness|*amusement|+++|
Elation|p+|happiness|*joy *excitement|+++|
Pleasure/Ecstasy|p+|happiness|joy|+++|
Contentment|p-|happiness|joy relief approval|+-+|
Thankfulness/Gratitude|p-|happiness|*gratitude|+00|
Affection|p-|happiness|*love *caring admiration|+-0|
Infatuation|lo|happiness|love desire|++-|X
Hope/Enthusiasm/Optimism|p+|happiness|*optimism excitement|+++|
Triumph|p+|happiness|pride excitement|+++|
Pride|p-|happiness|*pride|+0+|
Interest|p+|neutral|*curiosity|++0|
Awe|p+|surprise|admiration surprise|++-|
Astonishment/Surprise|p+|surprise|*surprise|0+-|
Concentration|co|neutral|neutral|00+|T
Contemplation|p-|neutral|realization neutral|0-0|T
Relief|p-|happiness|*relief|+-+|
Longing|lo|sadness|desire sadness|-0-|
Teasing|p+|happiness|amusement|+++|T
Impatience and Irritability|n+|anger|*annoyance|-+0|
Sexual Lust|lo|neutral|desire|++0|X
Doubt|n-|neutral|confusion disapproval|-0-|
Fear|n+|fear|*fear *nervousness|-+-|
Distress|n+|fear|*nervousness fear sadness|-+-|
Confusion|co|surprise|*confusion|-0-|C
Embarrassment|n-|sadness|*embarrassment|-0-|
Shame|n-|sadness|*remorse embarrassment|-0-|
Disappointment|n-|sadness|*disappointment|---|
Sadness|n-|sadness|*sadness *grief|---|
Bitterness|n-|anger|annoyance disapproval anger|-00|
Contempt|n-|contempt|disapproval disgust|-0+|T
Disgust|n+|disgust|*disgust|-+0|
Anger|n+|anger|*anger|-++|
Malevolence/Malice|n+|anger|anger disgust|-++|X
Sourness|ph|disgust|disgust|-00|T
Pain|ph|sadness|sadness|-+-|CT
Helplessness|n-|sadness|sadness fear|---|CT
Fatigue/Exhaustion|ph|neutral|sadness neutral|---|CT
Emotional Numbness|n-|neutral|neutral sadness|---|CT
Intoxication/Altered States of Consciousness|ph|neutral|confusion neutral|00-|X
Jealousy & Envy|n-|anger|desire annoyance|-0-|X
"""

_SIGN = {'+': 1, '0': 0, '-': -1}


def _parse_row(row: str) -> Category:
    name, family, basic, sources, signs, flags = row.split('|')
    marked = sources.split()
    return Category(
        name=name,
        family=FAMILIES[family],
        basic=basic,
        sources=tuple(label.lstrip('*') for label in marked),
        named=tuple(label[1:] for label in marked if label.startswith('*')),
        valence=_SIGN[signs[0]],
        arousal=_SIGN[signs[1]],
        dominance=_SIGN[signs[2]],
        excluded='X' in flags,
        care='C' in flags,
        in_text='T' not in flags and 'X' not in flags,
    )


CATEGORIES: tuple[Category, ...] = tuple(_parse_row(row) for row in _ROWS.strip().split('\n'))

EMONET40 = Taxonomy(
    id='emonet-40.1',
    labels=tuple(category.name for category in CATEGORIES),
    attribution='LAION AI, EmoNet-Face, arXiv 2505.20033, CC BY 4.0',
)

EXCLUDED_MASK: NDArray[np.bool_] = np.array([c.excluded for c in CATEGORIES])
CARE_MASK: NDArray[np.bool_] = np.array([c.care for c in CATEGORIES])
TEXT_MASK: NDArray[np.bool_] = np.array([c.in_text for c in CATEGORIES])
EMONET_VAD: FloatArray = np.array(
    [(c.valence, c.arousal, c.dominance) for c in CATEGORIES], dtype=np.float64
)


def checked(scores: NDArray[np.floating], taxonomy: Taxonomy) -> FloatArray:
    """Return scores as float64; raises ValueError when the shape is not that of the taxonomy."""
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(taxonomy),):
        raise ValueError(
            f'{taxonomy.id} needs scores of shape ({len(taxonomy)},), got {values.shape}'
        )
    return values


def mask_excluded(
    scores: NDArray[np.floating], enabled: tuple[str, ...] = ()
) -> tuple[FloatArray, float]:
    """Return EMONET40 scores with excluded categories set to NaN, and the share of mass removed.

    The mass is not given to other categories; lower the confidence by the factor (1 - share).

    Args:
        scores: Shape (40,), each >= 0 or NaN.
        enabled: Names of excluded categories that an audited configuration lets through.
    Returns:
        (masked scores, removed share 0..1; 0.0 when there is no mass).
    Raises:
        ValueError: Wrong shape or an unknown name.
    """
    values = checked(scores, EMONET40).copy()
    hide = EXCLUDED_MASK.copy()
    for name in enabled:
        hide[EMONET40.index(name)] = False
    total = float(np.nansum(values))
    removed = float(np.nansum(values[hide]))
    values[hide] = np.nan
    return values, removed / total if total > 0.0 else 0.0


def vad_from_emonet(scores: NDArray[np.floating]) -> FloatArray:
    """Return derived valence, arousal, dominance from EMONET40 scores.

    The score-weighted mean of the categories' signs over the categories that are not NaN.

    Returns:
        Shape (3,), each -1..1; all NaN when no category carries any score.
    Raises:
        ValueError: Wrong shape.
    """
    values = np.nan_to_num(checked(scores, EMONET40), nan=0.0)
    total = values.sum()
    if total <= 0.0:
        return np.full(3, np.nan)
    return np.asarray(values @ EMONET_VAD / total)
