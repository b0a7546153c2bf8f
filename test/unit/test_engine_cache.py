# SPDX-License-Identifier: Apache-2.0
"""Keys of TensorRT engines, when they are too old to be used, and the trtexec call."""

from dataclasses import replace
import json
from pathlib import Path

import pytest

from empathy_ros.engines import engine_cache, providers
from empathy_ros.engines.engine_cache import EngineKey
from empathy_ros.engines.providers import Runtime

KEY = EngineKey('face_net', 'ab' * 32, '1.32.0', 100300, 'NVIDIA Jetson Orin Nano', 'int8')
OPTIONS = providers.tensorrt_options(Runtime(), {'face': (None, 1, 48, 48)}, Path('x'))


@pytest.fixture
def built(tmp_path):
    folder = tmp_path / KEY.folder_name
    folder.mkdir()
    (folder / 'a_sm87.engine').write_bytes(b'engine')
    engine_cache.write_marker(folder, OPTIONS, {'seconds': 3})
    return folder


@pytest.mark.parametrize(
    'change',
    [
        {'digest': 'cd' * 32},
        {'runtime': '1.33.0'},
        {'tensorrt': 100400},
        {'gpu': 'NVIDIA Thor'},
        {'precision': 'fp16'},
        {'stem': 'face_other'},
    ],
)
def test_everything_an_engine_depends_on_changes_its_folder(change):
    assert replace(KEY, **change).folder_name != KEY.folder_name


def test_the_folder_name_is_a_file_name():
    assert KEY.folder_name == (
        'face_net-abababababab-ort1.32.0-trt100300-NVIDIA_Jetson_Orin_Nano-int8'
    )


def test_a_finished_folder_is_current_wherever_it_is_moved(built, tmp_path):
    assert engine_cache.why_not_current(built, OPTIONS) == ''
    moved = built.rename(tmp_path / 'elsewhere')
    elsewhere = {**OPTIONS, 'trt_engine_cache_path': str(moved)}
    assert engine_cache.why_not_current(moved, elsewhere) == ''
    assert json.loads((moved / 'engine.json').read_text())['seconds'] == 3


def test_an_engine_that_cannot_be_used_says_why(built):
    other = {**OPTIONS, 'trt_profile_max_shapes': 'face:16x1x48x48'}
    reason = engine_cache.why_not_current(built, other)
    assert reason == 'built with another trt_profile_max_shapes'
    (built / 'a_sm87.engine').write_bytes(b'half')
    assert 'a_sm87.engine is damaged' in engine_cache.why_not_current(built, OPTIONS)
    (built / 'engine.json').unlink()
    assert engine_cache.why_not_current(built, OPTIONS) == 'not finished'
    assert engine_cache.why_not_current(built / 'gone', OPTIONS) == 'not built'


def test_a_folder_without_engine_is_never_called_finished(tmp_path):
    with pytest.raises(FileNotFoundError, match='wrote no engine'):
        engine_cache.write_marker(tmp_path, OPTIONS, {})
    assert not list(tmp_path.iterdir())


def test_only_engines_of_other_machines_and_files_are_stale(built, tmp_path):
    others = [replace(KEY, digest='cd' * 32), replace(KEY, tensorrt=1), replace(KEY, gpu='x')]
    same = [replace(KEY, precision='fp16'), replace(KEY, stem='mouth')]
    for key in (*others, *same):
        (tmp_path / key.folder_name).mkdir()
    found = engine_cache.stale_folders(tmp_path, [KEY])
    assert {folder.name for folder in found} == {key.folder_name for key in others}
    assert built not in found


def test_trtexec_builds_the_same_engine():
    options = providers.tensorrt_options(
        Runtime(workspace_mb=64), {'face': (None, 1, 48, 48)}, None, precision='int8'
    )
    command = engine_cache.trtexec_command(Path('face.onnx'), options, Path('face.engine'))
    words = command.split()
    assert words[:3] == ['trtexec', '--onnx=face.onnx', '--saveEngine=face.engine']
    assert {'--fp16', '--int8', '--memPoolSize=workspace:64M'} <= set(words)
    assert '--minShapes=face:1x1x48x48' in words
    assert '--maxShapes=face:8x1x48x48' in words
    plain = providers.tensorrt_options(Runtime(), {'x': (1, 2)}, None, precision='fp32')
    assert '--int8' not in engine_cache.trtexec_command(Path('f'), plain, Path('e'))
    assert 'Shapes' not in engine_cache.trtexec_command(Path('f'), plain, Path('e'))
