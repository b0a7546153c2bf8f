# SPDX-License-Identifier: Apache-2.0
"""Trains the expression network on the FER+ votes; stops and goes on at any epoch.

    python train.py --data DIR --out RUN            # see README.md for the time
    python export.py --data DIR --out RUN --model models/face_expression.onnx

With --soft (see soften.py) the network learns from earlier ones too: each target is half votes,
half their answer, and every batch gets some faces without labels.

After each epoch RUN holds `last.pt` (everything needed to go on) and `log.jsonl`. The
averaged weights in `last.pt` can be exported at any time.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
from pathlib import Path
import time

from augment import Augment
from data import data_log, face_folder, load_split, Split, train_and_held_out
from network import ExpressionNet, standardise
import numpy as np
import torch
from torch.nn import functional

SOFT_SHARE = 0.5  # of a target that comes from earlier networks
OTHERS = 16  # faces without labels that go with a batch


def predict(net: torch.nn.Module, split: Split, flip: bool = False) -> torch.Tensor:
    """Return logits (n, 8) of whole pictures, optionally averaged with their mirror images."""
    net.eval()
    rows = []
    with torch.inference_mode():
        for batch in torch.from_numpy(split.images).split(512):
            x = standardise(batch[:, None].float() / 255.0)
            x = x.contiguous(memory_format=torch.channels_last)
            y = net(x)
            rows.append((y + net(x.flip(3))) / 2 if flip else y)
    return torch.cat(rows)


def six_class_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """Return the mean F1 of neutral, happiness, surprise, sadness, anger and fear."""
    scores = []
    for k in (0, 1, 2, 3, 4, 6):
        hit = int(np.sum((truth == k) & (guess == k)))
        total = int(np.sum(truth == k) + np.sum(guess == k))
        scores.append(2 * hit / total if total else 0.0)
    return float(np.mean(scores))


def score(logits: torch.Tensor, split: Split) -> dict[str, float]:
    """Return accuracy, six-class macro-F1 and cross-entropy against the votes."""
    truth, guess = split.votes.argmax(axis=1), logits.argmax(dim=1).numpy()
    votes = torch.from_numpy(split.votes)
    return {
        'accuracy': round(float((truth == guess).mean()), 4),
        'macro_f1_six': round(six_class_f1(truth, guess), 4),
        'vote_nll': round(float(functional.cross_entropy(logits, votes)), 4),
    }


class Trainer:
    """Holds network, averaged network, optimiser and schedule, and saves them together."""

    def __init__(self, args: argparse.Namespace, steps_per_epoch: int) -> None:
        torch.manual_seed(args.seed)
        self.args = args
        self.net = ExpressionNet(tuple(args.widths)).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval()
        self.optimiser = torch.optim.SGD(
            self.net.parameters(), args.lr, momentum=0.9, nesterov=True, weight_decay=5e-4
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            args.lr,
            epochs=args.epochs,
            steps_per_epoch=steps_per_epoch,
            pct_start=0.2,
            final_div_factor=1000,
        )
        self.epoch = 0
        self.step = 0

    def save(self, path: Path) -> None:
        """Write everything needed to go on; the file is replaced in one step."""
        state = {
            'net': self.net.state_dict(),
            'average': self.average.state_dict(),
            'optimiser': self.optimiser.state_dict(),
            'epoch': self.epoch,
            'step': self.step,
            'args': vars(self.args),
        }
        torch.save(state, path.with_suffix('.tmp'))
        os.replace(path.with_suffix('.tmp'), path)

    def load(self, path: Path) -> None:
        """Go on from a saved state; the schedule is that of the epochs wanted now."""
        state = torch.load(path, weights_only=True)
        for name in ('net', 'average', 'optimiser'):
            getattr(self, name).load_state_dict(state[name])
        self.epoch, self.step = state['epoch'], state['step']
        self.schedule.last_epoch = self.step - 1
        self.schedule.step()

    def _update_average(self) -> None:
        decay = min(0.998, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            pairs = zip(
                self.average.state_dict().values(), self.net.state_dict().values(), strict=True
            )
            for mean, now in pairs:
                if mean.dtype.is_floating_point:
                    mean.lerp_(now, 1 - decay)
                else:
                    mean.copy_(now)

    def run_epoch(self, split: Split, others: Split | None = None) -> float:
        """Train on every picture once; returns the mean loss.

        Args:
            split: Pictures and targets.
            others: Faces without labels and what they should get; some go with every batch.
        """
        self.net.train()
        seed = self.args.seed * 1000 + self.epoch
        augment, chance = Augment(seed), torch.Generator().manual_seed(seed)
        order = torch.randperm(len(split.images), generator=chance)
        images, votes = torch.from_numpy(split.images), torch.from_numpy(split.votes)
        losses = []
        for rows in order[: len(order) // self.args.batch * self.args.batch].split(
            self.args.batch
        ):
            pictures, wanted = images[rows], votes[rows]
            if others is not None:
                more = torch.randint(len(others.images), (OTHERS,), generator=chance)
                pictures = torch.cat([pictures, torch.from_numpy(others.images)[more]])
                wanted = torch.cat([wanted, torch.from_numpy(others.votes)[more]])
            x = standardise(augment(pictures))
            x = x.contiguous(memory_format=torch.channels_last)
            with torch.autocast('cpu', torch.bfloat16, enabled=self.args.bf16):
                logits = self.net(x)
            loss = functional.cross_entropy(logits.float(), wanted)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
            self.step += 1
            self._update_average()
            losses.append(loss.detach())
        self.epoch += 1
        return float(torch.stack(losses).mean())


def softened(train: Split, file: Path | None) -> tuple[Split, Split | None]:
    """Return training targets and faces without labels, mixed with a file of soften.py."""
    if file is None:
        return train, None
    with np.load(file, allow_pickle=False) as soft:
        if len(soft['train']) != len(train.images):
            raise SystemExit(f'{file}: {len(soft["train"])} rows for {len(train.images)} pictures')
        votes = (1 - SOFT_SHARE) * train.votes + SOFT_SHARE * soft['train']
        mixed = Split(train.images, votes.astype(np.float32))
        if 'faces' not in soft:
            return mixed, None
        return mixed, Split(soft['images'], soft['faces'].astype(np.float32))


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', default=os.environ.get('EMPATHY_DATA'), type=Path)
    parser.add_argument('--out', required=True, type=Path, help='run folder, outside git')
    parser.add_argument('--epochs', type=int, default=76)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--lr', type=float, default=0.1)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--widths', type=int, nargs='+', default=[24, 48, 96], help='of a stage')
    parser.add_argument('--soft', type=Path, help='.npz from soften.py')
    parser.add_argument('--bf16', action='store_true', help='faster where AVX512-BF16 or AMX is')
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    if args.data is None:
        parser.error('name the data folder with --data or EMPATHY_DATA')
    args.data, args.out = Path(args.data), Path(args.out)
    return args


def main() -> None:
    """Train, or go on training, until the wanted number of epochs is reached."""
    args = parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    folder = face_folder(args.data)
    (args.out / 'data_sha256.json').write_text(json.dumps(data_log(folder), indent=2) + '\n')
    train, held_out = train_and_held_out(load_split(folder, 'train'))
    train, others = softened(train, args.soft)
    valid = load_split(folder, 'valid')
    args_for_state = argparse.Namespace(**{**vars(args), 'data': str(args.data)})
    args_for_state.out, args_for_state.soft = str(args.out), str(args.soft or '')
    trainer = Trainer(args_for_state, len(train.images) // args.batch)
    last = args.out / 'last.pt'
    if last.is_file():
        trainer.load(last)
        print(f'goes on after epoch {trainer.epoch}', flush=True)
    while trainer.epoch < args.epochs:
        start = time.monotonic()
        loss = trainer.run_epoch(train, others)
        trainer.save(last)
        line = {
            'epoch': trainer.epoch,
            'train_loss': round(loss, 4),
            'seconds': round(time.monotonic() - start, 1),
            'held_out': score(predict(trainer.average, held_out), held_out),
            'valid': score(predict(trainer.average, valid), valid),
        }
        with open(args.out / 'log.jsonl', 'a', encoding='utf-8') as file:
            file.write(json.dumps(line) + '\n')
        print(json.dumps(line), flush=True)


if __name__ == '__main__':
    main()
