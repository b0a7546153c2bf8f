# SPDX-License-Identifier: Apache-2.0
"""Turns LAION's Empathic-Insight heads (one .pth per category) into one file without pickles.

    python training/insight_heads.py --heads DIR --out HEADS.npz --full-scale 7

DIR holds files such as model_elation_best.pth, fetched by you (CC BY 4.0). Needs torch, which
opens them with weights_only, so that no code in them is run. Heads of dimensions beyond the 40
categories are left out. Faces: --full-scale 7. Each head must be linear layers with ReLU between.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from empathy_ros.core.insight import category_of, FACE_FULL_SCALE
from empathy_ros.engines.insight import FORMAT, load_heads
from empathy_ros.engines.onnx import ModelError

Array = NDArray[Any]


class BadInput(Exception):
    """The files cannot be used; the text names file and cure."""


def stack_of(state: Mapping[str, Array], what: str) -> list[tuple[Array, Array]]:
    """Return weights and biases of the linear layers of a head, in the order of the file.

    Args:
        state: Arrays by their name, such as layers.0.weight and layers.0.bias.
        what: Name for messages.
    Raises:
        BadInput: something else than linear layers.
    """
    plain = {name.removeprefix('_orig_mod.'): value for name, value in state.items()}
    stack = []
    for name, weights in plain.items():
        if not name.endswith('.weight'):
            continue
        biases = plain.get(name.removesuffix('weight') + 'bias')
        if weights.ndim != 2 or biases is None or biases.shape != weights.shape[:1]:
            raise BadInput(f'{what}: {name} of shape {weights.shape} is no linear layer')
        stack.append((weights, biases))
    strange = [n for n in plain if not n.endswith(('.weight', '.bias'))]
    if strange or not stack:
        raise BadInput(f'{what}: no stack of linear layers; it holds {sorted(plain)[:6]}')
    return stack


def write(heads: Mapping[str, list[tuple[Array, Array]]], full_scale: float, out: Path) -> None:
    """Write heads by file name, and read them back as the package does.

    Raises:
        BadInput: the package cannot use them.
    """
    arrays: dict[str, Array] = {
        'format': np.array(FORMAT),
        'full_scale': np.array(full_scale),
        'names': np.array(list(heads)),
    }
    for number, stack in enumerate(heads.values()):
        for place, (weights, biases) in enumerate(stack):
            arrays[f'{number}.{place}.weight'] = weights.astype(np.float32)
            arrays[f'{number}.{place}.bias'] = biases.astype(np.float32)
    part = out.with_name(f'.{out.name}.part.npz')
    np.savez(part, **arrays)
    try:
        found = load_heads(part)
    except ModelError as error:
        part.unlink()
        raise BadInput(str(error)) from error
    part.replace(out)
    print(f'{out}: {len(found.categories)} categories, embeddings of {found.size} numbers')


def read(folder: Path) -> dict[str, list[tuple[Array, Array]]]:
    """Return the layers of every head in a folder that is for an EmoNet category.

    Raises:
        BadInput: no torch, no such folder, no head in it, or a head of another form.
    """
    try:
        import torch
    except ImportError as error:
        raise BadInput(f'torch is needed to open the published files ({error})') from error
    files = [f for f in sorted(folder.glob('*.pth')) if category_of(f.name)]
    if not files:
        raise BadInput(f'{folder}: no file such as model_elation_best.pth')
    heads = {}
    for file in files:
        state = torch.load(file, map_location='cpu', weights_only=True)
        heads[file.name] = stack_of({k: v.float().numpy() for k, v in state.items()}, file.name)
    return heads


def main() -> int:
    """Convert; 0 = written, 2 = the files cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--heads', required=True, type=Path, metavar='DIR')
    parser.add_argument('--out', required=True, type=Path, metavar='FILE.npz')
    parser.add_argument('--full-scale', type=float, default=FACE_FULL_SCALE)
    args = parser.parse_args()
    try:
        write(read(args.heads), args.full_scale, args.out)
    except BadInput as error:
        print(f'insight_heads: {error}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
