# SPDX-License-Identifier: Apache-2.0
"""`empathy models ...`: which models there are, whether they are right, build, train."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
import importlib
import sys

from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput
from empathy_ros.models import folder_of, load_manifest, Model, models_folder, verify
from empathy_ros.models_fetch import fetch

# action: (module with add_arguments(parser) and main(args) -> exit code, help)
MODULES = {
    'check': ('empathy_ros.models_check', 'say which networks TensorRT could take, without a GPU'),
    'build': ('empathy_ros.models_build', 'make TensorRT engines before the robot needs them'),
    'card': ('empathy_ros.models_card', 'print what is known about a model'),
    'compress-table': (
        'empathy_ros.evaluation.compression',
        'measure pruned, distilled and INT8 forms of the models in one table',
    ),
    'train': ('empathy_ros.models_train', 'train a model on data of your own'),
}
MB = 1_000_000


def size_bytes(model: Model) -> int:
    """Return the size of a model: of its files here, else as stated, else 0."""
    files = [folder_of(model) / name for name in model.expected]
    if all(file.is_file() for file in files):
        return sum(file.stat().st_size for file in files)
    return model.size_bytes


def list_models() -> list[str]:
    """Return one line for each model of the manifest, with a line that names the columns.

    The columns: id, role, licence, size, whether it is here, whether the package needs it, can do
    without it, or uses it only when asked for, and where it comes from.
    """
    row = '{:22} {:17} {:13} {:>8}  {:8} {:9} {}'
    lines = [row.format('id', 'role', 'licence', 'MB', 'is here', 'use', 'from')]
    for model in load_manifest().values():
        source, size = model.source, size_bytes(model)
        origin = {
            'package': f'{source.package} {source.version}',
            'repository': f'models/{model.file}',
            'url': source.url,
        }[source.kind]
        here = all((folder_of(model) / name).is_file() for name in model.expected)
        lines.append(
            row.format(
                model.id,
                model.role,
                model.licence,
                f'{size / MB:.1f}' if size else 'unknown',
                'yes' if here else 'no',
                'asked for' if model.on_request else 'optional' if model.optional else 'default',
                origin,
            )
        )
    return [*lines, *_own_voices(row)]


def _own_voices(row: str) -> list[str]:
    """Return a line for each voice model that the user has trained, broken ones included."""
    lines = []
    for file in sorted(models_folder().glob('*.npz')):
        try:
            told = voice_model.facts(file)
            licence = 'noncommercial' if told['noncommercial'] else 'see its card'
            origin = f'trained here on {told.get("trained_on", "unknown data")}'
        except ModelError as error:
            licence, origin = 'unknown', str(error)
        size = f'{file.stat().st_size / MB:.1f}'
        lines.append(
            row.format(file.stem, 'voice_affect', licence, size, 'yes', 'asked for', origin)
        )
    return lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models`."""
    actions = parser.add_subparsers(dest='action', required=True, metavar='ACTION')
    actions.add_parser('list', help='every model: role, licence, size, whether it is here')
    actions.add_parser('verify', help='compare every file with its sha256')
    getting = actions.add_parser('fetch', help='bring models onto this machine')
    getting.add_argument('ids', nargs='*', metavar='ID', help='none = all that work by default')
    getting.add_argument(
        '--accept-licence',
        action='append',
        default=[],
        metavar='ID',
        help='you accept the terms of this model; repeatable',
    )
    for name, (module, text) in MODULES.items():
        action = actions.add_parser(name, help=text, description=text)
        importlib.import_module(module).add_arguments(action)


def main(args: argparse.Namespace) -> int:
    """Run one action; 0 = done, 1 = a model is missing or wrong, or it could not be done."""
    try:
        if args.action in MODULES:
            return int(importlib.import_module(MODULES[args.action][0]).main(args))
        if args.action == 'list':
            print('\n'.join(list_models()))
        elif args.action == 'fetch':
            _check_ids((*args.ids, *args.accept_licence))
            for name, file in fetch(args.ids, args.accept_licence, report=print).items():
                print(f'{name:22} {file}')
        else:
            return _verify()
    except ModelError as error:
        print(f'empathy: {error}', file=sys.stderr)
        return 1
    return 0


def _check_ids(ids: Iterable[str]) -> None:
    known = load_manifest()
    unknown = [name for name in ids if name not in known]
    if unknown:
        raise BadInput(f'no model is called {", ".join(unknown)}; there is {", ".join(known)}')


def _verify() -> int:
    models = load_manifest()
    wrong = 0
    for name, problem in verify(models).items():
        model = models[name]
        if problem and model.optional and not (folder_of(model) / model.file).exists():
            print(f'{name:22} optional, not fetched')
            continue
        wrong += bool(problem)
        print(f'{name:22} {problem or "right: " + str(folder_of(model) / model.file)}')
    return 1 if wrong else 0
