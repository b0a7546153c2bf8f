# SPDX-License-Identifier: Apache-2.0
"""The action `consent_gate/enroll_person`: ask aloud, hear yes or no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
import time
import uuid

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future

from empathy_ros.bridge import msgs
from empathy_ros.core.consent import EnrolmentDialogue
from empathy_ros.core.enrolment import DEFAULT_SCOPES, DISCLOSURE, Step
from empathy_ros.core.types import Scope

TICK_S = 0.2
LISTEN_S = 5.0
"""The microphone's leave for the dialogue is renewed for so long at each tick."""


@dataclass(frozen=True)
class Enrolled:
    """What a finished enrolment hands over."""

    person_id: str
    scopes: frozenset[Scope]
    granted_by: str
    pin: str
    needs: tuple[str, ...]
    locale: str


@dataclass(frozen=True)
class Hooks:
    """What the gate does for the enrolment.

    Attributes:
        say: Speak a sentence; the flag says that it discloses what the robot is.
        listen: Let the microphone hear yes and no for so many seconds; 0 = no longer.
        keep: Store the answers; returns an error code of the action and a text.
        may: Return why this enrolment is not permitted, '' when it is.
    """

    say: Callable[[str, bool], None]
    listen: Callable[[float], None]
    keep: Callable[[Enrolled], tuple[int, str]]
    may: Callable[[str, str, bool], str]


class EnrolmentServer:
    """Runs one enrolment at a time; a second one is rejected."""

    def __init__(self, node: Node, hooks: Hooks, answer_s: float) -> None:
        """Serve the action under `node`."""
        self._node, self._hooks, self._answer_s = node, hooks, answer_s
        self._dialogue: EnrolmentDialogue | None = None
        self._goal: ServerGoalHandle | None = None
        self._over: Future | None = None
        self._busy = False
        self._server = ActionServer(
            node,
            msgs.EnrollPerson,
            'consent_gate/enroll_person',
            execute_callback=self._execute,
            goal_callback=self._on_goal,
            cancel_callback=lambda _handle: CancelResponse.ACCEPT,
        )
        clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(TICK_S, self._tick, clock=clock)

    @property
    def asking(self) -> bool:
        """Whether somebody is being asked now; their words are for this dialogue only."""
        return self._dialogue is not None

    def hear(self, text: str) -> None:
        """Take words as an answer to the question."""
        if self._dialogue is not None:
            self._go_on(self._dialogue.hear(text, time.monotonic_ns()))

    def still_speaking(self) -> None:
        """Wait for the answer only after the robot has finished the question."""
        if self._dialogue is not None:
            self._dialogue.still_speaking(time.monotonic_ns())

    def destroy(self) -> None:
        """Stop serving."""
        self._timer.cancel()
        self._server.destroy()

    def _on_goal(self, _request: msgs.EnrollPerson.Goal) -> GoalResponse:
        if self._busy:
            return GoalResponse.REJECT
        self._busy = True
        return GoalResponse.ACCEPT

    async def _execute(self, goal: ServerGoalHandle) -> msgs.EnrollPerson.Result:
        try:
            return await self._run(goal)
        finally:
            self._busy = False
            self._dialogue, self._goal, self._over = None, None, None
            self._hooks.listen(0.0)

    async def _run(self, goal: ServerGoalHandle) -> msgs.EnrollPerson.Result:
        request = goal.request
        person_id = request.person_id or f'p{uuid.uuid4().hex[:8]}'
        code = msgs.EnrollPerson.Result
        vouched = request.answers == 'yes'
        problem = self._problem(request) or self._hooks.may(person_id, request.pin, vouched)
        if problem:
            goal.abort()
            return _result(person_id, code.NOT_PERMITTED, problem)
        scopes = tuple(Scope(name) for name in request.scopes) or DEFAULT_SCOPES
        if vouched:
            self._feedback(goal, 'disclosure', '', DISCLOSURE)
            self._hooks.say(DISCLOSURE, True)
            return self._keep(goal, person_id, frozenset(scopes), 'representative')
        self._goal, self._over = goal, Future(executor=self._node.executor)
        self._dialogue = EnrolmentDialogue(scopes, self._answer_s)
        self._hooks.listen(LISTEN_S)
        self._go_on(self._dialogue.start(time.monotonic_ns()))
        dialogue = self._dialogue
        await self._over
        if goal.is_cancel_requested:
            goal.canceled()
            return _result(person_id, code.CANCELLED, 'cancelled; nothing was changed')
        if dialogue.outcome == 'no_answer':
            goal.abort()
            return _result(person_id, code.NO_ANSWER, 'no clear answer was heard; nothing is on')
        if dialogue.outcome == 'stopped':
            goal.abort()
            return _result(person_id, code.DECLINED, 'the person said stop; nothing is on')
        return self._keep(goal, person_id, dialogue.granted, 'self_spoken')

    def _problem(self, request: msgs.EnrollPerson.Goal) -> str:
        if request.answers not in ('', 'ask', 'yes'):
            return f'answers: {request.answers!r} is not one of ask, yes'
        known = [scope.value for scope in Scope]
        for name in request.scopes:
            if name not in known:
                return f'scopes: {name!r} is not one of {", ".join(known)}'
        return ''

    def _keep(
        self, goal: ServerGoalHandle, person_id: str, scopes: frozenset[Scope], by: str
    ) -> msgs.EnrollPerson.Result:
        request = goal.request
        self._feedback(goal, 'storing', '', '')
        error, text = self._hooks.keep(
            Enrolled(person_id, scopes, by, request.pin, tuple(request.needs), request.locale)
        )
        if error:
            goal.abort()
            return _result(person_id, error, text)
        goal.succeed()
        if not scopes:
            declined = msgs.EnrollPerson.Result.DECLINED
            return _result(person_id, declined, 'the person agreed to nothing; all is off')
        result = _result(person_id, msgs.EnrollPerson.Result.OK, '')
        result.granted = sorted(scope.value for scope in scopes)
        return result

    def _go_on(self, step: Step | None) -> None:
        """Say the next sentence; end the action when the dialogue is over."""
        if step is None or self._goal is None:
            return
        self._hooks.say(step.prompt, step.stage == 'disclosure')
        scope = step.scope.value if step.scope is not None else ''
        self._feedback(self._goal, step.stage, scope, step.prompt)
        if step.outcome:
            self._finish()

    def _tick(self) -> None:
        if self._goal is None or self._dialogue is None:
            return
        if self._goal.is_cancel_requested:
            self._finish()
            return
        self._hooks.listen(LISTEN_S)
        self._go_on(self._dialogue.tick(time.monotonic_ns()))

    def _finish(self) -> None:
        self._dialogue = None
        self._hooks.listen(0.0)
        if self._over is not None and not self._over.done():
            self._over.set_result(True)

    def _feedback(self, goal: ServerGoalHandle, stage: str, scope: str, prompt: str) -> None:
        goal.publish_feedback(msgs.EnrollPerson.Feedback(stage=stage, scope=scope, prompt=prompt))


def _result(person_id: str, code: int, text: str) -> msgs.EnrollPerson.Result:
    return msgs.EnrollPerson.Result(person_id=person_id, error_code=code, error_msg=text)
