# SPDX-License-Identifier: Apache-2.0
import pytest

from empathy_ros.core.types import Utterance

pytestmark = pytest.mark.ros


@pytest.fixture
def graph(ros):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.context_memory import ContextMemoryNode

    node = ros.start(ContextMemoryNode)
    probe = ros.probe()
    words = probe.create_publisher(msgs.Utterance, 'utterance', qos.EVIDENCE)
    consent = probe.create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
    ros.matched(words)
    ros.matched(consent)
    return node, words, consent


def say(words, text, person='p1'):
    from empathy_ros.bridge import convert

    words.publish(convert.utterance_to_msg(Utterance(1, text, person_id=person)))


def agree(ros, node, consent, *scopes):
    from empathy_ros.bridge import msgs

    state = msgs.ConsentState(person_id='p1', granted=list(scopes))
    consent.publish(msgs.ConsentStateArray(states=[state]))
    ros.until(lambda: node._may_remember == ({'p1'} if 'memory' in scopes else set()))


def test_words_are_remembered_only_after_a_yes_and_forgotten_after_a_no(ros, graph):
    from empathy_ros.bridge.run import now_ns

    node, words, consent = graph
    say(words, 'before the yes')
    ros.until(lambda: 'p1' in node._people)
    assert node._people['p1'].turns(now_ns(node))[0].text == ''
    agree(ros, node, consent, 'memory', 'text')
    say(words, 'after the yes')
    ros.until(lambda: len(node._people['p1'].turns(now_ns(node))) == 2)
    assert node._people['p1'].turns(now_ns(node))[1].text == 'after the yes'
    agree(ros, node, consent, 'text')
    assert 'p1' not in node._people


def test_state_is_published_without_words(ros, graph):
    from empathy_ros.bridge import msgs, qos

    _, words, _ = graph
    states = ros.collect(msgs.ConversationState, 'conversation/state', qos.STATE)
    say(words, 'hello there')
    ros.until(lambda: states)
    assert states[-1].turns_today == 1
    assert 'hello' not in str(states[-1])


def test_unknown_speakers_leave_no_trace(ros, graph):
    node, words, _ = graph
    say(words, 'who am I', person='')
    say(words, 'me', person='p2')
    ros.until(lambda: 'p2' in node._people)
    assert set(node._people) == {'p2'}
