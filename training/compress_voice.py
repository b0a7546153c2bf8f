# SPDX-License-Identifier: Apache-2.0
"""Makes a voice classifier smaller: fewer remembered vectors, and numbers of 8 bits.

    python training/compress_voice.py --model FILE.npz --out SMALL.npz [--keep 300] [--int8]

The classifier sums Gaussian kernels to vectors that it remembers. Pruning keeps some of them,
spread by farthest-point selection, and gives them new weights so that the scores of all remembered
vectors stay as they were (least squares: distillation without any training data). With --int8 the
vectors, limited to 4 deviations, lie on a grid of 255 steps, and so do the weights of each label.
Needs only what the package needs. Measure with `./empathy eval voice --model SMALL.npz`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
import sys

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from empathy_ros.core.voice_model import gaussian, Head, Z_LIMIT
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError

Floats = NDArray[np.float32]
RIDGE = 1e-4
STEPS = 127


def spread(vectors: Floats, keep: int) -> NDArray[np.int64]:
    """Return the rows of `keep` vectors, each the farthest from those chosen before it.

    The first is the one nearest to the middle.
    """
    distance = ((vectors - vectors.mean(axis=0)) ** 2).sum(axis=1)
    chosen = [int(distance.argmin())]
    least = ((vectors - vectors[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(keep, len(vectors)):
        chosen.append(int(least.argmax()))
        least = np.minimum(least, ((vectors - vectors[chosen[-1]]) ** 2).sum(axis=1))
    return np.sort(np.array(chosen))


def fewer(head: Head, keep: int) -> Head:
    """Return a head with `keep` of its vectors and weights that give nearly the same scores."""
    if keep >= len(head.support):
        return head
    support = head.support[spread(head.support, keep)]
    return replace(head, support=support, weights=weights_for(head, support))


def weights_for(head: Head, support: Floats) -> Floats:
    """Return weights of `support`, shape (n, k + 1), that give the scores of `head`."""
    wanted = head.scores(head.support)
    kernel = gaussian(head.support, support, head.gamma)
    normal = kernel.T @ kernel + RIDGE * len(kernel) / len(support) * np.eye(len(support))
    return np.asarray(np.linalg.solve(normal, kernel.T @ wanted), dtype=np.float32)


def on_grid(head: Head) -> Head:
    """Return a head with vectors and weights of 8 bits.

    The weights are the old ones or ones fitted to the rounded vectors, whichever keep the scores
    better once they are rounded: fitted weights can be large where vectors lie close together.
    """
    step = np.float32(Z_LIMIT / STEPS)
    support = (np.rint(head.support / step) * step).astype(np.float32)
    made = [
        replace(head, support=support, weights=_rounded(weights))
        for weights in (head.weights, weights_for(head, support))
    ]
    return min(made, key=lambda small: _difference(small, head))


def _rounded(weights: Floats) -> Floats:
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-12) / STEPS
    return np.asarray(np.rint(weights / scale) * scale, dtype=np.float32)


def _difference(small: Head, head: Head) -> float:
    return float(np.abs(small.scores(head.support) - head.scores(head.support)).max())


def compress(head: Head, keep: int, int8: bool) -> tuple[Head, float]:
    """Return the smaller head, and its largest difference of a score on the vectors of `head`."""
    small = fewer(head, keep)
    small = on_grid(small) if int8 else small
    return small, _difference(small, head)


def main() -> int:
    """Compress; 0 = written, 2 = the file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--model', required=True, type=Path, metavar='FILE.npz')
    parser.add_argument('--out', required=True, type=Path, metavar='SMALL.npz')
    parser.add_argument('--keep', type=int, default=300, help='vectors that are kept [300]')
    parser.add_argument('--int8', action='store_true', help='numbers of 8 bits')
    args = parser.parse_args()
    try:
        if args.keep < 2:
            raise ModelError(f'--keep {args.keep}: at least 2 vectors are needed')
        whole = voice_model.load(args.model, accept_noncommercial=True)
        plain, difference = compress(whole.plain, args.keep, args.int8)
        known = None
        if whole.known is not None:
            known, other = compress(whole.known, args.keep, args.int8)
            difference = max(difference, other)
        facts = {**whole.facts, 'compressed_from': whole.model_hash}
        voice_model.save(args.out, replace(whole, plain=plain, known=known, facts=facts))
    except ModelError as error:
        print(f'compress_voice: {error}', file=sys.stderr)
        return 2
    before, after = args.model.stat().st_size, args.out.stat().st_size
    print(f'{before} -> {after} bytes, largest difference of a score {difference:.3f}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
