# SPDX-License-Identifier: Apache-2.0
"""Fit how reliable face and voice are from the CREMA-D vote tables; write the numbers into core.

    python training/fusion_reliability/fit.py --data DATA/voice/crema_d_votes/summaryTable.csv

Deterministic: a fixed seed splits the actors, nothing else is drawn. The log with the hash of the
table goes to stderr. Only fitted numbers are written, never a row of the table.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
import sys

import numpy as np

from empathy_ros.core.reliability import ReliabilityTable
from empathy_ros.core.types import Modality
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.fusion_crema import read
from empathy_ros.evaluation.fusion_data import CHANNELS, Clips
from empathy_ros.evaluation.fusion_fit import fit, folds_by_person, Heard

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / 'empathy_ros' / 'core' / 'reliability_numbers.py'
FOLDS = 7
SEED = 20261125

HEAD = '''# SPDX-License-Identifier: Apache-2.0
"""Numbers of core/reliability.py, fitted by training/fusion_reliability/fit.py; do not edit.

Fitted from the crowd votes of CREMA-D ({clips} clips, {actors} actors; summaryTable.csv, SHA-256
{digest}...): Cao, Cooper, Keutmann, Gur, Nenkova, Verma, CREMA-D: Crowd-sourced
emotional multimodal actors dataset, IEEE Transactions on Affective Computing 5 (2014) 377-390.
The tables are under the Open Database License 1.0; these numbers are a work produced from them.

Per channel: one block per level knot, one row per class shown, one column per class named, in
parts per ten thousand; all blocks of a row together sum to 10000.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

CLASSES = ({classes})
'''

TAIL = '''
_JOINT = MappingProxyType({'face': FACE, 'voice': VOICE})


def joint(name: str) -> NDArray[np.float64]:
    """Return the table of 'face' or 'voice', shape (knots, shown, named); rows sum to 1."""
    k = len(CLASSES)
    table = np.array(_JOINT[name].split(), dtype=np.float64).reshape(-1, k, k)
    table = np.maximum(table, 0.01)
    return np.asarray(table / table.sum(axis=(0, 2))[:, None])
'''


def block(name: str, table: ReliabilityTable) -> str:
    """Return the numbers of one channel as Python text."""
    knots = [
        '\n'.join(' '.join(f'{10000 * p:7.2f}' for p in row) for row in knot)
        for knot in table.joint
    ]
    body = '\n\n'.join(knots)
    return f'\n{name.upper()} = """\n{body}\n"""\n'


def mapping(name: str, rows: dict[str, np.ndarray], digits: int) -> str:
    """Return a mapping from channel to numbers as Python text."""
    lines = [
        f"        '{channel}': ({', '.join(f'{value:.{digits}f}' for value in row)}),"
        for channel, row in rows.items()
    ]
    return '\n'.join([f'{name} = MappingProxyType(', '    {', *lines, '    }', ')', ''])


def module(clips: Clips, digest: str, tables: dict[Modality, ReliabilityTable]) -> str:
    """Return the text of core/reliability_numbers.py."""
    head = HEAD.format(
        clips=len(clips.truth), actors=len(set(clips.speaker)), digest=digest[:16],
        classes=', '.join(f"'{name}'" for name in clips.classes),
    )  # fmt: skip
    levels = {m.value: table.levels for m, table in tables.items()}
    weights = {m.value: table.weight for m, table in tables.items()}
    parts = [
        head, '# Level of intensity at each knot [percent].\n', mapping('LEVELS', levels, 2),
        '# What the log evidence about each class counts.\n', mapping('WEIGHT', weights, 3),
        *(block(m.value, table) for m, table in tables.items()), TAIL,
    ]  # fmt: skip
    return ''.join(parts)


def main() -> int:
    """Fit and write; 2 = the table cannot be used."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').split('\n')[0])
    parser.add_argument('--data', type=Path, required=True, help='summaryTable.csv of CREMA-D')
    parser.add_argument('--out', type=Path, default=TARGET, help='file to write')
    args = parser.parse_args()
    try:
        clips = read(args.data)
        if clips.form != 'crema_d':
            raise BadInput(f'{args.data}: is not the summaryTable.csv of CREMA-D')
    except BadInput as error:
        print(f'fit: {error}', file=sys.stderr)
        return 2
    digest = hashlib.sha256(args.data.read_bytes()).hexdigest()
    print(f'{args.data}: sha256 {digest}, {len(clips.truth)} clips', file=sys.stderr)
    heard = [Heard(clips.channels[m].shares, clips.channels[m].level) for m in CHANNELS]
    tables = fit(heard, clips.truth, folds_by_person(clips.speaker, FOLDS, SEED))
    args.out.write_text(
        module(clips, digest, dict(zip(CHANNELS, tables, strict=True))), encoding='utf-8'
    )
    print(f'wrote {args.out}', file=sys.stderr)
    return 0


if __name__ == '__main__':
    sys.exit(main())
