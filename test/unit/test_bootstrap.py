# SPDX-License-Identifier: Apache-2.0
"""The set-up behind ./empathy: what counts as done, the environment, messages with a cure."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup(monkeypatch):
    """Import the two modules of the set-up folder, which is no package."""
    monkeypatch.syspath_prepend(str(ROOT / 'setup'))
    import bootstrap
    import machine

    return bootstrap, machine


@pytest.fixture
def home(tmp_path, monkeypatch, setup):
    """Use a folder of this test instead of .empathy."""
    for module in setup:
        monkeypatch.setattr(module, 'HOME', tmp_path)
    return tmp_path


def stub_steps(monkeypatch, bootstrap, home, done, fail_at=None):
    """Replace the four real steps by ones that note that they ran."""

    def action(title):
        def act(steps):
            done.append(title)
            if title == fail_at:
                steps.run(
                    ['sh', '-c', 'echo the disk is full; exit 7'], env=os.environ, cure='buy'
                )

        return act

    steps = [bootstrap.Step(title, home / title, title * 64, action(title)) for title in 'abcd']
    monkeypatch.setattr(bootstrap, 'steps_of', lambda place: steps)
    return steps


def test_a_second_start_does_nothing(monkeypatch, setup, home, capsys):
    bootstrap, machine = setup
    done = []
    stub_steps(monkeypatch, bootstrap, home, done)
    bootstrap.set_up(machine.Place(''))
    assert done == ['a', 'b', 'c', 'd']
    assert '[4/4] d: done in 0 s' in capsys.readouterr().err
    bootstrap.set_up(machine.Place(''))
    assert done == ['a', 'b', 'c', 'd']
    assert capsys.readouterr().err == ''


def test_it_goes_on_where_it_stopped_and_shows_the_log(monkeypatch, setup, home):
    bootstrap, machine = setup
    done = []
    stub_steps(monkeypatch, bootstrap, home, done, fail_at='c')
    with pytest.raises(machine.SetupError, match=r'\[3/4\] c failed') as error:
        bootstrap.set_up(machine.Place(''))
    assert 'the disk is full' in str(error.value)
    assert 'Cure: buy' in str(error.value)
    assert str(home / 'log' / 'setup.log') in str(error.value)
    done.clear()
    stub_steps(monkeypatch, bootstrap, home, done)
    bootstrap.set_up(machine.Place(''))
    assert done == ['c', 'd']


def test_a_changed_content_makes_its_step_undone(setup, home, monkeypatch, tmp_path):
    bootstrap, _ = setup
    monkeypatch.setattr(bootstrap, 'ROOT', tmp_path)
    file = tmp_path / 'requirements.txt'
    file.write_text('numpy==1')
    first = bootstrap.content_key('3.11', file)
    assert bootstrap.content_key('3.11', file) == first
    assert bootstrap.content_key('3.12', file) != first
    file.write_text('numpy==2')
    assert bootstrap.content_key('3.11', file) != first


def test_deleting_a_result_makes_its_step_undone(monkeypatch, setup, home):
    bootstrap, machine = setup
    steps = stub_steps(monkeypatch, bootstrap, home, [])
    bootstrap.set_up(machine.Place(''))
    (home / 'b' / steps[1].stamp.name).unlink()
    assert [step.title for step in bootstrap.unfinished(machine.Place(''))] == ['b']


def test_setup_checks_the_models_even_when_all_is_done(monkeypatch, setup, home):
    bootstrap, machine = setup
    done = []
    stub_steps(monkeypatch, bootstrap, home, done)
    bootstrap.set_up(machine.Place(''))
    bootstrap.set_up(machine.Place(''), check_models=True)
    assert done == ['a', 'b', 'c', 'd', 'd']


def test_wheels_see_no_other_ros(setup, home, monkeypatch):
    bootstrap, machine = setup
    monkeypatch.setenv('PYTHONPATH', '/opt/ros/other/site-packages')
    monkeypatch.setenv('AMENT_PREFIX_PATH', '/opt/ros/other')
    monkeypatch.setenv('RMW_IMPLEMENTATION', 'rmw_other')
    env = bootstrap.environment(machine.Place(''))
    assert not [name for name, value in env.items() if '/opt/ros/other' in value]
    assert env['RMW_IMPLEMENTATION'] == 'rmw_fastrtps_cpp'
    assert env['_ROS_WHEELS_BOOTSTRAP_COMPLETE'] == '1'
    assert env['PYTHONPATH'].split(':')[0] == str(ROOT)
    assert env['PATH'].split(':')[0] == str(home / 'venv' / 'bin')


def test_a_sourced_ros_is_kept_behind_our_interfaces(setup, home, monkeypatch):
    bootstrap, machine = setup
    monkeypatch.setenv('PYTHONPATH', '/opt/ros/jazzy/site-packages')
    monkeypatch.setenv('AMENT_PREFIX_PATH', '/opt/ros/jazzy')
    monkeypatch.delenv('RMW_IMPLEMENTATION', raising=False)
    env = bootstrap.environment(machine.Place('jazzy'))
    prefix = home / 'jazzy' / 'install' / 'empathy_interfaces'
    assert env['AMENT_PREFIX_PATH'] == f'{prefix}:/opt/ros/jazzy'
    assert env['PYTHONPATH'] == f'{ROOT}:/opt/ros/jazzy/site-packages'
    assert 'RMW_IMPLEMENTATION' not in env


def test_what_the_user_chose_stays(setup, home, monkeypatch):
    bootstrap, machine = setup
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET')
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    env = bootstrap.environment(machine.Place(''))
    assert env['ROS_AUTOMATIC_DISCOVERY_RANGE'] == 'SUBNET'
    assert env['OMP_NUM_THREADS'] == '1'


def test_libraries_may_not_report_to_their_makers(setup, home, monkeypatch):
    bootstrap, machine = setup
    monkeypatch.delenv('ORT_DISABLE_TELEMETRY', raising=False)
    for distro in ('', 'jazzy'):
        assert bootstrap.environment(machine.Place(distro))['ORT_DISABLE_TELEMETRY'] == '1'


def test_ros_counts_only_when_it_can_be_imported(setup, monkeypatch):
    _, machine = setup
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    monkeypatch.setattr(machine.importlib.util, 'find_spec', lambda name: None)
    assert machine.sourced_distro() == ''
    monkeypatch.setattr(machine.importlib.util, 'find_spec', lambda name: name)
    assert machine.sourced_distro() == 'jazzy'


@pytest.mark.parametrize(
    ('version', 'name'), [('1.26.4', 'requirements-numpy1.txt'), ('2.4.6', 'requirements.txt')]
)
def test_a_sourced_ros_keeps_its_numpy(setup, monkeypatch, version, name):
    _, machine = setup
    monkeypatch.setattr(machine.metadata, 'version', lambda package: version)
    assert machine.Place('jazzy').requirements() == [ROOT / 'setup' / name]


def test_arm_without_ros_is_told_what_it_needs(setup, monkeypatch):
    _, machine = setup
    monkeypatch.setattr(machine.platform, 'machine', lambda: 'aarch64')
    machine.check_platform('jazzy')
    with pytest.raises(machine.SetupError, match=r'aarch64: .*source') as error:
        machine.check_platform('')
    assert error.value.exit_code == 3


def test_without_root_the_exact_command_is_named(setup, monkeypatch):
    _, machine = setup
    monkeypatch.setattr(machine, 'missing_packages', lambda distro: ['cmake', 'flite'])
    monkeypatch.setattr(machine, '_sudo', lambda: None)
    command = 'sudo apt-get install -y --no-install-recommends cmake flite'
    with pytest.raises(machine.SetupError, match=command) as error:
        machine.system_packages(None, machine.Place(''))
    assert error.value.exit_code == 3


def test_cmake_files_of_the_wheels_are_pointed_to_this_python(setup, tmp_path):
    _, machine = setup
    numpy_include = machine.site_packages(tmp_path) / 'numpy' / '_core' / 'include'
    numpy_include.mkdir(parents=True)
    file = tmp_path / 'share' / 'std_msgs' / 'cmake' / 'export.cmake'
    file.parent.mkdir(parents=True)
    foreign = '/opt/python/cp311-cp311'
    file.write_text(
        f'A "{foreign}/include/python3.11;'
        f'{foreign}/lib/python3.11/site-packages/numpy/_core/include;/usr/include"'
    )
    assert machine.adopt_cmake_files(tmp_path) == 1
    python_include = machine.sysconfig.get_config_var('INCLUDEPY')
    assert file.read_text() == f'A "{python_include};{numpy_include};/usr/include"'
    assert machine.adopt_cmake_files(tmp_path) == 0


def test_pinned_lists_pin_everything_exactly():
    for file in (ROOT / 'setup').glob('*.txt'):
        for line in file.read_text().splitlines():
            assert '==' in line.split(';')[0], f'{file.name}: {line}'


@pytest.mark.parametrize('name', ['requirements', 'ros'])
def test_pinned_lists_hold_what_was_asked_for(name):
    asked = (ROOT / 'setup' / f'{name}.in').read_text().splitlines()
    pinned = (ROOT / 'setup' / f'{name}.txt').read_text().lower().replace('_', '-').splitlines()
    names = {line.split('==')[0] for line in pinned}
    for line in asked:
        if line and not line.startswith('#'):
            assert line.split('==')[0].lower().replace('_', '-') in names


def test_the_script_says_when_it_finds_no_python(tmp_path):
    (tmp_path / 'dirname').symlink_to('/usr/bin/dirname')
    (tmp_path / 'readlink').symlink_to('/usr/bin/readlink')
    (tmp_path / 'empathy').write_text((ROOT / 'empathy').read_text())
    result = subprocess.run(
        ['/bin/sh', str(tmp_path / 'empathy'), 'demo'],
        env={'PATH': str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 3
    assert 'no Python 3.10 to 3.13 found: sudo apt-get install python3' in result.stderr


def test_help_before_the_set_up_sets_nothing_up(tmp_path):
    for folder in ('setup', 'empathy_interfaces', 'models'):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / 'empathy').write_text((ROOT / 'empathy').read_text())
    copy = tmp_path / 'own'
    copy.mkdir()
    for name in ('bootstrap.py', 'machine.py', 'requirements.txt', 'ros.txt'):
        (copy / name).write_text((ROOT / 'setup' / name).read_text())
    (tmp_path / 'setup').unlink()
    copy.rename(tmp_path / 'setup')
    result = subprocess.run(
        ['/bin/sh', str(tmp_path / 'empathy'), '--help'],
        env={'PATH': os.environ['PATH'], 'EMPATHY_PYTHON': sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert 'not set up yet' in result.stdout
    assert not (tmp_path / '.empathy').exists()
