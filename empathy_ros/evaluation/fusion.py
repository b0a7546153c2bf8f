# SPDX-License-Identifier: Apache-2.0
"""`empathy eval fusion`: is face and voice together better than the better of the two?

Five ways of answering are compared on the same clips: what the face says and what the voice says
as they are (`face`, `voice`), each after its reliability table (`face_learned`, `voice_learned`),
and both together (`fused`). The gain is taken against the best of the four single ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core import fusion, reliability
from empathy_ros.core.fusion_pool import conflict, softmax
from empathy_ros.core.reliability import ReliabilityTable
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.types import Modality
from empathy_ros.evaluation.common import BadInput, Progress
from empathy_ros.evaluation.fusion_crema import read
from empathy_ros.evaluation.fusion_data import Channel, CHANNELS, Clips
from empathy_ros.evaluation.fusion_figures import (
    Arm,
    by_group,
    confusion,
    figures,
    per_class,
)
from empathy_ros.evaluation.fusion_fit import fit, folds_by_person, Heard
from empathy_ros.evaluation.scores import number

FloatArray = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOLDS = 7
INNER_FOLDS = 6
SEED = 20261125
# Answers that must not be given to some people more often than to others.
GLOOMY = ('sadness', 'anger')


@dataclass(frozen=True)
class Pooled:
    """Log evidence of each channel and the fused distribution, over the k classes of the file.

    Attributes:
        logs: Weighted log evidence per channel, shape (n, k), 0 where it did not answer.
        prior: Shape (k,).
        fused: Shape (n, k).
    """

    logs: Mapping[Modality, FloatArray]
    prior: FloatArray
    fused: FloatArray


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `empathy eval fusion`."""
    parser.add_argument(
        '--data', type=Path, required=True, metavar='FILE.csv',
        help='columns face_CLASS, voice_CLASS, label; or summaryTable.csv of CREMA-D',
    )  # fmt: skip
    parser.add_argument(
        '--reliability', choices=('auto', 'shipped', 'refit'), default='auto',
        help='shipped: the tables of this version; refit: tables fitted on the other people of '
        'the file, fold by fold; auto: refit for CREMA-D, which the shipped ones come from',
    )  # fmt: skip
    parser.add_argument(
        '--prior', choices=('even', 'home'), default='even',
        help='share of each class before the evidence: all alike, or as the robot assumes',
    )  # fmt: skip
    parser.add_argument(
        '--ignore-level', action='store_true',
        help='judge without the rated levels, which nobody tells a robot',
    )  # fmt: skip


def run(args: argparse.Namespace) -> dict[str, object]:
    """Evaluate and return the JSON object.

    Raises:
        BadInput: The file cannot be used (text names file and row).
    """
    clips = read(args.data)
    refit = args.reliability == 'refit' or (args.reliability == 'auto' and clips.form == 'crema_d')
    logs = (refitted_logs if refit else shipped_logs)(clips, not args.ignore_level)
    pooled = pool_all(clips, logs, prior_of(clips.classes, args.prior))
    arms = arms_of(clips, pooled)
    answered = answered_clips(clips, pooled)
    gloomy = [i for i, name in enumerate(clips.classes) if name in GLOOMY]
    right = arms['fused'].given()[np.arange(len(clips.truth)), clips.truth]
    return {
        'task': 'fusion',
        'data': str(args.data),
        'form': clips.form,
        'reliability': f'refit, {FOLDS} folds by person' if refit else 'shipped',
        'prior': args.prior,
        'levels_used': not args.ignore_level,
        'n': len(clips.truth),
        'classes': list(clips.classes),
        **figures(arms, clips.truth, clips.speaker),
        'abstain_rate': number(1.0 - float(answered.mean())),
        'accuracy_when_answering': number(
            float(right[answered].mean()) if answered.any() else math.nan
        ),
        'per_class': per_class(arms, clips.truth, clips.classes),
        'confusion': confusion(arms['fused'], clips.truth, clips.classes),
        'groups': {
            name: by_group(arms, clips.truth, clips.speaker, values, gloomy)
            for name, values in clips.groups.items()
        },
    }


def prior_of(classes: Sequence[str], kind: str) -> FloatArray:
    """Return the share of each class of the file before the evidence, shape (k,)."""
    neutral = fusion.FusionConfig().neutral_prior
    prior = fusion.home_prior(neutral)[[BASIC8.index(name) for name in classes]]
    if kind == 'even':
        prior = np.ones(len(classes))
    return np.asarray(prior / prior.sum())


def table_logs(
    table: ReliabilityTable, channel: Channel, columns: Sequence[int], use_level: bool
) -> FloatArray:
    """Return log evidence times quality, shape (n, len(columns)).

    Args:
        table: Over k classes.
        channel: Shares over the classes that `columns` name.
        columns: Position of each class of the file in the table.
        use_level: Whether the rated level counts.
    """
    n, k = len(channel.level), len(table.weight)
    shares = np.full((n, k), math.nan)
    shares[:, columns] = channel.shares
    silent = np.isnan(shares).all(axis=1)
    shares[silent] = 1.0 / k
    level = channel.level if use_level else np.full(n, math.nan)
    logs = table.log_evidence(shares, level) * channel.quality[:, None]
    logs[silent] = 0.0
    return np.asarray(logs[:, columns])


def shipped_logs(clips: Clips, use_level: bool = True) -> dict[Modality, FloatArray]:
    """Return the log evidence by the tables of this version."""
    columns = [BASIC8.index(name) for name in clips.classes]
    return {
        m: table_logs(reliability.TABLES[m], clips.channels[m], columns, use_level)
        for m in CHANNELS
    }


def refitted_logs(clips: Clips, use_level: bool = True) -> dict[Modality, FloatArray]:
    """Return the log evidence of each clip by tables that never saw the person in it.

    Raises:
        BadInput: No speakers, too few of them, no levels, or missing answers.
    """
    people = len(set(clips.speaker) - {''})
    if people < FOLDS or '' in clips.speaker:
        raise BadInput(
            f'{clips.path}: fitting needs a speaker in every row and at least {FOLDS} speakers;'
            f' there are {people}; use --reliability shipped'
        )
    heard = []
    for m in CHANNELS:
        channel = clips.channels[m]
        if np.isnan(channel.level).any() or np.isnan(channel.shares).any():
            raise BadInput(
                f'{clips.path}: fitting needs {m.value}_level and all {m.value}_ columns in every'
                ' row; use --reliability shipped'
            )
        heard.append(Heard(channel.shares, channel.level))
    fold = folds_by_person(clips.speaker, FOLDS, SEED)
    columns = range(len(clips.classes))
    logs = {m: np.zeros_like(clips.channels[m].shares) for m in CHANNELS}
    progress = Progress('folds', FOLDS)
    for number_ in range(FOLDS):
        inside = fold == number_
        speakers = [s for s, out in zip(clips.speaker, ~inside, strict=True) if out]
        inner = folds_by_person(speakers, INNER_FOLDS, SEED)
        tables = fit([h.where(~inside) for h in heard], clips.truth[~inside], inner)
        for m, table in zip(CHANNELS, tables, strict=True):
            c = clips.channels[m]
            part = Channel(c.shares[inside], c.level[inside], c.quality[inside])
            logs[m][inside] = table_logs(table, part, list(columns), use_level)
        progress.step(number_ + 1)
    return logs


def pool_all(clips: Clips, logs: Mapping[Modality, FloatArray], prior: FloatArray) -> Pooled:
    """Return the fused distribution of every clip."""
    return Pooled(logs, prior, softmax(sum(logs[m] for m in CHANNELS), prior))  # type: ignore[arg-type]


def arms_of(clips: Clips, pooled: Pooled) -> dict[str, Arm]:
    """Return the five ways of answering."""
    arms = {m.value: Arm(clips.channels[m].shares) for m in CHANNELS}
    for m in CHANNELS:
        alone = softmax(pooled.logs[m], pooled.prior)
        alone[np.isnan(clips.channels[m].shares).all(axis=1)] = math.nan
        arms[f'{m.value}_learned'] = Arm(alone)
    return {**arms, 'fused': Arm(pooled.fused)}


def answered_clips(clips: Clips, pooled: Pooled) -> Bools:
    """Return where the robot would answer: sure enough, no conflict, a class that was named."""
    config = fusion.FusionConfig()
    channels = [clips.channels[m] for m in CHANNELS]
    heard = np.stack([~np.isnan(c.shares).all(axis=1) for c in channels])
    even = np.ones(len(clips.classes))
    alone = [softmax(pooled.logs[m], even) for m in CHANNELS]
    top = pooled.fused.argmax(axis=1)
    answered = pooled.fused.max(axis=1) >= config.min_confidence
    named = np.zeros(len(top), dtype=np.bool_)
    for c in channels:
        flat = 1.0 / np.maximum(np.sum(~np.isnan(c.shares), axis=1), 1)
        named |= np.nan_to_num(c.shares[np.arange(len(top)), top]) > flat
    for i in np.flatnonzero(answered & heard.all(axis=0)):
        apart = conflict([c.quality[i] for c in channels], [a[i] for a in alone])
        answered[i] = apart <= config.max_conflict
    return np.asarray(answered & named)
