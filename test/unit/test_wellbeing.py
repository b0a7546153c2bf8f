# SPDX-License-Identifier: Apache-2.0
import math

import pytest

from empathy_ros.core.types import Modality, PersonAffect
from empathy_ros.core.wellbeing import (
    buckets,
    DAY_NS,
    low_days,
    MINUTE_NS,
    NS_PER_S,
    Retention,
    Sample,
    sample_of,
    summarise,
    WellbeingConfig,
)

NOW = 20_000 * DAY_NS


def seen(stamp_ns, valence=0.2, **more):
    return Sample(stamp_ns, 'p1', valence, 0.1, 'sadness', 0.8, ('face',), **more)


def affect(**changes):
    values = {'valence': -0.4, 'arousal': 0.1, 'top_basic': 'sadness', 'confidence': 0.7,
              'modalities': (Modality.FACE,), 'abstained': False, 'reason': ''}  # fmt: skip
    return PersonAffect(0, 'p1', **(values | changes))


def test_an_old_or_abstaining_estimate_is_unknown_not_neutral():
    for value, age_s in ((None, 0.0), (affect(abstained=True), 0.0), (affect(), 11.0)):
        sample = sample_of('p1', value, 2, 5, NOW, age_s, 10.0)
        assert not sample.known
        assert math.isnan(sample.valence)
        assert sample.top == ''
        assert sample.turns == 2
    assert sample_of('p1', affect(), 0, 5, NOW, 1.0, 10.0).valence == -0.4
    assert not sample_of('p2', affect(), 0, 5, NOW, 1.0, 10.0).known


def test_means_ignore_unknown_minutes_and_the_share_tells_of_them():
    samples = [seen(0, 0.5, turns=3), seen(MINUTE_NS, -0.1), Sample(2 * MINUTE_NS, 'p1', turns=1)]
    value = summarise(samples, 'p1', 0, 3 * MINUTE_NS)
    assert value.mean_valence == pytest.approx(0.2)
    assert value.samples == 2
    assert value.unknown_share == pytest.approx(1 / 3)
    assert value.turns == 4


def test_an_empty_stretch_is_unknown():
    value = summarise([], 'p1', 0, DAY_NS)
    assert math.isnan(value.mean_valence)
    assert value.unknown_share == 1.0


def day_of(days_ago, valence, minutes=40):
    start = (NOW // DAY_NS - days_ago) * DAY_NS
    return [seen(start + n * MINUTE_NS, valence) for n in range(minutes)]


def test_low_days_count_back_from_yesterday():
    config = WellbeingConfig()
    samples = (
        day_of(3, -0.5) + day_of(2, -0.5) + day_of(1, -0.5) + day_of(4, 0.5) + day_of(5, -0.5)
    )
    assert low_days(samples, config, NOW) == 3
    assert low_days(day_of(1, 0.5) + day_of(2, -0.5), config, NOW) == 0
    assert low_days(day_of(0, -0.9), config, NOW) == 0
    assert low_days([], config, NOW) == 0


def test_a_day_with_too_little_seen_neither_counts_nor_breaks():
    samples = day_of(3, -0.5) + day_of(2, 0.9, minutes=3) + day_of(1, -0.5)
    assert low_days(samples, WellbeingConfig(), NOW) == 2


def test_buckets_cover_the_stretch_and_refuse_nonsense():
    assert buckets(0, 150 * NS_PER_S, 60.0) == [
        (0, 60 * NS_PER_S), (60 * NS_PER_S, 120 * NS_PER_S), (120 * NS_PER_S, 150 * NS_PER_S),
    ]  # fmt: skip
    for start, end, size in ((5, 5, 60.0), (0, DAY_NS, 1.0), (0, 400 * DAY_NS, 60.0),
                             (0, DAY_NS, math.nan)):  # fmt: skip
        with pytest.raises(ValueError):
            buckets(start, end, size)


def test_retention_trusts_only_a_clock_that_ran_steadily():
    rule = Retention(7.0)
    assert rule.purge_before(NOW, 0) is None
    assert rule.purge_before(NOW + MINUTE_NS, MINUTE_NS) == NOW + MINUTE_NS - 7 * DAY_NS
    assert rule.purge_before(NOW + 3650 * DAY_NS, 2 * MINUTE_NS) is None
    assert rule.purge_before(NOW + 3650 * DAY_NS + MINUTE_NS, 3 * MINUTE_NS) is not None
