# SPDX-License-Identifier: Apache-2.0
"""Running a group: every executor dispatches, lifecycle nodes come up, failures stay contained."""

import os
import signal
import subprocess
import sys
import threading
import time
import types

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')

import rclpy
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import UInt32
from std_srvs.srv import Trigger

from empathy_ros import roster
from empathy_ros.bridge import qos, run


@pytest.fixture(params=run.EXECUTORS)
def executor(request, ros):
    try:
        made = run.make_executor(request.param, ros.context)
    except ValueError as error:
        pytest.skip(str(error))
    yield made
    made.shutdown()


def spin_until(executor, condition, timeout_s=10.0):
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, 'nothing was dispatched'
        executor.spin_once(timeout_sec=run.SPIN_S)


def node_in(executor, ros, name, cls=Node, **kwargs):
    """Return a node that spins in `executor` and is destroyed with the graph."""
    node = cls(name, context=ros.context, **kwargs)
    ros.nodes.append(node)
    executor.add_node(node)
    return node


def test_timers_are_dispatched_on_ros_and_steady_time(executor, ros):
    node, ticks = node_in(executor, ros, 'n'), []
    node.create_timer(0.02, lambda: ticks.append('ros'))
    run.steady_timer(node, 0.02, lambda: ticks.append('steady'))
    spin_until(executor, lambda: ticks.count('ros') > 2 and ticks.count('steady') > 2)


def test_steady_timers_run_while_simulated_time_stands_still(executor, ros):
    sim = [Parameter('use_sim_time', value=True)]
    node, ticks = node_in(executor, ros, 'n', parameter_overrides=sim), []
    node.create_timer(0.01, lambda: ticks.append('ros'))
    run.steady_timer(node, 0.02, lambda: ticks.append('steady'))
    spin_until(executor, lambda: ticks.count('steady') > 4)
    assert 'ros' not in ticks
    assert run.now_ns(node) == 0


def test_subscriptions_are_dispatched(executor, ros):
    node, got = node_in(executor, ros, 'n'), []
    node.create_subscription(UInt32, 'topic', lambda m: got.append(m.data), qos.STATE)
    node.create_publisher(UInt32, 'topic', qos.STATE).publish(UInt32(data=7))
    spin_until(executor, lambda: got == [7])


def test_services_are_dispatched_and_answers_arrive(executor, ros):
    def answer(_request, response):
        response.success, response.message = True, 'here'
        return response

    node = node_in(executor, ros, 'n')
    node.create_service(Trigger, 'ask', answer)
    client = node.create_client(Trigger, 'ask')
    spin_until(executor, client.service_is_ready)
    future = client.call_async(Trigger.Request())
    spin_until(executor, future.done)
    assert future.result().message == 'here'


def test_parameters_can_be_set_from_outside(executor, ros):
    from rclpy.parameter_client import AsyncParameterClient

    node = node_in(executor, ros, 'n')
    node.declare_parameter('volume', 1)
    client = AsyncParameterClient(node_in(executor, ros, 'other'), 'n')
    spin_until(executor, client.services_are_ready)
    future = client.set_parameters([Parameter('volume', value=5)])
    spin_until(executor, future.done)
    assert node.get_parameter('volume').value == 5


def test_spin_ends_on_the_event(ros):
    stop = threading.Event()
    node = ros.add(Node, 'n')
    run.steady_timer(node, 0.05, stop.set)
    start_s = time.monotonic()
    run.spin(ros.executor, stop, ros.context)
    assert time.monotonic() - start_s < 2.0


def test_spin_ends_when_ros_shuts_down(ros):
    node = ros.add(Node, 'n')
    run.steady_timer(node, 0.05, lambda: ros.context.try_shutdown())
    run.spin(ros.executor, threading.Event(), ros.context)
    assert not ros.context.ok()


def test_an_unknown_executor_names_the_known_ones():
    with pytest.raises(ValueError, match='single, events, multi'):
        run.make_executor('turbo')


def test_an_rclpy_without_the_events_executor_is_a_message_not_a_trace(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, 'rclpy.experimental', None)
    restore = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        code = run.main(['group', '--group', 'mind', '--executor', 'events'])
    finally:
        for number, handler in restore.items():
            signal.signal(number, handler)
        rclpy.try_shutdown()
    assert code == 2
    assert 'this rclpy has no events executor, use single' in capsys.readouterr().err


class Device(LifecycleNode):
    """Comes up at the given attempt; 0 = raises instead of failing at the first."""

    def __init__(self, name, attempt=1, **kwargs):
        super().__init__(name, **kwargs)
        self.attempt, self.tries, self.released = attempt, 0, False

    def on_configure(self, _state):
        self.tries += 1
        if self.attempt == 0 and self.tries == 1:
            raise RuntimeError('the driver broke')
        good = self.tries >= self.attempt
        return TransitionCallbackReturn.SUCCESS if good else TransitionCallbackReturn.FAILURE

    def on_shutdown(self, _state):
        self.released = True
        return TransitionCallbackReturn.SUCCESS

    @property
    def state(self) -> str:
        return str(self._state_machine.current_state[1])


def test_autostart_brings_a_lifecycle_node_up_and_leaves_plain_nodes_alone(ros):
    device, plain = ros.add(Device, 'device'), ros.add(Node, 'plain')
    run.Autostart([device, plain])
    assert device.state == 'active'


def test_a_node_that_cannot_configure_is_tried_again(ros, monkeypatch):
    monkeypatch.setattr(run, 'RETRY_S', 0.05)
    device = ros.add(Device, 'device', attempt=3)
    keep = run.Autostart([device])
    assert device.state == 'unconfigured'
    ros.until(lambda: device.state == 'active')
    assert device.tries == 3
    assert keep is not None


def test_a_configure_that_raises_leaves_the_others_up_and_is_tried_again(ros, monkeypatch):
    monkeypatch.setattr(run, 'RETRY_S', 0.05)
    broken, fine = ros.add(Device, 'broken', attempt=0), ros.add(Device, 'fine')
    keep = run.Autostart([broken, fine])
    assert fine.state == 'active'
    ros.until(lambda: broken.state == 'active')
    assert keep is not None


def test_a_node_that_an_operator_stopped_stays_stopped(ros, monkeypatch):
    monkeypatch.setattr(run, 'RETRY_S', 0.05)
    slow, stopped = ros.add(Device, 'slow', attempt=4), ros.add(Device, 'stopped')
    keep = run.Autostart([slow, stopped])
    stopped.trigger_deactivate()
    ros.until(lambda: slow.state == 'active')
    assert stopped.state == 'inactive'
    assert keep is not None


def test_nothing_more_is_brought_up_once_the_end_was_asked_for(ros):
    stop = threading.Event()
    stop.set()
    device = ros.add(Device, 'device')
    run.Autostart([device], stop)
    assert device.state == 'unconfigured'


def test_closing_releases_devices(ros):
    device = Device('device', context=ros.context)
    run.Autostart([device])
    run.close([device])
    assert device.released


def test_a_node_that_refuses_its_parameters_is_reported_and_the_others_run(ros, monkeypatch):
    bad = types.ModuleType('empathy_ros.nodes.context_memory')

    def refuse(**_node_args):
        raise ValueError('context_memory.max_turns: 1 is outside 2..100')

    name = next(e.class_name for e in roster.NODES if e.name == 'context_memory')
    setattr(bad, name, refuse)
    monkeypatch.setitem(sys.modules, bad.__name__, bad)
    nodes = run.create_nodes(('affect_fusion', 'context_memory'), context=ros.context)
    ros.nodes += nodes
    for node in nodes:
        ros.executor.add_node(node)
    assert [n.get_name() for n in nodes] == ['affect_fusion', 'context_memory_not_started']
    seen = []
    from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus

    ros.add(Node, 'listener').create_subscription(
        DiagnosticArray, '/diagnostics', lambda m: seen.extend(m.status), qos.DIAGNOSTICS
    )
    status = ros.until(lambda: [s for s in seen if s.level == DiagnosticStatus.ERROR])[0]
    assert 'max_turns: 1 is outside 2..100' in status.message


@pytest.mark.parametrize(
    ('kind', 'number'),
    [('single', signal.SIGINT), ('single', signal.SIGTERM), ('events', signal.SIGINT)],
)
def test_a_real_group_comes_up_in_its_namespace_and_ends_on_a_signal(ros, number, kind):
    command = [
        sys.executable, '-m', 'empathy_ros.bridge.run', '--group', 'mind', '--nodes',
        'affect_fusion', '--executor', kind, '--ros-args', '-r', '__ns:=/ward',
    ]  # fmt: skip
    probe = ros.add(Node, 'probe')
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(ros.domain_id)}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        ros.until(lambda: ('affect_fusion', '/ward') in probe.get_node_names_and_namespaces(), 20)
        ros.until(lambda: probe.get_publishers_info_by_topic('/ward/taxonomy'))
        process.send_signal(number)
        assert process.wait(3) == 0
    finally:
        process.kill()
        process.wait()
