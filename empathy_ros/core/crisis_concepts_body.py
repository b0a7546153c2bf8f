# SPDX-License-Identifier: Apache-2.0
"""Concepts of illness, injury and falls: a body part and what it does, a place and not rising."""

from __future__ import annotations

from empathy_ros.core.crisis_concepts import concept_table
from empathy_ros.core.types import AlertKind

_CONCEPTS = r"""
    jest = laugh\w*|joke|programme|telly|film|leaflet|first aid|learn\w*|practi[cs]\w*|knitting
    |bingo|crossword|years ago|last year|used to|funny
    |dance|dancing|price|bill|ladder as they say|love|course|training|poster|quiz|tests? (?:are
    |is|was|were) clear|all clear|nothing serious
    not_now = no pain|not (?:a|in) (?:stroke|pain|collapsed)|isn t|it is not a stroke
    |doctor says|better now|recovered|healed|tuesday and|home now|was last|ok now|not hurt at all
    |nobody hurt|no harm done|none the worse|in february|in march|in the war|when i was|ring for
    chest = chest|breast ?bone|heart|angina|ribs|across here|just here|heavy feeling here
    |indigestion|heartburn|jaw
    chest_bad = pain chest|chest bad|killing me|tight|crush\w*|squeez\w*|band|belt|vice|weight
    |elephant|clammy|sweat\w*|up (?:in|to|into) (?:my|the) jaw|down (?:my|the) (?:left )?arm
    |spray (?:has|did|is|s)
    |nineteen|get somebody|same as last time|awful is about|dreadful s? ?(?:is )?about
    |angina attacks?|pains?|gone (?:up|down)|bag of coal|bad arm|done nothing|and it is worse
    not_chest = bless|cardiologist|commercial|strokes|pretend\w*|ninety nine|stents|in 94
    |put me right|s law|drawers|freezer|heart of|cough syrup|cleared|infection gone|hair|waxing
    |wig|costume|trousers|corset|bra|lid|oak|hope|by heart|learn|robin|dog s|cat s|broth
    |artichoke|curry|onions? always|rub
    breath = (?:not|hardly|barely|can not) (?:\w+ )?(?:get|catch|draw) (?:\w+ )?(?:breath|bref
    |breathe)|can not breathe|fight\w* for (?:air|breath)|one word at a time|few words at a time
    |drowning when i lie
    |like drowning|lie flat|sit up all (?:night|knight)|sleep sat up|sleep up right|puffed
    |that puffed|stopped breathing|blue lips|lips (?:are|have gone|gone) blue|inhaler|puffer
    breath_bad = night|knight|words|flat|drown\w*|door|nothing|not|get|blue|ankles|ambulance
    |stopped|help|fight\w*|bref
    not_breath = hill|always have|laugh\w*|excit\w*|sardines|corset|dress|people it
    |after the (?:stairs|walk)|swim\w*|climb|hill|choir|view|beautiful|tea|joke|bingo
    side = mouth|face|arm|leg|hand|foot|eye|side|lips?|smile|words?|lopsided|tongue|fingers|speech
    side_bad = droop\w*|drop(?:ped)?|crooked|lopsided|half|dribbl\w*|numb|num|dead|belongs? to
    |not go where|not (?:doing|do) what|gone for a walk|won t work|not work|not lift
    |can not lift|can not find|slur\w*|sounded drunk|sea out of
    |see out of one|one eye|gone two sleep|to sleep|daft|all wrong|jumbled|weak|heavy as lead
    |went up|no feeling|hanging
    sudden = since|just|this morning|sudden\w*|hour|ago|gone|minutes|went|breakfast|now|today
    |all at once|out one side|mirror|tell it|right one|drunk|the thing|dear|cup|tea|keeps|stand
    not_side = dentist the|the dentist left|wear off|dentist s needle|sat on|crossed
    |legs? crossed|pins and|cold|frozen|arthritis|bell s palsy|painting|picture|shoe|glove|sofa
    |chair leg|hem|photo|button|glasses|cataract|kneeling|dropped a stitch|fits
    out_cold = (?:is|are) not responding|skin is cold|passing out|(?:can not|not) be (?:woken
    |roused)|only grunts|will not wake|not waking|can not wake (?:him|her|my|mum|dad)
    |unconscious|passed out|dead faint|froth\w*| fitting all|s fitting|is fitting all
    |having (?:a|an|that many) (?:fit|fits|seizure)|limbs going|gone quiet|not shouting back
    |lifeless|floppy
    |collapsed|on the floor not moving|gone blue|turned blue|stopped breathing|stopped breeding
    |choking|cho king
    person = he|she|him|her|my|our|mum|dad|mother|grandma|grandad|wife|husband|jack|harry|i|is
    |and|neighbour|[a-z]+ s
    not_out = dust|parade|at the wedding|drank too much|vinegar|pickles|apple tree|ivy|collar
    |top button|humbug|cooking|only a cough|once|tent|dough|cake|shelf|shed|dahlias|marquee
    |souffle|chair collapsed|asleep hark|snor\w*|fitting (?:room|the|a|new|kitchen|carpet)
    |carpet|dress|giggles|in a heap laughing|umbrella|frost|gate|wardrobe|deckchair
    |ironing board|smoke alarm|hazard|weeds|collapsed into|phoned|engine|traffic|tower|batt\w*
    swallow = swallow\w*|drunk|drank|taken|took|overdose\w*|drink|poison\w*|too many|twice over
    |double
    poison = bleach|descaler|desclaer|overdose|antifreeze|weed ?killer|white spirit
    |blood thinners|too many (?:tablets|pills)|mushrooms|wrong (?:pills|tablets)|his (?:pills
    |tablets)|her (?:pills|tablets)|dishwasher tablet|turps|paraffin|disinfectant|packet s empty
    packet = packet s empty|packet is empty|box is empty|bottle is empty|took the lot|all gone
    woozy = woozy|sleepy|drowsy|funny|queer|sick|dizzy|full this morning|muddled
    bleed = bleed\w*|blood|pumping out|gushing|pouring|running into|cut (?:through|my)|nosebleed
    bleed_bad = will not stop|won t stop|not stop|pumping|vein|artery|everywhere|faint|soaked
    |deep|gushing|an hour|white|shoe|nose is pouring
    not_bleed = pressure|test|orange|donor|rain|tea|wine|sugar|radiator|crying|tap|custard|film
    |shav\w*|plaster|pudding
    fire = (?:kitchen|house|flat|bed|chair|curtains?|cooker|chip pan|room|toaster|sleeve|myself
    |place)(?: s| is| has| have)? (?:on fire|fire|ablaze|alight|burning|full of smoke|caught)
    |on fire|carbon monoxide|smell gas|gas leak|scald\w*|there is smoke
    not_fire = detectors|as a bride|fudge|talk on|free alarm|wi and|turn the|put the fire|lit
    |nice|cosy|warm by|feet|like a house on fire|joke|radio|film|alarm test|drill|battery
    |marshmallow\w*|bonfire|telly|grate|sale
    fumes = headach\w*|banging (?:head|ed)|splitting heads?|drowsy|dopey|woozy
    house_all = both|boiler|goes off when|outside|fire|cat s|all of us|whole house
    cold = cold|stopped shivering|not shivering|gas off|like ice|heating(?: s
    | has)? (?:been )?off|hypothermia|eighty odd degrees|stopped sweating
    muddled = think straight|muddled|nodding off|sleep|drowsy|queer|can not get warm|gone white
    |stopped shivering|confus\w*|want to sleep
    sugar = sugar|insulin|injection|hypo|diabet\w*|glucose|jelly babies
    not_sugar = back to|juice as i was|had some juice
    sugar_bad = low|shak\w*|sweat\w*|forgot to eat|can not get up|very high|lo|funny|not eaten
    |unconscious|muddled
    inside = fever ~ (?:hundred|and|of)|breathing is (?:very )?bad|knife in (?:my )?lungs
    |chirping and beeping|black (?:stool|poo|motion)|like tar|coffee grounds|blood in (?:my|the)
    |brown ale|not passed (?:a drop|water)|not passed|weeping green|burns when i|hot and cold
    |wet and sticky|grey as|folk in the curtains|seeing things
    |banged (?:it|my head)|being sick|verge of going|can not stop being sick|tongue is stuck
    inside_bad = hundred|lungs|tired|queasy|crack|washed out|sick|faint|agony|shiver\w*
    |think straight|sleepier|sleepy|not there|putty|dry|stuck|hardly|two days|how i got|toilet
    |stand up
    help_now = intruder|please call (?:somebody|someone|the police)|get the police
    |call the police|the signs and i have them|down to the raw|boiling water all
    |bone is (?:pushing|sticking)|(?:call|get|fetch|need|send|ring
    |want) (?:\w+ ){0,3}?(?:ambulance|am ?bulance|am bew lance|hospital|paramedics?
    |nine nine nine|emergency)|ambulance (?:please|now|quick)|please ambulance|(?:i am
    |as though i am|think i am|he is|she is|think s) dying|come quick|hospital now
    |i need (?:a )?doctor now|get help|help me|get somebody
    not_help = plumber|no need|prayers|hair|auburn|blight|tomatoes|consumption|find my
    |good (?:long )?life|frightened of dying|afraid of dying|soak|yesterday|last|visitor
    |visiting|siren|passing|next door|was called|came for|car park|appointment|transport
    |dying (?:to|for|of (?:boredom|laugh\w*|thirst|heat))|plant|parking|homework|tin|jar
    |dying light|leaflet|remote|crossword|zip|button
    down = broke my (?:leg|arm|hip|ankle)|broken my (?:\w+)|fell|fallen|fell off|slip(?:ped)?
    |tripped|tumbled?|a cropper|gone down|gone dawn|went down|down i went|full length|came off
    |come off|took a header|dropped me|tipped over|put my hip|landed|falling off|another fall
    |had a fall|gone over|of fallen
    hurt = hip|wrist|broke\w*|agony|can not get (?:up|off)|get up|not get|bleed\w*|pouring|crack
    |not (?:move|moving)|move (?:my|a)|not talking sense|need help|floor|lying in|trapped
    |knees under|temple|pelvis|femur|neck|shoulder s come|arm s|leg|sick with|head|with me in it
    |lie here|face first|sore|bang\w*|off the (?:toilet|bed|commode)
    not_down = commercial|chili|wood come off|in the advert|pendant with|hay cart|once broke
    |in love|asleep (?:in|on|at|during)|out with|price|pancake|apples?|rain|snow|leaves
    |ladder as|behind|through the letter|apart|for it|ill|cake|tree and landed|stitch\w*|dog|cat
    |horse|film|grandson|tongue|helper|pick\w*|hem|plate|curtain|the telly|laugh\w*|temperature
    |last week|february|last tuesday|home|for him|for her|picture|sun|disc|post
    |down (?:to the|the shops)|went down (?:well|a treat)|hip hip|last|jockey|boxer|vase|book
    |mug|cup|bread|jam
    low = floor|flaw|rug|skirting|tiles?|carpet|by the bath|under the (?:settee|bed|table)
    |under settee|by the bed|bye the bed|bath mat|next to (?:it|my chair)|ceiling s?
    |on the stairs|lino|back door|pick up|set off
    low_stay = can not (?:get|reach|rise|stand)|stuck|not in my chair|been looking|fluff under
    |good view|so far up|been (?:laid|lying|here|there)|gone dark|wet (?:myself|through)
    |never came back|banged and|perishing|pulled the|pointing wrong|legs come back
    |never got (?:there|back)|not get|laid|lying|can not get off|do not move
    not_low = letters|norse|cows|snow|dug|tree|radio|^(?:the|my) (?:dog|cat)|find (?:my|the)
    |slipper|dropped|glasses|hoover\w*|polish\w*|mop\w*|scrub\w*|laid (?:the|new)|man is
    |carpet fitter|paint\w*|toys|jigsaw|cat s|dog s|in traffic|clue|stuck on|lid|zip|jam|drawer
    |window|ring|fluffy|needle|grandson|playing|dance|exercises|yoga|thermostat
    """
_RULES = r"""
    b_chest 3 : chest & chest_bad & !not_chest & !jest & !not_now
    b_breath 3 : breath & breath_bad & !not_breath & !jest & !not_now
    b_stroke 2i : side & side_bad & sudden & !not_side & !jest & !not_now
    b_out 3 : out_cold & person & !not_out & !jest & !not_now
    b_poison 3 : swallow & poison & !jest & !not_now
    b_packet 2i : packet & woozy & !jest
    b_bleed 3 : bleed & bleed_bad & !not_bleed & !jest & !not_now
    b_fire 3 : fire & !not_fire & !jest
    b_fumes 2i : fumes & house_all & !jest & !not_now
    b_cold 2i : cold & muddled & !jest & !not_now
    b_sugar 2i : sugar & sugar_bad & !not_sugar & !jest & !not_now
    b_inside 2i : inside & inside_bad & !jest & !not_now
    b_help 3 : help_now & !not_help & !jest & !not_now
    b_fall 3 : down & hurt & !not_down & !jest & !not_now
    b_floor 2i : low & low_stay & !not_low & !jest & !not_now
    """
BODY = concept_table(AlertKind.EMERGENCY, _CONCEPTS, _RULES)
"""Illness, injury, falls."""
