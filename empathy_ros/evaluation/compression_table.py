# SPDX-License-Identifier: Apache-2.0
"""The table of compressed models: rows, their record beside the models, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import time

from empathy_ros.evaluation.common import BadInput

FILE = 'compression.json'
BEGIN, END = '<!-- compression table -->', '<!-- end of compression table -->'
BASE = 'fp32'
MB = 1_000_000
ROUNDS = 7


@dataclass(frozen=True)
class Row:
    """One variant of one model.

    Attributes:
        model: Id in the manifest.
        variant: fp32, int8, pruned, ...
        shipped: Whether it is the file that the package uses.
        size_bytes: Of all its files.
        sha256: Of its file, or of the network in its folder.
        metric: Name of the figure.
        data: Name of the folder or file it was measured on.
        value: The figure, 0..1.
        interval: Its 95 % interval.
        count: Number of items it was measured on.
        damaged: The same figure on damaged input; None where there is none.
        cpu_ms: Processor time of one item, one thread [ms].
    """

    model: str
    variant: str
    shipped: bool
    size_bytes: int
    sha256: str
    metric: str
    data: str
    value: float
    interval: tuple[float, float]
    count: int
    damaged: float | None
    cpu_ms: float


@dataclass(frozen=True)
class Measured:
    """What data say about one variant, and a call to time.

    Attributes:
        metric: Name of the figure.
        value: The figure, 0..1.
        interval: Its 95 % interval.
        count: Number of items.
        damaged: The same figure on damaged input; None where there is none.
        work: One call on one item each time, for the timing.
        calls: How many items `work` takes.
    """

    metric: str
    value: float
    interval: tuple[float, float]
    count: int
    damaged: float | None
    work: Callable[[], object]
    calls: int


def cpu_ms(work: Mapping[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return processor time of one item for each variant, which take turns [ms].

    The least of several rounds counts: other programs can only make a round slower.
    """
    least = dict.fromkeys(work, float('inf'))
    for _ in range(ROUNDS):
        for name, (call, calls) in work.items():
            start_s = time.process_time()
            call()
            spent_ms = 1000.0 * (time.process_time() - start_s) / calls
            least[name] = min(least[name], spent_ms)
    return least


def read(file: Path) -> list[Row]:
    """Return the recorded rows, none where nothing was recorded.

    Raises:
        BadInput: the record cannot be read.
    """
    if not file.is_file():
        return []
    try:
        content = json.loads(file.read_text(encoding='utf-8'))
        return [Row(**{**item, 'interval': tuple(item['interval'])}) for item in content]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadInput(f'{file}: not a record of compressed models ({error})') from error


def save(file: Path, rows: Sequence[Row]) -> None:
    """Write the record."""
    text = json.dumps([vars(row) for row in rows], indent=2)
    file.write_text(text + '\n', encoding='utf-8')


def markdown(rows: Sequence[Row]) -> str:
    """Return the table; ratios are against the fp32 row of the same model."""
    lines = [
        '| model | variant | MB | figure | value (95 %) | damaged | CPU ms | smaller | faster '
        '| points lost |',
        '|---|---|---|---|---|---|---|---|---|---|',
    ]
    base = {row.model: row for row in rows if row.variant == BASE}
    for row in rows:
        name = f'{row.variant}, shipped' if row.shipped else row.variant
        name = 'shipped' if row.variant == 'shipped' else name
        low, high = row.interval
        cells = [
            row.model,
            name,
            f'{row.size_bytes / MB:.2f}',
            f'{row.metric}; {row.data}, n = {row.count:,}',
            f'{row.value:.3f} ({low:.3f}-{high:.3f})',
            '' if row.damaged is None else f'{row.damaged:.3f}',
            f'{row.cpu_ms:.2f}',
            *_against(row, base.get(row.model)),
        ]
        lines.append('| ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines)


def _against(row: Row, base: Row | None) -> list[str]:
    if base is None or row is base:
        return ['', '', '']
    return [
        f'{base.size_bytes / row.size_bytes:.1f}x',
        f'{base.cpu_ms / row.cpu_ms:.1f}x',
        f'{100.0 * (base.value - row.value):.1f}',
    ]


def check_markers(file: Path) -> str:
    """Return the text of a page after checking that it has a place for the table.

    Raises:
        BadInput: unreadable, or without the two marks.
    """
    try:
        text = file.read_text(encoding='utf-8')
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f'{file}: cannot be read: {error}') from error
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise BadInput(f'{file}: needs the lines "{BEGIN}" and "{END}" once, in this order')
    return text


def write(file: Path, rows: Sequence[Row]) -> None:
    """Put the table between the two marks of a page.

    Raises:
        BadInput: the page has no such marks.
    """
    text = check_markers(file)
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    file.write_text(f'{before}{BEGIN}\n{markdown(rows)}\n{END}{after}', encoding='utf-8')
