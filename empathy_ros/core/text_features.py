# SPDX-License-Identifier: Apache-2.0
"""From a sentence to the strings that the linear text model counts.

Training and run time use these same functions, so a change here needs new weights.
"""

from __future__ import annotations

import re
import unicodedata

FEATURES_ID = 'text-features.1'
"""Version of this file's output; weights name the version that they were trained with."""

MAX_CHARS = 2000
"""Longer texts are cut here (about two minutes of speech), at the last space before it."""

NEGATION_SCOPE = 4
"""Words after a negation that get a NOT_ twin, unless punctuation ends the scope earlier."""

_TOKEN = re.compile(
    r'\[(?:name|religion)\]'  # masks of the training data
    r'|[:;=]-?[)(dp/]|<3'  # emoticons
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"  # words, with inner apostrophes
    r'|\d+|\.{2,}|[!?]+|[^\w\s]'
)
_INVISIBLE = re.compile('[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]')
_QUOTES = str.maketrans({'\u2018': "'", '\u2019': "'", '\u02bc': "'", '`': "'", '\u00b4': "'"})
_ELONGATED = re.compile(r'([^\W\d_])\1{2,}')
_NEGATIONS = frozenset(
    'not no never nothing nobody neither nor without hardly cannot '
    'cant dont isnt wasnt doesnt didnt wont wouldnt couldnt shouldnt havent hasnt arent'.split()
)


def normalise(text: str) -> str:
    """Return the text as the model reads it.

    Unicode NFKC, invisible characters removed, straight apostrophes, lower case, letters that are
    repeated three times or more shortened to two, cut to MAX_CHARS.
    """
    plain = text.translate(_QUOTES)  # before NFKC, which turns an acute accent into a space
    plain = unicodedata.normalize('NFKC', plain[: 2 * MAX_CHARS])
    plain = _INVISIBLE.sub('', plain).translate(_QUOTES).lower()
    plain = _ELONGATED.sub(r'\1\1', plain)
    if len(plain) > MAX_CHARS:
        plain = plain[:MAX_CHARS].rsplit(' ', 1)[0]
    return plain.strip()


def tokens(text: str) -> list[str]:
    """Return words, numbers, emoticons and punctuation of a text, in order."""
    return _TOKEN.findall(normalise(text))


def is_word(token: str) -> bool:
    """Return whether a token is a word (letters), not a number, mark or mask."""
    return token[0].isalpha()


def is_negation(token: str) -> bool:
    """Return whether a token negates what follows ("not", "never", "don't")."""
    return token in _NEGATIONS or token.endswith("n't")


def negated(words: list[str]) -> list[str]:
    """Return NOT_word for each word inside the scope of a negation."""
    out: list[str] = []
    left = 0
    for token in words:
        if is_negation(token):
            left = NEGATION_SCOPE
        elif not is_word(token):
            left = 0 if token[0] in '.!?,;:' else left
        elif left:
            out.append('NOT_' + token)
            left -= 1
    return out


def pieces(token: str) -> list[str]:
    """Return the character 3- to 5-grams of a word with its borders marked, each behind '#'.

    They let unseen forms ("heartbroken", "lonesome") borrow from seen ones.
    """
    marked = f'<{token}>'
    return [
        '#' + marked[start : start + size]
        for size in (3, 4, 5)
        for start in range(len(marked) - size + 1)
    ]


def grams(words: list[str]) -> list[str]:
    """Return all counted strings of a tokenised text: words, pairs, negated words, pieces."""
    out = list(words)
    out += [f'{left} {right}' for left, right in zip(words, words[1:], strict=False)]
    out += negated(words)
    for token in words:
        if is_word(token):
            out += pieces(token)
    return out
