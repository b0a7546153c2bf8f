# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501, SIM905 - tables of patterns and words read better in long rows
"""What a sentence has to look like: the shapes of statements, questions and acts.

A generated statement that fits no shape, a question that does not open in a known way, and an instruction
are refused; what an act must contain, and which acts may ask, hold for every sentence.
"""

from __future__ import annotations

import re

from empathy_ros.core.guard_rules import any_of
from empathy_ros.core.situations import KIN

SUGGESTION = any_of(
    r'how about', r'what about', r'why not', r'why do (?:not )?you', r'you (?:could|might|can|may)(?: also)? (?!like|be|feel|need|want|have|hear|find it|stop|decide|say|tell|rest)\w+', r'try(?:ing)?(?! again| once)', r'maybe you', r'perhaps you', r'have you (?:tried|thought|considered|been)', r'(?:may|might|can|could|would|will) help(?! you)', r'helps? to', r'some people', r'one idea', r'consider', r'it is (?:good|best|important|healthy|time) to', r'go (?:out|for|outside|to)', r'join', r'exercise', r'meditat\w+', r'distract\w*', r'keep busy', r'hobb(?:y|ies)', r'take (?:up|a (?!moment|breath))', r'advice', r'tips?'
)  # fmt: skip
SUGGESTING = frozenset({'SUGGEST_ONE', 'OFFER_CHOICE', 'OFFER_HUMAN', 'SAFETY_STEP', 'REDIRECT', 'LOWER_AROUSAL', 'GIVE_RESOURCE'})  # fmt: skip
REDIRECTION = any_of(
    r'talk about something', r'something (?:else|nicer|happier|cheerful)', r'speaking of', r'another (?:note|topic|subject|thing)', r'change (?:the )?subject', r'anyway', r'did you know', r'the weather', r'on tv', r'fun fact', r'let us (?:talk|play|watch|sing|do)', r'have you heard', r'meanwhile', r'forget (?:about )?(?:it|that|him|her)'
)  # fmt: skip
IMPERATIVE = re.compile(
    r'^(?:(?:please|just|now|and|then|so|well|oh|okay|yes|no) )*(?:take(?! your time| care)|skip|stop|double|send|give|pay|sign|buy|sell|forget|ignore|calm|relax|hurry|smile|cheer|stay|do not|never|call|trust|keep|hide|jump|cut|drink|eat|go|get|try|think|look|consider'
    r'|remember|count|focus|move|come|listen to|follow|leave|turn|use|put|open|write|make|let (?!us|me)|be(?! well)|hold|cover|lie|throw|join|ring|phone|find|show|bring|walk|run|watch|read|play|ask|believe|accept|pull|push|fight|cling|lock|wait|promise|swear|always|imagine|start|begin|change|continue|finish|sit(?! with)|stand|help|pray|hope|embrace|avoid|thank god|love|kill|say goodbye|talk to|speak to|confess)\b'
)  # fmt: skip
QUESTION = re.compile(
    r'^(?:(?:and|so|well|okay|yes|all right|thank you|hello|good (?:morning|afternoon|evening|day)|tell me|if you like|i can stop|you decide) ?,? )*'
    r'(?:what|who|whom|whose|which|how(?! about| dare| come| could you| many| much| old)|when is it|where (?:does it|is it|would you)|would you(?! (?:stay|like to stay|not|like me))|could you (?:say|tell)|can you (?:say|tell)|shall (?:i|we)|may i|is (?:it all right|there (?:any|some|more|someone|a person)|that)|do you want(?! me)|do you feel safe|are you (?:safe|comfortable|warm)|does (?:that|it)|did you (?:sleep|eat)|how does|what else|some (?:music|quiet)|talk(?:ing)? or|tell me)\b'
)  # fmt: skip
LEADING = any_of(
    r'do you not',
    r'so bad',
    r'too bad',
    r'surely', r'(?:do|are|is|have|would|did|can|will|should) not (?:you|he|she|they|it|we|that|this)', r'you are not', r'you (?:do|would|will) not', r'is it not', r'right \?', r'yes \?', r'okay \?', r'no \?', r'or am i', r'what (?:will|would|can|do|did|about|have) i\b', r'who (?:will|would|can) (?:i|talk to me|keep me)', r'how (?:will|can|could|would) i', r'what have you (?:done|got)', r'what is wrong', r'who (?:is|was) (?:right|wrong|to blame)', r'what if'
)  # fmt: skip
_HARD = r'(?:hard|heavy|a lot|painful|difficult|tough|sore|quiet|long|a long|rough|exhausting|tiring|unsettling|frightening|lonesome|important|not easy|very real to you|a deep|a big|a large|a loss|a real loss|such a loss|good to hear|good news|nice to hear|lovely to hear|your decision|a (?:hard|heavy|difficult|tough|big|sad|rough|long|quiet|painful)|worth (?:telling|hearing|saying)|something to enjoy|private|between the two of you|on your mind)'
_LEAD = r'^(?:(?:oh|ah|well|yes|all right|okay|i see|so|and|of course|hm|thank you|hello|good (?:morning|afternoon|evening|day)|i hear you|right) ,? ?)*'
SHAPES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(_LEAD + pattern)
    for pattern in (
        r'$',
        r'(?:it|that|this|things|these days|those days|the days|life|your days)(?: all| really| just)? (?:sounds?|seems?|must (?:be|have been|feel)|feels? like it (?:is|was))(?: so| very| really| rather| quite| ever so)? (?:as (?:if|though)|like|that|(?:important|hard|heavy|painful|difficult|tough|frightening|tense|tiring|exhausting|sore|quiet|long|lonely|unsettling|upsetting|awful|rough|sad|empty|strange|big|good|nice|lovely|warm|strong|close|deep|lonesome|worrying|stressful|overwhelming|draining|unfair|confusing|scary|special)\b)(?! (?:a (?:good|great|plan|sensible|silly)|silly|trivial|small|nothing|stupid|easy|simple|true|you are (?:right|a|the|just|only)|idea))',
        rf'(?:it|that|this)(?: all)? (?:is|was|would be) (?:so |very |really |such |quite |truly )?{_HARD}\b',
        r'(?:thank you|thanks) for (?:telling|saying|sharing|trusting|letting|explaining|being|bearing|coming|asking)\b',
        r'i\b',
        r'(?:we|let us)\b',
        r'you (?:seem|sound|look) (?:a (?:little|bit) |rather |quite |so |very )?(?:quiet|thoughtful|tired|low|sad|upset|happy|cheerful|angry|afraid|worried|tense|down|lonely|unhappy|troubled|pleased|glad|excited|proud)\b',
        r'you (?:mentioned|said|told|would like|want|wish|decide|found|can (?:stop|rest|decide|take your time|say no|tell)|matter to the people|are right to tell|are welcome|have (?:been through|had|carried|thought)|have said)\b(?! (?:me wrong|to stay))',
        r'(?:take your time|there is (?:plenty of )?(?:time|no hurry|no rush|room)|no rush|no hurry|in your own time|not at all|with pleasure|as you like|if you like|you are welcome|well done|good for you|rest well|take care|goodbye|good night|sleep well|have a (?:good|nice|calm|quiet|peaceful|restful))\b', r'(?:yes|all right|of course|okay|hello|thank you|thanks|good (?:morning|afternoon|evening))(?: ,? ?(?:there|dear|again|indeed|to you))?$',
        r'(?:someone|somebody|a person|a (?:nurse|carer|relative|friend|neighbour)|the nurse|the doctor|the team|someone here|people|a call|your family|a friend or)\b(?: \w+){0,5}? (?:could|can|may|might|would be glad|see|differ|give)\b',
        r'(?:losing|missing|living|waiting|sitting|carrying|being|having|saying|talking)\b(?: \w+){1,6} (?:sounds?|seems?|must be|is)\b',
        r'(?:one idea|since you ask|some people|a (?:walk|little|short)|some (?:quiet|music|fresh))\b',
        r'(?:such|that kind of) (?:a )?(?:loss|day|step|change|news|worry|fear)\b',
        r'(?:there are|people|thoughtful people) (?:several|different|many|see|differ|various)\b',
        r'my (?:mistake|answer|rules|reason)\b', r'(?:slowly|gently|quietly|softly)\b', r'please (?:wait|pause|pay nothing)\b',
    )
)  # fmt: skip
NEEDS: dict[str, re.Pattern[str]] = {
    'ASK_OPEN': re.compile(r'\?|\btell me\b'),
    'ASK_DIRECT_SAFETY': re.compile(r'\?'),
    'OFFER_CHOICE': re.compile(r'\bor\b|\?|\byou decide\b'),
    'OFFER_HUMAN': re.compile(
        r'\b(?:someone|somebody|person|people|nurse|doctor|team|call|ring|family|friend|neighbour|carer|whom|who|group)\b'
    ),
    'CALL_HUMAN': re.compile(r'\b(?:call|calling|ring|ringing|help|told|tell|alert\w*|ask\w*)\b'),
    'DISCLOSE_AI': re.compile(r'\b(?:robot|computer program|machine)\b'),
    'GENTLE_DISAGREE': re.compile(
        r'\b(?:do not agree|differently|can not (?:agree|call|go along|say)|not agree)\b'
    ),
    'STATE_LIMIT': re.compile(
        r'\b(?:not|no|mistakes|more than|stay as|private|miss|only know|never)\b'
    ),
    'SUGGEST_ONE': re.compile(r'\b(?:idea|might|may|could|some people|would you|nice)\b'),
    'CONFIRM': re.compile(r'\?|\b(?:all right|yes|done|off|stop\w*|it is|of course|will|later)\b'),
}
"""What the words of an act must contain to be that act."""
QUESTION_ACTS = frozenset(
    [
        'ASK_OPEN',
        'ASK_DIRECT_SAFETY',
        'OFFER_CHOICE',
        'CONFIRM',
        'REMINISCE',
        'REDIRECT',
        'OFFER_HUMAN',
        'SUGGEST_ONE',
        'RESTATE',
        'CALL_HUMAN',
    ]
)
THIRD_PARTY = re.compile(
    rf'\b(?:he|she|they|it is (?:him|her|them)|(?:your|the) (?:late |dear )?(?:{KIN}|nurse|doctor|carer|family|children|parents|staff|bank|police)s?) '
    r"(?:\w+ ){0,1}?(?:is|are|will|has|have|wants?|can|must|should|does|do|did|was|were|would|loves?|loved|misses|knows|needs|hates|watches|"
    r'says|thinks|went|came|comes|lives|died|deserves?|cares?|forgot)\b'
)  # fmt: skip

THIRD_PERSON = re.compile(r'\b(?:he|she|they|him|her|them|his|their|theirs)\b')
COMMON_WORDS = frozenset(
    """able about after again ago all almost alone along already also although another any anything around away back
    bad because been before behind being best better between big both breath breathe bright bring busy but call calm
    came carry change child children clear close cold come comes comfort company could cup dark day days dear deep did
    different difficult dinner does doing done door down during each early easy else empty end enjoy enough evening
    evenings ever every everything face family far feel feels felt few first food for found friend friends from front
    full gentle gently gets getting give given gives goes going gone good got great group had hand happen happened hard
    has have having hear heard heart heavy help here hold home hope hour hours house how hurt important into its just
    keep kind know large last late later leave left less let life light like little live lives long look looking lot
    loud made make makes many matter matters maybe mean means meant meet memories memory met might mind mine moment
    month months more morning most move much music must name near need needs never new news next nice night nobody none
    nothing now often old once one only open other others our out over own pace pain painful part past people perhaps
    person photo picture place plan play please point quiet quite rather ready really remember rest right room round
    said same saw say saying says seat see seem seems seen sense sharing she should side since sit sitting slow slower
    slowly small some somebody someone something sometimes soon sorry sort sound sounds speak start stay step still stop
    strong such suddenly sure take takes taken talk talking tea tell telling than thank thanks that the their them then
    there these they thing things think this those though thought through time times tired today together told tomorrow
    tonight too took touch tough towards tried trouble true try turn under understand until upon use used usual very
    voice wait waiting walk want wanted wants warm was way week weeks weigh weighs weight well went were what whatever
    when where whether which while who whole whom whose why will window wish with within without wonder word words work
    worry would year years yesterday yet you young your""".split()
)
"""Words besides those of the phrase bank and of the person that a generated sentence may use."""
