# SPDX-License-Identifier: Apache-2.0
"""docs/interfaces.md says what the running nodes really offer."""

from pathlib import Path
import subprocess
import sys

import pytest

pytest.importorskip('rclpy', reason='rclpy is not installed: start through ./empathy')
pytest.importorskip('empathy_interfaces', reason='the messages are not built')

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_up_to_date():
    done = subprocess.run(
        [sys.executable, 'docs/make_interfaces.py', '--check'],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode == 3:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_says_about_reasons_stands_in_the_code():
    sys.path.insert(0, str(ROOT / 'docs'))
    try:
        import interfaces_words as words
    finally:
        sys.path.pop(0)
    rooms = ('core', 'engines', 'bridge', 'nodes')
    code = '\n'.join(
        path.read_text(encoding='utf-8')
        for room in rooms
        for path in (ROOT / 'empathy_ros' / room).rglob('*.py')
    )
    for source, reasons in words.REASONS.items():
        for reason in reasons:
            assert f"'{reason}'" in code, f'{source}: nobody says {reason}'
