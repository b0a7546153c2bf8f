# SPDX-License-Identifier: Apache-2.0
"""Train the linear text model on GoEmotions and write models/text_affect_linear.npz.

    python training/text_affect/train.py --data DIR --out models/text_affect_linear.npz

DIR holds train.tsv, dev.tsv and labels.txt (text, label ids, id; no header). Everything that is
chosen (thresholds, calibration) comes from folds of train.tsv; dev.tsv is only measured.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
import hashlib
import os
from pathlib import Path
import sys
import time

os.environ.setdefault('OMP_NUM_THREADS', '1')  # before numpy: the same sums on every machine
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
import sklearn
from sklearn.linear_model import LogisticRegression

from empathy_ros.core import text_features
from empathy_ros.core.taxonomy import EKMAN_GROUPS, ekman_scores, GOEMOTIONS28
from empathy_ros.core.text import TextAffect
from empathy_ros.core.text_linear import LinearText
from empathy_ros.core.text_weights import TextWeights, Vocabulary
from empathy_ros.engines import text_linear
from empathy_ros.evaluation import text as evaluation

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LABELS = len(GOEMOTIONS28)
MIN_WORD_COUNT = 2  # texts that must hold a word or pair
MIN_PIECE_COUNT = 5
PIECE_WEIGHT = 0.7
C = 1.0
BALANCE = 0.4  # weight of the positives = (negatives / positives) ** BALANCE
FOLDS = 5
SEED = 7
MAX_ITERATIONS = 500


@dataclass(frozen=True)
class Features:
    """A vocabulary with its inverse document frequencies; words first, then pieces."""

    vocabulary: dict[str, int]
    n_words: int
    idf: Floats

    @classmethod
    def learn(cls, counts: list[Counter[str]]) -> Features:
        """Keep what occurs in enough texts; idf = ln((1 + n) / (1 + df)) + 1."""
        frequency: Counter[str] = Counter()
        for row in counts:
            frequency.update(row.keys())
        words = sorted(
            g
            for g, n in frequency.items()
            if not text_features.is_piece(g) and n >= MIN_WORD_COUNT
        )
        pieces = sorted(
            g for g, n in frequency.items() if text_features.is_piece(g) and n >= MIN_PIECE_COUNT
        )
        df = np.array([frequency[gram] for gram in words + pieces], dtype=np.float64)
        idf = np.log((1.0 + len(counts)) / (1.0 + df)) + 1.0
        return cls({g: row for row, g in enumerate(words + pieces)}, len(words), idf)

    def matrix(self, counts: list[Counter[str]]) -> sparse.csr_matrix:
        """Return the same TF-IDF values that core/text.py computes at run time, one text a row."""
        indptr, indices, values = [0], [], []
        for row in counts:
            found = [(self.vocabulary[g], n) for g, n in row.items() if g in self.vocabulary]
            column = np.array([c for c, _ in found], dtype=np.int64)
            value = (1.0 + np.log([n for _, n in found])) * self.idf[column]
            piece = column >= self.n_words
            for block, weight in ((~piece, 1.0), (piece, PIECE_WEIGHT)):
                length = np.linalg.norm(value[block])
                value[block] *= weight / length if length else 0.0
            indices.append(column)
            values.append(value)
            indptr.append(indptr[-1] + len(column))
        parts = (np.concatenate(values), np.concatenate(indices), indptr)
        return sparse.csr_matrix(parts, shape=(len(counts), len(self.vocabulary)))


def count(texts: tuple[str, ...]) -> list[Counter[str]]:
    """Return the counted strings of each text."""
    return [Counter(text_features.grams(text_features.tokens(text))) for text in texts]


def fit(x: sparse.csr_matrix, truth: Bools) -> tuple[Floats, Floats]:
    """Return weights (n_features, 28) and biases (28,) of one-vs-rest logistic regression."""
    weights, bias = np.zeros((x.shape[1], LABELS)), np.zeros(LABELS)
    for k in range(LABELS):
        positives = truth[:, k].sum()
        ratio = (len(truth) - positives) / positives
        model = LogisticRegression(
            C=C,
            class_weight={False: 1.0, True: ratio**BALANCE},
            solver='liblinear',
            dual=True,
            tol=1e-3,
            max_iter=MAX_ITERATIONS,
            random_state=SEED,
        )
        model.fit(x, truth[:, k])
        weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    return weights, bias


def out_of_fold(counts: list[Counter[str]], truth: Bools) -> Floats:
    """Return scores (n, 28) of each text by a model that has not seen it."""
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(counts))
    scores = np.zeros(truth.shape)
    for number in range(FOLDS):
        started_s = time.monotonic()
        inside = [row for row, f in zip(counts, fold, strict=True) if f != number]
        outside = [row for row, f in zip(counts, fold, strict=True) if f == number]
        features = Features.learn(inside)
        weights, bias = fit(features.matrix(inside), truth[fold != number])
        scores[fold == number] = features.matrix(outside) @ weights + bias
        print(f'fold {number + 1}/{FOLDS}: {time.monotonic() - started_s:.0f} s', flush=True)
    return scores


def platt(score: Floats, truth: Bools) -> tuple[float, float]:
    """Return slope and offset of the logistic curve from score to probability."""
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(score.reshape(-1, 1), truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(p: Floats, truth: Bools) -> float:
    """Return the probability above which answering gives the best F1."""
    order = np.argsort(-p, kind='stable')
    hits = np.cumsum(truth[order])
    f1 = 2.0 * hits / (np.arange(1, len(p) + 1) + truth.sum())
    best = int(np.argmax(f1))
    below = p[order[min(best + 1, len(p) - 1)]]
    return float((p[order[best]] + below) / 2.0)


def calibrate(scores: Floats, truth: Bools) -> dict[str, NDArray[np.float32] | float]:
    """Return Platt constants, thresholds and the confidence curve from out-of-fold scores."""
    curves = np.array([platt(scores[:, k], truth[:, k]) for k in range(LABELS)])
    p = 1.0 / (1.0 + np.exp(-(scores * curves[:, 0] + curves[:, 1])))
    thresholds = [best_threshold(p[:, k], truth[:, k]) for k in range(LABELS)]
    groups = [[GOEMOTIONS28.index(name) for name in group] for group in EKMAN_GROUPS.values()]
    ekman = ekman_scores(p)
    ekman_thresholds = [
        best_threshold(ekman[:, k], truth[:, g].any(axis=1)) for k, g in enumerate(groups)
    ]
    top = np.clip(p.max(axis=1), 1e-6, 1.0 - 1e-6)
    right = truth[np.arange(len(p)), p.argmax(axis=1)]
    top_slope, top_offset = platt(np.log(top / (1.0 - top)), right)
    print_folds(p, truth, scores)
    return {
        'slope': curves[:, 0].astype(np.float32),
        'offset': curves[:, 1].astype(np.float32),
        'thresholds': np.array(thresholds, dtype=np.float32),
        'ekman_thresholds': np.array(ekman_thresholds, dtype=np.float32),
        'top_slope': top_slope,
        'top_offset': top_offset,
    }


def print_folds(p: Floats, truth: Bools, scores: Floats) -> None:
    """Print the macro F1 on train with thresholds from the other half of the texts."""
    half = np.random.default_rng(SEED + 1).integers(0, 2, len(p))
    given = np.zeros_like(truth)
    for part in (0, 1):
        for k in range(LABELS):
            limit = best_threshold(p[half != part, k], truth[half != part, k])
            given[half == part, k] = p[half == part, k] >= limit
    print(
        f'out-of-fold macro F1, cross-fitted thresholds: {evaluation.macro_f1(given, truth):.4f}'
    )


def train(sentences: evaluation.Sentences, scores_file: Path | None) -> TextWeights:
    """Return the finished weights, int8, from one set of labelled sentences.

    Args:
        sentences: What to train on.
        scores_file: .npz that gets the probability of each label (n, 28) by the folds.
    """
    counts = count(sentences.texts)
    scores = out_of_fold(counts, sentences.truth)
    calibration = calibrate(scores, sentences.truth)
    if scores_file:
        curve = scores * calibration['slope'] + calibration['offset']
        np.savez_compressed(scores_file, probability=1.0 / (1.0 + np.exp(-curve)))
    features = Features.learn(counts)
    weights, bias = fit(features.matrix(counts), sentences.truth)
    scale = np.abs(weights).max(axis=0) / 127.0
    return TextWeights(
        vocabulary=Vocabulary(sorted(features.vocabulary, key=features.vocabulary.__getitem__)),
        n_words=features.n_words,
        piece_weight=PIECE_WEIGHT,
        idf=features.idf.astype(np.float32),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        **calibration,  # type: ignore[arg-type]
    )


def main() -> None:
    """Train, write, and print the figures on dev.tsv."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    data_root = os.environ.get('EMPATHY_DATA')
    default = Path(data_root) / 'text' / 'goemotions' if data_root else None
    parser.add_argument('--data', type=Path, default=default, required=default is None)
    parser.add_argument('--out', type=Path, default=Path('models') / 'text_affect_linear.npz')
    parser.add_argument('--scores', type=Path, help='.npz that gets what the folds say')
    args = parser.parse_args()
    labels = tuple((args.data / 'labels.txt').read_text(encoding='utf-8').split())
    if labels != GOEMOTIONS28.labels:
        parser.error(f'{args.data}/labels.txt does not hold the labels of {GOEMOTIONS28.id}')
    digests = {
        name: hashlib.sha256((args.data / name).read_bytes()).hexdigest()
        for name in ('train.tsv', 'dev.tsv')
    }
    for name, digest in digests.items():
        print(f'{name}: sha256 {digest}')
    weights = train(evaluation.read(args.data / 'train.tsv'), args.scores)
    meta = {
        'data': 'GoEmotions (Demszky et al., ACL 2020), CC BY 4.0',
        'train_sha256': digests['train.tsv'],
        'seed': SEED,
        'folds': FOLDS,
        'c': C,
        'balance': BALANCE,
        'scikit_learn': sklearn.__version__,
    }
    digest = text_linear.save(args.out, weights, meta)
    print(f'{args.out}: {args.out.stat().st_size} bytes, sha256 {digest}')
    affect = TextAffect(LinearText(text_linear.load(args.out, sha256=digest)))
    dev = evaluation.read(args.data / 'dev.tsv')
    result = evaluation.report(affect, dev, evaluation.answer(affect, dev.texts))
    for key in ('n', 'macro_f1', 'macro_f1_interval', 'micro_f1', 'ekman_macro_f1', 'ece'):
        print(f'dev {key}: {result[key]}')


if __name__ == '__main__':
    main()
