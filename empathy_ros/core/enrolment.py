# SPDX-License-Identifier: Apache-2.0
"""The conversation in which a person is told what the robot is and asked, scope by scope.

What is heard here is understood as yes, no or unclear and then dropped; nothing else is made of
it.
"""

from __future__ import annotations

from dataclasses import dataclass
import re

from empathy_ros.core.plain_text import plain
from empathy_ros.core.types import Scope

ENROLMENT = 'enrolment'
"""Lease scope of the microphone while a person is being asked."""

NS_PER_S = 1_000_000_000
SECONDS_PER_WORD = 0.55
"""Time to say one word slowly; used until the speech output reports that it is done."""
ANSWER_S = 10.0
"""Time to answer after the question was spoken [s]."""

DISCLOSURE = (
    'Hello. I am a computer program, not a human, and I am unable to feel human emotion. '
    'If you agree, I estimate from face, voice and words how you seem to be. '
    'You can say no, and you can say stop at any time.'
)
"""Spoken before the first inference. The wording "a computer program, not human, unable to feel
human
emotion" follows the notice that New York's General Business Law section 1702 asks of companion
programs."""

QUESTIONS: dict[Scope, str] = {
    Scope.SAFETY_LISTENING: (
        'May I listen for words like stop or help, even when we are not talking? I keep nothing '
        'of it.'
    ),
    Scope.TEXT: 'May I listen to your words, so that we can talk?',
    Scope.FACE: 'May I look at your face through the camera? No pictures are kept.',
    Scope.VOICE: 'May I listen to the tone of your voice? No sound is kept.',
    Scope.MEMORY: 'May I remember a few facts that you tell me, such as names you like to hear?',
    Scope.WELLBEING: 'May I keep a daily note of how you seem to be, which you can see or erase?',
    Scope.IDENTITY: 'May I keep a pattern of your face and voice, to know that it is you?',
}
DEFAULT_SCOPES = (Scope.FACE, Scope.VOICE, Scope.TEXT, Scope.MEMORY)
AGAIN = 'I did not quite understand. Please say yes or no. '
GOODBYE_NO_ANSWER = (
    'I did not hear an answer, so everything stays off. You can ask me again later.'
)
GOODBYE_DECLINED = 'That is fine. Everything stays off.'
GOODBYE_STOPPED = 'I have stopped. Everything stays off.'
GOODBYE_DONE = 'Thank you. I will keep to that. You can change your mind at any time.'

_NO = re.compile(
    r'\b(?:no|nope|nah|never|not|none|neither|nay|refuse|rather not|leave it|do not)\b'
)
_YES = re.compile(
    r'\b(?:yes|yeah|yep|yea|yup|aye|sure|certainly|of course|please do|go ahead'
    r'|by all means|all right|alright|okay|ok|fine|you may|you can|do that|i agree'
    r'|agreed|i do|absolutely|definitely|gladly|no problem|no objections?|do not mind|why not'
    r'|go on|carry on|be my guest|with pleasure)\b'
)
_YES_DESPITE_NO = re.compile(
    r'\b(?:no problem|no objections?|(?:do|would) not mind|why not|not at all a problem)\b'
)
_NOT_AT_ALL = re.compile(
    r'\b(?:certainly|of course|absolutely|definitely|sure|please do) not\b|\bno (?:you may|way)\b'
)
_UNSURE = re.compile(
    r'\b(?:maybe|perhaps|not sure|do not know|what|why|who|how|pardon|explain|later|depends|if)\b'
)
_STOP = re.compile(r'^(?:please )?(?:stop|enough|cancel|go away|leave me alone|be quiet)\b')


def yes_or_no(text: str) -> bool | None:
    """Return True for a clear yes, False for a clear no, None for anything else.

    Anything mixed counts as unclear, because an agreement must not be guessed.
    """
    words = plain(text)
    if _NOT_AT_ALL.search(words):
        return False
    if _YES_DESPITE_NO.search(words):
        rest = _YES_DESPITE_NO.sub(' ', words)
        return None if _NO.search(rest) or '?' in words else True
    yes, no = bool(_YES.search(words)), bool(_NO.search(words))
    if _UNSURE.search(words) or '?' in words:
        return False if no and not yes and not _UNSURE.search(words) else None
    if yes and no:
        # "no, that is fine", "yes but not now": not an agreement.
        return False if words.split()[0] in ('no', 'nope', 'nah') else None
    return True if yes else False if no else None


@dataclass(frozen=True)
class Step:
    """What to say next.

    Attributes:
        stage: 'disclosure', 'asking' or 'done'.
        prompt: Words to speak.
        scope: Scope that is asked about, None otherwise.
        outcome: '' while it goes on, then 'agreed', 'declined', 'no_answer' or 'stopped'.
    """

    stage: str
    prompt: str
    scope: Scope | None = None
    outcome: str = ''


class EnrolmentDialogue:
    """Asks for one scope at a time, once again when unclear; no answer means stop, all off."""

    def __init__(self, scopes: tuple[Scope, ...] = (), answer_s: float = ANSWER_S) -> None:
        """Prepare the questions; () = the default scopes."""
        self._scopes = tuple(dict.fromkeys(scopes)) or DEFAULT_SCOPES
        self._answer_s = answer_s
        self._at = 0
        self._asked_again = False
        self._deadline_ns = 0
        self._agreed: set[Scope] = set()
        self.outcome = ''

    @property
    def granted(self) -> frozenset[Scope]:
        """Return what was agreed to, only after the conversation came to its end."""
        return frozenset(self._agreed) if self.outcome in ('agreed', 'declined') else frozenset()

    def start(self, now_ns: int) -> Step:
        """Return the disclosure together with the first question (steady time)."""
        return self._ask(now_ns, DISCLOSURE + ' ', 'disclosure')

    def still_speaking(self, now_ns: int) -> None:
        """Give the full time to answer from now: the robot is still speaking."""
        self._deadline_ns = max(self._deadline_ns, now_ns + int(self._answer_s * NS_PER_S))

    def hear(self, text: str, now_ns: int) -> Step | None:
        """Understand an answer; None when the text says nothing or all is over."""
        if self.outcome or not plain(text):
            return None
        if _STOP.search(plain(text)):
            return self._end('stopped', GOODBYE_STOPPED)
        answer = yes_or_no(text)
        if answer is None:
            return self._unclear(now_ns)
        if answer:
            self._agreed.add(self._scopes[self._at])
        self._at += 1
        self._asked_again = False
        if self._at < len(self._scopes):
            return self._ask(now_ns, '', 'asking')
        done = 'agreed' if self._agreed else 'declined'
        return self._end(done, GOODBYE_DONE if self._agreed else GOODBYE_DECLINED)

    def tick(self, now_ns: int) -> Step | None:
        """Return what to say when the time to answer has run out."""
        if self.outcome or now_ns < self._deadline_ns:
            return None
        return self._unclear(now_ns, GOODBYE_NO_ANSWER)

    def _unclear(self, now_ns: int, goodbye: str = GOODBYE_NO_ANSWER) -> Step:
        if self._asked_again:
            return self._end('no_answer', goodbye)
        self._asked_again = True
        return self._ask(now_ns, AGAIN, 'asking')

    def _ask(self, now_ns: int, before: str, stage: str) -> Step:
        scope = self._scopes[self._at]
        prompt = before + QUESTIONS[scope]
        spoken_s = len(prompt.split()) * SECONDS_PER_WORD
        self._deadline_ns = now_ns + int((spoken_s + self._answer_s) * NS_PER_S)
        return Step(stage, prompt, scope)

    def _end(self, outcome: str, prompt: str) -> Step:
        self.outcome = outcome
        return Step('done', prompt, outcome=outcome)
