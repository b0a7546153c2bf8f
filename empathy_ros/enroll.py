# SPDX-License-Identifier: Apache-2.0
"""`./empathy enroll`: enrol a person in the running graph, aloud or vouched for."""

from __future__ import annotations

import argparse
import getpass
import time

SCOPES = 'face, voice, text, memory, wellbeing, safety_listening, identity'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `enroll`."""
    parser.add_argument('--namespace', default='empathy', help='ROS namespace of the graph')
    parser.add_argument('--scopes', default='face,voice,text', help=f'to ask for: {SCOPES}')
    parser.add_argument('--needs', default='', help='hearing_loss, dementia, slow_speech')
    parser.add_argument(
        '--answers', choices=('ask', 'yes'), default='ask',
        help='ask aloud, or take "yes" as given (a lawful representative vouches for it)',
    )  # fmt: skip
    parser.add_argument('--pin', action='store_true', help='ask for a PIN to change it later')
    parser.add_argument('--seconds', type=float, default=120.0, help='longest wait [s]')


def main(args: argparse.Namespace) -> int:
    """Enrol; 0 = something was agreed to."""
    import rclpy

    from empathy_ros.client import EmpathyClient

    pin = getpass.getpass('PIN, 4 to 12 digits: ') if args.pin else ''
    rclpy.init(args=[])
    node = rclpy.create_node('empathy_enroll', namespace=args.namespace)
    client = EmpathyClient(node, '/' + args.namespace.strip('/'))
    future = client.enroll(
        scopes=_list(args.scopes), needs=_list(args.needs), answers=args.answers, pin=pin
    )
    end_s = time.monotonic() + args.seconds
    while not future.done() and time.monotonic() < end_s:
        rclpy.spin_once(node, timeout_sec=0.1)
    node.destroy_node()
    rclpy.try_shutdown()
    if not future.done() or future.exception() is not None:
        print(future.exception() or f'no answer within {args.seconds:g} s')
        return 1
    result = future.result()
    print(f'{result.person_id or "nobody"}: {", ".join(result.granted) or result.error_msg}')
    return 0 if result.granted else 1


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(',') if item.strip()]
