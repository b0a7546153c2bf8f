# SPDX-License-Identifier: Apache-2.0
"""Sentences as token ids with their targets, the held-out part, and the order of the batches.

The targets of a sentence are 39 columns: the 28 labels, the 7 Ekman groups, and 4 sentiments
(positive, negative, ambiguous, neutral), the last two derived from the labels.
"""

from __future__ import annotations

from dataclasses import dataclass
import hashlib
from pathlib import Path
import re
import sys

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from empathy_ros.core.taxonomy import EKMAN_GROUPS, GOEMOTIONS28
from empathy_ros.evaluation import text as evaluation
from empathy_ros.evaluation.common import BadInput

LABELS = GOEMOTIONS28.labels
SENTIMENTS = {
    'positive': ('happiness',),
    'negative': ('sadness', 'anger', 'disgust', 'fear'),
    'ambiguous': ('surprise',),
    'neutral': ('neutral',),
}
HELD_OUT = 2000
HELD_OUT_SEED = 20
MAX_TOKENS = 48
SORTED_BATCHES = 32  # so many batches are sorted by length together, then shuffled


@dataclass(frozen=True)
class Part:
    """Token ids of each sentence and its labels, truth of shape (n, 28)."""

    ids: list[list[int]]
    truth: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> Part:
        """Return the sentences of these rows."""
        return Part([self.ids[row] for row in rows], self.truth[rows])


def members() -> NDArray[np.bool_]:
    """Return which labels belong to each group, (28, 11): Ekman groups, then sentiments."""
    columns = [set(group) for group in EKMAN_GROUPS.values()]
    for groups in SENTIMENTS.values():
        columns.append({label for group in groups for label in EKMAN_GROUPS[group]})
    return np.array([[label in column for column in columns] for label in LABELS])


def targets(truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the 39 target columns of labels of shape (n, 28)."""
    groups = truth.astype(np.float32) @ members().astype(np.float32) > 0
    return np.concatenate([truth, groups], axis=1)


def siblings() -> NDArray[np.float32]:
    """Return (28, 28): each row spreads 1 over the other labels of the label's Ekman group.

    A label that is alone in its group (neutral, disgust) has a row of zeros.
    """
    groups = members()[:, : len(EKMAN_GROUPS)].astype(np.float32)
    same = groups @ groups.T - np.eye(len(LABELS), dtype=np.float32)
    return np.asarray(same / np.maximum(same.sum(axis=1, keepdims=True), 1.0), np.float32)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path, encoder: Path) -> tuple[Part, Part, Part]:
    """Return what is trained on, the held-out rows of train.tsv, and dev.tsv.

    A training row whose text occurs in one of the other two (case and punctuation ignored) is
    dropped.

    Raises:
        BadInput: A file is missing or cannot be used; the text names it.
    """
    label_file = folder / 'labels.txt'
    if not label_file.is_file() or tuple(label_file.read_text('utf-8').split()) != LABELS:
        raise BadInput(f'{label_file}: must hold the labels of {GOEMOTIONS28.id}, one a line')
    train = evaluation.read(folder / 'train.tsv')
    dev = evaluation.read(folder / 'dev.tsv')
    if len(train.texts) <= HELD_OUT:
        raise BadInput(f'{folder}/train.tsv: more than {HELD_OUT} rows are needed')
    tokenizer = tokenizer_of(encoder)
    held = held_out_rows(len(train.texts))
    known = {_plain(train.texts[row]) for row in held} | {_plain(text) for text in dev.texts}
    rest = [
        row
        for row in np.setdiff1d(np.arange(len(train.texts)), held)
        if _plain(train.texts[row]) not in known
    ]
    whole = Part(_encode(tokenizer, train.texts), train.truth)
    return (
        whole.take(np.array(rest)),
        whole.take(held),
        Part(_encode(tokenizer, dev.texts), dev.truth),
    )


def held_out_rows(rows: int) -> NDArray[np.int64]:
    """Return which of so many rows of train.tsv are held out, rising."""
    return np.sort(np.random.default_rng(HELD_OUT_SEED).permutation(rows)[:HELD_OUT])


def training_texts(folder: Path) -> list[str]:
    """Return the sentences of train.tsv, also the held-out ones."""
    return list(evaluation.read(folder / 'train.tsv').texts)


def _plain(text: str) -> str:
    return re.sub(r'[\W_]+', ' ', text.lower()).strip() or text


def tokenizer_of(encoder: Path) -> Tokenizer:
    """Return the tokenizer of an encoder, cut at MAX_TOKENS.

    Raises:
        BadInput: There is none.
    """
    path = encoder / 'tokenizer.json'
    if not path.is_file():
        raise BadInput(f'{path}: no such file; --encoder names the folder of the package')
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()  # the file asks for 128 tokens always
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _encode(tokenizer: Tokenizer, texts: tuple[str, ...]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]


def batches(part: Part, size: int, seed: int) -> list[NDArray[np.int64]]:
    """Return the rows of each batch of one epoch: neighbours in length, in shuffled order."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(part.ids))
    lengths = np.array([len(ids) for ids in part.ids])
    plan = []
    for start in range(0, len(order), size * SORTED_BATCHES):
        rows = order[start : start + size * SORTED_BATCHES]
        rows = rows[np.argsort(lengths[rows], kind='stable')]
        plan += [rows[i : i + size] for i in range(0, len(rows), size)]
    return [plan[i] for i in rng.permutation(len(plan))]


def padded(part: Part, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token ids and mask, each (n, longest of the batch), padded with 0."""
    chosen = [part.ids[row] for row in rows]
    ids = torch.zeros(len(chosen), max(map(len, chosen)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, tokens in enumerate(chosen):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask
