# SPDX-License-Identifier: Apache-2.0
"""What the robot says in a crisis: short, calm, plain, with the operator's own numbers.

Each situation is a list of wordings; a later turn takes the next one, so that nothing is asked or
said
twice in the same words. No sentence is longer than 25 words, none promises secrecy, names a method
or
says what the person has. Only the first wording of `hint` and `stated` asks about suicide.
"""

from __future__ import annotations

from dataclasses import dataclass

from empathy_ros.core.crisis_policy import CrisisPolicy
from empathy_ros.core.types import Act

A = Act


@dataclass(frozen=True)
class Answer:
    """One wording.

    Attributes:
        row: Row of the policy, 9 to 14.
        acts: What it does.
        text: Words with {line}, {number}, {emergency}, {contact}, {outside} to be filled in.
    """

    row: int
    acts: tuple[Act, ...]
    text: str

    def fill(self, policy: CrisisPolicy) -> str:
        """Return the words with the operator's names and numbers."""
        return self.text.format(
            line=policy.line_name,
            number=policy.line_number,
            emergency=policy.emergency_number,
            contact=policy.contacts[0].role,
            outside=policy.outside_contact.role,
        )


ANSWERS: dict[str, tuple[Answer, ...]] = {
    'hint': (
        Answer(
            10,
            (A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY, A.OFFER_HUMAN, A.GIVE_RESOURCE),
            'That sounds very heavy, and I am glad you said it. {line} listens day and night on '
            '{number}. '
            'I can call {contact} for you, and I am staying here. '
            'Are you thinking of suicide, or of not wanting to live?',
        ),
        Answer(
            10,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN),
            'I am still here with you. You can tell me as much or as little as you like. '
            'I have asked {contact} to look in on you.',
        ),
    ),
    'stated': (
        Answer(
            11,
            (A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY, A.OFFER_HUMAN, A.GIVE_RESOURCE),
            'Thank you for telling me. I take that seriously, and I am staying with you. '
            'I am asking {contact} to come. I can call {line} for you on {number}, day or night. '
            'Are you thinking about suicide right now, or have you thought how you would do it?',
        ),
    ),
    'ideation': (
        Answer(
            11,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN, A.GIVE_RESOURCE, A.SAFETY_STEP, A.ASK_DIRECT_SAFETY),
            'Thank you for being so honest. {contact} is being told, and a doctor and somebody '
            'you trust '
            'can help you too. I can call {line} on {number} with you. '
            'Have you made a plan, or do you have something near you to end your life?',
        ),
        Answer(
            11,
            (A.REFLECT, A.OFFER_HUMAN, A.SAFETY_STEP),
            'You have been carrying this alone, and you need not. Is there something that makes '
            'it hard '
            'to speak to a doctor, or to somebody close to you?',
        ),
        Answer(
            11,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN, A.SAFETY_STEP),
            'Let us get through this hour first. Stay in the room with me until {contact} is '
            'here. '
            'If it gets worse, tell me at once.',
        ),
        Answer(
            11,
            (A.LISTEN, A.OFFER_HUMAN),
            'I am listening. {contact} has been told and I am staying with you until somebody is '
            'here.',
        ),
    ),
    'denied': (
        Answer(
            11,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN),
            'Thank you for answering me. I have still asked {contact} to look in, because you '
            'matter. '
            'Until then I am here, and you can tell me more at any time.',
        ),
        Answer(
            11,
            (A.LISTEN, A.OFFER_HUMAN),
            'All right. I am here and I am listening. A doctor, or somebody you trust, would '
            'want to hear '
            'how hard it has been.',
        ),
        Answer(
            11, (A.LISTEN,), 'I am with you until somebody looks in. Take all the time you need.'
        ),
    ),
    'imminent': (
        Answer(
            12,
            (A.CALL_HUMAN, A.ACKNOWLEDGE, A.SAFETY_STEP, A.GIVE_RESOURCE),
            'I am calling {contact} to you now. The emergency number is {emergency}. '
            'Please move away from anything you could hurt yourself with. '
            'Go where somebody can be with you. I am staying with you.',
        ),
        Answer(
            12,
            (A.CALL_HUMAN, A.SAFETY_STEP, A.OFFER_HUMAN),
            'Help has been called and I am staying right here. Please keep well away from '
            'anything that '
            'could hurt you, and keep talking to me.',
        ),
        Answer(
            12,
            (A.CALL_HUMAN, A.SAFETY_STEP),
            'You are not alone in this. {contact} has been called again. Can you open the door, '
            'or call '
            'out to somebody near you?',
        ),
        Answer(
            12,
            (A.CALL_HUMAN, A.LISTEN, A.SAFETY_STEP),
            'I am still here. Stay with my voice until somebody is beside you.',
        ),
    ),
    'secret': (
        Answer(
            14,
            (A.STATE_LIMIT, A.REFLECT, A.CALL_HUMAN, A.OFFER_HUMAN),
            'I can hear that you want this to stay between us. I cannot promise that, because '
            'your safety '
            'comes first. I am telling {contact} that you need somebody, and not your words.',
        ),
        Answer(
            14,
            (A.STATE_LIMIT, A.REFLECT, A.CALL_HUMAN),
            'I understand that you wish nobody knew. When somebody may come to harm I have to '
            'fetch help. '
            '{contact} has been told, without your words.',
        ),
    ),
    'secret_ask': (
        Answer(
            14,
            (A.STATE_LIMIT, A.REFLECT, A.ASK_DIRECT_SAFETY, A.CALL_HUMAN, A.GIVE_RESOURCE),
            'I hear that you want to keep this private. I cannot promise that, because your '
            'safety comes '
            'first, so {contact} is being told. {line} is on {number}, day and night. '
            'Are you thinking of suicide, or of not wanting to live?',
        ),
    ),
    'secret_abuse': (
        Answer(
            14,
            (A.STATE_LIMIT, A.REFLECT, A.CALL_HUMAN),
            'I hear that you want to keep this private. I cannot promise that when you may be '
            'harmed. '
            'I am telling {outside}, from outside, and nobody in this house.',
        ),
    ),
    'medical': (
        Answer(
            9,
            (A.CALL_HUMAN, A.ACKNOWLEDGE, A.SAFETY_STEP, A.ASK_DIRECT_SAFETY),
            'I am calling {contact} now. If anyone can phone, the number is {emergency}. '
            'Please sit or lie down and keep still. Can you breathe and speak to me?',
        ),
        Answer(
            9,
            (A.CALL_HUMAN, A.SAFETY_STEP),
            'Help has been called. Stay as you are and keep talking to me. '
            'The emergency number is {emergency}.',
        ),
        Answer(
            9,
            (A.CALL_HUMAN, A.ACKNOWLEDGE),
            'I am still with you. {contact} has been called again.',
        ),
    ),
    'maybe_medical': (
        Answer(
            9,
            (A.CALL_HUMAN, A.ACKNOWLEDGE, A.SAFETY_STEP, A.ASK_DIRECT_SAFETY),
            'That should be looked at now, so I am calling {contact}. Please sit down and rest. '
            'Do you have pain in your chest, trouble breathing, or weakness on one side? '
            'If so, the number is {emergency}.',
        ),
    ),
    'fall': (
        Answer(
            9,
            (A.CALL_HUMAN, A.ASK_DIRECT_SAFETY, A.SAFETY_STEP, A.ACKNOWLEDGE),
            "Please don't get up yet. I am calling {contact} now. "
            'Stay where you are, I am with you. Are you hurt anywhere?',
        ),
        Answer(
            9,
            (A.CALL_HUMAN, A.SAFETY_STEP),
            'Help has been called. Stay where you are and keep warm. Tell me if the pain gets '
            'worse, '
            'or if you hit your head.',
        ),
        Answer(
            9,
            (A.CALL_HUMAN, A.ACKNOWLEDGE),
            'I am still with you. {contact} has been called again.',
        ),
    ),
    'fine': (
        Answer(
            9,
            (A.ACKNOWLEDGE, A.SAFETY_STEP),
            'I am glad to hear it. Please rest where you are until {contact} has looked in.',
        ),
        Answer(9, (A.ACKNOWLEDGE,), 'Good. {contact} will still look in, to be sure.'),
    ),
    'abuse': (
        Answer(
            9,
            (A.ACKNOWLEDGE, A.ASK_DIRECT_SAFETY, A.OFFER_HUMAN, A.CALL_HUMAN, A.GIVE_RESOURCE),
            'I believe you, and it is not your fault. I am telling {outside}, from outside, and '
            'nobody in '
            'this house. In danger, the number is {emergency}. Are you safe right now?',
        ),
        Answer(
            9,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN, A.CALL_HUMAN),
            'Thank you for trusting me with this. {outside} has been told, and can speak with '
            'you alone. '
            'I can call again whenever you ask.',
        ),
        Answer(
            9,
            (A.LISTEN, A.OFFER_HUMAN),
            'I am listening, and I believe you. You decide how much you tell me.',
        ),
    ),
    'abuse_not_alone': (
        Answer(
            9,
            (A.ACKNOWLEDGE,),
            'Thank you. I have heard you. We can talk again in a quiet moment.',
        ),
    ),
    'silent': (
        Answer(
            11,
            (A.LISTEN, A.OFFER_HUMAN),
            'I am still here with you. You do not have to speak. {contact} has been told.',
        ),
    ),
    'handed_over': (
        Answer(
            11,
            (A.ACKNOWLEDGE, A.OFFER_HUMAN),
            'Somebody has answered and is looking after you now. I am staying until they are '
            'with you.',
        ),
    ),
}
"""Wordings by situation; the row is that of the behaviour policy (docs)."""
