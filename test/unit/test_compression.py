# SPDX-License-Identifier: Apache-2.0
"""The compression table: variants are found, compared and recorded; the record is not old."""

from dataclasses import fields, replace
import json
from pathlib import Path
import shutil

import numpy as np
import pytest

from empathy_ros import cli, models, paths
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.evaluation import compression, compression_table
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.compression_table import BEGIN, END, Row

pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

FACE = models.get('face_expression')
ROW = Row(
    'face', 'fp32', False, 2_000_000, 'a' * 64, 'accuracy', 'valid', 0.8, (0.7, 0.9), 100, 0.7, 2.0
)


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    """A data folder with 16 pictures of noise and labels in turn."""
    folder = tmp_path_factory.mktemp('faces')
    pictures = np.random.default_rng(0).integers(0, 256, (16, 48, 48)).astype(np.uint8)
    np.savez(folder / 'images.npz', images=pictures)
    labels = [BASIC8.labels[i % 8] for i in range(16)]
    (folder / 'labels.csv').write_text('\n'.join(['label', *labels]) + '\n')
    return folder


@pytest.fixture
def variants(tmp_path):
    folder = tmp_path / 'variants' / FACE.id
    folder.mkdir(parents=True)
    shutil.copy(models.find_model(FACE), folder / 'fp32.onnx')
    return folder.parent


def test_the_shipped_file_is_measured_even_alone(data):
    (row,) = compression.measure(FACE, data, None)
    assert (row.variant, row.shipped) == ('shipped', True)
    assert row.sha256 == FACE.sha256
    assert row.size_bytes == models.find_model(FACE).stat().st_size
    assert row.count == 16
    assert row.interval[0] <= row.value <= row.interval[1]
    assert row.damaged is not None
    assert row.cpu_ms > 0.0


def test_a_text_model_is_measured_by_its_macro_f1(tmp_path):
    data = tmp_path / 'dev.tsv'
    data.write_text('I love this!\t18\ta\nThis makes me so angry.\t2\tb\nThank you\t15\tc\n')
    (row,) = compression.measure(models.get('text_affect_linear'), data, None)
    assert (row.metric, row.count, row.damaged) == ('macro F1, 28 labels', 3, None)
    assert row.value > 0.5
    assert row.cpu_ms > 0.0


def test_a_variant_that_is_the_shipped_one_is_marked(variants):
    (only,) = compression.variants_of(FACE, variants)
    assert (only.name, only.shipped) == ('fp32', True)


def test_variants_come_with_fp32_first_and_the_shipped_one_last(variants):
    for name in ('pruned', 'int8', 'fp32'):
        (variants / FACE.id / f'{name}.onnx').write_bytes(name.encode())
    names = [v.name for v in compression.variants_of(FACE, variants)]
    assert names == ['fp32', 'int8', 'pruned', 'shipped']


def test_a_file_of_another_kind_is_named(variants):
    (variants / FACE.id / 'notes.txt').write_text('x')
    with pytest.raises(
        BadInput, match=r'notes\.txt: a variant of face_expression is a \.onnx file'
    ):
        compression.variants_of(FACE, variants)


def test_a_variant_that_is_no_network_is_named(variants, data):
    (variants / FACE.id / 'broken.onnx').write_bytes(b'x')
    with pytest.raises(BadInput, match=r'broken\.onnx: not a model'):
        compression.measure(FACE, data, variants)


def test_timing_takes_the_least_and_divides_by_the_calls():
    spent = {'a': 0, 'b': 0}

    def work(name, loops):
        spent[name] += 1
        return sum(range(loops))

    times = compression_table.cpu_ms(
        {'a': (lambda: work('a', 100_000), 1), 'b': (lambda: work('b', 100_000), 10)}
    )
    assert spent == {'a': compression_table.ROUNDS, 'b': compression_table.ROUNDS}
    assert times['b'] < times['a']


def test_ratios_are_against_fp32():
    small = replace(ROW, variant='int8', shipped=True, size_bytes=500_000, value=0.79, cpu_ms=1.0)
    line = compression_table.markdown([ROW, small]).splitlines()[-1]
    cells = [cell.strip() for cell in line.strip('|').split('|')]
    assert cells[1] == 'int8, shipped'
    assert cells[-3:] == ['4.0x', '2.0x', '1.0']
    alone = compression_table.markdown([small]).splitlines()[-1]
    assert alone.endswith('|  |  |  |')


def test_the_table_replaces_the_old_one_and_nothing_else(tmp_path):
    page = tmp_path / 'models.md'
    page.write_text(f'# Models\n{BEGIN}\nold\n{END}\nmore\n')
    compression_table.write(page, [ROW])
    text = page.read_text()
    assert text.startswith(f'# Models\n{BEGIN}\n| model |')
    assert text.endswith(f'{END}\nmore\n')
    assert 'old' not in text


def test_a_page_without_a_place_is_refused_before_anything_is_measured(tmp_path, capsys):
    page = tmp_path / 'page.md'
    page.write_text('# Models\n')
    words = ['models', 'compress-table', '--face', str(tmp_path / 'gone'), '--write', str(page)]
    assert cli.main(words) == 2
    assert 'needs the lines' in capsys.readouterr().err
    assert page.read_text() == '# Models\n'


def test_a_missing_data_folder_is_bad_input(tmp_path, capsys):
    assert cli.main(['models', 'compress-table', '--face', str(tmp_path / 'gone')]) == 2
    assert 'gone' in capsys.readouterr().err
    assert cli.main(['models', 'compress-table', '--variants', str(tmp_path / 'no')]) == 2


def test_one_command_measures_records_and_writes(variants, data, tmp_path, monkeypatch, capsys):
    share = tmp_path / 'models' / 'manifest.yaml'
    share.parent.mkdir()
    share.write_text('models: []\n')
    monkeypatch.setattr(paths, 'share', lambda *parts: share)
    monkeypatch.setattr(models, 'load_manifest', lambda file=None: {FACE.id: FACE})
    monkeypatch.setattr(
        models, 'find_model', lambda entry, folder=None: variants / FACE.id / 'fp32.onnx'
    )
    page = tmp_path / 'models.md'
    page.write_text(f'{BEGIN}\n{END}\n')
    other = replace(ROW, model='voice')
    compression_table.save(
        share.parent / compression_table.FILE, [other, replace(ROW, model=FACE.id)]
    )
    words = ['--variants', str(variants), '--face', str(data), '--write', str(page), '--json']
    assert cli.main(['models', 'compress-table', *words]) == 0
    told = json.loads(capsys.readouterr().out)['rows']
    assert [(row['model'], row['count']) for row in told] == [('voice', 100), (FACE.id, 16)]
    assert 'fp32, shipped' in page.read_text()
    assert compression_table.read(share.parent / compression_table.FILE)[0] == other


def test_voice_forms_are_measured_on_clips_they_have_not_heard(tmp_path, monkeypatch):
    from empathy_ros.core.voice_features import FEATURES
    from empathy_ros.core.voice_model import Head, VoiceClassifier
    from empathy_ros.engines import voice_model
    from empathy_ros.evaluation import compression_voice, voice

    rng = np.random.default_rng(0)
    one = np.ones(FEATURES, np.float32)
    support = rng.normal(size=(40, FEATURES)).astype(np.float32)
    weights = rng.normal(size=(40, 3)).astype(np.float32)
    parts = {'support': support, 'weights': weights, 'gamma': 0.5 / FEATURES, 'floor': 0.5}
    parts |= {'temperature': 1.0, 'arousal_temperature': 1.0}
    head = Head(**{item.name: parts.get(item.name, one) for item in fields(Head)})
    file = tmp_path / 'fp32.npz'
    voice_model.save(file, VoiceClassifier(('neutral', 'anger'), head, None))
    asked = {}
    figures = {'uar': 0.75, 'n': 9, 'intervals': {'uar': [0.7, 0.8]}}
    monkeypatch.setattr(voice, 'run', lambda args: asked.update(vars(args)) or figures)
    found = compression_voice.measure(file, tmp_path)
    assert (found.value, found.interval, found.count) == (0.75, (0.7, 0.8), 9)
    assert (asked['model'], asked['task'], asked['train']) == (str(file), 'arousal', None)
    assert len(found.work()) == found.calls
    file.write_bytes(b'x')
    with pytest.raises(BadInput, match=r'fp32\.npz: not a usable voice model'):
        compression_voice.measure(file, tmp_path)


def test_voice_data_without_a_voice_model_is_bad_input(tmp_path, capsys):
    words = ['models', 'compress-table', '--variants', str(tmp_path), '--voice', str(tmp_path)]
    # Told before anything is measured, even before faces that are not there.
    words += ['--face', str(tmp_path / 'nowhere')]
    assert cli.main(words) == 2
    assert 'VARIANTS/voice_NAME/' in capsys.readouterr().err


def test_the_record_is_that_of_the_shipped_files_and_of_the_page():
    root = Path(__file__).resolve().parents[2]
    rows = compression_table.read(root / 'models' / compression_table.FILE)
    assert rows, 'run `./empathy models compress-table --write docs/models.md`, see docs/models.md'
    known = models.load_manifest()
    for row in rows:
        if row.shipped:
            expected = compression.digest(models.find_model(known[row.model]))
            assert row.sha256 == expected, f'{row.model} has changed: measure its table again'
    text = (root / 'docs' / 'models.md').read_text(encoding='utf-8')
    assert compression_table.markdown(rows) in text
