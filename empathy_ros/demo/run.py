# SPDX-License-Identifier: Apache-2.0
"""`./empathy demo`: start the real graph, play video and speech, enrol aloud, report, end."""

from __future__ import annotations

import argparse
from collections.abc import Callable
import json
import os
from pathlib import Path
import shutil
import signal
import tempfile
import time
from typing import Any

from empathy_ros import supervise, up
from empathy_ros.demo import story
from empathy_ros.evaluation.common import BadInput
from empathy_ros.paths import share

READY_S = 30.0
ENROL_S = 90.0
QUIET_S = 18.0
LAST_WORD_S = 5.0
# A sentence that has begun is spoken to its end.
FINISH_S = 10.0
SCOPES = ('face', 'voice', 'text')
NEEDED = {'consent_gate', 'planner', 'speech_output', 'speech_text', 'microphone'}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `demo` to those of `up`."""
    parser.add_argument('--video', type=Path, help='a video file or a GIF instead of the clips')
    parser.add_argument('--audio', type=Path, help='a sound file instead of the story')
    parser.add_argument('--camera', help='a camera (number or device) instead of the clips')
    parser.add_argument(
        '--microphone', nargs='?', const='device', help='the live microphone instead of the story'
    )
    parser.add_argument('--report', type=Path, default=Path('report'), help='folder to write')
    parser.add_argument(
        '--seconds', type=float, default=75.0, help='longest talk after the enrolment [s]'
    )
    parser.add_argument(
        '--answers', choices=('ask', 'yes'), default='ask',
        help='enrol aloud by questions, or take the answers as given (a representative vouches)',
    )  # fmt: skip
    up.add_arguments(parser)


def _check(args: argparse.Namespace) -> None:
    for name in ('video', 'audio'):
        path = getattr(args, name)
        if path is not None and not path.is_file():
            raise BadInput(f'--{name}: {path} does not exist')
    if not 1 <= args.seconds <= 3600:
        raise BadInput(f'--seconds: {args.seconds:g} is outside 1..3600')
    if args.video is not None:
        story.read_frames(args.video)
    if args.audio is not None:
        story.check_sound(args.audio)
    try:
        args.report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f'--report: {args.report} cannot be made: {error.strerror}') from error


def prepare(args: argparse.Namespace, work: Path) -> tuple[list[str], list[str]]:
    """Make the inputs; return the graph's parameters and what the person's side is made of."""
    if args.camera is not None:
        source, played = args.camera, ['camera ' + args.camera]
    elif args.video is not None:
        source, played = str(args.video.resolve()), [f'video {args.video.name}']
    else:
        source = str(work / 'clips.avi')
        story.write_video(Path(source), args.seconds + ENROL_S)
        played = ['two clips of real people, see examples/demo/ATTRIBUTION.md']
    if args.microphone is not None:
        sound = args.microphone
        played.append('microphone ' + sound)
    else:
        items = story.lines(args.audio, args.answers == 'ask')
        sound = str(work / 'lines.yaml')
        story.write_playlist(Path(sound), items)
        played += [item.label for item in items]
    spoken = args.report / 'answers'
    shutil.rmtree(spoken, ignore_errors=True)
    spoken.mkdir()
    settings = {
        'camera:source': source,
        'camera:publish_image': 'true',
        'camera:image_reliability': 'reliable',
        'microphone:source': sound,
        'speech_output:record_dir': str(spoken.resolve()),
    }
    protocol = up.policy_settings(share('config', 'policy.test.yaml'))
    return [*protocol, *(f'{name}:={value}' for name, value in settings.items())], played


def isolate(work: Path) -> None:
    """Keep this graph apart from a robot that runs beside it: a domain and a state of its own."""
    domain = str(81 + os.getpid() % 20)
    os.environ['ROS_DOMAIN_ID'] = domain
    os.environ['EMPATHY_STATE'] = str(work / 'state')
    print(f'to look in from another terminal: ROS_DOMAIN_ID={domain}', flush=True)


class Director:
    """Drives one demo: waits for the graph, enrols, waits for the end of the talk."""

    def __init__(self, args: argparse.Namespace, supervisor: supervise.Supervisor) -> None:
        """Join the graph as a node of its own."""
        import rclpy
        from rclpy.signals import SignalHandlerOptions

        from empathy_ros.client import EmpathyClient
        from empathy_ros.demo.recorder import Recorder

        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        self._rclpy, self._args, self._supervisor = rclpy, args, supervisor
        self.recorder = Recorder(args.report, namespace=args.namespace)
        self._client = EmpathyClient(self.recorder, '/' + args.namespace.strip('/'))
        self.interrupted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: Any) -> None:
        self.interrupted = True

    def wait(self, done: Callable[[], bool], limit_s: float) -> bool:
        """Spin and supervise until `done`, the limit or Ctrl-C; return whether it was done."""
        end_s = time.monotonic() + limit_s
        while time.monotonic() < end_s and not self.interrupted:
            self._rclpy.spin_once(self.recorder, timeout_sec=0.05)
            self._supervisor.poll()
            if done():
                return True
        return False

    def talk(self) -> str:
        """Run the whole talk; return '' or why it failed."""
        if not self.wait(self._ready, READY_S):
            return '' if self.interrupted else 'the graph did not come up; see the log above'
        print('the graph is up; enrolling', flush=True)
        enrolment = self._client.enroll(scopes=SCOPES, answers=self._args.answers)
        answered = self.wait(enrolment.done, ENROL_S)
        if self.interrupted:
            return ''
        if not answered:
            return 'the enrolment got no answer; see the log above'
        result = enrolment.result()
        if not result.granted:
            return f'the enrolment was not agreed to: {result.error_msg}'
        print('agreed to: ' + ', '.join(result.granted), flush=True)
        self.wait(self._quiet, self._args.seconds)
        self.wait(lambda: not self.recorder.speaking, FINISH_S)
        return ''

    def _ready(self) -> bool:
        names = set(self.recorder.get_node_names())
        return names >= NEEDED

    def _quiet(self) -> bool:
        """Return whether nobody has spoken for a while: the story is over."""
        live = self._args.microphone is not None or self._args.camera is not None
        quiet_s = time.monotonic() - self.recorder.last_change_s
        if live or self.recorder.speaking:
            return False
        return quiet_s > (LAST_WORD_S if self.recorder.ended else QUIET_S)

    def close(self) -> None:
        """Leave the graph."""
        self.recorder.close()
        self.recorder.destroy_node()
        self._rclpy.try_shutdown()


def write_report(events: list[dict[str, Any]], folder: Path, played: list[str]) -> None:
    """Write timeline, annotated video and summary beside events.jsonl, and print the summary."""
    from empathy_ros.demo import summary, timeline, video

    text = summary.text(events, played)
    (folder / 'summary.txt').write_text(text + '\n', encoding='utf-8')
    timeline.draw(events, folder / 'timeline.png')
    video.write(events, folder / 'frames', folder / 'annotated.mp4')
    shutil.rmtree(folder / 'frames')
    print(text)
    print(f'report: {folder}/ (events.jsonl, timeline.png, annotated.mp4, answers/, summary.txt)')


def main(args: argparse.Namespace) -> int:
    """Run the demo; 0 = it ran to its end."""
    _check(args)
    with tempfile.TemporaryDirectory(prefix='empathy_demo_') as name:
        work = Path(name)
        isolate(work)
        params, played = prepare(args, work)
        (args.report / 'played.json').write_text(json.dumps(played), encoding='utf-8')
        commands = up.commands(args, params)
        supervisor = supervise.Supervisor(commands, supervise.tombstone_command)
        director = Director(args, supervisor)
        supervisor.start()
        try:
            problem = director.talk()
        finally:
            supervisor.stop()
            director.close()
    write_report(director.recorder.events, args.report, played)
    if problem:
        print(f'empathy demo: {problem}')
    return 1 if problem else 0
