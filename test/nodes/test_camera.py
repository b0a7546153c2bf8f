# SPDX-License-Identifier: Apache-2.0
"""The camera node: real video files, opened and closed by the gate's leases."""

import time

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros import paths
from empathy_ros.bridge import msgs, qos
from empathy_ros.bridge.handoff import channel
from empathy_ros.bridge.image import image_from_msg
from empathy_ros.bridge.run import bring_up
from empathy_ros.nodes.camera import Camera

pytestmark = pytest.mark.ros
CLIP = str(paths.share('examples', 'demo', 'head-pose-face-detection-male.gif'))


class Rig:
    """A camera node with what it hands over, publishes and reports."""

    def __init__(self, ros, **settings):
        self.ros, self.frames, self.images, self.reports = ros, [], [], []
        settings = {'source': CLIP, 'rate_hz': 20.0, **settings}
        self.node = ros.add(
            Camera, parameter_overrides=[Parameter(k, value=v) for k, v in settings.items()]
        )
        self.probe = ros.add(Node, 'probe')
        self.unsubscribe = channel('image').subscribe(self.frames.append)
        self.probe.create_subscription(msgs.Image, 'image', self.images.append, qos.image(depth=5))
        self.probe.create_subscription(
            msgs.DiagnosticArray, '/diagnostics', self._on_health, qos.DIAGNOSTICS
        )

    def _on_health(self, msg):
        self.reports += [s for s in msg.status if s.name == '/social_perception/camera']

    def report(self):
        return (self.reports[-1].level, self.reports[-1].message) if self.reports else (b'', '')

    def close(self):
        self.unsubscribe()
        self.node.trigger_shutdown()


@pytest.fixture
def rig(ros):
    made = []

    def make(**settings):
        made.append(Rig(ros, **settings))
        return made[-1]

    yield make
    for item in made:
        item.close()


def test_frames_come_under_a_lease_with_capture_time(ros, gate, rig):
    camera = rig()
    gate.grant('p1', 'face')
    assert bring_up(camera.node)
    ros.until(lambda: len(camera.frames) >= 5)
    first, last = camera.frames[0], camera.frames[4]
    assert first.image_bgr.shape == (270, 480, 3)
    assert 0.1e9 < last.stamp_ns - first.stamp_ns < 2e9
    assert abs(last.stamp_ns - time.time_ns()) < 5e9
    assert ('camera', 'face') in gate.asked
    assert camera.images == []


def test_without_a_gate_nothing_is_opened(ros, rig):
    camera = rig()
    assert bring_up(camera.node)
    ros.until(lambda: camera.report()[1].startswith('closed'))
    assert camera.frames == []
    assert {v.key: v.value for v in camera.reports[-1].values}['open'] == 'False'


def test_a_no_opens_nothing(ros, gate, rig):
    camera = rig()
    gate.refuse('no_consent')
    assert bring_up(camera.node)
    ros.until(lambda: len(gate.asked) >= 2)
    assert camera.frames == []


def test_withdrawn_consent_closes_within_a_second_and_a_yes_opens_again(ros, gate, rig):
    camera = rig()
    gate.grant('p1', 'face')
    bring_up(camera.node)
    ros.until(lambda: camera.frames)
    gate.refuse('no_consent')
    ended_s = time.monotonic()
    ros.until(lambda: not camera.node._guard.lease.granted)
    count = len(camera.frames)
    ros.until(lambda: camera.node._capture._state.is_open is False)
    assert time.monotonic() - ended_s < 1.0
    assert len(camera.frames) <= count + 1
    gate.grant('p1', 'face')
    ros.until(lambda: len(camera.frames) > count + 3)


def test_a_dead_gate_closes_the_camera(ros, gate, rig):
    camera = rig()
    gate.grant('p1', 'face')
    bring_up(camera.node)
    ros.until(lambda: camera.frames)
    # Nothing spins any more, so no lease can be renewed: the thread must see that by itself.
    ended_s = time.monotonic()
    while camera.node._capture._state.is_open and time.monotonic() - ended_s < 8.0:
        camera.node._capture._thread.join(0.05)
    assert not camera.node._capture._state.is_open
    assert time.monotonic() - ended_s < 4.0


def test_publishes_the_picture_that_it_hands_over(ros, gate, rig):
    camera = rig(publish_image=True, frame_id='eye')
    gate.grant('p1', 'face')
    bring_up(camera.node)
    msg = ros.until(lambda: camera.images and camera.images[-1])
    assert msg.header.frame_id == 'eye'
    stamp_ns = msg.header.stamp.sec * 10**9 + msg.header.stamp.nanosec
    same = [f for f in camera.frames if f.stamp_ns == stamp_ns]
    assert len(same) == 1
    assert (image_from_msg(msg) == same[0].image_bgr).all()


@pytest.mark.parametrize(
    ('name', 'content', 'words'),
    [
        ('gone.mp4', None, 'no such file'),
        ('broken.mp4', b'not a video' * 99, 'no picture can be decoded'),
    ],
)
def test_a_bad_file_is_an_error_that_names_it_and_the_node_stays_up(
    ros, gate, rig, tmp_path, name, content, words
):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    camera = rig(source=str(path))
    gate.grant('p1', 'face')
    assert bring_up(camera.node)
    ros.until(lambda: camera.report()[0] == b'\x02')
    assert name in camera.report()[1]
    assert words in camera.report()[1]
    assert camera.frames == []


def test_a_missing_device_is_an_error(ros, gate, rig):
    camera = rig(source='97')
    gate.grant('p1', 'face')
    bring_up(camera.node)
    ros.until(lambda: camera.report()[0] == b'\x02')
    assert '/dev/video97' in camera.report()[1]


def test_source_none_opens_nothing_and_asks_for_nothing(ros, gate, rig):
    camera = rig(source='none')
    gate.grant('p1', 'face')
    assert bring_up(camera.node)
    ros.until(lambda: 'topic image' in camera.report()[1])
    assert gate.asked == []
    assert camera.frames == []


def test_deactivate_closes_and_cleanup_can_be_configured_again(ros, gate, rig):
    camera = rig()
    gate.grant('p1', 'face')
    bring_up(camera.node)
    ros.until(lambda: camera.frames)
    assert camera.node.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    count = len(camera.frames)
    assert camera.node.trigger_cleanup() == TransitionCallbackReturn.SUCCESS
    assert bring_up(camera.node)
    ros.until(lambda: len(camera.frames) > count)


def test_a_parameter_out_of_range_leaves_the_node_unconfigured(ros, rig):
    camera = rig(at_end='rewind')
    assert not bring_up(camera.node)
    ros.until(lambda: camera.report()[0] == b'\x02')
    assert 'at_end' in camera.report()[1]
