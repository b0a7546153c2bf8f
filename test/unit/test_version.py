# SPDX-License-Identifier: Apache-2.0
"""One version everywhere."""

import ast
from pathlib import Path
import re
import xml.etree.ElementTree as ElementTree

import empathy_ros

ROOT = Path(__file__).resolve().parents[2]


def of_package_xml(path: Path) -> str:
    version = ElementTree.parse(path).getroot().findtext('version')
    assert version is not None, f'{path}: no version'
    return version.strip()


def of_setup_py() -> str:
    """Return the version given to setup(), also when it is a name assigned in the file."""
    tree = ast.parse((ROOT / 'setup.py').read_text(encoding='utf-8'))
    names = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.keyword) and call.arg == 'version':
            value = names.get(call.value.id) if isinstance(call.value, ast.Name) else call.value
            return str(ast.literal_eval(value))
    raise AssertionError('setup.py: no version')


def test_package_xml_setup_py_module_and_changelog_agree():
    changelog = (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8')
    newest = re.search(r'^## \[?v?(\d+\.\d+\.\d+)', changelog, re.MULTILINE)
    assert newest is not None, 'CHANGELOG.md: no heading such as "## 0.1.0"'
    versions = {
        'package.xml': of_package_xml(ROOT / 'package.xml'),
        'empathy_interfaces/package.xml': of_package_xml(
            ROOT / 'empathy_interfaces' / 'package.xml'
        ),
        'setup.py': of_setup_py(),
        'empathy_ros.__version__': empathy_ros.__version__,
        'CHANGELOG.md': newest.group(1),
    }
    assert len(set(versions.values())) == 1, versions
