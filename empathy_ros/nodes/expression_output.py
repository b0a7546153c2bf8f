# SPDX-License-Identifier: Apache-2.0
"""Turns directives into a face, a gaze and a gesture; holds still on `stop`."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node

from empathy_ros.bridge import convert, msgs, qos
from empathy_ros.bridge.diagnostics import Health
from empathy_ros.bridge.params import bind
from empathy_ros.bridge.run import now_ns
from empathy_ros.core.expression import ExpressionConfig, JOINTS, movement, Pose
from empathy_ros.core.types import Directive, Event


class ExpressionOutput(Node):
    """`behaviour/directive` and `stop` in, `expression` and joint targets out."""

    def __init__(self, **node_args: Any) -> None:
        """Subscribe to directives; nothing moves before the first one."""
        super().__init__('expression_output', **node_args)
        self._config: ExpressionConfig = bind(self, ExpressionConfig, self._on_config)
        self._health = Health(self, '/behaviour/expression_output')
        self._expression = self.create_publisher(msgs.Expression, 'expression', qos.STATE)
        self._joints = self.create_publisher(
            msgs.JointTrajectory, 'expression/joint_trajectory', qos.OUTCOME
        )
        self._outcome = self.create_publisher(
            msgs.DirectiveOutcome, 'behaviour/outcome', qos.OUTCOME
        )
        self.create_subscription(
            msgs.EmpathicDirective, 'behaviour/directive', self._on_directive, qos.DIRECTIVE,
            qos_overriding_options=qos.OVERRIDES,
        )  # fmt: skip
        self.create_subscription(msgs.Empty, 'stop', lambda _msg: self._hold(), qos.OUTCOME)
        self.create_subscription(msgs.String, 'event', self._on_event, qos.OUTCOME)
        self._health.ok('still')

    def _on_config(self, config: ExpressionConfig) -> None:
        self._config = config

    def _on_directive(self, msg: msgs.EmpathicDirective) -> None:
        started = now_ns(self)
        try:
            directive = convert.directive_from_msg(msg)
        except ValueError as error:
            self._health.dropped(1)
            self.get_logger().warning(f'dropped a directive: {error}', throttle_duration_sec=10.0)
            self._report(msg.id, started, msgs.DirectiveOutcome.MALFORMED, str(error))
            return
        if directive.expires_ns and directive.expires_ns < started:
            return
        self._expression.publish(convert.expression_to_msg(directive.expression))
        self._joints.publish(self._trajectory(movement(directive, self._config), started))
        self._health.ok('moved on the latest directive')
        self._done(directive, started)

    def _done(self, directive: Directive, started: int) -> None:
        """Report here only for silent directives; spoken ones are reported by the speech."""
        if not directive.text:
            self._report(directive.id, started, msgs.DirectiveOutcome.DONE, '')

    def _report(self, directive_id: str, started: int, code: int, text: str) -> None:
        outcome = msgs.DirectiveOutcome(
            directive_id=directive_id, executor='expression_output', error_code=code,
            error_msg=text, executed=code == msgs.DirectiveOutcome.DONE,
        )  # fmt: skip
        outcome.header.stamp = convert.stamp_to_msg(now_ns(self))
        outcome.started = convert.stamp_to_msg(started)
        self._outcome.publish(outcome)

    def _trajectory(self, poses: list[Pose], stamp_ns: int) -> msgs.JointTrajectory:
        msg = msgs.JointTrajectory()
        msg.header.stamp = convert.stamp_to_msg(stamp_ns)
        msg.joint_names = [self._config.joint_prefix + name for name in JOINTS]
        for pose in poses:
            point = msgs.JointTrajectoryPoint(positions=list(pose.angles_rad))
            point.time_from_start = convert.duration_to_msg(pose.at_s)
            msg.points.append(point)
        return msg

    def _hold(self) -> None:
        """Stop moving: a trajectory without points tells a controller to hold its place."""
        self._joints.publish(self._trajectory([], now_ns(self)))
        self._health.ok('held on stop')

    def _on_event(self, msg: msgs.String) -> None:
        if msg.data == Event.STOP_BUTTON.value:
            self._hold()
