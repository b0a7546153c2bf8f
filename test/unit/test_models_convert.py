# SPDX-License-Identifier: Apache-2.0
"""PRelu is written with simpler nodes at conversion, and the network answers the same."""

import numpy as np
import pytest

from empathy_ros.models_convert import without_prelu

onnx = pytest.importorskip('onnx', reason='the onnx package makes the networks of this test')
onnxruntime = pytest.importorskip('onnxruntime')


def network(slopes):
    """Two PRelus behind each other, the second on the output of the first."""
    node, value = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    shape = [1, 4, 5, 5]
    graph = onnx.helper.make_graph(
        [node('PRelu', ['x', 'a'], ['m']), node('PRelu', ['m', 'b'], ['y'])],
        'two',
        [value('x', onnx.TensorProto.FLOAT, shape)],
        [value('y', onnx.TensorProto.FLOAT, shape)],
        [onnx.numpy_helper.from_array(s, name) for s, name in zip(slopes, 'ab', strict=True)],
    )
    opset = [onnx.helper.make_opsetid('', 11)]
    return onnx.helper.make_model(graph, opset_imports=opset, ir_version=7)


def answer(model, x):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {'x': x})[0]


def test_the_answer_is_the_same_for_slopes_of_any_size():
    slopes = [np.float32([[[-0.5]], [[0.0]], [[0.3]], [[1.7]]]), np.float32([[[0.2]]] * 4)]
    model = network(slopes)
    x = np.random.default_rng(4).normal(0, 3, (1, 4, 5, 5)).astype(np.float32)
    before = answer(model, x)
    without_prelu(onnx, model.graph)
    onnx.checker.check_model(model)
    assert {node.op_type for node in model.graph.node} == {'Mul', 'Relu', 'Add'}
    assert answer(model, x) == pytest.approx(before, abs=1e-5)


def test_a_network_without_prelu_stays_as_it_is():
    model = network([np.float32([[[0.1]]] * 4)] * 2)
    without_prelu(onnx, model.graph)
    once = model.SerializeToString()
    without_prelu(onnx, model.graph)
    assert model.SerializeToString() == once
