# SPDX-License-Identifier: Apache-2.0
"""The planner's services for others: an answer on request, and why something was said."""

from __future__ import annotations

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
    """Serves the action `planner/empathic_response` and the content of `planner/explain`."""

    def __init__(self, node: Node, planner: Planner, worker: QueueWorker) -> None:
        """Serve for `node`; `worker` owns the planner."""
        self._node, self._planner, self._worker = node, planner, worker
        self._asked: dict[str, tuple[threading.Event, list[Directive]]] = {}
        self._kept: dict[str, Directive] = {}
        self._server: Any = ActionServer(
            node, msgs.EmpathicResponse, 'planner/empathic_response', self._execute
        )

    def takes(self, directive: Directive) -> bool:
        """Remember a directive; return True when it answers a goal and is not to be published."""
        self._kept[directive.id] = directive
        while len(self._kept) > 64:
            self._kept.pop(next(iter(self._kept)))
        waiting = self._asked.get(directive.turn_id)
        if waiting is None:
            return False
        waiting[1].append(directive)
        return True

    def _execute(self, goal: Any) -> msgs.EmpathicResponse.Result:
        request, result = goal.request, msgs.EmpathicResponse.Result()
        turn_id = f't{uuid4().hex[:8]}'
        self._asked[turn_id] = (threading.Event(), [])
        utterance = Utterance(
            now_ns(self._node), request.text, turn_id=turn_id, person_id=request.person_id,
            source='text',
        )  # fmt: skip
        goal.publish_feedback(msgs.EmpathicResponse.Feedback(stage='choosing'))
        done, answers = self._asked[turn_id]
        self._worker.put(lambda: self._planner.hear(utterance, now_ns(self._node)))
        # Runs when the decision is made, also when it was to be silent.
        self._worker.put(done.set)
        done.wait(ANSWER_S)
        del self._asked[turn_id]
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

    def explain(self, request: msgs.Explain.Request, response: msgs.Explain.Response) -> None:
        """Fill in why a directive was given; the latest for an empty id."""
        wanted = request.directive_id or next(reversed(self._kept), '')
        directive = self._kept.get(wanted)
        response.explanation = self._planner.explain(wanted)
        response.found = directive is not None and bool(response.explanation)
        if directive is not None:
            response.evidence = [directive.rationale]
            response.rules = list(directive.rules)
            response.acts = [act.value for act in directive.acts]
            response.guard_flags = list(directive.guard_flags)
