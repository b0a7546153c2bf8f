# SPDX-License-Identifier: Apache-2.0
"""Pruning of channels: superfluous ones go without a trace, others are made up for."""

import importlib.util
import json
from pathlib import Path
import sys

import numpy as np
import pytest

onnx = pytest.importorskip('onnx', reason='the onnx package makes the small network of this test')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

FOLDER = Path(__file__).resolve().parents[2] / 'training'
INNER = 16


@pytest.fixture(scope='module')
def tool():
    path = FOLDER / 'prune_channels.py'
    if not path.is_file():
        pytest.skip('the training scripts are not installed')
    spec = importlib.util.spec_from_file_location('training_prune_channels', path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def write(path: Path, copies: int = 1, branch: bool = False) -> Path:
    """Write Conv 1 to 16, ReLU, Conv to 3, mean; each inner filter occurs `copies` times.

    With `branch` the ReLU is an output, too.
    """
    helper, rng, kind = onnx.helper, np.random.default_rng(0), onnx.TensorProto.FLOAT
    few = rng.normal(size=(INNER // copies, 1, 3, 3))
    weights = {
        'w1': np.tile(few, (copies, 1, 1, 1)),
        'b1': np.tile(0.1 * rng.normal(size=INNER // copies), copies),
        'w2': rng.normal(size=(3, INNER, 3, 3)) / INNER,
        'b2': rng.normal(size=3),
    }
    nodes = [
        helper.make_node('Conv', ['x', 'w1', 'b1'], ['c'], name='first', pads=[1, 1, 1, 1]),
        helper.make_node('Relu', ['c'], ['r']),
        helper.make_node(
            'Conv', ['r', 'w2', 'b2'], ['d'], name='second', pads=[1, 1, 1, 1], strides=[2, 2]
        ),
        helper.make_node('ReduceMean', ['d'], ['y'], axes=[2, 3], keepdims=0),
    ]
    outputs = [helper.make_tensor_value_info('y', kind, ['n', 3])]
    if branch:
        outputs.append(helper.make_tensor_value_info('r', kind, ['n', INNER, 8, 8]))
    graph = helper.make_graph(
        nodes,
        'small',
        [helper.make_tensor_value_info('x', kind, ['n', 1, 8, 8])],
        outputs,
        [onnx.numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path


def inputs(count: int = 200) -> dict[str, np.ndarray]:
    return {'x': np.random.default_rng(1).normal(size=(count, 1, 8, 8)).astype(np.float32)}


def answers(tool, file: Path) -> np.ndarray:
    return tool.activations(onnx.load(str(file)), 'y', inputs(50))


def widths(file: Path) -> dict[str, tuple]:
    return {t.name: tuple(t.dims) for t in onnx.load(str(file)).graph.initializer}


def test_doubled_channels_go_without_a_trace(tool, tmp_path):
    whole, out = write(tmp_path / 'whole.onnx', copies=2), tmp_path / 'out.onnx'
    # Halves of the doubled channels are made unequal, so that the choice is one of each.
    network = onnx.load(str(whole))
    (w2,) = [t for t in network.graph.initializer if t.name == 'w2']
    value = onnx.numpy_helper.to_array(w2).copy()
    value[:, INNER // 2 :] *= 0.1
    w2.CopyFrom(onnx.numpy_helper.from_array(value, 'w2'))
    onnx.save(network, str(whole))
    assert tool.prune(whole, out, inputs(), {INNER: 0.5}) == INNER // 2
    assert widths(out)['w1'] == (INNER // 2, 1, 3, 3)
    assert widths(out)['w2'] == (3, INNER // 2, 3, 3)
    before, after = answers(tool, whole), answers(tool, out)
    assert np.abs(before - after).max() < 0.05 * before.std()


def test_what_is_left_makes_up_for_what_went(tool, tmp_path, monkeypatch):
    whole, out = write(tmp_path / 'whole.onnx'), tmp_path / 'out.onnx'
    tool.prune(whole, out, inputs(), {INNER: 0.75})
    fitted = np.abs(answers(tool, whole) - answers(tool, out)).mean()
    monkeypatch.setattr(tool, 'refit', lambda weights, bias, seen, given: (weights, bias))
    tool.prune(whole, out, inputs(), {INNER: 0.75})
    cut = np.abs(answers(tool, whole) - answers(tool, out)).mean()
    assert fitted < 0.5 * cut


def test_channels_that_something_else_reads_stay(tool, tmp_path):
    whole, out = write(tmp_path / 'whole.onnx', branch=True), tmp_path / 'out.onnx'
    assert list(tool.pairs_of(onnx.load(str(whole)))) == []
    with pytest.raises(tool.BadInput, match=r'whole\.onnx: no pair of convolutions with \[16\]'):
        tool.prune(whole, out, inputs(), {INNER: 0.5})
    assert not out.exists()


def test_the_command_reports_and_refuses(tool, tmp_path, capsys):
    whole, out, data = write(tmp_path / 'whole.onnx'), tmp_path / 'out.onnx', tmp_path / 'c.npz'
    np.savez(data, **inputs())
    words = ['--model', str(whole), '--out', str(out), '--calibration', str(data)]
    assert tool.main([*words, '--keep', '16:0.5']) == 0
    report = json.loads(capsys.readouterr().out)
    assert report['channels_gone'] == 8
    assert report['bytes'][1] < report['bytes'][0]
    for wrong in ('16', '16:2', 'a:0.5'):
        assert tool.main([*words, '--keep', wrong]) == 2
        assert f'--keep {wrong}' in capsys.readouterr().err
    assert tool.main([*words[:-1], str(tmp_path / 'no.npz'), '--keep', '16:0.5']) == 2
