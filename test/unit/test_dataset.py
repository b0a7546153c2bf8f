# SPDX-License-Identifier: Apache-2.0
"""Data folders: media beside the table, in a zip or in images.npz; each fault names its row."""

import zipfile

import cv2
import numpy as np
import pytest

from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import age_band, canonical_label, DataFolder

CLASSES = ('neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt')


def grey(value):
    return np.full((12, 10), value, np.uint8)


def png(value):
    return cv2.imencode('.png', grey(value))[1].tobytes()


def write_table(folder, text):
    (folder / 'labels.csv').write_text(text, encoding='utf-8')
    return folder


@pytest.fixture
def pair(tmp_path):
    (tmp_path / 'a.png').write_bytes(png(10))
    (tmp_path / 'b.png').write_bytes(png(200))
    return write_table(tmp_path, 'file,label\na.png,happy\nb.png,Calm\n')


def test_files_beside_the_table_and_synonyms(pair):
    folder = DataFolder(pair, CLASSES)
    assert [i.label for i in folder.items] == ['happiness', 'neutral']
    assert [i.row for i in folder.items] == [2, 3]
    image = folder.read_image(folder.items[1])
    assert image.shape == (12, 10, 3)
    assert image.max() == image.min() == 200


@pytest.mark.parametrize('prefix', ['', 'inner/folder/'])
def test_media_in_one_zip(tmp_path, prefix):
    with zipfile.ZipFile(tmp_path / 'media.zip', 'w') as archive:
        archive.writestr(f'{prefix}a.png', png(33))
    folder = DataFolder(write_table(tmp_path, 'file,emotion\na.png,anger\n'), CLASSES)
    assert folder.read_image(folder.items[0])[0, 0].tolist() == [33, 33, 33]


@pytest.mark.parametrize('form', ['by_name', 'with_files', 'by_row'])
def test_pictures_in_npz(tmp_path, form):
    stack = np.stack([grey(1), grey(2)])
    arrays = {
        'by_name': {'a.png': stack[0], 'b.png': stack[1]},
        'with_files': {'images': stack[::-1], 'files': np.array(['b.png', 'a.png'])},
        'by_row': {'images': stack},
    }[form]
    np.savez(tmp_path / 'images.npz', **arrays)
    folder = DataFolder(write_table(tmp_path, 'file,label\na.png,sad\nb.png,fearful\n'), CLASSES)
    assert [int(folder.read_image(i)[0, 0, 0]) for i in folder.items] == [1, 2]


def test_npz_in_row_order_needs_no_file_column(tmp_path):
    np.savez(tmp_path / 'images.npz', images=np.stack([grey(5)]))
    folder = DataFolder(write_table(tmp_path, 'label\nneutral\n'), CLASSES)
    assert folder.read_image(folder.items[0]).shape == (12, 10, 3)


def test_groups_ages_in_decades_and_other_columns(tmp_path):
    table = 'file,expression,age,gender,note\na.png,smiling,67,female,x\nb.png,neutral,NA,,y\n'
    first, second = DataFolder(write_table(tmp_path, table), CLASSES).items
    assert dict(first.groups) == {'age': '60-69', 'gender': 'female'}
    assert dict(second.groups) == {'age': 'unknown', 'gender': 'unknown'}
    assert first.values['note'] == 'x'


def test_without_labels_only_where_allowed_and_with_subgroups(tmp_path):
    write_table(tmp_path, 'file,age\na.png,70+\n')
    assert DataFolder(tmp_path, CLASSES, label_required=False).items[0].label == ''
    with pytest.raises(BadInput, match='no column label'):
        DataFolder(tmp_path, CLASSES)
    write_table(tmp_path, 'file,lable\na.png,sad\n')
    with pytest.raises(BadInput, match=r'no column label.*lable'):
        DataFolder(tmp_path, CLASSES, label_required=False)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'no rows'),
        ('file,label\n', 'no rows'),
        ('name,label\na.png,sad\n', "no column 'file'"),
        ('file,label\na.png,sad\nb.png,melancholy\n', r'row 3 .*melancholy.*known: neutral'),
        ('file,label\n,sad\n', r"row 2: column 'file' is empty"),
        ('file,label\na.png,\n', r"row 2: column 'label' is empty"),
        ('file,label\na.png,sad,9\n', r'row 2: 3 fields, the header has 2'),
    ],
)
def test_a_faulty_table_is_named_with_its_row(tmp_path, text, message):
    with pytest.raises(BadInput, match=message) as caught:
        DataFolder(write_table(tmp_path, text), CLASSES)
    assert 'labels.csv' in str(caught.value)


def test_missing_folder_and_empty_folder(tmp_path):
    with pytest.raises(BadInput, match='nowhere: no such folder'):
        DataFolder(tmp_path / 'nowhere', CLASSES)
    with pytest.raises(BadInput, match=r'holds no labels\.csv'):
        DataFolder(tmp_path, CLASSES)


def test_a_table_that_is_not_text(tmp_path):
    (tmp_path / 'labels.csv').write_bytes(b'\xff\xfe\x00\x81')
    with pytest.raises(BadInput, match='UTF-8'):
        DataFolder(tmp_path, CLASSES)


def test_two_zips_and_a_broken_zip(pair):
    (pair / 'one.zip').write_bytes(b'no zip')
    with pytest.raises(BadInput, match=r'one\.zip: is not a readable'):
        DataFolder(pair, CLASSES)
    (pair / 'two.zip').write_bytes(b'')
    with pytest.raises(BadInput, match=r'2 \.zip files \(one\.zip, two\.zip\)'):
        DataFolder(pair, CLASSES)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (None, 'no such file'),
        (b'', r'empty \(0 bytes\)'),
        (b'not a picture', 'not a picture'),
        (png(3)[:60], 'not a picture'),
    ],
)
def test_an_unusable_picture_is_named_with_its_row(pair, content, message):
    (pair / 'b.png').unlink()
    if content is not None:
        (pair / 'b.png').write_bytes(content)
    folder = DataFolder(pair, CLASSES)
    with pytest.raises(BadInput, match=rf'labels\.csv row 3 \(b\.png\).*{message}'):
        folder.read_image(folder.items[1])


def test_unusable_pictures_in_npz(tmp_path):
    write_table(tmp_path, 'file,label\na.png,sad\nb.png,sad\nc.png,sad\n')
    np.savez(
        tmp_path / 'images.npz', **{'a.png': np.zeros((0, 4), np.uint8), 'b.png': np.zeros((4, 4))}
    )
    folder = DataFolder(tmp_path, CLASSES)
    for item, message in zip(folder.items, ('size 0', 'float64', 'no such picture'), strict=True):
        with pytest.raises(BadInput, match=rf'row {item.row} .*{message}'):
            folder.read_image(item)


def test_npz_with_another_number_of_pictures(tmp_path):
    np.savez(tmp_path / 'images.npz', images=np.stack([grey(5)]))
    with pytest.raises(BadInput, match=r'1 pictures, but .* has 2 rows'):
        DataFolder(write_table(tmp_path, 'label\nsad\nsad\n'), CLASSES)


def test_npz_that_is_none(tmp_path):
    (tmp_path / 'images.npz').write_bytes(b'no npz')
    with pytest.raises(BadInput, match=r'images\.npz: is not a readable'):
        DataFolder(write_table(tmp_path, 'label\nsad\n'), CLASSES)


def test_a_pickle_in_npz_is_never_loaded(tmp_path):
    np.savez(tmp_path / 'images.npz', **{'a.png': np.array([{'evil': 1}], dtype=object)})
    folder = DataFolder(write_table(tmp_path, 'file,label\na.png,sad\n'), CLASSES)
    with pytest.raises(BadInput, match=r'row 2 .*cannot be read'):
        folder.read_image(folder.items[0])


def test_labels_and_ages():
    assert canonical_label(' Surprised ', CLASSES) == 'surprise'
    assert canonical_label('calm', ('calm', 'anger')) == 'calm'
    assert [age_band(t) for t in ('24', '60-69', '7', '-3')] == ['20-29', '60-69', '0-9', '-3']


def test_a_pickled_stack_of_pictures_is_refused_with_its_name(tmp_path):
    np.savez(tmp_path / 'images.npz', images=np.array([{'evil': 1}], dtype=object))
    with pytest.raises(BadInput, match=r'images\.npz: images cannot be read'):
        DataFolder(write_table(tmp_path, 'label\nsad\n'), CLASSES)


def test_coloured_pictures_in_npz_are_red_green_blue(tmp_path):
    red = np.zeros((1, 4, 4, 3), np.uint8)
    red[..., 0] = 250
    np.savez(tmp_path / 'images.npz', images=red)
    folder = DataFolder(write_table(tmp_path, 'label\nsad\n'), CLASSES)
    assert folder.read_image(folder.items[0])[0, 0].tolist() == [0, 0, 250]
