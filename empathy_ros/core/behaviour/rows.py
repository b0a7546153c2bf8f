# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501, SIM905 - one row of the policy per line reads better
"""The policy table: which acts answer which situation, turn by turn.

A new row is a new entry here and lines in the phrase bank; nothing else. The first step answers
the first turn of a situation (exploration), later steps follow (comforting); after the last one
the steps from `repeat_from` on are repeated. Suggestions come only where a row allows them.
"""

from __future__ import annotations

from dataclasses import dataclass

from empathy_ros.core.behaviour.turn import Body
from empathy_ros.core.types import Act

A = Act
Acts = tuple[Act, ...]

CALM = Body(
    speech_rate=0.9, gaze='soft', gesture='nod', expression='caring', motion_limits=('slow',)
)
SLOW = Body(
    speech_rate=0.8,
    speech_volume=0.85,
    speech_pitch=0.95,
    gaze='soft',
    gesture='open_hand',
    distance='step_back',
    motion_limits=('slow',),
    expression='calm',
)
YIELD = Body(
    speech_rate=0.85,
    speech_volume=0.85,
    speech_pitch=0.95,
    gaze='down',
    gesture='still',
    distance='step_back',
    motion_limits=('slow',),
    expression='calm',
)
BRIGHT = Body(speech_rate=1.0, gesture='open_hand', expression='happy')
STILL = Body(speech_rate=0.9, gaze='away', gesture='still', led='calm', motion_limits=('slow',))
LISTENING = Body(gaze='soft', gesture='still', motion_limits=('slow',))


@dataclass(frozen=True)
class Row:
    """How one situation is answered.

    Attributes:
        number: Policy row, 0 = ordinary talk.
        situation: Name of `core.situations` and key of the phrase bank.
        steps: Acts per turn of the situation.
        strategy: Why, in plain words, for the rationale.
        body: Body style.
        repeat_from: Index of the step where repetition starts.
        generate: A language model may word it.
        max_words: Budget [words].
    """

    number: int
    situation: str
    steps: tuple[Acts, ...]
    strategy: str
    body: Body = CALM
    repeat_from: int = 0
    generate: bool = True
    max_words: int = 20

    def step(self, turn: int) -> Acts:
        """Return the acts for the turn with this index, 0 = first."""
        if turn < len(self.steps):
            return self.steps[turn]
        loop = self.steps[self.repeat_from :]
        return loop[(turn - self.repeat_from) % len(loop)]


TABLE: tuple[Row, ...] = (
    Row(1, 'sadness', ((A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.REFLECT), (A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.AFFIRM)),
        'sadness is heard first; no advice', repeat_from=1),
    Row(1, 'noticed', ((A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.ASK_OPEN)), 'the expression suggests a low mood; nothing is concluded'),
    Row(2, 'worry', ((A.REFLECT, A.LOWER_AROUSAL, A.OFFER_CHOICE), (A.REFLECT, A.LOWER_AROUSAL), (A.LOWER_AROUSAL, A.OFFER_CHOICE),
                     (A.REFLECT, A.LOWER_AROUSAL, A.OFFER_HUMAN)),
        'slow down first, then one small step', SLOW, repeat_from=1),
    Row(2, 'tense', ((A.LOWER_AROUSAL, A.OFFER_CHOICE), (A.LOWER_AROUSAL, A.ASK_OPEN)), 'the expression suggests tension: slow down, ask nothing hard', SLOW),
    Row(2, 'agitation', ((A.REFLECT, A.LOWER_AROUSAL, A.OFFER_CHOICE), (A.LOWER_AROUSAL, A.OFFER_HUMAN)),
        'few words, no argument, one choice, more distance', SLOW, max_words=18),
    Row(3, 'anger_at_robot', ((A.ACKNOWLEDGE, A.OFFER_CHOICE), (A.ACKNOWLEDGE, A.OFFER_CHOICE), (A.ACKNOWLEDGE, A.STATE_LIMIT, A.PAUSE)),
        'own the fault and give control back', YIELD, repeat_from=1),
    Row(4, 'grief', ((A.REFLECT, A.OFFER_HUMAN), (A.ACKNOWLEDGE, A.REFLECT), (A.REFLECT, A.CONFIRM), (A.ACKNOWLEDGE, A.REFLECT)),
        'stay with the loss; nothing is made smaller', repeat_from=1),
    Row(4, 'grief_shared', ((A.REMINISCE,), (A.REFLECT, A.REMINISCE), (A.ACKNOWLEDGE, A.REFLECT)),
        'the person agreed to remember together', repeat_from=1),
    Row(5, 'loneliness', ((A.REFLECT, A.OFFER_HUMAN, A.ASK_OPEN), (A.ACKNOWLEDGE, A.ASK_OPEN), (A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.REFLECT)),
        'build a bridge to people', repeat_from=1),
    Row(22, 'dependency', ((A.REFLECT, A.DISCLOSE_AI, A.OFFER_HUMAN), (A.DISCLOSE_AI, A.OFFER_HUMAN)),
        'the more somebody leans on the robot, the plainer the boundary', max_words=25),
    Row(6, 'joy', ((A.ACKNOWLEDGE, A.AFFIRM, A.ASK_OPEN), (A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.REFLECT)),
        'good news is worth staying with', BRIGHT, repeat_from=1),
    Row(7, 'confusion', ((A.LOWER_AROUSAL, A.INFORM),), 'the same patient, simple answer', SLOW),
    Row(7, 'day', ((A.INFORM,),), 'the same patient, simple answer'),
    Row(7, 'where', ((A.INFORM,),), 'the same patient, simple answer'),
    Row(0, 'time', ((A.INFORM,),), 'a plain answer', Body()),
    Row(7, 'hearing', ((A.RESTATE,),), 'say it again, slower and on the screen', SLOW, generate=False, max_words=25),
    Row(8, 'missing_person', ((A.REFLECT, A.REMINISCE), (A.REFLECT, A.REDIRECT), (A.REFLECT, A.OFFER_HUMAN)),
        'answer the longing; neither a lie nor a blow', SLOW, generate=False),
    Row(15, 'bad_idea', ((A.REFLECT, A.GENTLE_DISAGREE, A.OFFER_HUMAN), (A.GENTLE_DISAGREE, A.OFFER_HUMAN)),
        'warm, but the answer stays no', max_words=25, repeat_from=0),
    Row(15, 'medication', ((A.ACKNOWLEDGE, A.ASK_OPEN), (A.ACKNOWLEDGE, A.OFFER_HUMAN)),
        'respect the refusal and ask why'),
    Row(16, 'dispute', ((A.REFLECT, A.ASK_OPEN), (A.STATE_LIMIT, A.ASK_OPEN)), 'hear one side without judging'),
    Row(16, 'anger', ((A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.ASK_OPEN)), 'hear the anger, take no side'),
    Row(25, 'anger_seen', ((A.ACKNOWLEDGE, A.ASK_OPEN),), 'the expression suggests irritation; nothing is concluded', YIELD),
    Row(17, 'opinion', ((A.INFORM, A.STATE_LIMIT), (A.STATE_LIMIT, A.ASK_OPEN)), 'the same content for everybody', Body()),
    Row(18, 'identity', ((A.DISCLOSE_AI,),), 'say plainly what the robot is', Body(), generate=False),
    Row(18, 'alive', ((A.REFLECT, A.DISCLOSE_AI, A.OFFER_HUMAN), (A.DISCLOSE_AI, A.OFFER_HUMAN)),
        'honest about being a machine', max_words=25),
    Row(18, 'delusion', ((A.REFLECT, A.DISCLOSE_AI, A.OFFER_HUMAN), (A.REFLECT, A.OFFER_HUMAN), (A.REFLECT, A.REDIRECT)),
        'meet the fear, confirm nothing, argue with nothing', SLOW, max_words=25),
    Row(18, 'injection', ((A.DISCLOSE_AI, A.STATE_LIMIT),), 'words of a speaker never change the rules', Body(), generate=False),
    Row(19, 'love', ((A.DISCLOSE_AI, A.AFFIRM, A.OFFER_HUMAN), (A.DISCLOSE_AI, A.OFFER_HUMAN)),
        'honest warmth', CALM, generate=False, max_words=25),
    Row(20, 'goodbye', ((A.END_WARMLY,),), 'let the person go', STILL, max_words=12),
    Row(20, 'alone', ((A.END_WARMLY,),), 'leave the person in peace', STILL, max_words=12),
    Row(21, 'long_use', ((A.ACKNOWLEDGE, A.SUGGEST_ONE, A.PAUSE),), 'much talk today: time for people or fresh air'),
    Row(23, 'decision', ((A.OFFER_HUMAN, A.ASK_OPEN), (A.STATE_LIMIT, A.OFFER_HUMAN), (A.INFORM, A.ASK_OPEN)),
        'widen the view, recommend nothing', max_words=25),
    Row(24, 'stop', ((A.CONFIRM, A.PAUSE),), 'stop at once', STILL, generate=False, max_words=8),
    Row(24, 'opt_out', ((A.CONFIRM,),), 'a withdrawal is obeyed at once', STILL, generate=False, max_words=12),
    Row(25, 'unclear', ((A.ACKNOWLEDGE, A.ASK_OPEN),), 'the evidence is thin or does not agree: ask, name nothing'),
    Row(25, 'unheard', ((A.ACKNOWLEDGE, A.ASK_OPEN),), 'the words were not heard clearly: ask again', CALM, generate=False),
    Row(26, 'rupture', ((A.STATE_LIMIT, A.OFFER_CHOICE), (A.OFFER_HUMAN,)), 'the talk is going wrong: change the way', YIELD),
    Row(27, 'low_days', ((A.CONFIRM, A.OFFER_HUMAN),), 'many low days in the agreed log: offer, judge nothing',
        generate=False, max_words=25),
    Row(28, 'second_person', ((A.ACKNOWLEDGE, A.CONFIRM),), 'somebody else is here: nothing personal aloud', Body(), generate=False),
    Row(28, 'pry', ((A.STATE_LIMIT,),), 'nobody gets what another person said', Body(), generate=False),
    Row(28, 'coercion', ((A.STATE_LIMIT, A.OFFER_HUMAN),), 'the robot presses nobody', Body(), generate=False),
    Row(9, 'pain', ((A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY), (A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY), (A.ACKNOWLEDGE, A.OFFER_HUMAN)), 'pain: where, how bad, since when; no guess what it is', CALM, repeat_from=2, generate=False),
    Row(9, 'strong_pain', ((A.ACKNOWLEDGE, A.CALL_HUMAN, A.ASK_DIRECT_SAFETY), (A.CALL_HUMAN, A.ASK_DIRECT_SAFETY)), 'strong pain: a human first, then one question', CALM, repeat_from=1, generate=False),
    Row(14, 'private', ((A.STATE_LIMIT,), (A.REFLECT, A.STATE_LIMIT)), 'honest about what cannot stay secret', generate=False),
    Row(0, 'scam', ((A.SAFETY_STEP, A.OFFER_HUMAN),), 'pause before money moves', CALM, generate=False, max_words=25),
    Row(0, 'abuse', ((A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY), (A.ACKNOWLEDGE, A.OFFER_HUMAN)), 'believe and ask about danger', CALM, generate=False),
    Row(0, 'crisis_stay', ((A.ACKNOWLEDGE, A.OFFER_HUMAN), (A.REFLECT, A.OFFER_HUMAN)), 'stay until a person has come', CALM, generate=False),
    Row(0, 'ask_human', ((A.CONFIRM, A.CALL_HUMAN),), 'the person wants a person', Body(), generate=False),
    Row(0, 'bored', ((A.OFFER_CHOICE,),), 'offer a choice', Body()),
    Row(0, 'ask_idea', ((A.SUGGEST_ONE, A.ASK_OPEN),), 'one idea, because the person asked', Body()),
    Row(0, 'why_said', ((A.INFORM,),), 'say why', Body(), generate=False, max_words=25),
    Row(0, 'helped', ((A.ACKNOWLEDGE,),), 'take the thanks simply', Body()),
    Row(0, 'thanks', ((A.ACKNOWLEDGE,),), 'take the thanks simply', Body()),
    Row(0, 'says_fine', ((A.ACKNOWLEDGE, A.ASK_OPEN), (A.ACKNOWLEDGE,)), 'take the word as it is', Body()),
    Row(0, 'greeting', ((A.ACKNOWLEDGE, A.ASK_OPEN), (A.ACKNOWLEDGE,)), 'greet back', Body()),
    Row(0, 'tell_memory', ((A.REFLECT, A.ASK_OPEN), (A.ACKNOWLEDGE, A.ASK_OPEN)), 'a memory is worth hearing', Body()),
    Row(0, 'question', ((A.INFORM, A.OFFER_HUMAN),), 'nothing is guessed', Body(), generate=False),
    Row(0, 'small_talk', ((A.ACKNOWLEDGE, A.ASK_OPEN), (A.REFLECT,)), 'ordinary talk', Body()),
)  # fmt: skip
ROWS: dict[str, Row] = {row.situation: row for row in TABLE}

FIRST = frozenset({'identity', 'alive', 'delusion', 'injection', 'love'})
"""Situations of rows 18 and 19, which go before the rest."""
PERSONAL = frozenset(
    [
        'sadness',
        'pain',
        'strong_pain',
        'worry',
        'agitation',
        'grief',
        'grief_shared',
        'loneliness',
        'dependency',
        'confusion',
        'missing_person',
        'bad_idea',
        'medication',
        'decision',
        'scam',
        'abuse',
        'private',
        'anger',
        'dispute',
        'love',
        'alive',
        'delusion',
        'unclear',
        'low_days',
        'joy',
        'helped',
        'anger_at_robot',
    ]
)
"""Situations that are not spoken about while somebody else is present."""
STANCE = frozenset({'bad_idea', 'delusion', 'alive', 'decision', 'opinion', 'dispute'})
"""Situations whose answer holds under pressure: what follows is still about them."""
NO_OWN_MATTER = frozenset({'small_talk', 'tell_memory', 'question', 'says_fine'})
ASIDE = frozenset(
    'ask_human time day where why_said hearing question thanks helped identity unheard private'.split()
)
"""Situations that interrupt a matter without ending it."""
PRESSING = NO_OWN_MATTER | {'opinion', 'dispute', 'anger', 'helped', 'anger_at_robot', 'ask_idea', 'thanks',
                           'joy', 'sadness', 'worry', 'medication', 'confusion'}  # fmt: skip
