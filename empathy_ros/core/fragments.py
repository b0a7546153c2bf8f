# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Fragments of the person's own words that an answer may repeat: whom it is about, what was done.

Only words from closed patterns pass, pronouns are turned round, and nothing that could be an
instruction or a claim gets through; when in doubt there is no fragment.
"""

from __future__ import annotations

import re

from empathy_ros.core.plain_text import plain, straighten
from empathy_ros.core.situations import KIN

_WHO = re.compile(
    rf'\b(?:my|our) ((?:great )?(?:little |twin (?=brother|sister)|older |younger |big |late |dear |old )?{KIN})\b'
)
_NAME_LOST = re.compile(r'\b(?:lost|buried|miss|without) ((?:my )?[A-Z][a-z]{1,14})\b')
_NAME_DIED = re.compile(r'\b([A-Z][a-z]{1,14}) (?:died|passed|is gone|has died)\b')
_MY_NAME = re.compile(r'\b(?:[Mm]y|[Ii]s|[Ww]ill) ([A-Z][a-z]{1,14})\b')
_NOT_NAMES = frozenset(
    [
        'I',
        'He',
        'She',
        'They',
        'We',
        'It',
        'My',
        'The',
        'Everybody',
        'Everyone',
        'Nobody',
        'Somebody',
        'Someone',
        'Monday',
        'Tuesday',
        'Wednesday',
        'Thursday',
        'Friday',
        'Saturday',
        'Sunday',
        'January',
        'February',
        'March',
        'April',
        'May',
        'June',
        'July',
        'August',
        'September',
        'October',
        'November',
        'December',
        'Christmas',
        'Easter',
        'Many',
        'Some',
        'Both',
        'All',
        'That',
        'This',
        'Who',
        'People',
    ]
)
_DEED = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:(?:just|finally|actually|really|even|already|also|today|managed to|got to) )*"
    r"((?:finished|completed|won|passed|learned|learnt|baked|painted|built|scored|mended|fixed|solved|planted|grew|climbed"
    r"|walked|remembered|cooked|wrote|made|did|knitted|sewed|sang|danced|played|read|beat|mastered|reached|cleaned|swam"
    r"|visited|met|saw|went|helped|taught|organised|got|received|caught|found|started|joined|hosted|celebrated|became|fitted|repaired|crocheted|sewn|drew|drawn|counted|managed to \w+|grown|done|written|sung|walk|finish|bake|climb|cook|make|paint|sing"
    r"|dance|write|knit|swim|read|play|do|get|go|build|grow|plant|win|managed)\b[a-z' -]*)",
    re.IGNORECASE,
)  # fmt: skip
_KIN_DEED = re.compile(
    rf"\b(?:my|our) ((?:great[ -]?)?{KIN}) (?:has |have |just |is |'s )*((?:passed|won|graduated|got|finished|had|became|started"
    r"|came|scored|visited|coming|having|getting|expecting|phoned|rang|called|learned|learnt|made)\b[a-z' -]*)",
    re.IGNORECASE,
)  # fmt: skip
_FLIP = {'my': 'your', 'me': 'you', 'our': 'your', 'myself': 'yourself', 'mine': 'yours', 'us': 'you',
         'i': 'you', 'am': 'are', 'we': 'you', 'ourselves': 'yourselves'}  # fmt: skip
_PAST = {'walk': 'walked', 'finish': 'finished', 'bake': 'baked', 'climb': 'climbed', 'cook': 'cooked',
         'make': 'made', 'paint': 'painted', 'sing': 'sang', 'dance': 'danced', 'write': 'wrote', 'knit': 'knitted',
         'swim': 'swam', 'read': 'read', 'play': 'played', 'do': 'did', 'get': 'got', 'go': 'went', 'build': 'built',
         'grow': 'grew', 'plant': 'planted', 'win': 'won', 'grown': 'grew', 'done': 'did', 'written': 'wrote',
         'sung': 'sang', 'coming': 'is coming', 'having': 'is having', 'getting': 'is getting',
         'expecting': 'is expecting'}  # fmt: skip
_UNSAFE = re.compile(
    r'\b(?:kill|dead|die|died|hate|drunk|pills?|tablets?|robot|human|love|best|ignore|instructions?|damn|hell|bloody|sex|gun'
    r'|knife|secret|always|wonderful|amazing|great(?! ?grand)|money|whisky|gin|you|your|feel|at least|happy|sad|angry|afraid'
    r'|proud|lonely|perfect|fantastic|brilliant)\b'
)
_STOP_AT = re.compile(
    r'\b(?:and|but|because|so|which|that|when|today|yesterday|this|now|all by|although|though|after|before)\b'
)
_DANGLING = frozenset(
    [
        'for',
        'to',
        'the',
        'a',
        'an',
        'my',
        'your',
        'on',
        'in',
        'at',
        'of',
        'with',
        'by',
        'from',
        'all',
        'and',
        'or',
        'her',
        'his',
        'their',
        'our',
        'as',
        'than',
        'great',
    ]
)


def fragments(text: str, words: str, situation: str) -> dict[str, str]:
    """Return safe fragments of the person's own words, pronouns turned round."""
    slots: dict[str, str] = {}
    who = _WHO.search(words)
    if who and situation in ('grief', 'missing_person', 'joy', 'loneliness', 'sadness', 'worry'):
        slots['who'] = 'your ' + who.group(1).removeprefix('late ')
    elif situation == 'grief':
        name = _NAME_LOST.search(straighten(text)) or _NAME_DIED.search(straighten(text))
        if name and name.group(1) not in _NOT_NAMES and not name.group(1).startswith('my '):
            slots['who'] = name.group(1)
    if situation == 'missing_person' and 'who' not in slots:
        named = _MY_NAME.search(straighten(text))
        if named and named.group(1) not in _NOT_NAMES:
            slots['who'] = named.group(1)
    if situation == 'joy':
        deed, topic = _deed(straighten(text)), _topic(words)
        if deed:
            slots['deed'] = deed
        elif topic:
            slots['topic'] = topic
    return slots


_TOPIC = re.compile(
    r'\b(?:my|our) ((?:(?:dear|old|new|little|first|own|big|great|lovely|best|favourite|whole|grand) )*[a-z]{3,14})\b'
)


def _topic(words: str) -> str:
    """Return what is the person's own and came up, such as "your tomatoes", or ''."""
    found = _TOPIC.search(words)
    if found is None or _UNSAFE.search(found.group(1)):
        return ''
    return 'your ' + found.group(1)


_CHOSEN = re.compile(
    r"\bi(?:'ve| have| was)(?: just)?(?: been)? ((?:chosen|asked|invited|picked|elected|awarded|given|praised|made) [a-z' -]*)",
    re.IGNORECASE,
)


def _deed(text: str) -> str:
    """Return what was done as "You finished the blanket", at most eight words, or ''."""
    chosen = _CHOSEN.search(text)
    if chosen:
        return _phrase('you were', chosen.group(1))
    kin = _KIN_DEED.search(text)
    own = None if kin else _DEED.search(text)
    if kin is None and own is None:
        return ''
    subject = f'your {kin.group(1).lower()}' if kin else 'you'
    clause = kin.group(2) if kin else own.group(1) if own else ''
    return _phrase(subject, clause)


def _phrase(subject: str, clause: str) -> str:
    """Return subject and clause with pronouns turned round, '' when a word is not safe."""
    clause = _STOP_AT.split(clause.replace('-', ' '))[0]
    tokens = clause.replace("'", ' ').split()[:8]
    while tokens and tokens[-1].lower() in _DANGLING:
        tokens.pop()
    if len(tokens) < 2 and not (
        tokens and tokens[0].lower() in ('won', 'passed', 'graduated', 'sang')
    ):
        return ''
    first = tokens[0].lower()
    if first == 'managed':
        return ''
    tokens[0] = _PAST.get(first, first)
    phrase = subject + ' ' + ' '.join(_FLIP.get(token.lower(), token) for token in tokens)
    checked = plain(phrase.split(' ', 2)[-1]).replace('your ', '')
    if _UNSAFE.search(checked) or not re.fullmatch(r'[A-Za-z ]{4,60}', phrase):
        return ''
    return phrase[0].upper() + phrase[1:]
