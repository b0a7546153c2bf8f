# SPDX-License-Identifier: Apache-2.0
"""Reads the vote table of CREMA-D, summaryTable.csv as published.

The name of a clip tells actor and acted class; `FaceVote` and `VoiceVote` what most people saw in
the face alone and heard in the voice alone, with the mean level. VideoDemographics.csv beside it
gives the groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.fusion_data import (
    Channel,
    CHANNELS,
    Clips,
    group_of,
    number_in,
    plain_table,
    read_rows,
    Row,
)

COLUMNS = ('filename', 'voicevote', 'voicelevel', 'facevote', 'facelevel')
LETTERS = {
    'N': 'neutral', 'H': 'happiness', 'S': 'sadness', 'A': 'anger', 'D': 'disgust', 'F': 'fear',
}  # fmt: skip
CODES = {
    'NEU': 'neutral', 'HAP': 'happiness', 'SAD': 'sadness', 'ANG': 'anger', 'DIS': 'disgust',
    'FEA': 'fear',
}  # fmt: skip
DEMOGRAPHICS = 'VideoDemographics.csv'


def read(path: Path) -> Clips:
    """Read a vote table of CREMA-D or a plain table, told apart by the header.

    Raises:
        BadInput: The file cannot be used; the text names file and row.
    """
    header, rows = read_rows(path)
    if set(COLUMNS) <= set(header):
        return _votes_table(path, rows)
    return plain_table(path, header, rows)


def _votes_table(path: Path, rows: Sequence[Row]) -> Clips:
    classes = tuple(name for name in BASIC8.labels if name in CODES.values())
    truth, speaker = [], []
    for row, values in rows:
        parts = values['filename'].split('_')
        if len(parts) != 4 or parts[2] not in CODES:
            raise BadInput(
                f"{path} row {row}, column FileName: '{values['filename']}' is not"
                ' ACTOR_SENTENCE_EMOTION_LEVEL with one of ' + ', '.join(CODES)
            )
        truth.append(classes.index(CODES[parts[2]]))
        speaker.append(parts[0])
    channels = {
        m: _votes(path, rows, f'{m.value}vote', f'{m.value}level', classes) for m in CHANNELS
    }
    groups = _groups(path.parent / DEMOGRAPHICS, speaker)
    return Clips(path, 'crema_d', classes, np.array(truth), channels, tuple(speaker), groups)


def _votes(
    path: Path, rows: Sequence[Row], vote: str, level: str, classes: Sequence[str]
) -> Channel:
    """Return majority votes as shares; a tie is shared evenly and has the mean of its levels."""
    shares = np.zeros((len(rows), len(classes)))
    levels = np.zeros(len(rows))
    for i, (row, values) in enumerate(rows):
        where = f'{path} row {row}'
        letters, parts = values[vote].split(':'), values[level].split(':')
        if len(letters) != len(parts) or not set(letters) <= set(LETTERS):
            raise BadInput(
                f"{where}: {vote} '{values[vote]}' with {level} '{values[level]}': needs letters"
                f' of {", ".join(LETTERS)} and as many levels, separated by ":"'
            )
        for letter in letters:
            shares[i, classes.index(LETTERS[letter])] += 1.0 / len(letters)
        levels[i] = np.mean(
            [number_in(part, f'{where}, column {level}', 0.0, 100.0) for part in parts]
        )
    return Channel(shares, levels, np.ones(len(rows)))


def _groups(path: Path, speaker: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if not path.is_file():
        return {}
    _, rows = read_rows(path)
    missing = {'actorid', 'age', 'sex', 'race'} - set(rows[0][1])
    if missing:
        raise BadInput(f'{path} row 1: no column {", ".join(sorted(missing))}')
    known = {values['actorid']: values for _, values in rows}
    unknown = dict.fromkeys(('age', 'sex', 'race'), '')
    people = [known.get(name, unknown) for name in speaker]
    groups = {
        name: tuple(group_of(name, person[name]) for person in people)
        for name in ('age', 'sex', 'race')
    }
    return groups | {'older': tuple(_older(person['age']) for person in people)}


def _older(age: str) -> str:
    if not age:
        return 'unknown'
    return '60 and over' if age.isdigit() and int(age) >= 60 else 'under 60'
