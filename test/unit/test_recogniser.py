# SPDX-License-Identifier: Apache-2.0
"""Pieces become the words of turns; a failing engine or a crowd loses as little as possible."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from empathy_ros.core.turns import Piece
from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.recogniser import MAX_WAITING, Recogniser
from empathy_ros.engines.stt import Transcript


class Engine:
    """Says how long each piece was; can be held, and can fail."""

    def __init__(self):
        self.go = threading.Event()
        self.go.set()
        self.busy = threading.Event()
        self.fail = None
        self.calls = []

    def transcribe(self, samples):
        self.busy.set()
        assert self.go.wait(10)
        self.calls.append(len(samples))
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        if len(samples) == 0:
            return Transcript(rejected='too_short')
        return Transcript(f'{len(samples)}', 0.8)


class Ear:
    """A recogniser and what came out of it."""

    def __init__(self):
        self.engine, self.words, self.errors = Engine(), [], []
        self.changed = threading.Condition()
        self.it = Recogniser(self.engine, self._took(self.words), self._took(self.errors))

    def _took(self, target):
        def take(item):
            with self.changed:
                target.append(item)
                self.changed.notify_all()

        return take

    def until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, 10)


@pytest.fixture
def ear():
    one = Ear()
    yield one
    one.engine.go.set()
    one.it.close()


def piece(n, turn='t1', index=0, closes=True, early=False, end_ns=None):
    samples = np.zeros(n, np.float32)
    return Piece(turn, index, samples, 0, n if end_ns is None else end_ns, closes, early)


def test_an_early_piece_spares_the_final_one_its_work(ear):
    ear.it.put(piece(100, closes=False, early=True))
    ear.until(lambda: len(ear.words) == 1)
    ear.it.put(piece(100))
    ear.until(lambda: len(ear.words) == 2)
    assert ear.engine.calls == [100]
    assert [w.final for w in ear.words] == [False, True]
    assert ear.words[1].text == '100'


def test_an_early_piece_of_a_turn_that_went_on_is_replaced(ear):
    ear.it.put(piece(100, closes=False, early=True))
    ear.until(lambda: ear.words)
    ear.it.put(piece(300))
    ear.until(lambda: len(ear.words) == 2)
    assert ear.words[1].text == '300'


def test_pieces_of_a_long_turn_are_joined_and_turns_are_not(ear):
    ear.it.put(piece(100, closes=False))
    ear.it.put(piece(200, index=1))
    ear.it.put(piece(50, turn='t2'))
    ear.until(lambda: len(ear.words) == 3)
    assert [(w.text, w.final) for w in ear.words] == [
        ('100', False), ('100 200', True), ('50', True),
    ]  # fmt: skip


def test_an_empty_last_piece_closes_the_turn(ear):
    ear.it.put(piece(100, closes=False))
    ear.it.put(piece(0, index=1))
    ear.until(lambda: len(ear.words) == 2)
    assert ear.words[1].final
    assert ear.words[1].text == '100'
    assert ear.words[1].confidence == pytest.approx(0.8)


def test_nothing_understood_has_a_reason(ear):
    ear.it.put(piece(0))
    ear.until(lambda: ear.words)
    assert (ear.words[0].text, ear.words[0].rejected) == ('', 'too_short')


@pytest.mark.parametrize('error', [ModelError('broken'), ValueError('odd'), MemoryError('full')])
def test_after_a_failure_the_next_sentence_is_heard(ear, error):
    ear.engine.fail = error
    ear.it.put(piece(100))
    ear.until(lambda: ear.errors)
    assert str(error) in ear.errors[0]
    ear.it.put(piece(200, turn='t2'))
    ear.until(lambda: ear.words)
    assert ear.words[0].text == '200'


def test_a_crowd_drops_early_pieces_first_and_counts_final_ones(ear):
    ear.engine.go.clear()
    ear.it.put(piece(1, turn='busy'))
    assert ear.engine.busy.wait(10)
    ear.it.put(piece(2, turn='a', closes=False, early=True))
    for k in range(MAX_WAITING):
        ear.it.put(piece(10 + k, turn=f't{k}'))
    assert ear.it.dropped == 0
    ear.it.put(piece(99, turn='early', closes=False, early=True))
    ear.it.put(piece(50, turn='last'))
    assert ear.it.dropped == 1
    ear.engine.go.set()
    ear.until(lambda: len(ear.words) == 1 + MAX_WAITING)
    assert [w.turn_id for w in ear.words] == ['busy', 't1', 't2', 't3', 'last']


def test_clear_forgets_what_waits(ear):
    ear.engine.go.clear()
    ear.it.put(piece(1, turn='busy'))
    assert ear.engine.busy.wait(10)
    ear.it.put(piece(2, turn='secret'))
    ear.it.clear()
    ear.engine.go.set()
    ear.it.put(piece(3, turn='later'))
    ear.until(lambda: any(w.turn_id == 'later' for w in ear.words))
    assert 'secret' not in {w.turn_id for w in ear.words}
