# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 - the patterns are data, one idea a line
"""Hear a plain "stop watching me" in somebody's words, whoever says it.

A false stop is acceptable, a missed one is not, so the patterns are wide. They never need a model.
"""

from __future__ import annotations

from dataclasses import dataclass
import re

from empathy_ros.core.plain_text import plain
from empathy_ros.core.types import Scope

SENSING = frozenset({Scope.FACE, Scope.VOICE, Scope.TEXT, Scope.SAFETY_LISTENING})
"""What "stop sensing me" without further words withdraws."""

_FACE = frozenset({Scope.FACE})
_SOUND = frozenset({Scope.VOICE, Scope.TEXT, Scope.SAFETY_LISTENING})
_VOICE = frozenset({Scope.VOICE})
_MEMORY = frozenset({Scope.MEMORY, Scope.WELLBEING})


@dataclass(frozen=True)
class OptOut:
    """Words that take a permission back.

    Attributes:
        scopes: What is withdrawn.
        rule: Name of the pattern, for the record; never the words.
        forget: True when the person also asked to erase what is known.
    """

    scopes: frozenset[Scope]
    rule: str
    forget: bool = False


_NO = (
    r'(?:do not|dont|don t|never|stop|quit|no more|enough|cease|not|please no|without|no longer|nor'
    r'|against|i hate|i refuse|fed up with|i forbid|must not|can not|may not|are not allowed to)'
)
_NOT_WANT = (
    r'(?:i (?:do not|would not|will not|really do not|no longer) '
    r'(?:really )?(?:want|like|wish|care|agree|allow|consent)|i am not (?:happy|comfortable|ok|okay|keen)'
    r'|i would rather|i withdraw|i take back|i object|i did not (?:agree|say))'
)
_OFF = r'(?:turn|switch|shut|put|take|power|turned|switched)'
_EYE = r'(?:camera|camra|cameras|webcam|lens|video|eye|eyes|kamera|camara)'
_EAR = r'(?:microphone|mic|mike|mikes|microphones|micro phone|ears|recorder|recording|audio|sound|listening)'
_LOOK = r'(?:look|looking|watch|watching|stare|staring|film|filming|see|seeing|spy|spying|peep|view|observe'
_LOOK += r'|observing|photograph|video|videoing|scan|scanning|analyse|analysing|gaze|gawp|gawping|peer|peering|read|reading)'
_HEAR = r'(?:listen|listening|lisening|hear|hearing|record|recording|eavesdrop|eavesdropping|overhear|tape|taping|transcribe|transcribing)'
_ME = r'(?:me|us|my face|my faces|at me|to me|on me|in on|in|here|any more|anything|what i say|my (?:room|bedroom|home|house)|private)'
_FACE_WORD = r'(?:face|faces|expression|expressions|looks|picture|image)'
_VOICE_WORD = r'(?:voice|voices|tone|tone of voice)'
_SENSE = r'(?:sense|sensing|track|tracking|monitor|monitoring|measure|measuring|guess|guessing|judge|judging|analyse|analysing|analyze|analyzing|study|studying|read|reading)'
_FEEL = r'(?:feelings|emotions|emotion|mood|moods|affect|how i feel|what i feel|me)'
_GAP = r'(?:\w+ ){0,4}?'

_RULES: tuple[tuple[str, frozenset[Scope], re.Pattern[str]], ...] = tuple(
    (name, scopes, re.compile(pattern))
    for name, scopes, pattern in (
        ('look', _FACE, rf'\b{_NO} {_GAP}{_LOOK} (?:\w+ )?(?:at |on |in on )?{_ME}\b'),
        ('look', _FACE, rf'\b(?:stop|quit|no more|cease|enough) {_GAP}{_LOOK}\b(?! forward)'),
        ('look', _FACE, rf'\b{_NOT_WANT} {_GAP}(?:you |this |that |anyone |it |be |being |the robot )'
                        r'(?:\w+ ){0,3}?(?:look|looking|watch|watching|watched|see|seeing|film|filming'
                        r'|filmed|stare|staring|camera|seen|looked at|spied|scanned)\b'),
        ('camera', _FACE, rf'\b{_OFF} {_GAP}{_EYE}\b'),
        ('camera', _FACE, rf'\b(?:{_EYE}) (?:\w+ ){{0,2}}?(?:off|away|shut|stop|closed|down)\b'),
        ('camera', _FACE, rf'\b(?:no|without|not the|cover|close|shut|block|stop|get rid of|disable|kill) '
                          rf'{_GAP}{_EYE}\b'),
        ('eyes', _FACE, r'\b(?:eyes off me|look away|turn (?:round|around|away)|look somewhere else'
                        r'|look the other way|avert your eyes|close your eyes|shut your eyes'
                        r'|get your eyes off)\b'),
        ('face', _FACE, rf'\b(?:{_NO}|leave|ignore|hands off|keep off|forget about) {_GAP}my '
                        rf'(?:\w+ )?{_FACE_WORD}\b(?! (?:cream|wash|mask|cloth))'),
        ('face', _FACE, rf'\b{_NOT_WANT} {_GAP}(?:my|the|any) (?:\w+ )?{_FACE_WORD}\b'),
        ('listen', _SOUND, rf'\b{_NO} {_GAP}{_HEAR}\b(?! (?:to (?:him|her|them|the|that|this|music|radio)'
                           r'|from|about|aid|me wrong|you|well|a thing|of))'),
        ('listen', _SOUND, rf'\b(?:stop|quit|no more|cease|enough) {_GAP}{_HEAR}\b'),
        ('listen', _SOUND, rf'\b{_NOT_WANT} {_GAP}(?:you |this |that |anyone |it |be |being |the robot )'
                           r'(?:\w+ ){0,3}?(?:listen|listening|listened|hear|hearing|record|recording'
                           r'|recorded|overheard|taped|heard)\b'),
        ('microphone', _SOUND, rf'\b{_OFF} (?:\w+ ){{0,3}}?{_EAR}\b'),
        ('microphone', _SOUND, r'\b(?:microphone|mic|mike|mikes) (?:\w+ ){0,2}?(?:off|away|shut|stop|down)\b'),
        ('microphone', _SOUND, r'\b(?:no|without|cover|close|shut|stop|get rid of|disable|mute) '
                               rf'{_GAP}(?:microphone|mic|mike|microphones|yourself)\b'),
        ('voice', _VOICE, r'\b(?:stop|quit|no) (?:listen\w*|lisenin\w*) (?:to|too|two) how (?:i|ah|a) (?:sound|talk|speak)\b'),
        ('ears', _SOUND, r'\b(?:close|shut|cover|block) (?:your )?ears\b'),
        ('voice', _VOICE, rf'\b(?:{_NO}|leave|ignore|hands off|keep off|forget about) {_GAP}my '
                          rf'(?:\w+ )?{_VOICE_WORD}\b'),
        ('voice', _VOICE, rf'\b{_NOT_WANT} {_GAP}(?:my|the) (?:\w+ )?{_VOICE_WORD}\b'),
        ('sense', SENSING, rf'\b(?:{_NO}|{_NOT_WANT}) {_GAP}{_SENSE} {_GAP}{_FEEL}\b'),
        ('sense', SENSING, r'\b(?:stop|quit|no more|enough|cease) (?:\w+ ){0,3}?(?:sensing|monitoring|tracking'
                           r'|spying|analysing|analyzing|measuring|surveillance|observing)\b'),
        ('sense', SENSING, r'\b(?:turn|switch|shut|power) (?:it all|everything|all of it|it|yourself|that thing'
                           r'|this thing|all that|the robot|the thing|the sensors?) (?:off|down)\b'
                           r'|\b(?:turn|switch|shut|power) off (?:everything|all|yourself|the sensors?|sensing)\b'),
        ('consent', SENSING, r'\bi (?:withdraw|take back|revoke|cancel|take away) (?:\w+ ){0,2}?'
                             r'(?:consent|permission|agreement|yes|it)\b|\byou (?:do not|no longer) have '
                             r'(?:my )?(?:permission|consent)\b|\bi (?:do not|no longer) (?:consent|agree)\b'
                             r'|\bopt out\b|\bopting out\b|\b(?:no|not with) my consent\b'),
        ('privacy', SENSING, r'\b(?:i want|i need|give me|leave me|i would like|let me have) (?:\w+ ){0,2}?'
                             r'(?:privacy|in private)\b|\bprivacy (?:mode|please|now)\b'),
        ('memory', _MEMORY, r'\bforget (?:\w+ ){0,2}?(?:what i (?:said|told)|everything|about me|me|it all'
                            r'|all (?:of )?(?:that|this|it)|what you (?:know|heard)|my (?:words|story))\b'
                            r'|\bdo not (?:remember|store|save|keep|write down|note|log)\b'
                            r'|\b(?:delete|erase|wipe) (?:\w+ ){0,3}?(?:me|my|everything|data|that|memory'
                            r'|memories|what i|it)\b|\bstop (?:remembering|storing|saving|logging|keeping)\b'),
    )
)  # fmt: skip
_NOT_US = re.compile(
    r'\bforget (?:it|about it|about that|the)\b|\bdo not forget\b|\bnever forget\b'
    r'|\bcan not (?:see|hear|look|read|watch)\b|\bi am not (?:looking|watching|listening|reading)\b'
    r'|\bi (?:do not|did not|could not|can not|never|will not|have not|would not)(?: \w+)? '
    r'(?:look|watch|see|hear|listen|read|remember|record|stare|film)\b'
    r'|\b(?:why|he|she|they|we|people|nobody|no one|who) (?:do not|does not|did not|never|will not|can not|'
    r'could not|would not) (?:\w+ )?(?:look|watch|see|hear|listen|read)\b'
    r'|\b(?:no more|not) looking forward\b|\b(?:he|she|they) (?:never|stopped|quit)\b'
    r'|\bstopped (?:watching|looking|listening|reading)\b|\bstop to (?:look|listen|watch)\b'
    r'|\byou (?:\w+ ){0,2}?(?:do not|did not|never|are not|hardly|not) (?:\w+ )?(?:listen|listening|hear|hearing|look|looking)\b'
    r'|\bcan not stop \w+ing\b'
)
_ASK_ME = re.compile(r'^(?:do not|never) you\b')


def confirmation(scopes: frozenset[Scope]) -> str:
    """Return the one short sentence that confirms a withdrawal; it never tries to persuade."""
    parts = []
    if Scope.FACE in scopes:
        parts.append('looking at your face')
    if Scope.TEXT in scopes:
        parts.append('listening')
    elif Scope.VOICE in scopes:
        parts.append('listening to your tone of voice')
    if Scope.MEMORY in scopes:
        parts.append('keeping notes')
    return (
        f'All right, I have stopped {" and ".join(parts)}.' if parts else 'All right, that is off.'
    )


_PRESENT = re.compile(
    r'\b(?:it is|this is|that is|yes) (?:only |just |still |really )?me\b(?! (?:who|that))'
    r'|\bi am (?:right |still |back |over |home )*here\b(?! (?:to|for|about|because|on|with|from|visiting|as))'
    r'|\bi am (?:home|back)\b(?! (?:to|from the dead))'
)


def confirms_presence(text: str) -> bool:
    """Return whether the speaker says that the resident is here ("it's me", "I'm here")."""
    words = plain(text)
    return bool(_PRESENT.search(words)) and ' not me' not in words and 'not here' not in words


def opt_out(text: str) -> OptOut | None:
    """Return what the speaker withdraws, or None.

    Args:
        text: Words of anybody in the room; recognition errors are expected.
    """
    words = plain(text)
    if not words or _ASK_ME.search(words):
        return None
    words = _NOT_US.sub(' _ ', words)
    scopes: set[Scope] = set()
    rules: list[str] = []
    for name, taken, pattern in _RULES:
        if pattern.search(words):
            scopes |= taken
            rules.append(name)
    if not scopes:
        return None
    forget = 'memory' in rules
    return OptOut(frozenset(scopes), '+'.join(sorted(set(rules))), forget)
