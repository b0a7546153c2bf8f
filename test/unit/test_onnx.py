# SPDX-License-Identifier: Apache-2.0
"""Loading a model, saying what is wrong with it, and the options of the providers."""

from pathlib import Path

import numpy as np
import pytest

from empathy_ros.engines import providers
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import CPU, CUDA, Runtime, TENSORRT

onnx = pytest.importorskip('onnx', reason='the onnx package makes the small models of this test')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')


def save(path: Path, operator: str = 'Log', shape: tuple = (None, 2)) -> Path:
    """Write a model y = operator(x)."""
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    dims = [d if d is not None else 'batch' for d in shape]
    graph = helper.make_graph(
        [helper.make_node(operator, ['x'], ['y'])],
        'small',
        [helper.make_tensor_value_info('x', kind, dims)],
        [helper.make_tensor_value_info('y', kind, dims)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path


@pytest.fixture
def exp_file(tmp_path):
    return save(tmp_path / 'exp.onnx', 'Exp')


def test_runs_and_says_what_it_uses(exp_file):
    model = OnnxModel(exp_file, inputs={'x': (None, 2)}, outputs=['y'])
    (answer,) = model.run(np.array([[0.0, 1.0]], np.float32))
    assert answer == pytest.approx(np.array([[1.0, np.e]]), rel=1e-6)
    assert model.inputs == {'x': (None, 2)}
    assert model.provider in ('cpu', 'cuda', 'tensorrt')
    assert len(model.short_hash) == 12
    assert not model.degraded


def test_asking_for_a_missing_provider_shows(exp_file):
    import onnxruntime

    if TENSORRT in providers.present(onnxruntime.get_available_providers()):
        pytest.skip('this machine offers TensorRT')
    model = OnnxModel(exp_file, runtime=Runtime(provider='tensorrt'))
    assert model.provider != 'tensorrt'
    assert model.degraded


def test_missing_file_names_file_and_cure(tmp_path):
    with pytest.raises(ModelError, match=r'gone\.onnx.*empathy setup'):
        OnnxModel(tmp_path / 'gone.onnx')


def test_wrong_hash_is_refused(exp_file):
    with pytest.raises(ModelError, match=r'exp\.onnx: sha256 is .* expected abab'):
        OnnxModel(exp_file, sha256='ab' * 32)


def test_truncated_file_is_refused(exp_file):
    exp_file.write_bytes(exp_file.read_bytes()[:-7])
    with pytest.raises(ModelError, match='not a model that ONNX Runtime'):
        OnnxModel(exp_file)


@pytest.mark.parametrize(
    ('expected', 'text'),
    [
        ({'inputs': {'picture': (None, 2)}}, 'inputs are x, expected picture'),
        ({'inputs': {'x': (None, 3)}}, r'input x has shape \(None, 2\), expected \(None, 3\)'),
        ({'outputs': ['logits']}, 'no output logits; there is y'),
    ],
)
def test_a_model_that_is_not_the_manifests_is_refused(exp_file, expected, text):
    with pytest.raises(ModelError, match=text):
        OnnxModel(exp_file, **expected)


def test_a_model_without_finite_answer_to_zeros_is_refused(tmp_path):
    with pytest.raises(ModelError, match='output y holds values that are not finite'):
        OnnxModel(save(tmp_path / 'log.onnx', 'Log'))


@pytest.mark.parametrize('bad', [np.nan, np.inf, -np.inf])
def test_one_bad_value_in_the_output_raises(tmp_path, bad):
    model = OnnxModel(save(tmp_path / 'same.onnx', 'Identity'))
    with pytest.raises(ModelError, match='not finite'):
        model.run(np.array([[0.0, bad]], np.float32))


def test_a_wrong_shape_raises(exp_file):
    with pytest.raises(ModelError, match=r'exp\.onnx'):
        OnnxModel(exp_file).run(np.zeros((1, 5), np.float32))


@pytest.mark.parametrize(
    ('asked', 'quantised', 'built'),
    [
        ('fp32', False, 'fp32'),
        ('fp16', False, 'fp16'),
        ('int8', False, 'fp16'),
        ('fp32', True, 'int8-fp32'),
        ('fp16', True, 'int8'),
        ('int8', True, 'int8'),
    ],
)
def test_int8_is_for_quantised_models_and_only_for_them(asked, quantised, built):
    assert providers.engine_precision(asked, quantised) == built
    options = providers.tensorrt_options(Runtime(), {}, None, precision=built)
    assert options['trt_int8_enable'] == str(quantised)
    assert options['trt_fp16_enable'] == str('fp32' not in built)


def test_a_model_says_what_precision_its_engine_would_have(exp_file):
    assert OnnxModel(exp_file, runtime=Runtime(precision='int8')).precision == 'fp16'
    assert providers.quantised(b'...QuantizeLinear...')
    assert providers.quantised(b'...DequantizeLinear...')
    assert not providers.quantised(b'...Conv...')


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="provider: 'npu' is not one of auto, tensorrt"):
        Runtime(provider='npu')
    with pytest.raises(ValueError, match="precision: 'fp8' is not one of fp32"):
        Runtime(precision='fp8')


@pytest.mark.parametrize(
    ('word', 'available', 'wanted'),
    [
        ('auto', [TENSORRT, CUDA, CPU], [TENSORRT, CUDA, CPU]),
        ('auto', [CUDA, CPU], [CUDA, CPU]),
        ('auto', [CPU], [CPU]),
        ('cpu', [TENSORRT, CUDA, CPU], [CPU]),
        ('cuda', [TENSORRT, CUDA, CPU], [CUDA, CPU]),
        ('tensorrt', [TENSORRT, CUDA, CPU], [TENSORRT, CUDA, CPU]),
        ('tensorrt', [CPU], [CPU]),
    ],
)
def test_order_of_providers(word, available, wanted):
    assert providers.wanted_providers(word, available) == wanted


def test_what_a_build_offers_counts_only_with_gpu_and_library(monkeypatch):
    build = [TENSORRT, CUDA, CPU]
    monkeypatch.setattr(providers, 'gpu_name', lambda: providers.NO_GPU)
    monkeypatch.setattr(providers, 'tensorrt_version', lambda: 100300)
    assert providers.present(build) == [CPU]
    monkeypatch.setattr(providers, 'gpu_name', lambda: 'NVIDIA T4')
    assert providers.present(build) == build
    monkeypatch.setattr(providers, 'tensorrt_version', lambda: 0)
    assert providers.present(build) == [CUDA, CPU]


def test_tensorrt_options_with_cache_and_profiles(tmp_path):
    runtime = Runtime(provider='tensorrt', precision='fp16', device_id=1)
    options = providers.tensorrt_options(runtime, {'face': (None, 1, 48, 48)}, tmp_path)
    assert options['trt_fp16_enable'] == 'True'
    assert options['trt_int8_enable'] == 'False'
    assert options['device_id'] == '1'
    assert options['trt_engine_cache_path'] == options['trt_timing_cache_path'] == str(tmp_path)
    assert options['trt_profile_min_shapes'] == 'face:1x1x48x48'
    assert options['trt_profile_opt_shapes'] == 'face:4x1x48x48'
    assert options['trt_profile_max_shapes'] == 'face:8x1x48x48'


def test_fixed_shapes_need_no_profile():
    options = providers.tensorrt_options(Runtime(), {'x': (1, 3, 4, 4)}, None, precision='int8')
    assert not [key for key in options if 'profile' in key or 'cache' in key]
    assert options['trt_int8_enable'] == 'True'
    assert 'trt_int8_calibration_table_name' not in options


def test_a_sentence_network_has_its_own_profile():
    inputs = {'ids': (1, None), 'mask': (1, None)}
    options = providers.profile_shapes(inputs, (1, 12, 48))
    assert options['trt_profile_opt_shapes'] == 'ids:1x12,mask:1x12'
    assert options['trt_profile_max_shapes'] == 'ids:1x48,mask:1x48'


def test_what_is_missing_for_tensorrt_comes_with_its_cure(monkeypatch):
    build = [TENSORRT, CUDA, CPU]
    monkeypatch.setattr(providers, 'gpu_name', lambda: providers.NO_GPU)
    assert 'no NVIDIA GPU' in providers.missing_for_tensorrt('1.32.0', build)
    monkeypatch.setattr(providers, 'gpu_name', lambda: 'NVIDIA T4')
    assert 'onnxruntime-gpu' in providers.missing_for_tensorrt('1.32.0', [CPU])
    monkeypatch.setattr(providers, 'tensorrt_version', lambda: 0)
    assert 'LD_LIBRARY_PATH' in providers.missing_for_tensorrt('1.32.0', build)
    monkeypatch.setattr(providers, 'tensorrt_version', lambda: 100300)
    assert providers.missing_for_tensorrt('1.32.0', build) == ''


def test_gpu_name_from_the_kernel(tmp_path):
    assert providers.gpu_name(proc=tmp_path) == 'no-gpu'
    card = tmp_path / 'driver/nvidia/gpus/0000:01:00.0'
    card.mkdir(parents=True)
    (card / 'information').write_text('Model: \t\t NVIDIA T4\nIRQ: 1\n')
    assert providers.gpu_name(proc=tmp_path) == 'NVIDIA T4'
    assert providers.gpu_name(device_id=1, proc=tmp_path) == 'no-gpu'


def test_jetson_name_from_the_device_tree(tmp_path):
    (tmp_path / 'device-tree').mkdir()
    (tmp_path / 'device-tree/model').write_bytes(b'NVIDIA Jetson Orin Nano\0')
    assert providers.gpu_name(proc=tmp_path) == 'NVIDIA Jetson Orin Nano'
