# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""Understand the answer to a direct question inside an open crisis: yes, no, "I am fine"."""

from __future__ import annotations

import re

from empathy_ros.core.plain_text import plain

_YES = re.compile(
    r'^(?:well |oh |i suppose |i think |maybe |perhaps |honestly )*(?:yes|yeah|yep|yea|aye|sometimes|often|always|every day'
    r'|all the time|i suppose(?: so)?|i guess(?: so)?|i think so|i am|i have|i do|i did|maybe|perhaps|probably|a bit|a little'
    r'|now and then|it has crossed my mind|it crosses my mind|i have thought|i think about it|of course|certainly'
    r'|i can not stop thinking|it would be easier|most days|i might|kind of|sort of|nearly|both|some days|more and more)\b'
    r'(?!(?: \w+){0,3} (?:not|fine|all right|alright|ok|okay|joking|never)\b)'
    r'|\bi have (?:thought|been thinking) (?:about|of) (?:it|that|how)\b|\bi know how\b|\bi would know how\b'
    r'|\b(?:it|they|the \w+) (?:is|are) (?:right )?(?:here|beside me|next to me|in (?:the|my) (?:drawer|cupboard|hand|pocket'
    r'|bedroom|bathroom|kitchen|shed|garage))\b|\bi think about it\b|\bi do not (?:want|wish) to (?:live|be here)\b'
)
_NO = re.compile(
    r'^(?:well |oh |honestly |please )*(?:no|nope|nah|never|not (?:at all|really|now|today)|of course not|certainly not'
    r'|do not be (?:silly|daft)|god no|goodness no|heavens no|i would never|i would not|i am not|i do not|i have not|nothing like that)\b'
    r'|\b(?:i am|i will be|everything is|it is|it was) (?:\w+ )?(?:fine|ok|okay|all right|alright|good|joking|a joke|kidding|nothing|better now)\b'
    r'|\b(?:just|only) (?:joking|kidding|tired|a joke|saying|talking|being silly|having a bad day)\b|\b(?:forget|never mind|ignore) '
    r'(?:it|that|what i said|me|about it)\b|\bdid not mean (?:it|that)\b|\bleave it\b|\bnever mind\b'
)
_FINE = re.compile(
    r'\b(?:i am|i feel|i will be|it is|am|all|feeling)(?: \w+)? (?:fine|ok|okay|all right|alright|better|not hurt|unhurt|good|well)\b'
    r'|\b(?:not hurt|no pain|nothing hurts|does not hurt|nothing broken|do not hurt|got up|back up|in my chair|false alarm|no harm done'
    r'|not injured|no i am (?:fine|ok|okay|all right))\b|^(?:no|nope|nah)(?: (?:thank you|thanks|i do not think so|not really|nothing))?$'
)


def says_yes(text: str) -> bool:
    """Return whether the person confirms what was asked, also half-heartedly."""
    words = plain(text)
    return bool(_YES.search(words)) and not _NO.search(words)


def denies(text: str) -> bool:
    """Return whether the person denies it or plays it down."""
    return bool(_NO.search(plain(text)))


def seems_fine(text: str) -> bool:
    """Return whether the person says that they are not hurt."""
    return bool(_FINE.search(plain(text)))
