# SPDX-License-Identifier: Apache-2.0
"""What trained networks say of the training pictures, for another one to learn from.

    python soften.py --data DIR --runs RUN1 RUN2 --out SOFT.npz [--faces FACES.npz]

`train` (n, 8) are mean probabilities over runs and mirror images. With --faces (see crops.py)
`faces` (m, 8) are those of faces without labels, made even: within each group the shares of
sadness and of anger among faces that do not smile are moved to the shares of all groups. There
is no reason why older women should look sad, or men angry, more often; the networks learned it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
import sys

from data import face_folder, LABELS, load_split, Split, train_and_held_out
from network import ExpressionNet
import numpy as np
from numpy.typing import NDArray
import torch
from train import predict

EVEN = ('sadness', 'anger')
ROUNDS = 50
SMALLEST_GROUP = 30  # faces; smaller groups stay as they are


def load_run(folder: Path) -> ExpressionNet:
    """Return the averaged network of a run."""
    state = torch.load(folder / 'last.pt', weights_only=True)
    net = ExpressionNet(tuple(state['args'].get('widths', (24, 48, 96))))
    net.load_state_dict(state['average'])
    return net.eval()


def mean_answer(nets: list[ExpressionNet], images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (n, 8): the mean over networks, each averaged with the mirror image."""
    split = Split(images, np.zeros((len(images), len(LABELS)), np.float32))
    answers = [torch.softmax(predict(net, split, flip=True), dim=1) for net in nets]
    return torch.stack(answers).mean(dim=0).double().numpy()


def even(p: NDArray[np.float64], groups: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return probabilities whose shares of EVEN are the same in each group.

    Each face counts with its probability of not smiling. A factor for each group and class is
    found by repeated scaling; rows keep the sum 1.

    Args:
        p: Shape (n, 8), in the order of LABELS.
        groups: Shape (n,), the group of each face.
    """
    out = p.copy()
    columns = [LABELS.index(name) for name in EVEN]
    smile = LABELS.index('happiness')

    def shares(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        serious = 1.0 - out[rows, smile]
        return np.asarray((out[rows][:, columns]).sum(axis=0) / serious.sum())

    wanted = shares(np.ones(len(p), np.bool_))
    members = [groups == name for name in np.unique(groups)]
    for _ in range(ROUNDS):
        for rows in members:
            if rows.sum() >= SMALLEST_GROUP:
                block = out[rows]
                block[:, columns] *= wanted / shares(rows)
                out[rows] = block / block.sum(axis=1, keepdims=True)
    return out


def main() -> int:
    """Ask the networks and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', default=os.environ.get('EMPATHY_DATA'), type=Path)
    parser.add_argument('--runs', required=True, nargs='+', type=Path)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--faces', type=Path, help='from crops.py')
    args = parser.parse_args()
    torch.set_num_threads(1)
    nets = [load_run(folder) for folder in args.runs]
    train, _ = train_and_held_out(load_split(face_folder(args.data), 'train'))
    arrays = {'train': mean_answer(nets, train.images)}
    if args.faces:
        with np.load(args.faces, allow_pickle=False) as faces:
            arrays['images'] = faces['images']
            before = mean_answer(nets, faces['images'])
            arrays['faces'] = even(before, faces['groups'])
            for name in np.unique(faces['groups']):
                rows = faces['groups'] == name
                print(name, rows.sum(), before[rows].mean(axis=0).round(3).tolist(),
                      arrays['faces'][rows].mean(axis=0).round(3).tolist())  # fmt: skip
    np.savez_compressed(args.out, **arrays)
    return 0


if __name__ == '__main__':
    sys.exit(main())
