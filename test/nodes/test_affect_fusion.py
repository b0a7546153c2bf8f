# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import AffectEstimate, Modality

pytestmark = pytest.mark.ros


def estimate(stamp_ns, **known):
    scores = np.full(8, 0.01, dtype=np.float32)
    for label, value in known.items():
        scores[BASIC8.index(label)] = value
    return AffectEstimate(
        stamp_ns, Modality.FACE, id='f1', person_id='p1', taxonomy=BASIC8.id,
        scores=scores / scores.sum(), top_label=max(known, key=known.get),
        confidence=0.9, quality=1.0,
    )  # fmt: skip


@pytest.fixture
def graph(ros):
    from empathy_ros.bridge import msgs, qos
    from empathy_ros.nodes.affect_fusion import AffectFusionNode

    node = ros.start(AffectFusionNode, rate_hz=20.0)
    publisher = ros.probe().create_publisher(msgs.AffectEstimateArray, 'face/affect', qos.EVIDENCE)
    fused = ros.collect(msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE)
    ros.matched(publisher)
    return node, publisher, fused


def test_face_becomes_fused_affect(ros, graph):
    from empathy_ros.bridge import convert
    from empathy_ros.bridge.run import now_ns

    node, publisher, fused = graph
    stamp = now_ns(node)
    publisher.publish(convert.affects_to_msg([estimate(stamp, happiness=0.9)], stamp))
    person = ros.until(lambda: fused and fused[-1].persons and fused[-1].persons[0])
    assert person.person_id == 'p1'
    assert person.top_basic == 'happiness'
    assert not person.abstained
    assert list(person.modalities_used) == ['face']


def test_bad_evidence_is_dropped_and_the_next_one_counts(ros, graph):
    from empathy_ros.bridge import convert
    from empathy_ros.bridge.run import now_ns

    node, publisher, fused = graph
    stamp = now_ns(node)
    bad = convert.affects_to_msg([estimate(stamp, anger=0.9)], stamp)
    bad.estimates[0].confidence = 1e9
    publisher.publish(bad)
    publisher.publish(convert.affects_to_msg([estimate(stamp + 1, sadness=0.95)], stamp))
    person = ros.until(lambda: fused and fused[-1].persons and fused[-1].persons[0])
    assert list(person.basic)[BASIC8.index('anger')] < 0.2


def test_withdrawn_consent_silences_the_person(ros, graph):
    from empathy_ros.bridge import convert, msgs, qos
    from empathy_ros.bridge.run import now_ns

    node, publisher, fused = graph
    consent = ros.probe('gate').create_publisher(msgs.ConsentStateArray, 'consent', qos.STATE)
    ros.matched(consent)
    stamp = now_ns(node)
    publisher.publish(convert.affects_to_msg([estimate(stamp, happiness=0.9)], stamp))
    ros.until(lambda: fused)
    state = msgs.ConsentState(person_id='p1', granted=['voice'])
    consent.publish(msgs.ConsentStateArray(states=[state]))
    count = len(fused)
    ros.until(lambda: not node._fusion.people())
    assert len(fused) <= count + 3


def test_service_says_whether_it_knows(ros, graph):
    from empathy_ros.bridge import convert, msgs
    from empathy_ros.bridge.run import now_ns

    node, publisher, _ = graph
    kind, name = msgs.GetPersonAffect, 'affect_fusion/get_person_affect'
    request = kind.Request(person_id='p1', max_age_s=5.0)
    assert not ros.call(kind, name, request).found
    stamp = now_ns(node)
    publisher.publish(convert.affects_to_msg([estimate(stamp, happiness=0.9)], stamp))
    ros.until(lambda: node._fusion.people())
    assert ros.call(kind, name, request).found


def test_taxonomy_is_latched(ros, graph):
    from empathy_ros.bridge import msgs, qos

    got = ros.collect(msgs.AffectTaxonomyArray, 'taxonomy', qos.STATE)
    ros.until(lambda: got)
    lists = {item.id: item for item in got[0].taxonomies}
    assert len(lists['emonet-40.1'].labels) == len(lists['emonet-40.1'].valence_sign) == 40
    assert sum(lists['emonet-40.1'].excluded) == 5
