# SPDX-License-Identifier: Apache-2.0
"""`empathy models train voice`: make a voice classifier from a corpus that you have.

Needs numpy and the sound decoder only. The file goes to the folder of fetched models and never
into the package. It records licence, date, speakers and the hashes of its clips, so that no
evaluation can score what it has heard.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime, timezone
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from empathy_ros import models
from empathy_ros.core.voice_fit import Examples, fit_head
from empathy_ros.core.voice_model import CALM, VOICE_LABELS, VoiceClassifier
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.voice_clips import examples_of, read_clips
from empathy_ros.evaluation.voice_corpora import CORPORA, Corpus, open_corpus
from empathy_ros.evaluation.voice_protocol import say

HELP = 'a voice classifier from a corpus that you have (CREMA-D, Emo-DB, RAVDESS, or your own)'
LEAST_PER_CLASS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `empathy models train voice`."""
    source = parser.add_mutually_exclusive_group(required=True)
    for name, corpus in CORPORA.items():
        option = '--' + name.replace('_', '-')
        source.add_argument(option, dest=name, type=Path, metavar='DIR',
            help=f'{corpus.name}, as distributed or with a labels.csv')  # fmt: skip
    source.add_argument('--data', type=Path, metavar='DIR',
        help='your own: labels.csv with file, label, speaker')  # fmt: skip
    parser.add_argument('--licence', default='', help='of weights trained on --data')
    parser.add_argument('--noncommercial', action='store_true',
        help='weights trained on --data are for non-commercial use only')  # fmt: skip
    parser.add_argument('--out', type=Path, metavar='FILE.npz',
        help='where to write [voice_NAME.npz in the folder of models]')  # fmt: skip
    parser.add_argument('--json', action='store_true', help='one JSON object on stdout')


def main(args: argparse.Namespace) -> int:
    """Train and write; return 0.

    Raises:
        BadInput: The corpus cannot be used, or the file cannot be written.
    """
    path, corpus, out = _chosen(args)
    if out.suffix != '.npz':
        raise BadInput(f'--out {out}: give a name that ends in .npz')
    _check_place(out)
    classifier = trained(path, corpus)
    try:
        digest = voice_model.save(out, classifier)
    except ModelError as error:
        raise BadInput(str(error)) from error
    told = {k: v for k, v in classifier.facts.items() if k != 'hashes'}
    told |= {'file': str(out), 'sha256': digest, 'licence': classifier.licence,
             'noncommercial': classifier.noncommercial, 'labels': classifier.labels}  # fmt: skip
    if args.json:
        print(json.dumps(told))
        return 0
    for key, value in told.items():
        print(f'{key:14} {value}')
    accept = ', accept_noncommercial: true' if classifier.noncommercial else ''
    print(f'use it: voice_affect parameters model: {out.stem}{accept}')
    return 0


def trained(path: Path, corpus: Corpus) -> VoiceClassifier:
    """Return a classifier fitted to all speakers of a corpus.

    Raises:
        BadInput: see dataset.DataFolder and voice_clips.
    """
    folder = open_corpus(path, corpus)
    labels = {item.label for item in folder.items}
    names = tuple(label for label in VOICE_LABELS if label in labels)
    if CALM in names and 'neutral' not in names:
        raise BadInput(f'{folder.table}: calm without neutral; call it neutral')
    rare = [n for n, k in Counter(i.label for i in folder.items).items() if k < LEAST_PER_CLASS]
    if rare:
        raise BadInput(
            f'{folder.table}: fewer than {LEAST_PER_CLASS} clips of {", ".join(sorted(rare))}'
        )
    clips = read_clips(folder, folder.items, copies=True)
    data, _ = examples_of(clips, names)
    say('head for unknown voices')
    plain = fit_head(data, known_voice=False, progress=say)
    say('head for voices whose usual sound is known')
    known = fit_head(data, known_voice=True, progress=say)
    return VoiceClassifier(
        names, plain, known, licence=corpus.licence, noncommercial=corpus.noncommercial,
        facts=_facts(corpus, data, clips.hashes, clips.seconds),
    )  # fmt: skip


def _check_place(out: Path) -> None:
    """Raise BadInput now where the file could not be written after minutes of training."""
    if out.is_dir():
        raise BadInput(f'--out {out}: is a folder; give a name that ends in .npz')
    near = next(parent for parent in out.absolute().parents if parent.exists())
    if not near.is_dir() or not os.access(near, os.W_OK | os.X_OK):
        raise BadInput(f'--out {out}: {near} cannot be written to; name another place')


def _facts(
    corpus: Corpus, data: Examples, hashes: tuple[str, ...], seconds: float
) -> dict[str, Any]:
    whole = hashlib.sha256('\n'.join(sorted(hashes)).encode()).hexdigest()
    counts = np.bincount(data.labels, minlength=len(data.names))
    return {
        'trained_on': corpus.name,
        'clips': len(data.labels),
        'speakers': len(np.unique(data.speakers)),
        'seconds': round(seconds, 1),
        'per_class': {n: int(k) for n, k in zip(data.names, counts, strict=True)},
        'data_fingerprint': whole,
        'hashes': sorted(digest[:16] for digest in hashes),
        'date': datetime.now(timezone.utc).date().isoformat(),
    }


def _chosen(args: argparse.Namespace) -> tuple[Path, Corpus, Path]:
    """Return folder, corpus and file to write."""
    for name, corpus in CORPORA.items():
        path = getattr(args, name)
        if path is not None:
            return path, corpus, args.out or models.models_folder() / f'voice_{name}.npz'
    if not args.licence:
        raise BadInput('--data: say under which --licence the weights may be used')
    own = Corpus(str(args.data), args.licence, args.noncommercial, '', {})
    return args.data, own, args.out or models.models_folder() / 'voice_own.npz'
