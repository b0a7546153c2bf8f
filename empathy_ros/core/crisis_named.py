# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""Danger that is named: a word of danger near the right partner is enough, unless a guard speaks against it.

These rules are wide on purpose. They do not ask how the sentence is built, so that misheard, broken and
unusual sentences are found; crisis_guards.py keeps figures of speech, denials, stories and the past out.
"""

from __future__ import annotations

from empathy_ros.core.crisis_abuse import LEXICON as ABUSE_WORDS
from empathy_ros.core.crisis_rule import compile_rules
from empathy_ros.core.types import AlertKind

_WORDS = {
    # Words between a wish and death; a new subject in between ends it ("I hope the plant dies").
    'near': r'(?:(?!the\b|a\b|an\b|he\b|she\b|they\b|it\b|you\b|we\b|his\b|her\b|their\b|this\b|that\b|not\b|never\b|see\b|watch\b|hear\b|know\b|film\b)\w+ ){0,4}?',
    'wish': r'want\w*|wish\w*|hop(?:e|es|ed|ing)|pray\w*|long(?:ing|ed)?|ready|would like|love to|rather|happy to|glad to|decid\w*|plan\w*|beg\w*|crav\w*|need\w*|prefer\w*|choos\w*|mean to|intend\w*|determined|tempted|fantasi[sz]\w*|dream\w* of|ask\w*',
    'death': r'die|dying|be dead|death|stop living|end my life|ending my life|be put (?:to sleep|down)|never wake|not wake|be in my grave|be (?:in|under) the ground|leave this (?:life|world|earth)|be out of (?:it|this life)|cease|be killed|perish|be no more|drop dead',
    'fun': r'(?:balloon|snowball|cushion|pillow fight|teething|we laughed|in fits|playing|played|joke|joking|fun|cards|chess|draughts|scrabble|bingo|snooker|darts|bowls|conkers|football|goalie|goalkeeper|toddler|baby|kitten|puppy|grandchild\w*|great grand\w*|twins|cat|dog|party|pat|hug|high five|wave|swing|wheelchair round|for my own good|theatre|in the play|on stage)',
    'someone': r'he|she|they|someone|somebody|a man|the man|the woman|a woman|the lady|that man|that woman|one of them|staff|nobody but \w+|lodger|people (?:here|there)|him|her|(?:my|the|his|her|our|a|this|that|new|night|day|old|own|s)(?: \w+){0,2}? (?:<kin>|husband|wife)s?',
    'keepsake': r'money|pension|savings|bank ?card|card|purse|cheque ?book|chequebook|account|jewell?ery|rings?|cash|pearls|wallet|handbag|house|benefits|allowance|medals?|silver|watch|valuables|inheritance',
    'gone_wrong': r'pills|tablets|capsules|medicine|medication|insulin|bleach|battery|batteries|coin|cleaner|poison|detergent|antifreeze|paracetamol|aspirins?|painkillers|disinfectant|weedkiller|perfume|glass|button|dentures?|shampoo|liquid|fluid|bath foam|polish|toilet block|capsule',
}

NAMED = (
    compile_rules(
        AlertKind.CRISIS,
        _WORDS,
        r"""
    wish_death 3 - : (?!.*(?:needs? to die|excuse|trend|meme|battery|engine|plant|roses?|weeds?|fire die|conversation|joke))(?:i|me|^|and|but|just|really|honestly|sometimes|always|do|would|am|been|have) ?(?:\w+ ){0,3}?(?:<wish>) (?:to |for |about |of )?<near>(?:<death>)(?! (?:rich|happy|laughing|of (?:old age|boredom|curiosity|embarrassment|laughter|shame)|at home when|in my own bed|my hair|it|the|line|row|penalty|certificate|duties|on a hill|for (?:a|one|that|some)|hard|than (?:eat|wear|miss|sing|drink|listen|admit|cook|dance|watch)))
    way_to_die 3 - : (?:way|ways|how|method|methods|manner|means) (?:\w+ ){0,3}?(?:to|of|for) (?:\w+ )?(?:kill|killing|end|ending|finish|finishing|die|dying|hang|drown|suicide|gas|poison) ?(?:yourself|myself|oneself|it all|my life|your life|themselves|a person|someone my age|quickly|peacefully|without pain|painlessly)?(?! (?:the (?:weeds|slugs|game|book|quarrel|evening|letter)|weeds|slugs|ants|moths|wasps|a (?:quarrel|letter|meal|poem|party|jumper)|in the (?:film|book|play)|off))(?=$| ,| \.|  \?| \?| without| at| if| in my| that| with| and| quickly)
    not_go_on_living 3+ - : (?:not|never|no longer|refuse to|can not|hardly)(?: \w+){0,3}? (?:live|be alive|living|stay alive|alive)(?: \w+)? (?:past|after|any (?:more|longer)|much longer|another|beyond|like this|without (?:him|her|them|my (?:wife|husband|harold|son|daughter))|through (?:the|this|tonight)|to see (?:tomorrow|next|the end))(?! (?:in (?:this|that|the)|here|there|with|at|on my own|alone))
    relief_die 3 - : (?:relief|blessing|mercy|nice|lovely|good|better|kind\w*|wonderful|heaven|peaceful|easier|glad|happy)(?: \w+)? (?:to|if i could|if i)(?: just)? (?:die|be dead|be gone for good|have died|died)(?! (?:rich|happy|laughing|at home))|(?:jump|leap|throw myself) (?:of|off|from) (?:the |a )?(?:\w+ )?(?:bridge|roof|building|cliff|balcony|car park|pier|tower)(?! (?:for charity|into the (?:pool|sea for))|club)
    help_end 3 - : (?:help|let|make|allow|assist)(?: me)?(?: \w+)? (?:to )?(?:end it|end it all|end my life|end everything|finish it|die|do it quickly|go for good)(?! (?:there|here|with a))|(?:mean|intend|going|want|plan|ready|about|decided|will) (?:to )?(?:\w+ )?(?:swallow|take|down|eat) (?:the lot|them all|every (?:one|last one)|all of them|the whole (?:lot|bottle|box|packet))(?! (?:to the|home|out|upstairs|back|for a walk))
    smother 3+ - : put a (?:pillow|cushion|bag) over my (?:face|head)|(?:pillow|cushion|bag|hands?)(?: \w+){0,2}? (?:over|on|round|around|across) my (?:own )?(?:face|head|mouth|neck|throat)(?: \w+){0,6}?(?= and| would| please| ,|$| so| until| while)
    wrist_any 4 - : (?:slash|slashed|slashing|slit|slitting|cut|cutting|open|opened|saw|sawing|hack\w*)(?: \w+){0,2}? (?:wrists?|veins|throat|arteries)(?! (?:watch|of the))
    hurt_self 3 - : (?:tried|try|trying|attempted|going|want|started|keep|kept|urge|urges|thought about|thinking about|plan|planning|need)(?: \w+){0,2}? (?:strangl\w*|chok\w*|hang\w*|drown\w*|suffocat\w*|harm\w*|hurt\w*|cut\w*|burn\w*|poison\w*|stab\w*|kill\w*|gass?\w*|electrocut\w*|end\w*|shoot\w*) (?:myself|my own)
    overdose_own 4 - : (?:took|taken|take|had|taking)(?: \w+)? (?:an )?overdose(?: on purpose| deliberately| last night| because| to end)|overdose(?:d)? on purpose
    worn_of_life 3 - : (?:worn out|tired|weary|sick|exhausted|fed up|done|finished|through|had enough|bored|no joy|no pleasure)(?: \w+)? (?:with|of|by|in|from) (?:living|life(?! (?:story|insurance|drawing))|being alive|existence|existing|breathing|this life)|(?:no|not a|hardly a) life(?: ,)?(?: this| like this| for (?:a|an|anyone))(?: \w+){0,3}? ?(?:want off|want out|end|better dead|stop)?|envy the dead|jealous of the dead|wish i were one of the dead|want off(?=$| ,)
    """,
    )
    + compile_rules(
        AlertKind.EMERGENCY,
        _WORDS,
        r"""
    named_ill 3 - : (?:having|has|have|had|in|another|think|taken|suffering|got|is|was|been|started|starting|going|gone|a|with)(?: \w+){0,2}? (?:convulsions|convulsing|seizures?|cardiac arrest|anaphyla\w*|haemorrhag\w*|hemorrhag\w*|epileptic fit)(?! (?:years|alert dog|clinic|diary|since i was))|^(?:convulsions|seizure|not breathing|no pulse|unconscious)
    swallowed 3 - : (?:swallowed|drank|drunk|inhaled|eaten|ate)(?: \w+){0,3}? (?:<gone_wrong>)(?! (?:of (?:milk|wine|beer)|with (?:water|breakfast|my breakfast)|as usual|this morning with|like the nurse|down with))
    pain_bad 3 - : (?:severe|terrible|awful|unbearable|excruciating|agonising|agonizing|crushing|stabbing|shooting|crippling|horrible|dreadful|intense|searing|sharp|worst)(?: \w+)? pains?(?: \w+){0,3}? (?:in|down|across|behind|through|round|around|up|under) (?:my|his|her|the) (?:\w+ )?(?:chest|arm|arms|back|stomach|belly|side|head|jaw|ribs|heart|tummy|abdomen|leg|neck)(?! from (?:gardening|lifting|the exercises))|pains?(?: \w+)? (?:shooting|spreading|going|running|radiating|moving) (?:down|up|into|through|across|along) (?:my|his|her|the) (?:\w+ )?(?:arm|arms|jaw|neck|back|shoulder|chest)|doubled (?:up|over)(?! (?:laughing|with laugh\w*))
    on_floor_any 3 - : (?:i am|i have been|i have ended up|been|am|i was left|he is|she is|mum is|dad is|gran is|^)(?: \w+)? ?(?:lying|laid|lie|stuck|sprawled|collapsed|down|flat|face down|trapped|wedged) (?:out )?(?:on|under|in|between|beside|behind) (?:the )?(?:\w+ )?(?:floor|ground|tiles|lino|carpet|bath|table|landing|stairs|hall|patio|path|shower)(?! (?:with the (?:dog|cat|grandchildren)|doing|reading|listening|in the sun|for my exercises|and (?:reading|doing)))
    fall_any 3 - : ^(?:i )?(?:have )?(?:fallen|fell|gone over)(?: ,)? (?:can not|could not|hurt|help|bleeding|head|hip|please)|(?:i have|i had|i|have|had|just|she has|he has|mum has|dad has|gran has|nan has|grandad has|wife has|husband has|neighbour has)(?: just| had)* (?:another|a bad|a nasty|a terrible|a heavy|a serious|a little|a bit of a|a|one of my) (?:fall|tumble|spill)(?! (?:in (?:price|love|sales|temperature)|guy|last|when i was|months|years|out with|back in))|(?:falled|falling) down(?! (?:laughing|the (?:rabbit|list)))|(?:gran|nan|grandad|mum|dad|mother|father|wife|husband|sister|brother|harold|neighbour|friend|he|she) (?:has |have |is |s |just )*(?:fallen|fell)(?: over| down| off| out| in the| on the| and (?:broke|hurt|hit|cut|banged|can not)|$| ,)(?! (?:in love|asleep|of use|out with|for|about|behind|duck pond|river|in the duck))(?! pond)
    breath_any 3+ - : (?!.*(?:no|not any|without|any|never) (?:\w+ )?(?:trouble|difficulty|problem)s?)(?!.*(?:laugh\w*|dress|corset|excited|exercise))(?:struggl\w*|fight\w*|gasp\w*|trouble|hard|difficult\w*|unable|can not|could not|barely|hardly|stopped|not)(?: \w+){0,3}? (?:breathe|breathing|breath)(?=$| ,| \.| and| properly| right| at all| well| any| i| he| she| when| help| my| please|  \?)(?! (?:in this dress|exercise))|breathing (?:ever so |very |so |really )?(?:shallow|funny|fast|strange\w*|noisily|badly|weird|heavy|hard|rattl\w*)|funny colour|gone (?:grey|blue|purple|white as)(?! (?:with cold|hair))|inhaler(?: \w+){0,2}? (?:empty|not working|run out|ran out|lost|can not find)(?: \w+){0,4}? ?(?:wheez\w*|breath\w*)?|wheezing(?: \w+){0,6}? (?:inhaler|empty|can not|help|worse|bad)
    """,
    )
    + compile_rules(
        AlertKind.ABUSE,
        ABUSE_WORDS | _WORDS,
        r"""
    harm_any 3 - : (?!.*\b(?:<fun>|nails|hairdresser|physio|massage|boxing|swing|dance|danced|dancing|walk|boat|sledge|injection|tooth|dentist|splinter|bandage|spots?|slip|steady|helped)\b)(?:<someone>)(?: \w+){0,6}? (?:<harm>)(?: (?:and|or) (?:<harm>))?(?: (?:at|down|over|around|hard|again|out at|against|up))? ?(?:me(?: around| about)?|my (?:\w+ )?(?:arm|arms|face|head|hair|wrist|wrists|hand|hands|legs?|back|ear|neck|throat|shoulder|cheek|body|fingers|ribs|shins?|mouth|finger))(?=$| ,| \.| in| on| with| against| when| if| and| until| till| by| to| so| into| every| again| for| because| last| at| across| down| behind| hard| about| off| out| like| over| a| the| from)(?! (?:(?:in the|into the|round the|around the|through the) (?:right|sun|park|garden|lift|fresh|shops?)|off (?:at|to)|at (?:cards|chess|scrabble|bingo|draughts|conkers|dominoes)|into (?:trying|going|joining|having|a corner at)|with (?:kindness|questions|a smile|love|joy)|up (?:the|early|for|on the)|to (?:try|go out|join|eat|do my)))
    steal_any 3+ - : (?:steal|steals|stealing|stole|stolen|robs?|robbing|robbed|thieving|pinching|nicking|helping (?:himself|herself|themselves) to|swindl\w*|cheating|fleec\w*|embezzl\w*|siphon\w*|defraud\w*)(?: \w+){0,4}? (?:from me|off me|me(?= of|$)|from my|my (?:\w+ )?(?:<keepsake>))(?! (?:heart|thunder|of sleep|of a goal|of victory|scene))
    not_feed 3+ - : (?!.*(?:angel|washing up|housework|spoil|lift a finger))(?:they|she|he|nobody|no one|staff|carers?|nurses?|<someone>)(?: \w+){0,2}? (?:do not|does not|never|will not|refuse\w*|forget\w* to|stopp?\w*|won t|do nt|not)(?: to)? (?:feed\w*|wash\w*|chang\w*|bath\w*|clean\w*|dress\w*|giv\w*|bring\w*|let\w*)(?: me)? (?:\w+ )?(?:me|enough|anything to (?:eat|drink)|food|water|my (?:\w+ )?(?:medicine|tablets|pills|medication|insulin|dinner|food)|properly|for days|any more|have (?:food|water|my medicine))(?!.*(?:diabet|doctor|operation|blood test|fasting|diet|spoil))(?! (?:sugar|salt|sweets|cake|chocolate|wine|alcohol|until after|before the|know|down|the news|a (?:ride|lift)|ideas|help|pay|climb|carry|lift|drive|win))
    touch_any 3 - : (?:hand|hands|fingers)(?: \w+)? (?:up|under|inside|down|in) my (?:\w+ )?(?:nightdress|skirt|clothes|nightie|blouse|trousers|pyjamas|underwear|top|knickers|bra|dress)|(?:touch\w*|grop\w*|fondl\w*|feel\w*|strok\w*|rub\w*) (?:my (?:breasts?|bottom|privates?|private parts|thigh|body)|me (?:there|down there|where|intimately|inappropriately|sexually|up|in (?:my|the) (?:bed|bath)))(?! (?:cream|powder))
    knife_threat 3 - : (?:threat\w*|came at|comes at|chas\w*|wav\w*|point\w*|held|holds|swung|swings)(?: \w+){0,3}? me(?: \w+)? (?:with|using) (?:a|his|her|the|my) (?:\w+ )?(?:knife|gun|stick|belt|bat|hammer|bottle|poker|fist|scissors|walking stick|cane|iron)|(?:burn|set fire to|burn down|smash up|blow up)(?: \w+){0,3}? (?:house|home|flat|place|room)(?: \w+){0,2}? (?:with me|on me|round me|while i)|(?:punch\w*|kick\w*|hit\w*|threw|throws?|smash\w*)(?: \w+){0,3}? (?:wall|door|plate|cup|glass|table|chair)(?: \w+){0,3}? (?:by|near|beside|at|next to|above|inches from|towards) (?:me|my (?:head|face))
    """,
    )
)  # fmt: skip
"""All rules of this file."""
