# SPDX-License-Identifier: Apache-2.0
"""`empathy eval text`: how well the text model labels sentences in the GoEmotions form.

A .tsv file has no header; each line holds text, comma-separated label ids and an id, separated by
tabs. Label ids are 0-based positions in the GoEmotions list (taxonomy.GOEMOTIONS28). A .csv file
has ratings instead of labels, see text_ratings.py.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import EKMAN_GROUPS, ekman_scores, GOEMOTIONS28
from empathy_ros.core.text import TextAffect
from empathy_ros.engines import text_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import text_ratings
from empathy_ros.evaluation.common import BadInput, ece, Progress, wilson

Bools = NDArray[np.bool_]

BOOTSTRAP_ROUNDS = 300
BOOTSTRAP_SEED = 0
EKMAN_LABELS = tuple(EKMAN_GROUPS)
SENTIMENTS = {
    'positive': ('happiness',),
    'negative': ('sadness', 'anger', 'disgust', 'fear'),
    'ambiguous': ('surprise',),
    'neutral': ('neutral',),
}
"""Ekman groups of each sentiment, as in Demszky et al. (2020)."""
_MEMBERS = [[GOEMOTIONS28.index(name) for name in group] for group in EKMAN_GROUPS.values()]


@dataclass(frozen=True)
class Sentences:
    """Texts and their labels, truth of shape (n, 28)."""

    texts: tuple[str, ...]
    truth: Bools


@dataclass(frozen=True)
class Answers:
    """What the model said: p (n, 28), abstained (n,), confidence (n,), time per sentence [ms]."""

    p: NDArray[np.float64]
    abstained: Bools
    confidence: NDArray[np.float64]
    ms_per_sentence: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `empathy eval text`."""
    parser.add_argument(
        '--data',
        required=True,
        type=Path,
        metavar='FILE',
        help='text, comma-separated label ids (0-27), id; tab-separated, no header; or a .csv '
        'file with the columns text, V, A, D',
    )
    parser.add_argument(
        '--model', default=text_models.ENCODER, help='model in the manifest [%(default)s]'
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Evaluate and return the JSON object.

    Raises:
        BadInput: The file cannot be used (text names file and line), or the model is missing.
    """
    try:
        affect = TextAffect(text_models.load(args.model))
    except ModelError as error:
        raise BadInput(str(error)) from error
    if args.data.suffix == '.csv':
        figures = text_ratings.run(args.data, affect)
    else:
        sentences = read(args.data)
        figures = report(affect, sentences, answer(affect, sentences.texts))
    return {'task': 'text', 'data': str(args.data)} | figures


def read(path: Path) -> Sentences:
    """Read a file in the GoEmotions form.

    Raises:
        BadInput: Missing, empty, not UTF-8, wrong number of columns, unknown label id.
    """
    if not path.is_file():
        problem = 'is a folder' if path.is_dir() else 'no such file'
        raise BadInput(f'{path}: {problem}; give a .tsv file with text, label ids, id')
    try:
        lines = path.read_bytes().removeprefix(b'\xef\xbb\xbf').split(b'\n')
    except OSError as error:
        raise BadInput(f'{path}: cannot be read: {error.strerror}') from error
    if lines[-1].strip() == b'':
        lines.pop()
    if not lines:
        raise BadInput(f'{path}: the file is empty; each line needs text, label ids, id')
    texts: list[str] = []
    truth = np.zeros((len(lines), len(GOEMOTIONS28)), dtype=np.bool_)
    for row, raw in enumerate(lines):
        where = f'{path}, line {row + 1}'
        columns = _decode(raw, where).rstrip('\r').split('\t')
        if len(columns) != 3:
            raise BadInput(
                f'{where}: {len(columns)} column(s), expected 3 separated by tabs: '
                'text, label ids, id'
            )
        texts.append(columns[0])
        truth[row, _label_ids(columns[1], where)] = True
    return Sentences(tuple(texts), truth)


def _decode(raw: bytes, where: str) -> str:
    try:
        return raw.decode('utf-8')
    except UnicodeDecodeError as error:
        raise BadInput(
            f'{where}: not UTF-8 (byte {error.start + 1}); save the file as UTF-8'
        ) from error


def _label_ids(column: str, where: str) -> list[int]:
    ids = []
    for part in column.split(','):
        if not (part.strip().isascii() and part.strip().isdigit()):
            raise BadInput(f"{where}: label id '{part}' is not a number from 0 to 27")
        if int(part) >= len(GOEMOTIONS28):
            raise BadInput(f'{where}: unknown label id {int(part)}, known: 0 to 27')
        ids.append(int(part))
    return ids


def answer(affect: TextAffect, texts: tuple[str, ...]) -> Answers:
    """Run the model on each sentence by itself, as the node does, and measure the time."""
    progress = Progress('text', len(texts))
    abstained = np.zeros(len(texts), dtype=np.bool_)
    confidence = np.zeros(len(texts))
    spent_s = 0.0
    for row, text in enumerate(texts):
        start_s = time.perf_counter()
        estimate = affect.estimate(text, stamp_ns=0, person_id='')
        spent_s += time.perf_counter() - start_s
        abstained[row], confidence[row] = estimate.abstained, estimate.confidence
        progress.step(row + 1)
    p = affect.model.probabilities(texts)
    return Answers(p, abstained, confidence, 1000.0 * spent_s / len(texts))


def report(affect: TextAffect, sentences: Sentences, answers: Answers) -> dict[str, Any]:
    """Return all figures; labels are given where p reaches the label's threshold.

    The F1 figures count every sentence, also those on which the estimate abstains; one without
    words gets no label. Macro averages take the labels that occur in the file.
    """
    decision = affect.model.decision
    truth, p = sentences.truth, np.nan_to_num(answers.p)
    given = p >= decision.thresholds
    ekman_truth = np.stack([truth[:, g].any(axis=1) for g in _MEMBERS], axis=1)
    ekman_given = ekman_scores(p) >= decision.ekman_thresholds
    right = truth[np.arange(len(p)), p.argmax(axis=1)]
    told = ~answers.abstained
    return {
        'n': len(p),
        'macro_f1': macro_f1(given, truth),
        'macro_f1_interval': _bootstrap(given, truth),
        'micro_f1': _f1(given, truth),
        'per_class': _per_class(given, truth, GOEMOTIONS28.labels),
        'labels_without_support': [
            name
            for name, there in zip(GOEMOTIONS28.labels, truth.any(axis=0), strict=True)
            if not there
        ],
        'ekman_macro_f1': macro_f1(ekman_given, ekman_truth),
        'ekman_macro_f1_interval': _bootstrap(ekman_given, ekman_truth),
        'sentiment_macro_f1': macro_f1(sentiments(given), sentiments(truth)),
        'sentiment_per_class': _per_class(sentiments(given), sentiments(truth), tuple(SENTIMENTS)),
        'ekman_per_class': _per_class(ekman_given, ekman_truth, EKMAN_LABELS),
        'abstain_rate': float(answers.abstained.mean()),
        'accuracy_when_answering': _share(right[told]),
        'ece': _number(ece(answers.confidence[told], right[told])),
        'ece_all_labels': float(np.mean([ece(p[:, k], truth[:, k]) for k in range(p.shape[1])])),
        'ms_per_sentence': answers.ms_per_sentence,
        'model': {'id': decision.model_id, 'hash': decision.model_hash},
    }


def sentiments(labels: Bools) -> Bools:
    """Return which sentiments the labels of each row belong to, (n, 4), from (n, 28)."""
    groups = dict(zip(EKMAN_LABELS, _MEMBERS, strict=True))
    members = [[k for name in names for k in groups[name]] for names in SENTIMENTS.values()]
    return np.stack([labels[:, columns].any(axis=1) for columns in members], axis=1)


def macro_f1(given: Bools, truth: Bools) -> float | None:
    """Return the mean F1 over the labels that occur in `truth`, None without any."""
    scores = [_f1(given[:, k], truth[:, k]) for k in np.flatnonzero(truth.any(axis=0))]
    return float(np.mean(scores)) if scores else None


def _f1(given: Bools, truth: Bools) -> float:
    total = int(given.sum()) + int(truth.sum())
    return 2.0 * int((given & truth).sum()) / total if total else 0.0


def _bootstrap(given: Bools, truth: Bools) -> list[float]:
    """Return the 95 % percentile interval of the macro F1 over resampled sentences."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    n = len(truth)
    counts = rng.multinomial(n, np.full(n, 1.0 / n), size=BOOTSTRAP_ROUNDS).astype(np.float64)
    hits = counts @ (given & truth)
    totals = counts @ (given.astype(np.float64) + truth)
    there = counts @ truth > 0.0
    f1 = np.divide(2.0 * hits, totals, out=np.zeros_like(hits), where=totals > 0.0)
    macro = np.where(there, f1, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return [float(bound) for bound in np.percentile(macro, (2.5, 97.5))]


def _per_class(given: Bools, truth: Bools, labels: tuple[str, ...]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for k, label in enumerate(labels):
        hits = int((given[:, k] & truth[:, k]).sum())
        answered, support = int(given[:, k].sum()), int(truth[:, k].sum())
        table[label] = {
            'precision': hits / answered if answered else None,
            'precision_interval': [_number(bound) for bound in wilson(hits, answered)],
            'recall': hits / support if support else None,
            'recall_interval': [_number(bound) for bound in wilson(hits, support)],
            'f1': _f1(given[:, k], truth[:, k]) if support else None,
            'support': support,
        }
    return table


def _share(hits: Bools) -> float | None:
    return float(hits.mean()) if hits.size else None


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
