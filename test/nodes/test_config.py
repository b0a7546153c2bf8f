# SPDX-License-Identifier: Apache-2.0
"""config/empathy.yaml against the real nodes: same names, and every value arrives."""

from dataclasses import Field
import importlib
from typing import Any

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from empathy_ros import parameters, roster
from empathy_ros.bridge.run import bring_up, close
from empathy_ros.core.params import info_of
from empathy_ros.paths import share

BLOCKS = parameters.blocks()
OF_ROS = ('qos_overrides.', 'use_sim_time', 'start_type_description_service')
# Free texts name devices, files and servers: these stay as they are in a test.
QUIET = {'camera': {'source': 'none'}, 'microphone': {'source': 'none'}, 'dashboard': {'port': 0}}


def other(item: Field[Any]) -> Any:
    """Return an allowed value a little beside the default, or the default of a free text."""
    value, info = item.default, info_of(item)
    if isinstance(value, bool):
        return not value
    if isinstance(value, float) and info.lo is not None and info.hi is not None:
        far = info.hi if info.hi > value else info.lo
        return value + 0.02 * (far - value)
    if isinstance(value, int) and info.hi is not None:
        return value + 1 if value < info.hi else value - 1
    if info.choices:
        return next(choice for choice in info.choices if choice != value)
    return value


def started(entry, ros, monkeypatch, tmp_path, text: str):
    """Create one node in namespace /empathy with a parameter file, as a launch file does."""
    monkeypatch.setenv('EMPATHY_STATE', str(tmp_path / 'state'))
    file = tmp_path / 'params.yaml'
    file.write_text(text, encoding='utf-8')
    module = importlib.import_module(f'empathy_ros.nodes.{entry.name}')
    cls = getattr(module, entry.class_name)
    return cls(
        context=ros.context,
        namespace='/empathy',
        cli_args=['--ros-args', '--params-file', str(file)],
    )


def declared(node) -> dict[str, Any]:
    """Return our parameters of a node."""
    names = [n for n in node._parameters if not n.startswith(OF_ROS)]
    values = {name: node.get_parameter(name).value for name in names}
    return {n: tuple(v) if isinstance(v, (list, tuple)) else v for n, v in values.items()}


@pytest.mark.parametrize('entry', roster.NODES, ids=lambda entry: entry.name)
def test_every_value_of_a_file_arrives_at_the_node_that_declares_it(
    entry, ros, monkeypatch, tmp_path
):
    wanted = {name: other(item) for name, item in BLOCKS[entry.name].items()}
    wanted.update(QUIET.get(entry.name, {}))
    # rcl cannot read the type of an empty list.
    in_file = {name: value for name, value in wanted.items() if value != ()}
    node = started(entry, ros, monkeypatch, tmp_path, parameters._as_file({entry.name: in_file}))
    try:
        bring_up(node)
        assert declared(node) == pytest.approx(wanted)
    finally:
        close([node])


@pytest.mark.parametrize('name', ['affect_fusion', 'consent_gate'])
def test_the_shipped_file_holds_in_any_namespace(name, ros, monkeypatch, tmp_path):
    entry = next(e for e in roster.NODES if e.name == name)
    text = share('config', 'empathy.yaml').read_text(encoding='utf-8')
    node = started(entry, ros, monkeypatch, tmp_path, text)
    try:
        assert declared(node) == {n: item.default for n, item in BLOCKS[name].items()}
    finally:
        close([node])


def test_a_value_out_of_range_in_the_file_is_named(ros, monkeypatch, tmp_path):
    entry = next(e for e in roster.NODES if e.name == 'affect_fusion')
    text = '/**:\n  affect_fusion:\n    ros__parameters: {rate_hz: 4000.0}\n'
    with pytest.raises(ValueError, match=r'affect_fusion\.rate_hz'):
        started(entry, ros, monkeypatch, tmp_path, text)
