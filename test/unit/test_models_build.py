# SPDX-License-Identifier: Apache-2.0
"""Building TensorRT engines: what is chosen, what is printed, and that nothing half is left.

TensorRT itself is not here; a stand-in plays its part where the steps around it are tested.
"""

import argparse
from dataclasses import replace
import json
from pathlib import Path

import numpy as np
import pytest

from empathy_ros import cli, models, models_build
from empathy_ros.engines import optional_models, providers
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import TENSORRT
from empathy_ros.evaluation.common import BadInput

onnxruntime = pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

FACE = 'face_expression'


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    models_build.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def no_tensorrt():
    if TENSORRT in providers.present(onnxruntime.get_available_providers()):
        pytest.skip('this machine offers TensorRT')


class StandIn(OnnxModel):
    """An ONNX model on the CPU that says it runs in TensorRT, and leaves an engine."""

    error = 0.0

    def __init__(self, file: Path, *, runtime: providers.Runtime, **more: object) -> None:
        on_cpu = replace(runtime, provider='cpu')
        super().__init__(file, runtime=on_cpu, **more)
        if runtime.provider == 'tensorrt':
            self.provider = 'tensorrt'
            self.engine = runtime.cache_dir / 'made'
            self.engine.mkdir()
            (self.engine / 'face_sm87.engine').write_bytes(b'engine')

    def run(self, *inputs):
        results = super().run(*inputs)
        if self.provider == 'tensorrt':
            return [np.asarray(result) + self.error for result in results]
        return results


@pytest.fixture
def stand_in(monkeypatch):
    monkeypatch.setattr(optional_models, 'OnnxModel', StandIn)
    monkeypatch.setattr(providers, 'missing_for_tensorrt', lambda version, available: '')
    monkeypatch.setattr(StandIn, 'error', 0.0)
    return StandIn


def test_every_shipped_network_that_tensorrt_can_take_is_chosen():
    chosen = {m.id for m in models_build.choose(models.load_manifest(), ())}
    assert {'face_detector_full', 'face_detector_short', FACE} <= chosen
    assert not chosen & {'silero_vad', 'whisper_tiny', 'text_affect_linear'}


@pytest.mark.parametrize(
    ('name', 'reason'),
    [
        ('silero_vad', 'holds If nodes'),
        ('text_affect_linear', 'no ONNX network'),
        ('nobody', 'no model is called nobody'),
    ],
)
def test_what_cannot_be_built_says_why(name, reason):
    with pytest.raises(BadInput, match=reason):
        models_build.choose(models.load_manifest(), [name])


def test_without_gpu_it_says_so_and_writes_nothing(no_tensorrt, tmp_path, capsys):
    out = tmp_path / 'engines'
    assert cli.main(['models', 'build', '--provider', 'tensorrt', '--out', str(out)]) == 1
    message = capsys.readouterr().err.strip()
    assert message.startswith('empathy: no engine was built: ')
    assert '\n' not in message
    assert not out.exists()


def test_an_unknown_model_is_bad_input(capsys):
    assert cli.main(['models', 'build', '--model', 'nobody']) == 2
    assert 'there is face_detector_short' in capsys.readouterr().err


def test_a_dry_run_prints_options_and_trtexec_and_builds_nothing(tmp_path):
    lines: list[str] = []
    words = ('--dry-run', '--model', FACE, '--precision', 'fp32', '--out', str(tmp_path / 'e'))
    assert models_build.main(arguments(*words), lines.append) == 0
    text = '\n'.join(lines)
    assert 'not built' in text
    assert 'trt_profile_max_shapes           face:8x1x48x48' in text
    assert 'trtexec --onnx=' in text
    digest = models.get(FACE).sha256
    assert f'{Path(models.get(FACE).file).stem}-{digest[:12]}-ort' in text
    assert not (tmp_path / 'e').exists()


def test_an_engine_on_the_cpu_is_refused_and_leaves_nothing(no_tensorrt, tmp_path, monkeypatch):
    monkeypatch.setattr(providers, 'missing_for_tensorrt', lambda version, available: '')
    with pytest.raises(ModelError, match='runs it on cpu, not in TensorRT'):
        models_build.main(arguments('--model', FACE, '--out', str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_a_build_is_kept_and_not_repeated(stand_in, tmp_path):
    told: list[str] = []
    args = arguments('--model', FACE, '--out', str(tmp_path))
    assert models_build.main(args, told.append) == 0
    (folder,) = tmp_path.iterdir()
    marker = json.loads((folder / 'engine.json').read_text())
    assert marker['engines'] == {'face_sm87.engine': 6}
    assert marker['sha256'] == models.get(FACE).sha256
    assert len(marker['ms']) == 3
    assert models_build.main(args, told.append) == 0
    assert 'built' in told[0]
    assert 'current' in told[1]
    (folder / 'face_sm87.engine').write_bytes(b'damaged')
    models_build.main(args, told.append)
    assert 'built' in told[2]
    assert (folder / 'face_sm87.engine').read_bytes() == b'engine'


def test_an_engine_that_answers_something_else_is_refused(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(stand_in, 'error', 100.0)
    with pytest.raises(ModelError, match=r'answers up to 100 beside the CPU.*--precision fp32'):
        models_build.main(arguments('--model', FACE, '--out', str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_old_engines_go_only_with_prune(stand_in, tmp_path):
    stem = Path(models.get(FACE).file).stem
    old = tmp_path / f'{stem}-000000000000-ort1-trt1-gpu-fp16'
    old.mkdir()
    told: list[str] = []
    models_build.main(arguments('--model', FACE, '--out', str(tmp_path)), told.append)
    assert old.is_dir()
    assert 'no longer fits' in told[-1]
    models_build.main(arguments('--model', FACE, '--out', str(tmp_path), '--prune'), told.append)
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_samples_follow_the_stated_range_and_are_repeatable():
    entry = models.get(FACE)
    network = models_build.open_network(entry, providers.Runtime('cpu'))
    (first,), (again,) = (models_build.sample(entry, network, 4) for _ in range(2))
    assert first.shape == (4, 1, 48, 48)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
