# SPDX-License-Identifier: Apache-2.0
"""`./empathy eval face` on unusable folders: exit 2, file and row on stderr, nothing on stdout."""

from pathlib import Path
import struct
import zipfile
import zlib

import cv2
import numpy as np
import pytest

from empathy_ros import cli


def png(seed):
    picture = np.random.default_rng(seed).integers(0, 256, (60, 60), dtype=np.uint8)
    return cv2.imencode('.png', picture)[1].tobytes()


def png_of_no_width():
    """A well-formed PNG whose header says 0 x 60."""

    def chunk(kind, body):
        return (
            struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
        )

    header = struct.pack('>IIBBBBB', 0, 60, 8, 0, 0, 0, 0)
    parts = (chunk(b'IHDR', header), chunk(b'IDAT', zlib.compress(b'')), chunk(b'IEND', b''))
    return b'\x89PNG\r\n\x1a\n' + b''.join(parts)


def folder(tmp_path, table='file,label\na.png,happy\nb.png,sad\n', pictures=None):
    (tmp_path / 'labels.csv').write_text(table, encoding='utf-8')
    for name, content in (pictures or {'a.png': png(1), 'b.png': png(2)}).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def zipped(tmp_path, damage, compression=zipfile.ZIP_DEFLATED):
    """A folder whose zip holds a.png and b.png; `damage` changes the bytes of b.png's content."""
    (tmp_path / 'labels.csv').write_text('file,label\na.png,happy\nb.png,sad\n')
    path = tmp_path / 'pictures.zip'
    with zipfile.ZipFile(path, 'w', compression) as archive:
        archive.writestr('a.png', png(1))
        archive.writestr('b.png', png(2))
        member = archive.getinfo('b.png')
    content = bytearray(path.read_bytes())
    start = member.header_offset + 30 + len('b.png')
    damage(content, start, member)
    path.write_bytes(content)
    return tmp_path


def flip(content, start, member):
    content[start + 20] ^= 0xFF


def spoil(content, start, member):
    content[start : start + 8] = b'\xff' * 8


def lock(content, start, member):
    """Say that the member is encrypted, in both headers."""
    content[member.header_offset + 6] |= 1
    entry = content.rfind(b'PK\x01\x02')
    content[entry + 8] |= 1


def refused(capsys, path, *words):
    code = cli.main(['eval', 'face', '--data', str(path), '--json', *words])
    out, err = capsys.readouterr()
    assert (code, out) == (2, '')
    assert 'Traceback' not in err
    return err.splitlines()[-1]


@pytest.mark.parametrize(
    ('content', 'message'),
    [(b'', 'empty (0 bytes)'), (b'text', 'not a picture'), (png_of_no_width(), 'not a picture'),
     (png(2)[:80], 'not a picture')],
    ids=['empty', 'text', 'no_width', 'cut_off'],
)  # fmt: skip
def test_a_picture_that_is_none(tmp_path, capsys, content, message):
    path = folder(tmp_path, pictures={'a.png': png(1), 'b.png': content})
    told = refused(capsys, path)
    assert 'labels.csv row 3 (b.png)' in told
    assert message in told


def test_a_picture_of_zero_size_in_an_npz(tmp_path, capsys):
    path = folder(tmp_path, pictures={})
    arrays = {'a.png': np.full((60, 60), 7, np.uint8), 'b.png': np.zeros((60, 0), np.uint8)}
    np.savez(path / 'images.npz', **arrays)
    told = refused(capsys, path)
    assert 'row 3 (b.png)' in told
    assert 'size 0' in told


@pytest.mark.parametrize('damage', [flip, spoil, lock])
@pytest.mark.parametrize('compression', [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_unreadable_member_of_a_zip(tmp_path, capsys, damage, compression):
    told = refused(capsys, zipped(tmp_path, damage, compression))
    assert 'labels.csv row 3 (b.png): cannot be read' in told


def test_a_member_that_is_not_in_the_zip(tmp_path, capsys):
    path = zipped(tmp_path, lambda *a: None)
    (path / 'labels.csv').write_text('file,label\na.png,happy\nc.png,sad\n')
    told = refused(capsys, path)
    assert 'row 3 (c.png)' in told
    assert 'pictures.zip' in told


@pytest.mark.parametrize(
    ('table', 'message'),
    [
        ('file,label\na.png,happy\nb.png,meh\n', "row 3 (b.png): unknown label 'meh'"),
        ('file,mood\na.png,happy\n', 'no column label, emotion or expression; it has: file, mood'),
        ('picture,label\na.png,happy\n', "no column 'file'; it has: picture, label"),
        ('file,label\na.png\n', 'row 2: 1 fields, the header has 2'),
        ('file,label\n', 'holds no rows'),
        ('file,label,Label\na.png,happy,sad\n', 'row 1: column label is there twice'),
        ('file;label\na.png;happy\n', 'it has: file;label; separate columns by commas'),
        ('file,label,valence\na.png,happy,2.5\n', "row 2 (a.png): valence '2.5'"),
    ],
)
def test_a_faulty_table(tmp_path, capsys, table, message):
    told = refused(capsys, folder(tmp_path, table))
    assert 'labels.csv' in told
    assert message in told


def test_a_folder_that_is_not_there_or_empty(tmp_path, capsys):
    assert 'no such folder' in refused(capsys, tmp_path / 'nowhere')
    assert 'holds no labels.csv' in refused(capsys, tmp_path)
    assert 'labels.csv: is a file' in refused(capsys, folder(tmp_path) / 'labels.csv')


def test_a_folder_that_may_not_be_read(tmp_path, capsys, monkeypatch):
    def deny(self, **_):
        raise PermissionError(13, 'Permission denied', str(self))

    monkeypatch.setattr(Path, 'is_dir', deny)
    assert refused(capsys, tmp_path) == f'empathy: {tmp_path}: Permission denied'
    monkeypatch.undo()
    assert refused(capsys, 'x' * 300).endswith('x: File name too long')


@pytest.mark.parametrize('left', [0.5, 0.9, 1.0])
def test_a_jpeg_that_is_cut_off(tmp_path, capsys, left):
    """Some decoders would fill the rest with grey."""
    picture = np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8)
    whole = cv2.imencode('.jpg', picture)[1].tobytes()
    path = folder(tmp_path, pictures={'a.png': png(1), 'b.png': whole[: int(left * len(whole))]})
    if left < 1.0:
        assert 'row 3 (b.png): is cut off' in refused(capsys, path)
    else:
        assert cli.main(['eval', 'face', '--data', str(path), '--json']) == 0


def test_the_same_holds_for_the_other_tables(tmp_path, capsys):
    path = folder(tmp_path, pictures={'a.png': png(1), 'b.png': b''})
    for words in (('--audit',), ('--detector-recall', '40'), ('--crop', 'detect')):
        told = refused(capsys, path, *words)
        assert 'row 3 (b.png)' in told or 'face_detector' in told
