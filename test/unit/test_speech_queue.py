# SPDX-License-Identifier: Apache-2.0
"""Order, interruption, expiry and limits of what is spoken."""

from __future__ import annotations

from empathy_ros.core.speech_queue import Fate, SpeechQueue
from empathy_ros.core.types import (
    Act,
    Directive,
    PRIORITY_CRISIS,
    PRIORITY_IDLE,
    PRIORITY_NORMAL,
    PRIORITY_SAFETY,
)


def words(name, priority=PRIORITY_NORMAL, expires_ns=0):
    return Directive(
        1, name, (Act.ACKNOWLEDGE,), 'words', priority=priority, expires_ns=expires_ns
    )


def fates(dropped):
    return [(item.directive.id, item.fate) for item in dropped]


def test_first_in_first_out_within_a_priority():
    queue = SpeechQueue()
    for name in 'abc':
        queue.put(words(name))
    order = []
    while (item := queue.next(0)[0]) is not None:
        order.append(item.id)
        queue.finished()
    assert order == ['a', 'b', 'c']


def test_one_at_a_time():
    queue = SpeechQueue()
    queue.put(words('a'))
    queue.put(words('b'))
    assert queue.next(0)[0].id == 'a'
    assert queue.next(0) == (None, [])
    queue.finished()
    assert queue.next(0)[0].id == 'b'


def test_higher_interrupts_and_clears_lower():
    queue = SpeechQueue()
    for item in (words('a'), words('b'), words('idle', PRIORITY_IDLE)):
        queue.put(item)
    queue.next(0)
    dropped, stop = queue.put(words('crisis', PRIORITY_CRISIS))
    assert stop
    assert fates(dropped) == [('b', Fate.INTERRUPTED), ('idle', Fate.INTERRUPTED)]
    queue.finished()
    assert queue.next(0)[0].id == 'crisis'


def test_equal_or_lower_does_not_interrupt():
    queue = SpeechQueue()
    queue.put(words('a', PRIORITY_SAFETY))
    queue.next(0)
    assert queue.put(words('b', PRIORITY_SAFETY)) == ([], False)
    assert queue.put(words('c', PRIORITY_NORMAL)) == ([], False)


def test_the_same_directive_is_spoken_once():
    queue = SpeechQueue()
    queue.put(words('a'))
    queue.put(words('a'))
    assert len(queue) == 1
    queue.next(0)
    assert queue.put(words('a')) == ([], False)
    assert len(queue) == 0


def test_expired_words_never_start():
    queue = SpeechQueue()
    queue.put(words('old', PRIORITY_CRISIS, expires_ns=100))
    queue.put(words('new', PRIORITY_CRISIS, expires_ns=300))
    item, dropped = queue.next(200)
    assert item.id == 'new'
    assert fates(dropped) == [('old', Fate.EXPIRED)]


def test_the_line_is_bounded():
    queue = SpeechQueue(limit=2)
    queue.put(words('a'))
    queue.put(words('b'))
    assert fates(queue.put(words('c'))[0]) == [('c', Fate.CROWDED)]
    dropped, _ = queue.put(words('crisis', PRIORITY_CRISIS))
    assert [name for name, _ in fates(dropped)] == ['a', 'b']
    assert len(queue) == 1


def test_clear_and_cancel():
    queue = SpeechQueue()
    for name in 'abc':
        queue.put(words(name))
    assert fates(queue.cancel('b')) == [('b', Fate.STOPPED)]
    assert queue.cancel('x') == []
    assert fates(queue.clear()) == [('a', Fate.STOPPED), ('c', Fate.STOPPED)]
    assert len(queue) == 0
