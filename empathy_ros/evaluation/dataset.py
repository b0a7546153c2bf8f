# SPDX-License-Identifier: Apache-2.0
"""Reads a data folder: labels.csv and the media it names.

The media lie beside labels.csv, in the one .zip of the folder, or (pictures) in images.npz. An
images.npz holds either one array per file name, or an array `images` of shape (n, height, width)
or (n, height, width, 3; red, green, blue) with `files` of shape (n,); without `files` the order is
that of the rows. Rows are counted like lines of the file: the header is row 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
import csv
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
import zipfile
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.common import BadInput

FILE_COLUMNS = ('file', 'filename', 'path', 'image', 'audio', 'clip')
LABEL_COLUMNS = ('label', 'emotion', 'expression')
GROUP_COLUMNS = ('age', 'sex', 'gender', 'race', 'ethnicity', 'group', 'speaker')
SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(('calm', 'neutrality'), 'neutral'),
        **dict.fromkeys(('happy', 'joy', 'joyful', 'smile', 'smiling'), 'happiness'),
        **dict.fromkeys(('surprised', 'astonishment'), 'surprise'),
        **dict.fromkeys(('sad', 'sorrow'), 'sadness'),
        **dict.fromkeys(('angry', 'rage'), 'anger'),
        **dict.fromkeys(('disgusted',), 'disgust'),
        **dict.fromkeys(('fearful', 'afraid', 'scared'), 'fear'),
        **dict.fromkeys(('contemptuous',), 'contempt'),
    }
)


@dataclass(frozen=True)
class Item:
    """One row of labels.csv.

    Attributes:
        row: Line in labels.csv; the header is 1.
        file: Name of the medium; '' where images.npz goes by the order of rows.
        label: Class in the spelling of the evaluation, '' = without a label.
        groups: Value of each subgroup column; ages in years become decades.
        values: All columns as written.
    """

    row: int
    file: str
    label: str
    groups: Mapping[str, str]
    values: Mapping[str, str]


def canonical_label(text: str, classes: Sequence[str]) -> str:
    """Return the class that a label means, '' for an empty one.

    Raises:
        ValueError: Neither a class nor a usual synonym of one.
    """
    word = text.strip().lower()
    word = SYNONYMS.get(word, word) if word not in classes else word
    if word and word not in classes:
        raise ValueError(f"unknown label '{text.strip()}'; known: {', '.join(classes)}")
    return word


def age_band(text: str) -> str:
    """Return the decade of an age in years ('24' -> '20-29'); other texts stay as they are."""
    try:
        years = float(text)
    except ValueError:
        return text
    if not 0.0 <= years < 130.0:
        return text
    low = int(years // 10) * 10
    return f'{low}-{low + 9}'


def _by_last_part(names: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for name in names:
        table.setdefault(name.rpartition('/')[2], []).append(name)
    return table


def _is_cut_jpeg(raw: bytes) -> bool:
    """Return whether a JPEG has no end marker; some decoders fill what is missing with grey."""
    # The scan begins with FF DA; within it FF is always followed by 00 or a restart marker.
    return raw.startswith(b'\xff\xd8') and b'\xff\xd9' not in raw[raw.rfind(b'\xff\xda') :]


def _group(column: str, text: str) -> str:
    if text.lower() in ('', 'na', 'nan', 'none'):
        return 'unknown'
    return age_band(text) if column == 'age' else text


class DataFolder:
    """The rows of a data folder and access to their media."""

    def __init__(self, path: Path, classes: Sequence[str], *, label_required: bool = True) -> None:
        """Read and check labels.csv, and find the media without opening them.

        Args:
            path: The folder.
            classes: Labels that may occur (synonyms are turned into them).
            label_required: False lets rows, or all rows, be without a label.
        Raises:
            BadInput: Folder or table cannot be used; the text names file and row.
        """
        self.path = Path(path)
        self.table = self.path / 'labels.csv'
        if not self.path.is_dir():
            problem = 'is a file' if self.path.exists() else 'no such folder'
            raise BadInput(f'{self.path}: {problem}; give a folder with labels.csv')
        if not self.table.is_file():
            raise BadInput(f'{self.path}: holds no labels.csv')
        self._zip = self._open_zip()
        self._zip_names = _by_last_part(self._zip.namelist() if self._zip else ())
        self._npz = self._open_npz()
        self.columns, rows = self._read_rows()
        self.label_column = self._first(LABEL_COLUMNS)
        self._file_column = self._first(FILE_COLUMNS)
        self._check_columns(label_required)
        self.items = [self._item(row, values, classes, label_required) for row, values in rows]
        self._npz_rows = self._index_npz()

    def where(self, item: Item) -> str:
        """Return 'labels.csv row N (file)' for messages."""
        name = f' ({item.file})' if item.file else ''
        return f'{self.table} row {item.row}{name}'

    def read_bytes(self, item: Item) -> bytes:
        """Return the medium as it is stored, from the folder or the zip.

        Raises:
            BadInput: It is not there, is empty, or cannot be read.
        """
        path = self.path / item.file
        try:
            if path.is_file():
                data = path.read_bytes()
            elif self._zip is not None:
                data = self._zip.read(self._member(item))
            else:
                raise BadInput(f'{self.where(item)}: no such file in {self.path}')
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise BadInput(f'{self.where(item)}: cannot be read: {error}') from error
        if not data:
            raise BadInput(f'{self.where(item)}: the file is empty (0 bytes)')
        return data

    def size_bytes(self, item: Item) -> int:
        """Return the size of a medium without reading it; 0 where it is not found."""
        path = self.path / item.file
        try:
            if path.is_file():
                return path.stat().st_size
            return self._zip.getinfo(self._member(item)).file_size if self._zip else 0
        except OSError as error:
            raise BadInput(f'{self.where(item)}: cannot be read: {error}') from error

    def read_image(self, item: Item) -> NDArray[np.uint8]:
        """Return a picture as blue, green, red, shape (height, width, 3), uint8.

        Raises:
            BadInput: It is not there, has size 0, or is no picture.
        """
        if self._npz is not None:
            return self._npz_image(item)
        raw = self.read_bytes(item)
        if _is_cut_jpeg(raw):
            raise BadInput(f'{self.where(item)}: is cut off; copy the picture again')
        try:
            image = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:
            image = None
        if image is None:
            raise BadInput(f'{self.where(item)}: is not a picture that can be decoded')
        return np.asarray(image, dtype=np.uint8)

    def _open_zip(self) -> zipfile.ZipFile | None:
        found = sorted(self.path.glob('*.zip'))
        if len(found) > 1:
            names = ', '.join(p.name for p in found)
            raise BadInput(f'{self.path}: holds {len(found)} .zip files ({names}); keep one')
        if not found:
            return None
        try:
            return zipfile.ZipFile(found[0])
        except (OSError, zipfile.BadZipFile) as error:
            raise BadInput(f'{found[0]}: is not a readable .zip file: {error}') from error

    def _open_npz(self) -> Any:
        path = self.path / 'images.npz'
        if not path.is_file():
            return None
        try:
            return np.load(path, allow_pickle=False)
        except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
            raise BadInput(f'{path}: is not a readable .npz file: {error}') from error

    def _read_rows(self) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
        rows = []
        try:
            with open(self.table, newline='', encoding='utf-8-sig') as file:
                reader = csv.reader(file)
                header = [name.strip().lower() for name in next(reader, [])]
                for fields in reader:
                    if not fields:
                        continue
                    if len(fields) != len(header):
                        raise BadInput(
                            f'{self.table} row {reader.line_num}: {len(fields)} fields,'
                            f' the header has {len(header)}'
                        )
                    cells = (field.strip() for field in fields)
                    rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BadInput(f'{self.table}: cannot be read as a UTF-8 table: {error}') from error
        double = sorted({name for name in header if name and header.count(name) > 1})
        if double:
            raise BadInput(f'{self.table} row 1: column {", ".join(double)} is there twice')
        if not rows:
            raise BadInput(f'{self.table}: holds no rows; it needs a header and one row per file')
        return header, rows

    def _first(self, names: Sequence[str]) -> str:
        return next((name for name in names if name in self.columns), '')

    def _check_columns(self, label_required: bool) -> None:
        if not self._file_column and self._npz is None:
            cure = '' if len(self.columns) > 1 else '; separate columns by commas'
            raise BadInput(
                f"{self.table}: has no column 'file'; it has: {', '.join(self.columns)}{cure}"
            )
        grouped = any(name in self.columns for name in GROUP_COLUMNS)
        if not self.label_column and (label_required or not grouped):
            raise BadInput(
                f'{self.table}: has no column label, emotion or expression;'
                f' it has: {", ".join(self.columns)}'
            )

    def _item(
        self, row: int, values: dict[str, str], classes: Sequence[str], label_required: bool
    ) -> Item:
        file = values.get(self._file_column, '')
        if not file and self._file_column:
            raise BadInput(f"{self.table} row {row}: column '{self._file_column}' is empty")
        try:
            label = canonical_label(values.get(self.label_column, ''), classes)
        except ValueError as error:
            raise BadInput(f'{self.table} row {row} ({file}): {error}') from error
        if not label and label_required:
            raise BadInput(f"{self.table} row {row}: column '{self.label_column}' is empty")
        groups = {name: _group(name, values[name]) for name in GROUP_COLUMNS if name in values}
        return Item(row, file, label, groups, values)

    def _member(self, item: Item) -> str:
        assert self._zip is not None
        names = self._zip.NameToInfo
        if item.file in names:
            return item.file
        same_name = self._zip_names.get(item.file.rpartition('/')[2], [])
        ends = [name for name in same_name if name.endswith('/' + item.file)]
        if len(ends) == 1:
            return ends[0]
        problem = 'is not' if not ends else f'is {len(ends)} times'
        raise BadInput(f'{self.where(item)}: {problem} in {self._zip.filename}, nor beside it')

    def _index_npz(self) -> dict[int, tuple[str, int]]:
        """Return where images.npz holds each row: (array, index), index -1 = the whole array."""
        if self._npz is None:
            return {}
        keys = set(self._npz.files)
        if 'images' not in keys:
            return {item.row: (item.file, -1) for item in self.items if item.file in keys}
        self._stack = self._array('images', str(self.path / 'images.npz'))
        if 'files' in keys:
            files = self._array('files', str(self.path / 'images.npz'))
            order = {str(name): i for i, name in enumerate(files)}
            return {i.row: ('images', order[i.file]) for i in self.items if i.file in order}
        if len(self._stack) != len(self.items):
            raise BadInput(
                f'{self.path / "images.npz"}: {len(self._stack)} pictures,'
                f' but {self.table} has {len(self.items)} rows'
            )
        return {item.row: ('images', i) for i, item in enumerate(self.items)}

    def _array(self, key: str, where: str) -> NDArray[Any]:
        try:
            return np.asarray(self._npz[key])
        except (ValueError, OSError, zipfile.BadZipFile) as error:
            raise BadInput(f'{where}: {key} cannot be read: {error}') from error

    def _npz_image(self, item: Item) -> NDArray[np.uint8]:
        if item.row not in self._npz_rows:
            raise BadInput(f'{self.where(item)}: no such picture in {self.path / "images.npz"}')
        key, index = self._npz_rows[item.row]
        image = self._array(key, self.where(item)) if index < 0 else self._stack[index]
        if image.ndim == 3 and image.shape[2] == 1:
            image = image[:, :, 0]
        if (
            image.dtype != np.uint8
            or image.ndim not in (2, 3)
            or image.shape[2:] not in ((), (3,))
        ):
            raise BadInput(
                f'{self.where(item)}: needs uint8 (h, w) or (h, w, 3),'
                f' got {image.dtype} {image.shape}'
            )
        if image.size == 0:
            raise BadInput(f'{self.where(item)}: the picture has size 0 ({image.shape})')
        change = cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), change), dtype=np.uint8)
