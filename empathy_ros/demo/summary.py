# SPDX-License-Identifier: Apache-2.0
"""The words at the end of a demo: what was perceived, decided, said and why."""

from __future__ import annotations

from collections import Counter
import statistics
from typing import Any

from empathy_ros.demo.timeline import Events, fused, of


def _faces(events: Events) -> list[str]:
    estimates = [e for _, d in of(events, 'face/affect') for e in d['estimates']]
    if not estimates:
        return ['faces: none estimated']
    shown = Counter(e['top_label'] for e in estimates if not e['abstained'])
    why = Counter(e['reason'] for e in estimates if e['abstained'])
    tracks = len({e['id'] for e in estimates})
    parts = [f'{label} {count}' for label, count in shown.most_common()]
    lines = [f'faces: {len(estimates)} estimates of {tracks} track(s): {", ".join(parts)}']
    if why:
        lines.append('  unknown: ' + ', '.join(f'{k} {n}' for k, n in why.most_common()))
    return lines


def _affect(events: Events) -> list[str]:
    """Return the fused estimate in spans of the same answer, shorter than 1 s left out."""
    lines, start, last, end = [], 0.0, None, 0.0
    for t, data in [*fused(events), (float('inf'), None)]:
        answer = None
        if data is not None:
            known = f'seems {data["top_basic"]}'
            answer = f'unknown ({data["reason"]})' if data['abstained'] else known
        if answer != last:
            if last is not None and end - start >= 1.0:
                lines.append(f'  {start:6.1f} .. {end:5.1f} s  {last}')
            start, last = t, answer
        end = t
    return ['fused affect over time (an estimate of expression, no fact):', *lines]


def _talk(events: Events) -> list[str]:
    rows: list[tuple[float, str]] = []
    for t, d in of(events, 'utterance'):
        if d['is_final']:
            rows.append((t, f'  {t:6.1f} s  person: {d["text"]}'))
    for t, d in of(events, 'behaviour/directive'):
        words = d['text'] or '(silent)'
        why = f' [{" ".join(d["acts"])}; {d["rationale"]}]'
        flags = f' checker: {", ".join(d["guard_flags"])}' if d['guard_flags'] else ''
        rows.append((t, f'  {t:6.1f} s  robot:  {words}\n            {d["source"]}{why}{flags}'))
    return ['what was said, and why:', *(text for _, text in sorted(rows))]


def answer_times_s(events: Events) -> list[float]:
    """Return per answered turn the time from the final transcript to the first word."""
    heard = {d['turn_id']: t for t, d in of(events, 'utterance') if d['is_final'] and d['turn_id']}
    turn_of = {d['id']: d['turn_id'] for _, d in of(events, 'behaviour/directive') if d['text']}
    times = []
    for _, outcome in of(events, 'behaviour/outcome'):
        turn = turn_of.get(outcome['directive_id'], '')
        if turn in heard and outcome['executed'] and outcome['executor'] == 'speech_output':
            spoken = [
                t for t, d in of(events, 'speaking') if d['data'] and t >= heard[turn] - 0.05
            ]
            if spoken:
                times.append(spoken[0] - heard.pop(turn))
    return times


def _health(events: Events) -> list[str]:
    latest: dict[str, dict[str, Any]] = {d['name']: d for _, d in of(events, 'diagnostics')}
    bad = [f'  {n}: {d["message"]}' for n, d in sorted(latest.items()) if d['level'] >= 2]
    return ['health: every node reports well' if not bad else 'health: errors at the end:', *bad]


def text(events: Events, played: list[str]) -> str:
    """Return the summary of a recording; `played` names what the person's side was made of."""
    times = answer_times_s(events)
    speed = (
        f'from the final transcript to the first word: median {statistics.median(times):.2f} s, '
        f'{len(times)} answers'
        if times
        else 'no spoken answer was timed'
    )
    alerts = [d['kind'] for _, d in of(events, 'alerts')]
    return '\n'.join(
        [
            'played: ' + '; '.join(played),
            *_faces(events),
            *_affect(events),
            *_talk(events),
            'alerts: ' + (', '.join(alerts) or 'none'),
            speed,
            *_health(events),
        ]
    )
