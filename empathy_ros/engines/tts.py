# SPDX-License-Identifier: Apache-2.0
"""Speech from text by flite or espeak-ng, each as a separate process; never through a shell.

Text goes in on standard input, sound comes back as a WAV file; a process that hangs is ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import Protocol
import wave

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.audio import to_int16
from empathy_ros.core.resampling import resample
from empathy_ros.core.speakable import speakable

ENGINES = ('auto', 'flite', 'espeak-ng', 'none')
TIMEOUT_S = 10.0
_NORMAL_WORDS_PER_MINUTE = 160
_FLITE_VOICES = ('slt', 'awb', 'rms', 'kal16', 'kal')
_FLITE_PITCH_HZ = {'slt': 173.0, 'awb': 128.0, 'rms': 102.0, 'kal16': 95.0, 'kal': 95.0}
"""Usual pitch of each voice, measured; to be scaled by the wanted pitch (rms keeps its own)."""
CURE = 'install it: apt-get install flite (or espeak-ng)'


class SpeechError(Exception):
    """Text could not be spoken; the text says why and the cure."""


@dataclass(frozen=True)
class Style:
    """How to say it; 1.0 = normal.

    Attributes:
        rate: 0.5..1.5, below 1 = slower.
        pitch: 0.7..1.3.
        volume: 0..1.5; above 1 may clip.
        voice: Name known to the engine, '' = its default.
    """

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    voice: str = ''


@dataclass(frozen=True)
class Speech:
    """Spoken sound.

    Attributes:
        samples: Shape (n,), int16 mono.
        sample_rate: [Hz].
    """

    samples: NDArray[np.int16]
    sample_rate: int

    @property
    def duration_s(self) -> float:
        """Length [s]."""
        return len(self.samples) / self.sample_rate

    def at_16k(self) -> NDArray[np.float32]:
        """Return the sound at 16 kHz, full scale -1..1."""
        return resample(self.samples.astype(np.float32) / np.float32(32768.0), self.sample_rate)


class TextToSpeech(Protocol):
    """Anything that speaks."""

    name: str

    def say(self, text: str, style: Style) -> Speech:
        """Return the spoken text; SpeechError when it cannot."""
        ...


class Flite:
    """CMU Flite with its built-in voices."""

    name = 'flite'

    def __init__(self, voice: str = 'slt') -> None:
        """Find the program; SpeechError when it is not installed or the voice is unknown."""
        self._program = _program('flite')
        self._voice = self._known(voice or 'slt')

    @staticmethod
    def _known(voice: str) -> str:
        if voice not in _FLITE_VOICES:
            raise SpeechError(f'voice {voice!r}: flite has {", ".join(_FLITE_VOICES)}')
        return voice

    def say(self, text: str, style: Style) -> Speech:
        """Return the spoken text, 16 kHz (8 kHz for the voice kal)."""
        voice = self._known(style.voice) if style.voice else self._voice
        stretch = 1.0 / _limited(style.rate, 0.4, 2.0)
        command = [self._program, '-voice', voice, '--setf', f'duration_stretch={stretch:.3f}']
        if style.pitch != 1.0:
            pitch_hz = _FLITE_PITCH_HZ[voice] * _limited(style.pitch, 0.5, 2.0)
            command += ['--setf', f'int_f0_target_mean={pitch_hz:.1f}']
        return _spoken(command, '-o', text, style.volume)


class EspeakNg:
    """eSpeak NG (GPL-3, therefore only ever as a separate process)."""

    name = 'espeak-ng'

    def __init__(self, voice: str = 'en-gb') -> None:
        """Find the program; SpeechError when it is not installed."""
        self._program = _program('espeak-ng')
        self._voice = voice or 'en-gb'

    def say(self, text: str, style: Style) -> Speech:
        """Return the spoken text, 22.05 kHz."""
        voice = style.voice or self._voice
        if not all(c.isalnum() or c in '-+_' for c in voice):
            raise SpeechError(f'voice {voice!r}: use a name of `espeak-ng --voices`')
        words = round(_NORMAL_WORDS_PER_MINUTE * _limited(style.rate, 0.5, 2.0))
        pitch = round(50 * _limited(style.pitch, 0.5, 1.9))
        command = [self._program, '--stdin', '-v', voice, '-s', str(words), '-p', str(pitch)]
        return _spoken(command, '-w', text, style.volume)


class Silent:
    """No speech engine: text becomes silence of the length that saying it would take."""

    name = 'none'

    def say(self, text: str, style: Style) -> Speech:
        """Return silence, 16 kHz."""
        words = len(speakable(text).split())
        rate = _limited(style.rate, 0.4, 2.0)
        seconds = words * 60.0 / _NORMAL_WORDS_PER_MINUTE / rate
        return Speech(np.zeros(int(seconds * 16_000), np.int16), 16_000)


def open_tts(engine: str = 'auto', voice: str = '') -> TextToSpeech:
    """Return the wanted engine; 'auto' takes flite, then espeak-ng.

    Raises:
        SpeechError: it is not installed, or unknown.
    """
    if engine == 'none':
        return Silent()
    if engine == 'flite':
        return Flite(voice)
    if engine == 'espeak-ng':
        return EspeakNg(voice)
    if engine != 'auto':
        raise SpeechError(f'speech engine {engine!r} is not one of {", ".join(ENGINES)}')
    if shutil.which('flite'):
        return Flite(voice if voice in _FLITE_VOICES else '')
    if shutil.which('espeak-ng'):
        return EspeakNg('' if voice in _FLITE_VOICES else voice)
    raise SpeechError(f'no speech engine found; {CURE}')


def write_wav(path: Path, speech: Speech) -> None:
    """Write 16-bit mono WAV, at once or not at all."""
    part = path.with_suffix('.part')
    with wave.open(str(part), 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(speech.sample_rate)
        out.writeframes(speech.samples.tobytes())
    part.replace(path)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SpeechError(f'{name} is not installed; apt-get install {name}')
    return found


def _limited(value: float, low: float, high: float) -> float:
    """Return value within limits; what is no number counts as normal."""
    return min(max(value, low), high) if value == value else 1.0


def _spoken(command: Sequence[str], to_option: str, text: str, volume: float) -> Speech:
    """Run the engine, return its sound at the wanted volume."""
    text = speakable(text)
    if not any(c.isalnum() for c in text):
        raise SpeechError('nothing to say: the text holds no letter or digit')
    with tempfile.TemporaryDirectory(prefix='empathy_say_') as folder:
        file = Path(folder) / 'speech.wav'
        try:
            done = subprocess.run(
                [*command, to_option, str(file)],
                input=text.encode('utf-8'),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeechError(f'{command[0]}: {error}; {CURE}') from error
        if done.returncode != 0 or not file.is_file():
            words = done.stderr.decode('utf-8', 'replace').strip()[:200]
            raise SpeechError(f'{command[0]} ended with {done.returncode}: {words}; {CURE}')
        return _read_wav(file, volume)


def _read_wav(file: Path, volume: float) -> Speech:
    try:
        with wave.open(str(file), 'rb') as sound:
            kind = (sound.getnchannels(), sound.getsampwidth())
            rate_hz, data = sound.getframerate(), sound.readframes(sound.getnframes())
    except (wave.Error, EOFError) as error:
        raise SpeechError(f'the speech engine wrote no WAV ({error}); {CURE}') from error
    if kind != (1, 2) or not data:
        raise SpeechError(f'the speech engine wrote {kind} channels and bytes, wanted (1, 2)')
    samples = np.frombuffer(data[: len(data) // 2 * 2], dtype='<i2')
    gain = _limited(volume, 0.0, 1.5)
    if gain != 1.0:
        samples = to_int16(samples.astype(np.float32) / np.float32(32768.0) * np.float32(gain))
    return Speech(samples.astype(np.int16), rate_hz)
