# SPDX-License-Identifier: Apache-2.0
"""The model manifest and its loader: only files with the stated hash are handed out."""

import hashlib
from pathlib import Path
import re

import pytest
import yaml

from empathy_ros import models, models_cli
from empathy_ros.engines.onnx import ModelError

CONTENT = b'weights'
DIGEST = hashlib.sha256(CONTENT).hexdigest()
ENTRY = {
    'id': 'nose',
    'role': 'test',
    'file': 'nose.onnx',
    'sha256': DIGEST,
    'licence': 'MIT',
    'source': {'kind': 'package', 'package': 'p', 'version': '1', 'sha256': DIGEST, 'member': 'm'},
}


def manifest(tmp_path: Path, *entries: object) -> Path:
    file = tmp_path / 'manifest.yaml'
    file.write_text(yaml.safe_dump({'models': list(entries)}))
    return file


def test_own_manifest_is_readable_and_complete():
    known = models.load_manifest()
    assert {'face_detector_short', 'face_detector_full', 'silero_vad', 'whisper_tiny'} <= set(
        known
    )
    for model in known.values():
        assert model.licence, f'{model.id} has no licence'
        assert model.source.origin, f'{model.id} does not say who made it'
        if model.source.convert != 'none':
            assert len(model.source.member_sha256) == 64


def test_weights_in_the_repository_stay_small_and_have_the_stated_hash():
    total_bytes = 0
    for model in models.load_manifest().values():
        if model.source.kind == 'repository':
            total_bytes += models.find_model(model).stat().st_size
    assert 0 < total_bytes < 30_000_000


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'colour': 'rgb'}, 'model 1: unknown key colour'),
        ({'licence': None}, 'missing key licence'),
        ({'sha256': 'abc'}, '64 hexadecimal digits'),
        ({'source': {'kind': 'magic'}}, 'source.kind is one of repository, package, url'),
        ({'source': {'kind': 'package', 'package': 'p'}}, 'needs package, version, sha256'),
        ({'source': {'address': 'x'}}, 'source: unknown key address'),
        ({'inputs': ['input']}, 'inputs: expected a mapping'),
        ({'source': {'kind': 'url', 'url': 'http://x/y', 'sha256': DIGEST}}, 'needs https://'),
        ({'source': {'kind': 'url', 'url': 'https://x/y'}}, 'sha256 of the download'),
        ({'profile': [1, 8, 4]}, 'profile is three rising whole numbers'),
        ({'profile': [0, 1, 2]}, 'profile is three rising whole numbers'),
        ({'tensorrt': False}, 'needs a tensorrt_reason'),
        ({'parity': {'against': 'PyTorch'}}, 'parity: missing key date, items, largest'),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, change, message):
    entry = {key: value for key, value in {**ENTRY, **change}.items() if value is not None}
    with pytest.raises(ModelError, match=message) as error:
        models.load_manifest(manifest(tmp_path, entry))
    assert 'manifest.yaml' in str(error.value)


def test_an_id_used_twice_is_refused(tmp_path):
    with pytest.raises(ModelError, match='the id nose is there twice'):
        models.load_manifest(manifest(tmp_path, ENTRY, ENTRY))


@pytest.mark.parametrize('text', ['models: 3', '- a', '{', 'models: [1]'])
def test_a_file_that_is_no_manifest_is_refused(tmp_path, text):
    file = tmp_path / 'manifest.yaml'
    file.write_text(text)
    with pytest.raises(ModelError, match='manifest'):
        models.load_manifest(file)


def test_find_gives_the_file_only_with_the_right_hash(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path / '.empathy' / 'models'))
    model = models.load_manifest(manifest(tmp_path, ENTRY))['nose']
    (tmp_path / 'nose.onnx').write_bytes(CONTENT)
    assert models.find_model(model, tmp_path) == tmp_path / 'nose.onnx'
    (tmp_path / 'nose.onnx').write_bytes(CONTENT + b'!')
    found = hashlib.sha256(CONTENT + b'!').hexdigest()
    expected = f'nose.onnx: sha256 is {found}, expected {DIGEST}; run ./empathy setup'
    with pytest.raises(ModelError, match=re.escape(expected)):
        models.find_model(model, tmp_path)
    (tmp_path / 'nose.onnx').unlink()
    with pytest.raises(ModelError, match=r'nose\.onnx: No such file.*run \./empathy setup'):
        models.find_model(model, tmp_path)


def test_a_folder_is_right_when_each_of_its_files_is(tmp_path):
    entry = {**ENTRY, 'file': 'ear', 'files': {'a.bin': DIGEST, 'b.bin': DIGEST}}
    del entry['sha256']
    model = models.load_manifest(manifest(tmp_path, entry))['nose']
    (tmp_path / 'ear').mkdir()
    (tmp_path / 'ear' / 'a.bin').write_bytes(CONTENT)
    with pytest.raises(ModelError, match=r'b\.bin: No such file'):
        models.find_model(model, tmp_path)
    (tmp_path / 'ear' / 'b.bin').write_bytes(CONTENT)
    assert models.find_model(model, tmp_path) == tmp_path / 'ear'


def test_verify_says_what_is_wrong_with_each(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    other = {**ENTRY, 'id': 'mouth', 'file': 'mouth.onnx'}
    known = models.load_manifest(manifest(tmp_path, ENTRY, other))
    (tmp_path / 'nose.onnx').write_bytes(CONTENT)
    result = models.verify(known)
    assert result['nose'] == ''
    assert 'mouth.onnx' in result['mouth']


def test_an_unknown_id_names_the_known_ones():
    with pytest.raises(ModelError, match=r'no model is called nobody; .*silero_vad'):
        models.find('nobody')


def test_the_list_shows_licence_and_source():
    lines = models_cli.list_models()
    assert any('silero_vad' in line and 'MIT' in line and '6.2.1.1' in line for line in lines)
