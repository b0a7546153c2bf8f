# SPDX-License-Identifier: Apache-2.0
"""The tool that makes INT8 networks: form, nearness to the float network, and bad input."""

import importlib.util
import json
from pathlib import Path
import sys

import numpy as np
import pytest

onnx = pytest.importorskip('onnx', reason='the onnx package makes the small network of this test')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

SCRIPT = Path(__file__).resolve().parents[2] / 'training' / 'quantise.py'


@pytest.fixture(scope='module')
def tool():
    if not SCRIPT.is_file():
        pytest.skip('the training scripts are not installed')
    spec = importlib.util.spec_from_file_location('training_quantise', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='module')
def network(tmp_path_factory):
    """A convolution of 1 to 16 channels, Relu, mean, and a layer of 16 to 4."""
    helper, rng = onnx.helper, np.random.default_rng(0)
    weights = {
        'w1': rng.normal(size=(16, 1, 3, 3)),
        'b1': rng.normal(size=16),
        'w2': rng.normal(size=(4, 16)),
        'b2': rng.normal(size=4),
    }
    nodes = [
        helper.make_node('Conv', ['x', 'w1', 'b1'], ['c'], name='conv', pads=[1, 1, 1, 1]),
        helper.make_node('Relu', ['c'], ['r'], name='relu'),
        helper.make_node('GlobalAveragePool', ['r'], ['g'], name='mean'),
        helper.make_node('Flatten', ['g'], ['f'], name='flat'),
        helper.make_node('Gemm', ['f', 'w2', 'b2'], ['y'], name='head', transB=1),
    ]
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        'small',
        [helper.make_tensor_value_info('x', kind, ['n', 1, 12, 12])],
        [helper.make_tensor_value_info('y', kind, ['n', 4])],
        [onnx.numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)])
    model.ir_version = 8
    path = tmp_path_factory.mktemp('quantise') / 'small.onnx'
    onnx.save(model, str(path))
    return path


def rows(path, count=40, **more):
    x = np.random.default_rng(1).normal(size=(count, 1, 12, 12)).astype(np.float32)
    np.savez(path, x=x, **more)
    return path


def test_int8_file_has_the_form_that_tensorrt_takes_and_answers_alike(tool, network, tmp_path):
    data, out = rows(tmp_path / 'cal.npz'), tmp_path / 'int8.onnx'
    arrays, _ = tool.rows_of(data, network)
    tool.quantise(network, out, tool.batches(arrays, 8))
    made = onnx.load(str(out))
    kinds = [node.op_type for node in made.graph.node]
    assert kinds.count('QuantizeLinear') >= 2
    assert not tool.faults(made)
    assert [item.domain for item in made.opset_import] == ['']
    stored = {t.name: t.data_type for t in made.graph.initializer}
    assert onnx.TensorProto.INT8 in stored.values()
    feeds = list(tool.batches(arrays, 8))
    before, after = tool.outputs(network, feeds), tool.outputs(out, feeds)
    assert np.abs(before - after).max() < 0.1 * np.abs(before).max()
    assert np.abs(before - after).max() > 0.0


def test_an_excluded_node_stays_float(tool, network, tmp_path):
    arrays, _ = tool.rows_of(rows(tmp_path / 'cal.npz'), network)
    tool.quantise(network, tmp_path / 'a.onnx', tool.batches(arrays, 8), exclude=['head'])
    made = onnx.load(str(tmp_path / 'a.onnx'))
    (head,) = [n for n in made.graph.node if n.op_type == 'Gemm']
    quantised = {n.output[0] for n in made.graph.node if n.op_type == 'DequantizeLinear'}
    assert not quantised & set(head.input)
    with pytest.raises(tool.BadInput, match='no node is called tail'):
        tool.quantise(network, tmp_path / 'b.onnx', [], exclude=['tail'])
    assert not (tmp_path / 'b.onnx').exists()


def test_what_tensorrt_would_not_take_is_named(tool, network, tmp_path):
    assert tool.faults(onnx.load(str(network))) == ['nothing was quantised']
    arrays, _ = tool.rows_of(rows(tmp_path / 'cal.npz'), network)
    tool.quantise(network, tmp_path / 'int8.onnx', tool.batches(arrays, 8))
    made = onnx.load(str(tmp_path / 'int8.onnx'))
    zero = next(t for t in made.graph.initializer if t.name.endswith('zero_point'))
    value = onnx.numpy_helper.to_array(zero) + 3
    zero.CopyFrom(onnx.numpy_helper.from_array(value.astype(np.int8), zero.name))
    assert any('not symmetric' in problem for problem in tool.faults(made))


def test_for_the_cpu_activations_have_a_zero_point_of_their_own(tool, network, tmp_path):
    arrays, _ = tool.rows_of(rows(tmp_path / 'cal.npz'), network)
    out = tmp_path / 'cpu.onnx'
    tool.quantise(network, out, tool.batches(arrays, 8), target=tool.CPU)
    made = onnx.load(str(out))
    assert not tool.faults(made, tool.CPU)
    assert any('INT32 bias' in problem for problem in tool.faults(made))
    kinds = {t.data_type for t in made.graph.initializer}
    assert onnx.TensorProto.UINT8 in kinds
    feeds = list(tool.batches(arrays, 8))
    before, after = tool.outputs(network, feeds), tool.outputs(out, feeds)
    assert np.abs(before - after).max() < 0.1 * np.abs(before).max()


def test_the_report_counts_accuracy_before_and_after(tool, network, tmp_path, capsys):
    data = rows(tmp_path / 'cal.npz')
    arrays, _ = tool.rows_of(data, network)
    truth = tool.outputs(network, tool.batches(arrays, 16)).argmax(axis=1)
    check, out = rows(tmp_path / 'check.npz', truth=truth), tmp_path / 'int8.onnx'
    files = ['--model', network, '--out', out, '--calibration', data, '--check', check]
    assert tool.main([str(item) for item in files]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report['accuracy'][0] == 1.0
    assert report['accuracy'][1] == report['same_top'] > 0.8
    assert report['bytes'] == [network.stat().st_size, out.stat().st_size]


@pytest.mark.parametrize(
    ('content', 'text'),
    [
        ({'y': np.zeros(3)}, 'no array x'),
        ({'x': np.zeros((0, 1, 12, 12), np.float32)}, 'at least one'),
        ({'x': np.zeros((2, 1, 12, 12), np.float32), 'truth': np.zeros(3)}, 'same number of rows'),
    ],
)
def test_unusable_rows_are_named(tool, network, tmp_path, capsys, content, text):
    data, out = tmp_path / 'cal.npz', tmp_path / 'int8.onnx'
    np.savez(data, **content)
    files = ['--model', network, '--out', out, '--calibration', data]
    assert tool.main([str(item) for item in files]) == 2
    message = capsys.readouterr().err
    assert text in message
    assert 'cal.npz' in message
    assert not out.exists()
