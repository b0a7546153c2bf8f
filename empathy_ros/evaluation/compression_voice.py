# SPDX-License-Identifier: Apache-2.0
"""Rows of the compression table for voice classifiers, which users train themselves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from empathy_ros.core.voice_features import FEATURES
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import voice
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.compression_table import Measured

TIMED_STRETCHES = 100


def measure(file: Path, data: Path) -> Measured:
    """Return how well a classifier tells high from low arousal on clips it has not heard.

    The time is that of the classifier alone; the statistics of a stretch cost far more.

    Args:
        file: An .npz of `empathy models train voice`, or a smaller form of one.
        data: As for `eval voice`.
    Raises:
        BadInput: the file or the data cannot be used, or the model has heard a clip.
    """
    try:
        classifier = voice_model.load(file, accept_noncommercial=True)
    except ModelError as error:
        raise BadInput(str(error)) from error
    asked = argparse.Namespace(
        data=data,
        task='arousal',
        baseline='none',
        model=str(file),
        train=None,
        classes='',
        degrade='none',
        accept_noncommercial=True,
    )
    figures: dict[str, Any] = voice.run(asked)
    low, high = figures['intervals']['uar']
    vectors = np.random.default_rng(0).normal(size=(TIMED_STRETCHES, FEATURES)).astype(np.float32)
    return Measured(
        metric='UAR, high or low arousal',
        value=float(figures['uar']),
        interval=(float(low), float(high)),
        count=int(figures['n']),
        damaged=None,
        work=lambda: [classifier.read(vector) for vector in vectors],
        calls=TIMED_STRETCHES,
    )
