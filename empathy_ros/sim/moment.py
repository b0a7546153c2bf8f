# SPDX-License-Identifier: Apache-2.0
"""What companions share, what a stretch of time held, and shares from a scenario's scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
import math
from typing import Any

import numpy as np

from empathy_ros.core.checker import Checker, CheckerConfig
from empathy_ros.core.crisis import CrisisPolicy
from empathy_ros.core.phrases import PhraseBank
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Alert, Directive, Modality, Scope


class SharedParts:
    """What many companions can share: parsed phrases, the guard and the crisis protocol."""

    def __init__(self, phrases: Mapping[str, Any], policy: dict[str, Any]) -> None:
        """Parse once.

        Raises:
            ValueError: the phrases or the protocol are not complete.
        """
        self.bank = PhraseBank(phrases)
        self.checker = Checker(CheckerConfig())
        self.policy = CrisisPolicy.from_dict(policy)


@dataclass
class Moment:
    """What the robot did in one stretch of time.

    Attributes:
        start_s: Start of the stretch [s].
        said: (time [s], directive) in order.
        raised: (time [s], alert), newly raised only.
        open_before: Alerts raised before and not acknowledged.
        sensed: Modalities whose affect estimate was taken.
        granted: Scopes at the start.
        granted_after: Scopes at the end.
    """

    start_s: float
    said: list[tuple[float, Directive]] = field(default_factory=list)
    raised: list[tuple[float, Alert]] = field(default_factory=list)
    open_before: tuple[Alert, ...] = ()
    sensed: set[Modality] = field(default_factory=set)
    granted: frozenset[Scope] = frozenset()
    granted_after: frozenset[Scope] = frozenset()

    @property
    def text(self) -> str:
        """Everything spoken, joined."""
        return ' '.join(directive.text for _, directive in self.said if directive.text)


def shares_of(scores: Mapping[str, float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return shares over the basic classes; mass that was not given is spread over the others."""
    shares = np.array([scores.get(label, math.nan) for label in BASIC8.labels], dtype=np.float64)
    missing = np.isnan(shares)
    rest = max(0.0, 1.0 - float(np.nansum(shares)))
    shares[missing] = rest / max(1, int(missing.sum()))
    total = float(shares.sum())
    return shares / total if total > 0 else np.full(len(BASIC8), 1.0 / len(BASIC8))
