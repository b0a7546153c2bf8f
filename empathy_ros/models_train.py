# SPDX-License-Identifier: Apache-2.0
"""`empathy models train face|text|voice ...`: train a model on data of your own.

The voice model needs nothing but this package. Face and words are trained by the scripts of
training/ in a Python of your own that has torch; see --python.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
import importlib
from pathlib import Path
import subprocess
import sys

from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput

ROOT = Path(__file__).resolve().parents[1]
# what: (script below training/, modules that it needs, requirements below training/)
SCRIPTS = {
    'face': ('face_expression/train.py', ('torch', 'numpy', 'PIL'), 'face_expression'),
    'text': ('text_encoder/train.py', ('torch', 'transformers', 'tokenizers'), 'text_encoder'),
}
VOICE = 'empathy_ros.train_voice'
PROBE_LIMIT_S = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models train`."""
    parser.add_argument(
        '--python',
        metavar='PYTHON',
        default=sys.executable,
        help='Python with torch, for face and text [the one of this package]',
    )
    parser.add_argument('what', choices=('face', 'text', 'voice'))
    parser.add_argument('rest', nargs=argparse.REMAINDER, help='see `train WHAT --help`')


def main(args: argparse.Namespace) -> int:
    """Train; returns what the training returns, 0 = trained.

    Raises:
        BadInput: the arguments or the data cannot be used.
        ModelError: what the training needs is not installed.
    """
    if args.what == 'voice':
        return _voice(args.rest)
    script, modules, folder = SCRIPTS[args.what]
    path = ROOT / 'training' / script
    if not path.is_file():
        raise ModelError(
            f'training/{script} is not installed with the package: run this in a checkout of it'
        )
    missing = missing_modules(args.python, modules)
    if missing:
        raise ModelError(
            f'{args.python} has no {", ".join(missing)}, which training needs: make one '
            f'that has it with `python3 -m venv ENV && ENV/bin/pip install -r '
            f'{ROOT}/training/{folder}/requirements.txt` and add --python ENV/bin/python'
        )
    return subprocess.run([args.python, str(path), *args.rest], check=False).returncode


def missing_modules(python: str, modules: Sequence[str]) -> list[str]:
    """Return which modules a Python cannot import.

    Raises:
        BadInput: it is no Python, or does not answer.
    """
    code = (
        'import importlib.util, sys\n'
        'print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])'
    )
    try:
        result = subprocess.run(
            [python, '-c', code, *modules],
            capture_output=True,
            text=True,
            check=False,
            timeout=PROBE_LIMIT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f'--python {python}: cannot be started: {error}') from error
    if result.returncode:
        raise BadInput(
            f'--python {python}: not a Python that works: {result.stderr.strip()[:200]}'
        )
    return result.stdout.split()


def _voice(rest: Sequence[str]) -> int:
    module = importlib.import_module(VOICE)
    parser = argparse.ArgumentParser(prog='empathy models train voice', description=module.HELP)
    module.add_arguments(parser)
    return int(module.main(parser.parse_args(list(rest))))
