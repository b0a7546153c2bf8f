# SPDX-License-Identifier: Apache-2.0
"""The direction of dependence, by reading the source; core without ROS; sizes as a ratchet."""

import ast
from collections.abc import Iterator
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / 'empathy_ros'
SOURCES = sorted(PACKAGE.rglob('*.py'))

# Room: rooms of ours that it may import. Files beside the rooms (the commands) may use all.
MAY_IMPORT = {
    'core': {'core'},
    'engines': {'engines', 'core'},
    'bridge': {'bridge', 'core'},
    'nodes': {'nodes', 'bridge', 'engines', 'core'},
    'evaluation': {'evaluation', 'sim', 'engines', 'core'},
    'sim': {'sim', 'engines', 'core'},
}
# Small modules beside the rooms that a room may use.
SHARED = {'paths', 'roster', 'models', '__init__'}
SHARED_WITH = {'engines', 'bridge', 'nodes', 'evaluation', 'sim'}
CORE_MAY_IMPORT = {*sys.stdlib_module_names, 'numpy', '__future__'}
CORE_MUST_NOT = {'threading', 'multiprocessing', 'subprocess', 'socket', 'sqlite3', 'asyncio'}
NO_ROS = ('core', 'engines', 'evaluation', 'sim')
MESSAGES = ('_msgs', 'empathy_interfaces', 'std_srvs', 'builtin_interfaces')

HARD_FILE, HARD_FUNCTION = 400, 60
FILE, FUNCTION, NODE_FILE = 250, 30, 200
# How many are above the size that feels right; only ever lower these.
MOST_LONG_FILES = 16
MOST_LONG_FUNCTIONS = 25


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ''


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the full name of everything a file imports, also inside functions, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f'{path}:{node.lineno}: relative import'
            for alias in node.names:
                yield f'{node.module}.{alias.name}', node.lineno


def breaches(path: Path) -> Iterator[str]:
    room = room_of(path)
    for name, line in imports(path):
        where = f'{path.relative_to(ROOT)}:{line}: imports {name}'
        top = name.split('.')[0]
        if room in NO_ROS and (top == 'rclpy' or top.endswith(MESSAGES)):
            yield f'{where}, but {room} knows no ROS'
        if room == 'nodes' and top.endswith(MESSAGES):
            yield f'{where}, but nodes take messages from empathy_ros.bridge.msgs'
        if room == 'core' and top in CORE_MUST_NOT:
            yield f'{where}, but core has no threads, processes or network'
        trees = room == 'core' and 'behaviour' in path.parts and top == 'py_trees'
        if room == 'core' and top not in {*CORE_MAY_IMPORT, 'empathy_ros'} and not trees:
            yield f'{where}, but core is stdlib and numpy only'
        if top == 'empathy_ros' and room in MAY_IMPORT and '.' in name:
            target = name.split('.')[1]
            is_room = (PACKAGE / target).is_dir()
            shared = target in SHARED and room in SHARED_WITH
            if is_room and target not in MAY_IMPORT[room]:
                yield f'{where}, but {room} may import {sorted(MAY_IMPORT[room])}'
            if not is_room and (PACKAGE / f'{target}.py').exists() and not shared:
                yield f'{where}, but {room} may use of these only {sorted(SHARED)}'


@pytest.mark.parametrize('room', MAY_IMPORT)
def test_direction_of_dependence(room):
    found = [b for path in SOURCES if room_of(path) == room for b in breaches(path)]
    assert not found, '\n'.join(found)


def test_the_check_sees_a_breach(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], 'PACKAGE', tmp_path)
    monkeypatch.setattr(sys.modules[__name__], 'ROOT', tmp_path)
    (tmp_path / 'core').mkdir()
    (tmp_path / 'nodes').mkdir()
    bad = tmp_path / 'core' / 'bad.py'
    bad.write_text('import rclpy\ndef f():\n    from empathy_ros.nodes.x import Y\n')
    assert len(list(breaches(bad))) == 3


def test_only_the_bridge_and_the_client_import_messages():
    for path in SOURCES:
        if room_of(path) not in ('bridge', ''):
            assert not [n for n, _ in imports(path) if n.startswith('empathy_interfaces')], path


def test_core_asks_no_clock_and_opens_no_file():
    asks = {'time.time', 'time.monotonic', 'time.perf_counter', 'datetime.now', 'open'}
    found = []
    for path in SOURCES:
        if room_of(path) != 'core':
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).removesuffix('_ns')
                if called in asks:
                    found.append(f'{path.name}:{node.lineno}: {called}()')
    assert not found, '\n'.join(found)


def test_core_imports_without_ros_models_or_media():
    modules = [
        '.'.join(path.relative_to(ROOT).with_suffix('').parts)
        for path in SOURCES
        if room_of(path) == 'core' and path.name != '__init__.py'
    ]
    code = (
        'import sys, importlib\n'
        'for name in ("rclpy", "empathy_interfaces", "cv2", "onnxruntime", "yaml", "av"):\n'
        '    sys.modules[name] = None\n'
        f'for name in {modules!r}:\n    importlib.import_module(name)\n'
        'print(len(sys.modules))\n'
    )
    result = subprocess.run(
        [sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_every_file_begins_with_its_licence_and_a_docstring():
    for path in SOURCES:
        text = path.read_text(encoding='utf-8')
        assert text.startswith('# SPDX-License-Identifier: Apache-2.0\n'), path
        assert ast.get_docstring(ast.parse(text)), f'{path}: no docstring'


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0]
            # What a docstring explains does not make a function longer.
            told = ast.get_docstring(node) is not None
            docstring = first.end_lineno - first.lineno + 1 if told else 0
            size = node.end_lineno - node.lineno + 1 - docstring
            yield f'{path.relative_to(ROOT)}:{node.lineno} {node.name}', size


def lines(path: Path) -> int:
    return len(path.read_text(encoding='utf-8').splitlines())


def test_no_file_or_function_is_beyond_the_hard_limit():
    files = [f'{p.relative_to(ROOT)}: {lines(p)}' for p in SOURCES if lines(p) > HARD_FILE]
    long = [f'{n}: {s}' for p in SOURCES for n, s in functions(p) if s > HARD_FUNCTION]
    assert not files + long, '\n'.join(files + long)


def test_few_files_and_functions_are_longer_than_feels_right():
    files = [
        f'{p.relative_to(ROOT)}: {lines(p)}'
        for p in SOURCES
        if lines(p) > (NODE_FILE if room_of(p) == 'nodes' else FILE)
    ]
    long = [f'{n}: {s}' for p in SOURCES for n, s in functions(p) if s > FUNCTION]
    assert len(files) <= MOST_LONG_FILES, '\n'.join(files)
    assert len(long) <= MOST_LONG_FUNCTIONS, '\n'.join(long)


def tracked() -> list[Path]:
    """Return the files under version control, or all source files where git cannot say."""
    result = subprocess.run(
        ['git', 'ls-files', '-z'], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = [name for name in result.stdout.split('\0') if name]
    return [ROOT / name for name in names] if result.returncode == 0 and names else SOURCES


def test_the_repository_stands_alone():
    """No text file names a folder beside the repository; `\\x2e` keeps this file out of it."""
    outside = ('\x2e./shared', '/work\x2f', 'DESIGN\x2emd', 'knowledge\x2f')
    found = []
    for path in tracked():
        if path.suffix in {'.onnx', '.npz', '.wav', '.png', '.jpg', '.gif', '.mp4', '.flac'}:
            continue
        if not path.is_file():
            continue
        text = path.read_text(encoding='utf-8', errors='ignore')
        found += [f'{path.relative_to(ROOT)}: {name}' for name in outside if name in text]
    assert not found, '\n'.join(found)
