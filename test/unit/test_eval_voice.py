# SPDX-License-Identifier: Apache-2.0
"""`eval voice` and `models train voice` on synthetic voices; each fault names file and row."""

import argparse
import json
import zipfile

import numpy as np
import pytest

from empathy_ros import train_voice
from empathy_ros.cli import main
from empathy_ros.evaluation import voice
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.voice_degrade import DEGRADATIONS, degrade

from .voice_sounds import RATE_HZ, write_corpus, write_wav
from .voice_sounds import voice as sound_of


@pytest.fixture(scope='module')
def corpus(tmp_path_factory):
    """Return 40 clips of 4 speakers, angry and sad."""
    folder = tmp_path_factory.mktemp('voices') / 'corpus'
    return write_corpus(folder, per_class=5, labels=('angry', 'sad'))


def run(*arguments):
    parser = argparse.ArgumentParser()
    voice.add_arguments(parser)
    return voice.run(parser.parse_args([str(a) for a in arguments]))


def train(*arguments):
    parser = argparse.ArgumentParser()
    train_voice.add_arguments(parser)
    return train_voice.main(parser.parse_args([str(a) for a in arguments]))


def test_categories_are_scored_across_speakers(corpus):
    result = run('--data', corpus)
    assert (result['n'], result['speakers'], result['in_sample']) == (40, 4, False)
    assert result['classes'] == ['sadness', 'anger']
    assert result['uar'] > 0.8
    low, high = result['intervals']['uar']
    assert low <= result['uar'] <= high
    assert set(result['groups']) == {'age', 'sex', 'speaker'}
    assert result['groups']['sex']['m']['n'] == 20
    for key in ('accuracy', 'ece', 'abstain_rate', 'accuracy_when_answering', 'per_class'):
        assert result[key] is not None


def test_shuffled_labels_are_at_chance(corpus, tmp_path):
    """What would betray that a speaker's own clips are scored: a good figure on nonsense."""
    lines = (corpus / 'labels.csv').read_text().splitlines()
    labels = [line.rsplit(',', 1)[1] for line in lines[1:]]
    np.random.default_rng(0).shuffle(labels)
    rows = [
        f'{line.rsplit(",", 1)[0]},{label}' for line, label in zip(lines[1:], labels, strict=True)
    ]
    with zipfile.ZipFile(tmp_path / 'audio.zip', 'w') as archive:
        for file in corpus.glob('*.wav'):
            archive.write(file, f'audio/{file.name}')
    (tmp_path / 'labels.csv').write_text('\n'.join((lines[0], *rows)))
    assert run('--data', tmp_path)['uar'] < 0.75


def test_arousal_without_weights_and_from_another_corpus(corpus, tmp_path):
    known = run('--data', corpus, '--task', 'arousal', '--baseline', 'speaker')
    assert known['model']['id'] == 'voice_prosody_1'
    assert known['classes'] == ['low', 'high']
    assert known['uar'] > 0.8
    write_corpus(tmp_path, speakers=2, per_class=3, labels=('angry', 'sad'), shift_st=1.5)
    other = run('--data', tmp_path, '--train', corpus, '--task', 'arousal')
    assert other['protocol'] == 'fitted to other data'
    assert other['uar'] > 0.8


def test_a_trained_model_is_refused_on_what_it_has_heard(corpus, tmp_path, capsys):
    file = tmp_path / 'mine.npz'
    with pytest.raises(BadInput, match='--licence'):
        train('--data', corpus, '--out', file)
    assert train('--data', corpus, '--out', file, '--licence', 'MINE-NC', '--noncommercial',
                 '--json') == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert (told['clips'], told['speakers'], told['licence']) == (40, 4, 'MINE-NC')
    with pytest.raises(BadInput, match='accept-noncommercial'):
        run('--data', corpus, '--model', file)
    with pytest.raises(BadInput, match=r'labels.csv row 2 \(s0_angry_0.wav\).*trained on'):
        run('--data', corpus, '--model', file, '--accept-noncommercial')


def test_damage_is_the_same_each_time_and_of_the_same_length():
    clean = sound_of(150)
    for kind in DEGRADATIONS:
        first, again = degrade(clean, kind, 3), degrade(clean, kind, 3)
        assert np.array_equal(first, again)
        assert first.shape == clean.shape
        assert np.isfinite(first).all()
        assert not np.allclose(first, clean)
    assert degrade(clean, 'none', 0) is clean
    with pytest.raises(ValueError, match='noise'):
        degrade(clean, 'rain', 0)
    noise = degrade(clean, 'noise', 1) - clean
    pieces = np.sort((clean[: len(clean) // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1))
    speech = pieces[len(pieces) // 2 :].mean()
    assert 10 * np.log10(speech / np.mean(noise**2)) == pytest.approx(15.0, abs=0.1)


def folder_with(tmp_path, name, content):
    write_corpus(tmp_path, speakers=2, per_class=1)
    (tmp_path / name).write_bytes(content)
    with (tmp_path / 'labels.csv').open('a') as table:
        table.write(f'{name},s9,f,70,sad\n')
    return tmp_path


@pytest.mark.parametrize(
    ('name', 'content', 'message'),
    [
        ('empty.wav', b'', r'row 8 \(empty.wav\): the file is empty'),
        ('broken.mp3', b'no sound at all' * 50, r'row 8 \(broken.mp3\): cannot be decoded'),
    ],
)
def test_unreadable_sound(tmp_path, name, content, message):
    with pytest.raises(BadInput, match=message):
        run('--data', folder_with(tmp_path, name, content))


@pytest.mark.parametrize(('length_s', 'message'), [(0.0, '0.00 s'), (36000, '36000 s')])
def test_sound_of_no_and_of_ten_hours(tmp_path, length_s, message):
    """Ten hours are a sparse file: they must be refused by the header, without being read."""
    folder = folder_with(tmp_path, 'odd.wav', b'')
    write_wav(folder / 'odd.wav', np.zeros(0))
    if length_s:
        size = int(length_s) * 2 * 8000
        head = bytearray((folder / 'odd.wav').read_bytes())
        head[4:8], head[40:44] = ((size + k).to_bytes(4, 'little') for k in (36, 0))
        head[24:28], head[28:32] = (8000).to_bytes(4, 'little'), (16000).to_bytes(4, 'little')
        (folder / 'odd.wav').write_bytes(head)
        with (folder / 'odd.wav').open('r+b') as file:
            file.truncate(44 + size)
    with pytest.raises(BadInput, match=rf'row 8 \(odd.wav\): .*({message}|too much)'):
        run('--data', folder)


@pytest.mark.parametrize(
    ('table', 'message'),
    [
        ('', 'holds no rows'),
        ('file,speaker\na.wav,s1\n', 'no column label'),
        ('file,label,speaker\na.wav,furious-ish,s1\n', r"row 2 \(a.wav\): unknown label 'furious"),
        ('file,label\na.wav,sad\na.wav,angry\n', 'no column speaker'),
        ('file,label,speaker\na.wav,sad,s1\na.wav,sad,s2\n', 'two classes'),
        ('file,label,speaker\na.wav,sad,s1\na.wav,angry,s2\n', r'labels\.csv: 2 speakers'),
        ('file,label,speaker\nb.wav,sad,s1\na.wav,angry,s2\n', r'row 2 \(b.wav\): no such file'),
    ],
)
def test_bad_tables(tmp_path, table, message):
    write_wav(tmp_path / 'a.wav', sound_of(150))
    (tmp_path / 'labels.csv').write_text(table)
    with pytest.raises(BadInput, match=message):
        run('--data', tmp_path)


def test_bad_input_ends_with_2_and_one_line(tmp_path, capsys):
    assert main(['eval', 'voice', '--data', str(tmp_path / 'nowhere'), '--json']) == 2
    out, err = capsys.readouterr()
    assert out == ''
    assert err.count('\n') == 1
    assert 'no such folder' in err
    with pytest.raises(BadInput, match='prosody gives arousal only'):
        run('--data', tmp_path, '--model', 'prosody')


def test_a_place_that_cannot_be_written_is_told_before_training(tmp_path):
    (tmp_path / 'labels.csv').write_text('')
    for out in (tmp_path / 'labels.csv' / 'deep' / 'v.npz', tmp_path / 'made.npz'):
        (tmp_path / 'made.npz').mkdir(exist_ok=True)
        with pytest.raises(BadInput, match=r'--out .*(cannot be written to|is a folder)'):
            train('--emodb', tmp_path / 'nowhere', '--out', out)


def test_corpora_as_distributed_are_read_by_their_file_names(tmp_path):
    from empathy_ros.evaluation.voice_corpora import CORPORA, open_corpus

    names = {
        'crema_d': ('1001_DFA_ANG_XX.wav', '1001', 'anger'),
        'emodb': ('03a01Wa.wav', '03', 'anger'),
        'ravdess': ('03-01-05-01-02-01-12.wav', '12', 'anger'),
    }
    for corpus, (name, speaker, label) in names.items():
        folder = tmp_path / corpus / 'deep'
        folder.mkdir(parents=True)
        write_wav(folder / name, sound_of(150))
        write_wav(folder / 'other.wav', sound_of(150))
        (item,) = open_corpus(tmp_path / corpus, CORPORA[corpus]).items
        assert (item.groups['speaker'], item.label) == (speaker, label)
    with pytest.raises(BadInput, match=r'no labels\.csv and no sound file named as in CREMA-D'):
        open_corpus(tmp_path / 'emodb', CORPORA['crema_d'])
    assert CORPORA['ravdess'].noncommercial


def test_calm_is_neutral_unless_both_are_there(tmp_path):
    write_wav(tmp_path / 'a.wav', sound_of(150))
    for labels, expected in (
        (('calm', 'sad'), ('neutral', 'sadness')),
        (('calm', 'neutral', 'sad'), ('neutral', 'sadness', 'calm')),
    ):
        rows = [f'a.wav,{label},s1' for label in labels]
        (tmp_path / 'labels.csv').write_text('\n'.join(('file,label,speaker', *rows)))
        assert voice.chosen_items(tmp_path, '', True)[2] == expected


def test_telephone_loses_the_high_band():
    narrow = degrade(sound_of(150, -3.0), 'telephone', 0)
    power = np.abs(np.fft.rfft(narrow)) ** 2
    hz = np.fft.rfftfreq(len(narrow), 1 / RATE_HZ)
    assert power[hz > 4000].sum() < 1e-3 * power.sum()
