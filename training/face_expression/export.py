# SPDX-License-Identifier: Apache-2.0
"""Writes the averaged network of a run as ONNX, calibrates it, and proves that both agree.

    python export.py --data DIR --out RUN --model RUN/float.onnx --mirror

Temperature and minimum confidence are fitted on the 2,000 held-out training pictures, never on
the validation split. They are printed for the manifest and are not part of the graph. With
--mirror they are those of a robot that reads each face twice, once mirrored.

RUN/calibration.npz is for training/quantise.py: training pictures, half of them damaged.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
import sys

from augment import Augment
from data import (
    face_folder,
    LABELS,
    load_split,
    sha256_of,
    SIZE_PX,
    Split,
    train_and_held_out,
)
from network import ExpressionNet, standardise
import numpy as np
import onnx
import onnxruntime
import torch
from torch.nn import functional
from train import predict, score

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from empathy_ros.core.expression_net import network_input

OPSET = 17
CALIBRATION = 1024
TOLERANCE = 1e-3
TARGET_ACCURACY = 0.93


def write_onnx(net: ExpressionNet, path: Path) -> None:
    """Export with an open batch axis, then run the checker and strict shape inference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(2, 1, SIZE_PX, SIZE_PX)
    torch.onnx.export(
        net,
        (example,),
        str(path),
        input_names=['face'],
        output_names=['logits'],
        dynamic_axes={'face': {0: 'faces'}, 'logits': {0: 'faces'}},
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True, check_type=True)


def parity(net: ExpressionNet, path: Path, images: np.ndarray) -> float:
    """Return the largest difference of logits: PyTorch as trained, ONNX as the robot runs it."""
    x = standardise(torch.from_numpy(images)[:, None].float() / 255.0)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, ['CPUExecutionProvider'])
    with torch.inference_mode():
        wanted = net(x).numpy()
    return max(
        float(np.abs(session.run(None, {'face': network_input(images[:n])})[0] - wanted[:n]).max())
        for n in (1, 3, len(images))
    )


def write_calibration(split: Split, path: Path) -> None:
    """Write what the network sees of CALIBRATION training pictures, half of them changed."""
    rows = np.random.default_rng(0).permutation(len(split.images))[:CALIBRATION]
    clean = torch.from_numpy(split.images[rows[::2]])[:, None].float() / 255.0
    changed = Augment(0)(torch.from_numpy(split.images[rows[1::2]]))
    np.savez_compressed(path, face=standardise(torch.cat([clean, changed])).numpy())


def fit_temperature(logits: torch.Tensor, split: Split) -> float:
    """Return the temperature that minimises the loss of the majority label."""
    truth = torch.from_numpy(split.votes.argmax(axis=1))
    grid = np.arange(0.3, 2.001, 0.01)
    losses = [float(functional.cross_entropy(logits / t, truth)) for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 2)


def fit_min_confidence(logits: torch.Tensor, split: Split, temperature: float) -> float:
    """Return the smallest confidence above which at least 0.93 of the answers are right."""
    p = torch.softmax(logits / temperature, dim=1).numpy()
    right = p.argmax(axis=1) == split.votes.argmax(axis=1)
    for threshold in np.arange(0.2, 0.99, 0.01):
        answered = p.max(axis=1) >= threshold
        if answered.sum() >= 100 and right[answered].mean() >= TARGET_ACCURACY:
            return round(float(threshold), 2)
    raise SystemExit(f'no threshold reaches {TARGET_ACCURACY}: train longer')


def main() -> None:
    """Export, compare, calibrate, and print what the manifest entry needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', default=os.environ.get('EMPATHY_DATA'))
    parser.add_argument('--out', required=True, type=Path, help='run folder of train.py')
    parser.add_argument('--model', required=True, type=Path)
    parser.add_argument('--mirror', action='store_true', help='calibrate for reading twice')
    args = parser.parse_args()
    if args.data is None:
        parser.error('name the data folder with --data or EMPATHY_DATA')
    torch.set_num_threads(1)
    state = torch.load(args.out / 'last.pt', weights_only=True)
    net = ExpressionNet(tuple(state['args'].get('widths', (24, 48, 96))))
    net.load_state_dict(state['average'])
    net.eval()
    folder = face_folder(Path(args.data))
    train, held_out = train_and_held_out(load_split(folder, 'train'))
    valid = load_split(folder, 'valid')
    write_onnx(net, args.model)
    difference = parity(net, args.model, valid.images[:64])
    if difference >= TOLERANCE:
        raise SystemExit(f'PyTorch and ONNX differ by {difference:.2e}, allowed {TOLERANCE}')
    write_calibration(train, args.out / 'calibration.npz')
    logits = predict(net, held_out, flip=args.mirror)
    temperature = fit_temperature(logits, held_out)
    report = {
        'epochs': state['epoch'],
        'labels': LABELS,
        'bytes': args.model.stat().st_size,
        'sha256': sha256_of(args.model),
        'largest_difference': difference,
        'temperature': temperature,
        'min_confidence': fit_min_confidence(logits, held_out, temperature),
        'held_out': score(logits, held_out),
        'valid': score(predict(net, valid), valid),
        'valid_mirrored': score(predict(net, valid, flip=True), valid),
    }
    print(json.dumps(report, indent=2))


if __name__ == '__main__':
    main()
