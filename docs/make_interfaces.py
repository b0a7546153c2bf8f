# SPDX-License-Identifier: Apache-2.0
"""Writes docs/interfaces.md from the running nodes, the message files and the parameter classes.

`./empathy python docs/make_interfaces.py` writes it, `--check` says whether it is up to date. It
starts every node for a moment, in a graph of its own, so ROS 2, the built messages and the models
must be there; exit code 3 = they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
import re
import sys
import tempfile
from typing import Any

import interfaces_words as words

from empathy_ros import parameters, roster
from empathy_ros.core.params import info_of
from empathy_ros.core.types import Act, AlertKind, Event, Scope
from empathy_ros.paths import share

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / 'docs' / 'interfaces.md'
NAMESPACE = '/empathy'
OF_ROS = re.compile(r'/(parameter_events|rosout)$|_parameters?(_types|_atomically)?$|_event$')
LIFECYCLE = re.compile(r'/(change_state|get_state|get_available_|get_transition|get_type_desc)')


class NotComplete(Exception):
    """A node could not come up here, so the document cannot be made."""


@dataclass
class Topic:
    """One topic of the running graph."""

    type: str
    qos: set[str] = field(default_factory=set)
    publishers: list[str] = field(default_factory=list)
    subscribers: list[str] = field(default_factory=list)


@dataclass
class Graph:
    """What the running nodes offer: topics, services and actions by relative name."""

    topics: dict[str, Topic] = field(default_factory=dict)
    services: dict[str, tuple[str, str]] = field(default_factory=dict)
    actions: dict[str, tuple[str, str]] = field(default_factory=dict)


def running_graph() -> Graph:
    """Start every node in a private context and return what it offers.

    Raises:
        NotComplete: a node is missing or cannot be configured here.
    """
    import rclpy
    from rclpy.context import Context
    from rclpy.parameter import Parameter

    from empathy_ros.bridge import run

    context = Context()
    rclpy.init(context=context, domain_id=99)
    with tempfile.TemporaryDirectory() as state:
        given = {
            'policy_file': str(share('config', 'policy.test.yaml')),
            'state_dir': state,
            'publish_image': True,
            'port': 0,
        }
        nodes = run.create_nodes(
            [entry.name for entry in roster.NODES],
            context=context,
            namespace=NAMESPACE,
            parameter_overrides=[Parameter(name, value=value) for name, value in given.items()],
        )
        try:
            down = [n.get_name() for n in nodes if not run.bring_up(n)]
            down += [n.get_name() for n in nodes if n.get_name().endswith('_not_started')]
            if down:
                raise NotComplete(f'not up: {", ".join(down)}; see `empathy doctor`')
            return _read(nodes)
        finally:
            run.close(nodes)
            context.try_shutdown()


def _read(nodes: Iterable[Any]) -> Graph:
    from rclpy.action import get_action_server_names_and_types_by_node

    graph = Graph()
    for node in nodes:
        for kind, ends in (('publishers', node.publishers), ('subscribers', node.subscriptions)):
            for end in ends:
                if not OF_ROS.search(end.topic_name) and '/transition_event' not in end.topic_name:
                    _add_topic(graph, kind, node.get_name(), end)
        for service in node.services:
            name = node.resolve_service_name(service.srv_name)
            if not OF_ROS.search(name) and not LIFECYCLE.search(name):
                graph.services[_short(name)] = (_type(service.srv_type), node.get_name())
        for name, types in get_action_server_names_and_types_by_node(
            node, node.get_name(), NAMESPACE
        ):
            graph.actions[_short(name)] = (types[0].split('/')[-1], node.get_name())
    return graph


def _add_topic(graph: Graph, kind: str, node: str, end: Any) -> None:
    topic = graph.topics.setdefault(_short(end.topic_name), Topic(_type(end.msg_type)))
    topic.qos.add(_profile_name(end.qos_profile))
    names: list[str] = getattr(topic, kind)
    if node not in names:
        names.append(node)


def _short(name: str) -> str:
    return name.removeprefix(NAMESPACE + '/')


def _type(cls: type[Any]) -> str:
    package = cls.__module__.split('.')[0]
    return cls.__name__ if package == 'empathy_interfaces' else f'{package}/{cls.__name__}'


def _described(profile: Any) -> tuple[str, str, int]:
    return profile.reliability.name.lower(), profile.durability.name.lower(), profile.depth


def _profile_name(profile: Any) -> str:
    """Return reliability, latched or not, and depth in words."""
    reliability, durability, depth = _described(profile)
    latched = ', latched' if durability == 'transient_local' else ''
    return f'{reliability.replace("_", " ")}{latched}, {depth}'


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [head, '|' + '---|' * (head.count('|') - 1)]
    for row in rows:
        lines.append('| ' + ' | '.join(cell.replace('|', '\\|') for cell in row) + ' |')
    return '\n'.join(lines)


def nodes_section() -> str:
    """Return the table of nodes."""
    rows = (
        (f'`{e.name}`', e.group, 'yes' if e.lifecycle else '', ', '.join(e.scopes), e.purpose)
        for e in roster.NODES
    )
    return '## Nodes\n' + table('| node | process | lifecycle | needs one of | purpose |', rows)


def topics_section(graph: Graph) -> str:
    """Return the tables of topics, services and actions."""
    rows = (
        (
            f'`{name}`',
            f'`{topic.type}`',
            '; '.join(sorted(topic.qos)),
            ', '.join([*topic.publishers, *(['you'] if name in words.INPUTS else [])]),
            ', '.join(topic.subscribers) or 'you',
            words.TOPICS[name],
        )
        for name, topic in sorted(graph.topics.items())
    )
    served = ((f'`{n}`', f'`{t}`', node) for n, (t, node) in sorted(graph.services.items()))
    acted = ((f'`{n}`', f'`{t}`', node) for n, (t, node) in sorted(graph.actions.items()))
    return '\n\n'.join(
        (
            '## Topics\n' + table('| topic | type | QoS | from | to | what |', rows),
            '## Services\n' + table('| service | type | node |', served),
            '## Actions\n' + table('| action | type | node |', acted),
        )
    )


def qos_section() -> str:
    """Return the table of profiles."""
    from empathy_ros.bridge import qos

    rows = []
    for name, use in words.PROFILE_USES.items():
        reliability, durability, depth = _described(getattr(qos, name))
        rows.append(f'| {name} | {reliability} | {durability} | {depth} | {use} |')
    return words.QOS + '\n'.join(rows) + '\n\n' + words.OVERRIDES


def types_section() -> str:
    """Return every message, service and action, field by field."""
    parts = []
    for kind, title in (('msg', 'Messages'), ('srv', 'Services'), ('action', 'Actions')):
        parts.append(f'## {title}, field by field')
        for path in sorted((ROOT / 'empathy_interfaces' / kind).glob(f'*.{kind}')):
            parts.append(_one_type(path, kind))
    return '\n\n'.join(parts)


def _one_type(path: Path, kind: str) -> str:
    text = path.read_text(encoding='utf-8')
    sections = text.split('\n---\n') if '---' in text else [text]
    titles = {
        'msg': ('',),
        'srv': ('Request', 'Response'),
        'action': ('Goal', 'Result', 'Feedback'),
    }
    out = [f'### {path.stem}']
    for title, section in zip(titles[kind], sections, strict=True):
        comments, constants, rows = _parsed(section)
        body = [f'**{title}**'] if title else []
        body += [' '.join(comments)] if comments else []
        body += ['Constants: ' + ', '.join(constants) + '.'] if constants else []
        body += [table('| field | type | meaning |', rows)] if rows else []
        out += body or ['Empty.']
    return '\n\n'.join(out)


def _parsed(section: str) -> tuple[list[str], list[str], list[tuple[str, str, str]]]:
    """Return the leading comments, the constants and the fields of one part of a file."""
    comments, constants, rows = [], [], []
    for line in section.splitlines():
        code, _, comment = (part.strip() for part in line.partition('#'))
        if not code and comment:
            comments.append(comment)
        elif '=' in code:
            name, value = code.split(None, 1)[1].split('=')
            constants.append(f'`{name.strip()}` = {value.strip()}')
        elif code:
            kind, name = code.split()
            rows.append((f'`{name}`', f'`{kind}`', comment))
    return comments, constants, rows


def parameters_section() -> str:
    """Return the parameters of every node."""
    parts = [
        '## Parameters\nAll stand in `config/empathy.yaml` with their defaults. "start" = can be '
        'set at start only; the others follow `ros2 param set` at once.'
    ]
    for name, items in parameters.blocks().items():
        rows = []
        for item in items.values():
            info = info_of(item)
            when = 'start' if info.read_only else 'live'
            rows.append(
                (
                    f'`{item.name}`',
                    f'`{parameters.yaml_value(item.default)}`',
                    parameters.allowed(info),
                    when,
                    info.description,
                )
            )
        if rows:
            head = '| parameter | default | allowed | when | meaning |'
            parts.append(f'### {name}\n' + table(head, rows))
    return '\n\n'.join(parts)


def lists_section() -> str:
    """Return the closed lists: acts, events, scopes, alerts, reasons."""

    def listed(title: str, members: Iterable[Any], meaning: dict[str, str]) -> str:
        rows = ((f'`{m.value}`', meaning[m.value]) for m in members)
        return f'## {title}\n' + table('| value | meaning |', rows)

    reasons = (
        (f'`{reason}`', source, meaning)
        for source, found in words.REASONS.items()
        for reason, meaning in found.items()
    )
    kinds = ', '.join(f'`{kind.value}`' for kind in AlertKind)
    return '\n\n'.join(
        (
            listed('Acts: all that the robot may do in a talk', Act, words.ACTS),
            listed('Events', Event, words.EVENTS),
            listed('Consent scopes', Scope, words.SCOPES),
            f'## Alerts\nKinds: {kinds}.',
            '## Reasons\n' + table('| reason | of | meaning |', reasons),
        )
    )


def document(graph: Graph) -> str:
    """Return the whole text."""
    return '\n\n'.join(part.rstrip() for part in _sections(graph)) + '\n'


def _sections(graph: Graph) -> Iterator[str]:
    yield words.INTRO
    yield nodes_section()
    yield topics_section(graph)
    yield qos_section()
    yield lists_section()
    yield parameters_section()
    yield types_section()


def main(argv: list[str]) -> int:
    """Write or check the document; 0 = written or up to date, 1 = old, 3 = not here."""
    try:
        text = document(running_graph())
    except NotComplete as error:
        print(error, file=sys.stderr)
        return 3
    if '--check' in argv:
        same = FILE.exists() and FILE.read_text(encoding='utf-8') == text
        print('up to date' if same else 'old: run python docs/make_interfaces.py')
        return 0 if same else 1
    FILE.write_text(text, encoding='utf-8')
    print(f'wrote {FILE}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
