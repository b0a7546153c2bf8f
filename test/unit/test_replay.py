# SPDX-License-Identifier: Apache-2.0
"""Files and play lists as a live source, on a clock of the test."""

from __future__ import annotations

from pathlib import Path
import wave

import numpy as np
import pytest

from empathy_ros.core.resampling import RATE_HZ
from empathy_ros.engines.playlist import Item, load_playlist, read_sound, SourceError
from empathy_ros.engines.replay import Replay, ReplayThread, SteadyClock

DEMO = Path(__file__).parents[2] / 'examples' / 'demo'
CHUNK_N = 1024
CHUNK_S = CHUNK_N / RATE_HZ


class TestClock:
    """Time that moves only when somebody waits."""

    __test__ = False

    def __init__(self):
        self.now = 50.0

    def now_s(self):
        return self.now

    def wait_until(self, at_s):
        self.now = max(self.now, at_s)


def write_wav(path, samples, rate_hz=RATE_HZ, channels=1):
    with wave.open(str(path), 'wb') as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype('<i2').tobytes())
    return path


def tone(seconds, rate_hz=RATE_HZ):
    return 0.5 * np.sin(2 * np.pi * 300 * np.arange(int(seconds * rate_hz)) / rate_hz)


def play(items, robot, seconds):
    """Return [(time, item, rms)] of a replay whose robot speaks when `robot(time)` says so."""
    clock = TestClock()
    source = Replay(items, chunk_n=CHUNK_N, clock=clock)
    seen, spoke = [], False
    for chunk in source.chunks():
        assert chunk.samples.shape == (CHUNK_N,)
        assert chunk.samples.dtype == np.float32
        seen.append((chunk.start_s - 50.0, chunk.item, float(np.sqrt(np.mean(chunk.samples**2)))))
        if robot(clock.now - 50.0) != spoke:
            spoke = not spoke
            source.robot(spoke)
        if clock.now - 50.0 > seconds:
            return seen, source
    raise AssertionError('the source must not end')


def begins(seen):
    """Return {item: start time}."""
    starts = {}
    for at_s, item, _ in seen:
        if item:
            starts.setdefault(item, at_s)
    return starts


def item(name, **more):
    return Item(name, tone(1.0).astype(np.float32), **more)


@pytest.mark.parametrize(('rate_hz', 'channels'), [(16_000, 1), (44_100, 2), (8_000, 1)])
def test_files_of_any_rate_become_16_khz_mono(tmp_path, rate_hz, channels):
    samples = np.repeat(tone(1.0, rate_hz), channels)
    sound = read_sound(write_wav(tmp_path / 'a.wav', samples, rate_hz, channels))
    assert abs(len(sound) - RATE_HZ) < 20
    assert np.abs(sound[1000:-1000] - tone(1.0)[1000 : len(sound) - 1000]).max() < 0.01


def test_all_demo_voices_are_readable():
    paths = sorted(DEMO.glob('*.wav'))
    assert paths
    for path in paths:
        sound = read_sound(path)
        assert 1.0 < len(sound) / RATE_HZ < 10.0
        assert 0.05 < np.abs(sound).max() <= 1.0


def test_missing_broken_and_soundless_files_are_named(tmp_path):
    broken = tmp_path / 'broken.wav'
    broken.write_bytes(b'RIFF' + bytes(range(256)) * 4)
    empty = write_wav(tmp_path / 'empty.wav', np.zeros(0))
    for path, word in [
        (tmp_path / 'none.wav', 'not found'),
        (broken, 'broken.wav'),
        (empty, 'empty.wav'),
        (DEMO / 'head-pose-face-detection-male.gif', 'no sound'),
    ]:
        with pytest.raises(SourceError, match=word):
            read_sound(path)


def test_truncated_file_gives_its_beginning(tmp_path):
    whole = write_wav(tmp_path / 'whole.wav', tone(2.0)).read_bytes()
    cut = tmp_path / 'cut.wav'
    cut.write_bytes(whole[: len(whole) // 2 + 1])
    assert 0.9 < len(read_sound(cut)) / RATE_HZ < 1.1


def test_plays_in_time_with_room_noise_around():
    seen, source = play([item('a', gap_s=0.5)], lambda t: False, 3.0)
    assert abs(begins(seen)['a'] - 0.5) < 2 * CHUNK_S
    times = [at_s for at_s, _, _ in seen]
    assert np.allclose(np.diff(times), CHUNK_S)
    loud = [rms for _, name, rms in seen if name == 'a']
    quiet = [rms for _, name, rms in seen if not name]
    assert min(loud[:-1]) > 0.3
    assert 5e-5 < max(quiet) < 5e-4
    assert source.ended


def test_next_item_waits_for_the_robots_silence():
    items = [item('a'), item('b', gap_s=1.0)]
    seen, _ = play(items, lambda t: 1.5 < t < 4.0, 8.0)
    assert abs(begins(seen)['b'] - 5.0) < 3 * CHUNK_S


def test_without_robot_the_gap_counts_from_the_last_item():
    seen, _ = play([item('a'), item('b', gap_s=1.0)], lambda t: False, 4.0)
    assert abs(begins(seen)['b'] - 2.0) < 2 * CHUNK_S


def test_wait_for_answer_holds_until_the_robot_has_spoken():
    items = [item('a'), item('b', gap_s=0.5, wait_for='answer', patience_s=30.0)]
    seen, _ = play(items, lambda t: 6.0 < t < 7.0, 12.0)
    assert abs(begins(seen)['b'] - 7.5) < 3 * CHUNK_S


def test_wait_for_answer_gives_up():
    items = [item('a'), item('b', gap_s=0.5, wait_for='answer', patience_s=3.0)]
    seen, source = play(items, lambda t: False, 8.0)
    assert abs(begins(seen)['b'] - 4.0) < 3 * CHUNK_S
    assert source.ended


def test_the_first_item_can_answer_a_question_of_the_robot():
    seen, _ = play([item('a', gap_s=0.5, wait_for='answer')], lambda t: 2.0 < t < 4.0, 7.0)
    assert abs(begins(seen)['a'] - 4.5) < 3 * CHUNK_S


def test_a_question_asked_while_closed_counts():
    clock = TestClock()
    source = Replay([item('a', wait_for='answer')], chunk_n=CHUNK_N, clock=clock)
    source.robot(True)
    clock.now += 3.0
    source.robot(False)
    assert next(source.chunks()).item == 'a'


def test_after_a_pause_it_goes_on_without_catching_up():
    clock = TestClock()
    source = Replay([item('a')], chunk_n=CHUNK_N, clock=clock)
    chunks = source.chunks()
    first = [next(chunks) for _ in range(3)]
    clock.now += 20.0
    source.resume()
    then = [next(chunks) for _ in range(3)]
    assert then[0].start_s - first[-1].start_s > 19.0
    assert np.allclose(np.diff([c.start_s for c in then]), CHUNK_S)
    assert then[0].item == 'a'


def test_thread_opens_closes_and_goes_on():
    import threading

    got, enough = [], threading.Event()

    def take(chunk):
        got.append(chunk)
        if len(got) >= 3:
            enough.set()

    source = ReplayThread([item('a')], CHUNK_N, take)
    source.open()
    assert enough.wait(10.0)
    source.close()
    count = len(got)
    assert not source.is_open
    enough.clear()
    got.clear()
    source.open()
    assert enough.wait(10.0)
    source.close()
    assert count >= 3
    assert got[0].item == 'a'


def test_a_late_consumer_loses_nothing():
    clock = TestClock()
    source = Replay([item('a')], chunk_n=CHUNK_N, clock=clock)
    chunks = source.chunks()
    first = next(chunks)
    clock.now += 0.5
    rest = [next(chunks) for _ in range(6)]
    assert clock.now == pytest.approx(50.5)
    assert [c.start_s for c in rest] == pytest.approx(
        [first.start_s + CHUNK_S * k for k in range(1, 7)]
    )


def test_playlist_with_words_and_files(tmp_path):
    write_wav(tmp_path / 'a.wav', tone(0.5))
    playlist = tmp_path / 'list.yaml'
    playlist.write_text(
        '- {file: a.wav, gap_s: 2}\n'
        '- {say: "Good morning.", voice: awb, wait_for: answer, patience_s: 4, name: hello}\n'
    )
    asked = []

    def say(text, voice):
        asked.append((text, voice))
        return np.zeros(100, np.float32)

    first, second = load_playlist(playlist, say)
    assert (first.name, first.gap_s, first.wait_for) == ('a.wav', 2.0, 'silence')
    assert (second.name, second.gap_s, second.patience_s) == ('hello', 1.0, 4.0)
    assert asked == [('Good morning.', 'awb')]


@pytest.mark.parametrize(
    ('text', 'word'),
    [
        ('{say: a}', 'YAML list'),
        ('[]', 'YAML list'),
        ('- {sey: a}', 'only the keys'),
        ('- {say: a, file: b}', 'either say or file'),
        ('- {gap_s: 1}', 'either say or file'),
        ('- {say: a, wait_for: never}', 'never'),
        ('- {say: a, gap_s: -1}', 'gap_s -1'),
        ('- {say: a, gap_s: soon}', 'soon'),
        ('- {file: missing.wav}', 'missing.wav: not found'),
        ('- {say: [', 'list.yaml'),
    ],
)
def test_bad_playlists_are_named(tmp_path, text, word):
    playlist = tmp_path / 'list.yaml'
    playlist.write_text(text)
    with pytest.raises(SourceError, match=word):
        load_playlist(playlist, lambda text, voice: np.zeros(1, np.float32))


def test_steady_clock_is_woken_by_stop():
    import threading

    stop = threading.Event()
    clock = SteadyClock(stop)
    stop.set()
    before_s = clock.now_s()
    clock.wait_until(before_s + 60.0)
    assert clock.now_s() - before_s < 5.0
