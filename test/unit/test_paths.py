# SPDX-License-Identifier: Apache-2.0
"""Where files and state are looked for."""

from pathlib import Path

import pytest

from empathy_ros import paths


def test_files_of_the_checkout_are_found():
    assert paths.share('config', 'empathy.yaml').is_file()


def test_an_installed_prefix_serves_when_the_checkout_has_not(tmp_path, monkeypatch):
    file = tmp_path / 'share' / 'empathy_ros' / 'config' / 'only_here.yaml'
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.setenv('AMENT_PREFIX_PATH', f'/nowhere:{tmp_path}')
    assert paths.share('config', 'only_here.yaml') == file


def test_a_missing_file_names_itself_and_the_cure(monkeypatch):
    monkeypatch.delenv('AMENT_PREFIX_PATH', raising=False)
    with pytest.raises(FileNotFoundError, match=r'config/no\.yaml.*source install/setup\.bash'):
        paths.share('config', 'no.yaml')


def test_state_dir_follows_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv('EMPATHY_STATE', str(tmp_path))
    assert paths.state_dir() == tmp_path
    monkeypatch.delenv('EMPATHY_STATE')
    monkeypatch.setenv('HOME', str(tmp_path))
    assert paths.state_dir() == Path(tmp_path) / '.local' / 'share' / 'empathy_ros'
