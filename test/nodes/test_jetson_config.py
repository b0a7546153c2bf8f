# SPDX-License-Identifier: Apache-2.0
"""config/jetson.yaml is a parameter file that every node of it understands."""

import pytest
import yaml

from empathy_ros import parameters
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

pytestmark = pytest.mark.ros


@pytest.fixture(scope='module')
def content():
    return yaml.safe_load(share('config', 'jetson.yaml').read_text(encoding='utf-8'))


def settings(content):
    (blocks,) = content.values()
    for node, block in blocks.items():
        assert set(block) == {'ros__parameters'}
        for name, value in block['ros__parameters'].items():
            yield f'{node}:{name}:={str(value).lower() if isinstance(value, bool) else value}'


def test_it_holds_in_any_namespace(content):
    assert list(content) == ['/**']
    parameters.check_file(share('config', 'jetson.yaml'), '/empathy')


def test_every_key_is_a_parameter_and_every_value_allowed(content):
    found = [parameters.parse_setting(setting) for setting in settings(content)]
    assert len(found) > 8
    assert ('face_affect', 'provider', 'tensorrt') in found


def test_types_are_those_of_the_parameters(content):
    known = parameters.blocks()
    for node, block in content['/**'].items():
        for name, value in block['ros__parameters'].items():
            assert type(value) is type(known[node][name].default), f'{node}.{name}'


def test_the_check_sees_a_key_that_is_none():
    with pytest.raises(BadInput, match="face_affect has no 'precison'"):
        parameters.parse_setting('face_affect:precison:=int8')
