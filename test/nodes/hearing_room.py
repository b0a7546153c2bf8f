# SPDX-License-Identifier: Apache-2.0
"""What the tests of hearing and speaking share: a private ROS graph with a consent gate in it."""

from __future__ import annotations

import itertools
import os
import time
import wave

import numpy as np
import pytest

RATE_HZ = 16_000
_numbers = itertools.count(os.getpid())


class Room:
    """One private corner of ROS; leases are granted as the test wishes."""

    def __init__(self, *scopes):
        pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
        pytest.importorskip('empathy_interfaces', reason='the messages are not built')
        import rclpy
        from rclpy.executors import SingleThreadedExecutor

        self.context = rclpy.Context()
        # Below 102: above, ports may collide with those the system hands out.
        rclpy.init(args=[], context=self.context, domain_id=1 + next(_numbers) % 100)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.nodes = []
        self.scopes, self.person_id = set(scopes), 'p1'
        self.probe = self._plain('probe')
        self._gate()

    def _gate(self):
        from empathy_ros.bridge import msgs, qos

        self._msgs, gate = msgs, self._plain('gate')
        gate.create_service(msgs.LeaseSensor, 'consent_gate/lease_sensor', self._on_lease)
        self._consent = gate.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)

    def _on_lease(self, request, response):
        response.granted = request.scope in self.scopes
        response.valid_s = 3.0
        response.reason = '' if response.granted else 'no_consent'
        if response.granted and request.scope != 'enrolment':
            response.person_id = self.person_id
            response.scopes = sorted(self.scopes - {'enrolment'})
        return response

    def allow(self, *scopes):
        """Grant exactly these scopes from now on."""
        self.scopes = set(scopes)
        state = self._msgs.ConsentState(person_id=self.person_id, granted=sorted(scopes))
        self._consent.publish(self._msgs.ConsentStateArray(states=[state]))

    def _plain(self, name):
        from rclpy.node import Node

        return self._keep(Node(name, context=self.context, namespace='empathy'))

    def _keep(self, node):
        self.nodes.append(node)
        self.executor.add_node(node)
        return node

    def add(self, cls, **parameters):
        """Create a node of ours with these parameters."""
        from rclpy.parameter import Parameter

        values = [Parameter(name, value=value) for name, value in parameters.items()]
        node = cls(context=self.context, namespace='empathy', parameter_overrides=values)
        return self._keep(node)

    def start(self, cls, **parameters):
        """Create a node and bring it up; return it and whether that worked."""
        from empathy_ros.bridge.run import bring_up

        node = self.add(cls, **parameters)
        return node, bring_up(node)

    def collect(self, kind, topic, profile):
        """Return the growing list of messages on a topic."""
        got = []
        self.probe.create_subscription(kind, topic, got.append, profile)
        return got

    def publisher(self, kind, topic, profile):
        """Return a publisher that has found its subscriber."""
        publisher = self.probe.create_publisher(kind, topic, profile)
        self.until(lambda: publisher.get_subscription_count() > 0)
        return publisher

    def until(self, condition, timeout_s=10.0):
        """Spin until the condition holds and return its value; fail after the time-out."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            self.executor.spin_once(timeout_sec=0.02)
            value = condition()
            if value:
                return value
        return pytest.fail(f'not within {timeout_s:g} s')

    def close(self):
        """Destroy everything."""
        from empathy_ros.bridge.run import close

        close(self.nodes)
        self.executor.shutdown(timeout_sec=1.0)
        self.context.try_shutdown()


def tone_file(path, seconds=2.0):
    """Write a tone and return its path."""
    samples = 0.3 * np.sin(2 * np.pi * 300 * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)
    with wave.open(str(path), 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples * 32767).astype('<i2').tobytes())
    return path
