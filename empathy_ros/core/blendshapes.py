# SPDX-License-Identifier: Apache-2.0
"""MediaPipe's 52 blendshapes: their names, the points they are computed from, action units.

Names, order and points are those of face_blendshapes_graph.cc of MediaPipe (Apache-2.0, Google).
The action units (Ekman, Friesen and Hager, 2002) are the ones that move the same part of the face
the same way; the table is ours and was not validated against coded faces.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_NAMES = """
_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff
cheekSquintLeft cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft eyeLookDownRight
eyeLookInLeft eyeLookInRight eyeLookOutLeft eyeLookOutRight eyeLookUpLeft eyeLookUpRight
eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight jawForward jawLeft jawOpen jawRight
mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight mouthFunnel mouthLeft
mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker mouthRight
mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight
mouthStretchLeft mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight
"""
NAMES: tuple[str, ...] = tuple(_NAMES.split())
"""The 52 names, in the order of the network."""

_POINTS = """
0 1 4 5 6 7 8 10 13 14 17 21 33 37 39 40 46 52 53 54 55 58 61 63 65 66 67 70 78 80 81 82 84 87 88
91 93 95 103 105 107 109 127 132 133 136 144 145 146 148 149 150 152 153 154 155 157 158 159 160
161 162 163 168 172 173 176 178 181 185 191 195 197 234 246 249 251 263 267 269 270 276 282 283
284 285 288 291 293 295 296 297 300 308 310 311 312 314 317 318 321 323 324 332 334 336 338 356
361 362 365 373 374 375 377 378 379 380 381 382 384 385 386 387 388 389 390 397 398 400 402 405
409 415 454 466 468 469 470 471 472 473 474 475 476 477
"""
POINTS: NDArray[np.int64] = np.array(_POINTS.split(), dtype=np.int64)
"""Rows of the 478 points (468 of the mesh, 10 of the irises) that the network takes, (146,)."""

MESH_POINTS = 478

ACTION_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'AU1': ('browInnerUp',),
        'AU2': ('browOuterUpLeft', 'browOuterUpRight'),
        'AU4': ('browDownLeft', 'browDownRight'),
        'AU5': ('eyeWideLeft', 'eyeWideRight'),
        'AU6': ('cheekSquintLeft', 'cheekSquintRight'),
        'AU7': ('eyeSquintLeft', 'eyeSquintRight'),
        'AU9': ('noseSneerLeft', 'noseSneerRight'),
        'AU10': ('mouthUpperUpLeft', 'mouthUpperUpRight'),
        'AU12': ('mouthSmileLeft', 'mouthSmileRight'),
        'AU14': ('mouthDimpleLeft', 'mouthDimpleRight'),
        'AU15': ('mouthFrownLeft', 'mouthFrownRight'),
        'AU16': ('mouthLowerDownLeft', 'mouthLowerDownRight'),
        'AU17': ('mouthShrugLower',),
        'AU18': ('mouthPucker',),
        'AU20': ('mouthStretchLeft', 'mouthStretchRight'),
        'AU24': ('mouthPressLeft', 'mouthPressRight'),
        'AU26': ('jawOpen',),
        'AU28': ('mouthRollLower', 'mouthRollUpper'),
        'AU43': ('eyeBlinkLeft', 'eyeBlinkRight'),
    }
)
"""Blendshapes that move like each action unit; both sides are averaged."""


def network_input(points_px: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the points that the network takes, shape (1, 146, 2).

    Args:
        points_px: The face's points in pixels of the picture, shape (478, 2) or (478, 3).
    Raises:
        ValueError: another shape, or a point that is not finite.
    """
    if points_px.ndim != 2 or points_px.shape[0] != MESH_POINTS or points_px.shape[1] < 2:
        raise ValueError(
            f'blendshapes need points of shape ({MESH_POINTS}, 2), got {points_px.shape}'
        )
    chosen = points_px[POINTS, :2]
    if not np.isfinite(chosen).all():
        raise ValueError('blendshapes need points that are finite')
    return np.ascontiguousarray(chosen[None], dtype=np.float32)


def action_units(scores: NDArray[np.floating]) -> dict[str, float]:
    """Return for each action unit the mean of its blendshapes, 0..1, NaN where one is NaN.

    Args:
        scores: Shape (52,), in the order of NAMES.
    Raises:
        ValueError: another shape.
    """
    if scores.shape != (len(NAMES),):
        raise ValueError(f'expected {len(NAMES)} blendshapes, got shape {scores.shape}')
    return {
        unit: float(np.mean([scores[NAMES.index(name)] for name in names]))
        for unit, names in ACTION_UNITS.items()
    }
