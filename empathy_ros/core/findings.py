# SPDX-License-Identifier: Apache-2.0
"""One thing that `empathy doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, MISSING = 'ok', 'warning', 'missing'


@dataclass(frozen=True)
class Finding:
    """What was found.

    Attributes:
        name: The thing.
        state: OK; WARNING = something works less well; MISSING = something essential is not there.
        detail: What was found, in words.
        cure: Command or action that cures it, '' when nothing is wrong.
    """

    name: str
    state: str
    detail: str
    cure: str = ''
