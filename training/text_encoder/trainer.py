# SPDX-License-Identifier: Apache-2.0
"""One step of training, and everything that is needed to go on after an interruption."""

from __future__ import annotations

import argparse
import copy
import math
import os
from pathlib import Path
from typing import Any

from data import BadInput, padded, Part, siblings, targets
from network import N_GROUPS, N_LABELS, TextEncoder
import numpy as np
import torch
from torch.nn import functional

WARM_UP = 0.06  # share of the steps
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0
AVERAGE_EVERY = 5  # steps between two updates of the averaged weights


def odds(truth: torch.Tensor) -> torch.Tensor:
    """Return positives / negatives of each column of targets (n, 39)."""
    positives = truth.sum(dim=0).clamp(min=1.0)
    return positives / (len(truth) - positives)


class Trainer:
    """Holds network, averaged network, optimiser and position, and saves them together."""

    def __init__(
        self, args: argparse.Namespace, part: Part, net: TextEncoder, identity: dict[str, Any]
    ) -> None:
        self.args, self.part, self.net, self.identity = args, part, net, identity
        torch.manual_seed(args.seed)
        self.truth = torch.from_numpy(targets(part.truth)).float()
        self.weights = odds(self.truth).rsqrt()
        self.siblings = torch.from_numpy(siblings())
        self.average = copy.deepcopy(self.net).eval()
        heads = [*self.net.labels.parameters(), *self.net.groups.parameters()]
        groups = [
            {'params': list(self.net.encoder.parameters()), 'base': args.lr},
            {'params': heads, 'base': args.head_lr},
        ]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, fused=True)
        self.per_epoch = math.ceil(len(part.ids) / args.batch)
        self.steps = args.epochs * self.per_epoch
        self.step = 0

    def save(self, path: Path) -> None:
        """Write everything needed to go on; the file is replaced in one step."""
        state = {
            'net': self.net.state_dict(),
            'average': self.average.state_dict(),
            'optimiser': self.optimiser.state_dict(),
            'random': torch.get_rng_state(),
            'step': self.step,
            'identity': self.identity,
        }
        torch.save(state, path.with_suffix('.tmp'))
        os.replace(path.with_suffix('.tmp'), path)

    def load(self, path: Path) -> None:
        """Go on from a saved state.

        Raises:
            BadInput: It was made with other data, another encoder or other settings.
        """
        state = torch.load(path, weights_only=True)
        for name, value in self.identity.items():
            if state['identity'].get(name) != value:
                raise BadInput(
                    f'{path}: made with {name} = {state["identity"].get(name)}, now {value}; '
                    'use the same or another --out'
                )
        for name in ('net', 'average', 'optimiser'):
            getattr(self, name).load_state_dict(state[name])
        torch.set_rng_state(state['random'])
        self.step = state['step']

    def logits(self, rows: np.ndarray) -> torch.Tensor:
        """Return what the network in training says of a batch, (n, 39)."""
        ids, mask = padded(self.part, rows)
        with torch.autocast('cpu', torch.bfloat16, enabled=self.args.bf16):
            return self.net(ids, mask).float()

    def label_loss(self, logits: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
        """Return the weighted cross-entropy of a batch against its labels.

        Smoothing moves a share of a label to its neighbours in the Ekman group; what is moved
        does not get the class weight, or the rare labels would drown in it.
        """
        truth = self.truth[rows]
        scale = torch.where(truth > 0, self.weights, 1.0)
        labels = truth[:, :N_LABELS]
        spread = (labels @ self.siblings) * (1.0 - labels)
        share = self.args.smoothing
        soft = torch.cat([labels * (1 - share) + spread * share, truth[:, N_LABELS:]], dim=1)
        each = scale * functional.binary_cross_entropy_with_logits(
            logits, soft.clamp(max=1.0), reduction='none'
        )
        main, groups = each.split([N_LABELS, N_GROUPS], dim=1)
        return main.mean() + self.args.auxiliary * groups.mean()

    def loss(self, rows: np.ndarray) -> torch.Tensor:
        """Return what one step makes smaller."""
        return self.label_loss(self.logits(rows), rows)

    def run_step(self, rows: np.ndarray) -> float:
        """Train on one batch; returns the loss."""
        warm = WARM_UP * self.steps
        factor = min((self.step + 1) / warm, (self.steps - self.step) / (self.steps - warm))
        for group in self.optimiser.param_groups:
            group['lr'] = group['base'] * factor
        self.net.train()
        loss = self.loss(rows)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), LARGEST_GRADIENT)
        self.optimiser.step()
        self.step += 1
        if self.step % AVERAGE_EVERY == 0:
            self._update_average()
        return float(loss.detach())

    def _update_average(self) -> None:
        decay = min(self.args.average, (1 + self.step) / (10 + self.step)) ** AVERAGE_EVERY
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.net.parameters(), strict=True)
            for mean, now in pairs:
                mean.lerp_(now, 1 - decay)
