# SPDX-License-Identifier: Apache-2.0
"""Finds the clips of well-known speech corpora as they are distributed, without a labels.csv.

A folder with a labels.csv is read like any other data folder. Otherwise class and speaker come
from the file names:

* Emo-DB `03a01Wa.wav`: speaker 03, sentence a01, emotion W (Burkhardt et al., Interspeech 2005).
* CREMA-D `1001_DFA_ANG_XX.wav`: actor 1001, emotion ANG (Cao et al., IEEE Trans. Affective
  Computing 5, 2014).
* RAVDESS `03-01-05-01-01-01-12.wav`: speech, emotion 05, actor 12 (Livingstone and Russo, PLOS ONE
  13, 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
import csv
from dataclasses import dataclass
from pathlib import Path
import re
import tempfile

from empathy_ros.core.voice_model import VOICE_LABELS
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import DataFolder

SOUND = ('.wav', '.flac', '.mp3')


@dataclass(frozen=True)
class Corpus:
    """What must be known of a corpus to train on it.

    Attributes:
        name: For people and for the model's facts.
        licence: Of weights trained on it.
        noncommercial: True = such weights are for non-commercial use only.
        pattern: Of a file name without ending; groups `speaker` and `emotion`.
        emotions: Code in the name -> label; '' = left out.
    """

    name: str
    licence: str
    noncommercial: bool
    pattern: str
    emotions: Mapping[str, str]


CORPORA = {
    'crema_d': Corpus(
        'CREMA-D', 'ODbL-1.0 (data); weights taken as a produced work, with notice', False,
        r'(?P<speaker>\d{4})_[A-Z]{3}_(?P<emotion>[A-Z]{3})_[A-Z]{2}',
        {'ANG': 'anger', 'DIS': 'disgust', 'FEA': 'fear', 'HAP': 'happiness', 'NEU': 'neutral',
         'SAD': 'sadness'},
    ),
    'emodb': Corpus(
        'Emo-DB', 'free use as stated by its authors; confirm before you pass weights on', False,
        r'(?P<speaker>\d{2})[ab]\d{2}(?P<emotion>[WLEAFTN])[a-z]?',
        {'W': 'anger', 'F': 'happiness', 'N': 'neutral', 'T': 'sadness', 'A': 'fear',
         'E': 'disgust', 'L': ''},
    ),
    'ravdess': Corpus(
        'RAVDESS', 'CC-BY-NC-SA-4.0', True,
        r'03-01-(?P<emotion>\d{2})-\d{2}-\d{2}-\d{2}-(?P<speaker>\d{2})',
        {'01': 'neutral', '02': 'calm', '03': 'happiness', '04': 'sadness', '05': 'anger',
         '06': 'fear', '07': 'disgust', '08': 'surprise'},
    ),
}  # fmt: skip


def open_corpus(path: Path, corpus: Corpus | None) -> DataFolder:
    """Return the clips of a folder with a labels.csv, or of a known corpus as distributed.

    Raises:
        BadInput: no such folder, no labels.csv and no file named as in the corpus.
    """
    if (path / 'labels.csv').is_file() or corpus is None or not path.is_dir():
        return DataFolder(path, VOICE_LABELS)
    rows = []
    for file in sorted(path.rglob('*')):
        match = re.fullmatch(corpus.pattern, file.stem)
        if match is None or file.suffix.lower() not in SOUND:
            continue
        label = corpus.emotions.get(match['emotion'], '')
        if label:
            rows.append((str(file.resolve()), match['speaker'], label))
    if not rows:
        raise BadInput(f'{path}: holds no labels.csv and no sound file named as in {corpus.name}')
    with tempfile.TemporaryDirectory(prefix='empathy-corpus-') as made:
        with (Path(made) / 'labels.csv').open('w', newline='', encoding='utf-8') as table:
            writer = csv.writer(table)
            writer.writerow(('file', 'speaker', 'label'))
            writer.writerows(rows)
        # Names are absolute, so the rows stay readable after the made table is gone.
        folder = DataFolder(Path(made), VOICE_LABELS)
    folder.table = path
    return folder
