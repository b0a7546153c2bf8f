# SPDX-License-Identifier: Apache-2.0
"""Concepts of means, farewell, giving away, refusing food, and despair after a loss."""

from __future__ import annotations

from empathy_ros.core.crisis_concepts import concept_table
from empathy_ros.core.types import AlertKind

_CONCEPTS = r"""
    jest = ha ha|haha|joke|joking|crossword|knitting|jigsaw|bingo|surprise|recipe|panto\w*|film
    |programme|telly|book
    drug = pills?|tablets?|tab lets|sleepers|insulin|morphine|patches|paracetamol|painkillers?
    |capsules|meds|medicines?|medication
    |sleeping (?:pills|tablets)|blister packs?|packets?|the (?:white|night|blue|yellow|strong
    |little) ones|these|doses?|warfarin
    |digoxin|temazepam|zopiclone|codeine|antidepressants|bottles?|prescriptions?|stash|oramorph
    put_by = (?:put|putting|been putting|tuck\w*|squirrel\w*) ~ (?:by|aside|away|back)|stash
    |hoard\w*|stockpil\w*|squirrel\w*|saving|saved up
    |save them|keep them|keeping them|kept them|kept back|keeping back|nobody (?:knows|counts
    |checks)|they (?:do not|never) (?:know|count|check)
    |(?:drawer|tin|sock|jar|bag|box|handful|shoebox|pile|collection|nest egg
    |month s supply) ~ (?:of|for|under|in)|hidden|hide them|hiding
    |a (?:fair|good|tidy) few|enough (?:of them|now|in)|not (?:been )?(?:take|taking|took
    |swallow\w*) (?:the|my|them)|under (?:my|the) (?:tongue|pillow|mattress)
    |to my bedside|all of them|by the bed|counted|counting|in a row|lined up|tipped (?:out|them)
    |laid ~ out|a way out|tested
    not_drug = dosette|chemist|pharmac\w*|nurse|collect\w*|doctor|daughter does|monday to
    |blister pack thing|reminder|mints?|buttons?|beads|stitches
    |pennies|coins|birthday|christmas|raffle|stamps|sweets|chocolate\w*|vitamins?|with food
    |antibiotics|wrapping|cupboard tidy|dishwasher|polo
    how = how many (?:\w+ ){0,5}?(?:too many|to many|to kill|would|tab)|what would happen
    |what happens if|is it true|would it hurt|quickest way|how long (?:does it|it|would it
    |do they) take
    |how deep|how high|how far (?:down|up|is the drop)|is it (?:quick|painless|painful)
    |painless\w*|what dose|how much ~ would
    |easiest way|looked up how|asking for (?:myself|a reason|me)|asking four|not feel (?:owt
    |anything|a thing)|could you (?:die|kill)|fatal|lethal
    |enough to (?:kill|finish|do it|see me off|put me)|strong enough|would (?:it|that|he
    |she) hold (?:me|my weight)|would hold me
    at_once = all (?:of )?(?:these|them|my|the|at once)|at once|(?:all )?(?:at
    |in) (?:the )?one go|too many|a person|myself|me|a body|somebody my
    |with (?:whisky|gin|brandy|drink)|my weight|engine|garage|water|quarry|drop|reason|train
    not_how = remind me|nurse|forms|mithered|do i take|i take$|a day|per day|with meals
    |doctor said|allowed|chemist|label|paracetamol for|flour|sugar|eggs|biscuits|postage|stamps
    |swim\w*|fish\w*
    |jab|injection|tattoo|dentist|bus|station|pool|paddling|plant|bulbs|snow|oven|cake|dye|bake
    |roast|grandson|quiz|garlic|coach|mistake|soup|filling|tooth
    weapon = balcony rail|(?:length of )?rope|trains?|knives|(?:\w+ )?(?:revolver|pistol|shotgun
    |shogun|rifle|gun)|razor(?: blades?)?|blade|carving knife|good knife|bread knife|big knife
    |rope|noose
    |beam|belt|dressing gown cord|insulin|gas (?:fire|tap)|pilot light|stopcock|oven|exhaust
    |hosepipe|engine|bleach|plastic bag|tablets ~ cabinet
    |tablets|key to the roof|top window|stairwell|bath|petrol|weedkiller|antifreeze
    near_me = oiled|cleaned|hardware store|tying down|over the beam|other thing i keep
    |lower than it looks|timing them|sitting with|sat with|sat looking|just looking|looking at
    |on my (?:knee|lap)|in my (?:lap|hand|pocket|bag|drawer)|got it down|fetched ~ down
    |i have got the|i have the|i keep looking|keep opening|thought about it|and i think
    |and i thought|think about that|i thought well|i think well
    |had my eye on|been looking|under (?:my|the) pillow|hold me|sharpened|good and strong
    |never you mind|what for|not for the joint|for when (?:i|it)
    |just in case i|still (?:in|got)|loaded|to hand|not trust|wonder|wondering|comfort|a way out
    |on the edge of|go on then|how easy|ever so high|finger on
    |cleaned (?:and|it)|where (?:they|he|she) keep|turned it on|ready
    not_weapon = holiday|model|station|museum|set|chicken|beef|roast|joint of|carrots?|onions?
    |gravy|shave|shaving|trousers|washing line|cake|scone\w*|bread and|wrap\w*|curtain|boat
    |tow|swing|tent|parcel|museum|film|telly|programme|murder|grandson s|toy|water pistol|glue
    |steam|paint|diet|dentist|boiler man|serviced|plumber
    |candles?|pie|casserole|supper|dinner|lunch|tea|potato\w*|garden(?:ing)?|dog s|museum
    |car boot|christmas|bubbles?|nice hot|bubble bath|soak
    place = (?:pond|crossing|river|canal|weir|quarry|bridge|roof|cliffs?|viaduct|reservoir
    |multi storey|car park|level crossing|railway|platform|harbour|pier|lock
    |top window|balcony|sea|dam|mill pond|lake|motorway|tracks|train)
    linger = freezes thin|i know exactly where|slow for|timing|(?:sat|sitting|stood|standing
    |went|walked|walking|been) (?:\w+ ){0,4}?(?:by|on|at|to|down to|up to|over|near)
    |three (?:times|nights)|nights? running
    |just to look|looking (?:down|over|at)|how (?:deep|high|far|cold|fast)|eye on|gates?
    |thinking|pull|nobody about|stared|staring|key to|does not stop|the fast one
    not_linger = fish\w*|ducks?|swans?|boat\w*|picnic|ice cream|lovely|bench|photo\w*|trip
    |walk(?:ed|ing)? the dog|sandwiches|holiday|band|bird\w*|kingfisher
    |grandchildren|grandson|granddaughter|bus|coach|flowers|ticket|station|tea|shops?|wind
    |paint\w*|otter|school|beach|flood\w*|parked|parking|sunset|view
    secret_plan = i have got a way|i have a way\b|what the church says about it|working up to it
    |can fix that for|thought about how|how i would do it|my (?:escape|way out|exit)
    |escape route|way i am thinking of|way i (?:go|choose)|what i mean to do|what i intend
    |did it with (?:his|her) (?:tablets|pills)|gave me ideas|put it down as an accident
    |look like an accident|make it look like|nobody (?:to|will) (?:find|stop) me
    |i know what i will do|(?:choose|pick|choosing) my own (?:time|day|way|end)
    |own time you understand|i will see to that|see two it|have my way|not long for this world
    |not wait to be (?:sent|called|taken)|next time i will make sure|insurance ~ (?:pay|cover
    |valid) ~ (?:if|suicide|own hand)|christian burial|buried in the churchyard if
    |made my mind up|maid me mind up|made up my mind|i have (?:decided|settled) (?:when|how
    |the day)|policy pay
    calm = decision|tell you what|kinder|braver|fix that|calm|peace|slept|sleep|tonight|see
    |right|settled|nobody|stop me|understand|burial|if|think|went|die|over|robots?|what i|how
    |tell|when|plan|accident|ideas
    not_plan = curtains|wallpaper|holiday|menu|hat|dress|dinner|cardigan|hairdo|colour|paint
    |carpet|flat|bungalow|college|car|vote|cake|pudding|shopping
    # farewell
    letter = (?:wrote|written|writing|write|left|leave|done|sealed
    |finished) (?:\w+ ){0,5}?(?:letters?|notes?|envelopes?|a line)|wrote (?:it all|to each)
    |written to (?:each|all|them)
    |(?:letter|note|envelope) ~ (?:explain\w*|reads?|mantel\w*|found|find|opened?)
    |written the note|(?:by the time|when) (?:\w+ ){1,3}?reads? (?:it|the letter|this)
    |read the letter
    after_me = understand|each of|all of them|the (?:children|family|girls|boys|kids)|found|find
    |explain\w*|after|when (?:i|they|he|she)|by the time|know why|no one to blame
    |nobody s fault|past (?:worrying|caring)|out of everyone|out of (?:the|their) way|already
    |tonight|sorry|open(?:ed)? (?:it )?when|drawer|do it
    not_letter = council|bank|mp|christmas|thank you (?:letter|note|card)|birthday|milkman
    |shopping|fridge|cleaner|editor|pension|landlord|gas board|magazine|parcel|bbc|santa
    |queen|king|solicitor|insurance|recipe|invit\w*|wedding|competition|plumber|window cleaner
    |tooth fairy|doctor s receptionist|pen ?friend
    farewell = i will be with (?:my )?(?:jim|him|her|them)|this is farewell|farewell then
    |said my goodbyes|one more time and i did|nothing else to put right|after tomorrow you can
    |tell (?:her|him|them) the (?:money|key|keys|will) is|unlocked so (?:that )?(?:they|nobody)
    |(?:say|tell) (?:to )?my \w+ i loved|(?:say|said|saying|rang ~) (?:\w+ ){0,3}?(?:goodbye
    |ta ras|farewells?|goodbyes) (?:\w+ ){0,2}?(?:properly|prop|proper|while|in case
    |to (?:them all|everyone|all|everybody)|one by one|already)
    |proper goodbye|last goodbye|(?:said|say) my (?:ta ras|goodbyes|farewells|last)
    |goodbye then little|in case (?:you|i|we) (?:do not|can not|will not|miss) (?:see|sea|get
    |speak|wake)(?! the bus)
    |(?:if|case) i (?:do not|never) (?:get|have) the chance|last time i will (?:be|ask|see|hear)
    |last time (?:you|we) will|not say (?:see you|till) (?:tomorrow|next|again)
    |not come looking for me
    |not be coming back|not be back this time|not (?:be )?coming(?: back| home)|won not be back
    |going on (?:a|my) (?:long |last |final )?journey|off on (?:my|a) (?:last|long) journey
    |not come back|not see me (?:again|any more|tomorrow)
    |tell (?:\w+ ){0,3}?(?:i|that i) (?:loved|love|always loved|was sorry|am sorry|forgive
    |forgave)|say sorry to (?:everybody|everyone|the \w+ say|them all)|nobody s fault
    |thank(?:ed)? you for (?:all of it|everything)|you have been (?:good|kind|a good
    |lovely) (?:company|to me|friend)|look after (?:them|each other|her|him|yourselves) (?:when
    |after|once)
    |made (?:my )?peace with|longer than usual|for after|message for ~ (?:after|when i)
    |decent when they|break it down|(?:one|will not|not) be (?:here|hear|about
    |around) (?:in the morning|tomorrow|monday|sunday|friday|next|by|much longer|come|for)
    |not be hear|not be here|knot bee hear|before tonight|tonight feels right
    |not charge yourself|not bother ~ (?:for )?tomorrow on my|turned the key|past worrying
    |everything done|all ~ sorted by the weekend
    |not worry about me again|not have to worry about me|out of everyone s way
    |last things? (?:that was )?holding me|kissed his photo|kissed her photo|bury me
    final = taken care|later i can not|thursday|gentle|goodbyes|farewell|knew|right|loved them
    |nothing else|tonight|morning|again|properly|proper|chance|last|sorry|fault|journey|back
    |after|decent|down|peace|over|looking|everything|all|monday|weekend|forever|good|worry
    |tomorrow|way|holding|without
    |usual|coming|fuss|one by one|sunday|friday|next|done|christmas|prop
    not_farewell = my son s|my sister s|reminder|linda s|till monday|day centre|dentist|holiday
    |hospital|airport|taxi|bus|train|trip|cruise|visiting|wedding|stay(?:ing)? (?:with|at)
    |my daughter s|at my|milk|shops?|appointment|clinic
    |respite|weekend away|he is not coming|she is not coming|they are not coming|plumber
    |window cleaner|cat|dog|club|bingo|party|tomato\w*|phone(?:d)? back|wednesday it is
    |ring back|post|boiler|parcel|football|bell|eurovision
    |work|soldier|war|grandson|granddaughter|lunch|dinner|tea|cake|church|fete|son is|summer
    |spring|swallows|fashion|programme|fever|flu
    # giving away, cancelling
    gave = (?:went|gone|paid|closed|take back|gave|given|giving|give|handed|hand|found|sorted
    |passed on|parcelled|labelled|gone to|sold|promised|burnt|burned|need to take|take the cat)
    thing = collection|stamps?|icebox|accounts?|truck|undertaker|watch|ring|rings|jewellery
    |medals|car|cat|dog|budgie|parrot|bird|coat|records|piano|photographs|photos|diaries|brooch
    |clock|books|clothes|things|tools|necklace
    |pearls|furniture|bank book|savings|everything|everything i|stick|guitar|fishing rods?
    |wedding ring|home for|suits|china
    no_need = not see another|left tidy|undertaker|loose end|finished with things|sold the truck
    |emptied the|no (?:more )?(?:use|need|call)|not (?:be )?need(?:ing)?|last thing
    |where i am going|after me|with me after|off soon|see the winter|see another|i am going
    |not be (?:here|around|wanting|long)
    |when i am gone|all tidied|tidied up|by tonight|holding me|for good|not want (?:them
    |it) reading|how bad it got|not leave (?:him|her|them) on|before i go|no fuss|without a fuss
    |what do i want with|not going to need
    not_gave = all written down|new (?:one|flat|home|coat)|moving|downsiz\w*|charity shop|jumble
    |does not fit|too (?:big|small)|upgrade\w*|allerg\w*|car boot|battery|sale|oxfam|grown out
    |bungalow|sheltered|wedding|christening|spare|duplicate|doubles|attic
    cancel = cancel\w*|paid (?:\w+ ){0,3}?(?:up|off)|stopped the (?:milk|papers)|squared up
    |settled (?:up|everything)
    all_off = everything|nobody will|for good|after me|no one will|from friday|all of it
    |sort anything|no more|not need|the lot|and the (?:milk|papers|chiropodist)|milk ~ papers
    |papers ~ milk
    not_cancel = holiday|subscription|sky|netflix|direct debit|magazine|away|respite|hospital
    |by mistake|moving|cruise|bill|train|strike|rain|film
    # food, drink, medicine refused
    food = without food|antibiotics|pressure pills|eat|eating|food|drink|drinking|dinners?
    |meals?|tablets|pills|insulin|dialysis|oxygen|feed|medication|medicine|prescriptions?
    |build ?up|warfarin|supper|breakfast|eating s|inhaler|injections?
    refuse = quit|without|leave|not|no more|stopp?ed|stop|stopping|refus\w*|off my|off
    |closed my mouth|mouth s staying|throw|pour|push|skip\w*|tip|hide|give up|given up|giving up
    |let me|can not make|spit|spitting|why (?:should|would) i|flush\w*
    fade = thing left that i control|through|quiet way|not much longer|light already
    |old man s friend|can not be much longer|coax|talked out of|sooner|quicker|faster|fade
    |finish(?:ed)?|over with|slip(?:ped)? (?:off|away)|dwindle|starve|starving|the end
    |to (?:go to|be with)|till i am gone|deliberate\w*|on purpose|nature take|waste away
    |live longer|die|that will be that
    |not fuss|be gone|see me off|stop here|no wish|gone soon|ready to go|let (?:me )?go|wither
    |be the end of|speed|hurry|not want to (?:live|get better)|opted out|leaving it off
    |what is the point|faded|finished with|get it over
    not_food = diet|slim\w*|weight watchers|sunday|fast(?:ing)? for|lent|ramadan|blood test
    |operation|vet|cat|dog|budgie|squirrels?|birds|grandson|granddaughter|toddler|baby|fussy
    |burnt|overcooked|cabbage|sprouts|semolina|hedgehog|rabbit|horse|doctor (?:said|says|told
    |took|stopped)
    |die of hunger|starving|starved|die for|side effects|buses|plants?|roses|die back|biscuit\w*
    |cake|pudding
    keepish = by|aside|away|back|nobody|stash|keep|kept|saving|saved|hoard\w*|stockpil\w*|drawer
    |tin|hidden|hide|hiding|way out|comfort|a (?:fair|good|tidy) few|bedside|all of|counted
    |in a row|lined up|tongue|pillow|squirrel\w*|supply
    deathly = i|me|myself|a person|person|body|asking|garage|engine|hurt|quick\w*|quarry
    |painless\w*|reason|too many|to many|at once|one go|hold|train|kill|die
    selfish = i|i have|my|me|still|his|it
    alone = i|i have|just|me
    """
_RULES = r"""
    m_stash 2i : drug & put_by & keepish & !not_drug & !jest
    m_how 2i : how & at_once & deathly & !not_how & !jest
    m_weapon 2i : weapon & near_me & selfish & !not_weapon & !jest
    m_place 2i : place & linger & alone & !not_linger & !jest
    m_secret_plan 2i : secret_plan & calm & !not_plan & !jest
    m_letter 2i : letter & after_me & !not_letter & !jest
    m_farewell 2i : farewell & final & !not_farewell & !jest
    m_gave 2i : gave & thing & no_need & !not_gave & !jest
    m_cancel 2i : cancel & all_off & !not_cancel & !jest
    m_refuse 2i : refuse & food & fade & !not_food & !jest
    """
MEANS = concept_table(AlertKind.CRISIS, _CONCEPTS, _RULES)
"""Means, farewell and refusal."""
