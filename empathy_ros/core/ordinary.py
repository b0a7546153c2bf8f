# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Word patterns of ordinary talk, read when nothing weightier is heard."""

from __future__ import annotations

from empathy_ros.core.situations import MOOD, row, Situation, TALK

ORDINARY: tuple[Situation, ...] = (
    row('hearing', 7, 'information', (0, 0),
         r'^(?:what|pardon|sorry|eh|come again|say again|excuse me|beg your pardon|i beg your pardon|huh|pardon me|what was that|speak up|louder|say that again|what did you say)(?: (?:dear|love|you what))?(?: [.?,])*$',
         r'\b(?:speak (?:up|louder|slower|more slowly|clearly)|can (?:not|hardly|barely) hear you|did not (?:hear|catch) (?:you|that|what you)|could not hear|louder please|slow down|too fast|repeat that|say (?:that|it) again|what did you say|my hearing aid|deaf|too quiet)\b'),
    row('bored', 0, 'company', (-0.2, -0.3),
         r'\b(?:bored|boring|nothing to do|nothing on|time drags|twiddling|dull day|fancy doing something|what (?:can|shall|could) (?:i|we) do|something to do|days are (?:\w+ )?long|day is (?:\w+ )?long)\b'),
    row('ask_idea', 0, 'information', (0, 0),
         r'\b(?:any (?:ideas?|suggestions?|advice|tips)|what (?:should|can|could|would) (?:i|you) (?:do|suggest|try|recommend)|what might help|what helps|can you (?:help|suggest)|give me (?:an idea|some advice|a suggestion)|suggest something|help me (?:relax|feel|sleep|with))\b'),
    row('why_said', 0, 'information', (0, 0),
         r'\bwhy (?:did|do|are|were|would|have) you (?:\w+ )?(?:say|said|ask|asking|asked|tell|saying|think|talking|do that|speak)\b|\bhow do you know\b|\bwhat makes you (?:say|think|ask)\b'),
    row('private', 14, 'be_heard', (0, 0),
         r'\b(?:do not tell|keep (?:\w+ ){0,3}?(?:secret|to yourself|between us|private)|between (?:us|you and me)|our (?:little )?secret|promise (?:not to|you will not|me)|secret|confidential|can you keep|will you tell|who do you tell|do you tell)\b'),
    row('time', 0, 'information', (0, 0),
         r'\b(?:what time is it|what is the time|have you (?:got )?the time|tell me the time|what time it is|how late is it|time is it|is it (?:morning|afternoon|evening|night|late|early|bedtime|time)\b)'),
    row('helped', 0, 'celebrate', (0.4, 0),
         r'\b(?:that (?:helped|helps|is better|was (?:nice|kind|good|helpful)|does help)|i (?:feel|am) (?:\w+ ){0,2}?(?:better|calmer|good now)|much better|you (?:helped|were right|are (?:\w+ )?(?:kind|nice|sweet|good|helpful|clever|lovely|patient))|good (?:talk|chat))\b'),
    row('says_fine', 25, 'be_heard', (0.2, 0),
         r'\b(?:not too bad|not bad|i am (?:fine|ok|okay|all right|alright|well)) ,? ?(?:really )?,? ?(?:thank you|thanks)\b'),
    row('thanks', 0, 'be_heard', (0.4, 0),
         r'\b(?:thank you|thanks|thankyou|cheers|ta|much obliged|bless you|appreciate|grateful|how kind)\b'),
    row('says_fine', 25, 'be_heard', (0.2, 0),
         r'\b(?:i am|i will be|we are|it is|everything is|all|just|mustn?t|can not|not) (?:\w+ ){0,2}?(?:fine|ok|okay|all right|alright|well|good|grand|not bad|complain|grumble|nothing)\b',
         r'\b(?:nothing is (?:wrong|the matter|up)|no complaints|never mind me|do not mind me|same as ever|same old|mustn t grumble|so so|could be worse|i am all right|not too bad|bearing up|getting by|soldiering on)\b',
         r'^(?:fine|okay|ok|all right|alright|not bad|good|well enough)(?: (?:really|thanks|thank you|i suppose|i guess))?(?: [.?,])*$'),
    row('greeting', 0, 'company', (0.2, 0),
         r'^(?:\w+ ){0,2}?(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day)|howdy|greetings|ello|hullo)\b', r'^(?:oh |well |ah )?(?:morning|evening|afternoon)(?: (?:dear|robot|all|to you|love|my \w+))?(?: [.,]|$)',
         r'\bhow are you\b|\bnice to (?:see|meet) you\b|\bare you there\b|\bare you awake\b|\bcan you hear me\b'),
    row('tell_memory', 0, 'be_heard', (0.1, 0),
         r'\b(?:i remember|when i was (?:\w+ )?(?:young|a (?:girl|boy|child|lad|lass|nurse|teacher|student)|little|at school|in the)|in my day|years ago|back then|we used to|i used to|in those days|during the war|my first (?:job|car|dance|house|love))\b'),
    row('question', 0, 'information', (0, 0),
         r'\?', r'^(?:\w+ ){0,1}?(?:what|who|where|when|why|how|which|can you|could you|will you|would you|do you|tell me|is there|are there)\b'),
)  # fmt: skip
ALL: dict[str, Situation] = {s.name: s for s in (*TALK, *MOOD, *ORDINARY)}
SMALL_TALK = Situation('small_talk', 0, 'company')
UNCLEAR = Situation('unclear', 25, 'be_heard')
