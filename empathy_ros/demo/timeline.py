# SPDX-License-Identifier: Apache-2.0
"""Draws the timeline of a recording: words, fused affect, classes, consent and sensing."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use('Agg')
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
import numpy as np

from empathy_ros.core.taxonomy import BASIC8

Events = list[dict[str, Any]]
PERSON, ROBOT = '#1b6ca8', '#b5541c'
COLOURS = dict(
    zip(
        BASIC8.labels,
        ('#9aa5b1', '#e0b02e', '#e07b2e', '#3b6fb0', '#c0392b', '#6b8e23', '#7d5ba6', '#8c6d5a'),
        strict=True,
    )
)


def of(events: Events, topic: str) -> list[tuple[float, Any]]:
    """Return (seconds, data) of all events of a topic."""
    return [(event['t'], event['data']) for event in events if event['topic'] == topic]


def fused(events: Events) -> list[tuple[float, dict[str, Any]]]:
    """Return (seconds, fused estimate of the first person)."""
    return [(t, d['persons'][0]) for t, d in of(events, 'persons/affect') if d['persons']]


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _words(axes: Axes, events: Events) -> None:
    """Speech as bars with the words; the robot's bar lasts as long as it was speaking."""
    axes.set_ylim(-0.7, 1.7)
    axes.set_yticks([0, 1], ['robot', 'person'])
    spans, since = [], None
    for t, data in of(events, 'speaking'):
        if data['data'] and since is None:
            since = t
        elif not data['data'] and since is not None:
            spans.append((since, t - since))
            since = None
    if since is not None:
        spans.append((since, events[-1]['t'] - since))
    axes.broken_barh(spans, (-0.1, 0.2), color=ROBOT)
    for t, data in of(events, 'utterance'):
        if data['is_final']:
            axes.plot([t], [1], 'o', color=PERSON)
            axes.annotate(
                _short(data['text']), (t, 1), (0, 6), textcoords='offset points', fontsize=7,
                color=PERSON, rotation=12,
            )  # fmt: skip
    for t, data in of(events, 'behaviour/directive'):
        if data['text']:
            axes.annotate(
                _short(data['text']), (t, 0), (0, -14), textcoords='offset points', fontsize=7,
                color=ROBOT, rotation=-12, va='top',
            )  # fmt: skip


def _short(text: str, longest: int = 44) -> str:
    return text if len(text) <= longest else text[: longest - 1] + '…'


def _dimensions(axes: Axes, events: Events) -> None:
    rows = fused(events)
    times = [t for t, _ in rows]
    for key, colour in (('valence', '#2e8b57'), ('arousal', '#a0522d')):
        axes.plot(times, [_number(d[key]) for _, d in rows], label=key, color=colour)
    axes.axhline(0, color='#cccccc', linewidth=0.8)
    axes.set_ylim(-1.05, 1.05)
    axes.legend(loc='center left', bbox_to_anchor=(1.0, 0.5), fontsize=7)
    axes.set_ylabel('fused')


def _classes(axes: Axes, events: Events) -> None:
    """Shares of the basic classes; grey hatching where the answer is "unknown"."""
    rows = fused(events)
    if rows:
        times = [t for t, _ in rows]
        shares = np.array([d['basic'] or [math.nan] * len(BASIC8) for _, d in rows], dtype=float)
        axes.stackplot(
            times, np.nan_to_num(shares.T), colors=list(COLOURS.values()),
            labels=list(COLOURS), alpha=0.85,
        )  # fmt: skip
        unknown = np.array([d['abstained'] for _, d in rows])
        axes.fill_between(
            times, 0, 1, where=unknown.tolist(), color='white', alpha=0.75, hatch='//',
            edgecolor='#888888', linewidth=0, label='unknown',
        )  # fmt: skip
        axes.legend(loc='center left', bbox_to_anchor=(1.0, 0.5), fontsize=7)
    axes.set_ylim(0, 1)
    axes.set_ylabel('basic classes')


def _sensing(axes: Axes, events: Events, end_s: float) -> None:
    """One line per modality: consent as a thin bar, estimates as dots, refusals as crosses."""
    names = ('face', 'voice', 'text')
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    consent = of(events, 'consent')
    for row, name in enumerate(names):
        for (t, data), after in zip(consent, [*consent[1:], (end_s, None)], strict=True):
            if any(name in state['granted'] for state in data['states']):
                axes.broken_barh([(t, after[0] - t)], (row - 0.3, 0.6), color='#d7ecd9')
        taken = of(events, f'{name}/affect')
        for kind, marker, colour in ((False, '.', '#1e7b34'), (True, 'x', '#999999')):
            at = [t for t, d in taken for e in d['estimates'] if e['abstained'] is kind]
            axes.plot(at, [row] * len(at), marker, color=colour, markersize=4)
    for t, data in of(events, 'alerts'):
        axes.axvline(t, color='#c0392b', linewidth=1.2)
        axes.annotate(data['kind'], (t, 2.3), fontsize=7, color='#c0392b')
    axes.set_ylabel('consent, estimates')
    axes.set_xlabel('seconds   (green = agreed to, dot = estimate, cross = unknown)')


def draw(events: Events, path: Path) -> None:
    """Write the timeline of `events` as a PNG."""
    end_s = events[-1]['t'] if events else 1.0
    figure, rows = plt.subplots(
        4, 1, figsize=(16, 10), sharex=True, height_ratios=(2.2, 1.3, 1.6, 1.2)
    )
    _words(rows[0], events)
    _dimensions(rows[1], events)
    _classes(rows[2], events)
    _sensing(rows[3], events, end_s)
    rows[0].set_xlim(0, end_s)
    rows[0].set_title(
        'What was said, and what the estimated expression was. An estimate, no fact.'
    )
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
