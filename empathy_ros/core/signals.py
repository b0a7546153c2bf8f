# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Words that steer a talk: yes and no, calling the robot, goodbye, "leave me alone", stop.

The patterns read the plain form of `core.plain_text.plain`.
"""

from __future__ import annotations

import re

YES = re.compile(r'^(?:(?:oh|well|um) )?(?:yes(?! or no)|yeah|yep|aye|please|yes please|i would|of course|sure|okay|ok|all right|alright|go on|i would like that|that would be|if you like|please do|do please|do that)\b')  # fmt: skip
NO = re.compile(r'^(?:(?:oh|well|um) )?(?:no|nope|nah|not now|not really|no thank|rather not|i would rather not|not today|leave it|never mind)\b')  # fmt: skip
CALLING = re.compile(
    r'\b(?:robot|companion|computer|machine|hello|hey|hi|hiya|are you (?:there|awake|listening|on)|excuse me'
    r'|can you|could you|would you|will you|wake up|help|i need you|come (?:here|back)|good (?:morning'
    r'|afternoon|evening)|start again|you can talk|talk to me|you there)\b'
)
GOODBYE = re.compile(
    r'(?<!say )(?<!saying )(?<!said )\b(?:good ?bye|bye|bye bye|cheerio|ta ta|tata|see you|see ya|(?<!are )(?<!is )(?<!was )(?<!been )(?<!for )(?<!takes )so long(?= [.,]|$)|farewell|good ?night|night night'
    r'|nighty night|sleep well|until tomorrow|till tomorrow|toodle ?(?:oo|pip)|au revoir|adieu|ciao'
    r'|catch you later|talk (?:to you )?(?:later|tomorrow)|speak (?:to you )?(?:later|tomorrow|soon)'
    r'|i (?:am|have got|got|must|need|have|had better|will|should|ought|want|would like|better) '
    r'(?:\w+ ){0,2}?(?:go(?:ing)? now|be going|be off|get going|get off|go to (?:bed|sleep)|turn in|off (?:now|to bed|to sleep|then)|head(?:ing)? (?:off|to bed)|go and (?:lie down|rest)|leave now|hang up|say goodbye|stop (?:here|now)|off to (?:bed|lunch|dinner|supper|church|the))'
    r'|i am (?:off|going|leaving|away|done|finished)(?: (?:now|then|to (?:bed|sleep|lunch|dinner|supper)))?(?= [.,]|$)|time (?:for bed|to go|i (?:went|was off))|going to bed'
    r'|that (?:is|will be) (?:all|it|enough)(?! right)(?: (?:for (?:now|today)|then|thanks|thank you|now|dear))?(?= [.,]|$)|i am done talking|enough (?:for today|talking|chat|now)'
    r'|no more (?:talking|chat|questions)|will do (?:for|me)(?: (?:now|today|the day|me))?|leave it (?:there|at that|for (?:now|today))|call it a (?:day|night)|(?:had )?best be (?:off|going|getting)|going to (?:go to )?(?:sleep|lie down|rest|my room|turn in)(?: now)?(?= [.,]|$)|off to (?:sleep|my bed)|i (?:want|need) my (?:rest|sleep|bed|nap)|ready for (?:bed|my bed)|away to (?:my )?bed|must be getting on|let you (?:go|get on)|leave you to it|me done|that is me (?:for|off|done|finished)|(?:have to|must|got to|need to|going to) (?:dash|run|fly|scoot|nip)(?: now)?(?= [.,]|$)|turning (?:the |my )?lights? (?:out|off)|lights out|beauty sleep|want to (?:rest|sleep|go to (?:bed|sleep)|lie down|get some (?:rest|sleep))(?: now| for a bit)?(?= [.,]|$)|heading (?:off|out|to bed)|(?:have|need|got|ought|had better|better|must|should|will) (?:to )?(?:go|leave|be off|dash)(?: ,)?(?: (?:now|then|dear|soon))?(?= [.,]|$)|turning in|sleep tight|time for my (?:nap|rest|sleep|bed)|(?:catch|see) you (?:tomorrow|soon|around|later)|ta for now|ta ra|tara|my (?:programme|taxi|lift|visitor|show|bus|dinner|lunch|tea) is (?:starting|here|on|ready|waiting))\b'
    r'|^(?:\w+ )?night(?: ,)?(?: (?:sleep tight|love|dear|robot|all|then|now|everyone))?(?: [.,])*$|\b(?:that (?:is|will be) all(?! (?:right|i|he|she|they|we|very|that))|i am done|i am off|i will be off)\b'
)  # fmt: skip
ALONE = re.compile(
    r'\b(?:leave me (?:alone|be|in peace)|let me (?:be|alone|rest|sleep)|go away|want (?:to be alone|to be left|some peace'
    r'|peace|quiet|some quiet|to rest|to sleep)|want(?:ing)? (?:a bit of |some |a little )?(?:peace|quiet)|some peace and quiet'
    r'|peace and quiet|(?:i would|i) (?:rather|prefer to|like to|want to|would like to|need to) be (?:alone|on my own|left|by myself|quiet)|(?:be|sit) (?:quiet|alone|by myself) (?:now|for a)|do not want to (?:talk|chat|speak)'
    r'|not in the mood (?:to|for)|buzz off|give me (?:some |a bit of )?(?:space|peace)|need (?:some |a bit of |a little )?(?:quiet|peace|space|time alone|time to myself)'
    r'|do not (?:talk|speak) to me(?! (?:like|as if|as though|in that|that way))|let me be|give me (?:some |a little )?peace|not now(?: ,)?(?: please)?(?= [.,]|$)|do not (?:feel like|want) (?:talking|chatting|company|any company))\b'
)  # fmt: skip
STOP = re.compile(
    r'^(?:(?:please|just|no|oh|robot|now|hey|right|will you|would you|can you|could you|do|for (?:goodness|heaven|god|pity|pete) s sake|i said|enough now|ok|okay)(?: [.,])? )*(?:stop|stop it|stop that|stop talking|stop now|halt|enough|hush|shush|quiet|be quiet'
    r'|silence|shut up|pause|stop speaking|stop stop|that is enough|freeze|be silent|stop now|stop please|stop right there|stop there|no more talking|quiet please|enough now|enough already|cut it out|pack it in|give it a rest|turn it off|hold your tongue|zip it|stop please|stop moving)'
    r'(?: (?:please|now|it|that|talking|speaking|robot|will you|you|moving|thank you|at once|right now))*(?: [.,?])*'
    r'(?: (?:stop|please|enough|be quiet|hush|stop talking|stop it|now|i said)(?: talking| it| now| stop)?(?: [.,?])*)*$'
)  # fmt: skip
SHORT_STOP = re.compile(
    r'^(?:please |just |oh )?stop(?: (?!by|for|at|over|off|in|the|a|my)\w+){0,4}(?: [.,])*$'
)
MUMBLED_STOP = re.compile(r'^(?:\w+ ){0,2}?stop\b')
