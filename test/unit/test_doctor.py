# SPDX-License-Identifier: Apache-2.0
"""What the doctor says about a machine in a known state, and that it changes nothing."""

import argparse
import json
from pathlib import Path
import sys
import types

import pytest
import yaml

from empathy_ros import doctor, doctor_devices, doctor_software
from empathy_ros.core.findings import Finding, MISSING, OK, WARNING
from empathy_ros.engines.store import EncryptedFile
from empathy_ros.paths import share


@pytest.fixture
def policy(tmp_path) -> Path:
    """A filled-in crisis protocol: the shipped one with its switch turned on."""
    content = yaml.safe_load(share('config', 'policy.yaml').read_text(encoding='utf-8'))
    path = tmp_path / 'policy.yaml'
    path.write_text(yaml.safe_dump({**content, 'configured': True}))
    return path


def run(capsys, *argv: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    code = doctor.main(parser.parse_args(argv))
    return code, capsys.readouterr().out


def test_json_names_what_is_missing_and_the_exit_code_agrees(capsys, tmp_path, policy):
    code, text = run(capsys, '--json', '--policy', str(policy), '--state', str(tmp_path / 'new'))
    result = json.loads(text)
    assert code == (0 if result['ready'] else 1)
    assert result['missing'] == [f['name'] for f in result['findings'] if f['state'] == 'missing']
    assert 'crisis protocol' not in result['missing']
    names = {f['name'] for f in result['findings']}
    assert {'Python', 'ROS 2', 'messages', 'voice', 'camera', 'disk', 'consent'} <= names
    for finding in result['findings']:
        assert (finding['state'] == 'ok') == (finding['cure'] == ''), finding


def test_an_unconfigured_crisis_protocol_is_essential(capsys, tmp_path):
    shipped = share('config', 'policy.yaml')
    code, text = run(capsys, '--policy', str(shipped), '--state', str(tmp_path))
    assert code == 1
    assert 'MISSING  crisis protocol' in text
    assert 'configured: true' in text
    assert text.rstrip().splitlines()[-1].startswith('not ready: ')


def test_a_protocol_that_is_no_file_or_no_yaml_is_named(tmp_path):
    missing = doctor_software.crisis_protocol(tmp_path / 'none.yaml')
    assert missing.state == MISSING
    assert 'none.yaml' in missing.detail
    broken = tmp_path / 'broken.yaml'
    broken.write_text('a: [')
    assert doctor_software.crisis_protocol(broken).state == MISSING


def test_looking_does_not_create_the_state_folder(tmp_path):
    folder = tmp_path / 'a' / 'b'
    assert doctor_devices.state_folder(folder).state == OK
    assert doctor_devices.consent_store(folder).state == OK
    assert doctor_devices.disk_space(folder).state == OK
    assert not folder.exists()


def test_a_state_folder_below_a_file_is_missing(tmp_path):
    file = tmp_path / 'file'
    file.touch()
    found = doctor_devices.state_folder(file / 'state')
    assert (found.state, 'EMPATHY_STATE' in found.cure) == (MISSING, True)


@pytest.fixture
def consent(tmp_path) -> Path:
    """A folder with a real encrypted consent store."""
    pytest.importorskip('sqlcipher3', reason='sqlcipher3 is not installed')
    EncryptedFile(tmp_path, 'consent', 'CREATE TABLE IF NOT EXISTS t (a)').close()
    return tmp_path


def test_a_good_store_can_be_read_and_is_left_as_it_was(consent):
    before = (consent / 'consent.db').read_bytes()
    assert doctor_devices.consent_store(consent) == Finding(
        'consent', OK, f'{consent / "consent.db"} can be read'
    )
    assert (consent / 'consent.db').read_bytes() == before


def test_a_store_whose_key_is_lost_or_wrong_is_missing_and_nothing_is_moved(consent):
    key = consent / 'consent.key'
    key.write_text('0' * 64)
    wrong = doctor_devices.consent_store(consent)
    assert (wrong.state, 'backup' in wrong.cure) == (MISSING, True)
    key.unlink()
    assert doctor_devices.consent_store(consent).state == MISSING
    assert sorted(p.name for p in consent.glob('consent.d*')) == ['consent.db']


def test_a_key_that_others_can_read_is_a_warning(consent):
    (consent / 'consent.key').chmod(0o644)
    found = doctor_devices.consent_store(consent)
    assert (found.state, found.cure) == (WARNING, f'chmod 600 {consent / "consent.key"}')


def test_a_missing_library_is_named_with_what_is_lost(monkeypatch):
    for name in ('cv2', 'py_trees'):
        monkeypatch.setitem(sys.modules, name, None)
    found = {f.name: f for f in doctor_software.libraries()}
    assert found['py-trees'].state == MISSING
    assert found['opencv-python-headless'].state == WARNING
    assert 'no seeing' in found['opencv-python-headless'].detail


def test_without_ros_the_cure_is_the_set_up(monkeypatch):
    monkeypatch.setitem(sys.modules, 'rclpy', None)
    monkeypatch.setattr(Path, 'glob', lambda _self, _pattern: iter(()))
    monkeypatch.delenv('ROS_DISTRO', raising=False)
    found = doctor_software.ros()
    assert (found.state, found.cure) == (MISSING, './empathy setup')


def test_messages_built_from_an_older_checkout_are_noticed(monkeypatch):
    package, old = types.ModuleType('empathy_interfaces'), types.ModuleType('msg')
    old.Utterance = object
    package.msg = old
    monkeypatch.setitem(sys.modules, 'empathy_interfaces', package)
    monkeypatch.setitem(sys.modules, 'empathy_interfaces.msg', old)
    found = doctor_software.messages()
    assert found.state == MISSING
    assert 'AffectEstimate' in found.detail
    assert 'Utterance' not in found.detail


def test_a_changed_model_is_missing_and_the_cure_restores_it(monkeypatch, tmp_path):
    folder = tmp_path / 'models'
    folder.mkdir()
    manifest = folder / 'manifest.yaml'
    manifest.write_text(share('models', 'manifest.yaml').read_text(encoding='utf-8'))
    (folder / 'face_expression.onnx').write_bytes(b'not a network')
    monkeypatch.setattr('empathy_ros.paths.share', lambda *parts: tmp_path.joinpath(*parts))
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path / 'none'))
    found = {f.name: f for f in doctor_software.models_there()}
    changed = found['model face_expression']
    assert changed.state == MISSING
    assert 'sha256' in changed.detail
    assert 'git checkout -- models/face_expression.onnx' in changed.cure
    assert found['model silero_vad'].state == MISSING


def test_little_disk_is_a_warning_and_none_is_missing(monkeypatch, tmp_path):
    for free, state in ((600e6, OK), (100e6, WARNING), (10e6, MISSING)):
        monkeypatch.setattr(
            doctor_devices.shutil, 'disk_usage', lambda _p, n=free: types.SimpleNamespace(free=n)
        )
        assert doctor_devices.disk_space(tmp_path).state == state


def test_no_voice_is_a_warning(monkeypatch):
    monkeypatch.setattr(doctor_devices.shutil, 'which', lambda _name: None)
    found = doctor_devices.voice()
    assert (found.state, found.cure) == (WARNING, 'sudo apt-get install flite')
