# SPDX-License-Identifier: Apache-2.0
"""The doctor's look at Python, ROS 2, libraries, models and the crisis protocol."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
import platform
import sys

from empathy_ros import models
from empathy_ros.core.crisis_policy import CrisisPolicy
from empathy_ros.core.findings import Finding, MISSING, OK, WARNING
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import gpu_name, Runtime
from empathy_ros.engines.settings import read_settings

OLDEST, NEWEST = (3, 10), (3, 13)
SETUP = './empathy setup'
BUILD = 'colcon build --base-paths . empathy_interfaces && source install/setup.bash'
# import name: (name on the Python index, essential, what is lost without it)
LIBRARIES = {
    'numpy': ('numpy', True, ''),
    'yaml': ('PyYAML', True, ''),
    'py_trees': ('py-trees', True, 'answers'),
    'onnxruntime': ('onnxruntime', False, 'seeing, hearing and reading affect'),
    'cv2': ('opencv-python-headless', False, 'seeing'),
    'faster_whisper': ('faster-whisper', False, 'understanding speech'),
    'tokenizers': ('tokenizers', False, 'affect from words'),
    'sounddevice': ('sounddevice', False, 'microphone and loudspeaker'),
    'transforms3d': ('transforms3d', False, 'head pose on face/features'),
    'sqlcipher3': ('sqlcipher3', False, 'storing consent over a restart'),
}
PROBE_MODEL = 'face_expression'


def installed_ros() -> bool:
    """Return whether a ROS 2 installation is sourced, and not wheels in an environment."""
    return bool(os.environ.get('ROS_DISTRO'))


def software() -> list[Finding]:
    """Return findings about Python, ROS 2, the messages and the libraries."""
    return [python(), ros(), messages(), *libraries()]


def python() -> Finding:
    """Return whether this Python can run the package."""
    now = f'{platform.python_version()} at {sys.executable}'
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Finding('Python', OK, now)
    return Finding(
        'Python', MISSING, f'{now}; 3.10 to 3.13 are supported',
        'EMPATHY_PYTHON=/usr/bin/python3.11 ./empathy setup',
    )  # fmt: skip


def ros() -> Finding:
    """Return whether rclpy can be imported and where it comes from."""
    try:
        import rclpy
    except ImportError as error:
        sourced = sorted(Path('/opt/ros').glob('*/setup.bash'))
        cure = f'source {sourced[-1]}' if sourced else SETUP
        return Finding('ROS 2', MISSING, f'rclpy cannot be imported: {error}', cure)
    kind = os.environ['ROS_DISTRO'] if installed_ros() else 'wheels'
    return Finding('ROS 2', OK, f'{kind}, rclpy at {Path(rclpy.__file__).parent}')


def messages() -> Finding:
    """Return whether our messages are built and fit this checkout."""
    try:
        module = importlib.import_module('empathy_interfaces.msg')
    except ImportError as error:
        cure = BUILD if installed_ros() else SETUP
        return Finding('messages', MISSING, f'empathy_interfaces: {error}', cure)
    wanted = Path(__file__).resolve().parents[1] / 'empathy_interfaces' / 'msg'
    lacking = [p.stem for p in sorted(wanted.glob('*.msg')) if not hasattr(module, p.stem)]
    if lacking:
        cure = BUILD if installed_ros() else SETUP
        return Finding('messages', MISSING, f'built without {", ".join(lacking)}', cure)
    return Finding('messages', OK, f'empathy_interfaces at {Path(module.__file__ or "").parent}')


def libraries() -> list[Finding]:
    """Return findings about what has to be imported."""
    findings = []
    for name, (package, essential, lost) in LIBRARIES.items():
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError) as error:
            cure = f'{sys.executable} -m pip install {package}' if installed_ros() else SETUP
            detail = f'{error}' + (f'; without it: no {lost}' if lost else '')
            findings.append(Finding(package, MISSING if essential else WARNING, detail, cure))
            continue
        findings.append(Finding(package, OK, str(getattr(module, '__version__', 'installed'))))
    return findings


def models_there() -> list[Finding]:
    """Return for each model of the manifest whether it is there with the right sha256."""
    try:
        known = models.load_manifest()
    except ModelError as error:
        return [Finding('models', MISSING, str(error), 'git checkout -- models/manifest.yaml')]
    findings = []
    asked_for = {m.id for m in known.values() if m.on_request}
    for name, problem in models.verify(known).items():
        if problem and name in asked_for:
            continue
        what, _, cure = problem.partition('; ')
        state = OK if not problem else WARNING if known[name].optional else MISSING
        detail = what or f'{known[name].role}, sha256 right'
        findings.append(Finding(f'model {name}', state, detail, cure.removeprefix('run ')))
    return findings


def provider() -> Finding:
    """Return where a network really runs, by running one."""
    try:
        model = OnnxModel(models.find(PROBE_MODEL), runtime=Runtime('auto', 'fp32'))
    except (ModelError, ValueError) as error:
        return Finding('networks run on', WARNING, f'not tried: {error}', SETUP)
    gpu = gpu_name()
    if gpu == 'no-gpu' or model.provider != 'cpu':
        return Finding('networks run on', OK, f'{model.provider} ({gpu})')
    cure = f'{sys.executable} -m pip install onnxruntime-gpu, with the CUDA libraries it names'
    return Finding('networks run on', WARNING, f'cpu, although there is a GPU ({gpu})', cure)


def crisis_protocol(path: Path) -> Finding:
    """Return whether the crisis protocol is filled in; without it no conversation is held."""
    try:
        policy = CrisisPolicy.from_dict(read_settings(path))
    except ValueError as error:
        text, _, cure = str(error).partition('; ')
        return Finding('crisis protocol', MISSING, text, cure or f'edit {path}')
    contacts = ', '.join(contact.role for contact in policy.contacts)
    return Finding('crisis protocol', OK, f'{policy.locale}, contacts: {contacts}')
