# SPDX-License-Identifier: Apache-2.0
"""From launch arguments to processes: the tables behind the launch files, without ROS."""

from pathlib import Path

import pytest
import yaml

from empathy_ros import launching, parameters, roster
from empathy_ros.evaluation.common import BadInput


def values(kind: str = 'empathy', **changes: str) -> dict[str, str]:
    defaults = {item.name: item.default for item in launching.KINDS[kind]}
    assert set(changes) <= set(defaults), f'{kind} has no such argument'
    return {**defaults, **changes}


def names(kind: str = 'empathy', **changes: str) -> set[str]:
    plan = launching.plan(kind, values(kind, **changes))
    return {n for p in plan for n in p.arguments[p.arguments.index('--nodes') + 1].split(',')}


def test_by_default_every_node_runs_in_the_process_of_its_group():
    plan = launching.plan('empathy', values())
    assert tuple(p.group for p in plan) == roster.GROUPS
    assert names() == {entry.name for entry in roster.NODES}
    for process in plan:
        assert process.arguments[:2] == ('--group', process.group)


def test_composed_still_keeps_the_guardian_apart():
    assert [p.group for p in launching.plan('empathy', values(groups='composed'))] == [
        'guardian', 'composed',
    ]  # fmt: skip


def test_perception_keeps_consent_but_has_no_mind_and_no_body():
    running = names('perception')
    assert {'consent_gate', 'crisis_watch', 'camera', 'speech_text', 'affect_fusion'} <= running
    assert not running & {'planner', 'context_memory', 'speech_output', 'expression_output'}


@pytest.mark.parametrize('kind', launching.KINDS)
def test_no_argument_can_leave_the_consent_gate_out_or_open_a_sensor(kind):
    for item in launching.KINDS[kind]:
        assert 'consent' not in item.name
    changes = {'video': 'test', 'audio': 'test'} if kind == 'replay' else {}
    assert 'consent_gate' in names(kind, modalities='none', dashboard='false', **changes)


def test_page_and_body_can_be_left_out():
    groups = [p.group for p in launching.plan('empathy', values(dashboard='false', body='false'))]
    assert groups == ['guardian', 'vision', 'hearing', 'mind']


def test_topics_of_others_replace_the_devices():
    plan = launching.plan(
        'empathy', values(image_topic='/head/rgb/image_raw', audio_topic='/head/mic')
    )
    assert {'camera', 'microphone'} & names(image_topic='/a', audio_topic='/b') == set()
    assert plan[0].remappings == (
        ('image', '/head/rgb/image_raw'),
        ('image/compressed', '/head/rgb/image_raw/compressed'),
        ('camera_info', '/head/rgb/camera_info'),
        ('audio', '/head/mic'),
    )
    assert launching.remappings(values(image_topic='/image'))[2] == (
        'camera_info', '/camera_info',
    )  # fmt: skip
    assert launching.remappings(values()) == ()


def test_your_parameters_come_after_ours_and_settings_last(tmp_path):
    mine = tmp_path / 'mine.yaml'
    mine.write_text('/**/affect_fusion:\n  ros__parameters: {rate_hz: 2.0}\n')
    process = launching.plan('empathy', values(params_file=str(mine)))[0]
    assert [path.name for path in process.files] == ['empathy.yaml', 'mine.yaml']


def test_a_file_that_would_be_ignored_is_refused(tmp_path):
    mine = tmp_path / 'mine.yaml'
    mine.write_text('affect_fusion:\n  ros__parameters: {rate_hz: 2.0}\n')
    with pytest.raises(BadInput, match=r'"/\*\*/affect_fusion:"'):
        launching.plan('empathy', values(params_file=str(mine)))
    assert launching.plan('empathy', values(params_file=str(mine), namespace=''))
    with pytest.raises(BadInput, match='does not exist'):
        launching.plan('empathy', values(params_file='/no/such.yaml'))


def test_simulated_time_is_set_only_when_asked():
    assert (
        'use_sim_time:=true'
        in launching.plan('empathy', values(use_sim_time='true'))[0].ros_arguments
    )
    off = launching.plan('empathy', values())[0].ros_arguments
    assert not any('use_sim_time' in part for part in off)


def test_executor_autostart_and_log_level_reach_every_process():
    for process in launching.plan(
        'empathy', values(executor='events', autostart='false', log_level='debug')
    ):
        assert process.arguments[-4:] == ('--executor', 'events', '--autostart', 'false')
        assert process.ros_arguments[:2] == ('--log-level', 'debug')


def nodes_with_a_provider() -> list[str]:
    return [name for name, items in parameters.blocks().items() if 'provider' in items]


def test_the_provider_reaches_every_node_that_has_one_and_is_checked():
    having = nodes_with_a_provider()
    if not having:
        pytest.skip('no node has a parameter "provider"')
    files = launching.plan('empathy', values(provider='cpu'))[0].files
    settings = yaml.safe_load(Path(files[-1]).read_text())['/**']
    assert settings == {name: {'ros__parameters': {'provider': 'cpu'}} for name in having}
    with pytest.raises(BadInput, match='abacus'):
        launching.plan('empathy', values(provider='abacus'))


def test_a_replay_needs_something_to_play_that_exists():
    with pytest.raises(BadInput, match='video:=FILE, audio:=FILE or both'):
        launching.plan('replay', values('replay'))
    with pytest.raises(BadInput, match=r'audio: /no/such\.wav does not exist'):
        launching.plan('replay', values('replay', audio='/no/such.wav'))


def test_a_replay_gives_the_files_to_the_devices(tmp_path):
    video, audio = tmp_path / 'a.mp4', tmp_path / 'b.wav'
    video.touch()
    audio.touch()
    known = parameters.blocks()
    if not {'camera', 'microphone'} <= set(known):
        pytest.skip('the device nodes are not here')
    process = launching.plan('replay', values('replay', video=str(video), audio=str(audio)))[0]
    settings = yaml.safe_load(Path(process.files[-1]).read_text())['/**']
    assert settings['camera']['ros__parameters']['source'] == str(video)
    assert settings['microphone']['ros__parameters']['source'] == str(audio)
    assert 'microphone' not in names('replay', video=str(video))
    assert 'camera' not in names('replay', audio=str(audio))


def test_every_argument_is_described_and_its_default_allowed():
    for kind in launching.KINDS:
        for item in launching.KINDS[kind]:
            assert len(item.description) > 8, item.name
            assert not item.choices or item.default in item.choices
