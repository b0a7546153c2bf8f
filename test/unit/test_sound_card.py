# SPDX-License-Identifier: Apache-2.0
"""Microphone and loudspeaker through the real PortAudio, on a sound card made of files.

ALSA's `file` device reads its input from a file and writes its output to one, as fast as it can.
PortAudio looks for devices once per process, so each test runs a process of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SYSTEM = Path('/usr/share/alsa/alsa.conf')
CARD = """
<{system}>
pcm.filecard {{
  type file
  slave.pcm "null"
  file "{folder}/out.raw"
  infile "{folder}/in.raw"
  format "raw"
}}
"""


def in_process(tmp_path, code, with_card=True):
    """Run code that prints JSON, with the card or with no card at all."""
    if not SYSTEM.is_file():
        pytest.skip('ALSA is not installed')
    config = tmp_path / 'asound.conf'
    config.write_text(
        CARD.format(system=SYSTEM, folder=tmp_path) if with_card else f'<{SYSTEM}>\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', code],
        env={**os.environ, 'ALSA_CONFIG_PATH': str(config), 'PYTHONPATH': str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if 'PortAudio cannot be used' in done.stderr:
        pytest.skip('PortAudio is not installed: apt-get install libportaudio2')
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_microphone_delivers_the_sound_of_the_card(tmp_path):
    np.linspace(-0.5, 0.5, 16_000, dtype='<f4').tofile(tmp_path / 'in.raw')
    seen = in_process(
        tmp_path,
        """
import json, threading
from empathy_ros.engines.microphone import device_names, Microphone
enough, got = threading.Event(), []
def take(samples, rate_hz):
    if len(got) < 4:
        got.append((samples.tolist(), rate_hz))
    else:
        enough.set()
card = Microphone('filecard', 0.064, take)
assert enough.wait(20)
alive = card.alive
card.close()
print(json.dumps([device_names('input'), alive, got]))
""",
    )
    names, alive, got = seen
    assert 'filecard' in names
    assert alive
    assert all(rate_hz == 16_000 and len(samples) == 1024 for samples, rate_hz in got)
    first = np.concatenate([samples for samples, _ in got])
    assert np.allclose(first, np.linspace(-0.5, 0.5, 16_000)[: len(first)], atol=1e-6)


def test_unknown_device_lists_what_there_is(tmp_path):
    np.zeros(100, '<f4').tofile(tmp_path / 'in.raw')
    text = in_process(
        tmp_path,
        """
import json
from empathy_ros.engines.microphone import DeviceError, Microphone
try:
    Microphone('nonesuch', 0.064, lambda samples, rate_hz: None)
except DeviceError as error:
    print(json.dumps(str(error)))
""",
    )
    assert "'nonesuch'" in text
    assert 'filecard' in text


def test_without_any_card_the_message_says_what_to_do(tmp_path):
    text = in_process(
        tmp_path,
        """
import json
from empathy_ros.engines.microphone import device_names, DeviceError, Microphone
try:
    if device_names('input'):
        print(json.dumps(''))
    else:
        Microphone('', 0.064, lambda samples, rate_hz: None)
except DeviceError as error:
    print(json.dumps(str(error)))
""",
        with_card=False,
    )
    if not text:
        pytest.skip('this machine has a sound card')
    assert 'no sound input device' in text
    assert 'sound file' in text


def test_a_microphone_plugged_in_later_is_found(tmp_path):
    np.zeros(100, '<f4').tofile(tmp_path / 'in.raw')
    card = CARD.format(system=SYSTEM, folder=tmp_path)
    seen = in_process(
        tmp_path,
        f"""
import json, os, pathlib, threading, time
from empathy_ros.engines import sound_source
from empathy_ros.engines.microphone import DeviceError
sound_source.RETRY_S = 0.1
heard = threading.Event()
source = sound_source.DeviceSource('filecard', 0.064, lambda *sound: heard.set())
first, states = '', [source.state()]
try:
    source.open()
except DeviceError as error:
    first = str(error)
states.append(source.state())
config = pathlib.Path(os.environ['ALSA_CONFIG_PATH'])
config.write_text({card!r})
os.utime(config, (0, 0))
end_s = time.monotonic() + 20
while not heard.wait(0.05):
    assert time.monotonic() < end_s
    try:
        source.open()
    except DeviceError:
        pass
states.append(source.state())
source.close()
states.append(source.state())
print(json.dumps([first, states]))
""",
        with_card=False,
    )
    first, states = seen
    assert 'no sound input device' in first
    assert states == ['closed', 'lost', 'open', 'closed']


def test_loudspeaker_plays_to_the_card_and_stops(tmp_path):
    np.zeros(100, '<f4').tofile(tmp_path / 'in.raw')
    ok = in_process(
        tmp_path,
        """
import json, time
import numpy as np
from pathlib import Path
import os
from empathy_ros.engines.speaker import open_sink
sink, text = open_sink('auto', 'filecard')
sink.start(np.full(160_000, 5000, np.int16), 16_000)
out = Path(os.environ['ALSA_CONFIG_PATH']).parent / 'out.raw'
end_s = time.monotonic() + 20
while not (out.exists() and out.stat().st_size > 4000):
    assert time.monotonic() < end_s
    time.sleep(0.01)
sink.stop()
print(json.dumps([text, max(np.fromfile(out, '<i2')[:2000].tolist())]))
""",
    )
    assert ok == ['loudspeaker filecard', 5000]
