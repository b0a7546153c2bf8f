# SPDX-License-Identifier: Apache-2.0
"""Where the package's own files and the user's state live, in a checkout and when installed."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[1]


def share(*parts: str) -> Path:
    """Return a file of the package (config, models, launch, examples).

    Raises:
        FileNotFoundError: neither the checkout nor an installed share folder has it.
    """
    roots = [_CHECKOUT]
    for prefix in os.environ.get('AMENT_PREFIX_PATH', '').split(':'):
        if prefix:
            roots.append(Path(prefix) / 'share' / 'empathy_ros')
    for root in roots:
        if (root / Path(*parts)).exists():
            return root / Path(*parts)
    raise FileNotFoundError(
        f'{"/".join(parts)} is neither in the checkout nor in share/empathy_ros of any prefix in '
        'AMENT_PREFIX_PATH: source install/setup.bash or start through ./empathy'
    )


def state_dir() -> Path:
    """Return the folder of consent and logs: $EMPATHY_STATE, else ~/.local/share/empathy_ros."""
    chosen = os.environ.get('EMPATHY_STATE')
    return Path(chosen) if chosen else Path.home() / '.local' / 'share' / 'empathy_ros'
