# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of words read better in long rows
"""Weighted cue words: a softer reading for words that no pattern of `core.situations` knows.

A situation is taken when its cues add up to 1.0 and no other situation has more. Weights are set by hand;
a phrase of several words is matched as it stands in the plain form.
"""

from __future__ import annotations

import re

THRESHOLD = 1.0
_TABLE = {
    'loneliness': """
        1.0 lonely, lonesome, isolated, neglected, outlived, only me left, hear a voice, only one left, unvisited, abandoned
        0.8 alone, company, no visitors, unwanted, nobody comes, no callers, loneliness, all gone, on my tod
        0.6 nobody, no one, by myself, on my own, forgotten, single person, not see anyone, have gone, another soul
        0.5 quiet, silence, empty, somebody to, someone to, have somebody, have someone, days go by, visitors, far away, talk to the
        0.3 never, left, wish, meals, visit, children, family, friends, house, weekend, evenings, supper, see a, all day, always""",
    'sadness': """
        1.0 tears, tear, weep, weeping, gloom, gloomy, misery, sorrow, sad, sadness, bleak, wretched, nobody wants, looked at nothing, crying, cry, heartbroken, hopeless, miserable
        0.8 low, rotten, dejected, useless, ache, worn out, lost heart, no strength, nothing left, sighing, defeated
        0.6 broken, empty, old coat, heavy, grey, dull, dark, painful, regret, unbearable, not in anything, burdened, wasted
        0.5 heart, down, tired, nothing, miss, lost, sold my, gave up my, no longer, cloud, weary
        0.3 old, nobody, chair, all day, can not, these days, never, only, used to, without""",
    'worry': """
        1.0 worry, worried, worrying, panic, afraid, scared, frightened, fear, fearful, tense, anxious, dread, nervous, nerves, terrified, the worst, oh no
        0.8 what if, tremble, trembling, shaking, nightmare, unsafe, restless, uneasy, on edge, going round
        0.6 oh dear, will not stop, trouble, alarm, can not find, something wrong, not safe, round and round, can not sleep
        0.4 mind, thinking, late, lost, hospital, operation, doctor, results, find them, anywhere, tomorrow""",
    'joy': """
        1.0 good mood, delighted, celebrate, celebrating, success, won, prize, wonderful, thrilled, overjoyed, happy, proud, glad, good news, chosen, marvellous, hooray
        0.8 lovely, laughed, laughing, enjoyed, born, healthy, solo, picked me, first time, beautiful, blossomed, in bloom, finally, delicious
        0.5 party, grandchild, baby, bloom, surprise, surprised, great, fun, passed, sang, dance, danced, praised, thanked, clapped, so good, well done
        0.3 rang, news, new, sing, today, great niece, family, girl, boy, to hear him, to hear her, at last""",
    'anger_at_robot': """
        1.0 idiot, idiotic, stupid, who do you think you are, annoy me, hate you, annoying, moron, useless, pest, interfering
        0.8 nonsense, rubbish, hate, shut, hopeless, wretched, nuisance, up to here, fed up, sick of
        0.6 no idea, wrong, silly, patience, telling me, annoyed, cheek, listen properly
        0.4 again, never, with you, had it, understand, not what, enough""",
}
_TO_ROBOT = re.compile(r'\b(?:you|your|robot|machine|thing|contraption)\b')
_NOT_GLAD = re.compile(
    r'\b(?:not|no|never|without|nobody|but|lost|used to|wish|sad|miss|died|dead|cancelled|hardly)\b'
)


def _compiled(table: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    rows = []
    for line in table.strip().splitlines():
        weight, phrases = line.split(None, 1)
        for phrase in phrases.split(','):
            rows.append((float(weight), re.compile(rf'\b{re.escape(phrase.strip())}\b')))
    return tuple(rows)


_CUES = {name: _compiled(table) for name, table in _TABLE.items()}


def guess(words: str) -> tuple[str, float]:
    """Return the situation that the cue words suggest and their sum, ('', 0.0) for none.

    Args:
        words: Plain form, with negated moods already taken out.
    """
    best, top = '', 0.0
    for name, cues in _CUES.items():
        if name == 'anger_at_robot' and not _TO_ROBOT.search(words):
            continue
        if name == 'joy' and _NOT_GLAD.search(words):
            continue
        total = sum(weight for weight, pattern in cues if pattern.search(words))
        if total >= THRESHOLD - 1e-9 and total > top:
            best, top = name, total
    return best, top
