# SPDX-License-Identifier: Apache-2.0
"""Models on request: decoding, labels and loading, on small networks of the same signature."""

from dataclasses import replace
import importlib.util
from pathlib import Path
import sys

import cv2
import numpy as np
import pytest

from empathy_ros import models
from empathy_ros.core import blendshapes, face, insight, yunet
from empathy_ros.core.emonet import EMONET40
from empathy_ros.core.expression_net import Calibration
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import emotieff, optional_models
from empathy_ros.engines.blendshapes import BlendshapeModel, open_network, TfliteModel
from empathy_ros.engines.emotieff import EmotiEffExpression
from empathy_ros.engines.insight import FORMAT, InsightFaces, load_heads
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.yunet import YunetDetector

onnx = pytest.importorskip('onnx', reason='the onnx package makes the small networks of this test')
pytest.importorskip('onnxruntime', reason='onnxruntime is not installed')

ROOT = Path(__file__).resolve().parents[2]
SIZE = 64


def constant_network(path: Path, inputs: dict, outputs: dict) -> Path:
    """Write a network that gives constants, plus 0 x the mean of its input."""
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    (name, shape), nodes, weights = *inputs.items(), [], []
    nodes.append(helper.make_node('ReduceMean', [name], ['mean'], keepdims=0))
    nodes.append(helper.make_node('Mul', ['mean', 'zero'], ['nothing']))
    weights.append(onnx.numpy_helper.from_array(np.float32(0.0), 'zero'))
    for key, value in outputs.items():
        weights.append(onnx.numpy_helper.from_array(np.asarray(value, np.float32), f'{key}_c'))
        nodes.append(helper.make_node('Add', [f'{key}_c', 'nothing'], [key]))
    graph = helper.make_graph(
        nodes,
        'constants',
        [helper.make_tensor_value_info(name, kind, shape)],
        [helper.make_tensor_value_info(k, kind, np.shape(v)) for k, v in outputs.items()],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path


def yunet_outputs(size: int = SIZE) -> dict[str, np.ndarray]:
    """One face in cell (row 3, column 2) of stride 8, nothing elsewhere."""
    found = {
        f'{head}_{s}': np.zeros((1, yunet.cells(s, size), yunet.WIDTHS[head]))
        for head in yunet.HEADS
        for s in yunet.STRIDES
    }
    cell = 3 * (size // 8) + 2
    found['cls_8'][0, cell], found['obj_8'][0, cell] = 0.81, 1.0
    found['bbox_8'][0, cell] = [0.5, 0.25, np.log(2.0), np.log(3.0)]
    found['kps_8'][0, cell] = [0, 0, 1, 0, 0.5, 0.5, 0.25, 1, 0.75, 1]
    return found


def test_yunet_decodes_box_points_and_score():
    points, scores = yunet.decode(
        [yunet_outputs()[k].astype(np.float32) for k in yunet.OUTPUTS], SIZE, 0.5
    )
    assert scores == pytest.approx([0.9])
    assert points.shape == (1, 8, 2)
    middle, half = np.array([(2 + 0.5) * 8, (3 + 0.25) * 8]), np.array([8, 12])
    assert points[0, 0] == pytest.approx(middle - half)
    assert points[0, 1] == pytest.approx(middle + half)
    keypoints = points[0, 2:]
    assert keypoints[face.RIGHT_EYE] == pytest.approx([16, 24])
    assert keypoints[face.LEFT_EYE] == pytest.approx([24, 24])
    assert keypoints[face.NOSE] == pytest.approx([20, 28])
    assert keypoints[face.MOUTH] == pytest.approx([20, 32])
    found = face.Face((0, 0, 16, 24), 0.9, keypoints)
    assert found.turn == pytest.approx(0.0)
    assert found.roll_rad == pytest.approx(0.0)


def test_yunet_finds_the_face_where_it_is_in_the_picture(tmp_path):
    file = constant_network(tmp_path / 'y.onnx', {'input': [1, 3, SIZE, SIZE]}, yunet_outputs())
    detector = YunetDetector(OnnxModel(file, outputs=yunet.OUTPUTS))
    (found,) = detector.detect(np.zeros((128, 128, 3), np.uint8))
    assert found.bbox_px == pytest.approx((24, 28, 32, 48))
    assert found.score == pytest.approx(0.9)
    detector.min_score = 0.95
    assert detector.detect(np.zeros((128, 128, 3), np.uint8)) == []


def test_yunet_sees_the_picture_in_blue_green_red_without_scaling(tmp_path):
    file = constant_network(tmp_path / 'y.onnx', {'input': [1, 3, SIZE, SIZE]}, yunet_outputs())
    detector = YunetDetector(OnnxModel(file, outputs=yunet.OUTPUTS))
    image = np.zeros((40, 80, 3), np.uint8)
    image[...] = (10, 100, 250)
    detector.detect(image)
    blob = detector._blob[0]
    assert blob[:, SIZE // 2, SIZE // 2] == pytest.approx([10, 100, 250])
    assert blob[:, 0, 0] == pytest.approx([0, 0, 0])


def test_another_network_is_no_yunet(tmp_path):
    wrong = yunet_outputs()
    wrong['kps_8'] = wrong['kps_8'][:, :, :4]
    file = constant_network(tmp_path / 'n.onnx', {'input': [1, 3, SIZE, SIZE]}, wrong)
    with pytest.raises(ModelError, match=r'n\.onnx: not YuNet: answers'):
        YunetDetector(OnnxModel(file, outputs=yunet.OUTPUTS))
    file = constant_network(tmp_path / 'm.onnx', {'input': [1, 3, 50, 50]}, yunet_outputs())
    with pytest.raises(ModelError, match=r'm\.onnx: not YuNet: its input has shape'):
        YunetDetector(OnnxModel(file, outputs=yunet.OUTPUTS))


def emotieff_network(tmp_path: Path, **more: float) -> EmotiEffExpression:
    """A stand-in that answers the classes named in `more`, and valence 0.5, arousal -2."""
    answer = np.zeros((1, 10), np.float32)
    for name, value in more.items():
        answer[0, emotieff.CLASSES.index(name)] = value
    answer[0, 8:] = 0.5, -2.0
    file = constant_network(tmp_path / 'e.onnx', {'input': [1, 3, 224, 224]}, {'out': answer})
    return EmotiEffExpression(OnnxModel(file), Calibration(1.0, 0.4))


@pytest.mark.parametrize('label', BASIC8.labels)
def test_emotieff_classes_become_ours(tmp_path, label):
    expression = emotieff_network(tmp_path, **{label: 6.0})
    crop = np.random.default_rng(0).integers(0, 256, (1, 60, 50, 3)).astype(np.uint8)
    (reading,) = expression.read(crop)
    assert reading.label == label
    assert reading.probabilities[BASIC8.index(label)] > 0.9
    assert (reading.valence, reading.arousal) == (0.5, -1.0)
    assert not reading.abstained


def test_emotieff_abstains_on_a_blank_crop_and_in_doubt(tmp_path):
    expression = emotieff_network(tmp_path)
    blank, noise = np.full((1, 48, 48), 9, np.uint8), np.arange(2304, dtype=np.uint8)
    assert expression.read(blank)[0].reason == 'no_contrast'
    (doubt,) = expression.read(noise.reshape(1, 48, 48))
    assert doubt.reason == 'low_confidence'
    assert np.isnan(doubt.valence)
    assert expression.read(np.zeros((0, 48, 48), np.uint8)) == []


def test_emotieff_input_is_red_green_blue_as_it_was_trained():
    crop = np.zeros((1, 10, 10, 3), np.uint8)
    crop[...] = (0, 0, 255)
    blob = emotieff.network_input(crop)
    assert blob.shape == (1, 3, 224, 224)
    wanted = (np.array([1.0, 0.0, 0.0]) - emotieff.MEAN) / emotieff.DEVIATION
    assert blob[0, :, 100, 100] == pytest.approx(wanted, abs=1e-5)
    with pytest.raises(ValueError, match='uint8'):
        emotieff.network_input(np.zeros((1, 10, 10, 4), np.uint8))


def test_another_network_is_no_emotieff(tmp_path):
    file = constant_network(
        tmp_path / 'e.onnx', {'input': [1, 3, 224, 224]}, {'out': np.zeros((1, 8))}
    )
    with pytest.raises(ModelError, match=r'e\.onnx: answers \(1, 8\).*valence, arousal'):
        EmotiEffExpression(OnnxModel(file))


def test_blendshapes_are_52_of_146_points():
    assert len(set(blendshapes.NAMES)) == 52
    assert blendshapes.POINTS.shape == (146,)
    assert (np.diff(blendshapes.POINTS) > 0).all()
    assert blendshapes.POINTS[-1] == blendshapes.MESH_POINTS - 1
    used = {name for names in blendshapes.ACTION_UNITS.values() for name in names}
    assert used <= set(blendshapes.NAMES)


def test_blendshapes_are_read_and_named(tmp_path):
    answer = np.zeros((1, 52), np.float32)
    answer[0, blendshapes.NAMES.index('mouthSmileLeft')] = 0.6
    answer[0, blendshapes.NAMES.index('mouthSmileRight')] = 1.4
    file = constant_network(tmp_path / 'b.onnx', {'points': [1, 146, 2]}, {'scores': answer})
    reader = optional_models.load_blendshapes(file)
    scores = reader.read(np.random.default_rng(0).uniform(0, 640, (478, 3)))
    assert scores.max() == 1.0
    units = blendshapes.action_units(scores)
    assert units['AU12'] == pytest.approx(0.8)
    assert units['AU4'] == 0.0
    with pytest.raises(ValueError, match=r'\(478, 2\), got \(468, 2\)'):
        reader.read(np.zeros((468, 2)))
    with pytest.raises(ValueError, match='finite'):
        reader.read(np.full((478, 2), np.nan))


def test_another_network_gives_no_blendshapes(tmp_path):
    file = constant_network(
        tmp_path / 'b.onnx', {'points': [1, 146, 2]}, {'scores': np.zeros((1, 51))}
    )
    with pytest.raises(ModelError, match=r'b\.onnx: answers shape \(1, 51\), expected 52'):
        BlendshapeModel(OnnxModel(file))


def test_a_tflite_file_says_what_it_needs(tmp_path):
    file = tmp_path / 'b.tflite'
    file.write_bytes(b'no network')
    installed = importlib.util.find_spec('ai_edge_litert') is not None
    with pytest.raises(ModelError, match='not a TFLite network' if installed else 'pip install'):
        open_network(file)
    assert TfliteModel.__name__ == 'TfliteModel'


@pytest.mark.parametrize(
    ('name', 'category'),
    [
        ('model_elation_best.pth', 'Elation'),
        ('model_pleasure_ecstasy_best.pth', 'Pleasure/Ecstasy'),
        ('model_jealousy_&_envy_best.pth', 'Jealousy & Envy'),
        ('model_impatience_and_irritability_best.pth', 'Impatience and Irritability'),
        (
            'model_intoxication_altered_states_of_consciousness_best.pth',
            'Intoxication/Altered States of Consciousness',
        ),
        ('model_hope_enthusiasm_optimism_best.pth', 'Hope/Enthusiasm/Optimism'),
        ('model_arousal_best.pth', ''),
        ('model_emotional_vulnerability_best.pth', ''),
    ],
)
def test_names_of_heads_become_categories(name, category):
    assert insight.category_of(name) == category


def test_every_category_is_found_by_its_own_name():
    for label in EMONET40.labels:
        assert insight.category_of(label) == label
        plain = label.lower().replace('/', '_').replace(' ', '_')
        assert insight.category_of(f'model_{plain}_best.pth') == label


def head(slope: float, size: int = 3) -> list:
    """A head that answers slope x the positive part of the sum of its embedding."""
    one = np.ones((1, size), np.float32)
    return [(one, np.zeros(1, np.float32)), (np.full((1, 1), slope, np.float32), np.zeros(1))]


def test_heads_give_scores_of_their_categories_and_nan_elsewhere():
    heads = insight.Heads({'Fear': head(1.0), 'Elation': head(2.0)}, insight.FACE_FULL_SCALE)
    assert heads.categories == ('Elation', 'Fear')
    scores = heads.read(np.array([1.0, 2.0, 0.5]))
    assert scores[EMONET40.index('Fear')] == pytest.approx(0.5)
    assert scores[EMONET40.index('Elation')] == pytest.approx(1.0)
    assert np.isnan(scores).sum() == len(EMONET40) - 2
    assert heads.read(np.array([-5.0, 0.0, 0.0]))[EMONET40.index('Fear')] == 0.0
    with pytest.raises(ValueError, match=r'shape \(3,\), got \(4,\)'):
        heads.read(np.zeros(4))


@pytest.mark.parametrize(
    ('layers', 'text'),
    [
        ({}, 'nothing given'),
        ({'Glee': head(1.0)}, 'no EmoNet category: Glee'),
        ({'Fear': []}, 'Fear: no layers'),
        ({'Fear': head(1.0)[:1] + head(1.0, 2)}, 'Fear: layers do not fit'),
        ({'Fear': head(np.nan)}, 'not finite'),
        ({'Fear': head(1.0), 'Awe': head(1.0, 2)}, 'different lengths'),
    ],
)
def test_heads_that_do_not_fit_are_named(layers, text):
    with pytest.raises(ValueError, match=text):
        insight.Heads(layers, 7.0)


@pytest.fixture(scope='module')
def converter():
    path = ROOT / 'training' / 'insight_heads.py'
    if not path.is_file():
        pytest.skip('the training scripts are not installed')
    spec = importlib.util.spec_from_file_location('training_insight', path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_converted_heads_answer_behind_an_encoder(converter, tmp_path):
    state = {'layers.0.weight': np.eye(2, 3), 'layers.0.bias': np.zeros(2)}
    state |= {'layers.3.weight': np.ones((1, 2)), 'layers.3.bias': np.array([0.5])}
    stack = converter.stack_of({f'_orig_mod.{k}': v for k, v in state.items()}, 'elation')
    file = tmp_path / 'heads.npz'
    converter.write({'model_elation_best.pth': stack, 'model_arousal_best.pth': stack}, 7.0, file)
    assert load_heads(file).categories == ('Elation',)
    assert [f.name for f in tmp_path.iterdir()] == ['heads.npz']
    embedding = np.array([[1.0, 2.0, 9.0]])
    encoder = constant_network(
        tmp_path / 'enc.onnx', {'pixels': [1, 3, 8, 8]}, {'embedding': embedding}
    )
    faces = optional_models.load_insight(encoder, file)
    scores = faces.read(cv2.imread(str(ROOT / 'examples/demo/london_021_smiling.jpg')))
    assert scores[EMONET40.index('Elation')] == pytest.approx(3.5 / 7.0)
    short = constant_network(
        tmp_path / 'short.onnx', {'pixels': [1, 3, 8, 8]}, {'embedding': np.zeros((1, 2))}
    )
    with pytest.raises(ModelError, match=r'short\.onnx: gives embeddings of shape \(1, 2\)'):
        InsightFaces(OnnxModel(short), load_heads(file))


def test_heads_of_another_form_are_refused(converter, tmp_path):
    with pytest.raises(converter.BadInput, match=r'norm\.weight of shape \(3,\) is no linear'):
        converter.stack_of({'norm.weight': np.ones(3), 'norm.bias': np.ones(3)}, 'elation')
    np.savez(tmp_path / 'x.npz', format='other')
    with pytest.raises(ModelError, match=rf'x\.npz: no Empathic-Insight heads .*{FORMAT}'):
        load_heads(tmp_path / 'x.npz')
    with pytest.raises(ModelError, match=r'gone\.npz'):
        load_heads(tmp_path / 'gone.npz')


def test_the_manifest_pins_what_is_fetched_on_request():
    for name in (optional_models.YUNET, optional_models.EMOTIEFF, optional_models.BLENDSHAPES):
        entry = models.get(name)
        assert entry.on_request
        assert entry.optional
        assert len(entry.source.sha256) == 64
    assert tuple(t.name for t in models.get(optional_models.YUNET).outputs) == yunet.OUTPUTS
    assert models.get(optional_models.EMOTIEFF).labels == emotieff.CLASSES
    assert 'research only' in models.get(optional_models.EMOTIEFF).terms


def test_a_stand_in_is_loaded_through_the_manifest(tmp_path, monkeypatch):
    import hashlib

    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    entry = models.get(optional_models.YUNET)
    file = constant_network(tmp_path / entry.file, {'in': [1, 3, SIZE, SIZE]}, yunet_outputs())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    known = {entry.id: replace(entry, sha256=digest)}
    monkeypatch.setattr(models, 'load_manifest', lambda file=None: known)
    (found,) = optional_models.load_yunet().detect(np.zeros((64, 64, 3), np.uint8))
    assert found.score == pytest.approx(0.9)
    known[entry.id] = entry
    with pytest.raises(ModelError, match='sha256 is'):
        optional_models.load_yunet()
