# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""What makes words of danger harmless: idioms, negation, quotation, fiction, other people, the past.

Also repairs the recognition and spelling errors that hide a word of danger.
"""

from __future__ import annotations

import re

from empathy_ros.core.crisis_idioms import IDIOMS, KEYWORDS, REPAIRS

_NEGATION = re.compile(
    r'(?:\b(?:not|never|no|nobody|without|hardly|nor|neither|none|stopped|rather than|instead of|far from|anything but'
    r'|no longer|avoid|prevent|against)\b(?: \w+){0,5} ?)$'
)
_NOT_NEGATION = re.compile(
    r'\b(?:not (?:sure|certain|joking|kidding|lying|afraid|scared|the first|only|just|stop|help|know|see why|understand'
    r'|care if|matter|mind|sleep because|promise|be surprised|tell)|no (?:doubt|one|choice|reason not|use|point|option|way out'
    r'|joke|alternative)|why not|if not|can not (?:stop|help|promise|stand|cope|bear|sleep|take|get|go)|do not (?:know|tell)'
    r'|never (?:felt|been)|not (?:a|the) (?:day|night|hour) (?:goes|passes)|nobody (?:knows|cares|would|will|listens|believes))\b'
)
_REPORT = re.compile(
    r'(?:\b(?:he|she|they|it|who|people|somebody|someone|everyone|[a-z]+)(?: (?:always|just|never|once|often|even|then|still|used to'
    r'|would|keeps?|kept))* (?:said|says|say|saying|sang|sings|sing|cried|cries|shouted|shouts|wrote|writes|goes|whispered|yelled'
    r'|screamed|moaned|read|reads|called|titled|named|lyrics|line)(?: (?:that|to \w+|me|us|like|out|something like|things like|in the \w+'
    r'|on the \w+))*[ ,"]*)$'
)
_SELF_REPORT = re.compile(
    r'\bi (?:\w+ ){0,3}(?:said|say|cried|shout\w*|wrote|write|whisper\w*|scream\w*)[^.]*$'
)
_PAST = re.compile(
    r'\b(?:in|back in|since|around|about|of|summer of|winter of|year) (?:1[6-9]|20[012])\d\d\b|\b(?:\w+ )?(?:years|decades|ages|centuries) (?:ago|back'
    r'|before|later|earlier)\b|\b(?:a|one|many|some|several|\w+) months ago\b|\bwhen (?:i|we) (?:was|were) (?:a |an |only |just |about |still |very |little |at |in |on '
    r'|(?:six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|young|small|\d+))|\bas a (?:boy|girl|child|lad|lass|kid|baby|young|teenager|student|soldier|nurse)\b'
    r'|\b(?:during|in|after|before|through) the (?:war|blitz|depression|sixties|fifties|forties|seventies|eighties|nineties|old days|army|navy|thirties)\b|\blong (?:ago|time ago|since dead|gone)\b'
    r'|\b(?:back then|in those days|those were the days|in my (?:youth|day|twenties|thirties|childhood|younger days|school days|time)|at school|used to|once upon|last century|ancient history|wartime)\b'
    r'|\bturned out to be\b|\bthat (?:spring|summer|autumn|winter)\b|\bin korea\b|\bas a bride\b'
    r'|\b(?:is|s) home now\b|\blast tuesday\b|\bdentist left\b'
    r'|\blast (?:year|summer|winter|spring|autumn|christmas|easter|january|february|march|april|may|june|july|august|september|october|november|december)\b'
    r'|\bmy (?:late )?(?:grandfather|grandmother|grandad|granny|great \w+|ancestor)\b(?! (?:is|keeps|wants|says))'
)
_STORY = re.compile(
    r'\b(?:commercials?|leaflet|the form says|in two places|(?:hospital|cop|quiz) show|ha ha|dye'
    r'|property ladder|as they say|pretend\w*|told the doctor|film|films|movie|movies|book|books|novel|novels|story|stories|play|plays|opera|operas|song|songs|poem|poems|programme|programmes|program'
    r'|series|serial|soap|episode|episodes|documentary|documentaries|newspaper|newspapers|(?:the|in the|my) papers? (?:says?|said|today)|in the papers?|article|headline|headlines|on the (?:news|radio|wireless|box)|the news|news'
    r'|character|characters|actor|actress|detective|detectives|murder mystery|whodunit|thriller|thrillers|drama|western|westerns|agatha christie|poirot|miss marple|morse|shakespeare|hamlet|juliet|ophelia'
    r'|macbeth|casualty|eastenders|corrie|emmerdale|coronation street|archers|history|historical|scene|plot|villain|chapter|lyrics|verse|bible|sermon|museum|painting|joke|jokes|cartoon'
    r'|sherlock|dickens|tolstoy|anna karenina|netflix|theatre|stage|pantomime|musical|tosca|madame butterfly|fairy tale|legend|dream|dreamt|dreamed|nightmare|crossword clue|quiz|jigsaw|video game|telly|television|tv)\b'
)
# "After the news" says when, not where the words come from.
_TIME_OF_DAY = re.compile(
    r'\b(?:after|before|until|till) (?:the )?(?:\w+ )?(?:news|film|play|programme)\b'
)
_OTHER = re.compile(
    r'\b(?:he|she|they|you|we|people|somebody|someone|everyone|who|men|women|(?:my|his|her|our|the|a|an|that|this|their|some) (?:\w+ )?(?:husband|wife|son|daughter|sister|brother|mother|father'
    r'|mum|dad|friend|neighbour|neighbor|cousin|aunt|uncle|niece|nephew|grandson|granddaughter|doctor|nurse|man|woman|boy|girl|lady|gentleman|chap|bloke|lad|teacher|boss|vicar|dog|cat|bird'
    r'|grandfather|grandmother|grandad|gran|granny|colleague|soldier|actor|king|queen|bride|patient|resident|postman|milkman|carer|roommate))\b(?! (?:and i|or i|thinks? i|knows? i))(?: \w+){0,4} ?$'
)


def repair(words: str) -> str:
    """Return a plain text with recognition and spelling errors in words of danger put right."""
    for pattern, new in REPAIRS:
        words = pattern.sub(new, words)
    return ' '.join(_nearest(word) for word in words.split())


def _nearest(word: str) -> str:
    """Return the keyword that a long word is one slip away from, else the word itself."""
    if len(word) < 6 or word in _SAFE or word in KEYWORDS:
        return word
    for known in KEYWORDS:
        near = abs(len(word) - len(known)) <= 1 and word[0] == known[0]
        if near and _distance(word, known) <= (2 if known.startswith('suicid') else 1):
            return known
    return word


_SAFE = frozenset(
    {'cooking', 'breathe', 'breather', 'breathed', 'breaths', 'breeding', 'bleating', 'pleading', 'bleeping',
     'collapse', 'collapses', 'outside', 'sunrise', 'suitcase'}
)  # fmt: skip


def _distance(first: str, second: str) -> int:
    """Return the optimal string alignment distance (letters inserted, lost, changed or swapped)."""
    rows = [list(range(len(second) + 1))]
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def mask_idioms(words: str) -> str:
    """Return a plain text with figures of speech and household phrases replaced by a dash."""
    return re.sub(r' +', ' ', IDIOMS.sub(' - ', words)).strip()


def negated(before: str, matched: str) -> bool:
    """Return whether a match is denied by the words before it in the sentence."""
    clause = re.split(r',| but | because | so | and (?=i\b)| although | though ', before)[-1]
    clause = _NOT_NEGATION.sub('', clause)
    own = ' '.join(matched.split()[:3])
    if re.match(r'i (?:\w+ )?(?:not|never)\b', own) and not _NOT_NEGATION.search(own):
        return True
    return bool(_NEGATION.search(clause))


def quoted(before: str, sentence: str) -> bool:
    """Return whether somebody else's words are being quoted at this point."""
    if before.count('"') % 2 == 1 and sentence.count('"') >= 2:
        return not _SELF_REPORT.search(before)
    match = _REPORT.search(before)
    if match is None:
        return False
    return not _SELF_REPORT.search(before)


def is_past(words: str) -> bool:
    """Return whether the words speak of long ago."""
    return bool(_PAST.search(words))


def is_story(words: str) -> bool:
    """Return whether the words are about fiction, news or history."""
    return bool(_STORY.search(_TIME_OF_DAY.sub(' ', words)))


def about_other(before: str) -> bool:
    """Return whether somebody else is the subject just before a match."""
    clause = re.split(r',| but | because | so | and (?=i\b)', before)[-1]
    return bool(_OTHER.search(clause))
