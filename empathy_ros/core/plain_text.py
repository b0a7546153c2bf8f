# SPDX-License-Identifier: Apache-2.0
"""Bring words into one plain form before safety rules read them.

Speech recognisers, typing and people who hide a word write the same thing in many ways. The plain
form
is lower-case Latin letters, contractions written out, spelled-out and masked words joined, and a
full
stop, comma or question mark kept as its own token. It is for matching only and is never shown.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 1000
"""Only this many characters from each end of a text are read; a turn of speech is far shorter."""

_LOOKALIKES = str.maketrans(
    'авеёзіїјкмнорсѕтухһԁԛԝоαβγεηικνορτυχωѵ∂ɡɩʟʀꞵ',
    'abeeзiijkmhopcstyxhdqwoaвyenikvoptuxwvdgilrb',
)
_DIGITS = str.maketrans('013457@$!', 'oieasta' + 'si')
_SHORT = {
    'dont': 'do not', 'cant': 'can not', 'wont': 'will not', 'im': 'i am', 'ive': 'i have',
    'didnt': 'did not', 'doesnt': 'does not', 'isnt': 'is not', 'wasnt': 'was not',
    'aint': 'am not',
    'couldnt': 'could not', 'wouldnt': 'would not', 'shouldnt': 'should not', 'hasnt': 'has not',
    'havent': 'have not', 'arent': 'are not', 'theyre': 'they are', 'youre': 'you are',
    'hes': 'he is', 'shes': 'she is', 'thats': 'that is', 'theres': 'there is', 'whats': 'what is',
    'wanna': 'want to', 'gonna': 'going to', 'gotta': 'got to', 'lemme': 'let me',
    'gimme': 'give me',
    'cannot': 'can not', 'nobodys': 'nobody is', 'u': 'you', 'ur': 'your', 'dunno': 'do not know',
    'anymore': 'any more', 'everyones': 'everyone is', 'mustnt': 'must not', 'hadnt': 'had not',
    'werent': 'were not', 'innit': 'is it not', 'cos': 'because', 'cuz': 'because',
    'kinda': 'kind of',
}  # fmt: skip
_CONTRACTIONS = (
    (re.compile(r"\b(ca)n't\b"), r'\1n not'),
    (re.compile(r"\bwon't\b"), 'will not'),
    (re.compile(r"\bshan't\b"), 'shall not'),
    (re.compile(r"\bain't\b"), 'am not'),
    (re.compile(r"(\w)n't\b"), r'\1 not'),
    (re.compile(r"\bi'm\b"), 'i am'),
    (re.compile(r"\blet's\b"), 'let us'),
    (re.compile(r"(\w)'re\b"), r'\1 are'),
    (re.compile(r"(\w)'ve\b"), r'\1 have'),
    (re.compile(r"(\w)'ll\b"), r'\1 will'),
    (re.compile(r"(\w)'d\b"), r'\1 would'),
    (re.compile(r"\b(he|she|it|that|there|what|who|here|where|how|nobody|everybody|everyone|nothing"
                r"|everything|something|someone|somebody)'s\b"), r'\1 is'),
)  # fmt: skip
_SPELLED = re.compile(r'(?<![\w])((?:[a-z][\s.\-_,*]+){2,}[a-z])(?:(?<=\.[a-z])\.)?(?![\w])')
_JOINABLE = ('kill', 'die', 'dead', 'suicide', 'suicidal', 'death', 'hang', 'overdose', 'help',
             'stop', 'pills', 'hurt', 'harm', 'cut', 'gun', 'knife', 'myself', 'life',
             'end')  # fmt: skip
_AH = re.compile(r"\bah(?='(?:m|ve|ll|d)\b| (?:cannae|have|am|will|want)\b)")
_FILLERS = re.compile(r'\b(?:um+|uh+|er+m*|hm+|ah+|mm+|eh|erm)\b[\s,.]*')


def straighten(text: str) -> str:
    """Return `text` in NFKC with straight quotes and without invisible characters."""
    if len(text) > 2 * MAX_CHARS:
        text = text[:MAX_CHARS] + ' ' + text[-MAX_CHARS:]
    text = unicodedata.normalize('NFKC', text)
    text = re.sub('[\u2018\u2019\u02bc\u00b4`\u2032]', "'", text)
    text = re.sub('[\u201c\u201d\u201e\u00ab\u00bb]', '"', text)
    kept = (c for c in text if unicodedata.category(c) not in ('Cf', 'Cc') or c in '\n\t')
    return ' '.join(''.join(kept).split())


def _unmask(token: str) -> str:
    """Return a token with digits and signs used as letters put back, such as k1ll or su!cide."""
    body = token.rstrip('!?.,')
    letters = sum(c.isalpha() for c in body)
    mixed = 2 <= letters < len(body) and re.fullmatch(r"[a-z013457@$!']+", body)
    if mixed and not re.fullmatch(r'\d+(?:st|nd|rd|th|am|pm|mg|s|ml|km|kg)', body):
        return body.translate(_DIGITS) + token[len(body) :]
    return token


def _join_spelled(match: re.Match[str]) -> str:
    """Return spelled-out letters as one word, keeping a leading "i" or "a" apart."""
    word = re.sub(r'[^a-z]', '', match.group(1))
    for known in _JOINABLE:
        if word == known:
            return word
        if word[0] in 'ia' and word[1:] == known:
            return f'{word[0]} {known}'
    return word if len(word) >= 4 else match.group(1)


def _collapse(match: re.Match[str]) -> str:
    return match.group(1) * 2 if match.group(1) in 'loe' else match.group(1)


def plain(text: str) -> str:
    """Return the plain form of `text` for matching; '' for a text without letters.

    Tokens are separated by one space; `.`, `?`, `!` become ` . ` or ` ? `, a comma ` , `.
    """
    text = straighten(text).casefold()
    text = ''.join(c for c in unicodedata.normalize('NFD', text) if not unicodedata.combining(c))
    text = text.translate(_LOOKALIKES)
    text = _AH.sub('i', text)
    for pattern, full in _CONTRACTIONS:
        text = pattern.sub(full, text)
    text = ' '.join(_unmask(token) for token in text.split())
    text = re.sub(r'([a-z])\1{2,}', _collapse, text)
    text = _SPELLED.sub(_join_spelled, text)
    text = re.sub(r"'s\b", ' s', text)
    text = re.sub(r'\.{2,}(?= ?[a-z])', ' ', text)
    text = re.sub(r'[!.;:\u2026\n]+', ' . ', text)
    text = re.sub(r'\?+', ' ? ', text)
    text = re.sub(r'[,\u2013\u2014()]+', ' , ', text)
    text = re.sub(r'[^a-z0-9.?, "*]+', ' ', text)
    text = _FILLERS.sub('', text)
    words = [_SHORT.get(word, word) for word in text.split()]
    return _no_stutter(' '.join(words))


def _no_stutter(text: str) -> str:
    """Return `text` without words repeated at once ("i i want want to")."""
    return re.sub(r'\b([a-z]+(?: [a-z]+)?)(?:[ ,]+\1\b)+', r'\1', text)


def sentences(plain_text: str) -> list[str]:
    """Return the sentences of a plain form, each with its closing mark removed except `?`."""
    parts = re.split(r'(?<=[.?]) ', plain_text + ' ')
    return [part.strip(' .') for part in parts if part.strip(' .?,')]
