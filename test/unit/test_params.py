# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
import math

import pytest

from empathy_ros.core.params import from_dict, param


@dataclass(frozen=True)
class Sample:
    half_life_s: float = param(4.0, 'Half-life [s].', lo=0.1, hi=60.0)
    depth: int = param(5, 'Depth.', lo=1, hi=10)
    method: str = param('a', 'Method.', choices=('a', 'b'))
    names: tuple[str, ...] = param(('x',), 'Names.')
    on: bool = param(True, 'On.')


def test_defaults_and_conversions() -> None:
    value = from_dict(Sample, {'half_life_s': 3, 'names': ['y', 'z']})
    assert value == Sample(half_life_s=3.0, names=('y', 'z'))


@pytest.mark.parametrize(
    ('values', 'text'),
    [
        ({'half_life_s': 0.0}, r'half_life_s: 0\.0 is outside 0\.1\.\.60'),
        ({'half_life_s': math.nan}, 'not a finite number'),
        ({'half_life_s': 'long'}, 'give a float'),
        ({'depth': 2.5}, 'give a int'),
        ({'depth': True}, 'give a int'),
        ({'method': 'c'}, 'is not one of a, b'),
        ({'on': 1}, 'give a bool'),
        ({'halflife': 1.0}, 'unknown halflife; known: half_life_s'),
    ],
)
def test_refusals_name_the_parameter(values: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        from_dict(Sample, values)
