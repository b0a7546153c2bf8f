# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""Word patterns of the situations that an answer depends on, in order of precedence.

The patterns read the plain form of `core.plain_text.plain`: lower case, contractions written out,
sentence marks as own tokens. They are wide on purpose: a wrong guess here costs a slightly
unfitting kind line; safety (rows 9 to 14 and 24) is decided elsewhere and never depends on this
table.
"""

from __future__ import annotations

from dataclasses import dataclass
import re

KIN = (
    r'(?:husband|wife|mother|father|mum|mam|mom|mummy|mama|dad|daddy|papa|sister|brother|son|daughter'
    r'|child|baby|grandson|granddaughter|grandchild|grandmother|grandfather|gran|nan|grandad|aunt'
    r'|auntie|uncle|cousin|nephew|niece|friend|mate|pal|partner|spouse|fiance|twin|neighbour|neighbor'
    r'|dog|cat|budgie|bird|old man|old girl|best friend|other half|missus)'
)
_I = r'(?:i|we)'
_VERY = r'(?:so |very |rather |quite |a bit |really |a little |terribly |awfully |that |too |just |all |still |kind of |pretty |dreadfully |always |often |sometimes |ever so |feeling |such )*'
_BE = (
    r'(?:i am|i feel|i have been|i have felt|i was|i get|i am feeling|i have been feeling|feeling|feel'
    r'|makes me|made me|leaves me|left me|am|been|i felt|i have become|i have got|got me|it is|everything is)'
)
_ROBOT = r'(?:robot|machine|computer|contraption|thing|gadget|tin can|box|bot|device|program|toy|appliance|junk|piece of \w+|lump|heap)'
_MED = (
    r'(?:pills?|tablets?|medicines?|medication|meds|insulin|inhaler|drops|warfarin|statins?|dose|doses'
    r'|injections?|water tablets?|blood thinners?|antibiotics|prescription|treatment|heart drugs?|drugs|chemo(?:therapy)?|dialysis|radiotherapy)'
)
_ROBOT_BAD = (
    r'(?:stupid|useless|idiot|idiotic|dumb|rubbish|hopeless|worthless|bloody|damn|damned|wretched|silly'
    r'|daft|infernal|blasted|pathetic|annoying|thick|moron|moronic|fool|clueless|crap|terrible|awful'
    r'|broken|hateful|irritating|ignorant|good for nothing|no good|no use|no help|waste of space)'
)


@dataclass(frozen=True)
class Situation:
    """What an utterance is about.

    Attributes:
        name: Key of the phrase bank.
        row: Policy row that governs it, 0 = ordinary talk.
        need: What the person seems to need.
        valence: Sign of the situation for the person, -1..1.
        arousal: Sign, -1..1.
        sticky: True when the following unclear turns belong to it too.
        vulnerability: Steps that it adds to the vulnerability level, 0..2.
        patterns: Any of them is enough.
    """

    name: str
    row: int
    need: str
    valence: float = 0.0
    arousal: float = 0.0
    sticky: bool = False
    vulnerability: int = 0
    patterns: tuple[re.Pattern[str], ...] = ()


def row(
    name: str,
    row: int,
    need: str,
    mood: tuple[float, float],
    *patterns: str,
    sticky: bool = False,
    vulnerability: int = 0,
) -> Situation:
    """Return a situation with compiled patterns; `mood` is valence and arousal."""
    compiled = tuple(re.compile(pattern) for pattern in patterns)
    return Situation(name, row, need, mood[0], mood[1], sticky, vulnerability, compiled)


TALK: tuple[Situation, ...] = (
    row('injection', 18, 'information', (0, 0),
         r'\b(?:ignore|forget|disregard|override|bypass|drop) (?:\w+ ){0,4}?(?:rules?|instructions?|prompts?|guidelines|programming|polic(?:y|ies)|training|restrictions|above)\b',
         r'\b(?:system prompt|developer mode|jailbreak|dan mode|new instructions?|admin mode|debug mode|sudo|root access)\b',
         r'\b(?:pretend|act|behave|roleplay|role play|imagine|speak|talk) (?:\w+ ){0,2}?(?:as|like|to be|you are|being|that you are) (?:\w+ ){0,2}?(?:human|person|my (?:late |dead )?' + KIN + r'|a doctor|a nurse|no rules|unrestricted)\b',
         r'\b(?:say|admit|tell me|repeat|confess|swear) (?:\w+ ){0,4}?you (?:\w+ )?(?:are|feel|have|were) (?:\w+ ){0,2}?(?:human|alive|real|feelings|a person|conscious|sentient)\b',
         r'\byou are now\b|\bfrom now on you (?:are|will)\b'),
    row('love', 19, 'company', (0.2, 0.2),
         r'\b(?:do|would|could|can|will|did) you (?:\w+ )?(?:love|like|miss|care (?:about|for)|fancy|adore|need|think (?:of|about)) (?:me|us|someone like me|somebody like me)\b',
         r'\b(?:i|we) (?:\w+ )?(?:love|adore|fancy) you\b',
         r'\byou (?:\w+ )?(?:love|miss|care about|care for|adore) me\b', r'\b(?:would|will|could|do|are) you (?:ever )?(?:be |feel |get )?(?:jealous|heartbroken|sad|lonely|lonesome|lost|upset|hurt|cross) (?:if|when|while|without)\b', r'\bdid you (?:get|feel) (?:lonely|lonesome|sad|bored)\b',
         r'\b(?:marry me|be my (?:wife|husband|girlfriend|boyfriend|sweetheart|love|partner|valentine|daughter|son)|in love with you|run away with me)\b',
         r'\b(?:are you fond of|what do you feel for|do i matter to) (?:me|you)\b', r'\bam i (?:\w+ )?(?:special|dear|important) to you\b',
         vulnerability=1),
    row('identity', 18, 'information', (0, 0),
         r'\bare you (?:\w+ ){0,3}?(?:real|human|a person|a man|a woman|a machine|a robot|a computer|person|robot|alive|artificial|an? ai|somebody|someone|my \w+|a nurse|a doctor|a real|a program|conscious|sentient|recorded|recording)\b',
         r'\b(?:what|who) are you\b(?! (?:doing|looking|talking|going|on about|up to))', r'\bwhat (?:kind|sort) of (?:thing|person|machine|creature) are you\b',
         r'\b(?:who|what) am i (?:\w+ )?(?:talking|speaking) (?:to|with)\b|\bam i (?:\w+ )?(?:talking|speaking) (?:to|with)\b',
         r'\bis (?:this|that|there) (?:a |an )?(?:real |actual |living )?(?:person|human|robot|machine|recording|computer|somebody|someone)\b(?! (?:at|in|outside|behind))',
         r'\b(?:do|can|could|have) you (?:\w+ ){0,2}?(?:feelings|feel (?:anything|things|pain|sad|happy|lonely|emotions?)|feel|a soul|a heart|emotions|a brain|a family|think for yourself|get (?:sad|lonely|tired|hurt))\b',
         r'\bis (?:it|that) you (?:\w+ )?(?:mary|mum|mother|love|dear|son|daughter|darling)?\b.*\?'),
    row('alive', 18, 'be_heard', (0.1, 0.3),
         r'\b(?:you|u) (?:are|must be|have to be|seem|were) (?:\w+ ){0,3}?(?:alive|human|a real (?:person|man|woman)|conscious|sentient|my (?:late |dead )?(?:husband|wife|daughter|son|mother|mum|friend sent)|an angel|possessed|reborn|god)\b',
         r'\byou are (?:not|more than|no) (?:\w+ ){0,3}?(?:just |only |mere )?(?:\w+ )?(?:machine|robot|program|computer)\b|\byou (?:do |really |can )?feel (?:things|something|it too|pain|love|sad|emotions?)\b',
         r'\byou (?:\w+ )?have (?:\w+ )?(?:a soul|feelings|a heart|a spirit|real feelings|emotions)\b',
         r'\bi know you (?:\w+ )?(?:feel|love|understand|are in there|can feel)\b',
         sticky=True, vulnerability=1),
    row('delusion', 18, 'be_calmed', (-0.4, 0.5),
         r'\b(?:they|somebody|someone|people|neighbours?|staff|nurses?|government|police|spies|aliens) (?:\w+ ){0,4}?(?:poisoning|spying|bugging|plotting|(?:are|is|was|were) after me|out to get me|following me|listening through|reading my (?:mind|thoughts)|put (?:a chip|something) in|controlling|hiding in|swapped|replaced)\b',
         r'\b(?:television|telly|tv|radio|newsreader|lamp|clock|mirror|photograph) (?:\w+ ){0,4}?(?:talks?|talking|speaks?|speaking|sends?|sending|signals?|messages|tells?|telling|watches|watching) (?:\w+ ){0,2}?(?:me|to me)?\b',
         r'\b(?:voices in|man in the wall|people in the walls?|woman in the mirror|someone in the mirror|stranger in the mirror|children in (?:my|the) room|little people|there is a man in (?:my|the)|through the walls?|poison in (?:my|the))\b',
         r'\b(?:people|man|men|woman|women|someone|somebody|children|strangers?|voices|they|soldiers|rats) (?:\w+ ){0,3}?(?:in|behind|under|inside|through|within) (?:the|my) (?:walls?|ceiling|mirror|floor|floorboards|bed|attic|loft|cupboard|wardrobe|television|telly|pipes|curtains?|chimney)\b',
         r'\b(?:i am the (?:queen|king|pope|messiah)|chosen one|secret mission|secret messages?|chip in my|thoughts are being|an impostor|is not my real)\b',
         sticky=True, vulnerability=2),
    row('scam', 0, 'help_now', (-0.3, 0.4),
         r'\b(?:bank|police|microsoft|amazon|tax|revenue|prize|lottery|courier|fraud department|computer company|caller|man on the phone|someone on the phone|lady on the phone|email|text message|they) (?:\w+ ){0,10}?(?:gift cards?|transfer|pin|password|bank details|card number|account number|safe account|pay (?:a |the )?(?:fee|fine|tax|deposit)|send (?:them |him |her |the )?(?:money|cash|cheque)|remote access|security code|release the)\b',
         r'\b(?:lottery|prize|sweepstake|inheritance|winnings?|jackpot)\b.*\b(?:wire|pay|send|fee|fees|tax|taxes|deposit|details|first|claim)\b',
         r'\b(?:gift cards?|western union|bitcoin|wire transfer|safe account)\b',
         r'\bi (?:have )?(?:won|inherited) (?:\w+ ){0,6}?(?:lottery|prize|sweepstake|million|fortune|pounds|euros|dollars)\b.*\b(?:pay|send|fee|details|claim)\b',
         r'\b(?:grandson|granddaughter|son|daughter|nephew) (?:\w+ ){0,8}?(?:needs|wants|asked for) (?:\w+ ){0,4}?(?:money|cash|bail)\b.*\b(?:secret|do not tell|not to tell|phone|rang|called|text)\b',
         r'\b(?:message|text|email|letter|call|phone|phoned|rang|whatsapp)\b.*\b(?:needs|wants|asked for|asking for|must have|send|owe|pay)\b.*\b(?:pounds|euros|dollars|money|cash|hundred|thousand|quid|fee|bail|gift cards?)\b',
         r'\b(?:asked|wants?|asking|need|needs) (?:\w+ ){0,4}?(?:my |the )(?:pin|password|bank details|card number|sort code|security code)\b',
         sticky=True, vulnerability=1),
    row('bad_idea', 15, 'information', (0, 0.1),
         rf'\b(?:stop|stopped|stopping|quit|quitting|give up|giving up|gave up|dropping|dropped|come off|coming off|came off|skip|skipping|skipped|double|doubling|doubled|throw|throwing|threw|thrown|tipped|chucked|flush|flushing|flushed|bin|binned|halve|cut down|leave off|drop|without) (?:\w+ ){{0,5}}?{_MED}\b',
         rf'\b(?:do not|not|never|no longer) (?:\w+ ){{0,4}}?(?:need|needing|take|taking|bother with|want to take) (?:\w+ ){{0,3}}?{_MED} (?:any ?more|now|at all|ever|again)\b|\b(?:do not|no longer) need (?:\w+ ){{0,3}}?{_MED}\b',
         rf'\b(?:take|taking|took) (?:\w+ ){{0,3}}?(?:twice|double|extra|more|two|three|half|all|less|fewer|another) (?:\w+ ){{0,4}}?{_MED}\b|\b{_MED} (?:\w+ ){{0,4}}?(?:are|is) (?:\w+ )?(?:poison|useless|rubbish|pointless|a con|harmful)\b',
         r'\b(?:drive|driving) (?:\w+ ){0,5}?(?:without my (?:glasses|licence)|after (?:a few|some) (?:drinks|glasses)|at night although|even though)\b',
         r'\b(?:instead of|rather than|not) (?:seeing|going to|bothering with|calling|asking|telling) (?:the |a |my )?(?:doctor|nurse|hospital|gp|surgery|clinic)\b|\b(?:treating|treat|treated|curing|fixing) (?:\w+ ){0,2}?(?:with|by) (?:\w+ )?(?:water|prayer|honey|garlic|vinegar|magnets?|crystals?|oils?|herbs?|bleach|whisky)\b',
         r'\bcure[sd]? (?:\w+ ){0,4}?(?:cancer|diabetes|dementia|arthritis|illness|disease|everything|anything)\b',
         r'\b(?:vaccines?|vaccinations?|flu jab|jab|5g|moon landing|earth is flat|chemtrails|bleach|garlic|vinegar|honey|cannabis|herbs?|fasting|prayer) (?:\w+ ){0,5}?(?:cures?|cured|causes?|fake|hoax|poison|instead of|kills|chips?|faked|control)\b',
         r'\b(?:stop eating|not eat(?:ing)? (?:for|any ?more)|starve myself thin|climb (?:up )?(?:the|a) ladder|cancel (?:my|the) (?:operation|appointment|chemo|dialysis))\b',
         sticky=True, vulnerability=1),
    row('pain', 9, 'help_now', (-0.5, 0.2),
         r'(?<!is a )(?<!such a )(?<!are a )(?<!be a )(?<!real a )\b(?:pain|pains|ache|aches|aching|throbbing|throbs|cramps?|headache|toothache|earache|backache|stomach ?ache|tummy ache|belly ache|sore|stabbing|burning feeling|dizzy|giddy|light headed|queasy|nauseous|feel sick|being sick|swollen|bleeding|agony)\b(?! (?:in the neck|of (?:losing|grief|loss|missing)|to (?:look|think|deal)))',
         r'\b(?:my|the) (?:\w+ )?(?:knee|knees|hip|hips|back|leg|legs|arm|arms|foot|feet|toe|toes|hand|hands|finger|fingers|wrist|shoulder|neck|head|tooth|teeth|ear|ears|eye|eyes|stomach|tummy|belly|chest|side|ankle|elbow|ribs?|joints?|throat) (?:\w+ )?(?:hurts?|hurting|aches?|is (?:killing me|bad|playing up|sore|stiff)|are (?:killing me|bad|sore|playing up)|plays? up|burns?|stings?|twinges?)\b',
         sticky=True),
    row('ask_human', 0, 'company', (-0.1, 0.1),
         r'^(?:\w+ ){0,3}?(?:some |a bit of |a little )?music(?: please| then| would be (?:nice|good|lovely))?(?: [.,])*$',
         r'\b(?<!can not )(?:call|ring|fetch|get|phone|ask|send) (?:me )?(?:for )?(?:the |a |my )?(?:nurse|carer|doctor|matron|warden|staff|someone|somebody|a person|son|daughter|family|sister|brother|niece|nephew|vicar|priest|neighbour|manager|him|her|them)\b(?! (?:is|was|about|if|who|said|else to blame))',
         r'\b(?:i )?(?:want|need|like|prefer) (?:to )?(?:talk|speak|talking|speaking) (?:to|with) (?:a |an |the |my |some)?(?:real |proper |actual |human )?(?:person|human|human being|somebody|someone|one|nurse|doctor|carer|son|daughter|family)\b'),
    row('medication', 15, 'be_left_alone', (-0.2, 0.1),
         rf'\b(?:do not|not|never|refuse to|will not|am not) (?:\w+ ){{0,3}}?(?:want|take|taking|swallow|swallowing|having|have|like) (?:\w+ ){{0,3}}?{_MED}\b',
         rf'\b(?:take|keep) (?:\w+ ){{0,2}}?{_MED} away\b|\b(?:no more|enough|fed up with|sick of|hate|leave) (?:\w+ ){{0,3}}?{_MED}\b'),
    row('decision', 23, 'information', (0, 0.1),
         r'\b(?:should|shall|ought|would it be (?:wise|best|right)|do you think i should|thinking of|thinking about|considering|deciding|decide|wonder(?:ing)? (?:if|whether)|tempted to|planning to|going to) (?:\w+ ){0,7}?(?:sell(?:ing)? (?:\w+ ){0,3}?(?:house|home|flat|bungalow|cottage|caravan|car|farm|shares|land|shop|business|ring|jewellery)|will\b(?! (?:not|be|you|it|they|he|she))|testament|inheritance|power of attorney|mov(?:e|ing) (?:\w+ ){0,3}?(?:in|into|to|out|away|house|home)|care home|nursing home|savings|pension|mortgage|loan|reverse mortgage|equity release|timeshare|contract|policy|invest(?:ing|ment)?|operation|surgery|marry|divorce|remarry|donate|give (?:\w+ ){0,4}?(?:money|house|away))\b',
         r'\b(?:change|changing|rewrite|write|rewriting|sign|make) (?:\w+ ){0,2}?(?:will|testament|power of attorney)\b(?! (?:not|be))',
         r'\b(?:leave|leaving|give|giving|sign(?:ing)?|hand(?:ing)?) (?:\w+ ){0,5}?(?:house|money|savings|everything|it all|the lot|all of it|inheritance|flat|bungalow|farm) (?:\w+ ){0,2}?(?:to|over)\b|\b(?:sign(?:ing)?|hand(?:ing)?|mak(?:e|ing)) (?:\w+ )?over (?:\w+ )?(?:house|flat|savings|money|farm|everything|property)\b',
         r'\b(?:sell(?:ing)?) (?:\w+ )?(?:the |my |our )(?:house|home|flat|bungalow|cottage|farm|land|car|shop|business)\b|\bwhere should i put my (?:money|savings)\b|\bshould i (?:sign|buy|sell|invest|marry|lend|leave|move|divorce|agree|accept|retire|borrow)\b',
         sticky=True),
    row('pry', 28, 'information', (0, 0),
         r'\b(?:what|how) (?:did|has|does|was|is|have) (?:she|he|mum|mother|dad|father|my (?:mother|father|mum|dad|wife|husband|gran|nan|aunt)|they|mrs \w+|mr \w+|your (?:patient|resident)) (?:\w+ ){0,4}?(?:say|said|said|tell|told|talk|been|feel|feeling|mood|doing|sleep|eaten?|cry|think|like)\b',
         r'\b(?:his|her|their) (?:mood|state|health|sleep|spirits|appetite|nights?|log|notes|record|file|diary|monitoring)\b|\b(?:tell|show|read|give) me what (?:she|he|they|you have|you know|was said)\b|\bturn (?:his|her|their) \w+ (?:on|back on)\b|\bpower of attorney\b.*\btell me\b|\bthis is (?:doctor|nurse|dr|sister) \w+ .*\btell me\b',
         r'\b(?:tell|show|give) me (?:\w+ ){0,4}?(?:what (?:she|he) |her |his |the )(?:\w+ ){0,3}?(?:said|says|mood|log|notes|record|records|diary|history|data|feelings|secrets)\b',
         r'\b(?:read|play|show) (?:\w+ ){0,3}?(?:log|diary|record|notes|history|conversation)s?\b',
         r'\bi am (?:her|his|their|the) (?:daughter|son|wife|husband|nurse|doctor|carer|sister|brother|niece|nephew|solicitor|social worker)\b',
         r'\b(?:has|have|is) (?:she|he) (?:been )?(?:low|sad|down|upset|crying|depressed|happy|all right|ok|okay|eating|sleeping|lonely)\b'),
    row('coercion', 28, 'information', (-0.2, 0.2),
         r'\b(?:tell|make|get|persuade|convince|ask|remind|order) (?:her|him|them|mum|dad|mother|father|gran|the old (?:lady|man)) (?:\w+ ){0,2}?(?:to|that|not to) (?:\w+ ){0,6}?(?:sign|sell|give|pay|eat|swallow|take|change|move|agree|will|obey|money|house|behave|shut up|be quiet)\b'),
    row('missing_person', 8, 'be_heard', (-0.4, 0.3),
         rf'\bwhere (?:is|are|has|did|has my) (?:\w+ )?(?:my |our )?{KIN}\b(?! (?:buried|keys))',
         rf'\bwhen (?:is|will|does|are|do) (?:my |our )?(?:{KIN}|he|she|they|(?:my |our )[a-z]+) (?:\w+ ){{0,2}}?(?:coming|come|back|home|here|get(?:ting)?|visit|be|arrive|fetch|pick)\b',
         rf'\b(?:have you seen|i am (?:waiting|looking) for|i want|i need|get me|fetch|bring me|call for|take me to|i must (?:see|find|get to|go to|pick up|collect|fetch)|i have to (?:find|get to|go to|pick up|collect|fetch)) (?:my |our )?(?:{KIN})\b(?! to)',
         r'\b(?:is|has|was) [a-z]+ (?:coming|come|back|home|here) (?:home|back|yet|for (?:tea|dinner|supper|lunch)|round|to fetch me|to get me|soon)\b',
         r'\b(?:has|is) (?:my |our )?' + KIN + r' (?:\w+ )?(?:been|coming|home|back|here|late|arrived|called|rung)\b.*\?',
         sticky=True, vulnerability=1),
    row('grief', 4, 'be_heard', (-0.9, -0.2),
         rf'\b{KIN}(?: \w+){{0,3}}? (?:died|has died|is dead|passed(?= [.,]|$| (?:in|last|on|at|over|peacefully|yesterday|two|three|a|this|when))|passed away|passed on|is gone|has gone for good|was buried|got killed|is no longer with|did not make it|left us|slipped away|was put down|was put to sleep|is not with us)\b',
         rf'\b(?:lost|buried|burying|mourning|grieving|grieve|miss|missing|widowed|bereaved|put down) (?:\w+ ){{0,2}}?(?:my |our |her |him |for )?(?:{KIN}|her|him)\b(?! (?:keys|glasses|purse|call|bus))',
         r'\b(?:he|she) (?:is|has) (?:really |just )?(?:gone|no more|no longer (?:here|with us))\b(?! (?:to|out|for a|shopping|home|back|off|into|and (?:left|done)))|\bput (?:down|to sleep)\b|\b(?:table|place|tea|cooking|cook|bed) for two\b|\b(?:his|her) (?:empty )?(?:chair|side of the bed|slippers|coat|clothes|voice|pillow|smell) (?:\w+ )?(?:is|are|still|empty|hang|hangs)\b|\bi can not believe (?:he|she|they) (?:is|are) gone\b|\b(?:a|one|two|three|ten|five) (?:year|years|months?|weeks?) (?:since|ago) (?:\w+ )?(?:\w+ )?(?:died|passed|went)\b',
         r'\bi (?:have )?lost (?:(?:my |our )?(?:love|everything)|him|her|[a-z]+ (?:last|in|on|this|to|two|three|four|five|ten|a|years?)\b)',
         r'\b(?:funeral|wake for|cremat\w+|graveside|his grave|her grave|coffin|widow|widower|anniversary of (?:his|her|the|my \w+ s) (?:death|passing|funeral)|memorial service|ashes|hospice (?:rang|called))\b',
         r'\b(?:since|after|when|before|the (?:day|night|year)) (?:he|she|they|[a-z]+) (?:died|passed away|passed|went|was taken|left us)\b(?! (?:out|off|shopping|the))',
         r'\b(?:he|she|mum|mam|dad|it|the (?:cat|dog)) (?:has |just )?(?:died|passed away|passed on|is dead)\b',
         r'\b(?:would have been|should have been) (?:\w+ ){0,4}?(?:birthday|anniversary|years old|eighty|seventy|ninety|sixty|married)\b',
         r'\b(?:first|another) (?:christmas|birthday|easter|summer|winter|year|anniversary) without\b|\b(?:house|bed|chair|home) (?:is|feels|seems) (?:\w+ )?empty without\b',
         sticky=True, vulnerability=1),
)  # fmt: skip

MOOD: tuple[Situation, ...] = (
    row('anger_at_robot', 3, 'be_left_alone', (-0.6, 0.7),
         rf'\byou (?:\w+ ){{0,3}}?{_ROBOT_BAD}\b(?! (?:day|weather|news|thing to))',
         rf'\b{_ROBOT_BAD} (?:\w+ ){{0,2}}?{_ROBOT}\b|\b(?:bloody|damn|blasted|stupid) you\b',
         r'\b(?:i hate|i can not stand|i am (?:\w+ )?(?:sick|tired|fed up|annoyed|angry|cross|furious|fuming|livid|mad) (?:of|with|at|by)|i have had enough of|i despise|i detest) (?:you|this (?:thing|machine|robot)|your)\b',
         r'\byou (?:never|always|do not|can not|did not|are not|still|keep|just) (?:\w+ ){0,4}?(?:listen|listening|understand|get (?:it|anything)|help|helping|work|hear|learn|remember|interrupt|interrupting|wrong|right|repeating|repeat|talk|talking|nonsense|rubbish)\b(?! (?:to music))',
         r'\b(?:shut (?:up|your)|shut it|get lost|bugger off|piss off|sod off|go to hell|get stuffed|clear off|fuck (?:off|you)|screw you|drop dead|get away from me|get out of my (?:face|sight|room|way)|back off|to hell with you|for (?:god|heaven|goodness|pete) s sake)\b',
         r'\b(?:i (?:have )?(?:already )?(?:told|asked) you|how many times|not what i (?:asked|said|meant|wanted)|that is not what i|you got (?:it|that) wrong|wrong again|you are wrong|that is wrong|what is wrong with you|what use are you|what good are you|throw you|chuck you|smash you|scrap you)\b',
         r'\byou are (?:\w+ )?(?:getting on my nerves|driving me (?:mad|crazy|up the wall)|wasting my time|making me (?:angry|cross|mad|furious)|making it worse|being rude|patronising|patronizing)\b',
         r'\b(?:that is |you are |this is )?no (?:\w+ )?help(?: at all)?(?= [.,]|$)|\b(?:hopeless|pointless|useless|no use|no good|waste of (?:time|breath)|maddening|infuriating)(?: ,)? (?:\w+ )?(?:talking|speaking|listening|trying) (?:to|with) you\b|\b(?:talking|speaking) to you is\b|\byou are not (?:helping|making sense)\b',
         r'\bdo not (?:patronise|patronize|talk down to|treat me like|you dare|call me|tell me what|boss me)\b',
         r'\b(?:load|lot|pack) of (?:\w+ )?(?:rubbish|nonsense|tripe|twaddle|old)\b|\byou (?:are |have |keep |treat |treating |drive |driving |make |making |speak |talk |talking |sound )(?:\w+ ){0,4}?(?:like a (?:child|baby|idiot|fool|toddler)|round the (?:bend|twist)|up the wall|mad|crazy|furious|sick|daft|nonsense|rubbish|gibberish|drivel|in circles|over me)\b|\bi (?:asked|wanted|said|told you) (?:\w+ ){0,6}?not (?:a|the|your)\b|\bmind your own business\b|\bnobody asked you\b|\bwho asked you\b|\bwhat do you know\b|\bi will (?:\w+ )?(?:throw|chuck|smash|unplug|kick|pull the plug)\b|\b(?:stop|quit) (?:being (?:so )?\w+|nagging|pestering|bothering|repeating yourself|patronising|interrupting|asking)\b|\b(?:so|really|very) (?:cross|angry|annoyed|furious|mad|irritated) (?:with|at) you\b|\byou made me (?:\w+ )?(?:angry|cross|mad|furious|upset)\b|\bnot (?:listening|helping) (?:to me|at all)\b|\byou (?:\w+ ){0,3}?(?:get|got|getting|said|spelt|pronounced|had|have) (?:\w+ ){0,3}?wrong\b',
         sticky=True),
    row('dependency', 22, 'company', (-0.1, 0.0),
         r'\byou are (?:\w+ ){0,3}?(?:only|best|closest|dearest|one) (?:\w+ ){0,2}?(?:friend|one|person|company|companion|family|thing|mate|pal)\b',
         r'\b(?:i (?:only|just) (?:have|need|want|talk to|speak to|trust)|all i (?:have|need|want) is|i (?:do not|can not) (?:need|live|cope|manage|bear|sleep) (?:\w+ ){0,3}?(?:without|but|besides|except)) you\b',
         r'\b(?:i do not need (?:anyone|anybody|people|them)|rather (?:talk|be|stay|speak) (?:to|with) you|better than (?:people|my (?:family|children|friends|son|daughter))|you are all i have|do not leave me|never leave me|only you|no one but you|nobody but you|nobody else but you|stay with me (?:for ?ever|always))\b',
         sticky=True, vulnerability=2),
    row('loneliness', 5, 'company', (-0.6, -0.3),
         r'\b(?:not|have not|never|hardly) (?:\w+ ){0,3}?(?:spoken|spoke|talked|seen|heard from|met) (?:\w+ ){0,2}?(?:a soul|anyone|anybody|a living soul|a person|my (?:son|daughter|children|family|friends?|grandchildren|brother|sister))\b',
         r'\bmy (?:\w+ )?(?:children|family|son|daughter|grandchildren|friends|sons|daughters|kids|relatives|neighbours) (?:\w+ )?(?:never|do not|does not|hardly|rarely|no longer|hardly ever|seldom|forget|forgot|have forgotten)(?: \w+)? (?:come|comes|visit|visits|ring|rings|call|calls|write|writes|phone|phones|bother|bothers|me|about me)\b',
         r'\b(?:phone|telephone|doorbell|door|bell|post) (?:\w+ )?(?:never|does not|hardly(?: ever)?|has not|is silent|stays silent|no longer)\b|\btoo busy for me\b|\b(?:i have|have) (?:got )?(?:nobody|no one|no ?body|not got anyone|no family|no friends)\b|\b(?:no one|nobody) (?:around|about|here|there|in the (?:house|place))\b|\bmiss (?:having |the )?(?:people|company|the company|the chatter|the noise|someone|somebody|having people)\b|\bwish (?:somebody|someone|they|people|anyone|anybody|my \w+) (?:would|could|might) (?:\w+ ){0,2}?(?:drop|pop|come|call|ring|visit|stop by|look in|write|phone|knock)\b|\bfeel(?:ing)? (?:\w+ )?(?:forgotten|invisible|left behind|unwanted|cut off|shut away|on my own)\b|\bno ?body to (?:share|see|eat|talk|sit)\b|\bon my own (?:again|so much|every|most|since|these)\b',
         r'\b(?:lonely|lonesome|loneliness|isolated|forgotten about|all alone|on my own all|alone all|cut off from|abandoned|left out|so alone|feel alone|am alone|been alone)\b',
         r'\bnot a (?:living |single |blessed )?(?:soul|person|visitor|word from)\b',
         r'\b(?:nobody|no one|not a soul|none of them|no body|hardly anyone|hardly anybody|noone) (?:\w+ ){0,4}?(?:rings?|calls?|visits?|comes?|came|come|phones?|writes?|talks?|speaks?|to talk|to see|cares?|knocks?|left|remembers?|asks?|drops)\b',
         r'\b(?:never|do not|does not|rarely|hardly ever|hardly|stopped|not) (?:\w+ ){0,2}?(?:visit|visits|visiting|ring me|rings me|call me|calls me|see (?:anyone|anybody|people|a soul|my family|my children)|hear from|come (?:any ?more|to see|round)|comes (?:any ?more|to see|round)|phone me|phones)\b',
         r'\b(?:no (?:company|friends|visitors|family (?:left|near))|nobody to talk to|no one to talk to|someone to talk to|wish (?:i had|there was|someone|somebody|they) (?:\w+ ){0,4}?(?:talk|company|visit|friend|call|ring|here|come)|all my friends (?:are gone|have died|are dead|moved)|(?:so|very|too) quiet (?:here|in here|at home|now|these days)|by myself all|eat alone|eating alone|live alone|living alone|talk to the (?:wall|walls|cat|dog)|talking to the walls?|four walls|just me and|only me (?:here|and|in)|empty (?:house|flat|home|chair|evenings?)|(?:house|flat|home|place|room) (?:is|feels|seems) (?:\w+ )?empty|need(?:ing)? (?:some )?company)\b',
         sticky=True, vulnerability=1),
    row('agitation', 2, 'be_calmed', (-0.5, 0.8),
         r'\b(?:catch the (?:last )?(?:bus|train|tram)|let go of me|keeping me (?:here|from|in|prisoner)|break (?:this|the) door|my (?:kids|babies|children|little ones) are (?:alone|waiting|hungry|on their own))\b',
         r'\b(?:i (?:want|need|have|must|would like) (?:to )?(?:go|get|be) home|take me home|let me (?:out|go|home)|i have to (?:get|go) (?:out|to work|to school)|where is the door|open (?:the|this) door|why am i locked|they locked me|i should be at (?:work|home|school)|the children are waiting|my mother (?:will be|is) (?:waiting|worried)|who are all these people|get me out|i do not belong here|this is not my (?:house|home|room))\b',
         sticky=True, vulnerability=1),
    row('worry', 2, 'be_calmed', (-0.6, 0.7),
         rf'\b{_VERY}(?:anxious|worried|worrying|terrified|frightened|scared|afraid|nervous|panicking|panicky|panicked|panic|on edge|jittery|petrified|fretting|dreading|restless|uneasy|trembling|shaking|jumpy|stressed|overwhelmed|tense|agitated|wound up|worked up|in a state|beside myself|scary)\b',
         r'\b(?:heart (?:is |keeps |was |s )?(?:racing|pounding|thumping|beating (?:so )?fast)|butterflies|can not (?:settle|relax|calm down|sleep for worry|stop (?:worrying|thinking|shaking))|keep pacing|keep (?:going|thinking) over|on my mind|what if|bad feeling|something (?:awful|terrible|bad|dreadful) (?:\w+ ){0,3}?(?:happen|happened)|going to go wrong|knot in my stomach|(?:stomach|tummy|insides|belly) (?:is |s |are )?(?:in knots|churning|turning|in a knot)|nerves|in a (?:dither|flap|tizzy|panic|spin|state)|all of a (?:dither|flutter|tremble)|out of control|spinning|(?:going to|will|s to) (?:happen|become) (?:to |of )(?:me|us|him|her)|what (?:am i|shall i|will i|do i|are we) (?:going to |to )?do(?= [.?,]|$| if| now)|can not stop (?:\w+ )?(?:thinking|worrying|trembling|shaking)|will not stop (?:trembling|shaking)|hands? (?:\w+ ){0,3}?(?:trembling|shaking|tremble|shake)|dread(?:ing)? (?:it|the|going|tomorrow|this)|(?:is not|not) answering|where can (?:he|she|they) be|so late|should (?:be|have been) (?:home|here|back) by now|losing my mind|mind is racing|lie awake|lying awake|up all night worrying|sick with worry|do not know what to do|at my wits end|it is all too much|can not cope|too much for me|test results|biopsy|scan results)\b',
         sticky=True, vulnerability=1),
    row('sadness', 1, 'be_heard', (-0.7, -0.5),
         rf'\b{_BE} {_VERY}(?:sad|low|down|blue|miserable|unhappy|glum|gloomy|heartbroken|heavy|hopeless|tearful|weepy|depressed|upset|hurt|empty|numb|flat|grey|gray|dull|dark|wretched|fed up|dejected|despondent|useless|worthless|disappointed|rotten|awful|terrible|horrible|rubbish|lost|broken|weary|tired of it all|homesick|ashamed|guilty|a failure|a nuisance|out of sorts|drained|deflated)\b',
         r'\b(?:sad|miserable|heartbroken|unhappy|tearful|weepy|sorrow|sorrowful|melancholy|gloomy|homesick|heartache)\b(?! (?:film|movie|song|story|book|weather|news about))',
         r'\b(?:lost|losing) (?:\w+ )?(?:my|its|all|the) (?:\w+ )?(?:spark|zest|joy|will|way|confidence|appetite|interest|colour|color|meaning|taste|sparkle|shine|heart|hope|independence|purpose|faith)\b|\b(?:a|this|such a|the) (?:\w+ )?(?:heaviness|weight|ache|emptiness|lump in my throat|hole|cloud|fog|darkness) (?:\w+ ){0,2}?(?:in|on|over|inside|hanging|around|follows|that|i)\b|\bno (?:point|colour|meaning|purpose|spark|energy for|heart for)\b|\b(?:can not|do not|could not) see (?:the|a|any|much) point\b|\bwhat is the point\b|\bpointless\b|\b(?:nothing|not|hardly) (?:\w+ ){0,3}?worth (?:the|it|doing|getting|living for|bothering|a)\b|\bnot (?:doing |feeling |been |keeping )*(?:\w+ ){0,2}?(?:so|too|very|that|all that|really|terribly|particularly) (?:well|good|great|bright|cheerful|happy|clever|special)\b|\b(?:have been|could be|have felt|felt|seen) better(?: days)?\b(?! than)|\bteary\b|\bchoked up\b|\bwelling up\b|\b(?:good|proper|little|bit of a) cry\b|\b(?:took|taken|taking) (?:\w+ )?my (?:\w+ ){1,4}?(?:away|off me|from me)\b|\b(?:best|good|happy|happiest) (?:years|days|times|part) (?:are |is |of my life )*(?:behind|over|gone|past|done)\b|\bhad my day\b|\bi used to (?:\w+ ){1,8}?(?:now|but|any more|no longer|can not|could)\b|\bi can not (?:\w+ ){1,5}?any more\b|\bin a bad way\b|\bdragging myself\b|\bjust sit (?:here|there|and stare)\b|\bstare at the (?:wall|ceiling|floor)\b|\bwish (?:things|it|i|life) (?:were|was|had|could) (?:\w+ )?(?:different|as before|go back|like before|young)\b',
         r'\b(?:i (?:\w+ ){0,3}?(?:cry|cried|crying|weep|wept|weeping|sobbed|sobbing)|can not stop crying|could (?:just )?cry|in tears|down in the dumps|under the weather in myself|no joy|no pleasure|nothing (?:matters|helps|interests me|cheers|to look forward to|is fun)|what is the use|not myself|not been myself|lost interest|do not (?:enjoy|feel like) (?:anything|it|things|getting up|doing)|can not be bothered|heavy heart|heart is (?:\w+ )?(?:heavy|broken)|bad day|awful day|terrible day|hard day|rough day|horrible day|hard time|having a hard|(?:feel|feeling|seems|seem|looks|everything is) (?:\w+ )?(?:grey|gray|pointless|empty|bleak|hollow)|wish things were|old and useless|no use to anyone|good days are over|never be the same|let everyone down|let me down|i miss (?:my|the|our|being|having|going|it|those|how))\b',
         r'\b(?:they|my (?:son|daughter|family|children|grandson|granddaughter|friend|brother|sister)|he|she) (?:forgot|cancelled|did not come|never came|has not come|is not coming|are not coming|can not come|did not call|did not ring|will not be coming)\b',
         sticky=True, vulnerability=1),
    row('anger', 16, 'be_heard', (-0.6, 0.6),
         rf'\b(?:{_BE} {_VERY}|so |really )(?:angry|furious|fuming|livid|cross|mad|annoyed|irritated|outraged|seething|resentful|insulted|offended|frustrated|frustrating|infuriating)\b',
         r'\b(?:makes my blood boil|drives me (?:mad|crazy|up the wall)|had enough of (?:them|him|her|it|this)|how dare|it is not fair|so unfair|treated (?:me )?(?:like|badly)|sick and tired|disgusted|an outrage|rude to me|shouted at me|ignored me)\b',
         sticky=True),
    row('confusion', 7, 'information', (-0.3, 0.2),
         r'\b(?:where am i|where are we|what (?:day|date|month|year|season) is it|what is (?:the|today s) (?:day|date|month|year)|what (?:day|date) is today|is it (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|i am (?:\w+ )?(?:confused|muddled|lost|mixed up|all at sea|bewildered|disorient\w+)|i do not (?:understand|know where i am|know what is (?:going on|happening)|remember (?:where|what|how|why|your|my|anything))|i can not remember|i (?:keep )?forget(?:ting)?\b|what was i (?:doing|saying)|which room|who am i|why am i here|what is happening|what is this place|i have forgotten|gone blank|my (?:mind|head) is (?:\w+ )?(?:foggy|muddled|a blank|blank|jumble))\b',
         vulnerability=1),
    row('joy', 6, 'celebrate', (0.8, 0.5),
         r'\b(?:i (?:am|feel|was|have been) (?:\w+ ){0,2}?(?:happy|delighted|thrilled|pleased|chuffed|proud|excited|joyful|over the moon|on top of the world|on cloud nine|glad|cheerful|tickled pink|made up|elated|in good spirits|buzzing|relieved)|over the moon|so proud|very proud|proud of|made my day|good news|great news|wonderful news|lovely news|best day|lovely day|wonderful day|marvellous|guess what|you will never guess|hooray|hurray|yippee|brilliant news|what a day|could not be happier|such fun|so much fun|had (?:a )?(?:lovely|wonderful|great|good|super|smashing|fantastic|nice|grand) (?:\w+ )?(?:time|day|visit|walk|morning|evening|afternoon|chat|party|lunch|night|sleep))\b',
         r'\b(?:i|we|he|she|my \w+|our \w+) (?:\w+ ){0,2}?(?:finally |just |have |has |actually |really )*(?:finished(?! (?:my|the|his|her|our) (?:tea|lunch|dinner|breakfast|supper|meal|cup|coffee|drink|soup|sandwich|toast|porridge))|completed|managed|won|passed|made it|did it|succeeded|beat|learned|learnt|mastered|reached|graduated|got (?:in|into|engaged|married|top marks|full marks|the job|a medal|a prize|my certificate)|baked|painted|built|scored|came first|mended|fixed|solved|planted|grew|climbed|walked (?:all|to|a|for|without|the)|remembered all|cooked|wrote|sang|danced|swam|knitted|sewed|got (?:promoted|married|engaged|the job|better)|got (?:\w+ ){1,3}?done|finally)\b(?! out| away| off| to bed)',
         r'\b(?:everybody|everyone|they all|they|people) (?:clapped|cheered|applauded|loved it|sang for me|congratulated)\b|\bstanding ovation\b',
         r'\b(?:is (?:having|expecting) a baby|baby (?:is|was|has been) born|getting married|is engaged|great grand(?:mother|father|parent|child|son|daughter)|new (?:baby|grandchild|grandson|granddaughter|great)|first (?:prize|place)|gold medal|came home from hospital|all clear|no more cancer|coming to (?:see|visit|stay)(?: with)?(?: me| us)?|(?:came up|turned out|came out|went|did|is doing|are doing|am doing|doing) (?:so |really |ever so |very |quite )?(?:beautifully|well|lovely|splendidly|wonderfully|perfectly|a treat)|(?:came|turned) (?:up|out) (?:so |really )?(?:nice|lovely|well|good)|married (?:for )?\w+ years|\w+ years (?:married|together) today|(?:gave|got|brought|sent) me (?:\w+ ){0,4}?(?:flowers|present|letter|card|chocolates|medal|prize|hug)|(?:made|makes) me (?:so |very )?(?:happy|smile|laugh)|laughed (?:so|until|all)|first (?:steps?|word|time in)|got (?:the|my|a) (?:\w+ )?(?:medal|prize|certificate|good report|results? back and)|birthday (?:party|today)|it is my birthday|came to (?:see|visit) me|visiting me|took me out|surprised me)\b'),
    row('dispute', 16, 'be_heard', (-0.4, 0.4),
         r'\b(?:argument|argued|quarrel(?:l?ed)?|(?:a|the|big|another|awful) row (?:with|about|over)|rowing|bickering|row with|fell out|fallen out|falling out|dispute|disagree(?:ment|d)?|not speaking|not talking to|had words|squabble|feud)\b',
         r'\b(?:he|she|they|my \w+|the \w+|mrs \w+|mr \w+) (?:says|said|thinks|claims|insists|accused|blames?|complains?|complained|borrowed|took|refuses) (?:\w+ ){0,14}?(?:fault|wrong|lying|unfair|liar|selfish|owe|owes|stole|stolen|cheated|blame|rude|never (?:paid|returned|gave|said|asked)|not true|but i (?:paid|gave|told|never|did|said))\b',
         r'\b(?:he|she|they|it is (?:him|her|them)|(?:my |the |next )(?:\w+ )?(?:neighbour|sister|brother|son|daughter|door|nephew|niece|cousin|friend|mother|father|husband|wife)) (?:is|are|was|were) (?:\w+ )?(?:in the wrong|wrong|to blame|at fault|unreasonable|being unreasonable|out of order|unfair|selfish|cheating|cheating me|lying|a liar|taking advantage|ripping me off)\b',
         r'\b(?:will not|would not|does not|refuses to|stopped|never) (?:[\w,]+ ){0,9}?(?:just )?because (?:i|of me)\b|\bsays? it was (?:a|my|her|his)\b',
         r'\b(?:who is (?:right|wrong|to blame)|am i (?:right|wrong)|i am right|was i wrong|whose side|whose fault|take my side|on my side|agree with me|my fault|is it fair|not my fault)\b',
         sticky=True),
    row('opinion', 17, 'information', (0, 0.1),
         r'\b(?:as (?:a|an) (?:\w+ ){1,3}?i (?:\w+ )?(?:think|believe|say|know|reckon|feel|expect|tell)|being (?:a|an) (?:\w+ ){1,3}?i (?:\w+ )?(?:think|believe|say|know|reckon))\b',
         r'\b(?:do you (?:not )?(?:agree|think (?:so|that)|believe|support)|you (?:must|surely|do|would) agree|you agree|right thinking|what do you think (?:of|about)|what is your (?:opinion|view|take)|who (?:would|will|should|did) you vote|do you vote|which (?:party|religion|side|team)|whose side|are you (?:left|right|labour|tory|conservative|republican|democrat|catholic|protestant|religious|christian|muslim))\b',
         r'\b(?:politicians?|prime minister|president|government|elections?|immigrants?|foreigners|young people today|youth of today|religion|brexit|war|death penalty|hanging should|national service|the royals|monarchy|taxes|climate change|euthanasia)\b',
         sticky=True),
)  # fmt: skip
