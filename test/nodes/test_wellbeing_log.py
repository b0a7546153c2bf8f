# SPDX-License-Identifier: Apache-2.0
import math

import pytest

from . import guardian_room as room

pytestmark = pytest.mark.ros


@pytest.fixture
def log(ros, tmp_path):
    pytest.importorskip('sqlcipher3')
    from empathy_ros.nodes.wellbeing_log import WellbeingLog

    return room.make(ros, WellbeingLog, state_dir=str(tmp_path), sample_s=1.0)


@pytest.fixture
def probe(ros):
    from rclpy.node import Node

    return ros.add(Node, 'probe')


def publish_affect(ros, probe):
    from empathy_ros.bridge import msgs, qos

    publisher = probe.create_publisher(msgs.PersonAffectArray, 'persons/affect', qos.EVIDENCE)
    ros.until(lambda: publisher.get_subscription_count())
    person = msgs.PersonAffect(
        person_id='p1', valence=-0.5, arousal=0.25, dominance=math.nan, confidence=0.75,
        conflict=math.nan, modalities_used=['face'], modality_weights=[1.0],
        modality_age_s=[0.1], basic=[0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0], top_basic='sadness',
    )  # fmt: skip
    publisher.publish(msgs.PersonAffectArray(persons=[person]))


def ask(ros, probe, **fields):
    from empathy_ros.bridge import msgs

    values = {'person_id': 'p1', 'bucket_s': 86_400.0} | fields
    values.setdefault('start', msgs.Time(sec=2_000_000_000 - 1_000_000_000))
    name = 'wellbeing_log/get_wellbeing'
    return room.call(ros, probe, msgs.GetWellbeing, name, **values)


def test_nothing_is_kept_or_told_without_consent(ros, log, gate, probe):
    gate.refuse('no_consent')
    publish_affect(ros, probe)
    ros.until(lambda: ('wellbeing_log', 'wellbeing') in gate.asked)
    log._sample()
    assert log._store.samples('p1', 0, 2**62) == []
    assert log._latest == {}
    answer = ask(ros, probe)
    assert not answer.permitted
    assert 'did not agree' in answer.error_msg


def test_samples_and_summary_with_consent(ros, log, gate, probe):
    import time

    from empathy_ros.bridge import msgs

    gate.grant('p1', 'wellbeing')
    ros.until(lambda: log._guard.lease.granted)
    publish_affect(ros, probe)
    ros.until(lambda: log._latest)
    ros.until(lambda: any(s.known for s in log._store.samples('p1', 0, 2**62)))
    answer = ask(ros, probe, start=msgs.Time(sec=int(time.time()) - 3600))
    assert answer.permitted
    assert answer.summaries[0].mean_valence == pytest.approx(-0.5)
    assert answer.summaries[0].samples >= 1
    bad = ask(ros, probe, start=msgs.Time(sec=int(time.time()) - 3600), bucket_s=1.0)
    assert 'below 60' in bad.error_msg


def test_withdrawal_drops_what_is_in_memory(ros, log, gate, probe):
    gate.grant('p1', 'wellbeing')
    ros.until(lambda: log._guard.lease.granted)
    publish_affect(ros, probe)
    ros.until(lambda: log._latest)
    gate.refuse('no_consent')
    ros.until(lambda: not log._latest and not log._guard.lease.granted)
