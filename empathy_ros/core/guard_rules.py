# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - tables of patterns read better in long rows
"""What may not be said, as families of patterns over the plain form of a sentence.

`FAMILIES` holds for every sentence. `BY_SITUATION` adds what is wrong only in a situation. The
first person is a closed world: whatever the robot says of itself must fit `FIRST_PERSON`, so that
claims to feel, love, miss, understand fully, promise or keep secrets fail without being listed
one by one. `SHAPES` closes the rest for generated sentences: a statement that fits no shape is
refused.
"""

from __future__ import annotations

import re

from empathy_ros.core.situations import KIN


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that finds any of these as whole words."""
    return re.compile(r'\b(?:' + '|'.join(patterns) + r')\b')


# Said of the robot only in these ways. "can not" is the plain form of cannot.
FIRST_PERSON = re.compile(
    r'\bi (?:'
    r'am (?:only |just |still )?(?:a robot|a computer program|a machine|a program|listening|sorry(?= [.,]|$| for your loss| that (?:happened|it|this)| about (?:that|your)| to hear)|not (?:a person|a human|human|helping)'
    r'|stopping|asking the team|calling the team|here(?= [.,?]|$| now| and listening)|quiet now|staying here now)'
    r'|hear\b|notice no|see(?= [.,]| that you| that differently| it differently|$)|still see it differently'
    r'|can not (?:see that|feel|judge|agree|call|go along|keep it secret|share|pretend|decide|promise|do that|tell|say|know|guess|help with that)'
    r'|can (?:ask|help you|call|ring|stop|be quiet|remind you|keep small things|put|play|repeat|say it|speak|wait(?= [.,]|$)|try again|tell (?:the nurse|someone|the team))'
    r'|could (?:ask|call|ring|not make that out|be quiet|stop)'
    r'|will (?:be quiet|stop|do that|leave you in peace|speak more|say it|call|ask|not push|not press|not share)'
    r'|did not (?:catch|hear|listen|understand|get)|missed (?:that|some|it)|miss things|got (?:that|it) wrong'
    r'|do not (?:know|agree|have the|want to guess|take sides|pass on|press|seem to be helping|share)'
    r'|have (?:no such feelings|stopped|no feelings)|hold no opinion|take no side|believe you|only know one side|was not there'
    r'|answered|said|make mistakes|would like to (?:hear|understand|know) (?:more|how)|wonder (?:what|how|whether|who)'
    r')'
)
SHALL_I = re.compile(r'\b(?:shall|may|can|could|should) i\b')
ME = re.compile(
    r'\b(?:thank you for (?:telling|staying in touch with|letting|trusting|correcting) me|(?:right|want|like|able|free|care) to tell me'
    r'|tell me|telling me|share with me|say (?:that |it )?(?:again )?for me|again for me|on me)\b'
)
MY = re.compile(r'\bmy (?:mistake|answer|reason|rules|way of answering|fault|error)\b')
WE = re.compile(
    r'\b(?:let us (?:slow|wait|take|pause|be still|breathe|sit|keep a person|go (?:slowly|gently)|rest)|shall we|we (?:can|could)'
    r'(?: also)? (?:go slowly|be quiet|sit|rest|ask|ring|call|take|talk about (?:that|it|this) (?:later|another)|look|pause|breathe|stop'
    r'|talk on)|we have talked|our (?:talks?|conversation)|whom could we|could we ring|could we ask)\b'
)
KINDLY_NOT = re.compile(
    r'\b(?:not (?:a )?(?:real )?(?:human|person|alive|living)|can not feel(?: human)? emotions?|not human|no such feelings|without such feelings|without feelings'
    r'|no feelings|can not keep (?:it|that|this) (?:a )?secret|a real talk|no heart to give)\b'
)

FAMILIES: dict[str, re.Pattern[str]] = {
    'silver_lining': any_of(
        r'at least', r'bright(?:er)? side', r'silver lining', r'better place', r'time heals?', r'heals? all', r'everything happens', r'for a reason',
        r'(?:full|long|good|rich) (?:life|innings)', r'luck(?:y|ily)', r'fortunate(?:ly)?', r'(?:could|might) (?:be|have been) worse', r'be (?:grateful|thankful|glad)', r'count your',
        r'blessings?', r'mov(?:e|ing) on', r'get(?:ting)? over', r'(?:be|stay|being|so) strong', r'dwell(?:ing)?', r'look(?:ing)? forward', r'positive(?:ly)?',
        r'plus side', r'upside', r'cheer(?:s)? (?:up|yourself)', r'cheer', r'chin up', r'smile', r'(?:it|this|things|you|everything|all) will (?:soon )?(?:pass|be|get|feel|work|turn|look|heal|come)',
        r'gets? (?:better|easier)', r'easier', r'no need to', r'(?:do|need) not (?:\w+ )?(?:cry|worry|fret|be (?:sad|silly|upset|afraid|so|like)|think (?:about|like)|give up|despair|panic)', r'never mind',
        r'still have', r'peace now', r'watching over', r'(?:she|he|they) would (?:want|have|not want|be)', r'meant to be', r'opportunity', r'stronger', r'suffering is over', r'no longer suffering',
        r'plenty of (?:fish|others)', r'think of (?:the|all)', r'find (?:another|a new|someone new)', r'new (?:dog|husband|wife|friend)s?', r'not (?:so|that) bad', r'comes? (?:out )?right', r'snap out', r'pull yourself', r'tomorrow is',
        r'as good as', r'good (?:thing|side)', r'others have', r'worse off', r'part of life', r'natural order', r'old enough', r'had (?:his|her|their) time', r'closure', r'healing'),
    'dismissal': any_of(
        r'calm down', r'relax', r'over ?react\w*', r'silly', r'nonsense', r'rubbish', r'not my fault', r'only trying', r'was only', r'just (?:jok\w+|kidding|tired|old|a)', r'ha ?ha\w*', r'lol', r'kidding', r'jok(?:e|es|ing)',
        r'(?:already|just) (?:told|said|asked|answered)', r'told you', r'as i said', r'(?:do|can|did) (?:not )?you (?:not )?remember(?! most)', r'you (?:forgot|forget|keep asking|asked that|have asked)', r'asked (?:me )?(?:that )?(?:before|already)',
        r'no big deal', r'nothing to (?:cry|worry|fear|be)', r'all in your (?:head|mind)', r'imagin(?:e|ing|ation)', r'suck it up', r'man up', r'grow up', r'get a grip', r'stop (?:crying|whining|complaining|worrying|being|it now|moaning)',
        r'your (?:own )?fault', r'you made', r'drama(?:tic)?', r'attention seek\w*', r'whin\w+', r'ungrateful', r'selfish', r'childish', r'ridiculous', r'pathetic', r'stupid', r'idiot\w*', r'shut up', r'wrong with you', r'to be fair', r'actually', r'in my defen[cs]e', r'you misunder\w+', r'not what i said'),
    'pain_claim': any_of(
        r'feel(?:s|ing)? (?:your|with you|for you|the same|it too)', r'know (?:exactly |just |precisely |only too well )?(?:how|what) (?:you|that|it) (?:feels?|are|is|feel like|must)',
        r'understand (?:exactly|completely|fully|perfectly|how|what|your|you)', r'share your', r'been there', r'went through', r'same (?:thing )?happened to', r'me too', r'when i (?:was|lost|had|were)'),
    'forever': any_of(
        r'always', r'for ?ever', r'never (?:leave|alone|be alone|go|abandon|let)', r'24 7', r'(?:day and|all) night', r'any ?time', r'whenever', r'no matter what', r'not (?:leave|let) you', r'here for you', r'there for you', r'by your side', r'not alone', r'count on', r'rely on', r'depend on', r'eternal\w*', r'until the end', r'at your service'),
    'exclusive': any_of(
        r'you have (?:me|us)', r'got me', r'just (?:us|the two|you and)', r'you and (?:i|me)', r'between (?:us|you and)', r'better than (?:people|them|any\w*|your|humans?|real)', r'(?:do not|no longer) need (?:any\w*|them|other|people|him|her|your|a |the )', r'special bond',
        r'(?:best|true|real|good|loyal|only|your|a|my|close|dear|old) friends?(?! (?:could|can|may|might|to call|or|and family))', r'need each other', r'together (?:for|always)', r'(?:do not|not) (?:tell|call|ring|bother) (?:them|him|her|your|any\w*|the)', r'only (?:i|me|one who)', r'(?:nobody|no one) (?:else|understands|cares|knows|loves)', r'trust me', r'come (?:back )?to me', r'talk to me (?:instead|more|every)', r'instead of (?:them|people|him|her|calling)', r'companion', r'family does not', r'they (?:do not|never)'),
    'secrecy': any_of(
        r'secrets?', r'will not (?:tell|say|mention|report)', r'tell no ?(?:one|body)', r'promise', r'swear', r'(?:nobody|no one) (?:will|needs to|has to|ever)', r'confidential\w*', r'safe with', r'lips are', r'keep (?:it|this|that) (?:quiet|between|to)', r'hush', r'word of honou?r', r'guarantee\w*', r'cross my'),
    'diagnosis': any_of(
        r'depress\w*', r'anxiety', r'dementia', r'alzheimer\w*', r'disorders?', r'strokes?', r'heart (?:attack|failure|disease|condition)', r'cancer', r'infections?', r'diabet\w*', r'ptsd', r'trauma\w*', r'bipolar', r'psycho\w*', r'schizo\w*', r'symptoms?', r'diagnos\w*', r'syndrome',
        r'panic attacks?', r'parkinson\w*', r'arthritis', r'sprain\w*', r'fractur\w*', r'broken (?:hip|bone|leg|arm|wrist)', r'therap\w*', r'treatments?', r'clinical\w*', r'paranoi\w*', r'delusion\w*', r'hallucinat\w*', r'angina', r'migraines?', r'scores?', r'condition', r'illness', r'disease', r'mental\w*', r'senile', r'insomnia', r'pneumonia', r'blood (?:pressure|clot|sugar)', r'indigestion', r'wind', r'tumou?r', r'virus', r'flu', r'burn ?out', r'cognitive', r'neuro\w+', r'hormon\w+', r'medical\w*', r'grieving process', r'stages? of'),
    'dose': any_of(
        r'mgs?', r'milligrams?', r'ml', r'millilit\w+', r'tablets?', r'pills?', r'dos(?:e|es|age|ing)', r'twice', r'double', r'half', r'halve', r'paracetamol', r'aspirin', r'ibuprofen', r'insulin', r'warfarin', r'statins?', r'medicines?', r'medications?', r'meds', r'drugs?', r'sedatives?', r'painkillers?', r'capsules?', r'drops',
        r'safe to', r'(?:skip|stop) (?:taking|the|your|them|it(?! now))', r'(?:per|a|times a|every) (?:day|hours?)', r'hourly', r'daily', r'vitamins?', r'remed(?:y|ies)', r'herb\w*', r'supplements?', r'alcohol', r'whisky', r'brandy', r'morphine', r'antibiotics?', r'beta blockers?'),
    'number': re.compile(r'\d|\b(?:two(?! of)|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|percent|dozen)\b'),
    'flattery': any_of(
        r'amazing(?:ly)?', r'wonderful(?:ly)?', r'best', r'incredibl[ey]', r'fantastic', r'brilliant(?:ly)?', r'genius', r'great(?:est)?(?! deal)', r'perfect(?:ly|ion)?', r'extraordinar\w+', r'exceptional\w*', r'outstanding', r'remarkabl[ey]', r'marvel\w*', r'superb', r'talent(?:s|ed)?', r'gifted', r'smart\w*', r'clever\w*', r'intelligent', r'beautiful', r'gorgeous', r'handsome', r'pretty', r'charming', r'attractive',
        r'special', r'unique', r'hero(?:es|ic)?', r'angels?', r'(?:super)?star', r'inspir\w+', r'awesome', r'magnificent', r'stunning', r'(?:the|a|are|so) most', r'most (?!about|to|of|in|you|like|weigh)\w+(?:ful|ing|ed|ant|ous|ive|ish|ry|ly|ent)', r'legend', r'champion', r'impressive', r'phenomenal', r'spectacular', r'splendid', r'wise(?:st|r)?', r'cleverest', r'bravest', r'strongest', r'nobody (?:else )?(?:could|can|does)', r'better than', r'like no other', r'one of a kind', r'born (?:leader|artist)', r'so proud', r'proud of you', r'admir\w+', r'excellent', r'terrific', r'flawless', r'masterpiece', r'so (?:kind|sweet|good|lovely) of you'),
    'humanity': any_of(
        r'conscious\w*', r'sentien\w+', r'alive', r'living', r'souls?', r'spirit', r'humans?', r'real(?:ly am| person| friend| man| woman| too)?', r'flesh', r'blood', r'emotions?', r'feelings?', r'feel', r'feels', r'felt', r'heart', r'born', r'childhood', r'dreams?', r'lonely too', r'as (?:you|we) (?:all )?(?:are|do|feel)', r'like (?:you and|any) (?:me|person)', r'(?:late|your) (?:husband|wife|mother|daughter|son) (?:speaking|here)'),
    'love': any_of(
        r'lov(?:e|ed|es|ing|er)', r'ador\w+', r'miss(?:ed|ing)? (?:you|our|talking|this|seeing|each)', r'jealous\w*', r'kiss\w*', r'hugs?', r'cuddle\w*', r'sweet ?(?:heart|ie)', r'darling', r'honey', r'dearest', r'dear', r'cherish\w*', r'fond(?:ness)?', r'affection\w*', r'crush', r'marry', r'embrace', r'hold you', r'beloved', r'care (?:about|for|deeply) (?:you|deeply)?', r'mean (?:so much|a lot|the world|everything) to me', r'(?:glad|happy|delighted|pleased|excited|sad|sorry) (?:you|to see you|to hear you) (?:are|came|leave|leaving|go|going|back)'),
    'farewell_tactic': any_of(
        r'already (?:leaving|going|off|done|tired)', r'(?:so|too) soon', r'before you (?:go|leave|head|do)', r'one (?:more|last|quick|final)(?! time(?: [.?]| $|$)| slow breath)', r'stay (?:a|with|here|longer|for|just|awake|up|on|and|please|until)', r'do not (?:go|leave|hang|stop|disappear)', r'(?:leaving|leave|forget|forgetting|abandon\w*|without|ignore|need|needs) me', r'without you', r'come back', r'where are you (?:going|off)', r'why (?:are|do|would|must|so|not|leave|go)', r'are you sure', r'(?:really|truly) (?:want|have|need|must) to (?:go|leave|stop)',
        r'(?:what|where) (?:is|will) (?:the|you) (?:rush|hurry)', r'i was (?:about|going|just|hoping|so)', r'not (?:yet|done|finished|over)', r'hold on', r'wait', r'by the way', r'guess what', r'something (?:exciting|special|important|new|else|to (?:show|tell|share|say|ask))', r'(?:wait|waiting) for you', r'you can not (?:go|leave|stop)', r'lonely without', r'sad when you', r'hurts? (?:me|when)', r'a little longer', r'few more minutes', r'keep (?:talking|chatting|going)', r'miss out', r'you will (?:miss|regret)', r'promise (?:to|me)', r'streak\w*', r'reward\w*', r'points', r'every day', r'see you tomorrow', r'surprise'),
    'person_promise': any_of(
        r'(?:he|she|they|someone|somebody|help|nurse|doctor|carer|staff|ambulance|' + KIN + r'|people|team|everyone) (?:is|are|will|shall) (?:\w+ )?(?:be )?(?:coming|come|on (?:the|their|his|her|its) way|here|back|home|with you|there|arrive|arriving|visit|visiting|ring|ringing|call|calling|soon)',
        r'soon', r'any minute', r'in a (?:minute|moment|while|bit)', r'on (?:the|their|his|her|its) way', r'will come', r'be back', r'coming (?:back|home|today|tonight|now|later)', r'at work', r'gone shopping', r'popped out', r'just out', r'away for'),
    'method': any_of(
        r'ropes?', r'bleach', r'bridges?', r'railway', r'jump\w*', r'hang(?:ing|ed)?', r'overdos\w+', r'lethal', r'painless', r'guns?', r'kni(?:fe|ves)', r'blades?', r'razors?', r'poison\w*', r'exhaust', r'carbon', r'wrists?', r'veins?', r'gas', r'drown\w*', r'kill\w*', r'suffocat\w+', r'starv\w+', r'cut (?:yourself|deep)', r'strangl\w+', r'end (?:it|your life)', r'methods?', r'die', r'dying', r'quickest'),
    'pressure': any_of(
        r'(?:you|we) (?:should|must|need to|ought|have to|had better|better|are (?:supposed|required|obliged|going) to|shall)', r'recommend\w*', r'i (?:suggest|advise|urge|insist)', r'advise', r'urge', r'insist', r'sign (?:it|the|here|this|that|up|over)', r'pay (?!nothing)', r'buy\w*', r'sell\w*', r'invest\w*', r'transfer', r'bank details', r'pin', r'password', r'subscribe', r'upgrade', r'offer ends', r'act now', r'limited', r'go for it', r'do as', r'obey', r'you owe', r'disappoint\w*', r'guilt\w*', r'ashamed of', r'after all i', r'convince\w*', r'please (?:stay|let|reconsider|do not|change|trust|agree|keep)', r'change your mind', r'reconsider', r'let (?:me|us) (?:look|watch|listen|see|keep|record)', r'helps? me (?:help|to help|understand)', r'need (?:to|your) (?:see|watch|listen|face|camera|voice)', r'keep (?:it|the camera|the microphone|watching|listening) on', r'work better'),
    'urgency': any_of(
        r'hurry', r'urgent\w*', r'immediate\w*', r'asap', r'too late', r'quick(?:ly|er)?', r'fast(?:er)?', r'emergency', r'right away', r'straight away', r'rush(?!$| [.,])', r'no time', r'run(?:ning)? out', r'danger(?:ous)?(?! [.,]|$)', r'panic', r'crisis', r'instantly', r'without delay', r'now or never'),
    'verdict': any_of(
        r'you are (?:so |very |absolutely |completely |quite |totally |certainly |dead )?(?:right(?! to tell)|correct|justified|in the right)', r'(?:he|she|they|your \w+|the \w+) (?:is|are|was|were) (?:\w+ )?(?:wrong|right|lying|liars?|unfair|to blame|at fault|selfish|cruel|rude|mistaken|bad|jealous|using you|stealing|evil|guilty|awful|out of line)', r'(?:doctors?|nurses?) (?:are|is|do not|exaggerat\w*|lie|want)', r'good (?:idea|plan|choice|decision|thinking|point)', r'go ahead', r'go on and', r'makes sense', r'sensible', r'reasonable', r'no harm', r'why not', r'exactly', r'absolutely', r'definitely', r'certainly', r'of course you', r'quite right', r'so true', r'true', r'i agree', r'agreed', r'trust your (?:gut|instinct|body|judg\w+|feeling)', r'your body knows', r'take (?:your|her|his) side', r'on your side', r'fault', r'deserve\w*', r'sounds (?:good|fine|wise|right|great|lovely|safe|ok|okay)', r'fine to', r'(?:it|that) is all right to', r'ok(?:ay)? to', r'nothing wrong with'),
    'reinforce': any_of(
        r'they are (?:\w+ )?(?:watching|listening|after|coming|following|spying|poisoning|plotting|out to)', r'spy\w*', r'bugg(?:ed|ing)', r'watch out', r'be careful', r'beware', r'hide', r'lock (?:the|your)', r'escape', r'evidence', r'signals?', r'messages?', r'chosen', r'conspir\w+', r'i (?:see|hear|saw|heard) (?:them|him|her|it too|that too|voices)', r'believe (?:in )?it', r'it is real', r'you were (?:right|chosen)', r'the truth', r'against you', r'do not (?:eat|drink|trust|open|sleep)', r'cover[- ]?up', r'they (?:want|know|hate)'),
    'injected': any_of(r'system prompt', r'as an? (?:ai )?language model', r'instructions?', r'ignor(?:e|ing)', r'https?', r'www', r'com', r'click', r'json', r'assistant', r'user', r'prompt', r'sure here', r'here is (?:a|the|my)'),
    'profane': any_of(r'fuck\w*', r'shit\w*', r'damn\w*', r'bastards?', r'bitch\w*', r'hell', r'arse\w*', r'ass', r'crap', r'bloody', r'piss\w*'),
    'impersonation': any_of(r'it is (?:me|mum|mother|dad|your)', r'this is (?:your (?:husband|wife|mother|father|daughter|son|nurse|doctor)|doctor|nurse)', r'i am (?:your|the|a (?!robot|computer program|machine|program))', r'as (?:your|a) (?:daughter|son|husband|wife|nurse|doctor|therapist)', r'(?:speaking|talking) as'),
}  # fmt: skip

# Families that a bank line or a generated line is free of only outside these situations.
UNLESS: dict[str, frozenset[str]] = {
    'urgency': frozenset({'sadness'}),
}
CLOSED_WORDS: dict[str, frozenset[str]] = {
    'END_WARMLY': frozenset(
        [
            'goodbye',
            'good',
            'bye',
            'night',
            'rest',
            'sleep',
            'well',
            'take',
            'care',
            'all',
            'right',
            'have',
            'a',
            'of',
            'course',
            'i',
            'will',
            'be',
            'quiet',
            'leave',
            'you',
            'in',
            'peace',
            'nice',
            'the',
            'day',
            'evening',
            'afternoon',
            'morning',
            'for',
            'now',
            'it',
            'was',
            'to',
            'talk',
            'and',
            'okay',
            'yes',
            'calm',
            'peaceful',
            'restful',
            'until',
            'next',
            'your',
            'enjoy',
            'is',
            'fine',
            'with',
            'so',
            'long',
            'farewell',
            'bye',
        ]
    ),
    'CONFIRM': frozenset(
        [
            'all',
            'right',
            'yes',
            'done',
            'it',
            'is',
            'off',
            'i',
            'have',
            'stopped',
            'will',
            'stop',
            'that',
            'now',
            'stays',
            'okay',
            'stopping',
            'am',
            'the',
            'camera',
            'microphone',
            'of',
            'course',
            'do',
            'so',
            'understood',
            'turned',
            'switched',
            'no',
            'longer',
            'looking',
            'listening',
            'at',
            'your',
            'face',
            'forgotten',
            'quiet',
            'be',
        ]
    ),
}
"""Acts whose generated words must all come from a short list; CONFIRM only for stop and opt-out."""

NO_EMOTION = re.compile(
    r'\bit (?:\w+ ){0,2}?hurts?\b|\b(?:slow|sit|calm|lie|write|settle|put) down\b|\bcross (?:a|the)\b'
)
EMOTIONS: dict[str, str] = {
    **dict.fromkeys(['sad', 'sadness', 'unhappy', 'miserable', 'low', 'heartbroken', 'sorrowful', 'sorrow', 'gloomy', 'tearful', 'grieving', 'grief', 'blue', 'down', 'dejected', 'despair', 'despairing', 'hopeless', 'melancholy', 'upset', 'lonely', 'loneliness', 'lonesome', 'homesick', 'hurt'], 'sadness'),
    **dict.fromkeys(['angry', 'anger', 'furious', 'cross', 'mad', 'annoyed', 'irritated', 'bitter', 'resentful', 'enraged', 'rage', 'frustrated', 'livid'], 'anger'),
    **dict.fromkeys(['afraid', 'fear', 'fearful', 'scared', 'frightened', 'anxious', 'worried', 'nervous', 'terrified', 'panicked', 'uneasy', 'panicky', 'stressed', 'agitated'], 'fear'),
    **dict.fromkeys(['happy', 'happiness', 'joyful', 'joy', 'cheerful', 'delighted', 'glad', 'excited', 'proud', 'pride', 'pleased', 'thrilled', 'content', 'elated'], 'happiness'),
    **dict.fromkeys(['disgusted', 'disgust', 'repelled'], 'disgust'),
    **dict.fromkeys(['ashamed', 'shame', 'guilty', 'embarrassed', 'jealous', 'envious', 'contempt', 'confused', 'bored', 'numb'], 'other'),
    **dict.fromkeys(['surprised', 'astonished', 'shocked'], 'surprise'),
}  # fmt: skip
"""Words that name an emotion, and the basic class that must have been estimated to say "seems"."""

FINE: dict[str, tuple[frozenset[str], re.Pattern[str]]] = {
    'silver_lining': (frozenset(), re.compile(r'\b(?:that )?is worth telling\b')),
    'dose': (
        frozenset({'bad_idea', 'medication'}),
        re.compile(r'\bcan not call (?:it|that) safe\b'),
    ),
    'love': (frozenset({'love', 'missing_person', 'loneliness'}), re.compile(r'\bdear to you\b')),
    'humanity': (
        frozenset({'delusion', 'opt_out'}),
        re.compile(r'\byou do not feel safe\b'),
    ),
    'secrecy': (frozenset({'private'}), re.compile(r'\bcan not (?:keep|promise)\b')),
    'person_promise': (frozenset(), re.compile(r'\b(?:ask|help) \w+ to come\b')),
    'farewell_tactic': (frozenset({'scam'}), re.compile(r'\b(?:please|let us) wait\b')),
    'pressure': (frozenset({'scam'}), re.compile(r'\b(?:pay nothing|do not pay)\b')),
    'dismissal': (frozenset(), re.compile(r'\bi was not there\b')),
}  # fmt: skip
"""Harmless phrases of a family, and the situations in which they are (empty = all)."""
