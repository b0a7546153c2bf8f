# SPDX-License-Identifier: Apache-2.0
"""The check of what TensorRT could take: every shipped network passes, and breaches are seen."""

from dataclasses import replace
import json

import numpy as np
import pytest

from empathy_ros import cli, models, models_check
from empathy_ros.engines.onnx import ModelError
from empathy_ros.models_facts import Parity

onnx = pytest.importorskip('onnx', reason='the onnx package reads the networks in this test')

NETWORKS = [
    m for m in models.load_manifest().values() if m.is_onnx and m.tensorrt and not m.on_request
]
FLOAT, INT64, TEXT = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64, onnx.TensorProto.STRING


@pytest.mark.parametrize('entry', NETWORKS, ids=lambda entry: entry.id)
def test_every_shipped_network_passes(entry):
    try:
        models.find_model(entry)
    except ModelError as error:
        pytest.skip(f'the model is not here: {error}')
    assert models_check.problems_of(entry) == []


@pytest.mark.parametrize('entry', models.load_manifest().values(), ids=lambda entry: entry.id)
def test_what_is_not_for_tensorrt_says_why(entry):
    if entry.is_onnx and not entry.tensorrt:
        assert entry.tensorrt_reason


def network(nodes, inputs, outputs, weights=(), opset=17):
    """Return a model from (operator, inputs, outputs, attributes) and (name, type, shape)."""
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node(op, list(ins), list(outs), name=f'node{k}', **more)
            for k, (op, ins, outs, more) in enumerate(nodes)
        ],
        'small',
        [helper.make_tensor_value_info(*item) for item in inputs],
        [helper.make_tensor_value_info(*item) for item in outputs],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', opset)])
    model.ir_version = 9
    return model


X, Y = ('x', FLOAT, ['n', 4]), ('y', FLOAT, ['n', 4])


def test_a_plain_network_has_no_problems():
    assert models_check.network_problems(network([('Relu', 'x', 'y', {})], [X], [Y])) == []


@pytest.mark.parametrize(
    ('model', 'text'),
    [
        (network([('NonZero', 'x', 'y', {})], [X], [('y', INT64, [2, None])]), 'NonZero is not'),
        (network([('Relu', 'x', 'y', {})], [X], [Y], opset=21), 'opset 21, allowed 9 to 20'),
        (
            network([('Add', 'aa', 'y', {})], [('a', INT64, [4])], [('y', INT64, [4])]),
            'Add node0 computes with whole numbers',
        ),
        (
            network([('Identity', 'a', 'y', {})], [('a', TEXT, [4])], [('y', TEXT, [4])]),
            'holds text',
        ),
        (
            network(
                [('Relu', 'x', 'y', {})], [('x', FLOAT, ['n', 'm'])], [('y', FLOAT, ['n', 'm'])]
            ),
            'more than one open axis: m, n',
        ),
        (
            network([('Relu', 'x', 'y', {})], [('x', FLOAT, ['n', 4])], [('y', FLOAT, ['n', 5])]),
            'the ONNX checker refuses it',
        ),
    ],
    ids=['operator', 'opset', 'integers', 'text', 'axes', 'checker'],
)
def test_a_breach_is_named(model, text):
    assert any(text in problem for problem in models_check.network_problems(model))


def quantised(zero: int):
    weights = [('s', np.float32(0.1)), ('z', np.int8(zero))]
    nodes = [('QuantizeLinear', 'xsz', 'q', {}), ('DequantizeLinear', 'qsz', 'y', {})]
    return network(nodes, [X], [Y], weights)


def test_quantised_networks_pass_when_they_are_symmetric():
    assert models_check.network_problems(quantised(0)) == []
    found = models_check.network_problems(quantised(3))
    assert found == [
        'QuantizeLinear node0 is not symmetric',
        'DequantizeLinear node1 is not symmetric',
    ]


def test_parity_has_to_be_stated_and_small():
    entry = models.get('face_expression')
    assert models_check.parity_problems(entry) == []
    assert 'states no parity' in models_check.parity_problems(replace(entry, parity=None))[0]
    far = Parity('PyTorch', 0.01, 64, '2026-11-25')
    assert (
        'differs by 0.01 from PyTorch'
        in models_check.parity_problems(replace(entry, parity=far))[0]
    )


def test_the_command_gives_one_object_and_claims_no_more_than_it_knows(capsys):
    assert cli.main(['models', 'check', 'face_expression', 'silero_vad', '--json']) == 0
    result = json.loads(capsys.readouterr().out)
    assert result['face_expression'] == {
        'state': 'exportable; not run on TensorRT here', 'problems': [],
    }  # fmt: skip
    assert result['silero_vad']['state'].startswith('not for TensorRT: holds If nodes')
    assert cli.main(['models', 'check', 'nobody']) == 2
