# SPDX-License-Identifier: Apache-2.0
"""Fixed, repeatable damage to face crops, to measure how a network bears it.

Written apart from the training augmentation and with other means (real JPEG coding, OpenCV
filters), so that the figures do not merely repeat what training saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

DIM_GAIN = 0.15
DIM_NOISE = 2.0
BLUR_SIGMA_SHARE = 1.5 / 48
SMALL_PX = 20
JPEG_QUALITY = 10
MASK_FROM_SHARE = 0.55
MASK_GREY = 190
ROLL_DEG = 20.0


def _dim(crop: Image, seed: int) -> Image:
    noise = np.random.default_rng(seed).normal(0.0, DIM_NOISE, crop.shape)
    return np.clip(np.rint(crop * DIM_GAIN + noise), 0, 255).astype(np.uint8)


def _blur(crop: Image, seed: int) -> Image:
    sigma = BLUR_SIGMA_SHARE * crop.shape[0]
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), sigma), dtype=np.uint8)


def _small(crop: Image, seed: int) -> Image:
    small = cv2.resize(crop, (SMALL_PX, SMALL_PX), interpolation=cv2.INTER_AREA)
    size = (crop.shape[1], crop.shape[0])
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _jpeg(crop: Image, seed: int) -> Image:
    _, data = cv2.imencode('.jpg', crop, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _mask(crop: Image, seed: int) -> Image:
    masked = crop.copy()
    masked[int(crop.shape[0] * MASK_FROM_SHARE) :] = MASK_GREY
    return masked


def _roll(crop: Image, seed: int) -> Image:
    height, width = crop.shape
    angle = ROLL_DEG if seed % 2 else -ROLL_DEG
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    turned = cv2.warpAffine(crop, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


DEGRADATIONS: Mapping[str, Callable[[Image, int], Image]] = MappingProxyType(
    {'dim': _dim, 'blur': _blur, 'small': _small, 'jpeg': _jpeg, 'mask': _mask, 'roll': _roll}
)


def degrade(crop: Image, kind: str, seed: int) -> Image:
    """Return a damaged copy of a grey face crop, same shape; 'none' returns it as it is.

    dim: 15 % of the light and noise of 2 grey levels; blur: Gaussian of 1.5 px at 48 px;
    small: 20 px wide and back; jpeg: quality 10; mask: lower 45 % light grey; roll: 20 degrees,
    to the left or right by the parity of the seed.

    Args:
        crop: Shape (height, width), uint8.
        kind: 'none' or a key of DEGRADATIONS.
        seed: Chooses noise and direction; use the row number.
    Raises:
        ValueError: Unknown kind (text lists the known ones).
    """
    if kind == 'none':
        return crop
    if kind not in DEGRADATIONS:
        raise ValueError(f"unknown degradation '{kind}'; known: none, {', '.join(DEGRADATIONS)}")
    return np.asarray(DEGRADATIONS[kind](crop, seed), dtype=np.uint8)
