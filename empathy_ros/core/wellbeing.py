# SPDX-License-Identifier: Apache-2.0
"""Trends of observed expression over hours and days: samples, summaries, retention.

A summary says how often something was seen and how it seemed; it makes no statement about health.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
import itertools
import math

from empathy_ros.core.params import param
from empathy_ros.core.types import NAN, PersonAffect

NS_PER_S = 1_000_000_000
MINUTE_NS = 60 * NS_PER_S
DAY_NS = 86_400 * NS_PER_S
MOST_BUCKETS = 1000


@dataclass(frozen=True)
class WellbeingConfig:
    """What is kept and how a low day is counted."""

    sample_s: float = param(60.0, 'One sample per person every [s].', lo=1.0, hi=3600.0)
    keep_days: float = param(7.0, 'Samples are removed after [d].', lo=0.1, hi=366.0)
    low_valence: float = param(
        -0.2, 'A day with a mean valence below this counts as low, -1..1.', lo=-1.0, hi=1.0
    )
    day_minutes: int = param(
        30, 'Minutes with an estimate that a day needs to be counted.', lo=1, hi=1440
    )
    max_age_s: float = param(10.0, 'An estimate older than this is unknown [s].', lo=0.5, hi=600.0)


@dataclass(frozen=True)
class Sample:
    """One minute of one person.

    Attributes:
        stamp_ns: Wall time.
        person_id: Whom.
        valence: -1..1 or NaN.
        arousal: -1..1 or NaN.
        top: Basic class that the expression seemed to be, '' = unknown.
        confidence: 0..1.
        modalities: Channels that were used.
        turns: Turns of conversation in that minute.
        consent_revision: Revision of the consent it was kept under.
    """

    stamp_ns: int
    person_id: str
    valence: float = NAN
    arousal: float = NAN
    top: str = ''
    confidence: float = 0.0
    modalities: tuple[str, ...] = ()
    turns: int = 0
    consent_revision: int = 0

    @property
    def known(self) -> bool:
        """Whether the minute has an estimate."""
        return bool(self.modalities)


@dataclass(frozen=True)
class Summary:
    """A stretch of time; field meanings as in WellbeingSummary.msg."""

    start_ns: int
    end_ns: int
    person_id: str
    mean_valence: float
    mean_arousal: float
    samples: int
    unknown_share: float
    turns: int
    low_days: int


def sample_of(
    person_id: str,
    affect: PersonAffect | None,
    turns: int,
    consent_revision: int,
    stamp_ns: int,
    age_s: float,
    max_age_s: float,
) -> Sample:
    """Return the sample of this minute; without a fresh estimate it is unknown, never neutral."""
    if affect is None or affect.abstained or age_s > max_age_s or affect.person_id != person_id:
        return Sample(stamp_ns, person_id, turns=turns, consent_revision=consent_revision)
    return Sample(
        stamp_ns,
        person_id,
        affect.valence,
        affect.arousal,
        affect.top_basic,
        affect.confidence,
        tuple(modality.value for modality in affect.modalities),
        turns,
        consent_revision,
    )


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else NAN


def summarise(samples: list[Sample], person_id: str, start_ns: int, end_ns: int) -> Summary:
    """Return a summary of start <= stamp < end; means ignore unknown minutes."""
    inside = [s for s in samples if start_ns <= s.stamp_ns < end_ns and s.person_id == person_id]
    known = [s for s in inside if s.known]
    return Summary(
        start_ns,
        end_ns,
        person_id,
        _mean(s.valence for s in known),
        _mean(s.arousal for s in known),
        len(known),
        1.0 - len(known) / len(inside) if inside else 1.0,
        sum(s.turns for s in inside),
        0,
    )


def buckets(start_ns: int, end_ns: int, bucket_s: float) -> list[tuple[int, int]]:
    """Return the stretches that cover start..end.

    Raises:
        ValueError: end before start, a bucket under 60 s, or more than 1000 buckets.
    """
    if end_ns <= start_ns:
        raise ValueError('end: must be after start')
    if not bucket_s >= 60.0:
        raise ValueError(f'bucket_s: {bucket_s:g} is below 60')
    step_ns = int(bucket_s * NS_PER_S)
    count = -(-(end_ns - start_ns) // step_ns)
    if count > MOST_BUCKETS:
        raise ValueError(f'bucket_s: gives {count} summaries, at most {MOST_BUCKETS}')
    edges = [start_ns + i * step_ns for i in range(count)] + [end_ns]
    return list(itertools.pairwise(edges))


def low_days(samples: list[Sample], config: WellbeingConfig, now_ns: int) -> int:
    """Return how many whole days up to yesterday were low without a break.

    A day with too few minutes neither counts nor breaks the row; days are UTC days.
    """
    days: dict[int, list[float]] = {}
    for sample in samples:
        if sample.known and not math.isnan(sample.valence):
            days.setdefault(sample.stamp_ns // DAY_NS, []).append(sample.valence)
    count, day = 0, now_ns // DAY_NS - 1
    oldest = min(days, default=day)
    while day >= oldest:
        values = days.get(day, [])
        if len(values) >= config.day_minutes:
            if _mean(values) >= config.low_valence:
                break
            count += 1
        day -= 1
    return count


class Retention:
    """Says from when on samples may be removed; a jump of the wall clock removes nothing.

    Wall and steady time must have advanced alike since the last look, within a tenth plus a
    minute.
    """

    def __init__(self, keep_days: float) -> None:
        """Keep samples for so many days."""
        self._keep_ns = int(keep_days * DAY_NS)
        self._last: tuple[int, int] | None = None

    def purge_before(self, now_ns: int, now_steady_ns: int) -> int | None:
        """Return the wall time before which samples go, None while the clock cannot be trusted."""
        last, self._last = self._last, (now_ns, now_steady_ns)
        if last is None:
            return None
        wall_ns, steady_ns = now_ns - last[0], now_steady_ns - last[1]
        if abs(wall_ns - steady_ns) > steady_ns // 10 + MINUTE_NS:
            return None
        return now_ns - self._keep_ns
