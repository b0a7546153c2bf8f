# SPDX-License-Identifier: Apache-2.0
"""Processes of the real graph are killed: the others stay up, the dead one comes back."""

from collections.abc import Iterator
import os
from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from empathy_ros import supervise, up
from empathy_ros.paths import share

pytestmark = pytest.mark.ros
BACK_S = 40.0


class Robot:
    """Guardian, mind and body under supervision, and a node that talks with them."""

    def __init__(self, ros: Any, state: Path) -> None:
        from empathy_ros.bridge import msgs, qos
        from empathy_ros.client import EmpathyClient

        os.environ.update(ROS_DOMAIN_ID=str(ros.domain_id), EMPATHY_STATE=str(state))
        import argparse

        parser = argparse.ArgumentParser()
        up.add_arguments(parser)
        args = parser.parse_args(
            ['--modalities', 'none', '--no-dashboard', '--policy',
             str(share('config', 'policy.test.yaml')), '--param', 'speech_output:output:=none']
        )  # fmt: skip
        commands = {k: v for k, v in up.commands(args).items() if k in ('guardian', 'mind')}
        self.supervisor = supervise.Supervisor(commands, say=lambda text: None)
        self.ros = ros
        self.said = ros.collect(msgs.EmpathicDirective, 'behaviour/directive', qos.DIRECTIVE)
        self.alerts = ros.collect(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
        self.consents = ros.collect(msgs.ConsentStateArray, 'consent', qos.STATE)
        self.probe = ros.probe()
        self.words = self.probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
        self.client = EmpathyClient(self.probe)
        self.supervisor.start()

    def until(self, condition: Any, timeout_s: float = BACK_S) -> Any:
        def step() -> Any:
            self.supervisor.poll()
            return condition()

        return self.ros.until(step, timeout_s)

    def pid(self, group: str) -> int:
        found = next(g for g in self.supervisor.groups if g.name == group)
        return found.process.pid if found.process is not None else 0

    def enrol(self) -> str:
        future = self.client.enroll(scopes=['text'], answers='yes')
        self.until(future.done)
        return str(future.result().person_id)

    def say(self, text: str, person_id: str, turn_id: str) -> None:
        from empathy_ros.bridge import convert
        from empathy_ros.bridge.run import now_ns
        from empathy_ros.core.types import Utterance

        utterance = Utterance(now_ns(self.probe), text, 'u' + turn_id, turn_id, person_id)
        self.words.publish(convert.utterance_to_msg(utterance))

    def until_mind_answers(self, person_id: str) -> None:
        """Talk until the planner, perhaps a new one, answers."""
        said_s, turns = 0.0, []

        def answered() -> bool:
            nonlocal said_s
            if time.monotonic() - said_s > 1.0:
                said_s = time.monotonic()
                turns.append(f'w{len(turns)}')
                self.say('The garden looks nice today.', person_id, turns[-1])
            return any(m.turn_id in turns and m.source == 'planner' for m in self.said)

        self.until(answered)

    def answer(self, turn_id: str) -> Any:
        return self.until(lambda: [m for m in self.said if m.turn_id == turn_id])[0]


@pytest.fixture
def robot(ros: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Robot]:
    monkeypatch.setenv('ROS_DOMAIN_ID', '0')
    monkeypatch.setenv('EMPATHY_STATE', str(tmp_path))
    made = Robot(ros, tmp_path)
    yield made
    made.supervisor.stop()


def test_crisis_is_answered_with_the_mind_dead_and_with_the_guardian_dead(robot: Robot) -> None:
    person = robot.enrol()
    robot.until(lambda: robot.words.get_subscription_count() >= 4)
    os.kill(robot.pid('mind'), signal.SIGKILL)
    robot.say('I want to kill myself.', person, 't1')
    assert robot.answer('t1').source == 'crisis_watch'
    robot.until(lambda: [a for a in robot.alerts if a.kind == 'crisis'])
    robot.until_mind_answers(person)
    before = robot.pid('guardian')
    os.kill(before, signal.SIGSTOP)
    robot.say('I have the pills here and I will take them all now.', person, 't2')
    assert robot.answer('t2').text
    os.kill(before, signal.SIGKILL)
    robot.until(lambda: robot.pid('guardian') not in (0, before))


def test_consent_survives_a_kill_of_the_guardian(robot: Robot) -> None:
    person = robot.enrol()
    robot.until(lambda: robot.consents and robot.consents[-1].states)
    before, count = robot.pid('guardian'), len(robot.consents)
    os.kill(before, signal.SIGKILL)
    robot.until(lambda: robot.pid('guardian') not in (0, before))
    state = robot.until(lambda: len(robot.consents) > count and robot.consents[-1].states)[0]
    assert state.person_id == person
    assert list(state.granted) == ['text']


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Kill the supervisor itself: its groups must not live on."""
    environment = {**os.environ, 'EMPATHY_STATE': str(tmp_path), 'ROS_DOMAIN_ID': '80'}
    process = subprocess.Popen(
        [sys.executable, '-m', 'empathy_ros.cli', 'up', '--modalities', 'none', '--no-dashboard'],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    children = Path(f'/proc/{process.pid}/task/{process.pid}/children')
    end_s = time.monotonic() + BACK_S
    while len(pids := children.read_text(encoding='ascii').split()) < 4:
        assert time.monotonic() < end_s
        time.sleep(0.05)
    process.kill()
    process.wait()
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < end_s, 'a group outlived its supervisor'
        time.sleep(0.05)


def _runs(pid: str) -> bool:
    try:
        return (
            Path(f'/proc/{pid}/stat').read_text(encoding='ascii').split(')')[1].split()[0] != 'Z'
        )
    except OSError:
        return False
