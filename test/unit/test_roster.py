# SPDX-License-Identifier: Apache-2.0
"""The table of nodes fits the modules, the consent scopes and itself."""

import ast
from pathlib import Path

import pytest

from empathy_ros import roster
from empathy_ros.core.types import Scope

NODES = Path(roster.__file__).parent / 'nodes'


def classes(name: str) -> dict[str, list[str]]:
    """Return the classes of a node module and the names of their bases."""
    tree = ast.parse((NODES / f'{name}.py').read_text(encoding='utf-8'))
    return {
        node.name: [ast.unparse(base).rsplit('.', 1)[-1] for base in node.bases]
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }


def test_names_are_unique_and_every_group_has_a_node():
    names = [entry.name for entry in roster.NODES]
    assert len(set(names)) == len(names)
    assert {entry.group for entry in roster.NODES} == set(roster.GROUPS)


def test_start_order_is_the_order_of_the_groups_with_the_guardian_first():
    order = [roster.GROUPS.index(entry.group) for entry in roster.NODES]
    assert order == sorted(order)
    assert roster.GROUPS[0] == 'guardian'


def test_nothing_that_senses_or_infers_shares_the_process_of_the_guardian():
    for entry in roster.NODES:
        if entry.group == 'guardian':
            assert not entry.lifecycle, f'{entry.name} would put a device or model there'


def test_scopes_are_consent_scopes():
    known = {scope.value for scope in Scope}
    for entry in roster.NODES:
        assert set(entry.scopes) <= known, entry.name


@pytest.mark.parametrize('entry', roster.NODES, ids=lambda entry: entry.name)
def test_every_entry_has_its_module_and_class(entry):
    assert (NODES / f'{entry.name}.py').exists(), f'no module nodes/{entry.name}.py'
    found = classes(entry.name)
    assert entry.class_name in found, f'{entry.name}: {list(found)}'
    is_lifecycle = 'LifecycleNode' in found[entry.class_name]
    assert is_lifecycle == entry.lifecycle, f'{entry.name}: lifecycle is {is_lifecycle}'


def test_every_module_with_a_node_has_an_entry():
    names = {entry.name for entry in roster.NODES}
    for path in NODES.glob('*.py'):
        found = classes(path.stem)
        if any('Node' in bases or 'LifecycleNode' in bases for bases in found.values()):
            assert path.stem in names, f'{path.name} is in no group'


def test_members():
    assert roster.members('mind')[0] == 'affect_fusion'
    assert roster.members('composed') == tuple(entry.name for entry in roster.NODES)
    with pytest.raises(KeyError, match='cellar'):
        roster.members('cellar')
