# SPDX-License-Identifier: Apache-2.0
"""What a camera at home does to a face, applied to whole batches at once.

Each picture is turned, moved, scaled and mirrored; some are masked below the eyes, partly
covered, dimmed, lit from a side, blurred, shrunk, compressed or made noisy. The strength
of a degradation is drawn once per batch, the pictures that get it one by one.
"""

from __future__ import annotations

import math

from data import SIZE_PX
import torch
from torch.nn import functional

_JPEG_LUMINANCE = torch.tensor(  # ITU-T T.81, annex K, table K.1
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)


def _dct_matrix() -> torch.Tensor:
    k = torch.arange(8, dtype=torch.float32)
    basis = torch.cos(math.pi * (2 * k[None, :] + 1) * k[:, None] / 16) * 0.5
    basis[0] /= math.sqrt(2.0)
    return basis


_DCT = _dct_matrix()


class Augment:
    """Random changes to batches of grey pictures; all chance comes from one generator."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def _uniform(self, low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(*shape, generator=self.generator)

    def _one(self, low: float, high: float) -> float:
        return float(self._uniform(low, high, 1))

    def _chosen(self, n: int, share: float) -> torch.Tensor:
        return (torch.rand(n, generator=self.generator) < share).nonzero().flatten()

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Return changed pictures in [0, 1], shape (n, 1, 48, 48).

        Args:
            images: Grey pictures, shape (n, 48, 48), uint8.
        """
        x = images[:, None].float() / 255.0
        x = self._cover_below(x, 0.08)
        x = self._move(x)
        x = self._erase(x, 0.15)
        x = self._light(x)
        for change, share in (
            (self._side_light, 0.08),
            (self._blur, 0.08),
            (self._shrink, 0.08),
            (self._dim, 0.08),
            (self._noise, 0.05),
            (self._compress, 0.08),
        ):
            chosen = self._chosen(len(x), share)
            if len(chosen):
                x[chosen] = change(x[chosen])
        return x.clamp_(0.0, 1.0)

    def _move(self, x: torch.Tensor) -> torch.Tensor:
        n = len(x)
        angle = self._uniform(-1, 1, n) * math.radians(20)
        angle = torch.where(self._uniform(0, 1, n) < 0.5, angle * 0.4, angle)
        scale = torch.exp(self._uniform(-0.18, 0.15, n))
        stretch = torch.exp(self._uniform(-0.06, 0.06, n))
        mirror = torch.where(torch.rand(n, generator=self.generator) < 0.5, -1.0, 1.0)
        theta = torch.zeros(n, 2, 3)
        theta[:, 0, 0] = torch.cos(angle) * scale * stretch * mirror
        theta[:, 0, 1] = -torch.sin(angle) * scale * stretch
        theta[:, 1, 0] = torch.sin(angle) * scale * mirror
        theta[:, 1, 1] = torch.cos(angle) * scale
        theta[:, :, 2] = self._uniform(-0.14, 0.14, n, 2)
        grid = functional.affine_grid(theta, list(x.shape), align_corners=False)
        return functional.grid_sample(x, grid, padding_mode='border', align_corners=False)

    def _cover_below(self, x: torch.Tensor, share: float) -> torch.Tensor:
        chosen = self._chosen(len(x), share)
        if len(chosen):
            top = int(self._one(0.5, 0.72) * SIZE_PX)
            x[chosen, :, top:] = self._uniform(0, 1, len(chosen), 1, 1, 1)
        return x

    def _erase(self, x: torch.Tensor, share: float) -> torch.Tensor:
        for _ in range(2):
            chosen = self._chosen(len(x), share / 2)
            if not len(chosen):
                continue
            height, width = int(self._one(6, 20)), int(self._one(6, 20))
            top = int(self._one(0, SIZE_PX - height))
            left = int(self._one(0, SIZE_PX - width))
            fill = self._uniform(0, 1, len(chosen), 1, 1, 1)
            x[chosen, :, top : top + height, left : left + width] = fill
        return x

    def _light(self, x: torch.Tensor) -> torch.Tensor:
        n = len(x)
        gamma = torch.exp(self._uniform(-0.35, 0.35, n, 1, 1, 1))
        gain = self._uniform(0.75, 1.3, n, 1, 1, 1)
        return (x.clamp(1e-3, 1.0) ** gamma * gain + self._uniform(-0.1, 0.1, n, 1, 1, 1)).clamp(
            0.0, 1.0
        )

    def _side_light(self, x: torch.Tensor) -> torch.Tensor:
        axis = torch.linspace(-1, 1, SIZE_PX)
        angle = self._one(0, 2 * math.pi)
        ramp = axis[None, :] * math.cos(angle) + axis[:, None] * math.sin(angle)
        return x * (1.0 + self._one(0.3, 0.8) * ramp).clamp(0.1, 1.8)

    def _blur(self, x: torch.Tensor) -> torch.Tensor:
        sigma = self._one(0.6, 2.4)
        offsets = torch.arange(-6, 7, dtype=torch.float32)
        kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
        kernel = kernel / kernel.sum()
        x = functional.pad(x, (6, 6, 6, 6), mode='reflect')
        x = functional.conv2d(x, kernel.view(1, 1, 1, -1))
        return functional.conv2d(x, kernel.view(1, 1, -1, 1))

    def _shrink(self, x: torch.Tensor) -> torch.Tensor:
        size = int(self._one(12, 30))
        small = functional.interpolate(x, size=(size, size), mode='area')
        return functional.interpolate(
            small, size=(SIZE_PX, SIZE_PX), mode='bilinear', align_corners=False
        )

    def _dim(self, x: torch.Tensor) -> torch.Tensor:
        dark = x ** self._one(1.0, 1.8) * self._one(0.08, 0.4)
        noise = torch.randn(x.shape, generator=self.generator) * self._one(0.003, 0.03)
        return ((dark + noise).clamp(0, 1) * 255).round() / 255

    def _noise(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.randn(x.shape, generator=self.generator) * self._one(0.02, 0.1)

    def _compress(self, x: torch.Tensor) -> torch.Tensor:
        quality = self._one(5, 40)
        table = (_JPEG_LUMINANCE * (50.0 / quality)).clamp(1, 255)
        n, cells = len(x), SIZE_PX // 8
        blocks = (x * 255 - 128).view(n, cells, 8, cells, 8).permute(0, 1, 3, 2, 4)
        coefficients = _DCT @ blocks @ _DCT.T
        coefficients = (coefficients / table).round() * table
        blocks = _DCT.T @ coefficients @ _DCT
        return (blocks.permute(0, 1, 3, 2, 4).reshape(x.shape) + 128) / 255
