# SPDX-License-Identifier: Apache-2.0
"""Frames and sound between nodes of one process by direct call: no copy, no serialisation."""

from __future__ import annotations

from collections.abc import Callable
import threading
from typing import Any


class Channel:
    """One named line from one producer to any number of consumers.

    Consumers are called in the producer's thread and must return at once: they store the item in a
    newest-only slot or a bounded queue and work elsewhere.
    """

    def __init__(self) -> None:
        """Start without consumers."""
        self._lock = threading.Lock()
        self._consumers: list[Callable[[Any], None]] = []

    def subscribe(self, consumer: Callable[[Any], None]) -> Callable[[], None]:
        """Add a consumer and return the function that removes it."""
        with self._lock:
            self._consumers.append(consumer)

        def unsubscribe() -> None:
            with self._lock:
                if consumer in self._consumers:
                    self._consumers.remove(consumer)

        return unsubscribe

    def put(self, item: Any) -> None:
        """Hand `item` to every consumer."""
        with self._lock:
            consumers = tuple(self._consumers)
        for consumer in consumers:
            consumer(item)


_channels: dict[str, Channel] = {}
_channels_lock = threading.Lock()


def channel(name: str) -> Channel:
    """Return the channel of this process with that name, such as 'image' or 'audio'."""
    with _channels_lock:
        return _channels.setdefault(name, Channel())


class Newest:
    """A slot for one item: a newer one replaces an unread one, which counts as dropped."""

    def __init__(self) -> None:
        """Start empty."""
        self._ready = threading.Condition()
        self._item: Any = None
        self._full = False
        self.dropped = 0

    def put(self, item: Any) -> None:
        """Store `item`, replacing what nobody has taken."""
        with self._ready:
            self.dropped += self._full
            self._item, self._full = item, True
            self._ready.notify()

    def take(self, timeout_s: float) -> Any | None:
        """Return the newest item, or None when there is none within `timeout_s`."""
        with self._ready:
            if not self._ready.wait_for(lambda: self._full, timeout_s):
                return None
            item, self._item, self._full = self._item, None, False
            return item
