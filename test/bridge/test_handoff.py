# SPDX-License-Identifier: Apache-2.0
"""Handing items over inside a process: to all consumers, newest first, without a queue."""

import threading

from empathy_ros.bridge import handoff
from empathy_ros.bridge.handoff import Channel, Newest


def test_every_consumer_gets_the_very_item_in_the_thread_of_the_producer():
    channel, item, seen = Channel(), object(), []
    channel.subscribe(lambda got: seen.append((got, threading.get_ident())))
    channel.subscribe(lambda got: seen.append((got, threading.get_ident())))
    channel.put(item)
    assert seen == [(item, threading.get_ident())] * 2
    assert seen[0][0] is item


def test_an_unsubscribed_consumer_gets_nothing_more():
    channel, seen = Channel(), []
    stop = channel.subscribe(seen.append)
    channel.put(1)
    stop()
    stop()
    channel.put(2)
    assert seen == [1]


def test_a_consumer_may_unsubscribe_while_it_is_called():
    channel, seen = Channel(), []

    def once(item):
        seen.append(item)
        stop()

    stop = channel.subscribe(once)
    channel.put(1)
    channel.put(2)
    assert seen == [1]


def test_nobody_listening_is_no_error():
    Channel().put(1)


def test_one_name_is_one_channel_in_the_process():
    assert handoff.channel('image') is handoff.channel('image')
    assert handoff.channel('image') is not handoff.channel('audio')


def test_the_newest_wins_and_the_unread_is_counted():
    slot = Newest()
    for number in range(5):
        slot.put(number)
    assert slot.take(0.0) == 4
    assert slot.dropped == 4
    assert slot.take(0.0) is None


def test_take_waits_for_an_item_from_another_thread():
    slot, got = Newest(), []
    taker = threading.Thread(target=lambda: got.append(slot.take(10.0)))
    taker.start()
    slot.put('frame')
    taker.join(5)
    assert got == ['frame']
    assert slot.dropped == 0


def test_a_slow_consumer_never_sees_old_frames():
    slot, seen = Newest(), []
    done = threading.Event()

    def work():
        while not done.is_set() or slot._full:
            item = slot.take(0.05)
            if item is not None:
                seen.append(item)

    worker = threading.Thread(target=work)
    worker.start()
    for number in range(2000):
        slot.put(number)
    done.set()
    worker.join(5)
    assert seen == sorted(seen)
    assert seen[-1] == 1999
    assert len(seen) + slot.dropped == 2000
