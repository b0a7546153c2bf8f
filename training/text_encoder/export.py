# SPDX-License-Identifier: Apache-2.0
"""Writes the averaged weights of a finished run as ONNX and proves that both agree.

    python export.py --data DIR --encoder MODEL --out RUN --model FILE.onnx [--tokens 48]

One sentence at a time: `ids` int32 and `mask` float32, both (1, tokens), to `logits` (1, 28).
Without --tokens the number of tokens is the one open axis (fastest on a CPU); with it the graph
is static and shorter sentences are filled with 0 where mask is 0.
"""

from __future__ import annotations

import argparse
from collections import Counter
import json
from pathlib import Path
import sys

from data import BadInput, MAX_TOKENS, Part, read, sha256_of
from network import read_config, TextEncoder
import numpy as np
import onnx
import onnxruntime
from safetensors.torch import load_file
import torch
from torch import nn

OPSET = 17
TOLERANCE = 1e-3
HIDDEN_SCORE = -1e4  # added where mask is 0; fits into 16 bits
SENTENCES = 256
# What the graph may consist of; all of it is in the operator list of TensorRT's ONNX parser.
ALLOWED = """
Add Cast Concat Constant ConstantOfShape Div Erf Expand Gather Gemm Identity LayerNormalization
MatMul Mul Pow ReduceMean ReduceSum Reshape Shape Slice Softmax Sqrt Sub Transpose Unsqueeze Where
"""


class Sentence(nn.Module):
    """The trained network for one sentence, without what only training needs."""

    def __init__(self, net: TextEncoder) -> None:
        super().__init__()
        self.words = net.encoder.embeddings
        self.layers = net.encoder.encoder
        self.labels = net.labels

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return label logits (1, 28) of ids and mask, both (1, tokens)."""
        place = self.words.position_embeddings.weight[: ids.shape[1]]
        first = self.words.word_embeddings(ids) + self.words.token_type_embeddings.weight[0]
        hidden = self.words.LayerNorm(first + place)
        hidden_score = ((1.0 - mask) * HIDDEN_SCORE)[:, None, None, :]
        out = self.layers(hidden, attention_mask=hidden_score).last_hidden_state
        share = mask.unsqueeze(2)
        return self.labels((out * share).sum(dim=1) / share.sum(dim=1))


def load(encoder: Path, weights: Path) -> TextEncoder:
    """Return the trained network, ready to be exported.

    Raises:
        BadInput: There are no finished weights.
    """
    if not weights.is_file():
        raise BadInput(f'{weights}: no such file; let train.py finish first')
    config = read_config(encoder)
    config._attn_implementation = 'eager'  # plain products and softmax in the graph
    net = TextEncoder(config)
    net.load_state_dict(load_file(weights))
    return net.eval()


def inputs(part: Part, row: int, tokens: int | None) -> dict[str, np.ndarray]:
    """Return what the graph gets for one sentence."""
    ids = part.ids[row]
    filled = tokens or len(ids)
    out = {'ids': np.zeros((1, filled), np.int32), 'mask': np.zeros((1, filled), np.float32)}
    out['ids'][0, : len(ids)], out['mask'][0, : len(ids)] = ids, 1.0
    return out


def write_onnx(net: TextEncoder, path: Path, tokens: int | None) -> list[str]:
    """Export, check, infer the shapes; returns the operators that are not allowed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = tokens or 12
    example = (torch.ones(1, size, dtype=torch.int32), torch.ones(1, size))
    torch.onnx.export(
        Sentence(net).eval(),
        example,
        str(path),
        input_names=['ids', 'mask'],
        output_names=['logits'],
        dynamic_axes=None if tokens else {'ids': {1: 'tokens'}, 'mask': {1: 'tokens'}},
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True, check_type=True)
    counts = Counter(node.op_type for node in model.graph.node)
    print(json.dumps(dict(sorted(counts.items()))))
    return sorted(set(counts) - set(ALLOWED.split()))


def parity(net: TextEncoder, path: Path, part: Part, tokens: int | None) -> float:
    """Return the largest difference of logits, ONNX Runtime against PyTorch as trained."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, ['CPUExecutionProvider'])
    worst = 0.0
    for row in range(min(SENTENCES, len(part.ids))):
        ids = torch.tensor([part.ids[row]])
        with torch.inference_mode():
            wanted = net(ids, torch.ones_like(ids))[:, : net.labels.out_features].numpy()
        got = session.run(None, inputs(part, row, tokens))[0]
        worst = max(worst, float(np.abs(got - wanted).max()))
    return worst


def main() -> int:
    """Export, compare, and print what the manifest entry needs."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', required=True, type=Path)
    parser.add_argument('--encoder', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path, help='run folder of train.py')
    parser.add_argument('--model', required=True, type=Path, help='file to write')
    parser.add_argument('--tokens', type=int, choices=[MAX_TOKENS], help='static graph')
    args = parser.parse_args()
    torch.set_num_threads(1)
    net = load(args.encoder, args.out / 'text_encoder.safetensors')
    unknown = write_onnx(net, args.model, args.tokens)
    if unknown:
        raise BadInput(f'{args.model}: operators outside the allowed list: {unknown}')
    difference = parity(net, args.model, read(args.data, args.encoder)[2], args.tokens)
    if difference >= TOLERANCE:
        raise BadInput(f'PyTorch and ONNX differ by {difference:.2e}, allowed {TOLERANCE}')
    size, digest = args.model.stat().st_size, sha256_of(args.model)
    print(json.dumps({'bytes': size, 'sha256': digest, 'largest_difference': difference}))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
