# SPDX-License-Identifier: Apache-2.0
"""The face node with its real networks, on real pictures, under the leases of a gate."""

import time

import cv2
import numpy as np
import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros import models, paths
from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.handoff import channel
from empathy_ros.bridge.image import image_into_msg
from empathy_ros.bridge.run import bring_up
from empathy_ros.core.media import Frame
from empathy_ros.engines import face_models
from empathy_ros.engines.onnx import ModelError
from empathy_ros.nodes.face_affect import FaceAffect

pytestmark = pytest.mark.ros


def picture(name='london_021_smiling.jpg'):
    return cv2.imread(str(paths.share('examples', 'demo', name)))


def first_frame(name):
    return cv2.VideoCapture(str(paths.share('examples', 'demo', name))).read()[1]


SMILE = picture()
TWO = first_frame('head-pose-face-detection-female-and-male.gif')
EMPTY = np.full((480, 640, 3), 120, np.uint8)


class Rig:
    """A face node, a source of frames and everything that comes out."""

    def __init__(self, ros, gate, **settings):
        self.ros, self.gate = ros, gate
        self.affect, self.features, self.tracks, self.reports = [], [], [], []
        settings = {'max_rate_hz': 60.0, 'image_reliability': 'reliable', **settings}
        self.node = ros.add(
            FaceAffect, parameter_overrides=[Parameter(k, value=v) for k, v in settings.items()]
        )
        self.probe = ros.add(Node, 'probe')
        self.images = self.probe.create_publisher(msgs.Image, 'image', qos.image('reliable'))
        self.jpegs = self.probe.create_publisher(
            msgs.CompressedImage, 'image/compressed', qos.image('reliable')
        )
        for kind, topic, sink, profile in (
            (msgs.AffectEstimateArray, 'face/affect', self.affect, qos.EVIDENCE),
            (msgs.FaceFeaturesArray, 'face/features', self.features, qos.EVIDENCE),
            (msgs.UInt32, 'face/tracks', self.tracks, qos.STATE),
        ):
            self.probe.create_subscription(kind, topic, sink.append, profile)
        self.probe.create_subscription(
            msgs.DiagnosticArray, '/diagnostics', self._on_health, qos.DIAGNOSTICS
        )
        self.stamp_ns = time.time_ns()

    def _on_health(self, msg):
        name = '/social_perception/faces/face_affect'
        self.reports += [s for s in msg.status if s.name == name]

    def start(self):
        assert bring_up(self.node)
        self.ros.until(
            lambda: self.images.get_subscription_count() and self.jpegs.get_subscription_count()
        )
        return self

    @property
    def calls(self):
        """How often the expression network has run."""
        return self.node._models.expression.calls

    def look_at(self, image, until, publish=False, timeout_s=15.0):
        """Show a picture, 20 times a second, until a condition holds; return its value."""
        state = {'next_s': 0.0}

        def show():
            if time.monotonic() >= state['next_s']:
                state['next_s'] = time.monotonic() + 0.05
                self.show(image, publish)
            return until()

        return self.ros.until(show, timeout_s)

    def show(self, image, publish=False):
        self.stamp_ns += 50_000_000
        if not publish:
            channel('image').put(Frame(self.stamp_ns, image, 'eye'))
            return
        msg = msgs.Image()
        msg.header.stamp = convert.stamp_to_msg(self.stamp_ns)
        msg.header.frame_id = 'topic_eye'
        image_into_msg(image, msg)
        self.images.publish(msg)

    def newest(self, **wanted):
        """Return the newest estimate that has these values, else None."""
        for array in reversed(self.affect[-3:]):
            for item in array.estimates:
                if all(getattr(item, k) == v for k, v in wanted.items()):
                    return item
        return None

    def report(self):
        return (self.reports[-1].level, self.reports[-1].message) if self.reports else (b'', '')

    def value(self, key):
        values = {v.key: v.value for v in self.reports[-1].values} if self.reports else {}
        return values.get(key)


@pytest.fixture
def rig(ros, gate):
    try:
        for name in ('face_detector_full', 'face_expression_cpu'):
            models.find(name)
    except ModelError as error:
        pytest.skip(f'the models are not here: {error}')
    made = []

    def make(**settings):
        made.append(Rig(ros, gate, **settings))
        return made[-1]

    yield make
    for item in made:
        item.node.trigger_shutdown()


def test_one_consenting_person_is_estimated(ros, gate, rig):
    face = rig(deterministic_ids=True).start()
    gate.grant('p1', 'face')
    item = face.look_at(SMILE, lambda: face.newest(top_label='happiness'))
    assert (item.id, item.id_kind, item.person_id, item.modality) == ('f1', 'face', 'p1', 'face')
    assert item.header.frame_id == 'eye'
    assert 0 <= face.stamp_ns - convert.stamp_from_msg(item.header.stamp) < 3e9
    assert (face.stamp_ns - convert.stamp_from_msg(item.header.stamp)) % 50_000_000 == 0
    assert len(item.scores) == 8
    assert item.confidence > 0.8
    assert item.quality > 0.5
    assert 0.2 < item.region[0] < 0.4
    assert item.model_id == 'face_expression_cpu'
    assert item.model_hash == models.get('face_expression_cpu').sha256[:12]
    ros.until(lambda: face.tracks[-1].data == 1)


def test_diagnostics_name_provider_latency_and_hash_but_no_expression(gate, rig):
    face = rig(provider='cpu').start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.value('latency_p95_ms'))
    assert face.value('provider') == 'cpu'
    assert face.value('detector_provider') == 'cpu'
    assert face.value('model_hash') == models.get('face_expression_cpu').sha256[:12]
    assert float(face.value('latency_p50_ms')) <= float(face.value('latency_p95_ms'))
    assert face.value('lease') == 'granted'
    words = ' '.join(v.key + v.value for v in face.reports[-1].values) + face.report()[1]
    assert 'happi' not in words


def test_without_consent_not_even_a_face_is_looked_for(ros, gate, rig):
    face = rig().start()
    gate.refuse('no_consent')
    looked = []
    detect = face.node._pipeline._detect
    face.node._pipeline._detect = lambda image: looked.append(1) or detect(image)
    face.look_at(SMILE, lambda: len(gate.asked) >= 2)
    gate.refuse('no_consent')
    face.look_at(SMILE, lambda: len(gate.asked) >= 3, publish=True)
    assert looked == []
    assert face.affect == []
    assert face.calls == 0
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.affect)
    assert looked


def test_withdrawn_consent_silences_at_once(ros, gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.newest(abstained=False))
    gate.refuse('no_consent')
    face.look_at(SMILE, lambda: not face.node._guard.lease.granted)
    ros.until(lambda: face.tracks[-1].data == 0)
    count, calls, asked = len(face.affect), face.calls, len(gate.asked)
    face.look_at(SMILE, lambda: len(gate.asked) > asked)
    assert len(face.affect) <= count + 1
    assert face.calls == calls


def test_two_faces_suspend_everything_and_the_network_rests(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(TWO, lambda: face.tracks and face.tracks[-1].data == 2)
    item = face.look_at(TWO, lambda: face.newest(reason='other_person'))
    assert item.abstained
    assert item.person_id == ''
    assert len(item.scores) == 0
    assert face.calls == 0


def test_counting_goes_on_while_the_gate_refuses_for_another_person(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(TWO, lambda: face.tracks and face.tracks[-1].data == 2)
    # Like the real gate: refuse the face node while it reports two faces.
    gate.decide = lambda node, scope: (
        ('', 'other_person') if face.tracks[-1].data >= 2 else ('p1', '')
    )
    face.look_at(TWO, lambda: face.value('lease') == 'other_person')
    calls = face.calls
    face.look_at(SMILE, lambda: face.tracks[-1].data == 1)
    assert face.calls == calls
    face.look_at(SMILE, lambda: face.newest(top_label='happiness'))


def test_nobody_in_view_is_an_empty_array(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(EMPTY, lambda: len(face.affect) >= 3)
    assert all(len(array.estimates) == 0 for array in face.affect)
    assert face.tracks[-1].data == 0


def test_pictures_from_the_topic(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    item = face.look_at(SMILE, lambda: face.newest(top_label='happiness'), publish=True)
    assert item.header.frame_id == 'topic_eye'


def test_pictures_from_the_compressed_topic(ros, gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    data = cv2.imencode('.jpg', SMILE)[1].tobytes()

    def show():
        face.stamp_ns += 50_000_000
        msg = msgs.CompressedImage(format='jpeg', data=data)
        msg.header.stamp = convert.stamp_to_msg(face.stamp_ns)
        face.jpegs.publish(msg)
        return face.newest(top_label='happiness')

    ros.until(show)


def test_a_robot_that_publishes_both_topics_is_seen_once(ros, gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.affect, publish=True)
    data = cv2.imencode('.jpg', TWO)[1].tobytes()
    sent = set()

    def beside():
        if face.stamp_ns not in sent:
            sent.add(face.stamp_ns)
            msg = msgs.CompressedImage(format='jpeg', data=data)
            msg.header.stamp = convert.stamp_to_msg(face.stamp_ns)
            face.jpegs.publish(msg)
        return len(face.affect) >= 8

    face.look_at(SMILE, beside, publish=True)
    assert all(len(array.estimates) <= 1 for array in face.affect)
    stamps = [convert.stamp_from_msg(array.header.stamp) for array in face.affect]
    assert len(set(stamps)) == len(stamps)


def test_a_bad_picture_is_dropped_with_one_warning_and_the_next_is_used(ros, gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.newest(top_label='happiness'), publish=True)
    # A good picture that is still being read would take the warning back.
    ros.until(lambda: convert.stamp_from_msg(face.affect[-1].header.stamp) == face.stamp_ns)
    bad = msgs.Image(encoding='32FC1', width=64, height=48, step=256, data=bytes(256 * 48))
    before = int(face.value('dropped') or 0)
    for _ in range(3):
        face.images.publish(bad)
        ros.executor.spin_once(timeout_sec=0.05)
    ros.until(lambda: face.report()[0] == b'\x01' and int(face.value('dropped')) > before)
    assert "encoding '32FC1' is not one of bgr8, rgb8, mono8" in face.report()[1]
    count = len(face.affect)
    face.look_at(SMILE, lambda: len(face.affect) > count, publish=True)
    face.look_at(SMILE, lambda: face.report()[0] == b'\x00', publish=True)


def test_frames_are_dropped_not_queued(ros, gate, rig):
    face = rig(max_rate_hz=2.0).start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: len(face.affect) >= 3)
    ages = [
        face.stamp_ns - convert.stamp_from_msg(array.header.stamp) for array in face.affect[-1:]
    ]
    # One picture each half second is read, and it is the newest of those shown.
    assert max(ages) <= 1.2e9
    ros.until(lambda: int(face.value('dropped') or 0) > 5)


def test_a_failing_network_is_an_error_and_nothing_is_published(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.newest(top_label='happiness'))

    def broken(crops):
        raise ModelError('face_expression.onnx: output logits holds values that are not finite')

    face.node._pipeline._read = broken
    face.look_at(SMILE, lambda: face.report()[0] == b'\x02')
    count = len(face.affect)
    reports = len(face.reports)
    face.look_at(SMILE, lambda: len(face.reports) > reports + 1)
    assert len(face.affect) == count
    assert 'face_expression.onnx' in face.report()[1]


def test_a_model_that_is_not_the_manifests_leaves_the_node_unconfigured(
    ros, gate, rig, tmp_path, monkeypatch
):
    (tmp_path / 'face_detector_full.onnx').write_bytes(b'something else')
    monkeypatch.setenv('EMPATHY_MODELS', str(tmp_path))
    face = rig()
    assert not bring_up(face.node)
    ros.until(lambda: face.report()[0] == b'\x02')
    assert 'face_detector_full.onnx: sha256 is' in face.report()[1]
    monkeypatch.undo()
    assert bring_up(face.node)


def test_silence_of_the_camera_is_a_warning(ros, gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.tracks and face.tracks[-1].data == 1)
    ros.until(lambda: face.report()[0] == b'\x01')
    assert 'no picture for 3 s' in face.report()[1]
    assert face.tracks[-1].data == 0


def test_thresholds_change_while_running(gate, rig):
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.newest(top_label='happiness'))
    (result,) = face.node.set_parameters([Parameter('min_face_px', value=300.0)])
    assert result.successful
    face.look_at(SMILE, lambda: face.newest(reason='face_too_small'))
    (result,) = face.node.set_parameters([Parameter('min_face_px', value=-1.0)])
    assert not result.successful


def test_head_pose_is_published_of_the_person_who_agreed_only(ros, gate, rig):
    face = rig(landmarks_hz=30.0).start()
    if face.node._pipeline.features is None:
        pytest.skip('the landmark networks are not here')
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.features)
    (item,) = face.features[-1].features
    assert item.person_id == 'p1'
    assert abs(item.yaw) < 0.2
    assert item.reason == ''
    assert len(item.proxies) == len(item.change) == 8
    assert 0.0 <= item.eye_closure_left < 0.7
    count = len(face.features)
    face.look_at(TWO, lambda: face.newest(reason='other_person'))
    settled = len(face.features)
    face.look_at(TWO, lambda: len(face.affect) > count + 20)
    assert len(face.features) == settled


def test_withdrawn_consent_forgets_the_points_and_the_neutral_face(ros, gate, rig):
    face = rig(landmarks_hz=30.0, baseline_readings=3).start()
    reader = face.node._pipeline.features
    if reader is None:
        pytest.skip('the landmark networks are not here')
    gate.grant('p1', 'face')
    neutral = picture('london_021_neutral.jpg')

    def known():
        return any(np.isfinite(f.change).any() for m in face.features[-3:] for f in m.features)

    face.look_at(neutral, known)
    gate.refuse('no_consent')
    face.look_at(neutral, lambda: not face.node._guard.lease.granted)
    ros.until(lambda: face.tracks[-1].data == 0)
    settled = len(face.features)
    assert ros.until(lambda: reader._newest is None and reader._baseline._median is None)
    gate.grant('p1', 'face')
    face.look_at(neutral, lambda: len(face.features) > settled)
    assert np.isnan(face.features[settled].features[0].change).all()


def test_without_landmark_networks_the_face_is_still_read(ros, gate, rig, monkeypatch):
    monkeypatch.setattr(face_models, 'LANDMARKS', 'no_such_model')
    face = rig().start()
    gate.grant('p1', 'face')
    face.look_at(SMILE, lambda: face.newest(top_label='happiness'))
    assert face.features == []
    assert ros.until(lambda: 'no_such_model' in (face.value('landmarks') or ''))
