# SPDX-License-Identifier: Apache-2.0
"""The expression network: a plain residual net of 0.38 million parameters."""

from __future__ import annotations

from data import LABELS
import torch
from torch import nn
from torch.nn import functional

STD_FLOOR = 0.01


def standardise(grey: torch.Tensor) -> torch.Tensor:
    """Return pictures of zero mean and unit deviation, shape (n, 1, 48, 48).

    The same formula stands in `empathy_ros/core/expression_net.py` for run time; a test
    compares the two.

    Args:
        grey: Pictures in [0, 1], shape (n, 1, 48, 48), float.
    """
    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
    std = grey.std(dim=(1, 2, 3), keepdim=True, correction=0)
    return (grey - mean) / std.clamp_min(STD_FLOOR)


class Block(nn.Module):
    """Two 3x3 convolutions with a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.short: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return features of shape (n, outputs, h / stride, w / stride)."""
        y = functional.relu(self.norm1(self.conv1(x)), inplace=True)
        y = self.norm2(self.conv2(y))
        return functional.relu(y + self.short(x), inplace=True)


class ExpressionNet(nn.Module):
    """Standardised grey faces (n, 1, 48, 48) to logits (n, 8) in the order of LABELS."""

    def __init__(self, widths: tuple[int, ...] = (24, 48, 96)) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 3, 2, 1, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
        )
        blocks: list[nn.Module] = []
        before = widths[0]
        for stage, width in enumerate(widths):
            blocks += [Block(before, width, 1 if stage == 0 else 2), Block(width, width, 1)]
            before = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(before, len(LABELS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (n, 8)."""
        y = self.blocks(self.stem(x))
        return self.head(y.mean(dim=(2, 3)))
