# SPDX-License-Identifier: Apache-2.0
"""The quality-of-service profiles of the package, each spelled out in full."""

from __future__ import annotations

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions


def profile(depth: int, *, reliable: bool = True, latched: bool = False) -> QoSProfile:
    """Return a keep-last profile of the given depth."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=depth,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
    )


EVIDENCE = profile(10)
OUTCOME = profile(10)
DIRECTIVE = profile(10)
AUDIO = profile(50)
STATE = profile(1, latched=True)
ALERTS = profile(20, latched=True)
DIAGNOSTICS = profile(10)


def image(reliability: str = 'best_effort', depth: int = 1) -> QoSProfile:
    """Return the profile of image topics; raw images over best effort are lost under CPU load."""
    return profile(depth, reliable=reliability == 'reliable')


# Key of an override in a parameter file: qos_overrides.<final remapped
# topic>.<publisher|...>.<policy>
OVERRIDES = QoSOverridingOptions.with_default_policies()
