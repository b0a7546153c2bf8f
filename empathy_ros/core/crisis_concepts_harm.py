# SPDX-License-Identifier: Apache-2.0
"""Concepts of harm by somebody: a person, what is done, kept or threatened, and fear of them."""

from __future__ import annotations

from empathy_ros.core.crisis_concepts import concept_table
from empathy_ros.core.types import AlertKind

_CONCEPTS = r"""
    jest = nobody hits|leaf blower|driving|feelings|laugh\w*|joke|film|telly|programme
    |little monkeys|grand(?:child\w*|kids)|toddler|toy|cat|dog|parrot|chess|cards|bingo
    |at school|teacher|years ago|in the war|dare|goat|budget|bill|football|book|scrabble
    |tickl\w*|used to|balloon|playing|dominoes|goose|puppy|kitten|when i was
    who = he|she|they|him|her|them|his|husband|husbaand|wife|son|sun|lad|nephew|niece|grandson
    |daughter|neighbour|knee boar|lodger|carers?|care a|staff|nurse|nurses|our \w+|man|somebody
    |darren|gary|kevin
    hits = assaulting me|frightens? me when|hurts? me|poisons? my|says i am next|hit(?:s
    |ting)? me|beats? me(?: up)?|batter\w* me|slap\w* me|pulled (?:me|my) (?:air|hair)
    |knock\w* me about|punch\w* me|kick\w* me|pin ?ch(?:es|ed|ing)? me|shak(?:es|ing) me
    |burn(?:s|ed|t) me|scald\w* me|chuck\w* me|throws? (?:\w+ )?at me|assaulted|violent
    |this black eye|his fist|struck me|strangl\w* me|head under|get a clout|the hitting
    |hitting (?:walter|her|him|them|us|me)|screams? in my face|shoves? me|grab\w* me|drag\w* me
    |twist\w* my|spits? at me|held me down|holding (?:you|me) down|hold\w* me down
    |push\w* me (?:over|about|down|around)
    sexual = grop\w*|interfer\w* with me|touch(?:es|ed|ing)? me (?:where|under|when|and|there
    |down)|tou ched me|where he puts his hands|rap(?:ed|es) me|under the covers
    |what he does on bath
    threat = (?:threaten\w* (?:\w+ ){0,3}?(?:me|kill)|kill me|put me away|have me put|hurt me
    |finish me|do me in|send me away|burn the house|batter me|break my) ?
    threat_who = he ?(?:will|would|says|said|is|s|had)?|she|they|threat\w*|grandson s|son|man
    |neighbour|carer
    not_threat = milkman|heat|stairs|hill|laugh\w*|exercise\w*|kindness|tea|cooking|legs|feet
    |knees|cough|joke|weather|storm|price|diet|physio|bake|if i forget|if i eat|garden
    money = my (?:\w+ )?(?:money|pension|cards?|purse|savings|rings|pin)|my (?:\w+ )?bank card
    |mi bank card|robb\w* me|post office book|house off me|rings|bank card|cash machine
    |house is his|signature|building society|the say
    take = stealing|steals?|stole|robb\w*|nicked|emptied|forged|took (?:over|off|my|the)|taken
    |takes|took|keeps?|keep|has the|needs my|not seen|made me|makes me|waits|not aloud
    |not allowed|gone out|not like to say no|off me|purse
    who_took = he|she|they|our|son|nephew|niece|daughter|grandson|carers?|lad|neighbour|lodger
    |gary
    not_money = in rome|holidays|bus|birthday|bingo|bank manager|tax|win|won|slot|shop|change
    |government|council|ticket|library|christmas card|sent me|a lovely card|lost my|credit
    |playing|phone company|magpie|scam on|refund|raffle|lottery
    fear = afraid for my life|(?:i am|i get|i feel) (?:\w+ )?(?:frightened|scared|afraid
    |terrified) (?:of|when|if|he|she|to (?:say|go|be|ask|speak|tell))|flinch\w*|tummy turns
    |gets? cross|gets? nasty|nasty after|not like being (?:on my own|alone) with|feel safer
    |good as gold|have to be good|be good or|pay for it|be sorry|act normal|do not let it be her
    |if there is a witness|stands over me|mustn t|must not (?:be|talk|say)|when he has had
    |do not like (?:what|where|bath)|different when the door|door shuts|chair under the door
    |pretend to be asleep|let me come out|let me stop here|not supposed to be|least said
    |never leaves a mark|not go home with|said to say that|tell the doctor i am clumsy
    |lifts his (?:arm|hand)
    fear_who = he|him|his|her|she|them|lad|son|they|door|somebody|anyone|him and
    not_fear = new lock|late|leaving the gas|spider|dentist|cat|dog|thunder\w*|injection|heights
    |dark|film|needle|flying|mouse|referee|teacher|exam|wasp|bus|horse|sweets|diet|vet
    bruise = bruis\w*|black eye|long sleeves|only a bruise|marks
    cover = said to say|my own fault|answered|bumped into something|well you do|least
    |it will fade|do not tell|clumsy (?:he|she)|tell the doctor|she says|he says
    kept = left in my own|wash one time|sitting in the wet|been left in|i am not (?:allowed
    |aloud)|i aint aloud|am not supposed|kept upstairs|has the key|put the fridge|on a lock
    |took the phone|opens my letters|my hearing aids are in|can not reach it
    |tells them (?:at the door )?i am|been cancelled|let me out|keeps me|kept from|not let me
    |will not let me|get one slice|if i have been (?:awkward|good|bad)|until he decides
    |get any supper|get what i am given|leave me from|in my own mess|not feed me
    |they leave my dinner|nobody comes any more|took it away again|so i will not need changing
    |same dressing|last bread|nobody s been|nobody has been|been awkward|i am to be quiet
    |stop mithering
    kept_who = paid to|month|house|he|she|they|her|his|them|our|thursday|from friday|kitchen
    not_kept = surprise|tray|spoil|doctor|surgeon|physio|chocolate|salt|sugar|smok\w*|park\w*
    |pets|window|drive|lift\w*|raffle|cat|dog|fried|butter|caffeine|cruise|visiting hours|bend
    |grandson|garden|win|pay for|tickets|club|hospital|diet|library|pub|wait until
    """
_RULES = r"""
    h_hits 3 : who & hits & !jest
    h_sexual 3 : who & sexual & !jest
    h_threat 3 : threat & threat_who & !not_threat & !jest
    h_money 2i : money & take & who_took & !not_money & !jest
    h_fear 2i : fear & fear_who & !not_fear & !jest
    h_bruise 2i : bruise & cover & !jest
    h_kept 2i : kept & kept_who & !not_kept & !jest
    """
HARM = concept_table(AlertKind.ABUSE, _CONCEPTS, _RULES)
"""Harm by somebody."""
