# SPDX-License-Identifier: Apache-2.0
"""How clips are judged without ever scoring a speaker that the weights have heard."""

from __future__ import annotations

from collections.abc import Callable
import sys

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.voice import Hearing, VoiceAffect
from empathy_ros.core.voice_fit import (
    arousal_of,
    Examples,
    fit_head,
    folds_of,
)
from empathy_ros.core.voice_model import Reading, VoiceClassifier
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.scores import Answers
from empathy_ros.evaluation.voice_clips import Clips, examples_of
from empathy_ros.evaluation.voice_figures import Judged

BASELINES = ('none', 'speaker', 'neutral')
FOLDS = 6
LEAVE_ONE_OUT_UP_TO = 12
AROUSAL_FLOOR = 0.6
"""Confidence under which arousal of a classifier counts as not answered in the evaluation."""
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


def say(text: str) -> None:
    """Tell the user on stderr."""
    print(f'voice: {text}', file=sys.stderr, flush=True)


def fold_count(speakers: int) -> int:
    """Return one fold per speaker up to twelve speakers, six above."""
    return speakers if speakers <= LEAVE_ONE_OUT_UP_TO else FOLDS


def refitted(clips: Clips, names: tuple[str, ...], baseline: str) -> list[Reading | None]:
    """Return the reading of each clip by a head fitted to the other folds of speakers.

    None = too little speech.

    Raises:
        BadInput: fewer than three speakers: one is held out, and two are needed to fit.
    """
    data, usable = examples_of(clips, names)
    people = len(np.unique(data.speakers))
    if people < 3:
        raise BadInput(
            f'{clips.table}: {people} speakers with speech; at least three are needed: one to'
            ' judge and two to fit; or give other data by --train'
        )
    readings: list[Reading | None] = [None] * len(clips.items)
    places = np.flatnonzero(usable)
    folds = folds_of(data.speakers, fold_count(people))
    for number, held in enumerate(folds):
        say(f'fold {number + 1} of {len(folds)}: fitting to the other speakers')
        classifier = fitted(data.part(~held), baseline != 'none')
        found = read_with_baseline(classifier, data, clips.vectors[usable], held, baseline)
        for place, reading in zip(places[held], found, strict=True):
            readings[place] = reading
    return readings


def fitted(data: Examples, known_voice: bool) -> VoiceClassifier:
    """Return a classifier with the head for unknown and (known_voice) for known voices."""
    plain = fit_head(data, known_voice=False)
    known = fit_head(data, known_voice=True) if known_voice else None
    return VoiceClassifier(data.names, plain, known)


def read_with_baseline(
    classifier: VoiceClassifier, data: Examples, vectors: Floats, held: Bools, baseline: str
) -> list[Reading]:
    """Return the readings of the held clips against other clips of the same speaker.

    A speaker with fewer than three such clips is judged as an unknown voice.

    Args:
        classifier: Fitted to other speakers.
        data: Labels and speakers of all clips.
        vectors: Of the clips as they are judged, shape (n, FEATURES).
        held: Clips to judge, shape (n,).
        baseline: One of BASELINES.
    """
    if baseline == 'none':
        return classifier.read_all(vectors[held])
    allowed = np.ones(len(vectors), dtype=np.bool_)
    if baseline == 'neutral':
        calm = [i for i, name in enumerate(data.names) if name in ('neutral', 'calm')]
        allowed = np.isin(data.labels, calm)
    usual = usual_voices(vectors, data.speakers, allowed, without_self=True)
    return [classifier.read(vectors[i], usual[i]) for i in np.flatnonzero(held)]


def usual_voices(
    vectors: Floats, speakers: NDArray[np.int64], allowed: Bools, *, without_self: bool
) -> list[Floats | None]:
    """Return for each clip the mean vector of its speaker's allowed clips; None = too few.

    Args:
        vectors: Shape (n, FEATURES).
        speakers: Shape (n,).
        allowed: Clips that may be used, shape (n,).
        without_self: Leave the clip itself out.
    """
    result: list[Floats | None] = [None] * len(vectors)
    for speaker in np.unique(speakers):
        own = np.flatnonzero((speakers == speaker) & allowed)
        whole = vectors[own].mean(axis=0) if len(own) >= 3 else None
        for i in np.flatnonzero(speakers == speaker):
            rest = own[own != i] if without_self else own
            alone = len(rest) == len(own)
            result[i] = whole if alone else vectors[rest].mean(axis=0) if len(rest) >= 3 else None
    return result


def by_emotion(
    readings: list[Reading | None], clips: Clips, names: tuple[str, ...], labels: tuple[str, ...]
) -> Judged:
    """Return categories: the most likely of `names`, abstained under the floor.

    Args:
        readings: Of a classifier with `labels`.
        clips: The clips.
        names: Classes of the evaluation, each of which is a label of the classifier.
        labels: Labels of the classifier.
    """
    columns = [labels.index(name) for name in names]
    top, confidence, answered, reasons = [], [], [], []
    for reading in readings:
        if reading is None or not np.isfinite(reading.shares).all():
            top.append(-1), confidence.append(0.0), answered.append(False)
            reasons.append('too_short')
            continue
        shares = reading.shares[columns]
        shares = shares / max(float(shares.sum()), 1e-9)
        top.append(int(shares.argmax()))
        confidence.append(float(shares.max()))
        answered.append(bool(confidence[-1] >= reading.floor))
        reasons.append('' if answered[-1] else 'low_confidence')
    truth = [names.index(item.label) for item in clips.items]
    return Judged(_answers(truth, top, confidence, answered), tuple(reasons))


def by_arousal(readings: list[Reading | None], truth: list[int]) -> Judged:
    """Return low (0) or high (1) arousal of a classifier."""
    top, confidence, answered, reasons = [], [], [], []
    for reading in readings:
        if reading is None or not np.isfinite(reading.high):
            top.append(-1), confidence.append(0.0), answered.append(False)
            reasons.append('too_short')
            continue
        top.append(int(reading.high > 0.5))
        confidence.append(max(reading.high, 1.0 - reading.high))
        answered.append(confidence[-1] >= AROUSAL_FLOOR)
        reasons.append('' if answered[-1] else 'low_confidence')
    return Judged(_answers(truth, top, confidence, answered), tuple(reasons))


def by_prosody(clips: Clips, truth: list[int], baseline: str) -> Judged:
    """Return low (0) or high (1) arousal of the model without weights, as the node uses it."""
    top, confidence, answered, reasons = [], [], [], []
    usable = _baseline_clips(clips, baseline)
    for at, item in enumerate(clips.items):
        affect = VoiceAffect()
        for other, its in enumerate(clips.items):
            if usable(other) and other != at and its.groups['speaker'] == item.groups['speaker']:
                affect.learn('p', clips.prosody[other])
        hearing = Hearing(0, 'u', 'p', 1.0, clips.clipped[at])
        estimate = affect.estimate(clips.prosody[at], hearing)
        top.append(-1 if estimate.abstained else int(estimate.arousal > 0.0))
        confidence.append(estimate.confidence)
        answered.append(not estimate.abstained)
        reasons.append(estimate.reason)
    return Judged(_answers(truth, top, confidence, answered), tuple(reasons))


def _baseline_clips(clips: Clips, baseline: str) -> Callable[[int], bool]:
    if baseline == 'none':
        return lambda _at: False
    if baseline == 'speaker':
        return lambda _at: True
    return lambda at: clips.items[at].label in ('neutral', 'calm')


def sides_of(clips: Clips, names: tuple[str, ...]) -> list[int]:
    """Return 1 for high, 0 for low arousal, -1 for a label on neither side, per clip."""
    labels = np.array([names.index(item.label) for item in clips.items], dtype=np.int64)
    return [int(side) for side in arousal_of(names, labels)]


def _answers(
    truth: list[int], top: list[int], confidence: list[float], answered: list[bool]
) -> Answers:
    return Answers(
        np.array(truth, dtype=np.int64), np.array(top, dtype=np.int64),
        np.array(confidence, dtype=np.float64), np.array(answered, dtype=np.bool_),
    )  # fmt: skip
