# SPDX-License-Identifier: Apache-2.0
"""Bind a frozen parameter dataclass to a node: declare, check ranges, follow live updates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros.core.params import check, info_of, ParamInfo

Config = TypeVar('Config')


def describe(info: ParamInfo, default: Any) -> ParameterDescriptor:
    """Return the ROS descriptor of one parameter."""
    descriptor = ParameterDescriptor(description=info.description, read_only=info.read_only)
    if info.choices:
        descriptor.additional_constraints = 'one of: ' + ', '.join(info.choices)
    if info.lo is not None and info.hi is not None:
        if isinstance(default, float):
            limits = FloatingPointRange(from_value=float(info.lo), to_value=float(info.hi))
            descriptor.floating_point_range = [limits]
        elif isinstance(default, int):
            whole = IntegerRange(from_value=int(info.lo), to_value=int(info.hi), step=1)
            descriptor.integer_range = [whole]
    return descriptor


def _to_ros(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _from_ros(value: Any, default: Any) -> Any:
    is_list = isinstance(default, tuple) and isinstance(value, Sequence)
    return tuple(value) if is_list and not isinstance(value, str) else value


def bind(
    node: Node, cls: type[Config], on_change: Callable[[Config], None] | None = None
) -> Config:
    """Declare every field of `cls` as a parameter of `node` and return the checked values.

    Later changes are checked too: a refused value leaves the old one, with the reason as the
    answer. `on_change` receives the whole new configuration.

    Raises:
        ValueError: a start value is not allowed; the text names parameter and range.
    """
    values: dict[str, Any] = {}
    items = {item.name: item for item in fields(cls)}  # type: ignore[arg-type]
    for name, item in items.items():
        default, info = item.default, info_of(item)
        if not node.has_parameter(name):
            descriptor = describe(info, default)
            descriptor.dynamic_typing = isinstance(default, tuple)
            try:
                node.declare_parameter(name, _to_ros(default), descriptor)
            except Exception as error:
                raise ValueError(f'{node.get_name()}.{name}: {error}') from error
        value = _from_ros(node.get_parameter(name).value, default)
        problem = check(name, value, default, info)
        if problem:
            raise ValueError(f'{node.get_name()}.{problem}')
        values[name] = value
    state = {'config': cls(**values)}

    def on_set(changes: list[Parameter]) -> SetParametersResult:
        new = {}
        for change in changes:
            item = items.get(change.name)
            if item is None:
                continue
            value = _from_ros(change.value, item.default)
            problem = check(change.name, value, item.default, info_of(item))
            if problem:
                return SetParametersResult(successful=False, reason=problem)
            new[change.name] = value
        if new:
            state['config'] = replace(state['config'], **new)  # type: ignore[type-var]
            if on_change is not None:
                on_change(state['config'])
        return SetParametersResult(successful=True)

    _replace_callback(node, cls, on_set)
    return state['config']


def _replace_callback(
    node: Node, cls: type[Any], on_set: Callable[[list[Parameter]], SetParametersResult]
) -> None:
    """Add the callback, removing the one of an earlier bind of the same class (re-configure)."""
    bound: dict[str, Any] = node.__dict__.setdefault('_empathy_bound', {})
    old = bound.pop(cls.__name__, None)
    if old is not None:
        node.remove_on_set_parameters_callback(old)
    node.add_on_set_parameters_callback(on_set)
    bound[cls.__name__] = on_set
