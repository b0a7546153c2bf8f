# SPDX-License-Identifier: Apache-2.0
"""Text that is safe to hand to a speech engine."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 600
_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: '-', 0x2014: ', '}


def speakable(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Return text that is safe to hand to an engine: one line, no control or markup characters.

    Longer text is cut at the end of a sentence or word before `limit` characters.
    """
    text = unicodedata.normalize('NFKC', text).translate(_QUOTES)
    kept = (' ' if unicodedata.category(c)[0] in 'CZ' else c for c in text)
    text = ' '.join(''.join(c for c in kept if c not in '<>{}[]|\\`~^*_#=').split())
    if len(text) <= limit:
        return text
    cut = text[:limit]
    end = max(cut.rfind(mark) for mark in ('. ', '! ', '? '))
    if end > limit // 2:
        return cut[: end + 1]
    return cut[: cut.rfind(' ')] if ' ' in cut else cut
