# SPDX-License-Identifier: Apache-2.0
"""The speech activity machine: starts, pauses, ends of turns, slow speech."""

from __future__ import annotations

import math

import pytest

from empathy_ros.core.activity import (
    ActivityConfig,
    Mark,
    NS,
    PauseHabit,
    Phase,
    SpeechActivity,
)

WINDOW_S = 0.032


def play(machine, script, start_s=100.0):
    """Feed (probability, seconds) pairs; return the events with their times, and the end."""
    now_s, seen = start_s, []
    for probability, length_s in script:
        for _ in range(round(length_s / WINDOW_S)):
            now_s += WINDOW_S
            events = machine.step(probability, int(now_s * NS), WINDOW_S)
            seen += [(event.mark, now_s, event) for event in events]
    return seen, now_s


def marks(seen):
    return [mark for mark, _, _ in seen]


def test_a_plain_turn_has_start_pause_and_end_with_true_times():
    machine = SpeechActivity()
    seen, _ = play(machine, [(0.0, 1.0), (0.9, 2.0), (0.02, 2.0)])
    assert marks(seen) == [Mark.TURN_START, Mark.PAUSE, Mark.TURN_END]
    start, _, end = (event for _, _, event in seen)
    assert abs(start.start_ns / NS - 101.0) < 0.05
    assert abs(end.end_ns / NS - 103.0) < 0.05
    assert abs(seen[2][1] - 103.0 - 0.8) < 0.07
    assert machine.phase is Phase.QUIET


def test_a_click_is_no_turn():
    machine = SpeechActivity()
    seen, _ = play(machine, [(0.0, 0.5), (0.99, 0.064), (0.0, 2.0)] * 3)
    assert seen == []


def test_hysteresis_keeps_a_turn_through_half_certain_windows():
    machine = SpeechActivity()
    seen, _ = play(machine, [(0.9, 0.5), (0.4, 3.0), (0.9, 0.3), (0.1, 1.0)])
    assert marks(seen) == [Mark.TURN_START, Mark.PAUSE, Mark.TURN_END]


def test_half_certain_windows_alone_start_nothing():
    seen, _ = play(SpeechActivity(), [(0.45, 5.0)])
    assert seen == []


def test_resumed_pause_is_reported_and_learned():
    machine = SpeechActivity()
    seen, _ = play(machine, [(0.9, 1.0), (0.0, 0.6), (0.9, 1.0), (0.0, 1.2)])
    assert marks(seen) == [Mark.TURN_START, Mark.PAUSE, Mark.RESUME, Mark.PAUSE, Mark.TURN_END]
    assert machine.habit.wait_s(machine.config) == pytest.approx(0.8, abs=0.05)


def test_slow_speaker_gets_a_longer_wait():
    machine = SpeechActivity()
    # Pauses of 1.3 s: cut after 0.8 s twice, then heard as one turn.
    script = [(0.9, 0.6), (0.0, 1.3)] * 7 + [(0.0, 3.0)]
    seen, _ = play(machine, script)
    ends = [at_s for mark, at_s, _ in seen if mark is Mark.TURN_END]
    assert len(ends) == 3
    assert 1.3 < machine.habit.wait_s(machine.config) <= 2.5


def test_one_long_thought_does_not_slow_every_answer():
    machine = SpeechActivity()
    play(machine, [(0.9, 0.6), (0.0, 2.0), (0.9, 0.6), (0.0, 2.0)])
    assert machine.habit.wait_s(machine.config) < 1.2


def test_answered_turns_teach_no_pause():
    machine = SpeechActivity()
    now_s = 100.0
    for _ in range(4):
        _, now_s = play(machine, [(0.9, 0.6), (0.0, 1.3)], now_s)
        machine.answered()
    assert machine.habit.wait_s(machine.config) == 0.8


def test_slow_mode_waits_two_and_a_half_seconds():
    machine = SpeechActivity(ActivityConfig(end_of_turn='slow'))
    seen, _ = play(machine, [(0.9, 1.0), (0.0, 2.3), (0.9, 1.0), (0.0, 3.0)])
    assert marks(seen).count(Mark.TURN_END) == 1
    assert abs(seen[-1][1] - (100 + 1 + 2.3 + 1 + 2.5)) < 0.2


def test_wait_never_leaves_its_limits():
    habit, config = PauseHabit(), ActivityConfig()
    for pause_s in (0.01, 9.0, 9.0):
        habit.learn(pause_s)
        assert config.wait_s <= habit.wait_s(config) <= config.slow_wait_s
    habit.forget()
    assert habit.wait_s(config) == config.wait_s


def test_long_turn_is_split_at_a_pause_and_stays_one_turn():
    machine = SpeechActivity()
    seen, _ = play(machine, [(0.9, 21.0), (0.0, 0.5), (0.9, 2.0), (0.0, 1.0)])
    assert marks(seen) == [
        Mark.TURN_START, Mark.SPLIT, Mark.RESUME, Mark.PAUSE, Mark.TURN_END,
    ]  # fmt: skip
    split, end = seen[1][2], seen[-1][2]
    assert end.start_ns == split.end_ns


def test_speech_without_pause_is_split_before_the_recogniser_overflows():
    seen, _ = play(SpeechActivity(), [(0.9, 60.0), (0.0, 1.0)])
    pieces = [event for mark, _, event in seen if mark in (Mark.SPLIT, Mark.TURN_END)]
    assert len(pieces) == 3
    assert all((p.end_ns - p.start_ns) / NS < 27 for p in pieces)


def test_missing_sound_ends_the_turn():
    machine = SpeechActivity()
    _, now_s = play(machine, [(0.9, 1.0)])
    assert machine.in_turn
    assert machine.silence(int((now_s + 0.1) * NS)) == ()
    events = machine.silence(int((now_s + 1.0) * NS))
    assert [e.mark for e in events] == [Mark.TURN_END]
    assert machine.silence(int((now_s + 9.0) * NS)) == ()


def test_silence_drops_a_half_started_turn():
    machine = SpeechActivity()
    play(machine, [(0.9, 0.064)])
    assert machine.phase is Phase.STARTING
    machine.silence(10**12)
    assert machine.phase is Phase.QUIET


@pytest.mark.parametrize('bad', [math.nan, -0.1, 1.2, math.inf])
def test_bad_probability_is_refused_and_changes_nothing(bad):
    machine = SpeechActivity()
    play(machine, [(0.9, 1.0)])
    with pytest.raises(ValueError, match=r'outside 0\.\.1'):
        machine.step(bad, 10**12, WINDOW_S)
    assert machine.phase is Phase.SPEAKING
