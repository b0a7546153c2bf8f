# SPDX-License-Identifier: Apache-2.0
"""`empathy models compress-table`: what pruning, distilling and INT8 cost, in one table.

Variants of a model lie below --variants: DIR/MODEL/VARIANT.onnx (or .npz), for a model that is a
folder DIR/MODEL/VARIANT/. The one called fp32 is what the others are compared with. The shipped
file is always measured too. Voice classifiers come with no package: they are the folders whose
name begins with voice. A model without data keeps the rows that were recorded before.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from empathy_ros import models, paths
from empathy_ros.core.expression_net import Calibration, network_input
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.text import TextAffect
from empathy_ros.engines import text_models
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import Runtime
from empathy_ros.evaluation import compression_table, compression_voice, face, text
from empathy_ros.evaluation.common import BadInput, wilson
from empathy_ros.evaluation.compression_table import Measured, Row
from empathy_ros.evaluation.dataset import DataFolder
from empathy_ros.evaluation.degrade import DEGRADATIONS

SHIPPED, BASE = 'shipped', 'fp32'
NETWORK_FILE = 'model.onnx'
TIMED_SENTENCES = 60
TIMED_FACES = 100
CPU = Runtime('cpu')


@dataclass(frozen=True)
class Variant:
    """One form of a model: its name, its file or folder, and whether it is the shipped one."""

    name: str
    path: Path
    shipped: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models compress-table`."""
    parser.add_argument('--variants', type=Path, metavar='DIR', help='other forms of the models')
    parser.add_argument('--face', type=Path, metavar='DIR', help='data as for `eval face`')
    parser.add_argument('--text', type=Path, metavar='FILE', help='data as for `eval text`')
    parser.add_argument('--voice', type=Path, metavar='DIR', help='data as for `eval voice`')
    parser.add_argument('--write', type=Path, metavar='FILE.md', help='put the table in there')
    parser.add_argument('--json', action='store_true', help='one JSON object on stdout')


def main(args: argparse.Namespace) -> int:
    """Measure, record, and print or write the table; 0 = done.

    Raises:
        BadInput: data, variants or the file to write cannot be used.
    """
    given = {'expression': args.face, 'text_affect': args.text}
    if args.write:
        compression_table.check_markers(args.write)
    if args.variants and not args.variants.is_dir():
        raise BadInput(f'{args.variants}: no such folder; it holds MODEL/VARIANT.onnx')
    voices = _voices(args.variants) if args.voice else []
    record = paths.share('models', 'manifest.yaml').parent / compression_table.FILE
    rows = compression_table.read(record)
    for role, data in given.items():
        if data is None:
            continue
        for entry in models.load_manifest().values():
            if entry.role == role and not entry.on_request:
                rows = _replaced(rows, measure(entry, data, args.variants))
    for folder in voices:
        variants = [Variant(f.stem, f, False) for f in sorted(folder.glob('*.npz'))]
        data = args.voice
        measured = {v.name: compression_voice.measure(v.path, data) for v in variants}
        rows = _replaced(rows, rows_of(folder.name, data, variants, measured))
    if args.write:
        compression_table.save(record, rows)
        compression_table.write(args.write, rows)
    if args.json:
        print(json.dumps({'rows': [vars(row) for row in rows]}))
    else:
        print(compression_table.markdown(rows))
    return 0


def _voices(folder: Path | None) -> list[Path]:
    if folder is None or not (found := sorted(f for f in folder.glob('voice*') if f.is_dir())):
        raise BadInput(
            f'--voice: {folder or "no --variants"}: no folder whose name begins with voice; put '
            'files of `empathy models train voice` into VARIANTS/voice_NAME/'
        )
    return found


def _replaced(rows: list[Row], new: list[Row]) -> list[Row]:
    return [row for row in rows if row.model not in {item.model for item in new}] + new


def measure(entry: models.Model, data: Path, folder: Path | None) -> list[Row]:
    """Return one row for each variant of a model, the shipped one included.

    Args:
        entry: Its manifest entry.
        data: As for the evaluation of its role.
        folder: Where other variants lie; None = only the shipped one.
    Raises:
        BadInput: data or a variant cannot be used; names it.
    """
    variants = variants_of(entry, folder)
    read = {'expression': _face, 'text_affect': _text}[entry.role]
    try:
        measured = {v.name: read(entry, v.path, data) for v in variants}
    except ModelError as error:
        raise BadInput(str(error)) from error
    return rows_of(entry.id, data, variants, measured)


def rows_of(
    model: str, data: Path, variants: Sequence[Variant], measured: Mapping[str, Measured]
) -> list[Row]:
    """Return a row for each variant after timing them in turns, fp32 first."""
    times = compression_table.cpu_ms({name: (m.work, m.calls) for name, m in measured.items()})
    ordered = sorted(variants, key=lambda v: (v.name != BASE, v.shipped, v.name))
    return [
        Row(
            model=model,
            variant=v.name,
            shipped=v.shipped,
            size_bytes=size_bytes(v.path),
            sha256=digest(v.path),
            metric=m.metric,
            data=data.name,
            value=round(m.value, 4),
            interval=(round(m.interval[0], 4), round(m.interval[1], 4)),
            count=m.count,
            damaged=None if m.damaged is None else round(m.damaged, 4),
            cpu_ms=round(times[v.name], 3),
        )
        for v in ordered
        for m in (measured[v.name],)
    ]


def variants_of(entry: models.Model, folder: Path | None) -> list[Variant]:
    """Return the variants of a model, fp32 first; one that equals the shipped one is marked so."""
    try:
        shipped = models.find_model(entry)
    except ModelError as error:
        raise BadInput(str(error)) from error
    found: list[Variant] = []
    for path in sorted((folder / entry.id).iterdir()) if _has(folder, entry.id) else []:
        fits = path.is_dir() if entry.files else path.suffix == shipped.suffix
        if not fits:
            what = 'a folder' if entry.files else f'a {shipped.suffix} file'
            raise BadInput(f'{path}: a variant of {entry.id} is {what}')
        if entry.files and not (path / NETWORK_FILE).is_file():
            raise BadInput(f'{path}: has no {NETWORK_FILE}')
        name = path.name if entry.files else path.stem
        found.append(Variant(name, path, digest(path) == digest(shipped)))
    if not any(v.shipped for v in found):
        found.append(Variant(SHIPPED, shipped, True))
    return sorted(found, key=lambda v: (v.name != BASE, v.shipped, v.name))


def _has(folder: Path | None, model_id: str) -> bool:
    return folder is not None and (folder / model_id).is_dir()


def size_bytes(path: Path) -> int:
    """Return the size of a variant: of its file, or of all files in its folder."""
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def digest(path: Path) -> str:
    """Return the sha256 of a variant: of its file, or of the network in its folder."""
    file = path / NETWORK_FILE if path.is_dir() else path
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _face(entry: models.Model, path: Path, data: Path) -> Measured:
    network = OnnxModel(
        path,
        inputs={tensor.name: tensor.shape for tensor in entry.inputs},
        outputs=[tensor.name for tensor in entry.outputs],
        runtime=CPU,
    )
    reader = ExpressionModel(network, Calibration())
    folder = DataFolder(data, BASIC8.labels)
    hits = {kind: _face_hits(reader, folder, kind) for kind in ('none', *DEGRADATIONS)}
    crop = network_input(np.random.default_rng(0).integers(0, 256, (1, 48, 48)).astype(np.uint8))
    count, right = len(folder.items), sum(hits['none'])
    return Measured(
        metric='accuracy, 8 classes',
        value=right / count,
        interval=wilson(right, count),
        count=count,
        damaged=float(np.mean([np.mean(hits[kind]) for kind in DEGRADATIONS])),
        work=lambda: [network.run(crop) for _ in range(TIMED_FACES)],
        calls=TIMED_FACES,
    )


def _face_hits(reader: ExpressionModel, folder: DataFolder, kind: str) -> list[bool]:
    crops = face.crops_of(folder, folder.items, face.whole_crop, kind)
    numbers = list(range(len(BASIC8)))
    seen, _ = face.read_all(crops, len(folder.items), reader, numbers)
    return [s.reading is not None and s.reading.label == s.item.label for s in seen]


def _text(entry: models.Model, path: Path, data: Path) -> Measured:
    affect = TextAffect(text_models.load_file(entry, path, CPU))
    sentences = text.read(data)
    count = len(sentences.texts)
    p = affect.model.probabilities(sentences.texts)
    answers = text.Answers(p, np.zeros(count, np.bool_), np.zeros(count), 0.0)
    report: dict[str, Any] = text.report(affect, sentences, answers)
    some: Sequence[str] = sentences.texts[:TIMED_SENTENCES]
    low, high = report['macro_f1_interval']
    return Measured(
        metric='macro F1, 28 labels',
        value=float(report['macro_f1']),
        interval=(float(low), float(high)),
        count=int(report['n']),
        damaged=None,
        work=lambda: [affect.model.probabilities([one]) for one in some],
        calls=len(some),
    )
