# SPDX-License-Identifier: Apache-2.0
"""Trains a pruned encoder to answer like the mean of several large ones; stops and goes on.

    python distil.py --data DIR --encoder STUDENT --teachers TEACHERS.npz --out RUN
    python distil.py --data DIR --teach RUN1:MODEL1 RUN2:MODEL2 --teachers TEACHERS.npz

The second form writes the file: the mean label logits of finished runs on the training rows, and
prints how well that mean does on dev.tsv. RUN gets the same files as from train.py.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
import sys

from data import BadInput, Part, read, sha256_of
import measure
from network import N_LABELS, predict, read_config, TextEncoder
import numpy as np
from safetensors.torch import load_file
import torch
from torch.nn import functional
from train import add_settings, identity_of, run
from trainer import odds, Trainer

HARD_WEIGHT = 0.3  # of the loss against the labels themselves


class Distiller(Trainer):
    """Follows the logits of the teachers (n, 28), and the labels a little."""

    def follow(self, logits: np.ndarray) -> None:
        """Take what the teachers say of the training rows."""
        self.soft = torch.from_numpy(logits).float().sigmoid()

    def loss(self, rows: np.ndarray) -> torch.Tensor:
        """Return the cross-entropy against the teachers plus a share of that of the labels."""
        logits = self.logits(rows)
        soft = functional.binary_cross_entropy_with_logits(logits[:, :N_LABELS], self.soft[rows])
        return soft + HARD_WEIGHT * self.label_loss(logits, rows)


def teach(args: argparse.Namespace) -> int:
    """Write the mean logits of the runs on the training rows and measure it on dev.tsv."""
    total: list[np.ndarray] = []
    truths: list[np.ndarray] = []
    for pair in args.teach:
        run_folder, _, encoder = pair.partition(':')
        parts = read(args.data, Path(encoder))
        net = TextEncoder(read_config(Path(encoder)))
        net.load_state_dict(load_file(Path(run_folder) / 'text_encoder.safetensors'))
        answers = [predict(net, part, bf16=args.bf16) for part in parts]
        total = [a + b for a, b in zip(total, answers, strict=True)] if total else answers
        truths = [part.truth for part in parts]
        print(f'{run_folder}: answered', file=sys.stderr, flush=True)
    train, held, dev = (logits / len(args.teach) for logits in total)
    weights = odds(torch.from_numpy(truths[0]).float()).rsqrt().double().numpy()
    fitted = measure.calibrate(held, truths[1], weights)
    figures = measure.report(dev, truths[2], fitted)
    names = ('macro_f1', 'macro_f1_interval', 'ekman_macro_f1', 'top_is_right', 'ece')
    print(json.dumps({name: figures[name] for name in names}))
    np.savez(args.teachers, train=train, held=held, dev=dev)
    return 0


def student(args: argparse.Namespace) -> TextEncoder:
    """Return the pruned network with its weights."""
    net = TextEncoder(read_config(args.encoder))
    net.load_state_dict(load_file(args.encoder / 'model.safetensors'))
    return net


def teachers_logits(file: Path, part: Part) -> np.ndarray:
    """Return the mean logits of the training rows.

    Raises:
        BadInput: There is no such file, or it is of other rows.
    """
    if not file.is_file():
        raise BadInput(f'{file}: no such file; write it with --teach first')
    logits = np.load(file, allow_pickle=False)['train']
    if logits.shape != (len(part.ids), N_LABELS):
        raise BadInput(f'{file}: shape {logits.shape}, but there are {len(part.ids)} rows')
    return logits


def main() -> int:
    """Write the teachers' answers, or train; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--teachers', required=True, type=Path, help='.npz of their logits')
    parser.add_argument('--teach', nargs='+', metavar='RUN:MODEL', help='write that file')
    args = add_settings(parser, epochs=8)
    torch.set_num_threads(args.threads)
    if args.teach:
        return teach(args)
    parts = read(args.data, args.encoder)
    identity = identity_of(args) | {'teachers': sha256_of(args.teachers)}
    trainer = Distiller(args, parts[0], student(args), identity)
    trainer.follow(teachers_logits(args.teachers, parts[0]))
    return run(trainer, parts[1], parts[2])


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
