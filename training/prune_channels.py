# SPDX-License-Identifier: Apache-2.0
"""Takes channels out of a convolutional ONNX network, without training it again.

    python training/prune_channels.py --model FP32.onnx --out PRUNED.onnx --calibration CAL.npz \
        --keep 128:0.75,256:0.5 [--check CHECK.npz]

Between two convolutions with one ReLU between them, and nothing else that reads it, channels can
go: those whose activation varies least, weighed by what the second convolution makes of it. The
second convolution is then fitted to give what it gave in the whole network (ridge regression on
the calibration rows; He, Zhang and Sun, ICCV 2017, do the same with another choice of channels).
--keep names, for layers of so many channels, the share that stays. Use some thousands of rows:
with 500, twice the accuracy was lost. Files as in quantise.py, which may follow.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
import onnx
from onnx import numpy_helper
import onnxruntime

sys.path.insert(0, str(Path(__file__).resolve().parent))
from quantise import BadInput, compare, rows_of

Array = NDArray[Any]
RIDGE = 1e-2
PLACES = 9  # positions taken from each picture
FEWEST = 4
BATCH = 100


@dataclass(frozen=True)
class Pair:
    """Two convolutions with a ReLU between them."""

    first: Any
    relu: Any
    second: Any


def pairs_of(network: Any) -> Iterator[Pair]:
    """Yield the pairs whose inner channels nothing else reads."""
    made_by = {name: node for node in network.graph.node for name in node.output}
    read: dict[str, int] = {output.name: 1 for output in network.graph.output}
    for node in network.graph.node:
        for name in node.input:
            read[name] = read.get(name, 0) + 1
    for second in network.graph.node:
        relu = made_by.get(second.input[0]) if second.op_type == 'Conv' else None
        if relu is None or relu.op_type != 'Relu' or read[relu.output[0]] != 1:
            continue
        first = made_by.get(relu.input[0])
        plain = first is not None and first.op_type == 'Conv' and read[first.output[0]] == 1
        if plain and len(first.input) == len(second.input) == 3 and _groups(first, second) == 1:
            yield Pair(first, relu, second)


def _groups(*nodes: Any) -> int:
    return max(_attribute(node, 'group', 1) for node in nodes)


def _attribute(node: Any, name: str, default: Any) -> Any:
    for item in node.attribute:
        if item.name == name:
            return onnx.helper.get_attribute_value(item)
    return default


def activations(network: Any, name: str, inputs: Mapping[str, Array]) -> Array:
    """Return an inner value of a network for all rows."""
    shown = onnx.ModelProto()
    shown.CopyFrom(network)
    shown.graph.output.append(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    run = onnxruntime.InferenceSession(
        shown.SerializeToString(), options, providers=['CPUExecutionProvider']
    )
    count = len(next(iter(inputs.values())))
    parts = [
        run.run([name], {key: value[i : i + BATCH] for key, value in inputs.items()})[0]
        for i in range(0, count, BATCH)
    ]
    return np.concatenate(parts)


def samples(pair: Pair, inner: Array, wanted: Array, side: int) -> tuple[Array, Array]:
    """Return what the second convolution sees and should give at some places of each picture.

    Args:
        pair: Gives stride and padding.
        inner: Activations between the two, shape (n, c, h, w).
        wanted: Outputs of the second one in the whole network, shape (n, k, h2, w2).
        side: Side of its kernel.
    Returns:
        Shapes (m, c, side * side) and (m, k).
    """
    stride = list(_attribute(pair.second, 'strides', [1, 1]))
    top, left, bottom, right = _attribute(pair.second, 'pads', [0, 0, 0, 0])
    padded = np.pad(inner, ((0, 0), (0, 0), (top, bottom), (left, right)))
    rng = np.random.default_rng(0)
    high, wide = wanted.shape[2:]
    count = min(PLACES, high * wide)
    seen = np.empty((len(inner) * count, inner.shape[1], side * side), np.float32)
    given = np.empty((len(seen), wanted.shape[1]), np.float32)
    for i in range(len(inner)):
        for j, place in enumerate(rng.permutation(high * wide)[:count]):
            row, column = divmod(int(place), wide)
            y, x = row * stride[0], column * stride[1]
            window = padded[i, :, y : y + side, x : x + side]
            seen[i * count + j] = window.reshape(inner.shape[1], -1)
            given[i * count + j] = wanted[i, :, row, column]
    return seen, given


def refit(weights: Array, bias: Array, seen: Array, given: Array) -> tuple[Array, Array]:
    """Return weights and bias near the given ones that give `given` from `seen`.

    Args:
        weights: Shape (k, c, side, side).
        bias: Shape (k,).
        seen: Shape (m, c, side * side).
        given: Shape (m, k).
    """
    x = np.hstack([seen.reshape(len(seen), -1), np.ones((len(seen), 1))]).astype(np.float64)
    start = np.hstack([weights.reshape(len(weights), -1), bias[:, None]]).T.astype(np.float64)
    normal = x.T @ x
    ridge = RIDGE * np.trace(normal) / len(normal) * np.eye(len(normal))
    better = start + np.linalg.solve(normal + ridge, x.T @ (given - x @ start))
    return better[:-1].T.reshape(weights.shape).astype(np.float32), better[-1].astype(np.float32)


def prune(model: Path, out: Path, inputs: Mapping[str, Array], keep: Mapping[int, float]) -> int:
    """Write the pruned network; return how many channels went.

    Args:
        model: Float network whose normalisation is folded into its convolutions.
        out: File to write.
        inputs: Calibration rows by input name.
        keep: Share of channels that stays, by the number of channels of a layer.
    Raises:
        BadInput: no layer of such a size can be pruned.
    """
    whole, network = onnx.load(str(model)), onnx.load(str(model))
    values = {tensor.name: tensor for tensor in network.graph.initializer}
    gone = 0
    for pair in pairs_of(network):
        (w1, b1), (w2, b2) = (
            [numpy_helper.to_array(values[name]).copy() for name in node.input[1:]]
            for node in (pair.first, pair.second)
        )
        stay = max(FEWEST, round(len(w1) * keep.get(len(w1), 1.0)))
        if stay >= len(w1):
            continue
        inner = activations(network, pair.relu.output[0], inputs)
        wanted = activations(whole, pair.second.output[0], inputs)
        weight = np.sqrt((w2**2).sum(axis=(0, 2, 3))) * inner.std(axis=(0, 2, 3))
        chosen = np.sort(np.argsort(-weight)[:stay])
        seen, given = samples(pair, inner[:, chosen], wanted, w2.shape[2])
        new = [w1[chosen], b1[chosen], *refit(w2[:, chosen], b2, seen, given)]
        names = [*pair.first.input[1:], *pair.second.input[1:]]
        for name, value in zip(names, new, strict=True):
            values[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), name))
        gone += len(w1) - stay
    if not gone:
        raise BadInput(f'{model}: no pair of convolutions with {sorted(keep)} channels in between')
    del network.graph.value_info[:]
    onnx.checker.check_model(network, full_check=True)
    out.write_bytes(network.SerializeToString(deterministic=True))
    return gone


def parse_keep(text: str) -> dict[int, float]:
    """Return shares by number of channels from '128:0.75,256:0.5'.

    Raises:
        BadInput: not of that form, or a share that is not between 0 and 1.
    """
    try:
        found = {int(a): float(b) for a, b in (part.split(':') for part in text.split(','))}
    except ValueError as error:
        raise BadInput(f'--keep {text}: not of the form 128:0.75,256:0.5') from error
    if not all(0.0 < share < 1.0 for share in found.values()):
        raise BadInput(f'--keep {text}: shares are between 0 and 1')
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Prune, compare, print one JSON object; 0 = done, 2 = the input cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--model', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--calibration', required=True, type=Path, metavar='CAL.npz')
    parser.add_argument('--check', type=Path, metavar='CHECK.npz')
    parser.add_argument('--keep', required=True, metavar='CHANNELS:SHARE,...')
    args = parser.parse_args(argv)
    try:
        for file in (args.model, args.calibration, *([args.check] if args.check else [])):
            if not file.is_file():
                raise BadInput(f'{file}: no such file')
        keep = parse_keep(args.keep)
        inputs, _ = rows_of(args.calibration, args.model)
        checked, truth = rows_of(args.check or args.calibration, args.model)
        gone = prune(args.model, args.out, inputs, keep)
        result = {'channels_gone': gone, **compare(args.model, args.out, checked, truth)}
        print(json.dumps(result, indent=2))
    except BadInput as error:
        print(f'prune_channels: {error}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
