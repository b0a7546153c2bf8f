# SPDX-License-Identifier: Apache-2.0
"""The demo as a newcomer starts it: real processes, real video, real speech, a real report."""

import json
from pathlib import Path
import subprocess
import sys

import cv2
import pytest

pytestmark = pytest.mark.ros
LIMIT_S = 150


@pytest.fixture(scope='module')
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once, with the first line of its story, and return its report and output."""
    pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
    folder = tmp_path_factory.mktemp('demo') / 'report'
    done = subprocess.run(
        [
            sys.executable, '-m', 'empathy_ros.cli', 'demo', '--answers', 'yes',
            '--seconds', '40', '--no-dashboard', '--report', str(folder),
        ],
        capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def events(report: tuple[Path, str], topic: str) -> list[dict]:
    lines = (report[0] / 'events.jsonl').read_text(encoding='utf-8').splitlines()
    return [event['data'] for event in map(json.loads, lines) if event['topic'] == topic]


def test_the_words_of_the_recording_are_heard(report: tuple[Path, str]) -> None:
    heard = ' '.join(words['text'].lower() for words in events(report, 'utterance'))
    assert 'christmas' in heard
    assert 'happy new year' in heard


def test_nothing_is_inferred_while_two_people_are_in_view(report: tuple[Path, str]) -> None:
    faces = [e for m in events(report, 'face/affect') for e in m['estimates']]
    assert {e['reason'] for e in faces if e['abstained']} >= {'other_person'}
    assert not [e for e in faces if e['reason'] == 'other_person' and e['top_label']]


def test_the_smile_is_seen(report: tuple[Path, str]) -> None:
    faces = [e for m in events(report, 'face/affect') for e in m['estimates']]
    labels = [e['top_label'] for e in faces if not e['abstained']]
    assert labels.count('happiness') > 0.8 * len(labels) > 0


def test_it_says_what_it_is_before_it_senses(report: tuple[Path, str]) -> None:
    lines = (report[0] / 'events.jsonl').read_text(encoding='utf-8').splitlines()
    topics = [(e['topic'], e['data']) for e in map(json.loads, lines)]
    told = next(
        i for i, (t, d) in enumerate(topics)
        if t == 'behaviour/directive' and 'DISCLOSE_AI' in d['acts']
    )  # fmt: skip
    sensed = next(i for i, (t, d) in enumerate(topics) if t == 'face/affect' and d['estimates'])
    assert told < sensed
    spoken = [d for t, d in topics if t == 'behaviour/directive' and 'DISCLOSE_AI' in d['acts']]
    assert len(spoken) == 1


def test_the_answer_is_spoken_and_reported(report: tuple[Path, str]) -> None:
    answers = {d['id'] for d in events(report, 'behaviour/directive') if d['source'] == 'planner'}
    outcomes = [o for o in events(report, 'behaviour/outcome') if o['executed']]
    assert answers & {o['directive_id'] for o in outcomes}
    assert list((report[0] / 'answers').glob('*.wav'))


def test_the_report_is_complete(report: tuple[Path, str]) -> None:
    folder, printed = report
    assert cv2.imread(str(folder / 'timeline.png')) is not None
    video = cv2.VideoCapture(str(folder / 'annotated.mp4'))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) > 100
    assert (folder / 'summary.txt').read_text(encoding='utf-8').strip() in printed
    for part in ('faces:', 'fused affect', 'what was said, and why', 'health: every node'):
        assert part in printed
