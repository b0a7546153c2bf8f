# SPDX-License-Identifier: Apache-2.0
"""From a sentence to the strings that the linear text model counts.

Training and run time use these same functions, so a change here needs new weights.
"""

from __future__ import annotations

from itertools import pairwise
import re
import unicodedata

FEATURES_ID = 'text-features.1'
"""Version of this file's output; weights name the version that they were trained with."""

MAX_CHARS = 2000
"""Longer texts are cut here (about two minutes of speech), at the last space before it."""

NEGATION_SCOPE = 3
"""Words after a negation that it covers, unless punctuation or "but" ends the scope earlier."""

NEGATED = 'NOT_'

_TOKEN = re.compile(
    r'\[(?:name|religion)\]'  # masks of the training data
    r'|[:;=]-?[)(dp/]|<3'  # emoticons
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"  # words, with inner apostrophes
    r'|\d+|\.{2,}|[!?]+|[^\w\s]'
)
_INVISIBLE = re.compile('[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]')
_QUOTES = str.maketrans({'\u2018': "'", '\u2019': "'", '\u02bc': "'", '`': "'", '\u00b4': "'"})
_ELONGATED = re.compile(r'([^\W\d_])\1{2,}')
_SCOPE_ENDS = frozenset(('but', 'because', 'just', 'only'))
_NEGATION_WORDS = (
    'not no never nothing nobody neither nor without hardly cannot '
    'cant dont isnt wasnt doesnt didnt wont wouldnt couldnt shouldnt havent hasnt arent'
)
_NEGATIONS = frozenset(_NEGATION_WORDS.split())


def normalise(text: str) -> str:
    """Return the text as the model reads it.

    Unicode NFKC, invisible characters removed, straight apostrophes, lower case, letters that are
    repeated three times or more shortened to two, cut to MAX_CHARS.
    """
    # Quotes first: NFKC turns an acute accent into a space.
    plain = unicodedata.normalize('NFKC', text[: 2 * MAX_CHARS].translate(_QUOTES))
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


def tagged(words: list[str]) -> list[str]:
    """Return the words, those inside the scope of a negation as NOT_word.

    "I am not happy" must not count as "happy": the plain word is replaced, not joined by a twin.
    """
    out: list[str] = []
    left = 0
    for token in words:
        if is_negation(token):
            left = NEGATION_SCOPE
            out.append(token)
        elif token in _SCOPE_ENDS or not is_word(token):
            left = left if token not in _SCOPE_ENDS and token[0] not in '.!?,;:' else 0
            out.append(token)
        elif left:
            out.append(NEGATED + token)
            left -= 1
        else:
            out.append(token)
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


def is_piece(gram: str) -> bool:
    """Return whether a counted string is a piece of a word ('#' and '# tag' are not)."""
    return len(gram) > 1 and gram[0] == '#' and gram[1] != ' '


def grams(words: list[str]) -> list[str]:
    """Return all counted strings of a tokenised text.

    Words (negated ones tagged), pairs of neighbours, pairs with one word between, the first word,
    a length class, and the pieces of the words that are not negated.
    """
    if not words:
        return []
    marked = tagged(words)
    out = list(marked)
    out += [f'{left} {right}' for left, right in pairwise(words)]
    out += [f'{left} _ {right}' for left, right in zip(marked, marked[2:], strict=False)]
    out += [f'FIRST {words[0]}', f'LENGTH {min(len(words) // 4, 8)}']
    for token in marked:
        if is_word(token) and not token.startswith(NEGATED):
            out += pieces(token)
    return out
