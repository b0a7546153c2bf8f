# SPDX-License-Identifier: Apache-2.0
"""What can be said about TensorRT without a GPU: the files are exportable; no parser was run.

A network passes when the ONNX checker accepts it, every shape is known besides the batch, and all
operators are among those that the TensorRT parser documents, without 64-bit arithmetic.
"""

import pytest

from empathy_ros import models
from empathy_ros.engines.onnx import ModelError

onnx = pytest.importorskip('onnx', reason='the onnx package reads the networks in this test')

NETWORKS = (
    'face_detector_full', 'face_detector_short', 'face_expression', 'face_landmarks', 'eye_iris',
)  # fmt: skip
OPERATORS = {
    'Add', 'AveragePool', 'BatchNormalization', 'Concat', 'Constant', 'Conv', 'Flatten', 'Gemm',
    'GlobalAveragePool', 'MatMul', 'MaxPool', 'Mul', 'Pad', 'ReduceMean', 'Relu', 'Reshape',
    'Resize', 'Transpose',
}  # fmt: skip
NEWEST_OPSET = 20


@pytest.fixture(params=NETWORKS)
def network(request):
    entry = models.get(request.param)
    try:
        file = models.find_model(entry)
    except ModelError as error:
        pytest.skip(f'the model is not here: {error}')
    return onnx.load(str(file))


def test_checker_opset_and_operators(network):
    onnx.checker.check_model(network, full_check=True)
    (opset,) = [item.version for item in network.opset_import if item.domain in ('', 'ai.onnx')]
    assert opset <= NEWEST_OPSET
    assert {node.op_type for node in network.graph.node} <= OPERATORS
    assert {node.domain for node in network.graph.node} <= {'', 'ai.onnx'}


def test_only_the_batch_is_open(network):
    inferred = onnx.shape_inference.infer_shapes(network, strict_mode=True, data_prop=True)
    graph = inferred.graph
    for value in (*graph.input, *graph.output):
        dims = value.type.tensor_type.shape.dim
        assert all(dim.dim_value > 0 for dim in dims[1:]), value.name


def test_no_arithmetic_on_whole_numbers(network):
    graph = onnx.shape_inference.infer_shapes(network).graph
    whole = {
        value.name
        for value in (*graph.value_info, *graph.input, *graph.output)
        if value.type.tensor_type.elem_type != onnx.TensorProto.FLOAT
    }
    assert not whole & {name for node in graph.node for name in node.output}
