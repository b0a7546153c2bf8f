# SPDX-License-Identifier: Apache-2.0
"""`./empathy COMMAND`: every command of the package; heavy modules are imported only when used."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
import importlib
import os
import select
import sys

from empathy_ros import __version__
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.output import print_result

# name: (module with add_arguments(parser) and main(args) -> exit code, help)
COMMANDS = {
    'demo': ('empathy_ros.demo.run', 'run the whole graph on a real video and real speech'),
    'up': ('empathy_ros.up', 'run the graph live until Ctrl-C'),
    'doctor': ('empathy_ros.doctor', 'say what is missing and the command that cures it'),
    'test': ('empathy_ros.checks', 'run every test, lint and type check'),
    'bench': ('empathy_ros.evaluation.bench', 'measure speed as ratios'),
    'models': ('empathy_ros.models_cli', 'list, fetch, verify, check, build and train models'),
    'enroll': ('empathy_ros.enroll', 'enrol a person in the running graph, aloud or vouched'),
}
# name: (module with add_arguments(parser) and run(args) -> dict, help)
EVALUATIONS = {
    'face': ('empathy_ros.evaluation.face', 'expression from face pictures'),
    'voice': ('empathy_ros.evaluation.voice', 'arousal or categories from voices'),
    'text': ('empathy_ros.evaluation.text', 'affect from sentences'),
    'fusion': ('empathy_ros.evaluation.fusion', 'face and voice together'),
    'crisis': ('empathy_ros.evaluation.crisis', 'danger in words'),
    'policy': ('empathy_ros.evaluation.policy', 'behaviour by scenario files'),
}


SCRIPT = """answered by the script ./empathy itself, before these:
  setup       set this machine up, or check and repair it; every command does so too
  python      the Python of the set-up environment, for developers"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='empathy', description=__doc__, epilog=SCRIPT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument('--version', action='version', version=f'empathy {__version__}')
    commands = parser.add_subparsers(dest='command', required=True, metavar='COMMAND')
    for name, (_, text) in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    commands.add_parser('eval', help='measure a model or the behaviour on data', add_help=False)
    return parser


def _eval_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='empathy eval')
    kinds = parser.add_subparsers(dest='kind', required=True, metavar='KIND')
    for name, (_, text) in EVALUATIONS.items():
        kinds.add_parser(name, help=text, add_help=False)
    return parser


def _evaluate(argv: Sequence[str]) -> int:
    known, rest = _eval_parser().parse_known_args(argv[:1])
    module = importlib.import_module(EVALUATIONS[known.kind][0])
    parser = argparse.ArgumentParser(
        prog=f'empathy eval {known.kind}', description=EVALUATIONS[known.kind][1]
    )
    module.add_arguments(parser)
    if not any('--json' in action.option_strings for action in parser._actions):
        parser.add_argument('--json', action='store_true', help='one JSON object on stdout')
    args = parser.parse_args([*rest, *argv[1:]])
    print_result(module.run(args), args.json)
    sys.stdout.flush()
    return 0


def _nobody_reads() -> bool:
    """Return whether the reader of stdout is gone, as with `| head`; if so, drop the rest."""
    waiting = select.poll()
    waiting.register(sys.stdout.fileno(), 0)
    if not any(events & select.POLLERR for _, events in waiting.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 = ran, 1 = failed, 2 = bad input or usage."""
    argv = list(sys.argv[1:] if argv is None else argv)
    known, _ = _parser().parse_known_args(argv[:1] or ['--help'])
    try:
        if known.command == 'eval':
            return _evaluate(argv[1:])
        module = importlib.import_module(COMMANDS[known.command][0])
        parser = argparse.ArgumentParser(
            prog=f'empathy {known.command}', description=COMMANDS[known.command][1]
        )
        module.add_arguments(parser)
        code = int(module.main(parser.parse_args(argv[1:])))
        sys.stdout.flush()
        return code
    except BadInput as error:
        print(f'empathy: {error}', file=sys.stderr)
        return 2
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            return 0
        if error.filename is None:
            raise
        print(f'empathy: {error.filename}: {error.strerror}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == '__main__':
    sys.exit(main())
