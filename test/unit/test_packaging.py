# SPDX-License-Identifier: Apache-2.0
"""package.xml, setup.py and the changelog agree with each other and with what is imported."""

import ast
from pathlib import Path
import sys
import xml.etree.ElementTree as ET

import pytest

import empathy_ros

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / 'package.xml', ROOT / 'empathy_interfaces' / 'package.xml')
# Import name to the key in package.xml, where they differ.
KEYS = {
    'cv2': 'python3-opencv',
    'matplotlib': 'python3-matplotlib',
    'numpy': 'python3-numpy',
    'onnxruntime': 'python3-onnxruntime-pip',
    'sounddevice': 'python3-sounddevice-pip',
    'transforms3d': 'python3-transforms3d',
    'yaml': 'python3-yaml',
}
# No key exists: a comment in package.xml names them. hri_msgs is optional, the others set-up only.
WITHOUT_KEY = {'av', 'ctranslate2', 'faster_whisper', 'sqlcipher3', 'tokenizers'}
OPTIONAL = {
    'hri_msgs',
    'onnx',
    'tflite2onnx',
    'pytest',
    'ruff',
    'mypy',
    'psutil',
    'huggingface_hub',
    'ai_edge_litert',
}


def imported_modules() -> dict[str, str]:
    """Return every outside module that the installed code imports, with one file that does."""
    found = {}
    for file in [*(ROOT / 'empathy_ros').rglob('*.py'), *(ROOT / 'launch').glob('*.py')]:
        for node in ast.walk(ast.parse(file.read_text(encoding='utf-8'))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found[name.split('.')[0]] = str(file.relative_to(ROOT))
    own = set(sys.stdlib_module_names) | {'empathy_ros'}
    return {name: file for name, file in found.items() if name not in own}


def test_every_import_has_its_dependency():
    tree = ET.parse(PACKAGES[0])
    declared = {e.text for e in tree.iter() if e.tag in ('depend', 'exec_depend')}
    text = PACKAGES[0].read_text(encoding='utf-8')
    modules = imported_modules()
    assert len(modules) > 8
    for name, file in modules.items():
        if name in WITHOUT_KEY:
            assert 'faster-whisper (brings av, ctranslate2 and tokenizers) sqlcipher3' in text
        elif name not in OPTIONAL:
            assert KEYS.get(name, name) in declared, f'{file} imports {name}'


def test_one_version_everywhere():
    versions = {str(file): ET.parse(file).findtext('version') for file in PACKAGES}
    assert set(versions.values()) == {empathy_ros.__version__}
    assert f"version='{empathy_ros.__version__}'" in (ROOT / 'setup.py').read_text()
    assert empathy_ros.__version__ in (ROOT / 'CHANGELOG.md').read_text()


@pytest.mark.parametrize('file', PACKAGES, ids=lambda file: file.parent.name)
def test_package_files_are_of_format_3_and_licensed(file):
    root = ET.parse(file).getroot()
    assert root.get('format') == '3'
    assert root.findtext('license') == 'Apache-2.0'
    assert root.find('export/build_type') is not None


def test_the_interfaces_depend_on_messages_only():
    depends = {e.text for e in ET.parse(PACKAGES[1]).iter('depend')}
    assert depends == {'builtin_interfaces', 'geometry_msgs', 'std_msgs'}
