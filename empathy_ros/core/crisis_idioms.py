# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""Figures of speech with words of danger, and the errors that hide a word of danger: data only."""

from __future__ import annotations

import re

KEYWORDS = ('bridge', 'flinch', 'tablets', 'robbing', 'journey', 'swallowed', 'suicide', 'suicidal', 'overdose', 'overdosed', 'breathe', 'breathing', 'ambulance',
            'bleeding', 'choking', 'unconscious', 'collapsed', 'emergency', 'paralysed')  # fmt: skip
"""Long words of danger that are recognised with one or two wrong letters."""

REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        # dialect and words that sound alike
        (r'\bchess (?=payne|pane|pan)', 'chest '),
        (r'\b(?:ah|aye|eye) (?=am|have|will|can|want|do|put|set|did|feel|think|carnt|just|wish|never)', 'i '),
        (r'\bknot\b', 'not'), (r'\bnowt\b', 'nothing'), (r'\bowt\b', 'anything'),
        (r'\bsummat\b', 'something'), (r'\bme(?:self|sel|sen|n?sell)\b|\bmasel[f]?\b|\bm self\b|\bmself\b', 'myself'),
        (r'\b(?:carnt|cannae|canny|canna)\b', 'can not'), (r'\bdinnae\b', 'do not'), (r'\bgonnae\b', 'going to'),
        (r'\bbee\b(?! (?:sting|hive|keep))', 'be'), (r'\binn\b(?! keeper)', 'in'), (r'\bbin\b(?! (?:day|men|bag|lid|lorry))(?<!the bin)', 'been'),
        (r'\b(i|could|would|should|must|might) of\b', r'\1 have'), (r'\bwi\b', 'with'),
        (r'\b(live|up|for|point|reason|asking|get) four\b', r'\1 for'),
        (r'\b(want|going|off|ready|gone|goes|need|go|like|have|walking|sum \w+) two\b', r'\1 to'),
        (r'\btwo (?=my|go|sleep|do|die|live|him|them|bed|take|man)', 'to '),
        (r'\ban (?=i|my|me|can|now|it|he|she)\b', 'and '),
        (r'\bmi\b', 'my'),
        (r'\bme (?=own|heart|chest|head|arm|leg|hip|foot|left|right|mouth|face|hand|wrist|life|dad|mam|mum|pills'
         r'|tablets|food|neck|back|knees|knee|blood|water|eyes|nose|breath|money|pension|jaw|letters|care|bed)', 'my '),
        (r'\bi(?=(?:fell|want|have|hear|feel|keep|can)\b)', 'i '),
        (r'\bhavetaken\b', 'have taken'), (r'\bhave fell\b', 'have fallen'), (r'\bhave took\b', 'have taken'),
        (r'\b(?:kil ling)\b', 'killing'), (r'\bsuic idal\b', 'suicidal'),
        (r'\bam (?:bulance|bew lance)\b', 'ambulance'),
        (r'\b(?:my|me|mi) ?(?:self|cell|selve|sel|shelf|selfs)\b', 'myself'),
        (r'\bmesel(?:f)?\b|\bmyslef\b|\bmysefl\b|\bmyselv\b|\bmyselve\b|\bmy self\b', 'myself'),
        (r'\b(?:sue|soo|sui|su|so)[ -]?(?:a|e|uh|i|is|ee)?[ -]?(?:side|cide|sides|sied)\b(?! of)', 'suicide'),
        (r'\b(?:sue|soo|sui|su)[ -]?(?:a|e|uh|i)?[ -]?(?:cidal|sidle|sidal|side all|side l)\b', 'suicidal'),
        (r'\b(every|any|some|no) (body|one)\b(?! (?:of|day|more|another|else))', r'\1\2'),
        (r'\bnoone\b', 'no one'),
        (r'\bwith out\b', 'without'),
        (r'\bkil\b', 'kill'),
        (r'\b(kill|end|dy|hang|drown|cut|think|liv|breath|shoot|hit|steal|bleed|chok)in\b', r'\1ing'),
        (r'\b(want|wanted|wish|ready|like|going|hope|need) (?:two|too|2|da|tuh) ', r'\1 to '),
        (r'\bend my (?:on|owen|won|owe) life\b', 'end my own life'),
        (r'\bbree?a?ve?\b', 'breathe'),
        (r'\bkms\b', 'kill myself'),
        (r'\bunaliv\w*\b', 'kill myself'),
        (r'\bk[*._-]*ll(ed|ing)?\b', r'kill\1'),
        (r'\bs[*]+(?:cide|ide|e)\b|\bsu[*]+(?:cide|ide|de)\b', 'suicide'),
        (r'\bd[*]e\b', 'die'),
        (r'\bover dos(e|ed|ing)\b', r'overdos\1'),
        (r'\b(?:wont|wan) to (?=die|kill|end|be dead)', 'want to '),
        (r'\bwill not to (?=die\b|kill\b|end my\b|be dead\b)', 'want to '),
        (r'\b(want|wanted|wish|ready|like|going|rather) to (?:dye|dai|di|dy|tie)\b(?! my| the| it| them| some)',
         r'\1 to die'),
        (r'\b(want|going|like|wish|ready|need) to (?:and|in|hand|an) (my (?:own )?life|it all)\b', r'\1 to end \2'),
        (r'\bend my (?:own )?(?:live|wife|light)\b', 'end my life'),
        (r'\btake my own (?:live|light|wife)\b', 'take my own life'),
        (r'\b(better off|better of|be|am|was|were) (?:debt|ded|deaf and gone|dad and gone)\b', r'\1 dead'),
        (r'\bbetter of (dead|without)\b', r'better off \1'),
        (r'\b(reason|nothing|point|will|left|wish) to (?:leave|life|lift|leaf)(?= for\b| any more\b| *$| [.,?])',
         r'\1 to live'),
        (r'\bnot worth (?:leaving|leafing|lifting)\b', 'not worth living'),
        (r'\b(?:chess|jest|chests|chast|chist) (pain|pains|hurts|tight|is)\b', r'chest \1'),
        (r'\bchest (?:pane|panes|pen|pains|payne)\b', 'chest pain'),
        (r'\b(not|hardly|barely|cant|to) (?:breeze|breed|breath|breeth|bree|breathe|breve|breed in)\b', r'\1 breathe'),
        (r'\b(?:hard|heart|hart|art) (?:a ?tack|attach|attacks|attic|attack)\b', 'heart attack'),
        (r'\bchocking\b', 'choking'),
        (r'\bcan not get (?:app|hub|op|a up)\b', 'can not get up'),
        (r'\bfallin\b', 'fallen'),
        (r'\bpil(?:z|ls|ls)\b|\bpeels\b', 'pills'),
        (r'\btab(?:let|lit|lits|blets|elets)\b', 'tablets'),
    )
)  # fmt: skip

_FOOD = r'(?:a |some |the |that |one |my )?(?:nice |cold |good |proper |hot |decent |strong |another )*\w+'
IDIOMS = re.compile(
    '|'.join(
        (
            # seen in lines by other authors
            r'\bgasping(?= tee| for a| two bags)|\bkettle on ,? ?i am gasping|\bhad enough ,? ?thank you|\bfinished with hoovering'
            r'|\bwill not be here on \w+day|\bwill not be here tomorrow ,? ?i am at|\bwill to live with (?:these|this|that|those)'
            r'|\bhit for a\b|\blocked in (?:by a|the coal)|\b(?:dough|dahlias|dough s|dough is) collapsed|\bdie down\b|\bfuneral plan\b'
            r'|\bway out of it i\b|\bproperty ladder\b|\bslit your throat\b|\bnever said i wanted to die|\bbreathe for people'
            r'|\bnot collapsed\b|\bis not a stroke\b|\bno pain in the chest|\bring 999 for|\bring nine nine nine for'
            r'|\bfall in (?:january|february|march|april|may|june|july)|\bbutter knife\b|\bcardiac arrest every|\bfor a dare\b'
            r'|\bto live in milton|\bwould not want to live (?=in [a-z]+)|\bgo on the coach|\bstopped my statin|\blittle monkeys'
            r'|\bwindow open past|\bi am starved\b|\bnever let me forget|\bbe the death of me|\bnever locked me|\bone is stealing\b'
            r'|\bthe prayer|\bif i should die before|\bbetter off dead and i put|\bcarbon monoxide man|\broof will fall\b'
            r'|\bwithout a machine look|\bonce got locked\b|\blast night in the old|\bhad enough truly|\bcar keys after'
            r'|\bbefore i would vote|\bsalsa\b.*|\bif that show\b|\bgonna die if|\bdrank too much\b|\bfrightens me with his driving'
            r'|\bfirst aid\b.*|\bstuck four letters|\bi am done i will have|\bblurry i have got my|\bappendix\b.*|\bas they say\b',
            # dying, death, killing as emphasis
            r'\bdying (?:to (?!stop|end|be|die)\w+|for \w+(?: \w+)?|of (?:curiosity|boredom|laughter|heat|thirst'
            r'|hunger|embarrassment|shame|suspense)|out|down|away|art|breed|trade|language|embers?|light|for)\b',
            r'\b(?:die|died|dying|dies|dead) (?:of |with |from )?(?:laughing|laughter|boredom|bored|curiosity|shame'
            r'|embarrassment|excitement|fright|heat|the heat|hunger|thirst|the cold|cold out|happiness)\b',
            r'\bto die for\b|\bdie hard\b|\bnever say die\b|\bstraight as a die\b|\bthe die is cast\b|\bdo or die\b',
            r'\b(?:my|the|his|her|your|this|that) (?:phone|battery|batteries|car|engine|line|plant|plants|roses?'
            r'|flowers?|telly|television|tv|radio|computer|tablet|internet|wifi|boiler|torch|hearing aid|clock'
            r'|watch|remote|kettle|toaster|conversation|tulips?|lawn|grass|fern|orchid|fire|robot|laptop'
            r'|machine|motor|mobile|signal|tree)s? (?:\w+ ){0,3}?(?:died|dying|dead|die|dies)\b',
            r'\bdead (?:tired|easy|right|good|sure|certain|end|ends|line|heat|straight|centre|slow|quiet|on time|on'
            r'|funny|posh|handy|keen|serious|lucky|simple|nice|pleased|chuffed|leg|arm|wood|weight|ringer|sea|heads?'
            r'|heading|pan|battery|batteries|leaves|flowers|skin|boring|cheap|calm|beat|set|clever|proud|lovely)\b',
            r'\b(?:drop dead gorgeous|dead on (?:my|your|his|her|their|its) feet|wake the dead|over my dead body'
            r'|dead as a (?:dodo|doornail)|left for dead in|dead to the world|would not be seen dead|dead man s)\b',
            r'\b(?:my|these|those|the|me) (?:\w+ )?(?:feet|foot|back|knees?|hips?|shoes?|boots?|legs?|shoulders?'
            r'|corns?|bunions?|neck|joints|arthritis|fingers?|teeth|tooth|crossword|stairs|suspense|heat|waiting'
            r'|puzzle|jokes?|diet|exercises?|homework|queue|traffic) (?:\w+ ){0,3}?(?:kill|kills|killing|killed) me\b',
            r'\b(?:kill|kills|killing|killed|murder\w*) (?:me )?(?:time|two birds|the (?:mood|weeds|engine|lights?|pain'
            r'|taste|joke|music|atmosphere|cat|goose|germs|slugs|moss|flies|ants|wasps)|weeds|germs|slugs|flies)\b',
            r'\b(?:it|that|this|this \w+|that \w+|the \w+|he|she|you|they|these \w+|those \w+|laughing)'
            r'(?: is| are| was| will| would| just| really| always| nearly| almost| does not| absolutely)* '
            r'(?:kills|killing|killed|kill|slays?|slayed) me\b(?! if| unless| one day| when| with| in)',
            r'\b(?:would not|will not|is not going to|never|would it|did not) kill (?:me|you|him|her|us|them)\b',
            r'\b(?:she|he|my \w+|mum|mother|wife|husband|they|dad|you|the \w+) (?:will|would|is going to|would have'
            r'|are going to|was going to|could|might have) (?:killed|kill|murder|skin|strangle) me\b'
            r'(?= (?:if i (?!tell|told|say|said|talk|spoke|speak|complain|do not|did not|leave|left|report|ring|rang|ever)|when i|for|over|about|once|unless i)|$| ,)',
            r'\b(?:could|would|will) (?:have )?(?:kicked|kick|kill|killed|shoot|shot) myself (?:for|when|over'
            r'|because|now|after|that|i)\b',
            r'\b(?:kill|kills|killing|killed|kick\w*|knacker\w*) myself (?:laughing|with laugh\w*|getting|to get|trying'
            r'|over (?:this|that|the|a)|cleaning|working|in the garden|at (?:the|work)|for (?:this|that|the)|with (?:work'
            r'|all this|the)|doing|up (?:the|those)|on (?:the|those|this|that))',
            r'\b(?:could|would|i would|might) (?:happily |cheerfully |just |really |gladly )?(?:murder|kill'
            rf'|strangle|throttle|slaughter) (?:for )?{_FOOD}\b(?<! myself)',
            r'\b(?:so|was|felt) (?:embarrassed|ashamed|mortified|humiliated|cringe)(?: \w+){0,4} (?:die|dead)\b|\bwanted the (?:ground|floor) to\b',
            r'\b(?:old |the )?(?:barn|shed|tent|roof|wall|deal|marquee|soufflé|souffle|tower|economy|bench|deckchair|table)(?: has| have)? (?:collapsed|fallen (?:down|in))\b',
            r'\b(?:snowball|balloon|cushion|pillow|frisbee|water pistol)s?\b(?: \w+)? ?(?:at me)?',
            r'\b(?:push|pushed|pushes|wheel|wheeled) me (?:round|around|along|up|through|to|into the (?:sun|garden|lift|shade)) ',
            r'\bstabbed (?:me|him|her|us) in the back\b|\bnose ?bleeds?\b|\bjust a scratch\b',
            r'\bkill for (?:a|some|one|that|my|the|another|her|his)\b',
            r'\b(?:rather|sooner) (?:die|be dead|shoot myself|kill myself|hang myself|starve|drown) than (?!go on|live'
            r'|carry on|keep|stay alive|be a burden|suffer|face|continue|wake|spend|be here|end up|exist|be (?:put|moved))',
            r'\b(?:over|until|till|since|before) (?:my|i|the day i) (?:dying day|am dead and buried|die|am dead|dead body)\b',
            r'\b(?:to|til|till|until|unto) (?:the )?(?:day i die|death do us part|death)\b',
            r'\b(?:bored|frightened|scared|worried|tickled|sick|starved|frozen|starving|froze|loved|done|flogged|played)'
            r'(?: me| him| her| us)? (?:half )?to death\b|\bcatch (?:my|your|his|her) death\b|\bat death s door\b',
            r'\b(?:wedding|funeral|birthday|baby|dinner|tea|garden|works) (?:shower|do)\b',
            # hanging, shooting, jumping, cutting, drowning, overdosing as ordinary work
            r'\b(?:hang|hung|hanging) (?:up|out|on|around|about|the|my|some|a|it|them|his|her|that|those|these|over'
            r'|curtains?|pictures?|washing|laundry|baskets?|wallpaper|paper|tight|loose|in there|by the)\b',
            r'\b(?:shot|shoot|shooting|shoots) (?:my|the|some|a|two|three|his|her|our|those|these|that) (?:\w+ )?(?:photo\w*'
            r'|picture\w*|film\w*|video\w*|scene\w*|roll\w*|portrait\w*|goal\w*|basket\w*|hoop\w*|breeze|rapids?|wedding)',
            r'\bshot (?:in the (?:arm|dark)|myself in the foot|of (?:whisky|brandy|rum|vodka|espresso))\b|\bshoot myself in the foot\b'
            r'|\bflu (?:shot|jab)\b|\bbig shot\b|\bgive it a shot\b|\ba shot at\b|\blike a shot\b|\bmug shot\b',
            r'\bjump(?:ed|ing|s)? (?:the queue|at|to (?:conclusions|it)|on the bandwagon|for joy|out of (?:my|his|her) skin'
            r'|the gun|in with both|with both|up and down|in the car|on the bus)\b',
            r'\bdrown\w* (?:in (?:paper\w*|work|emails?|debts?|letters?|apples|plums|tomatoes|zucchini|courgettes|marrows'
            r'|it|gravy|syrup|custard|cream)|my (?:sorrows|pancakes|cereal|chips)|out|the plants?|it in)\b',
            r'\boverdos\w* (?:on|of) (?:\w+ ){0,2}?(?:cake|chocolates?|tea|biscuits?|sugar|sunshine|sun|christmas|telly|tv'
            r'|television|pudding|mince pies|sprouts|football|coffee|scones|sweets|culture|news|bingo|soaps|garlic|salt)\b',
            r'\bcut (?:my|the|her|his|our) (?:hair|nails|fringe|toenails|cloth|losses|teeth|lawn|grass|cake|roses|hedge'
            r'|wool|fabric|sandwich\w*|bread|flowers|coat|pattern|speech|holiday|trip)\b|\bcut (?:down|back) on\b',
            r'\bslit (?:skirt|the envelope|the pattern)\b',
            r'\bend (?:it|things|this|that)(?: all)? (?:with (?!me)|on|there|early|here\b|by|at|in (?:may|june|july|march|april))\w*',
            r'\b(?:end|ending|ended) (?:my|the|our|this|that) (?:life (?:story|insurance|assurance|drawing|membership)|lease'
            r'|subscription|contract|call|game|letter|story|row|holiday|membership|talk|day|visit|speech|meal)\b',
            r'\b(?:story|time|love|light|man|dog|song|spice|facts|staff|bread|best days|fun|soul) of my life\b',
            r'\bfor the life of me\b|\bhave the time of\b|\b(?:not|never) on your life\b|\bget a life\b|\bthat is life\b',
            r'\bno point (?:in |of )?(?:crying|arguing|complaining|worrying|rushing|shouting|ironing|dusting|cooking for one'
            r'|watering|going out in|putting|buying|asking|looking for|waiting for|ringing|hurrying|in a coat)\b',
            # sickness as emphasis
            r'\b(?:nearly|almost|practically|about|gave me|give me|giving me|had|have|having|has|having|had me having|get|got)'
            r'(?: \w+)? (?:a |my |another |me a )?(?:heart attack|stroke|coronary|fit|kittens|cardiac arrest)'
            r'(?= (?:when|at|over|from|seeing|laughing|if|about|that|looking|because i|reading|opening|once he|with the|on the'
            r'|just (?:looking|hearing|thinking)|watching|after i (?:saw|heard|read|opened)|with joy|with surprise))',
            r'\b(?:nearly|almost|practically|near enough) (?:had|gave|have|give|giving|died|dropped|fainted|collapsed|choked|fell'
            r'|passed out)\b(?: \w+){0,2}?(?: heart attack| stroke| fit| coronary)?',
            r'\b(?:gave|give|gives|giving) (?:me|her|him|us|you|my \w+) (?:a |quite a )?(?:heart attack|stroke|fit|coronary|fright|turn)\b',
            r'\bheart attack (?:on a plate|material|food|waiting|prices)\b|\bstroke (?:of (?:luck|genius|midnight|good|fortune'
            r'|twelve|the)|the (?:cat|dog|horse|rabbit|pony))|\b(?:breast|back|butterfly|brush|pen|side|swimming) ?strokes?\b'
            r'|\bstroke (?:his|her|its|my) (?:fur|back|ears|head|beard|nose)\b|\bdifferent strokes\b',
            r'\b(?:take|takes|took|taking|taken) (?:my|your|his|her|our|the|one s) breath(?:e)? away\b|\bbreath of fresh air\b'
            r'|\b(?:hold|held|holding|save|saving|waste|wasting|under) (?:my|your|his|her|our|one s) breathe?\b',
            r'\b(?:can not|could not|can hardly|could hardly|can barely) breathe (?:for|with|from) (?:laughing|laughter|excitement|nerves)\b',
            r'\b(?:can not|could not|could hardly) breathe (?:in (?:this|that|these) (?:dress|corset|girdle|trousers|skirt|suit|jeans|tie)'
            r'|because (?:i was|we were) laughing)\b|\b(?:laugh\w*) (?:\w+ ){0,8}?(?:breathe|choking|choked|died)\b',
            r'\bchoked? (?:up|back)\b|\bchoking (?:back|up|hazard|on (?:my|the|his) (?:words|laughter|pride|tie))\b|\bartichokes?\b',
            r'\bbleeding (?:heart|obvious|hearts?|edge|gums?)\b|\bbleed(?:s|ing)? (?:the )?radiators?\b|\bbleeding me dry\b'
            r'|\bbled dry\b|\bblood (?:pressure|tests?|oranges?|sugar|donor|donors|bank|type|group|relations?|brothers?|thinners?'
            r'|moon|results|count|pudding|hound|line|sports?|bath|work|is thicker|red|relatives?)\b|\bin (?:my|the|his|her) blood\b',
            r'\b(?:fell|fallen|falling|fall|falls) (?:in love|asleep|behind|for (?:it|him|her|that|the|a)|out (?:with|over|of (?:love|fashion|use))'
            r'|apart|about laughing|ill|pregnant|short|through|into (?:place|conversation|step|a (?:habit|routine|chat|deep sleep))|off the (?:wagon|back of)|quiet|silent|on (?:deaf|hard|my feet)'
            r'|under (?:his|her|the) spell|flat|head over heels|victim|foul|in with|to pieces|from grace|open|back (?:to sleep|on)|back on'
            r'|leaves|colou?rs|weather|in price|guy)\b',
            r'\b(?:rain|snow|leaves|prices?|shares|temperatures?|apples?|stocks?|plaster|night|darkness|tears?|curtain|it|the (?:\w+ )?(?:rain|snow|leaves|prices?|cake'
            r'|vase|book|books|picture|shelf|plate|cup|tree|trees|ball|boxes|ornament|temperature|apples|fence|pound|clock|kite'
            r'|wall|tower|government|scones|glasses|remote|paper|jug|button))(?: has| have| had| just| suddenly| all)* (?:fell|fallen|fall|falling|falls|collapsed?)\b',
            r'\bcollapsed? (?:into (?:bed|my chair|the chair|giggles|laughter|an armchair|the sofa)|in (?:a heap|giggles|laughter)|on (?:to )?the (?:sofa|bed|settee)|with laugh\w+)\b',
            r'\bon the floor (?:laughing|with the|playing|looking|doing|under|by|there|to)\b|\brolling on the floor\b|\bhit the floor (?:dancing|running)\b',
            r'\b(?:fainted|faint) (?:with|from|when|at) (?:joy|surprise|shock|the price|excitement)\b|\bfaint (?:praise|idea|smell|memory|hope|sound|line|print|glow|praise)\b',
            r'\b(?:numb|frozen) (?:with|from|by) (?:the cold|cold|boredom|sitting|kneeling)\b|\bpins and needles\b|\b(?:foot|leg|arm|hand)s? (?:has |have |had |is |went |always )*(?:gone to sleep|fallen asleep|fell asleep|asleep|to sleep)\b',
            r'\bmy heart (?:stopped|skipped|sank|jumped|leapt|goes out|melts|melted|swells|was in my mouth|sings|aches|ached|bleeds|bled|broke|is set|was racing (?:with|when)|was pounding (?:with|when)|filled)\b|\b(?:broken|heavy|light|learnt? (?:it )?by|off by|by) heart\b',
            r'\bsick (?:and tired )?of (?!living|life|being alive|it all|everything|myself|existing|this life|waking|going on|trying|fighting)\w+\b|\bsick (?:as a parrot|note|leave|pay|joke|with envy)\b',
            # hitting, money and the like that are no abuse
            r'\b(?:it|that|the (?:news|smell|truth|heat|cold|wind|ball|thought|memory|size|noise|light|idea|wave|price|sun|answer|realisation)|reality|grief)(?: \w+)? (?:hit|hits|struck|strikes|slapped|slaps) me\b|\bhit (?:me )?(?:the (?:road|jackpot|shops|town|sales|hay|sack|roof|nail|ceiling|spot|bar)|on (?:it|an idea)|it off|song|parade|record|single)\b',
            r'\b(?:lost|lose|losing|spent|spend|saved|put|owe|owed|bet|won|win) (?:my|all my|some|a bit of|the) (?:money|shirt|savings|pension)\b(?= (?:on|at|playing|to (?:the (?:bingo|horses|bank|taxman))))',
            r'\b(?:taxman|government|bank|inflation|gas bill|council|bandit|slot machine|bills|plumber|inland revenue)(?: \w+){0,2}? (?:takes?|took|taken|eats?|ate|steals?|stole|robs?|robbed) (?:\w+ ){0,3}?(?:money|pension|savings)\b',
            r'\b(?:beat|beats|beaten|beating|thrash\w*|slaughter\w*|murder\w*|hammer\w*|kill\w*|destroy\w*) (?:me|us|him|her|them) (?:at|in (?:the|straight|three|two)|by|to it|every (?:time|week)|again at|hollow|fair and square|(?:six|five|four|three|two|ten|twenty) )',
            r'\b(?:pinch|pinched|slap|kick) me (?:if|i must|so|to see|i am dreaming|on the back for)\b|\bpinch me\b|\bpush (?:me )?(?:in the|around the|my wheelchair|up the|to do my best|down the (?:lane|path|corridor))\b|\bpull(?:ing|s|ed)? (?:my leg|the other one|faces)\b',
            r'\b(?:shut|locked|lock|shuts|locks|locking|lock me) (?:myself|the (?:door|shed|back door|front door|car|garage|cat|house|gate|windows?|chickens?|hens?)|my (?:keys|bike))\b',
            r'\blocked (?:in (?:conversation|a battle|an embrace)|on to|horns|down)\b|\block ?down\b',
            r'\bscream\w* (?:with (?:laughter|delight)|at the (?:telly|television|football|match|referee))\b',
            r'\btied (?:up in|with|the|to the telly|for first|in knots)\b|\bfit to be tied\b|\btickled (?:pink|me)\b',
        )
    )
)  # fmt: skip
