# SPDX-License-Identifier: Apache-2.0
"""Which sound is recognised, when, and that no sound is lost or kept too long."""

from __future__ import annotations

import itertools

import numpy as np

from empathy_ros.core.activity import NS
from empathy_ros.core.turns import LEAD_S, MAX_PIECE_S, TRAIL_S, Turns

WINDOW_N, RATE_HZ = 512, 16_000
WINDOW_S = WINDOW_N / RATE_HZ


def turns(**more):
    numbers = itertools.count()
    return Turns(lambda: f't{next(numbers)}', **more)


def play(machine, script, start_s=10.0):
    """Feed (probability, seconds, value of the samples); return the pieces."""
    now_s, pieces = start_s, []
    for probability, length_s, value in script:
        for _ in range(round(length_s / WINDOW_S)):
            now_s += WINDOW_S
            samples = np.full(WINDOW_N, value, np.float32)
            pieces += machine.push(samples, probability, int(now_s * NS))
    return pieces


SPEECH, QUIET = (0.95, 2.0, 0.5), (0.01, 1.5, 0.0)


def test_early_and_final_piece_hold_the_same_words():
    early, final = play(turns(), [QUIET, SPEECH, QUIET])
    assert early.early
    assert not early.closes_turn
    assert final.closes_turn
    assert not final.early
    assert (early.turn_id, early.end_ns) == (final.turn_id, final.end_ns) == ('t0', final.end_ns)
    for piece in (early, final):
        speech_s = np.count_nonzero(piece.samples) / RATE_HZ
        assert abs(speech_s - 2.0) < 0.04
        assert abs(len(piece.samples) / RATE_HZ - (2.0 + LEAD_S + TRAIL_S)) < 0.1


def test_without_early_only_the_final_piece():
    (final,) = play(turns(early=False), [QUIET, SPEECH, QUIET])
    assert final.closes_turn


def test_each_turn_has_its_own_id():
    pieces = play(turns(early=False), [QUIET, SPEECH, QUIET, SPEECH, QUIET])
    assert [p.turn_id for p in pieces] == ['t0', 't1']


def test_speech_from_the_first_sample_is_kept_whole():
    final = play(turns(early=False), [SPEECH, QUIET])[-1]
    assert abs(np.count_nonzero(final.samples) / RATE_HZ - 2.0) < 0.04


def test_long_turn_comes_in_pieces_without_loss_or_overlap():
    script = [QUIET, (0.9, 22.0, 0.5), (0.01, 0.5, 0.0), (0.9, 3.0, 0.25), QUIET]
    pieces = [p for p in play(turns(), script) if not p.early]
    assert [p.index for p in pieces] == [0, 1]
    assert [p.closes_turn for p in pieces] == [False, True]
    assert len({p.turn_id for p in pieces}) == 1
    assert abs(np.count_nonzero(pieces[0].samples == 0.5) / RATE_HZ - 22.0) < 0.05
    assert np.count_nonzero(pieces[1].samples == 0.5) == 0
    assert abs(np.count_nonzero(pieces[1].samples == 0.25) / RATE_HZ - 3.0) < 0.05


def test_turn_that_ends_with_its_split_has_an_empty_last_piece():
    pieces = [p for p in play(turns(), [QUIET, (0.9, 22.0, 0.5), QUIET]) if not p.early]
    assert len(pieces) == 2
    assert pieces[1].closes_turn
    assert len(pieces[1].samples) == 0


def test_memory_is_bounded():
    machine = turns()
    play(machine, [(0.01, 300.0, 0.0)])
    assert machine._sound_n / RATE_HZ < 1.0
    play(machine, [(0.9, 120.0, 0.5)])
    assert machine._sound_n / RATE_HZ < MAX_PIECE_S + 1.0


def test_interrupt_ends_the_turn_at_once_and_drops_the_sound():
    machine = turns()
    play(machine, [SPEECH])
    (piece,) = machine.interrupt()
    assert piece.closes_turn
    assert len(piece.samples) > 1.9 * RATE_HZ
    assert machine.interrupt() == []
    assert machine._sound_n == 0
    assert not machine.speaking


def test_the_habit_of_pausing_belongs_to_one_person():
    machine = turns()
    machine.speaker('p1')
    for _ in range(9):
        machine.activity.habit.learn(1.5)
    slow_s = machine.activity.habit.wait_s(machine.activity.config)
    machine.speaker('p1')
    assert machine.activity.habit.wait_s(machine.activity.config) == slow_s > 1.5
    machine.speaker('p2')
    assert machine.activity.habit.wait_s(machine.activity.config) == 0.8
