# SPDX-License-Identifier: Apache-2.0
"""The expression network is read once, or once more in the mirror."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from empathy_ros.engines import face_models
from empathy_ros.engines.expression import ExpressionModel
from empathy_ros.engines.providers import CPU, CUDA, Runtime, TENSORRT


@pytest.fixture(scope='module')
def faces() -> np.ndarray:
    """Two crops without symmetry, shape (2, 48, 48)."""
    noise = np.random.default_rng(3).integers(0, 255, (2, 48, 48)).astype(np.uint8)
    return np.stack([cv2.GaussianBlur(crop, (0, 0), 5.0) for crop in noise])


def test_a_face_and_its_mirror_image_read_alike(faces: np.ndarray) -> None:
    model = ExpressionModel(face_models.load_expression().model, mirror=True)
    for one, other in zip(model.read(faces), model.read(faces[..., ::-1].copy()), strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)


def test_one_look_alone_depends_on_the_side(faces: np.ndarray) -> None:
    model = ExpressionModel(face_models.load_expression().model, mirror=False)
    one, other = model.read(faces)[0], model.read(faces[..., ::-1].copy())[0]
    assert not np.allclose(one.probabilities, other.probabilities, atol=1e-3)


@pytest.mark.parametrize(
    ('word', 'there', 'form'),
    [
        ('cpu', [CPU, CUDA, TENSORRT], 'face_expression_cpu'),
        ('auto', [CPU], 'face_expression_cpu'),
        ('tensorrt', [CPU], 'face_expression_cpu'),
        ('auto', [CPU, CUDA, TENSORRT], 'face_expression'),
        ('cuda', [CPU, CUDA], 'face_expression'),
    ],
)
def test_the_form_fits_where_it_will_run(
    monkeypatch: pytest.MonkeyPatch, word: str, there: list[str], form: str
) -> None:
    monkeypatch.setattr(face_models, 'present', lambda _available: there)
    assert face_models.expression_entry(Runtime(word)).id == form
