# SPDX-License-Identifier: Apache-2.0
"""Rows of `empathy bench` about pictures, each a ratio of two processor times.

Both arms of a ratio run in turn, A B A B, so that a loaded machine slows them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
import json
import os
from pathlib import Path
import subprocess
import sys
import time
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from empathy_ros import paths
from empathy_ros.core.face_affect import FaceAffect
from empathy_ros.core.face_features import FaceFeaturesConfig, FeatureReader
from empathy_ros.core.media import Frame
from empathy_ros.engines import face_models
from empathy_ros.evaluation.common import BadInput

GOAL = 1.5
FRAMES = 60
WIDTH_PX, HEIGHT_PX = 640, 480
PICTURE = 'london_021_smiling.jpg'
FRAME_NS = 100_000_000
CHILD_LIMIT_S = 120.0
# Name of the row's ending and the value of ROS_PYTHON_CHECK_FIELDS.
SETTINGS = (('', ''), ('_checked', '1'))


def one_face() -> NDArray[np.uint8]:
    """Return a picture of 640x480 with one face of about 120 pixels, blue-green-red.

    Raises:
        BadInput: The demo picture is missing or broken.
    """
    path = paths.share('examples', 'demo', PICTURE)
    image = cv2.imread(str(path))
    if image is None:
        raise BadInput(f'{path}: cannot be read; restore it: git checkout -- {path}')
    small = cv2.resize(image, (320, 320), interpolation=cv2.INTER_AREA)
    canvas = np.full((HEIGHT_PX, WIDTH_PX, 3), 128, np.uint8)
    canvas[80:400, 160:480] = small
    return canvas


def _cpu_s(work: Callable[[], object], repeats: int) -> float:
    start_s = time.process_time()
    for _ in range(repeats):
        work()
    return time.process_time() - start_s


def face_pipeline(rounds: int) -> Iterator[float]:
    """Yield, per round, the cost of the whole pipeline over that of its bare networks.

    The pipeline goes from a frame in memory to an AffectEstimate: letterbox, detection, decoding,
    merging, tracking, crop, quality, expression, and as often as the node does it landmarks,
    irises, head pose and proxies. The networks are called as often, on inputs made before.

    Raises:
        ModelError: A network is missing.
        BadInput: The pipeline does not find the face in the demo picture.
    """
    models = face_models.load_all()
    image = one_face()
    pipeline, every, look = _with_landmarks(models, image)
    stamps = iter(range(0, 10**18, FRAME_NS))
    detector, expression = models.detector.model, models.expression.model
    square = np.random.default_rng(2).uniform(-1, 1, (1, 3, 192, 192)).astype(np.float32)
    crop = np.random.default_rng(3).normal(size=(1, 1, 48, 48)).astype(np.float32)
    feeds = [
        (detector.session, list(detector.outputs), {next(iter(detector.inputs)): square}),
        (expression.session, list(expression.outputs), {next(iter(expression.inputs)): crop}),
    ]

    def whole() -> Any:
        return pipeline.process(Frame(next(stamps), image), 'p1')

    calls = iter(range(10**18))

    def bare() -> None:
        for session, outputs, feed in feeds:
            session.run(outputs, feed)
        if next(calls) % every == 0:
            look()

    for _ in range(5):
        report = whole()
        bare()
    if len(report.estimates) != 1 or report.estimates[0].abstained:
        raise BadInput(f'{PICTURE}: the pipeline does not read the face in it')
    for _ in range(rounds):
        ours_s = _cpu_s(whole, FRAMES)
        yield ours_s / _cpu_s(bare, FRAMES)


def _with_landmarks(
    models: face_models.FaceModels, image: NDArray[np.uint8]
) -> tuple[FaceAffect, int, Callable[[], object]]:
    """Return the pipeline of the node, in which frames it looks at landmarks, and their networks.

    Raises:
        ModelError: A network is missing.
    """
    config = FaceFeaturesConfig()
    landmarks, iris = face_models.load_landmarks(), face_models.load_iris()
    reader = FeatureReader(landmarks.read, iris.read, config)
    face = models.detector.detect(image)[0]
    mesh = landmarks.read(image, face)
    whole, eye = landmarks.input_of(image, face), iris.inputs_of(image, mesh)[0]

    def look() -> None:
        landmarks.model.session.run(list(landmarks.model.outputs), {'input_1': whole})
        for _ in range(2):
            iris.model.session.run(list(iris.model.outputs), {'input_1': eye})

    every = round(1e9 / FRAME_NS / config.landmarks_hz)
    return models.pipeline(features=reader), every, look


def image_messages(rounds: int, checks: str) -> dict[str, list[float]]:
    """Return the ratios of reading and filling an image message to a copy, per round.

    Args:
        rounds: Number of rounds.
        checks: Value of ROS_PYTHON_CHECK_FIELDS in the process that measures.
    Raises:
        BadInput: The process fails, for example because ROS is not there.
    """
    environment = {**os.environ, 'ROS_PYTHON_CHECK_FIELDS': checks}
    if not checks:
        del environment['ROS_PYTHON_CHECK_FIELDS']
    root = str(Path(__file__).resolve().parents[2])
    environment['PYTHONPATH'] = os.pathsep.join(
        part for part in (root, environment.get('PYTHONPATH', '')) if part
    )
    done = subprocess.run(
        [sys.executable, '-m', 'empathy_ros.bridge.image_cost', str(rounds)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=CHILD_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        reason = done.stderr.strip().split('\n')[-1]
        raise BadInput(f'image messages cannot be measured: {reason}; start through ./empathy')
    result: dict[str, list[float]] = json.loads(done.stdout)
    return result
