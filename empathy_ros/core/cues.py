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
        0.9 knock on the door, a knock, on my doorstep, alone, there is only me, crossed my doorstep, bother with me, would notice
        0.8 company, no visitors, unwanted, nobody comes, no callers, loneliness, all gone, on my tod
        0.6 nobody, no one, by myself, on my own, forgotten, single person, not see anyone, have gone, another soul
        0.5 quiet, silence, empty, somebody to, someone to, have somebody, have someone, days go by, visitors, far away, talk to the
        0.3 birthday, since anyone, any more, never, left, wish, meals, visit, children, family, friends, house, weekend, evenings, supper, see a, all day, always
        1.0 lonely, isolated, on your own all, talking to myself, for company, nobody pops, nobody popped, nobody visits, no one visits, nobody drops, nobody calls, nobody left, no one left, forgot about me, forgotten me, starved of company, bit of company, miss company, hermit, marooned, deserted, friendless, shut in, stuck indoors alone, nobody knocks, same old walls, only the cat, only the dog, only the telly, only the television, only the radio, nobody to sit, nobody to eat, no one to sit, no one to share, nobody remembers, left behind, left to myself, on my lonesome, nobody asks after, unseen, ignored by my family, hear a human voice, a friendly face, nobody around, never see anyone, hardly see anyone, empty chair, empty chairs, last of my friends, all my friends
        0.6 being on your own, on your own, to have tea with, to share, ring more, visit more, call more, come more often, see more of, popped round, pop round, pops round, drop by, drop in, stopped by, too far, moved away, only got, dinner for one, table for one, nobody here, no one here, apart, cut off
        0.4 hard, all week, weekends, sundays, holidays, christmas, would ring, would call, would visit, would come, remembers, hours, wait for""",
    'sadness': """
        1.0 tears, tear, weep, weeping, gloom, gloomy, misery, sorrow, sad, sadness, bleak, wretched, nobody wants, looked at nothing, crying, cry, heartbroken, hopeless, miserable
        0.8 like lead, like fog, gives me pleasure, reason to, no reason, low, rotten, dejected, useless, ache, worn out, lost heart, no strength, nothing left, sighing, defeated
        0.6 broken, empty, old coat, heavy, grey, dull, dark, painful, regret, unbearable, not in anything, burdened, wasted
        0.5 heart, down, tired, nothing, miss, lost, sold my, gave up my, no longer, cloud, weary
        0.3 old, nobody, chair, all day, can not, these days, never, only, used to, without
        1.0 sob, sobbing, sobbed, lump in my throat, discouraged, disheartened, downhearted, moping, mope, in the dumps, down in the mouth, out of spirits, low spirits, heavy hearted, no sunshine, no light in, nobody needs me, no one needs me, not needed, no use to, good for nothing, got up and went, despair, despairing, glum, blue, unhappy, grieving, mournful, woe, regretful, lost my way, fed up with life, nothing cheers, nothing helps, given up on, no energy for, no will, let down, broken hearted, weighs on me, weighing on me, could cry, want to cry, feel like crying, cried, choked, sorrowful, forlorn, pitiful, self pity, feel awful, feel dreadful, feel terrible, feel rotten, feel wretched, feel lousy, feel old, a burden of years, wasting away, lifeless, joyless, colourless, grey day inside, nothing to live up to, rough emotionally, rough patch, bad patch, hard patch, at a low ebb, in pieces, falling apart, fell apart, bottom of the barrel, nothing but rain in me
        0.6 useful again, be useful, go wrong, goes wrong, rough, his photo, her photo, photograph of him, photograph of her, pretty bad, no good, not right in myself, sat and stared, stare, ashamed, guilty, failure, failed, disappointed, disappointing, hurts inside, hurt by, aching, gone downhill, slipping away, fading
        0.4 emotionally, wish i could, everything i touch, all week, all morning, nothing, no more, these days""",
    'worry': """
        1.0 worry, worried, worrying, panic, afraid, scared, frightened, fear, fearful, tense, anxious, dread, nervous, nerves, terrified, fear the worst now, thinking the worst, think the worst, expect the worst, oh no
        1.0 heart jumps, heart leaps, jump out of my skin
        0.8 collywobbles, worked up, gets tight, driving me mad with, what if, tremble, trembling, shaking, nightmare, unsafe, restless, uneasy, on edge, going round
        0.6 oh dear, will not stop, trouble, alarm, can not find, something wrong, not safe, round and round, can not sleep
        0.4 mind, thinking, late, lost, hospital, operation, doctor, results, find them, anywhere, tomorrow
        1.0 bundle of nerves, do not feel safe, not feel safe, fear the worst, stressed, stress, fretting, fret, scared stiff, frightened to death, right state, in a state, palpitations, sweating, petrified, apprehensive, jittery, jumpy, agitated, distressed, worrier, on tenterhooks, biting my nails, keyed up, wound up, cold sweat, heart in my mouth, butterflies, heebie jeebies, sick with, losing sleep, dare not, daren t, panicky, flustered, in a fluster, beside myself, end of my tether, overwhelmed, too much to take in, going to happen, something has happened, dreading, threatened, in danger, at risk of losing, evicted, burgled, break in, prowler
        0.6 mislaid, misplaced, locked, checking the, keep checking, keep counting, bills, debt, biopsy, scan, surgery, injection, needle, exam, speech, move, moving house, court, letter from, envelope, police came, waiting for the results, trapped, choking, spiders, storm, thunder""",
    'joy': """
        1.0 good mood, delighted, celebrate, celebrating, success, won, prize, wonderful, thrilled, overjoyed, happy, proud, glad, good news, chosen, marvellous, hooray
        0.8 lovely, laughed, laughing, enjoyed, born, healthy, solo, picked me, first time, beautiful, blossomed, in bloom, finally, delicious
        1.0 a girl, a boy, after me, named after
        0.5 asked to be, godmother, godfather, healed, nicely, made me, sweet, got into, card from, is it not, look at, university, party, grandchild, baby, bloom, surprise, surprised, great, fun, passed, sang, dance, danced, praised, thanked, clapped, so good, well done
        0.3 rang, news, new, sing, today, great niece, family, girl, boy, to hear him, to hear her, at last
        1.0 engaged, on top form, top of the world, came back clear, all clear, such a laugh, a good laugh, good laugh, had a ball, tickled, chuffed, over the moon, cloud nine, treat, great day, grand day, best news, wonderful news, lovely news, lovely time, lovely visit, lovely day, lovely surprise, surprised me, made my day, hung it, framed it, published, printed, got published, promoted, graduated, first prize, gold star, medal, trophy, certificate, beat him, beat her, beat them, without any help, all by myself, on my own two feet, walked without, jackpot, full house, bingo, hole in one, personal best, full marks, top marks, twins, christening, wedding, newborn, great grandchild, reunited, recovered, back on my feet, in good spirits, in high spirits, feel marvellous, feel great, feel wonderful, feel good, feel on top, feeling great, feeling good, so pleased, so happy, so proud, excited, exciting, yippee, hurrah, hurray, bravo, thrilled
        0.6 painted, watercolour, baked, knitted, sewed, planted, grew, flowered, flowering, solved, crossword, managed, did it, completed, tea dance, party, picnic, outing, trip, concert, choir, letter, present, gift, flowers for me, visit from""",
    'anger_at_robot': """
        1.0 idiot, idiotic, stupid, who do you think you are, annoy me, hate you, annoying, moron, useless, pest, interfering
        0.8 nonsense, rubbish, hate, shut, hopeless, wretched, nuisance, up to here, fed up, sick of
        0.6 are rude, interrupt, bucket of, bolts, never bought, bought you, ruined, no idea, wrong, silly, patience, telling me, annoyed, cheek, listen properly
        0.4 again, never, with you, had it, understand, not what, enough
        1.0 annoyed with you, really annoyed, mad at you, cross with you, angry with you, so mad, getting on my nerves, on my nerves, like i am five, like a child, like an idiot, like a baby, dopey, dimwit, thick, lump of, tin can, hunk of junk, scrap heap, good for nothing, for crying out loud, for goodness sake, not what i asked, not a lecture, did not ask you, nobody asked, useless lump, waste of money, waste of time, piece of rubbish, piece of junk, shut your, button it, wind your neck, do not talk to me like, do not speak to me like, patronising, patronizing, condescending, bossy, nosy, meddling, blithering, clot, twit, numbskull, blockhead
        0.6 wrong song, wrong name, wrong one, wrong again, again and again, talking to me like, deaf, listen to me, i asked for, i said""",
}
_TO_ROBOT = re.compile(r'\b(?:you|your|to me like|wrong song|robot|machine|thing|contraption)\b')
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
