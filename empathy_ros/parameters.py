# SPDX-License-Identifier: Apache-2.0
"""Which parameters each node has: writes config/empathy.yaml, checks settings, feeds documents.

The nodes' source says which dataclass each one binds; this module reads that without ROS.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields
import importlib
import json
from pathlib import Path
import sys
import textwrap
from typing import Any

import yaml

from empathy_ros import roster
from empathy_ros.core.params import check, info_of, ParamInfo
from empathy_ros.evaluation.common import BadInput

COMMENT = '      # '
NODES_DIR = Path(__file__).parent / 'nodes'
HEADER = """\
# Every parameter of every node with its default; written by `python -m empathy_ros.parameters`.
# One block per node. The outer /** makes a block hold in any namespace.
# Give a file of your own with only the values you change: `./empathy up --params-file my.yaml` or
# `ros2 launch empathy_ros empathy.launch.py params_file:=/full/path/my.yaml`.
# Numbers with a fraction must be written with one: 4.0, not 4.
"""


def bound_classes(name: str) -> tuple[type[Any], ...]:
    """Return the parameter dataclasses that node `name` binds, in the order of its source.

    Raises:
        FileNotFoundError: the node has no module.
        LookupError: a bound class is neither imported nor defined in that module.
    """
    path = NODES_DIR / f'{name}.py'
    tree = ast.parse(path.read_text(encoding='utf-8'), str(path))
    origin = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            origin[node.name] = (f'empathy_ros.nodes.{name}', node.name)
    found: list[type[Any]] = []
    for wanted in _bound_names(tree):
        if wanted not in origin:
            raise LookupError(f'{path.name}: bind(..., {wanted}) is not imported by name')
        module, attribute = origin[wanted]
        cls = getattr(importlib.import_module(module), attribute)
        if cls not in found:
            found.append(cls)
    return tuple(found)


def _bound_names(tree: ast.Module) -> list[str]:
    """Return the names of the classes in `bind(node, Class, ...)` calls."""
    return [
        call.args[1].id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == 'bind'
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Name)
    ]


def blocks() -> dict[str, dict[str, Field[Any]]]:
    """Return the parameter fields of each node of the roster that has a module."""
    return {
        entry.name: {item.name: item for cls in bound_classes(entry.name) for item in fields(cls)}
        for entry in roster.NODES
        if (NODES_DIR / f'{entry.name}.py').exists()
    }


def allowed(info: ParamInfo) -> str:
    """Return range or choices in words, '' when anything of the right type goes."""
    if info.choices:
        return 'one of ' + ', '.join(choice or "''" for choice in info.choices)
    if info.lo is not None and info.hi is not None:
        return f'{info.lo:g} .. {info.hi:g}'
    if info.lo is not None:
        return f'at least {info.lo:g}'
    return '' if info.hi is None else f'at most {info.hi:g}'


def yaml_value(value: Any) -> str:
    """Return a parameter value as YAML that keeps its ROS type."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, float):
        text = repr(value)
        return text if any(mark in text for mark in '.n') else f'{value:.1e}'
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, (tuple, list)):
        return '[' + ', '.join(yaml_value(item) for item in value) + ']'
    return json.dumps(value)


def parameter_file() -> str:
    """Return the text of config/empathy.yaml."""
    lines = [HEADER, '/**:']
    for name, items in blocks().items():
        if not items:
            continue
        lines += [f'  {name}:', '    ros__parameters:']
        for item in items.values():
            info = info_of(item)
            limits = allowed(info)
            text = info.description + (f' {limits[0].upper()}{limits[1:]}.' if limits else '')
            lines += textwrap.wrap(text, 99, initial_indent=COMMENT, subsequent_indent=COMMENT)
            # rcl cannot read the type of an empty list, so the default stays in the code.
            empty = '# ' if item.default == () else ''
            lines.append(f'      {empty}{item.name}: {yaml_value(item.default)}')
    return '\n'.join(lines) + '\n'


def parse_setting(setting: str) -> tuple[str, str, Any]:
    """Return node, parameter and checked value of a `NODE:NAME:=VALUE` setting.

    Raises:
        BadInput: malformed, unknown node or parameter, or a value that is not allowed.
    """
    left, mark, text = setting.partition(':=')
    node, colon, name = left.partition(':')
    if not mark or not colon or not node or not name:
        raise BadInput(f'--param: {setting!r} is not NODE:NAME:=VALUE, such as camera:source:=0')
    known = blocks()
    if node not in known:
        raise BadInput(f'--param: no node {node!r}; nodes: {", ".join(known)}')
    if name == 'use_sim_time':
        return node, name, text == 'true'
    if name not in known[node]:
        raise BadInput(f'--param: {node} has no {name!r}; it has: {", ".join(known[node])}')
    item = known[node][name]
    try:
        value = text if isinstance(item.default, str) else yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f'--param: {setting!r}: {error}') from error
    if isinstance(item.default, float) and type(value) is int:
        value = float(value)
    if isinstance(item.default, tuple) and isinstance(value, list):
        value = tuple(value)
    problem = check(name, value, item.default, info_of(item))
    if problem:
        raise BadInput(f'--param: {node}.{problem}')
    return node, name, value


def settings_file(settings: Iterable[str]) -> str:
    """Return a parameter file for `NODE:NAME:=VALUE` settings; later ones win.

    The `-p NODE:NAME:=VALUE` argument of ROS 2 holds for a node in the root namespace only, so a
    setting has to travel in a file with the /** of config/empathy.yaml.

    Raises:
        BadInput: as `parse_setting`.
    """
    values: dict[str, dict[str, Any]] = {}
    for setting in settings:
        node, name, value = parse_setting(setting)
        values.setdefault(node, {})[name] = value
    return _as_file(values)


def check_file(path: Path, namespace: str) -> None:
    """Refuse a parameter file that ROS would read without using it.

    Raises:
        BadInput: no such file, not YAML, or a block that names a node of ours without namespace.
    """
    if not path.is_file():
        raise BadInput(f'params file: {path} does not exist')
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f'params file: {path} is not YAML: {error}') from error
    if not isinstance(content, dict):
        raise BadInput(f'params file: {path} has no block of a node, such as "/**/camera:"')
    names = {entry.name for entry in roster.NODES}
    for key in content:
        if str(key).lstrip('/') in names and namespace.strip('/'):
            raise BadInput(
                f'params file: {path}: block "{key}" holds for the root namespace only and would '
                f'be ignored; write "/**/{str(key).lstrip("/")}:"'
            )


def _as_file(values: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ['/**:']
    for node, items in values.items():
        lines += [f'  {node}:', '    ros__parameters:']
        lines += [f'      {name}: {yaml_value(value)}' for name, value in items.items()]
    return '\n'.join(lines) + '\n'


def main(argv: list[str] | None = None) -> int:
    """Write config/empathy.yaml, or with --check say whether it is up to date."""
    from empathy_ros.paths import share

    args = sys.argv[1:] if argv is None else argv
    path, text = share('config') / 'empathy.yaml', parameter_file()
    if '--check' in args:
        same = path.exists() and path.read_text(encoding='utf-8') == text
        state = 'up to date' if same else 'old, run python -m empathy_ros.parameters'
        print(f'{path}: {state}')
        return 0 if same else 1
    path.write_text(text, encoding='utf-8')
    print(f'wrote {path}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
