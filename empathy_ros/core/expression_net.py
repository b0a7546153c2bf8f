# SPDX-License-Identifier: Apache-2.0
"""What stands before and after the expression network: input, calibration, abstention, valence.

The network itself runs elsewhere. Here a grey face crop becomes its input, and its logits become
an estimated expression: a distribution over BASIC8, a confidence, or an abstention with a reason.

Valence and arousal are *derived*: they follow from the distribution through fixed anchors and
carry no evidence of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.taxonomy import BASIC8

FloatArray = NDArray[np.float64]

SIZE_PX = 48
STD_FLOOR = 0.01
MIN_CONTRAST = 2.0 / 255.0

# Mean annotated valence and arousal per class of DiffusionFER (CC0, 1,285 synthetic faces: neutral
# 410, happiness 336, surprise 166, sadness 89, anger 159, disgust 53, fear 72), rounded to 0.01.
# Contempt is not in that set: half of disgust, a choice of ours.
ANCHORS: FloatArray = np.array(
    [
        (-0.03, 0.02),
        (0.42, 0.28),
        (-0.08, 0.52),
        (-0.21, -0.15),
        (-0.53, 0.53),
        (-0.51, 0.17),
        (-0.40, 0.23),
        (-0.26, 0.09),
    ]
)
"""Derived valence and arousal of each class of BASIC8, shape (8, 2), each -1..1."""


@dataclass(frozen=True)
class Calibration:
    """How far to trust the logits; the numbers stand in the model's manifest entry.

    Attributes:
        temperature: Logits are divided by it before softmax, > 0 (Guo et al., ICML 2017).
        min_confidence: Below this probability of the top class the answer is "unknown", 0..1.
    """

    temperature: float = 1.0
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: A value is outside its range; the text names it.
        """
        if not (math.isfinite(self.temperature) and self.temperature > 0.0):
            raise ValueError(f'temperature must be above 0, got {self.temperature}')
        if not 0.0 <= self.min_confidence <= 1.0:
            raise ValueError(f'min_confidence must be 0..1, got {self.min_confidence}')


@dataclass(frozen=True)
class ExpressionReading:
    """The estimated expression of one face crop.

    Attributes:
        probabilities: Shape (8,), order of BASIC8, sum 1; all NaN when there is no distribution.
        label: Most likely class even when abstained; '' without a distribution.
        confidence: Calibrated probability of that class, 0..1; 0 without a distribution.
        valence: Derived, -1..1; NaN when abstained.
        arousal: Derived, -1..1; NaN when abstained.
        abstained: True = unknown, do not use the label.
        reason: 'low_confidence', 'no_contrast', 'bad_output' or ''.
    """

    probabilities: FloatArray
    label: str
    confidence: float
    valence: float
    arousal: float
    abstained: bool
    reason: str


def network_input(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the input of the network: each crop with zero mean and unit deviation.

    The deviation is not taken below 0.01 of full scale, so that a blank crop gives zeros, not
    amplified noise. Brightness and gain of the camera cancel out.

    Args:
        crops: Grey faces, shape (n, 48, 48), uint8.
    Returns:
        Shape (n, 1, 48, 48), float32.
    Raises:
        ValueError: Another shape or type (text says which).
    """
    if crops.ndim != 3 or crops.shape[1:] != (SIZE_PX, SIZE_PX):
        raise ValueError(
            f'face crops must have shape (n, {SIZE_PX}, {SIZE_PX}), got {crops.shape}'
        )
    if crops.dtype != np.uint8:
        raise ValueError(f'face crops must be uint8, got {crops.dtype}')
    x = crops.astype(np.float32) / np.float32(255.0)
    mean = x.mean(axis=(1, 2), keepdims=True)
    std = np.maximum(x.std(axis=(1, 2), keepdims=True), np.float32(STD_FLOOR))
    return np.ascontiguousarray(((x - mean) / std)[:, None], dtype=np.float32)


def has_contrast(crops: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which crops hold more than a blank surface, shape (n,).

    Args:
        crops: Grey faces, shape (n, height, width), uint8.
    """
    deviation = crops.reshape(len(crops), -1).astype(np.float32).std(axis=1)
    return np.asarray(deviation / 255.0 >= MIN_CONTRAST)


def probabilities(
    logits: NDArray[np.floating],
    temperature: float = 1.0,
    allowed: Sequence[int] | None = None,
) -> FloatArray:
    """Return softmax(logits / temperature) along the last axis; a row with a NaN is all NaN.

    Args:
        logits: Shape (n, 8).
        temperature: Above 0.
        allowed: Classes that may be answered; the others get 0. None = all.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    if allowed is not None:
        shut = np.setdiff1d(np.arange(scaled.shape[-1]), np.asarray(allowed))
        scaled[..., shut] = -np.inf
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    weights = np.exp(scaled)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def derived_valence_arousal(p: NDArray[np.floating]) -> tuple[float, float]:
    """Return valence and arousal of a distribution through the fixed anchors, each -1..1.

    Args:
        p: Shape (8,), order of BASIC8, sum 1; NaN gives NaN.
    """
    valence, arousal = np.asarray(p, dtype=np.float64) @ ANCHORS
    return float(valence), float(arousal)


def _unknown(reason: str) -> ExpressionReading:
    nothing = np.full(len(BASIC8), np.nan)
    return ExpressionReading(nothing, '', 0.0, math.nan, math.nan, True, reason)


def read_expression(p: FloatArray, calibration: Calibration) -> ExpressionReading:
    """Return the reading of one distribution, abstained below the minimum confidence.

    Args:
        p: Shape (8,), order of BASIC8, already calibrated.
        calibration: Holds the minimum confidence.
    """
    if p.shape != (len(BASIC8),):
        raise ValueError(f'expression needs {len(BASIC8)} probabilities, got shape {p.shape}')
    if not np.all(np.isfinite(p)):
        return _unknown('bad_output')
    top = int(np.argmax(p))
    confidence = float(p[top])
    if confidence < calibration.min_confidence:
        return ExpressionReading(
            p, BASIC8.labels[top], confidence, math.nan, math.nan, True, 'low_confidence'
        )
    valence, arousal = derived_valence_arousal(p)
    return ExpressionReading(p, BASIC8.labels[top], confidence, valence, arousal, False, '')


def read_expressions(
    crops: NDArray[np.uint8],
    logits: NDArray[np.floating],
    calibration: Calibration,
    allowed: Sequence[int] | None = None,
) -> list[ExpressionReading]:
    """Return one reading per crop.

    Args:
        crops: What the network saw, shape (n, 48, 48), uint8.
        logits: What it answered, shape (n, 8).
        calibration: Temperature and minimum confidence.
        allowed: Classes that may be answered, None = all.
    Raises:
        ValueError: Numbers of crops and answers differ, or not 8 classes.
    """
    if logits.shape != (len(crops), len(BASIC8)):
        raise ValueError(
            f'expected logits of shape ({len(crops)}, {len(BASIC8)}), got {logits.shape}'
        )
    seen = has_contrast(crops)
    table = probabilities(logits, calibration.temperature, allowed)
    return [
        read_expression(row, calibration) if ok else _unknown('no_contrast')
        for row, ok in zip(table, seen, strict=True)
    ]
