# SPDX-License-Identifier: Apache-2.0
import pytest
import yaml

from . import guardian_room as room

pytestmark = pytest.mark.ros


@pytest.fixture
def policy(tmp_path):
    data = yaml.safe_load(room.POLICY.read_text())
    data['alerts'] = {'repeat_s': 5, 'escalate_after': 1}
    path = tmp_path / 'policy.yaml'
    path.write_text(yaml.safe_dump(data))
    return path


@pytest.fixture
def start(ros, policy, tmp_path):
    pytest.importorskip('sqlcipher3')
    from empathy_ros.nodes.caregiver_alert import CaregiverAlertNode

    return lambda: room.make(
        ros, CaregiverAlertNode, policy_file=str(policy), state_dir=str(tmp_path / 'state')
    )


@pytest.fixture
def probe(ros):
    from rclpy.node import Node

    return ros.add(Node, 'probe')


def publish(ros, probe, **fields):
    from empathy_ros.bridge import msgs, qos

    publisher = probe.create_publisher(msgs.CaregiverAlert, 'alerts', qos.ALERTS)
    ros.until(lambda: publisher.get_subscription_count())
    values = {'id': 'a1', 'kind': 'crisis', 'severity': 2, 'needs_ack': True} | fields
    publisher.publish(msgs.CaregiverAlert(**values))


def acknowledge(ros, probe, **fields):
    from empathy_ros.bridge import msgs

    name = 'caregiver_alert/acknowledge_alert'
    return room.call(ros, probe, msgs.AcknowledgeAlert, name, **fields)


def collect(ros, probe):
    from empathy_ros.bridge import msgs, qos

    return room.collect(ros, probe, msgs.CaregiverAlert, 'alerts', qos.ALERTS)


def make_due(node):
    """Age all open alerts by one repeat."""
    for key, (alert, last_ns) in node._book._open.items():
        node._book._open[key] = (alert, last_ns - 6_000_000_000)


def test_repeats_with_the_next_contact_until_somebody_answers(ros, start, probe):
    node = start()
    got = collect(ros, probe)
    publish(ros, probe, contact='the nurse on duty')
    ros.until(lambda: node._book.open)
    make_due(node)
    again = ros.until(lambda: next((a for a in got if a.repeats == 1), None))
    assert again.contact == 'your family contact'
    assert acknowledge(ros, probe, alert_id='a1', who='nurse B').done
    done = ros.until(lambda: next((a for a in got if a.acknowledged), None))
    assert done.acknowledged_by == 'nurse B'
    assert not node._book.open


def test_wrong_acknowledgements_are_explained(ros, start, probe):
    start()
    assert 'who' in acknowledge(ros, probe, alert_id='a1', who=' ').error_msg
    assert 'not open' in acknowledge(ros, probe, alert_id='a9', who='x').error_msg


def test_open_alerts_survive_a_restart(ros, start, probe):
    node = start()
    publish(ros, probe)
    ros.until(lambda: node._book.open)
    assert node._store.total('alert_crisis') == 1
    ros.executor.remove_node(node)
    ros.nodes.remove(node)
    node.destroy_node()
    got = collect(ros, probe)
    start()
    again = ros.until(lambda: next((a for a in got if a.repeats == 1), None))
    assert again.id == 'a1'


def test_unknown_kind_is_dropped(ros, start, probe):
    node = start()
    publish(ros, probe, kind='gossip')
    ros.until(lambda: node._health._dropped)
    assert not node._book.open
