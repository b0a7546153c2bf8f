# SPDX-License-Identifier: Apache-2.0
"""`empathy models`: the list, cards that are complete, and how training is started."""

from dataclasses import replace
import os
import subprocess
import sys

import pytest

from empathy_ros import cli, models, models_card, models_cli, models_train
from empathy_ros.evaluation.common import BadInput

KNOWN = models.load_manifest()


def test_the_list_says_role_licence_size_and_whether_it_is_here():
    head, *rows = models_cli.list_models()
    assert head.split()[:4] == ['id', 'role', 'licence', 'MB']
    by_id = {row.split()[0]: row for row in rows}
    assert list(by_id) == list(KNOWN)
    assert ' expression ' in by_id['face_expression']
    assert ' yes ' in by_id['face_expression']
    assert ' default ' in by_id['face_expression']
    assert ' optional ' in by_id['face_landmarks']


def test_the_list_names_voice_models_of_the_user_and_what_is_wrong_with_one(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    (tmp_path / 'voice_mine.npz').write_bytes(b'half')
    line = models_cli.list_models()[-1]
    assert line.startswith('voice_mine ')
    assert 'not a usable voice model' in line


def test_the_size_of_a_model_that_is_not_here_is_the_stated_one(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    assert models_cli.size_bytes(KNOWN['silero_vad']) == KNOWN['silero_vad'].size_bytes > 1e6


def test_verify_takes_no_offence_at_an_optional_model_that_was_never_fetched(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    known = {m.id: m for m in KNOWN.values() if m.optional or m.source.kind == 'repository'}
    monkeypatch.setattr(models_cli, 'load_manifest', lambda: known)
    assert cli.main(['models', 'verify']) == 0
    assert 'face_landmarks         optional, not fetched' in capsys.readouterr().out
    monkeypatch.setattr(models_cli, 'load_manifest', lambda: KNOWN)
    assert cli.main(['models', 'verify']) == 1


@pytest.mark.parametrize('entry', KNOWN.values(), ids=lambda entry: entry.id)
def test_every_model_is_fully_described(entry):
    assert models_card.missing_facts(entry) == []


def test_a_card_shows_the_facts_of_the_manifest(capsys):
    assert cli.main(['models', 'card', 'face_expression']) == 0
    text = capsys.readouterr().out
    assert f'face_expression.onnx {KNOWN["face_expression"].sha256}' in text
    assert 'TensorRT   exportable; not run here' in text
    assert '# Model card: face_expression' in text
    assert cli.main(['models', 'card', 'nobody']) == 2


def test_a_card_without_an_entry_is_shown_too(capsys, tmp_path, monkeypatch):
    assert cli.main(['models', 'card', 'fusion']) == 0
    assert '# Model card: fusion' in capsys.readouterr().out
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    (tmp_path / 'voice_mine.npz').write_bytes(b'no model')
    assert cli.main(['models', 'card', 'voice_mine']) == 1
    assert 'voice_mine.npz: not a usable voice model' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('change', 'text'),
    [
        ({'card': ''}, 'no card'),
        ({'card': 'models/cards/gone.md'}, r'gone\.md does not exist'),
        ({'accuracy': ()}, 'no figure under accuracy'),
        ({'licence': 'Zlib'}, 'does not give the licence Zlib'),
        ({'id': 'nose'}, 'does not name nose'),
    ],
)
def test_a_model_that_is_not_described_is_refused(monkeypatch, capsys, change, text):
    entry = replace(KNOWN['face_expression'], **change)
    monkeypatch.setattr(models, 'load_manifest', lambda: {entry.id: entry})
    assert cli.main(['models', 'card', entry.id]) == 1
    message = capsys.readouterr().err
    assert 'not described well enough' in message
    assert text.replace('\\', '') in message


def test_an_unknown_model_is_bad_input_for_every_action(capsys):
    for words in (
        ['fetch', 'nobody'],
        ['fetch', '--accept-licence', 'nobody'],
        ['card', 'nobody'],
    ):
        assert cli.main(['models', *words]) == 2
        assert 'no model is called nobody; there is ' in capsys.readouterr().err


def test_a_figure_needs_a_count_and_a_date():
    entry = KNOWN['face_expression']
    bare = replace(entry.accuracy[0], date='soon', count=0)
    found = models_card.missing_facts(replace(entry, accuracy=(bare,)))
    assert any('no count or no date' in item for item in found)


def test_training_without_torch_names_the_cure(monkeypatch, capsys):
    wanted = {'face': ('face_expression/train.py', ('no_such_module',), 'face_expression')}
    monkeypatch.setattr(models_train, 'SCRIPTS', wanted)
    assert cli.main(['models', 'train', 'face', '--epochs', '1']) == 1
    message = capsys.readouterr().err
    assert 'has no no_such_module' in message
    assert 'requirements.txt' in message
    assert '--python' in message


def test_training_runs_the_script_with_its_arguments(monkeypatch, tmp_path):
    script = tmp_path / 'training' / 'face_expression' / 'train.py'
    script.parent.mkdir(parents=True)
    script.write_text('import sys\nopen(sys.argv[2], "w").write(sys.argv[1])\nsys.exit(3)\n')
    monkeypatch.setattr(models_train, 'ROOT', tmp_path)
    wanted = {'face': ('face_expression/train.py', ('json',), 'face_expression')}
    monkeypatch.setattr(models_train, 'SCRIPTS', wanted)
    proof = tmp_path / 'proof'
    assert cli.main(['models', 'train', 'face', '--epochs=7', str(proof)]) == 3
    assert proof.read_text() == '--epochs=7'


def test_training_scripts_exist_where_they_are_looked_for():
    if not (models_train.ROOT / 'training').is_dir():
        pytest.skip('the training scripts are not installed')
    for script, _, folder in models_train.SCRIPTS.values():
        assert (models_train.ROOT / 'training' / script).is_file()
        assert (models_train.ROOT / 'training' / folder / 'requirements.txt').is_file()


@pytest.mark.parametrize('python', ['/no/such/python', '/bin/false'])
def test_a_python_that_is_none_is_bad_input(python):
    with pytest.raises(BadInput, match=r'--python /.*'):
        models_train.missing_modules(python, ['json'])
    assert models_train.missing_modules(sys.executable, ['json', 'no_such_module']) == [
        'no_such_module'
    ]


def test_a_reader_that_has_seen_enough_is_no_fault():
    """As in `./empathy models list | head -1`."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, '-m', 'empathy_ros.cli', 'models', 'list']
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, '')
