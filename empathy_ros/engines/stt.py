# SPDX-License-Identifier: Apache-2.0
"""Speech to text by Whisper (faster-whisper), from a local folder only.

Whisper writes fluent sentences for silence and noise. What it is unsure of, what repeats itself
and its known stock phrases in weak sound are turned into "nothing understood".
"""

from __future__ import annotations

from dataclasses import dataclass
import itertools
import math
import os
from pathlib import Path
import re
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from empathy_ros.engines.onnx import ModelError

RATE_HZ = 16_000
MAX_S = 29.5
MIN_S = 0.2
_FILES = ('model.bin', 'config.json', 'tokenizer.json')

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Transcript:
    """What was recognised.

    Attributes:
        text: Words; '' = nothing understood.
        confidence: Mean probability of a word piece times probability of speech, 0..1.
        rejected: Why a text was dropped: '', 'too_short', 'silence', 'no_speech', 'unsure',
            'repeats' or 'stock_phrase'.
    """

    text: str = ''
    confidence: float = 0.0
    rejected: str = ''


class SpeechToText(Protocol):
    """Anything that turns 16 kHz mono sound into words."""

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the words of one utterance."""
        ...


# Sentences that subtitles taught to the network; heard as such only in doubt.
_STOCK = re.compile(
    r'^\W*(thank(s| you)( so much| very much)?( for (watching|listening|viewing))?|you|bye( bye)?'
    r'|please subscribe.*|subtitles by .*'
    r'|see you( in the)? next( time| video)|so|the end|uh|um|hmm+)'
    r'\W*$',
    re.IGNORECASE,
)
_SOUND_MARK = re.compile(r'[\[(*♪][^\])*♪]*[\])*♪]')
_LEAST_LOGPROB = -1.0
_NO_SPEECH = 0.6
_MOST_COMPRESSION = 2.4
"""The three limits are the defaults of the Whisper paper's decoder (Radford et al. 2022, 4.5)."""
_STOCK_LOGPROB = -0.55
_TOKENS_PER_S = 10.0
"""Twice fast speech: ends a loop of inventions early."""
_SHORT_SHARE = 0.85
"""In one or two words doubt about a full stop counts as much as a word; measured on 60 short
synthetic answers with noise: between -0.6 and -0.45 nine of ten are right."""
_SILENT_PEAK = 10 ** (-60 / 20)


class WhisperStt:
    """One Whisper model; `transcribe` is for one thread at a time."""

    def __init__(
        self, folder: Path, *, language: str = 'en', threads: int = 1, beam_size: int = 1
    ) -> None:
        """Load the model; nothing is fetched from anywhere.

        Args:
            folder: CTranslate2 folder with model.bin, config.json and tokenizer.json.
            language: Two-letter code.
            threads: CPU threads.
            beam_size: 1 = greedy.

        Raises:
            ModelError: a file is missing or cannot be loaded, or faster-whisper is not installed.
        """
        for name in _FILES:
            if not (folder / name).is_file():
                raise ModelError(f'{folder / name}: not found; run ./empathy setup')
        os.environ['HF_HUB_OFFLINE'] = '1'
        try:
            from faster_whisper import WhisperModel  # type: ignore[import-untyped]
        except ImportError as error:
            raise ModelError(f'faster-whisper: {error}; run ./empathy setup') from error
        try:
            self._model: Any = WhisperModel(
                str(folder),
                device='cpu',
                compute_type='int8',
                cpu_threads=threads,
                num_workers=1,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f'{folder}: {error}; run ./empathy setup') from error
        self._language = language if self._model.model.is_multilingual else 'en'
        self._beam_size = beam_size

    @property
    def language(self) -> str:
        """Return the language that is recognised."""
        return self._language

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the words of one utterance.

        Args:
            samples: 16 kHz mono, full scale -1..1, at most 29.5 s (later sound is left out).

        Raises:
            ValueError: values that are not finite.
            ModelError: the model failed.
        """
        if not np.isfinite(samples).all():
            raise ValueError('speech to text: the sound holds values that are not finite')
        if len(samples) < MIN_S * RATE_HZ:
            return Transcript(rejected='too_short')
        if float(np.abs(samples).max()) < _SILENT_PEAK:
            return Transcript(rejected='silence')
        sound = np.ascontiguousarray(samples[: int(MAX_S * RATE_HZ)], dtype=np.float32)
        try:
            pieces, _ = self._model.transcribe(
                sound,
                language=self._language,
                beam_size=self._beam_size,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                vad_filter=False,
                max_new_tokens=int(16 + _TOKENS_PER_S * len(sound) / RATE_HZ),
            )
            parts = list(pieces)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f'speech to text failed: {error}') from error
        return judge(parts, len(sound) / RATE_HZ)


def judge(parts: list[Any], duration_s: float) -> Transcript:
    """Return the transcript of Whisper's segments, or an empty one with the reason.

    Args:
        parts: Objects with text, avg_logprob, no_speech_prob, compression_ratio.
        duration_s: Length of the sound [s].
    """
    text = clean_text(' '.join(part.text for part in parts))
    if not text:
        return Transcript(rejected='no_speech')
    logprob = float(np.mean([part.avg_logprob for part in parts]))
    no_speech = float(np.mean([part.no_speech_prob for part in parts]))
    squeeze = max(float(part.compression_ratio) for part in parts)
    rejected = ''
    if no_speech > _NO_SPEECH and logprob < _STOCK_LOGPROB:
        rejected = 'no_speech'
    elif logprob < _LEAST_LOGPROB or not math.isfinite(logprob):
        rejected = 'unsure'
    elif squeeze > _MOST_COMPRESSION or _repeats(text):
        rejected = 'repeats'
    elif _STOCK.match(text) and (logprob < _STOCK_LOGPROB or no_speech > _NO_SPEECH):
        rejected = 'stock_phrase'
    elif len(text.split()) > 7.0 * max(duration_s, 0.5):
        rejected = 'unsure'
    if rejected:
        return Transcript(rejected=rejected)
    if len(text.split()) <= 2:
        logprob *= _SHORT_SHARE
    confidence = math.exp(min(0.0, logprob)) * (1.0 - 0.5 * min(max(no_speech, 0.0), 1.0))
    return Transcript(text, confidence)


def clean_text(text: str) -> str:
    """Return the words without sound marks such as [music] and control characters."""
    text = _SOUND_MARK.sub(' ', text)
    text = ''.join(c if c.isprintable() else ' ' for c in text)
    text = ' '.join(text.split())
    return text if any(c.isalnum() for c in text) else ''


def _repeats(text: str) -> bool:
    """Return True when one word or pair makes up most of a long text."""
    words = [re.sub(r'\W', '', w).lower() for w in text.split()]
    if len(words) < 8:
        return False
    pairs = list(itertools.pairwise(words))
    return max(pairs.count(p) for p in set(pairs)) > 0.4 * len(pairs)
