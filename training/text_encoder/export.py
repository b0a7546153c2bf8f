# SPDX-License-Identifier: Apache-2.0
"""Writes the averaged weights of a finished run as ONNX and proves that both agree.

    python export.py --data DIR --encoder MODEL --out RUN --model models/text_encoder --int8

The folder gets model.onnx, tokenizer.json, and decision.json: calibration and thresholds.

One sentence at a time: `ids` and `positions` (0, 1, 2 ...), both int32 of shape (1, tokens), to
`logits` (1, 28). The number of tokens is the one open axis. That the caller counts the positions
keeps whole-number arithmetic out of the graph.

With --int8 the weights become whole numbers of 8 bits, one scale for each output (each row of the
word vectors), with DequantizeLinear behind them; what flows stays float. Whole-number activations
were tried and cost accuracy (README.md).
"""

from __future__ import annotations

import argparse
from collections import Counter
import json
from pathlib import Path
import shutil
import sys

from data import BadInput, Part, read, sha256_of
from network import read_config, TextEncoder
import numpy as np
import onnx
from onnx import helper, numpy_helper
import onnxruntime
from safetensors.torch import load_file
import torch
from torch import nn
from torch.nn import functional

from empathy_ros.engines import text_encoder

OPSET = 17
TOLERANCE = 1e-3
SENTENCES = 256
DECISION = (
    'labels', 'slope', 'offset', 'thresholds', 'ekman_thresholds', 'top_slope', 'top_offset',
)  # fmt: skip
# What the graph may consist of; all of it is in the operator list of TensorRT's ONNX parser.
ALLOWED = """
Add Cast Constant Div Erf Gather Gemm Identity LayerNormalization MatMul Mul Pow ReduceMean Reshape
Softmax Sqrt Sub Transpose
"""


class Sentence(nn.Module):
    """The trained network for one sentence, without what only training needs."""

    def __init__(self, net: TextEncoder) -> None:
        super().__init__()
        self.words = net.encoder.embeddings
        self.layers = net.encoder.encoder.layer
        self.labels = net.labels
        self.heads = net.encoder.config.num_attention_heads
        self.width = net.encoder.config.hidden_size // self.heads

    def attend(self, layer: nn.Module, x: torch.Tensor) -> torch.Tensor:
        """Return what one layer's attention adds to x (1, tokens, hidden)."""
        own = layer.attention.self
        q, k, v = (
            part(x).reshape(1, -1, self.heads, self.width).transpose(1, 2)
            for part in (own.query, own.key, own.value)
        )
        share = torch.softmax(q @ k.transpose(2, 3) * self.width**-0.5, dim=3)
        mixed = (share @ v).transpose(1, 2).reshape(1, -1, self.heads * self.width)
        return layer.attention.output.dense(mixed)

    def forward(self, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Return label logits (1, 28) of ids and positions, both (1, tokens)."""
        first = self.words.word_embeddings(ids) + self.words.token_type_embeddings.weight[0]
        x = self.words.LayerNorm(first + self.words.position_embeddings(positions))
        for layer in self.layers:
            x = layer.attention.output.LayerNorm(x + self.attend(layer, x))
            wide = functional.gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(x + layer.output.dense(wide))
        return self.labels(x.mean(dim=1))


def load(encoder: Path, weights: Path) -> TextEncoder:
    """Return the trained network, ready to be exported.

    Raises:
        BadInput: There are no finished weights.
    """
    if not weights.is_file():
        raise BadInput(f'{weights}: no such file; let train.py finish first')
    config = read_config(encoder)
    net = TextEncoder(config)
    net.load_state_dict(load_file(weights))
    return net.eval()


def inputs(ids: list[int]) -> dict[str, np.ndarray]:
    """Return what the graph gets for one sentence."""
    return {
        'ids': np.array([ids], np.int32),
        'positions': np.arange(len(ids), dtype=np.int32)[None],
    }


def write_onnx(net: TextEncoder, path: Path) -> list[str]:
    """Export, check, infer the shapes; returns the operators that are not allowed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    example = tuple(torch.from_numpy(value) for value in inputs(list(range(12))).values())
    torch.onnx.export(
        Sentence(net).eval(),
        example,
        str(path),
        input_names=['ids', 'positions'],
        output_names=['logits'],
        dynamic_axes={'ids': {1: 'tokens'}, 'positions': {1: 'tokens'}},
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True, check_type=True)
    counts = Counter(node.op_type for node in model.graph.node)
    print(json.dumps(dict(sorted(counts.items()))))
    return sorted(set(counts) - set(ALLOWED.split()))


def to_int8(path: Path) -> None:
    """Store every weight matrix of a file as INT8 with its scales."""
    model = onnx.load(path)
    graph = model.graph
    tables = {item.name: item for item in graph.initializer if len(item.dims) == 2}
    axes = {}
    for node in graph.node:
        for name in set(node.input) & set(tables):
            flipped = any(item.name == 'transB' and item.i for item in node.attribute)
            axes[name] = 0 if node.op_type == 'Gather' or flipped else 1
    for name, axis in axes.items():
        table = numpy_helper.to_array(tables[name])
        scale = np.abs(table).max(axis=1 - axis, keepdims=True).clip(1e-8) / 127.0
        whole = np.rint(table / scale).astype(np.int8)
        graph.initializer.remove(tables[name])
        graph.initializer.extend(
            [
                numpy_helper.from_array(whole, f'{name}_int8'),
                numpy_helper.from_array(scale.reshape(-1).astype(np.float32), f'{name}_scale'),
            ]
        )
        inputs = [f'{name}_int8', f'{name}_scale']
        graph.node.insert(0, helper.make_node('DequantizeLinear', inputs, [name], axis=axis))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def parity(net: TextEncoder, path: Path, part: Part) -> float:
    """Return the largest difference of logits, ONNX Runtime against PyTorch as trained."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, ['CPUExecutionProvider'])
    worst = 0.0
    for row in range(min(SENTENCES, len(part.ids))):
        ids = torch.tensor([part.ids[row]])
        with torch.inference_mode():
            wanted = net(ids, torch.ones_like(ids))[:, : net.labels.out_features].numpy()
        got = session.run(None, inputs(part.ids[row]))[0]
        worst = max(worst, float(np.abs(got - wanted).max()))
    return worst


def write_decision(run: Path, path: Path) -> None:
    """Write what the run decided about probabilities and labels, as the robot reads it."""
    facts = json.loads((run / 'text_encoder.json').read_text('utf-8'))
    decision = {'format': text_encoder.FORMAT} | {name: facts[name] for name in DECISION}
    for name in ('offset', 'slope', 'top_slope', 'top_offset'):
        decision[name] = np.round(decision[name], 5).tolist()
    path.write_text(json.dumps(decision, indent=1) + '\n', 'utf-8')


def main() -> int:
    """Export, compare, and print what the manifest entry needs."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', required=True, type=Path)
    parser.add_argument('--encoder', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path, help='run folder of train.py')
    parser.add_argument('--model', required=True, type=Path, help='folder to write')
    parser.add_argument('--int8', action='store_true', help='weights of 8 bits')
    args = parser.parse_args()
    torch.set_num_threads(1)
    net = load(args.encoder, args.out / 'text_encoder.safetensors')
    network = args.model / 'model.onnx'
    unknown = write_onnx(net, network)
    if unknown:
        raise BadInput(f'{network}: operators outside the allowed list: {unknown}')
    difference = parity(net, network, read(args.data, args.encoder)[2])
    if difference >= TOLERANCE:
        raise BadInput(f'PyTorch and ONNX differ by {difference:.2e}, allowed {TOLERANCE}')
    if args.int8:
        to_int8(network)
    write_decision(args.out, args.model / 'decision.json')
    shutil.copyfile(args.encoder / 'tokenizer.json', args.model / 'tokenizer.json')
    for file in sorted(args.model.iterdir()):
        print(
            json.dumps(
                {'file': file.name, 'bytes': file.stat().st_size, 'sha256': sha256_of(file)}
            )
        )
    print(json.dumps({'largest_difference': difference, 'sentences': SENTENCES}))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
