# SPDX-License-Identifier: Apache-2.0
"""The picture rows of the bench run and are of the right kind; their goals are no test."""

import pytest

from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import bench_vision


def test_the_picture_has_one_face_that_is_read():
    try:
        ratios = list(bench_vision.face_pipeline(1))
    except ModelError as error:
        pytest.skip(f'the models are not here: {error}')
    assert len(ratios) == 1
    # Less than the bare networks is impossible, five times as much would be a defect.
    assert 0.9 < ratios[0] < 5.0


def test_image_rows_in_both_settings():
    pytest.importorskip('sensor_msgs', reason='sensor_msgs is not installed')
    pytest.importorskip('empathy_interfaces', reason='the messages are not built')
    for _, checks in bench_vision.SETTINGS:
        rows = bench_vision.image_messages(2, checks)
        assert set(rows) == {'image_read', 'image_fill'}
        assert all(len(ratios) == 2 for ratios in rows.values())
        # Reading copies nothing; filling by a slow type would cost a thousand copies.
        assert max(rows['image_read']) < 1.0
        assert max(rows['image_fill']) < 20.0
