# SPDX-License-Identifier: Apache-2.0
"""The planner's services for others: answers on request, why, and what people thought of them."""

from __future__ import annotations

from collections.abc import Callable
import threading
from typing import Any
from uuid import uuid4

from rclpy.action import ActionServer
from rclpy.node import Node

from empathy_ros.bridge import convert, msgs
from empathy_ros.bridge.run import now_ns
from empathy_ros.bridge.worker import QueueWorker
from empathy_ros.core.planner import Planner
from empathy_ros.core.types import Directive, Utterance

ANSWER_S = 3.0


class Respond:
    """Serves `planner/empathic_response`, `planner/explain` and `planner/report_feedback`."""

    def __init__(self, node: Node, planner: Planner, worker: QueueWorker) -> None:
        """Serve for `node`; `worker` owns the planner."""
        self._node, self._planner, self._worker = node, planner, worker
        self._asked: dict[str, list[Directive]] = {}
        self._server: Any = ActionServer(
            node, msgs.EmpathicResponse, 'planner/empathic_response', self._execute
        )
        self._feedback = node.create_service(
            msgs.ReportFeedback, 'planner/report_feedback', self._on_feedback
        )

    def takes(self, directive: Directive) -> bool:
        """Return True when a directive answers a goal and is not to be published."""
        waiting = self._asked.get(directive.turn_id)
        if waiting is None:
            return False
        waiting.append(directive)
        return True

    def _execute(self, goal: Any) -> msgs.EmpathicResponse.Result:
        request, result = goal.request, msgs.EmpathicResponse.Result()
        turn_id = f't{uuid4().hex[:8]}'
        self._asked[turn_id] = []
        utterance = Utterance(
            now_ns(self._node), request.text, turn_id=turn_id, person_id=request.person_id,
            source='text',
        )  # fmt: skip
        goal.publish_feedback(msgs.EmpathicResponse.Feedback(stage='choosing'))
        self._in_worker(lambda: self._planner.hear(utterance, now_ns(self._node)))
        answers = self._asked.pop(turn_id)
        refused = set(request.constraints)
        if not answers:
            result.error_code = result.NOT_PERMITTED
            result.error_msg = 'the policy gives no answer to this (silence is an act, too)'
        elif refused & {act.value for act in answers[0].acts}:
            result.error_code = result.NOT_PERMITTED
            result.error_msg = 'the policy chose an act that the constraints exclude'
        else:
            result.directive = convert.directive_to_msg(answers[0])
        if result.error_code:
            goal.abort()
        else:
            goal.succeed()
        return result

    def _in_worker(self, call: Callable[[], None]) -> None:
        """Run a call in the planner's thread, which owns the planner, and wait for it."""
        done = threading.Event()
        self._worker.put(call)
        self._worker.put(done.set)
        done.wait(ANSWER_S)

    def _on_feedback(
        self, request: msgs.ReportFeedback.Request, response: msgs.ReportFeedback.Response
    ) -> msgs.ReportFeedback.Response:
        """Take a rating; the wording of a correction is not learned, and the answer says so."""
        answers = self._planner.answers

        def take() -> None:
            try:
                if request.undo:
                    response.changed = list(answers.undo())
                else:
                    response.changed = list(answers.rate(request.directive_id, request.rating))
                response.accepted = True
            except ValueError as error:
                response.error_msg = str(error)

        self._in_worker(take)
        if request.correction:
            response.error_msg += ' the words of a correction are not used yet; only the rating is'
        return response

    def explain(self, request: msgs.Explain.Request, response: msgs.Explain.Response) -> None:
        """Fill in why a directive was given; the latest for an empty id."""

        def look() -> None:
            directive = self._planner.answers.get(request.directive_id)
            response.explanation = self._planner.explain(request.directive_id)
            response.found = directive is not None
            if directive is not None:
                response.evidence = [directive.rationale]
                response.rules = list(directive.rules)
                response.acts = [act.value for act in directive.acts]
                response.guard_flags = list(directive.guard_flags)

        self._in_worker(look)
