# SPDX-License-Identifier: Apache-2.0
"""`./empathy doctor`: what is missing on this machine and the exact command that cures it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
import json
from pathlib import Path

from empathy_ros import doctor_devices, doctor_software
from empathy_ros.core.findings import Finding, MISSING, OK
from empathy_ros.paths import share, state_dir

SIGNS = {OK: 'ok', MISSING: 'MISSING'}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `doctor`."""
    parser.add_argument('--json', action='store_true', help='one JSON object on stdout')
    parser.add_argument('--policy', type=Path, default=None, help='crisis protocol to check')
    parser.add_argument('--state', type=Path, default=None, help='folder of consent and logs')


def examine(policy: Path, state: Path) -> list[Finding]:
    """Look at everything; nothing is changed and no device stays open.

    Args:
        policy: Crisis protocol file.
        state: Folder of consent and logs.
    """
    return [
        *doctor_software.software(),
        *doctor_software.models_there(),
        doctor_software.provider(),
        doctor_devices.voice(),
        *doctor_devices.sound_cards(),
        doctor_devices.cameras(),
        doctor_devices.state_folder(state),
        doctor_devices.consent_store(state),
        doctor_devices.disk_space(state),
        doctor_software.crisis_protocol(policy),
    ]


def table(findings: Sequence[Finding]) -> str:
    """Return the findings as lines: sign, name, detail, and the cure below."""
    width = max(len(item.name) for item in findings)
    lines = []
    for item in findings:
        lines.append(f'{SIGNS.get(item.state, "warning"):8} {item.name:{width}}  {item.detail}')
        if item.cure:
            lines.append(f'{"":8} {"":{width}}  cure: {item.cure}')
    return '\n'.join(lines)


def main(args: argparse.Namespace) -> int:
    """Print what was found; 0 = everything essential is there, 1 = not."""
    policy = args.policy or share('config', 'policy.yaml')
    findings = examine(policy, args.state or state_dir())
    missing = [item.name for item in findings if item.state == MISSING]
    if args.json:
        rows = [vars(item) for item in findings]
        print(json.dumps({'ready': not missing, 'missing': missing, 'findings': rows}))
        return 1 if missing else 0
    print(table(findings))
    print('not ready: ' + ', '.join(missing) if missing else 'ready')
    return 1 if missing else 0
