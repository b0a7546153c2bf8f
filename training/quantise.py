# SPDX-License-Identifier: Apache-2.0
"""Turns a float ONNX network into INT8 in QDQ form, and says what that changed.

    python training/quantise.py --model FP32.onnx --out INT8.onnx --calibration CAL.npz \
        [--check CHECK.npz] [--method minmax|entropy|percentile] [--exclude NODE ...] \
        [--operators Conv,Gemm]

CAL.npz and CHECK.npz hold one array for each input of the network, by its name, all with the same
number of rows; CHECK.npz may also hold `truth`, the right class of each row. Weights are INT8 with
one scale for each output channel; activations INT8; both symmetric, as TensorRT wants; biases stay
float. No QLinear operators are written, so that the same file runs on the CPU and in TensorRT.
With --target cpu activations are UINT8 with a zero point of their own and biases INT32: TensorRT
takes no such file, but ONNX Runtime then drops each ReLU and computes in 8 bits throughout.
The float network should come from an exporter that has folded its normalisation layers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
import hashlib
import json
from pathlib import Path
import sys
import tempfile
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
import onnx
import onnxruntime
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    quantize_static,
    QuantType,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

Array = NDArray[Any]
Feed = Mapping[str, Array]

METHODS = {
    'minmax': CalibrationMethod.MinMax,
    'entropy': CalibrationMethod.Entropy,
    'percentile': CalibrationMethod.Percentile,
}
OPERATORS = ('Conv', 'Gemm', 'MatMul')
TENSORRT, CPU = 'tensorrt', 'cpu'
NEWEST_OPSET = 20
FORBIDDEN = {
    'QLinearConv',
    'QLinearMatMul',
    'ConvInteger',
    'MatMulInteger',
    'DynamicQuantizeLinear',
}
TRUTH = 'truth'
BATCH = 16
TIMED_RUNS = 200


class BadInput(Exception):
    """The files cannot be used; the text names file and cure."""


class Reader(CalibrationDataReader):
    """Hands feeds to the calibrator one after the other."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._feeds = iter(feeds)

    def get_next(self) -> Feed | None:
        """Return the next feed, None at the end."""
        return next(self._feeds, None)


def quantise(
    model: Path,
    out: Path,
    feeds: Iterable[Feed],
    *,
    method: str = 'minmax',
    exclude: Sequence[str] = (),
    operators: Sequence[str] = OPERATORS,
    target: str = TENSORRT,
) -> None:
    """Write `out`, the INT8 form of `model`; nothing is written when something is wrong.

    Args:
        model: Float network, opset 13 to 20.
        out: File to write.
        feeds: Inputs by name, as the network gets them in use; they set the scales.
        method: How scales follow from what was seen, a key of METHODS.
        exclude: Nodes that stay float.
        operators: Operators whose inputs become INT8.
        target: 'tensorrt' (also runs on the CPU) or 'cpu'.
    Raises:
        BadInput: unknown node, or a result that the target could not take.
    """
    known = {node.name for node in onnx.load(str(model)).graph.node}
    strange = sorted(set(exclude) - known)
    if strange:
        raise BadInput(f'{model}: no node is called {", ".join(strange)}')
    with tempfile.TemporaryDirectory(dir=out.parent, prefix='.quantise-') as scratch:
        ready, made = Path(scratch) / 'ready.onnx', Path(scratch) / 'made.onnx'
        quant_pre_process(str(model), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(made),
            Reader(feeds),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QInt8 if target == TENSORRT else QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(exclude),
            op_types_to_quantize=list(operators),
            calibrate_method=METHODS[method],
            extra_options={
                'ActivationSymmetric': target == TENSORRT,
                'WeightSymmetric': True,
                'QuantizeBias': target == CPU,
            },
        )
        network = onnx.load(str(made))
        problems = faults(network, target)
        if problems:
            raise BadInput(f'{model}: cannot become INT8 for {target}: {"; ".join(problems)}')
        used = {node.domain for node in network.graph.node}
        unused = [item for item in network.opset_import if item.domain not in used]
        for item in unused:
            network.opset_import.remove(item)
        del network.metadata_props[:]
        network.producer_name = 'empathy_ros training/quantise.py'
        out.write_bytes(network.SerializeToString(deterministic=True))


def faults(network: Any, target: str = TENSORRT) -> list[str]:
    """Return what the target would not take in a quantised network; empty = nothing found."""
    onnx.checker.check_model(network, full_check=True)
    found = []
    opsets = {item.domain: item.version for item in network.opset_import}
    used = {node.domain for node in network.graph.node}
    found += [f'operators of {domain}' for domain in sorted(used - {'', 'ai.onnx'})]
    if opsets.get('', 0) > NEWEST_OPSET:
        found.append(f'opset {opsets[""]}, newest allowed is {NEWEST_OPSET}')
    kinds = {node.op_type for node in network.graph.node}
    found += sorted(kinds & FORBIDDEN)
    if 'QuantizeLinear' not in kinds:
        found.append('nothing was quantised')
    return found if target == CPU else found + _tensorrt_faults(network)


def _tensorrt_faults(network: Any) -> list[str]:
    found = []
    values = {t.name: t for t in network.graph.initializer}
    for node in network.graph.node:
        if node.op_type not in ('QuantizeLinear', 'DequantizeLinear'):
            continue
        zero = values.get(node.input[2]) if len(node.input) > 2 else None
        if zero is not None and np.any(onnx.numpy_helper.to_array(zero)):
            found.append(f'{node.name} is not symmetric')
        data = values.get(node.input[0])
        if data is not None and data.data_type == onnx.TensorProto.INT32:
            found.append(f'{node.name} holds an INT32 bias')
    return found


def rows_of(file: Path, model: Path) -> tuple[dict[str, Array], Array | None]:
    """Return the arrays of a file by input name, and the right classes if it has them.

    Raises:
        BadInput: unreadable, an input missing, or numbers of rows that differ.
    """
    wanted = [i.name for i in session(model).get_inputs()]
    try:
        with np.load(file, allow_pickle=False) as content:
            missing = [name for name in wanted if name not in content]
            if missing:
                raise BadInput(f'{file}: no array {", ".join(missing)}; it has {content.files}')
            arrays = {name: content[name] for name in wanted}
            truth = content.get(TRUTH)
    except (OSError, ValueError) as error:
        raise BadInput(f'{file}: not a .npz file with plain arrays ({error})') from error
    counts = {len(a) for a in (*arrays.values(), *(() if truth is None else (truth,)))}
    if len(counts) != 1 or 0 in counts:
        raise BadInput(f'{file}: arrays need the same number of rows, at least one; got {counts}')
    return arrays, truth


def batches(arrays: Feed, batch: int) -> Iterator[dict[str, Array]]:
    """Yield the rows of all arrays, `batch` at a time."""
    count = len(next(iter(arrays.values())))
    for first in range(0, count, batch):
        yield {name: array[first : first + batch] for name, array in arrays.items()}


def session(file: Path) -> Any:
    """Return a CPU session with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=['CPUExecutionProvider'])


def batch_of(model: Path) -> int:
    """Return how many rows one call takes: BATCH where the first axis is open, else its size."""
    first = [i.shape[0] for i in session(model).get_inputs()]
    fixed = {size for size in first if isinstance(size, int)}
    return fixed.pop() if len(fixed) == 1 else BATCH


def outputs(file: Path, feeds: Iterable[Feed]) -> Array:
    """Return the first output for all feeds, one row each."""
    run = session(file)
    return np.concatenate([run.run(None, dict(feed))[0] for feed in feeds])


def cpu_ms(file: Path, feed: Feed) -> float:
    """Return the median processor time of one call [ms]."""
    run = session(file)
    times = []
    for _ in range(TIMED_RUNS):
        start_s = time.process_time()
        run.run(None, dict(feed))
        times.append(time.process_time() - start_s)
    return 1000.0 * float(np.median(times))


def compare(model: Path, out: Path, arrays: Feed, truth: Array | None) -> dict[str, Any]:
    """Return how the quantised network differs from the float one."""
    batch = batch_of(model)
    before = outputs(model, batches(arrays, batch))
    after = outputs(out, batches(arrays, batch))
    one = next(batches(arrays, 1))
    result: dict[str, Any] = {
        'rows': len(before),
        'bytes': [model.stat().st_size, out.stat().st_size],
        'sha256': hashlib.sha256(out.read_bytes()).hexdigest(),
        'cpu_ms_one': [round(cpu_ms(file, one), 4) for file in (model, out)],
        'largest_difference': float(np.abs(before - after).max()),
        'mean_difference': float(np.abs(before - after).mean()),
        'same_top': float((before.argmax(axis=-1) == after.argmax(axis=-1)).mean()),
    }
    if truth is not None:
        result['accuracy'] = [float((x.argmax(axis=-1) == truth).mean()) for x in (before, after)]
    return result


def arguments() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--model', required=True, type=Path, help='float network')
    parser.add_argument('--out', required=True, type=Path, help='INT8 network to write')
    parser.add_argument('--calibration', required=True, type=Path, metavar='CAL.npz')
    parser.add_argument('--check', type=Path, metavar='CHECK.npz', help='rows to compare on')
    parser.add_argument('--method', choices=sorted(METHODS), default='minmax')
    parser.add_argument('--exclude', nargs='*', default=[], metavar='NODE', help='stay float')
    parser.add_argument('--target', choices=(TENSORRT, CPU), default=TENSORRT)
    parser.add_argument('--operators', default=','.join(OPERATORS), help='[%(default)s]')
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Quantise, compare, print one JSON object; 0 = done, 2 = the input cannot be used."""
    args = arguments().parse_args(argv)
    try:
        for file in (args.model, args.calibration, *([args.check] if args.check else [])):
            if not file.is_file():
                raise BadInput(f'{file}: no such file')
        arrays, _ = rows_of(args.calibration, args.model)
        checked, truth = rows_of(args.check or args.calibration, args.model)
        args.out.parent.mkdir(parents=True, exist_ok=True)
        feeds = batches(arrays, batch_of(args.model))
        operators = [name for name in args.operators.split(',') if name]
        quantise(
            args.model, args.out, feeds,
            method=args.method, exclude=args.exclude, operators=operators, target=args.target,
        )  # fmt: skip
        print(json.dumps(compare(args.model, args.out, checked, truth), indent=2))
    except BadInput as error:
        print(f'quantise: {error}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
