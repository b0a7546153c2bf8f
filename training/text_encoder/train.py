# SPDX-License-Identifier: Apache-2.0
"""Fine-tunes a small encoder on GoEmotions; stops and goes on at any time.

    python train.py --data DIR --encoder MODEL --out RUN      # see README.md

RUN gets `last.pt` (everything needed to go on), `log.jsonl`, and at the end the averaged
weights (`text_encoder.safetensors`) and `text_encoder.json` (curve, thresholds, figures).
Calibration and thresholds come from held-out rows of train.tsv; dev.tsv is only measured.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path
import signal
import sys
import time
from typing import Any

from data import BadInput, batches, Part, read, sha256_of, targets
import measure
from network import N_LABELS, predict, read_config, TextEncoder
import numpy as np
from safetensors.torch import save_file
import torch
from trainer import odds, Trainer

REPOSITORY = Path(__file__).resolve().parents[2]
LOG_STEPS = 50
DECIDES = ('epochs', 'batch', 'lr', 'head_lr', 'smoothing', 'auxiliary', 'average', 'seed', 'bf16')


class Stop:
    """Becomes true when the process is asked to end."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.wanted = True


def log(out: Path, **line: object) -> None:
    """Print a line and append it to the log of the run."""
    text = json.dumps(line)
    with open(out / 'log.jsonl', 'a', encoding='utf-8') as file:
        file.write(text + '\n')
    print(text, flush=True)


def train(trainer: Trainer, held: Part, stop: Stop) -> None:
    """Train to the last step, or until asked to stop; saves on the way and at the end."""
    args, losses, start_s = trainer.args, [], time.monotonic()
    while trainer.step < trainer.steps and not stop.wanted:
        epoch, done = divmod(trainer.step, trainer.per_epoch)
        plan = batches(trainer.part, args.batch, args.seed * 1000 + epoch)
        for rows in plan[done:]:
            losses.append(trainer.run_step(rows))
            if not math.isfinite(losses[-1]):
                raise SystemExit(f'step {trainer.step}: the loss is {losses[-1]}; lower --lr')
            if trainer.step % LOG_STEPS == 0:
                rate = len(losses) / (time.monotonic() - start_s)
                mean = round(float(np.mean(losses)), 4)
                log(args.out, step=trainer.step, of=trainer.steps, loss=mean, per_s=round(rate, 2))
                losses, start_s = [], time.monotonic()
            if trainer.step % args.checkpoint_steps == 0:
                trainer.save(args.out / 'last.pt')
            if stop.wanted:
                break
        else:
            logits = predict(trainer.average, held)
            f1 = measure.cross_fitted(logits, held.truth, trainer.weights[:N_LABELS].numpy())
            log(args.out, epoch=epoch + 1, held_out_macro_f1_cross_fitted=f1)
        trainer.save(args.out / 'last.pt')


def finish(trainer: Trainer, held: Part, dev: Part) -> None:
    """Calibrate on the held-out rows, write the weights, measure, and print the figures."""
    out, weights = trainer.args.out, trainer.weights[:N_LABELS].double().numpy()
    held_logits = predict(trainer.average, held)
    result = measure.calibrate(held_logits, held.truth, weights)
    file = out / 'text_encoder.safetensors'
    save_file(trainer.average.state_dict(), file.with_suffix('.tmp'))
    os.replace(file.with_suffix('.tmp'), file)
    result |= {'sha256': sha256_of(file), 'made_with': trainer.identity}
    result['held_out'] = measure.report(held_logits, held.truth, result)
    result['held_out']['macro_f1_cross_fitted'] = measure.cross_fitted(
        held_logits, held.truth, weights
    )
    result['dev'] = measure.report(predict(trainer.average, dev), dev.truth, result)
    (out / 'text_encoder.json').write_text(json.dumps(result, indent=2) + '\n', 'utf-8')
    print(json.dumps({name: result[name] for name in ('held_out', 'dev')}, indent=2))
    print(f'{file}: {file.stat().st_size} bytes, sha256 {result["sha256"]}', flush=True)


def add_settings(parser: argparse.ArgumentParser, epochs: int) -> argparse.Namespace:
    """Add what every training needs, read the command line, and check it."""
    root = os.environ.get('EMPATHY_DATA')
    default = Path(root) / 'text' / 'goemotions' if root else None
    parser.add_argument('--data', type=Path, default=default, required=default is None)
    parser.add_argument('--encoder', type=Path, help='folder of the encoder to begin with')
    parser.add_argument('--out', type=Path, help='run folder, outside git')
    parser.add_argument('--epochs', type=int, default=epochs)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--lr', type=float, default=1.2e-4)
    parser.add_argument('--head-lr', type=float, default=1e-3)
    parser.add_argument('--smoothing', type=float, default=0.05, help='share, 0 = none')
    parser.add_argument('--auxiliary', type=float, default=0.3, help='weight of the groups')
    parser.add_argument('--average', type=float, default=0.998, help='decay of a step')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--bf16', action='store_true', help='for AVX512-BF16 or AMX')
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--checkpoint-steps', type=int, default=500)
    args = parser.parse_args()
    if not getattr(args, 'teach', None) and not (args.encoder and args.out):
        parser.error('--encoder and --out are needed')
    if args.out and args.out.resolve().is_relative_to(REPOSITORY):
        parser.error(f'--out {args.out} lies in the repository; name a folder outside it')
    return args


def identity_of(args: argparse.Namespace) -> dict[str, Any]:
    """Return what decides a run: hashes of data and encoder, and the settings."""
    files = [args.data / name for name in ('train.tsv', 'dev.tsv')]
    files += [args.encoder / name for name in ('model.safetensors', 'tokenizer.json')]
    settings = {name: getattr(args, name) for name in DECIDES}
    return {file.name: sha256_of(file) for file in files} | settings


def run(trainer: Trainer, held: Part, dev: Part) -> int:
    """Train from the beginning or from the last saved state; returns the exit status."""
    out, stop = trainer.args.out, Stop()
    out.mkdir(parents=True, exist_ok=True)
    if (out / 'last.pt').is_file():
        trainer.load(out / 'last.pt')
    rows = {'train': len(trainer.part.ids), 'held_out': len(held.ids), 'dev': len(dev.ids)}
    log(out, begins_after_step=trainer.step, of=trainer.steps, rows=rows, **trainer.identity)
    train(trainer, held, stop)
    if trainer.step < trainer.steps:
        print(f'stopped after step {trainer.step}; the same command goes on', flush=True)
        return 3
    finish(trainer, held, dev)
    return 0


def main() -> int:
    """Train, or go on training; returns the exit status."""
    args = add_settings(argparse.ArgumentParser(description=__doc__.split('\n')[0]), epochs=4)
    torch.set_num_threads(args.threads)
    part, held, dev = read(args.data, args.encoder)
    torch.manual_seed(args.seed)
    net = TextEncoder(read_config(args.encoder))
    net.start_from(args.encoder, 0.5 * odds(torch.from_numpy(targets(part.truth)).float()).log())
    return run(Trainer(args, part, net, identity_of(args)), held, dev)


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
