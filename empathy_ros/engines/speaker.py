# SPDX-License-Identifier: Apache-2.0
"""Speaks directives one after the other in a thread of its own; can be silenced at any moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
import re
import threading
import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.speech_queue import Dropped, Fate, SpeechQueue, Spoken
from empathy_ros.core.types import Directive
from empathy_ros.engines.microphone import device_names, DeviceError, Loudspeaker
from empathy_ros.engines.tts import Speech, SpeechError, Style, TextToSpeech, write_wav

OUTPUTS = ('auto', 'device', 'file', 'none')
TICK_S = 0.2
JOIN_S = 3.0


class Sink(Protocol):
    """Where sound goes; `start` returns at once."""

    def start(self, samples: NDArray[np.int16], rate_hz: int) -> None:
        """Start to play."""
        ...

    def stop(self) -> None:
        """Silence it."""
        ...


class QuietSink:
    """No loudspeaker: time passes as if the words were spoken."""

    def start(self, samples: NDArray[np.int16], rate_hz: int) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


def open_sink(output: str, device: str = '') -> tuple[Sink, str]:
    """Return the sink and its description.

    Args:
        output: 'auto' (loudspeaker if there is one), 'device', 'file' or 'none'.
        device: Part of the loudspeaker's name, '' = default.

    Raises:
        DeviceError: 'device' and there is none; the text lists what there is.
    """
    if output in ('file', 'none'):
        return QuietSink(), 'no loudspeaker'
    if output == 'device':
        return Loudspeaker(device), f'loudspeaker {device or "default"}'
    try:
        if device_names('output'):
            return Loudspeaker(device), f'loudspeaker {device or "default"}'
    except DeviceError as error:
        return QuietSink(), f'no loudspeaker ({error})'
    return QuietSink(), 'no loudspeaker found'


class Speaker:
    """Takes directives with words, most urgent first."""

    def __init__(
        self,
        engine: TextToSpeech,
        sink: Sink,
        *,
        now_ns: Callable[[], int],
        on_speaking: Callable[[bool], None],
        on_spoken: Callable[[Spoken], None],
        record_dir: Path | None = None,
    ) -> None:
        """Start the worker; the functions are called in it and in the thread that puts.

        Args:
            engine: Makes sound from words.
            sink: Plays it.
            now_ns: ROS time.
            on_speaking: Called with True before the first word and False after the last.
            on_spoken: Called once for each directive.
            record_dir: Where each sentence is also written as WAV, None = nowhere.
        """
        self._engine, self._sink, self._now_ns = engine, sink, now_ns
        self._on_speaking, self._on_spoken = on_speaking, on_spoken
        self._record_dir, self._count = record_dir, 0
        self._ready = threading.Condition()
        self._queue = SpeechQueue()
        self._halt: Fate | None = None
        self._closing = False
        self.progress: tuple[str, float] = ('', 0.0)
        self._thread = threading.Thread(target=self._run, name='speaker', daemon=True)
        self._thread.start()

    def put(self, directive: Directive) -> None:
        """Add words; higher priority silences what is being spoken."""
        with self._ready:
            dropped, interrupts = self._queue.put(directive)
            if interrupts:
                self._halt = Fate.INTERRUPTED
            self._ready.notify_all()
        self._report(dropped)

    def stop(self) -> None:
        """Be silent now, and forget what waits."""
        with self._ready:
            dropped = self._queue.clear()
            if self._queue.current is not None:
                self._halt = Fate.STOPPED
            self._ready.notify_all()
        self._sink.stop()
        self._report(dropped)

    def cancel(self, directive_id: str) -> None:
        """Silence or forget one directive."""
        with self._ready:
            dropped = self._queue.cancel(directive_id)
            current = self._queue.current
            if current is not None and current.id == directive_id:
                self._halt = Fate.STOPPED
            self._ready.notify_all()
        self._report(dropped)

    def close(self) -> None:
        """Be silent and end the worker."""
        with self._ready:
            self._closing = True
        self.stop()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def _report(self, dropped: list[Dropped]) -> None:
        for item in dropped:
            self._on_spoken(Spoken(item.directive, item.fate))

    def _run(self) -> None:
        while True:
            with self._ready:
                directive, dropped = self._queue.next(self._now_ns())
                if directive is None and not dropped and not self._closing:
                    self._ready.wait(TICK_S if len(self._queue) else None)
                if self._closing and directive is None:
                    return
            self._report(dropped)
            if directive is not None:
                spoken = self._speak(directive)
                with self._ready:
                    self._queue.finished()
                    self._halt = None
                self._on_spoken(spoken)

    def _speak(self, directive: Directive) -> Spoken:
        style = Style(directive.speech_rate, directive.speech_pitch, directive.speech_volume)
        try:
            speech = self._engine.say(directive.text, style)
        except SpeechError as error:
            return Spoken(directive, Fate.FAILED, problem=str(error))
        except Exception as error:
            # Whatever an engine throws, the next words are spoken again.
            return Spoken(directive, Fate.FAILED, problem=f'{type(error).__name__}: {error}')
        with self._ready:
            if self._halt is not None:
                return Spoken(directive, self._halt)
        started_ns = self._now_ns()
        self._on_speaking(True)
        try:
            self._sink.start(speech.samples, speech.sample_rate)
            fate, share = self._wait(directive, speech)
        except Exception as error:
            # PortAudio's errors are DeviceError; a loudspeaker may fail in other ways.
            return Spoken(directive, Fate.FAILED, problem=f'loudspeaker: {error}')
        finally:
            self._sink.stop()
            self._on_speaking(False)
        problem = self._record(directive, speech)
        return Spoken(directive, fate, started_ns, share, problem)

    def _wait(self, directive: Directive, speech: Speech) -> tuple[Fate, float]:
        """Return when the words are over or silenced."""
        begin_s, length_s = time.monotonic(), max(speech.duration_s, 0.01)
        with self._ready:
            while True:
                past_s = time.monotonic() - begin_s
                self.progress = (directive.id, min(1.0, past_s / length_s))
                if self._halt is not None:
                    return self._halt, min(1.0, past_s / length_s)
                if past_s >= length_s:
                    return Fate.DONE, 1.0
                self._ready.wait(min(TICK_S, length_s - past_s))

    def _record(self, directive: Directive, speech: Speech) -> str:
        """Write the sentence as WAV; return what went wrong or ''."""
        if self._record_dir is None:
            return ''
        self._count += 1
        name = re.sub(r'[^A-Za-z0-9_-]', '_', directive.id)[:40]
        try:
            self._record_dir.mkdir(parents=True, exist_ok=True)
            write_wav(self._record_dir / f'{self._count:03d}_{name}.wav', speech)
        except OSError as error:
            return f'record_dir: {self._record_dir}: {error.strerror}'
        return ''
