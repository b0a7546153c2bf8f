# SPDX-License-Identifier: Apache-2.0
"""The real detector and the real expression network on real pictures of the demo."""

import cv2
import numpy as np
import pytest

from empathy_ros import paths
from empathy_ros.core.blazeface import FULL_RANGE, SHORT_RANGE
from empathy_ros.core.face import crop_matrix, Face
from empathy_ros.core.media import Frame
from empathy_ros.engines import face_models
from empathy_ros.engines.face_detector import crop_face, FaceDetector, shrink
from empathy_ros.engines.onnx import ModelError, OnnxModel

# Measured on the picture itself: middle between the eyes and width of the face.
EYES_PX, FACE_PX = (257, 203), 190


def read(name):
    image = cv2.imread(str(paths.share('examples', 'demo', name)))
    assert image is not None
    return image


@pytest.fixture(scope='module')
def models():
    try:
        return face_models.load_all()
    except ModelError as error:
        pytest.skip(f'the models are not here: {error}')


@pytest.fixture(scope='module', params=['full', 'short'])
def detector(request):
    try:
        return face_models.load_detector(request.param)
    except ModelError as error:
        pytest.skip(f'the models are not here: {error}')


def on_canvas(image, face_px, width=640, height=480):
    """Return a picture of the given size in which the face has that size."""
    scale = face_px / FACE_PX
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = small[:height, :width]
    canvas = np.full((height, width, 3), 128, np.uint8)
    y, x = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    canvas[y : y + small.shape[0], x : x + small.shape[1]] = small
    return canvas


def test_finds_the_one_face_where_it_is(detector):
    (face,) = detector.detect(read('london_021_neutral.jpg'))
    assert face.score > 0.7
    assert face.keypoints_px[:2].mean(axis=0) == pytest.approx(EYES_PX, abs=12)
    assert face.side_px == pytest.approx(FACE_PX, rel=0.15)
    assert abs(face.roll_rad) < 0.1
    assert abs(face.turn) < 0.3


@pytest.mark.parametrize('face_px', [40, 80, 160])
def test_full_range_finds_small_faces_in_vga(models, face_px):
    faces = models.detector.detect(on_canvas(read('london_021_smiling.jpg'), face_px))
    assert len(faces) == 1
    assert faces[0].side_px == pytest.approx(face_px, rel=0.25)


def test_second_look_finds_a_face_that_fills_the_picture(models):
    image = read('london_021_neutral.jpg')
    close = image[150:340, 165:350]
    assert models.detector._look(close, 1.0) == []
    (face,) = models.detector.detect(close)
    assert face.side_px > 120


def test_two_people_are_two_faces(detector):
    capture = cv2.VideoCapture(
        str(paths.share('examples', 'demo', 'head-pose-face-detection-female-and-male.gif'))
    )
    good, image = capture.read()
    assert good
    if detector.model.inputs['input'][-1] == 192:
        assert len(detector.detect(image)) == 2


def test_nobody_is_nobody(detector):
    assert detector.detect(np.full((480, 640, 3), 120, np.uint8)) == []
    assert detector.detect(np.zeros((240, 320, 3), np.uint8)) == []


@pytest.mark.parametrize('size', [(17, 9), (480, 640), (1080, 1920), (640, 480)])
def test_any_size_of_picture(detector, size):
    image = cv2.resize(read('london_021_neutral.jpg'), size[::-1])
    assert isinstance(detector.detect(image), list)


def test_a_changing_size_leaves_no_trace_of_the_last_picture(models):
    fresh = face_models.load_detector('full')
    wide, tall = on_canvas(read('london_021_neutral.jpg'), 100), np.full((640, 300, 3), 90, 'u1')
    fresh.detect(wide)
    assert fresh.detect(tall) == []
    again = fresh.detect(wide)[0]
    assert again.bbox_px == pytest.approx(models.detector.detect(wide)[0].bbox_px, abs=1e-3)


@pytest.mark.parametrize('share', [0.2, 0.6, 1.5])
def test_the_crop_reads_enough_of_the_picture(share):
    image = read('london_021_neutral.jpg')
    points = np.zeros((6, 2), np.float32)
    points[:2] = (220, 190), (290, 225)
    face = Face((162.0, 140.0, 190.0, 190.0), 0.9, points)
    size = round(190 * share)
    matrix = crop_matrix(face, size, 0.1)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if share < 1:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.5 / share)
    whole = cv2.warpAffine(grey, matrix, (size, size), flags=cv2.INTER_LINEAR)
    crop = crop_face(image, face, size, 0.1)
    assert np.abs(crop.astype(float) - whole).mean() < 4


def test_a_view_with_strides_is_accepted(models):
    image = read('london_021_neutral.jpg')
    (mirrored,) = models.detector.detect(image[:, ::-1])
    (face,) = models.detector.detect(image)
    assert 512 - mirrored.centre_px[0] == pytest.approx(face.centre_px[0], abs=8)


def test_expression_of_the_demo_pictures(models):
    labels = {}
    for name in ('neutral', 'smiling'):
        image = read(f'london_021_{name}.jpg')
        (face,) = models.detector.detect(image)
        (reading,) = models.expression.read(models.crop(image, face)[None])
        labels[name] = reading.label
    assert labels == {'neutral': 'neutral', 'smiling': 'happiness'}


def test_whole_pipeline_on_the_clip_with_a_smile(models):
    pipeline = models.pipeline()
    capture = cv2.VideoCapture(
        str(paths.share('examples', 'demo', 'head-pose-face-detection-male.gif'))
    )
    seen = []
    for number in range(30):
        good, image = capture.read()
        assert good
        seen += pipeline.process(Frame(number * 80_000_000, image), 'p1').estimates
    assert len({e.id for e in seen}) == 1
    assert len(seen) == 28
    assert sum(e.top_label == 'happiness' for e in seen) > 24


def test_crop_is_upright_and_contains_the_face():
    image = read('london_021_neutral.jpg')
    turn = cv2.getRotationMatrix2D((256, 256), 25, 1.0)
    tilted = cv2.warpAffine(image, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    eyes = np.array([[218.0, 203], [296, 203]])
    points = np.zeros((6, 2))
    points[:2] = eyes
    upright = Face((162.0, 140, 190, 190), 0.9, points.astype(np.float32))
    turned_points = points @ turn[:, :2].T + turn[:, 2]
    x, y = turn[:, :2] @ [257.0, 235.0] + turn[:, 2]
    turned = Face((x - 95, y - 95, 190, 190), 0.9, turned_points.astype(np.float32))
    one, two = crop_face(image, upright, 48, 0.1), crop_face(tilted, turned, 48, 0.1)
    assert one.shape == two.shape == (48, 48)
    assert np.corrcoef(one.ravel(), two.ravel())[0, 1] > 0.98


@pytest.mark.parametrize('place', [(-60.0, -50.0), (450.0, 470.0), (900.0, 900.0)])
def test_crop_beyond_the_edge_repeats_the_last_pixels(place):
    image = read('london_021_neutral.jpg')
    points = np.array([[0, 0], [30, 0]] + [[0, 0]] * 4, np.float32) + np.float32(place)
    crop = crop_face(image, Face((*place, 100.0, 100.0), 0.9, points), 48, 0.2)
    assert crop.shape == (48, 48)
    assert crop.dtype == np.uint8


def test_shrinking_keeps_the_mean_and_leaves_no_aliases():
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[:, ::2] = 200
    small = shrink(stripes, 192, 144)
    assert small.shape == (144, 192, 3)
    assert small.min() > 90
    assert small.max() < 110


def test_a_detector_with_the_wrong_anchors_is_refused(models):
    with pytest.raises(ModelError, match='not a face detector with 896 anchors at 128'):
        FaceDetector(models.detector.model, SHORT_RANGE)


def test_an_expression_network_is_no_detector(models):
    model = OnnxModel(models.expression.model.file)
    with pytest.raises(ModelError, match=r'face_expression_cpu\.onnx: not a face detector'):
        FaceDetector(model, FULL_RANGE)


def test_yunet_is_named_with_its_cure_when_it_was_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    with pytest.raises(ModelError, match='fetch it: empathy models fetch face_detector_yunet'):
        face_models.load_detector('yunet')
