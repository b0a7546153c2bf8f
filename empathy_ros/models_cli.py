# SPDX-License-Identifier: Apache-2.0
"""`empathy models list|verify|fetch`: which models there are, whether they are right, get them."""

from __future__ import annotations

import argparse
import sys

from empathy_ros.engines.onnx import ModelError
from empathy_ros.models import folder_of, load_manifest, verify
from empathy_ros.models_fetch import fetch


def list_models() -> list[str]:
    """Return one line for each model of the manifest: id, role, licence, where it comes from."""
    lines = []
    for model in load_manifest().values():
        source = model.source
        origin = {
            'package': f'{source.package} {source.version}',
            'repository': f'models/{model.file}',
            'url': source.url,
        }[source.kind]
        lines.append(f'{model.id:22} {model.role:16} {model.licence:12} {origin}')
    return lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models`."""
    parser.add_argument('action', choices=('list', 'verify', 'fetch'))
    parser.add_argument('ids', nargs='*', help='for fetch: models by id; none = all')


def main(args: argparse.Namespace) -> int:
    """Run one action; 0 = done, 1 = a model is missing or wrong."""
    try:
        if args.action == 'list':
            print('\n'.join(list_models()))
        elif args.action == 'fetch':
            for name, file in fetch(args.ids, report=print).items():
                print(f'{name:22} {file}')
        else:
            return _verify()
    except ModelError as error:
        print(f'empathy: {error}', file=sys.stderr)
        return 1
    return 0


def _verify() -> int:
    models = load_manifest()
    wrong = verify(models)
    for name, problem in wrong.items():
        print(
            f'{name:22} {problem or "right: " + str(folder_of(models[name]) / models[name].file)}'
        )
    return 1 if any(wrong.values()) else 0
