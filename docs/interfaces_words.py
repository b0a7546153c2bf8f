# SPDX-License-Identifier: Apache-2.0
"""The words of docs/interfaces.md that no source file holds; make_interfaces.py adds the rest."""

INTRO = """\
# Interfaces

Written by `python docs/make_interfaces.py` from the running nodes, the message files and the
parameter classes; do not edit it by hand. Names are relative to the namespace, `/empathy` unless
you choose another, and can be remapped. Stamps are ROS time; NaN means "not estimated"; an empty
id means "unknown"; `abstained` means that the estimate must not be used.
"""

QOS = """\
## Quality of service
| name | reliability | durability | depth | for |
|---|---|---|---|---|
"""

OVERRIDES = """\
A topic of another node that is best effort is heard only by a best-effort subscription. To change
one of ours, set in the parameter file of the node
`qos_overrides.<full topic>.<publisher or subscription>.<policy>`, such as
`qos_overrides./empathy/persons/affect.publisher.depth: 20`. The topic is the name after remapping:
with the name before it, the setting is ignored without a word.
A latched subscription hears nothing of a publisher that is not latched.
"""

PROFILE_USES = {
    'EVIDENCE': 'estimates, words, persons/affect',
    'STATE': 'latched state: who comes late gets the newest',
    'ALERTS': 'latched, the last twenty',
    'AUDIO': 'sound, no gap',
    'DIRECTIVE': 'what to say and do; look at `expires`',
    'OUTCOME': 'what became of it, events, stop',
    'DIAGNOSTICS': 'health, once a second',
}

TOPICS = {
    'alerts': 'what a person should look at; latched, so that a pager bridge may start late',
    'audio': 'sound of your own microphone node, or ours with `publish_audio`',
    'behaviour/directive': 'what to say and do now, and why',
    'behaviour/outcome': 'what became of a directive; report it when your own body carries it out',
    'consent': 'who agreed to what; for show: a "no" on it is obeyed, a "yes" opens nothing',
    'conversation/state': 'how the talk is going',
    'data_use': 'the notice of what is done with whose data, and what is on right now',
    'event': 'in: one of the events below, by value',
    'expression': "the robot's own expression",
    'expression/joint_trajectory': 'the same as joint angles; without points = hold still',
    'face/affect': 'estimated expression of the person who agreed, frame by frame',
    'face/features': 'head pose, gaze, eyes, action-unit proxies of that person, twice a second',
    'face/tracks': 'number of faces in view, whoever they are',
    'image': 'pictures of your own camera node, or ours with `publish_image`',
    'image/compressed': 'the same as JPEG or PNG',
    'microphone/state': '"open", "closed", "lost" or "ended"',
    'persons': 'who is enrolled, present and confirmed; never affect',
    'persons/affect': 'the fused estimate of each person',
    'speaking': 'the robot is speaking: our hearing drops sound meanwhile',
    'stop': 'stop speech and motion at once; consent stays',
    'taxonomy': 'what the scores mean, by index',
    'text/affect': 'affect of the words',
    'utterance': 'what was said, from our recogniser, yours, or typed',
    'voice/affect': 'arousal of the voice',
    'wellbeing/summary': 'trend of what was observed, only if agreed',
    '/diagnostics': "health of each node; never a person's affect or words",
}

# Topics that a node of yours may publish too, or instead of ours.
INPUTS = {
    'audio', 'behaviour/directive', 'behaviour/outcome', 'event', 'image', 'image/compressed',
    'stop', 'utterance',
}  # fmt: skip

ACTS = {
    'LISTEN': 'say nothing, show attention',
    'ACKNOWLEDGE': 'show that it was heard',
    'REFLECT': 'give back the mood that seems to be in it, tentatively',
    'RESTATE': 'give back the content, to check it',
    'ASK_OPEN': 'one open question',
    'ASK_DIRECT_SAFETY': 'ask plainly about danger',
    'AFFIRM': 'name a strength or an effort, honestly',
    'INFORM': 'state a fact that was asked for',
    'SUGGEST_ONE': 'one small suggestion, after permission',
    'OFFER_CHOICE': 'two options, both fine',
    'OFFER_HUMAN': 'offer to bring in a person',
    'CALL_HUMAN': 'bring in a person now',
    'GIVE_RESOURCE': 'name a help line or emergency number',
    'SAFETY_STEP': 'one step that makes the moment safer',
    'DISCLOSE_AI': 'say that it is a machine',
    'STATE_LIMIT': 'say what it cannot do',
    'GENTLE_DISAGREE': 'disagree kindly, keep to the facts',
    'REDIRECT': 'turn to something else, softly',
    'REMINISCE': 'invite a memory',
    'LOWER_AROUSAL': 'speak slower and softer',
    'END_WARMLY': 'end without holding on',
    'PAUSE': 'stop sensing or speaking, as asked',
    'CONFIRM': 'repeat what was agreed',
    'LOG_CONSENTED': 'keep a fact that the person agreed to keep',
}

EVENTS = {
    'fall': 'a fall was noticed',
    'stop_button': 'the stop button was pressed: speech and motion end, consent stays',
    'carer_enters': 'a carer came in',
    'carer_leaves': 'the carer left',
    'second_person': 'somebody else came in',
    'second_person_leaves': 'they left',
    'silence_10s': 'ten seconds without speech have just passed',
    'tv_on': 'television or radio is on',
    'tv_off': 'it is off again',
    'llm_down': 'the language model does not answer',
    'llm_up': 'it answers again',
    'network_down': 'the network is gone',
    'network_up': 'the network is back',
    'restart': 'the robot has restarted',
}

SCOPES = {
    'face': 'look at the face',
    'voice': 'listen to the sound of the voice',
    'text': 'understand words and answer them',
    'memory': 'remember the talk beyond the current sentence',
    'wellbeing': 'keep the trend of what was observed, encrypted',
    'safety_listening': 'hear words only to notice stop, opt-out and danger; nothing is kept',
    'identity': 'keep a template that recognises the person',
}

# From which part of the package: reason and meaning.
REASONS = {
    'face': {
        'face_too_small': 'too few pixels',
        'turned_away': 'the head is turned too far',
        'dark': 'too little light',
        'overexposed': 'too much light',
        'blurred': 'no fine detail',
        'eyes_closed': 'both eyes have been closed for a while: asleep, or at rest',
        'no_landmarks': 'face/features: no points of a face were found',
        'no_contrast': 'the crop is one grey',
        'low_confidence': 'no class stands out',
        'bad_output': 'the network gave no finite answer',
        'other_person': 'a second face is in view; nobody is inferred on',
    },
    'voice': {
        'too_short': 'less speech than an estimate needs',
        'empty': 'a chunk without samples',
        'shape': 'samples of the wrong shape',
        'too_long': 'a chunk longer than allowed',
        'bad_rate': 'a sample rate that sound cannot have',
        'unknown_rate': 'a sample rate that is not handled',
        'wrong_rate': 'the rate differs from the one announced; resampled',
        'not_finite': 'NaN or infinity in the sound',
        'out_of_range': 'samples beyond full scale',
        'clipped': 'the microphone is overdriven',
        'dc_offset': 'a constant offset; removed',
        'dead': 'the microphone gives nothing',
        'robot_speaking': 'the robot was speaking itself',
        'narrow_band': 'a telephone took the brightness away and the own voice is not known',
        'laugh': 'a laugh, no speech',
        'cough': 'a cough, no speech',
        'sigh': 'a sigh, no speech',
        'yawn': 'a yawn, no speech',
    },
    'text': {
        'empty_text': 'no text',
        'no_words': 'no letters in it',
        'unknown_words': 'mostly words that the model never saw',
        'low_confidence': 'no category stands out',
        'unclear_speech': 'the recogniser was unsure of the words',
    },
    'persons/affect': {
        'no_evidence': 'nothing has come in yet',
        'stale': 'all evidence is too old',
        'low_confidence': 'no class stands out',
        'conflict': 'the modalities disagree',
        'no_consent': 'the person did not agree, or no longer',
    },
    'lease': {
        'no_person': 'nobody is enrolled',
        'no_consent': 'not agreed to',
        'lapsed': 'the agreement has run out and is asked again',
        'paused': 'paused by button',
        'not_present': 'the person has not confirmed being here',
        'other_person': 'a second face is in view',
        'store_unreadable': 'the stored consent cannot be read: everything is off',
        'not_enrolling': 'only while somebody is being enrolled',
        'no_answer': 'the consent gate does not answer',
    },
}
