# SPDX-License-Identifier: Apache-2.0
"""The one table of nodes; launch files, `empathy up`, doctor and documents read it."""

from __future__ import annotations

from dataclasses import dataclass

# Order = start order; the guardian is first up and last down.
GROUPS = ('guardian', 'vision', 'hearing', 'mind', 'body', 'window')


@dataclass(frozen=True)
class Entry:
    """One node.

    Attributes:
        name: Node name = module name in empathy_ros/nodes = block in config/empathy.yaml.
        class_name: Class in that module.
        group: Process it runs in.
        scopes: Consent scopes of which it needs one before it senses; empty = none.
        lifecycle: True when it holds a device or a model.
        purpose: One line for people.
    """

    name: str
    class_name: str
    group: str
    scopes: tuple[str, ...]
    lifecycle: bool
    purpose: str


NODES = (
    Entry('consent_gate', 'ConsentGate', 'guardian', (), False,
          'keeps who agreed to what, hands out leases, hears "stop looking at me"'),
    Entry('crisis_watch', 'CrisisWatchNode', 'guardian', (), False,
          'hears danger in words and events by rules alone and answers at once'),
    Entry('caregiver_alert', 'CaregiverAlertNode', 'guardian', (), False,
          'repeats alerts until a person acknowledges them'),
    Entry('wellbeing_log', 'WellbeingLog', 'guardian', ('wellbeing',), False,
          'keeps one encrypted sample a minute, only if agreed'),
    Entry('camera', 'Camera', 'vision', ('face',), True,
          'opens the camera or a video file and hands frames over'),
    Entry('face_affect', 'FaceAffect', 'vision', ('face',), True,
          'finds and tracks faces, estimates expression, head turn, gaze and closed eyes'),
    Entry('microphone', 'Microphone', 'hearing',
          ('text', 'voice', 'safety_listening'), True,
          'opens the microphone or a sound file and hands sound over'),
    Entry('voice_affect', 'VoiceAffect', 'hearing', ('voice',), True,
          'estimates arousal from the sound of the voice'),
    Entry('speech_text', 'SpeechText', 'hearing', ('text', 'safety_listening'), True,
          'turns speech into words'),
    Entry('text_affect', 'TextAffect', 'hearing', ('text',), True,
          'estimates affect from the words'),
    Entry('affect_fusion', 'AffectFusionNode', 'mind', (), False,
          'joins the modalities to one estimate per person'),
    Entry('context_memory', 'ContextMemoryNode', 'mind', ('memory',), False,
          'keeps the last turns in memory, bounded and expiring'),
    Entry('planner', 'PlannerNode', 'mind', (), False,
          'chooses what to say and do, by policy'),
    Entry('speech_output', 'SpeechOutput', 'body', (), True,
          'speaks the answers'),
    Entry('expression_output', 'ExpressionOutput', 'body', (), False,
          'turns directives into face, gaze, gesture and light'),
    Entry('dashboard', 'Dashboard', 'window', (), False,
          'shows the state on a local page, read-only'),
)  # fmt: skip


def members(group: str) -> tuple[str, ...]:
    """Return the node names of a group; 'composed' means all of them.

    Raises:
        KeyError: no such group.
    """
    if group == 'composed':
        return tuple(entry.name for entry in NODES)
    if group not in GROUPS:
        raise KeyError(f'group {group!r} is not one of {", ".join(GROUPS)}')
    return tuple(entry.name for entry in NODES if entry.group == group)
