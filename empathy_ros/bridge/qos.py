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


# Name: depth and whether late subscribers get the last messages. `qos.EVIDENCE` and the like.
PROFILES = {
    'EVIDENCE': (10, False),
    'OUTCOME': (10, False),
    'DIRECTIVE': (10, False),
    'AUDIO': (50, False),
    'STATE': (1, True),
    'ALERTS': (20, True),
    'DIAGNOSTICS': (10, False),
}


def __getattr__(name: str) -> QoSProfile:
    """Return a new profile at each use.

    rclpy writes an override of one topic into the profile it was given; a shared one would carry
    it to every topic of the process.
    """
    if name not in PROFILES:
        raise AttributeError(f'qos has no profile {name!r}; it has {", ".join(PROFILES)}')
    depth, latched = PROFILES[name]
    return profile(depth, latched=latched)


def image(reliability: str = 'best_effort', depth: int = 1) -> QoSProfile:
    """Return the profile of image topics; raw images over best effort are lost under CPU load."""
    return profile(depth, reliable=reliability == 'reliable')


# Key of an override in a parameter file: qos_overrides.<final remapped
# topic>.<publisher|...>.<policy>
OVERRIDES = QoSOverridingOptions.with_default_policies()
