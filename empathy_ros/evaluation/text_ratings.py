# SPDX-License-Identifier: Apache-2.0
"""`empathy eval text` on rated sentences in the EmoBank form: derived valence and its neighbours.

The .csv file has the columns text, V, A, D: valence, arousal and dominance on a scale from 1 to 5
(Buechel and Hahn, EACL 2017). The words' own values are derived from label probabilities.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import GOEMOTIONS_VAD
from empathy_ros.core.text import TextAffect
from empathy_ros.evaluation.common import BadInput, Progress

RATINGS = ('V', 'A', 'D')
NAMES = ('valence', 'arousal', 'dominance')
LOWEST, HIGHEST = 1.0, 5.0
ROUNDS, SEED = 1000, 0
Floats = NDArray[np.float64]


def run(path: Path, affect: TextAffect) -> dict[str, Any]:
    """Compare derived values with ratings, and return the JSON object.

    Raises:
        BadInput: The file cannot be used; the text names file and line.
    """
    texts, ratings = read(path)
    progress = Progress('text', len(texts))
    rows = []
    for done, text in enumerate(texts, start=1):
        rows.append(affect.model.probabilities([text])[0])
        progress.step(done)
    p = np.stack(rows)
    total = p.sum(axis=1)
    readable = np.isfinite(total) & (total > 0.0)
    derived = p[readable] @ GOEMOTIONS_VAD / total[readable, None]
    return {
        'n': len(texts),
        'unreadable': int((~readable).sum()),
        'correlation': {
            name: correlation(derived[:, k], ratings[readable, k]) for k, name in enumerate(NAMES)
        },
        'published': ['valence'],
        'model': {'id': affect.model.decision.model_id, 'hash': affect.model.decision.model_hash},
    }


def read(path: Path) -> tuple[list[str], Floats]:
    """Return texts and their ratings, shape (n, 3).

    Raises:
        BadInput: Missing, empty, not UTF-8, a column is missing, or a rating is not from 1 to 5.
    """
    if not path.is_file():
        problem = 'is a folder' if path.is_dir() else 'no such file'
        raise BadInput(f'{path}: {problem}; give a .csv file with the columns text, V, A, D')
    texts, ratings = [], []
    try:
        with path.open(encoding='utf-8-sig', newline='') as file:
            table = csv.DictReader(file)
            names = list(table.fieldnames or ())
            missing = [name for name in ('text', *RATINGS) if name not in names]
            if double := sorted({name for name in names if names.count(name) > 1}):
                raise BadInput(f'{path}, line 1: column {", ".join(double)} is there twice')
            if missing:
                raise BadInput(f'{path}: no column {", ".join(missing)}; needs text, V, A, D')
            for row in table:
                if None in row or None in row.values():
                    raise BadInput(
                        f'{path}, line {table.line_num}: the header has {len(names)} fields, this'
                        ' line has another number'
                    )
                texts.append(row['text'] or '')
                ratings.append(
                    [_rating(row[name], name, path, table.line_num) for name in RATINGS]
                )
    except UnicodeDecodeError as error:
        raise BadInput(f'{path}: not UTF-8 (byte {error.start + 1}); save it as UTF-8') from error
    except (OSError, csv.Error) as error:
        raise BadInput(f'{path}: cannot be read as a table: {error}') from error
    if not texts:
        raise BadInput(f'{path}: no rows below the header')
    return texts, np.array(ratings)


def _rating(word: str | None, name: str, path: Path, line: int) -> float:
    try:
        value = float(word or '')
    except ValueError:
        value = math.nan
    if not LOWEST <= value <= HIGHEST:
        raise BadInput(f"{path}, line {line}: {name} is '{word}', needs a number from 1 to 5")
    return value


def correlation(a: Floats, b: Floats) -> dict[str, Any]:
    """Return Pearson's r with its 95 % bootstrap interval; None where it is not defined."""
    if len(a) < 3 or a.std() == 0.0 or b.std() == 0.0:
        return {'r': None, 'interval': None}
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(ROUNDS):
        rows = rng.integers(0, len(a), len(a))
        if np.ptp(a[rows]) > 0.0 and np.ptp(b[rows]) > 0.0:  # else r is not defined
            draws.append(np.corrcoef(a[rows], b[rows])[0, 1])
    low, high = np.percentile(draws, (2.5, 97.5))
    return {'r': float(np.corrcoef(a, b)[0, 1]), 'interval': [float(low), float(high)]}
