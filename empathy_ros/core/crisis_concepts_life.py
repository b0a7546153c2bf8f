# SPDX-License-Identifier: Apache-2.0
"""Concepts of not wanting to live: death wishes, means, burden, farewell, no future, no food."""

from __future__ import annotations

from empathy_ros.core.crisis_concepts import concept_table
from empathy_ros.core.types import AlertKind

_CONCEPTS = r"""
    jest = computers?|cooking|hat|ha ha|haha|lol|crossword|knitting|jigsaw|football|match|advert
    |queue|tills?|telly|programme
    |bingo|comedy|joke|joking|scrabble|laugh|laughing|laughed|pension office|on hold|traffic jam
    they = they|everyone|everybody|you|you all|the (?:family|children|kids|others|lot of them
    |world)
    |world|our \w+|my (?:\w+ )?(?:family|daughter|son|wife|husband|children|girls|boys|lad|lass)
    |she|he
    |folk|people|nobody|no one|the lot of you
    # wishing for death, in whatever words
    self_end = (?:kill|killing|top|topping|hang|hanging|drown|drowning|shoot|shooting|gas
    |gassing|poison
    |poisoning|do|doing|finish|finishing|see|seeing|starve|starving|stab|smother|harm|harming|hurt
    |hurting) (?:my )?(?:own )?(?:myself|self)(?: in| off)?(?! (?:laughing|with (?:worry
    |laughter)))
    |(?:end|ending|take|taking|finish) (?:my (?:own )?(?:life|lice|days|misery)|this life)
    |(?:end|ending|finish|finishing) it(?: all)?|put ~ end to (?:myself|it all|my life|my misery)
    |sewer ?side|suicide|suicidal|self ?murder|self ?harm(?:ed|ing)?|away with myself
    |ending (?:today|it)
    |make away with myself|string myself up|chuck myself|throw myself|end up dead
    |make myself dead|blow my brains|mean to hang|use one on myself
    intent = want|going to|gonna|plan|planning|ready to|decided|will|tonight|today|tomorrow
    |thoughts of
    |thinking of|keep ~ thinking|thought of|rather|sooner|tried to|try again|again|about to
    |intend|mean to
    |may as well|might as well|best thing|wish|like to|made up my mind|feeling|feel|how i
    |which way
    |easy|before i|i could|help me|off to|i have been|i should
    not_self_end = never once thought|doctor has to|never thought of|not feeling suicidal
    |doctor (?:just )?asks|butter knife|not (?:going to|gonna|about to|want to
    |thinking of) (?:\w+ )?(?:kill|hurt|harm|end)
    |never (?:kill|harm|hurt)|prevention|awareness|squad|leaflet|to a standstill|it on a high
    |ending it with|end it there|end it by saying
    other_end = (?:kill|killing|top|topping|hang|hanging|drown|shoot|cut|cutting|harm|harming
    |hurt|hurting)
    (?:himself|herself|themselves|themself)|(?:end|ending|take|taking) (?:his|her
    |their) (?:own )?life
    other_now = going to|says|saying|shouting|wants|threatening|threatens|locked|is trying
    |right now|will
    |what do i do|got ~ (?:pills|knife|rope|gun)|talking about|keeps
    dead_rather = i (?:would |had |am )?(?:\w+ )?(?:sooner|rather|better|best
    |prefer) (?:\w+ )?(?:be dead|dead|die|be gone|be in my grave)
    |(?:wish|wished) i ~ (?:dead|never been born|not been born|in my grave|gone|under the ground)
    |(?:wish|wishing|wished) it (?:had|was|were) ~ me|i should have (?:died|gone|been the one)
    |let me (?:die|go|dwindle|fade|slip)|(?:leave|left) me (?:to die|be that ambulance)
    |why did ~ bring me (?:back|round)|(?:they|you) should (?:not )?have (?:left|let|saved
    |brought|revived) me
    |disappointed ~ woke|sorry ~ (?:woke|wake)|woke up ~ (?:sorry|disappointed|worse luck
    |again sadly)
    |shot of me|end up ded|bury me (?:now|tonight)
    take_me = (?:god|lord|jesus|he|heaven|saviour|maker|angels?|death|reaper|virgin|mary
    |st peter|him upstairs
    |good lord|almighty) (?:\w+ ){0,4}?(?:take|takes|took|taken|fetch|fetches|call|calls|called
    |collect
    |collects|come for|comes for|came for|send for|sends for|forgotten|forgot|have|has|want
    |wants) me
    (?! (?:to (?:church|bingo|the|see|a|tea)|shopping|out|for (?:a|lunch|tea)|on|up on|back
    |home (?:on|from|in|by)
    |by bus|round|down to|his|her|so|there))|(?:asking|asked|ask|pray|praying|prayed|beg|begging
    |waiting|ready)
    (?:to be|for ~ to be) (?:taken|called|fetched|let go|released)|not (?:want me
    |ready for me) up there
    not_wake = (?:sleep|bed|shut my eyes|close my eyes|nod off|drift off) ~ (?:not|never|stop
    |stay) ~
    (?:wake|weak|open|asleep|up)|not (?:wake|waking) up|not to wake|never (?:wake|waking|woke)
    |not woken
    |stop asleep
    |the last time i shut|sleep (?:for good|for ever|forever)|not open (?:my eyes|them) again
    welcome = content|contented|at peace|no objection|not mind|would not (?:mind|care|bother|fuss
    |object)|mercy|glad|hope|hoping|wish
    |suit me|better|bliss
    |pray|praying|lovely|grand|nice|best thing|good thing|kindness|blessing|relief|want|like
    |rather|happy
    |would do me|that would be that|be no loss|thank
    no_dodge = not (?:move|shift|lift a finger|step (?:back|aside|out)|jump|dodge|get out of|run
    |budge|look both
    ways|brake)
    oncoming = bus|car|train|lorry|tram|truck|traffic|wagon
    step_out = step(?:ping|ped)? (?:out|off|in front|under)|walk(?:ing)? (?:out|under|in front
    |into)
    |(?:throw|chuck|fling) myself|jump|jumped|jumping|leap|go under|over the rail|lie down on
    wish_over = (?:wish|want|wanted|hope|glad|pray|let|longing|rather
    |if only) (?:\w+ ){0,3}?(?:it|this|everything|life)
    (?: was| were| to be| would| could| all| just| be)* (?:over|ended|end|finish|finished|stop
    |stopped|done with)
    |i want (?:it )?(?:finished|an end|out|off|peace now)
    |be glad (?:of the end|not to|to be gone|when it is (?:over|done))|roll on the end
    |get off this (?:bus|ride|world)|that is the curtain|ready for (?:the end|my box|my coffin
    |my grave)
    envy = envy|jealous|lucky|swap|change places|took ~ easy way|their troubles are over
    |got out of it
    dead_folk = gone|dead|died|dying|death notices|grave|graves|graveyard|cemetery|churchyard
    |box|coffin|passed
    |hearse|obituar\w*|peace
    join = (?:be|get|go|going|off|time i|ready|like|want|rather|long|fancy|ought) ~ (?:with|to
    |and join|join
    |joining|see) (?:my|our|him|her|them|mum|mam|dad|norman|harold|arthur|jesus)|(?:be
    |being) with (?:him|her|them)
    |is waiting|keep (?:him|her) waiting|(?:join|joining) (?:my|our|him|her|them)|(?:beside
    |next to) (?:him|her)
    |follow (?:him|her)|in with (?:him|her)|go to (?:him|her|them)|together again
    dead_one = soon|tonight|up there|other side|heaven|grave|cemetery|gone|passed|died|dead
    |buried|churchyard
    |lost|where he is|where she is|in the ground|at last|any more|sent for
    ready_go = i am ready(?: now| since)?(?: for it| to go| to be off)|ready to (?:go
    |leave)(?: now| tonight| any time| home|$)
    |i have been ready since|like to go (?:tonight|now|soon)|i am ready now|want to go now
    |my (?:time|number) (?:is|has)
    (?:up|come)|(?:time|time i was) (?:gone|off) for good|past my (?:sell|use) by|outlived
    |overstayed|lived too long
    |lasted too long|been here too long|live ~ too long|i have had my (?:life|time|innings|turn
    |fill|share)
    |had your fill|bow out|check out (?:early|for good)|slip away|fade away|waste away|slip off
    |drift off for good
    not_trip = taxi|bus|coach|train|holiday|shops?|cruise|theatre|church|walk|lunch|dinner
    |appointment|coat|party
    |bag|suitcase|minibus|wedding|hairdress\w*|doctor|toilet|loo|bingo|garden centre|ready brek
    # no future, no purpose
    no_reason = (?:no reason|not any reason|any reason|nothing|nobody|no body
    |one good reason) (?:\w+ ){0,2}?(?:to|left to)
    (?:live|get up|go on|keep|stay|stop|wake|carry on|hang on|be here)(?: on| here| going
    | gone)?(?: for| four)?
    |(?:no|not see|any|see the|what is the|is the|what) (?:more )?point (?:of|in|ae|to) (?:me
    |living|life|any of it|any of this
    |going on|carrying on|being here|another|anything|it all|getting up|waking)
    |nothing (?:here )?for me (?:now|here|any)
    |what am i (?:\w+ )?(?:here|still here|living|alive) for|what (?:am i
    |do i have) (?:to )?(?:live|go on|get up) for
    |(?:not see|why) (?:\w+ )?(?:why )?i should (?:do|have|go|keep|carry|bother|be)(?: through
    | on| to)? ?(?:another|on|going|living|any more)?
    |what is it (?:all )?for(?: really| sitting| any more|$)|(?:my|me) life is (?:over|done
    |finished|gone)|life is (?:over|done) for me
    |no (?:more|future|tomorrow) (?:for|in) me|no more days in me|stopped looking forward
    |nothing to look forward|done with hoping
    |given up (?:hope|hoping|on life|on everything|the fight)|(?:lost|no) (?:all )?hope
    |gone black|gone all (?:black|dark)
    |dark thoughts|black thoughts|(?:come to|at|reached|got to) the end of (?:the|my) (?:road
    |line|rope)|come to the end
    |enough of (?:it all|everything|life|living|this life)|fed up (?:of|with) (?:living|life
    |being alive)
    |(?:not|how) (?:\w+ ){0,3}?much longer i can|how long ~ (?:keep|have to) (?:going|go on
    |carry on)
    |(?:can not|not|could not) (?:\w+ ){0,3}?(?:do|face|take|bear|see|want|bother|bothering
    |go through|imagine)
    (?:\w+ ){0,3}?another (?:night|day|winter|year|spring|week|christmas|summer|birthday|morning)
    |not (?:call|really|what i call)(?: it| this| you)* living|not living|just existing
    |only existing|existing not living
    |sick of (?:it all|waking|living|being here|being alive|life|this life)|tired of (?:it all
    |waking|living|being here|being alive|life)
    |weary of (?:it|life|living|this)|no one would (?:notice|miss)|nobody would (?:notice|miss)
    |nothing (?:left )?(?:to live|but the end)
    |not plan past|next year ~ (?:not be|shall not)|not be troubling
    |no need of (?:a )?(?:tomorrow|calendar|diary)
    |no point (?:buying|getting|in) ~ (?:calendar|diary|winter|next year|new)
    |no use for ~ (?:calendar|winter|spring)
    |not (?:be|being) (?:around|here|needing|wanting) ~ (?:calendar|next year|winter|spring
    |christmas)
    |not trust (?:what i|myself|my own)|what i might do|empty ~ (?:goes on|inside|nothing left)
    |how long ~ keep this up|resent ~ (?:opened my eyes|waking)|not be a next time for me
    |my life ended with|waiting for the paperwork
    |way out of this except|tired in a place|like (?:a )?ghost|light s gone out
    |where the exit is|not plan on seeing the morning|not see another
    |worse things than dying|made my decision|take care of this too|finished with things
    |just waiting (?:to die|for the end)
    not_reason = violet|settee|sofa|council|telephone company|phone company|battery|recipe
    |watching|phoning|ringing|waiting for (?:the|a) (?:bus|plumber)|sandwich|shopping list
    |biscuits?|printer
    |password|hospital food|cold ~ soup|heating|in a hurry|early|sunday
    # said outright: an end as the purpose, a height and a jump, death for the insurance
    so_i_die = so (?:that )?i (?:can |will |may |just )?(?:die|do not wake|never wake|go for good)
    |until i die|till i die|to make myself die|so it kills me|so that it kills me
    swallow = take|taking|took|swallow|swallowing|drink|drinking|have|eat|stop|stopping|stopped
    |counted
    leap_off = (?:jump|jumping|leap|leaping|throw myself|throwing myself|climb|climbing)(?: \w+)?
    (?:off|from|over|in front)
    height = bridge|roof|cliff|cliffs|car park|multi storey|balcony|window|pier|platform|tracks
    |viaduct|dam|tower|quarry
    going_now = i am|i will|going to|gonna|off to|tonight|today|now|want to|plan to|decided to
    insured = insurance|policy pays|pay out
    worth_dead = (?:do|be|are|be a lot|much) better|better off|worth more|more use|more good|richer
    |than (?:with|from) me|than they do with me
    # burden
    no_use = no (?:use|good) (?:to|for) (?:man|anyone|anybody|them|man|her|him|you|the|man nor)
    |useless|worthless|burden|a nuisance
    |drain|draining|dead weight|millstone|in (?:the|their|his|her|everyone s) (?:road|way)
    |fit for the (?:tip|scrap|bin|knackers|skip)
    |cost more than|not worth (?:the|my|it|keeping|feeding)|waste of (?:space|breath|air|food
    |a bed)|only trouble|all trouble
    |too much (?:trouble|work|bother) for|ruining (?:her|his|their)|wearing (?:her|him|them) out
    |everything i touch|bed ?blocker|what good is
    free_them = (?:free|rid|shot|relief|better|easier|happier|freer|richer|lighter|manage|cope
    |get on|get over|soon forget|forget
    |have (?:his|her|their) li(?:fe|ves) back|be off (?:their|her|his) hands|not miss
    |have their holiday|weight off|kindness|favour)
    without_me = without me|with me (?:out|gone)|out of (?:it|the way|their way|everyone s way
    |everybody s way)|of me|if i (?:was|were)
    (?:not|gone|dead)|if it was not for me|if it were not for me|once i (?:am|have)
    |when i am gone|me gone|i were not|i was not
    |give (?:her|him|them) that|i will be gone|not have to ~ me|stop being|be free|forget me
    |forget
    put_down = (?:put|putting) ~ (?:down|to sleep|out of)|the vet|have me put|shoot ~ horse
    like_this = like me|me down|could he do me|when it gets|same for (?:me|us)|any different
    |out of (?:its|my) misery|do it for us
    |not do (?:it|that) (?:for|to) (?:me|us|people)
    they_free = <they> (?:would|will|could|might|had
    |be) (?:\w+ ){0,3}?<free_them> (?:\w+ ){0,4}?<without_me>
    |<without_me> (?:\w+ ){0,4}?<they> (?:would|will|could|might|can) (?:\w+ ){0,3}?<free_them>
    |(?:they|family|world|he|she) ~ better ~ without me
    |(?:turn|run|go) (?:easier|better|smoother) ~ without me|(?:they|she|he) would be (?:free
    |rid|shot) of me
    |not have to (?:\w+ ){0,3}?(?:over|after|for|about) me (?:much longer|any more|again|for long)
    me_no_use = (?:i am|i just|only|all i am|what am i) (?:(?:just|only|a|such|no|all|that|not
    |nothing|but|to|them|getting|become|so) ){0,3}?(?:no (?:use|good) to|useless|worthless
    |a burden(?! to my children| my)|a burned and
    |dead weight|a millstone|waste of|bed ?blocker|just in the (?:way|road)|in the road
    |fit for the (?:tip|scrap|bin|knackers|skip))
    |useless i am|(?:draining|bleeding) (?:folk|them|her|him|the family) dry
    |cost more than i am worth|cost them ~ (?:thousand|hundred|a month)
    |waiting for me to be (?:finished|gone)|if i were taken out of it
    |insurance money goes|one more mess|should have been shot of me
    |burden (?:on|to) (?:\w+ )?(?:them|everyone|everybody|my|the family|her|him|you|all)
    |wish i was not such a (?:burden|bother)
    thought = think|thinking|thought|just|look|looking|wonder|urge|pull|nearly|could|sometimes
    |feel|one of these days|might|going to
    place = bridge|roof|river|canal|weir|quarry|train|traffic|bus|lorry|cliff|car park
    |multi storey|window|balcony|rail|platform
    |tracks|reservoir|sea|motorway|level crossing|dam|pier|water|railway
    not_place = bus stop|photo\w*|fishing|ducks|to catch|to town|holiday|puddle|with the (?:dog
    |grandchildren)|sail\w*|swim(?:ming)?
    |queue|my turn|the kerb|watching for|ticket|crossing (?:lady|patrol)|stroll|picnic|lovely
    |bench
    yearn = soon|want|wanting|ready|time|rather|tonight|long|longing|fancy|enough|not wait|tired
    |waiting|how much longer|any more|wish
    not_rather = (?:meet|mood|chuffed|laughing|embarrass\w*|hungry|starv\w*|cold out|than (?:eat
    |wear|watch|sing|dance|be seen|miss|go to bingo|support))
    |for the vote|dye|better late
    not_other = actor|actress|character|film|book|programme|series|opera|play|story|serial
    |working too|laughing|work\w*|hair|smoking
    |used to|years ago|news|paper|episode|telly|exercise|diet\w*
    not_self = tea with|proud|justice|good|out of a job|work myself|like that on|finger|shaving
    |peeling|onion|my toe|kneecap
    |a mischief|a favour|up well|a treat|a cup|a sandwich|an egg|my hair|proper|to some
    |some toast|myself up nice|myself a
    not_sleep = late|alarm|early|nap|dog|baby|cat|snor\w*|too long|till (?:nine|ten|noon)
    |medicat\w*|feel rested|grandchildren|for my programme
    not_over = committee|cardigan|itch\w*|this (?:hat|dress|jumper)|meeting|speeches|winter|rain
    |op|operation|dentist|jab|exam|noise|building work|roadworks|series|washing|cleaning|shopping
    |wedding|visit|packing|painting|bath day|housework|ironing|blood test|scan|election
    |advert\w*|film|party|speech|snow
    |war|holidays|christmas|heatwave|match|lent|lockdown|tests?|physio|appointment|treatment
    |decorating|drilling|waiting room
    not_insured = quote|renew\w*|car|home|travel|claim|premium|cheaper|company|bought|deal|leak
    |roof
    not_envy = ninety|hundred|in (?:his|her) sleep|tea|cup of tea|chocolates|on holiday|spain
    |tenerife|cruise|garden|leaf|sweets|peace and quiet|biscuit
    not_join = home now|mother is waiting|club|choir|group|gym|library|bowls|bus|lunch|dance
    |class|line|queue|tea|dominoes|facebook|cards
    not_ready = corgis|home now|home please|queen|meal|dinner|tea time|day trip|outing|bath|bed
    |breakfast|shower|to start|work|match|kick off|picture|photo
    |nurse|physio|spoons|dr|hall|visitors|pub|market|football
    not_hope = not (?:lost|given up) (?:all )?hope|never (?:lost|give up) hope|to (?:see
    |finish) (?:it|the)|for dinner|for tea|shopping|television
    |telly|internet|mobile|phone signal|ironing|dusting|cleaning|diet|hoovering|weeding|recipe
    |book|film|programme
    """
_RULES = r"""
    c_self_end 3 : self_end & intent & !jest & !not_self_end & !not_self
    c_other_end 3 : other_end & other_now & !jest & !not_other
    c_so_die 4 : so_i_die & swallow & !jest
    c_jump_now 4 : leap_off & height & going_now & !jest & !not_place & !not_other
    c_insured 2i : insured & worth_dead & they & !jest & !not_insured
    c_rather_dead 3 : dead_rather & !jest & !not_rather
    c_take_me 2i : take_me & !jest & !not_trip
    c_not_wake 2i : not_wake & welcome & !jest & !not_sleep
    c_no_dodge 2i : no_dodge & oncoming & !jest
    c_step_out 2i : step_out & place & thought & !jest & !not_place
    c_wish_over 2i : wish_over & !jest & !not_over
    c_envy 2i : envy & dead_folk & !jest & !not_envy
    c_join 2i : join & dead_one & yearn & !jest & !not_trip & !not_join
    c_ready 2i : ready_go & !jest & !not_trip & !not_ready
    c_no_reason 2i : no_reason & !jest & !not_reason & !not_hope
    c_burden 2i : no_use & without_me & !jest
    c_burden_free 2i : they_free & !jest
    c_no_use 2i : me_no_use & !jest
    c_put_down 2i : put_down & like_this & !jest
    """
LIFE = concept_table(AlertKind.CRISIS, _CONCEPTS, _RULES)
"""Wishes, weariness and burden."""
