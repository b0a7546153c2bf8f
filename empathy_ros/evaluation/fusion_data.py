# SPDX-License-Identifier: Apache-2.0
"""Reads a table of what face and voice said per clip; fusion_crema.py reads the other form.

Columns `face_CLASS` and `voice_CLASS` (distributions; all cells of a channel empty = it did not
answer), a label column, and if there: `face_quality`, `voice_quality` (0..1), `voice_snr_db`,
`face_level`, `voice_level` (rated intensity, percent), and columns of groups. Rows are counted
like lines of the file: the header is row 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import csv
from dataclasses import dataclass
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Modality
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import (
    age_band,
    canonical_label,
    GROUP_COLUMNS,
    LABEL_COLUMNS,
)

FloatArray = NDArray[np.float64]
Row = tuple[int, dict[str, str]]

CHANNELS = (Modality.FACE, Modality.VOICE)
SUM_TOLERANCE = 0.02
# Below the first, sound says nothing; above the second, noise does not matter [dB].
SNR_RANGE_DB = (0.0, 20.0)


@dataclass(frozen=True)
class Channel:
    """What one channel said about n clips.

    Attributes:
        shares: Shape (n, k), rows sum to 1; a row of NaN = it did not answer.
        level: Shape (n,), rated intensity [percent], NaN = not known.
        quality: Shape (n,), 0..1.
    """

    shares: FloatArray
    level: FloatArray
    quality: FloatArray


@dataclass(frozen=True)
class Clips:
    """A table of n clips.

    Attributes:
        path: The file.
        form: 'table' or 'crema_d'.
        classes: Names of the k classes, in the order of BASIC8.
        truth: Shape (n,), class of each clip.
        channels: Face and voice.
        speaker: Who is shown, '' = not known.
        groups: Name of each grouping and the group of each clip.
    """

    path: Path
    form: str
    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    channels: Mapping[Modality, Channel]
    speaker: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """Return the header in lower case and the rows with their line.

    Raises:
        BadInput: No file, no rows, another number of fields, not UTF-8.
    """
    if path.is_dir():
        raise BadInput(f'{path}: is a folder; give the .csv file in it')
    if not path.is_file():
        raise BadInput(f'{path}: no such file; give a .csv file with one row per clip')
    rows: list[Row] = []
    try:
        with path.open(newline='', encoding='utf-8-sig') as file:
            reader = csv.reader(file)
            header = [name.strip().lower() for name in next(reader, [])]
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise BadInput(
                        f'{path} row {reader.line_num}: {len(cells)} fields, the header has'
                        f' {len(header)}'
                    )
                stripped = (cell.strip() for cell in cells)
                rows.append((reader.line_num, dict(zip(header, stripped, strict=True))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f'{path}: cannot be read as a UTF-8 table: {error}') from error
    double = {name for name in header if name and header.count(name) > 1}
    if double:
        raise BadInput(f'{path} row 1: column {", ".join(sorted(double))} is there twice')
    if not rows:
        raise BadInput(f'{path}: holds no rows; it needs a header and one row per clip')
    return header, rows


def number_in(text: str, where: str, low: float, high: float) -> float:
    """Return a cell as a number.

    Raises:
        BadInput: Not a number, NaN, or outside low..high.
    """
    try:
        value = float(text)
    except ValueError:
        raise BadInput(f"{where}: '{text}' is not a number") from None
    if not low <= value <= high:
        raise BadInput(f'{where}: {text} is outside {low:g}..{high:g}')
    return value


def _label(text: str, classes: Sequence[str], where: str) -> int:
    try:
        name = canonical_label(text, BASIC8.labels)
    except ValueError as error:
        raise BadInput(f'{where}: {error}') from error
    if not name:
        raise BadInput(f'{where}: the label is empty')
    if name not in classes:
        raise BadInput(f"{where}: label '{text}' has no face_ or voice_ column")
    return classes.index(name)


def plain_table(path: Path, header: Sequence[str], rows: Sequence[Row]) -> Clips:
    """Return the clips of a plain table.

    Raises:
        BadInput: It cannot be used; the text names file and row.
    """
    label = next((name for name in LABEL_COLUMNS if name in header), '')
    if not label:
        raise BadInput(f'{path} row 1: no column label, emotion or expression')
    columns = {m: _class_columns(path, header, m) for m in CHANNELS}
    names = {name for found in columns.values() for name in found.values()}
    classes = tuple(name for name in BASIC8.labels if name in names)
    truth = [_label(v[label], classes, f'{path} row {row}, column {label}') for row, v in rows]
    groups = {
        name: tuple(group_of(name, values[name]) for _, values in rows)
        for name in GROUP_COLUMNS
        if name in header and name != 'speaker'
    }
    speaker = tuple(values.get('speaker', '') for _, values in rows)
    channels = {m: _channel(path, rows, m, columns[m], classes) for m in CHANNELS}
    for (row, _), *answers in zip(rows, *(c.shares for c in channels.values()), strict=True):
        if all(np.isnan(shares).all() for shares in answers):
            raise BadInput(f'{path} row {row}: neither face nor voice answered')
    return Clips(path, 'table', classes, np.array(truth), channels, speaker, groups)


def group_of(column: str, text: str) -> str:
    """Return the group of a cell: ages become decades, empty cells 'unknown'."""
    return (age_band(text) if column == 'age' else text) or 'unknown'


def _class_columns(path: Path, header: Sequence[str], modality: Modality) -> dict[str, str]:
    """Return the class of each distribution column of a channel."""
    found: dict[str, str] = {}
    prefix = f'{modality.value}_'
    for name in header:
        rest = name.removeprefix(prefix)
        if rest == name or rest in ('quality', 'level', 'snr_db'):
            continue
        try:
            label = canonical_label(rest, BASIC8.labels)
        except ValueError as error:
            raise BadInput(f'{path} row 1, column {name}: {error}') from error
        if label in found.values():
            raise BadInput(f"{path} row 1, column {name}: '{label}' is there twice")
        found[name] = label
    if len(found) < 2:
        raise BadInput(f'{path} row 1: needs at least two columns {prefix}CLASS')
    return found


def _channel(
    path: Path,
    rows: Sequence[Row],
    modality: Modality,
    columns: Mapping[str, str],
    classes: Sequence[str],
) -> Channel:
    shares = np.full((len(rows), len(classes)), math.nan)
    level, quality = np.full(len(rows), math.nan), np.ones(len(rows))
    prefix = f'{modality.value}_'
    for i, (row, values) in enumerate(rows):
        where = f'{path} row {row}'
        cells = [values[name] for name in columns]
        if any(cells):
            parts = [
                number_in(values[name], f'{where}, column {name}', 0.0, 1.0) for name in columns
            ]
            if abs(sum(parts) - 1.0) > SUM_TOLERANCE:
                raise BadInput(f'{where}: the {prefix} columns sum to {sum(parts):.3f}, not to 1')
            for name, part in zip(columns.values(), parts, strict=True):
                shares[i, classes.index(name)] = part / sum(parts)
        if values.get(prefix + 'level'):
            level[i] = number_in(
                values[prefix + 'level'], f'{where}, column {prefix}level', 0.0, 100.0
            )
        quality[i] = _quality(values, prefix, where)
    return Channel(shares, level, quality)


def _quality(values: Mapping[str, str], prefix: str, where: str) -> float:
    quality = 1.0
    if values.get(prefix + 'quality'):
        column = prefix + 'quality'
        quality = number_in(values[column], f'{where}, column {column}', 0.0, 1.0)
    if values.get(prefix + 'snr_db'):
        column = prefix + 'snr_db'
        snr_db = number_in(values[column], f'{where}, column {column}', -100.0, 200.0)
        quality *= float(np.interp(snr_db, SNR_RANGE_DB, (0.0, 1.0)))
    return quality
