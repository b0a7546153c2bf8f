# SPDX-License-Identifier: Apache-2.0
"""config/empathy.yaml and the parameter dataclasses of all nodes say the same."""

from dataclasses import fields

import pytest
import yaml

pytest.importorskip('rclpy', reason='parameters are read from the node modules')

from empathy_ros import parameters
from empathy_ros.core.params import check, info_of
from empathy_ros.paths import share

BLOCKS = parameters.blocks()


def test_the_file_is_up_to_date():
    text = share('config', 'empathy.yaml').read_text(encoding='utf-8')
    assert text == parameters.parameter_file(), 'run: python -m empathy_ros.parameters'


def test_the_file_reads_back_as_the_defaults_of_the_dataclasses():
    content = yaml.safe_load(share('config', 'empathy.yaml').read_text(encoding='utf-8'))['/**']
    for name, items in BLOCKS.items():
        given = content[name]['ros__parameters'] if items else {}
        expected = {
            item.name: list(item.default) if isinstance(item.default, tuple) else item.default
            for item in items.values()
            if item.default != ()
        }
        assert given == expected, name
    assert set(content) == {name for name, items in BLOCKS.items() if items}


@pytest.mark.parametrize('name', BLOCKS)
def test_every_parameter_has_a_description_and_an_allowed_default(name):
    for item in BLOCKS[name].values():
        info = info_of(item)
        assert len(info.description) > 8, item.name
        assert info.description.rstrip().endswith('.'), f'{item.name}: {info.description}'
        assert check(item.name, item.default, item.default, info) == ''


@pytest.mark.parametrize('name', BLOCKS)
def test_no_two_dataclasses_of_a_node_claim_one_name(name):
    names = [item.name for cls in parameters.bound_classes(name) for item in fields(cls)]
    assert sorted(names) == sorted(set(names))


def test_units_in_names_stand_in_the_description():
    units = {
        '_s': '[s]',
        '_hz': '[Hz]',
        '_rad': '[rad]',
        '_px': '[px]',
        '_ms': '[ms]',
        '_m': '[m]',
    }
    for name, items in BLOCKS.items():
        for item in items.values():
            for ending, unit in units.items():
                if item.name.endswith(ending):
                    assert unit in info_of(item).description, f'{name}.{item.name}'
