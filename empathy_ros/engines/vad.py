# SPDX-License-Identifier: Apache-2.0
"""Probability of speech in each 32 ms of sound, by the Silero network on ONNX Runtime (CPU)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.engines.onnx import ModelError, OnnxModel

RATE_HZ = 16_000
WINDOW_N = 512
WINDOW_S = WINDOW_N / RATE_HZ
_CONTEXT_N = 64
_STATE_SHAPE = (2, 1, 128)
_RATE = np.array(RATE_HZ, dtype=np.int64)

Samples = NDArray[np.float32]


class _SileroModel(OnnxModel):
    """The network; its file leaves the window length open, so the first run must name it."""

    def _zeros(self) -> list[NDArray[Any]]:
        window = np.zeros((1, _CONTEXT_N + WINDOW_N), np.float32)
        return [window, np.zeros(_STATE_SHAPE, np.float32), _RATE]


class SileroVad:
    """Voice activity of one stream; the network's state is kept between windows."""

    def __init__(self, file: Path, sha256: str = '') -> None:
        """Load the model.

        Args:
            file: The 16 kHz ONNX file.
            sha256: Expected hash, '' = any.

        Raises:
            ModelError: missing file, other hash, or no such network.
        """
        self._model = _SileroModel(
            file,
            sha256=sha256,
            inputs={'input': (None, None), 'state': (2, None, 128), 'sr': ()},
            outputs=('output', 'stateN'),
        )
        self.digest = self._model.short_hash
        self.provider = self._model.provider
        self._rest: Samples = np.zeros(0, np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget the past; call it after a gap in the sound."""
        self._state = np.zeros(_STATE_SHAPE, np.float32)
        self._context = np.zeros(_CONTEXT_N, np.float32)
        self._rest = np.zeros(0, np.float32)

    def window(self, samples: Samples) -> float:
        """Return the probability of speech in one window, 0..1.

        Args:
            samples: Shape (512,), 16 kHz, full scale -1..1, finite.

        Raises:
            ValueError: another shape, or values that are not finite (the state is not touched).
            ModelError: the network gave no probability; the state is reset.
        """
        if samples.shape != (WINDOW_N,):
            raise ValueError(f'voice activity needs {WINDOW_N} samples, got shape {samples.shape}')
        if not np.isfinite(samples).all():
            raise ValueError('voice activity: the sound holds values that are not finite')
        joined = np.concatenate((self._context, samples)).astype(np.float32)
        try:
            output, state = self._model.run(joined[None, :], self._state, _RATE)
            probability = float(output[0, 0])
            if not 0.0 <= probability <= 1.0:
                raise ModelError(f'{self._model.file}: {probability!r} is no probability')
        except ModelError:
            self.reset()
            raise
        self._state, self._context = state, joined[-_CONTEXT_N:]
        return probability

    def push(self, samples: Samples) -> Iterator[tuple[Samples, float]]:
        """Take sound of any length; yield each full window and its probability."""
        joined = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        whole = len(joined) // WINDOW_N * WINDOW_N
        self._rest = joined[whole:].copy()
        for start in range(0, whole, WINDOW_N):
            piece = joined[start : start + WINDOW_N]
            yield piece, self.window(piece)

    @property
    def pending_n(self) -> int:
        """Return the number of samples that wait for a full window."""
        return len(self._rest)
