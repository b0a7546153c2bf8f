# SPDX-License-Identifier: Apache-2.0
"""`empathy models check`: what can be said about TensorRT without a GPU.

A network passes when the ONNX checker and strict shape inference accept it, its opset and its
operators are among those that TensorRT's parser documents, whole numbers are only shapes, ids and
quantised values, one axis at most is open, and the manifest says how near the file is to the
network that was trained. Passing means "exportable"; no parser was run.

The list of operators follows docs/operators.md of onnx/onnx-tensorrt for TensorRT 8.4 to 10, with
what we do not want left out: If, Loop, Scan, NonZero, strings, recurrent cells, random numbers.
"""

from __future__ import annotations

import argparse
import importlib
import json
from typing import Any

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput
from empathy_ros.models import Model

OLDEST_OPSET, NEWEST_OPSET = 9, 20
TOLERANCE = 1e-3
_OPERATORS = """
Abs Add And AveragePool BatchNormalization Cast Ceil Clip Concat Constant ConstantOfShape Conv
ConvTranspose DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf Exp Expand Flatten Floor
Gather GatherElements Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid
Identity InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
MatMul Max MaxPool Mean Min Mul Neg Not Or PRelu Pad Pow QuantizeLinear Reciprocal ReduceL2
ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Resize Shape Sigmoid Slice Softmax
Softplus Split Sqrt Squeeze Sub Sum Tanh Tile Transpose Unsqueeze Where
"""
_ARITHMETIC = """
Abs Add Div Einsum Gemm MatMul Max Mean Min Mul Neg Pow ReduceMax ReduceMean ReduceMin
ReduceSum Sub Sum
"""
OPERATORS = frozenset(_OPERATORS.split())
ARITHMETIC = frozenset(_ARITHMETIC.split())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models check`."""
    parser.add_argument(
        'ids', nargs='*', metavar='ID', help='only these; none = all that are here'
    )
    parser.add_argument('--json', action='store_true', help='one JSON object on stdout')


def main(args: argparse.Namespace) -> int:
    """Check; 0 = every network passes, 1 = one does not.

    Raises:
        BadInput: an unknown id.
        ModelError: the onnx package is not installed.
    """
    known = models.load_manifest()
    unknown = [name for name in args.ids if name not in known]
    if unknown:
        raise BadInput(f'no model is called {", ".join(unknown)}; there is {", ".join(known)}')
    result = {name: _one(known[name], named=name in args.ids) for name in args.ids or known}
    if args.json:
        print(json.dumps(result))
    else:
        for name, found in result.items():
            print(f'{name:24} {found["state"]}')
            for problem in found['problems']:
                print(f'  {problem}')
    return 1 if any(found['problems'] for found in result.values()) else 0


def _one(model: Model, named: bool) -> dict[str, Any]:
    if not (model.is_onnx and model.tensorrt):
        reason = model.tensorrt_reason or 'no ONNX network'
        return {'state': f'not for TensorRT: {reason}', 'problems': []}
    if model.optional and not named and not (models.folder_of(model) / model.file).is_file():
        return {'state': 'optional, not fetched', 'problems': []}
    try:
        found = problems_of(model)
    except ModelError as error:
        found = [str(error)]
    state = 'fails' if found else 'exportable; not run on TensorRT here'
    return {'state': state, 'problems': found}


def problems_of(model: Model) -> list[str]:
    """Return what keeps the network of a manifest entry from passing; empty = it passes.

    Raises:
        ModelError: the file is missing or another, or the onnx package is not installed.
    """
    onnx = onnx_package()
    network = onnx.load(str(models.find_network(model)))
    return [*network_problems(network), *parity_problems(model)]


def parity_problems(model: Model) -> list[str]:
    """Return what is wrong with the stated nearness to the network that was trained."""
    parity = model.parity
    if parity is None and model.source.kind == 'url' and model.source.convert == 'none':
        return []  # its makers published this very file
    if parity is None:
        return ['the manifest states no parity: measure it at export']
    if not parity.largest_difference < TOLERANCE:
        return [
            f'differs by {parity.largest_difference} from {parity.against}, '
            f'allowed {TOLERANCE}: export again'
        ]
    return []


def network_problems(network: Any) -> list[str]:
    """Return what TensorRT's parser would refuse, or what we do not want, in an ONNX network."""
    onnx = onnx_package()
    try:
        onnx.checker.check_model(network, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(network, strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        return [f'the ONNX checker refuses it: {str(error).strip().splitlines()[0]}']
    graph = inferred.graph
    opsets = {item.domain or 'ai.onnx': item.version for item in network.opset_import}
    found = []
    if not OLDEST_OPSET <= opsets.get('ai.onnx', 0) <= NEWEST_OPSET:
        found.append(f'opset {opsets.get("ai.onnx")}, allowed {OLDEST_OPSET} to {NEWEST_OPSET}')
    foreign = {node.domain for node in graph.node} - {'', 'ai.onnx'}
    found += [f'operators of the domain {domain}' for domain in sorted(foreign)]
    strange = {node.op_type for node in graph.node} - OPERATORS
    found += [f'operator {name} is not on the list' for name in sorted(strange)]
    return [*found, *_type_problems(onnx, graph), *_shape_problems(graph)]


def _type_problems(onnx: Any, graph: Any) -> list[str]:
    kinds = {
        value.name: value.type.tensor_type.elem_type
        for value in (*graph.input, *graph.value_info, *graph.output)
    }
    kinds |= {tensor.name: tensor.data_type for tensor in graph.initializer}
    whole = {
        getattr(onnx.TensorProto, f'{sign}INT{bits}') for sign in ('', 'U') for bits in (32, 64)
    }
    found = []
    if onnx.TensorProto.STRING in kinds.values():
        found.append('holds text')
    for node in graph.node:
        if node.op_type in ARITHMETIC and kinds.get(node.output[0]) in whole:
            found.append(f'{node.op_type} {node.name} computes with whole numbers')
        if node.op_type in ('QuantizeLinear', 'DequantizeLinear'):
            found += _scale_problems(onnx, graph, node)
    return found


def _scale_problems(onnx: Any, graph: Any, node: Any) -> list[str]:
    constants = {tensor.name: tensor for tensor in graph.initializer}
    data, zero = constants.get(node.input[0]), None
    if len(node.input) > 2:
        zero = constants.get(node.input[2])
        if zero is None:
            return [f'{node.op_type} {node.name} has a zero point that is no constant']
    found = []
    if zero is not None and onnx.numpy_helper.to_array(zero).any():
        found.append(f'{node.op_type} {node.name} is not symmetric')
    if data is not None and data.data_type == onnx.TensorProto.INT32:
        found.append(f'{node.op_type} {node.name} holds an INT32 bias')
    return found


def _shape_problems(graph: Any) -> list[str]:
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    open_axes = {name for value in inputs for name in _open_axes(value)}
    found = []
    if len(open_axes) > 1:
        found.append(f'more than one open axis: {", ".join(sorted(open_axes))}')
    for value in graph.output:
        dims = _open_axes(value)
        if len(dims) > 1 or (dims and not open_axes):
            found.append(f'output {value.name} has open axes: {", ".join(dims)}')
    return found


def _open_axes(value: Any) -> list[str]:
    """Return the names of the open axes of a value; one without a name is called after it."""
    shape = value.type.tensor_type.shape
    return [
        dim.dim_param or f'{value.name}[{place}]'
        for place, dim in enumerate(shape.dim)
        if dim.dim_value < 1
    ]


def onnx_package() -> Any:
    """Return the module onnx, which only setting up needs; ModelError when it is not there."""
    try:
        onnx = importlib.import_module('onnx')
        importlib.import_module('onnx.shape_inference')
        importlib.import_module('onnx.numpy_helper')
    except ImportError as error:
        raise ModelError(
            f'the check reads networks with the onnx package ({error}): pip install onnx'
        ) from error
    return onnx
