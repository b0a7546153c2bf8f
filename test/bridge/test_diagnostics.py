# SPDX-License-Identifier: Apache-2.0
"""The health entry of a node: level, values, latency, and its steady beat."""

import threading

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.node import Node
from rclpy.parameter import Parameter

from empathy_ros.bridge import qos
from empathy_ros.bridge.diagnostics import Health


@pytest.fixture
def heard(ros):
    """Return the list that fills with all entries on /diagnostics."""
    entries: list[DiagnosticStatus] = []
    ros.add(Node, 'listener').create_subscription(
        DiagnosticArray, '/diagnostics', lambda m: entries.extend(m.status), qos.DIAGNOSTICS
    )
    return entries


def values(status) -> dict[str, str]:
    return {item.key: item.value for item in status.values}


def test_it_reports_once_a_second_in_any_namespace(ros, heard):
    health = Health(ros.add(Node, 'camera', namespace='/ward'), '/vision/camera')
    health.ok('open')
    ros.until(lambda: heard)
    status = heard[0]
    assert (status.level, status.name, status.message) == (
        DiagnosticStatus.OK, '/vision/camera', 'open',
    )  # fmt: skip
    assert status.hardware_id == '/ward/camera'
    assert values(status)['Module name'] == 'camera'


def test_it_beats_on_while_simulated_time_stands_still(ros, heard):
    node = ros.add(Node, 'n', parameter_overrides=[Parameter('use_sim_time', value=True)])
    Health(node, '/n').ok('fine')
    ros.until(lambda: len(heard) >= 2)
    assert node.get_clock().now().nanoseconds == 0


def test_level_values_drops_and_latency(ros, heard):
    health = Health(ros.add(Node, 'n'), '/n')
    health.warn('slow')
    health.set('provider', 'CPUExecutionProvider')
    for milliseconds in range(1, 101):
        health.latency(milliseconds / 1000)
    health.dropped(2)
    health.dropped(3)
    assert health.level == DiagnosticStatus.WARN
    ros.until(lambda: heard)
    got = values(heard[-1])
    assert heard[-1].level == DiagnosticStatus.WARN
    assert got['provider'] == 'CPUExecutionProvider'
    assert got['dropped'] == '5'
    assert float(got['latency_p50_ms']) == pytest.approx(51, abs=1)
    assert float(got['latency_p95_ms']) == pytest.approx(95, abs=1)


def test_no_latency_is_reported_before_the_first(ros, heard):
    Health(ros.add(Node, 'n'), '/n').ok('waiting')
    ros.until(lambda: heard)
    assert 'latency_p50_ms' not in values(heard[0])


def test_an_error_is_logged_once_not_every_second(ros):
    node = ros.add(Node, 'n')
    lines: list[str] = []

    class Logger:
        error = warning = staticmethod(lines.append)

    node.get_logger = Logger
    health = Health(node, '/n')
    for _ in range(3):
        health.error('no camera: plug it in')
    assert lines == ['no camera: plug it in']
    health.warn('slow')
    health.ok('fine')
    health.error('no camera: plug it in')
    assert lines == ['no camera: plug it in', 'slow', 'no camera: plug it in']


def test_reports_from_many_threads_all_count(ros, heard):
    health = Health(ros.add(Node, 'n'), '/n')
    threads = [
        threading.Thread(target=lambda: [health.dropped(1) for _ in range(500)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ros.until(lambda: heard)
    assert values(heard[-1])['dropped'] == '2000'
