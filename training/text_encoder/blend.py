# SPDX-License-Identifier: Apache-2.0
"""Decides how much the linear model counts beside the exported encoder, and fits what follows.

    python blend.py --data DIR --scores OOF.npz --model models/text_encoder

OOF.npz comes from `training/text_affect/train.py --scores`: what the folds of the linear model say
of train.tsv. The weight with the smallest loss on the held-out rows is taken; thresholds and the
curve of the confidence are fitted on the same rows and written into decision.json. dev.tsv decides
nothing and is not read.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
import sys

from data import BadInput, held_out_rows
import measure
import numpy as np
from numpy.typing import NDArray

from empathy_ros import models
from empathy_ros.core.text_blend import blend
from empathy_ros.engines import text_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import text as evaluation

Floats = NDArray[np.float64]
GRID = np.round(np.arange(0.0, 0.801, 0.05), 2)


def loss(p: Floats, truth: NDArray[np.bool_]) -> float:
    """Return the mean negative log likelihood of a sentence, summed over labels."""
    inside = np.clip(p, 1e-6, 1.0 - 1e-6)
    return float(-np.where(truth, np.log(inside), np.log1p(-inside)).sum(axis=1).mean())


def main() -> int:
    """Choose, fit, write, and print the losses."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', required=True, type=Path)
    parser.add_argument('--scores', required=True, type=Path, help='.npz of the linear model')
    parser.add_argument('--model', required=True, type=Path, help='folder that export.py wrote')
    args = parser.parse_args()
    sentences = evaluation.read(args.data / 'train.tsv')
    rows = held_out_rows(len(sentences.texts))
    encoder, _ = text_models.load_encoder(models.get(text_models.ENCODER), args.model)
    p = encoder.probabilities([sentences.texts[row] for row in rows])
    linear = np.load(args.scores, allow_pickle=False)['probability']
    if linear.shape != sentences.truth.shape:
        raise BadInput(f'{args.scores}: not of {args.data}/train.tsv')
    wordless = np.isnan(p).any(axis=1)  # emoji alone
    rows, p = rows[~wordless], p[~wordless]
    truth = sentences.truth[rows]
    losses = {float(w): round(loss(blend(p, linear[rows], w), truth), 4) for w in GRID}
    weight = min(losses, key=losses.__getitem__)
    mixed = blend(p, linear[rows], weight)
    file = args.model / 'decision.json'
    decision = json.loads(file.read_text('utf-8'))
    decision |= {'blend': {text_models.LINEAR: weight}} | measure.decide(mixed, truth)
    file.write_text(json.dumps(decision, indent=1) + '\n', 'utf-8')
    print(json.dumps({'losses': losses, 'weight': weight}))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except (BadInput, ModelError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
