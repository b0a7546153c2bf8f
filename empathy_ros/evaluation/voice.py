# SPDX-License-Identifier: Apache-2.0
"""`empathy eval voice`: how well arousal or categories are read from the clips of a data folder.

No figure is ever in-sample. `--model recipe` fits our classifier again for each fold of speakers;
a model of `empathy models train voice` that has heard a clip of the folder is refused; `--train`
fits to one folder and judges another.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.core.voice import MODEL_ID
from empathy_ros.core.voice_model import CALM, Reading, VOICE_LABELS, VoiceClassifier
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation import voice_protocol as protocol
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import canonical_label, DataFolder, Item
from empathy_ros.evaluation.voice_clips import Clips, examples_of, read_clips
from empathy_ros.evaluation.voice_degrade import DEGRADATIONS
from empathy_ros.evaluation.voice_figures import figures_of, Judged

RECIPE = 'recipe'
TASKS = ('emotion', 'arousal')
SIDES = ((0, 'low'), (1, 'high'))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of `empathy eval voice`."""
    add = parser.add_argument
    add('--data', type=Path, required=True, help='folder with labels.csv and the sound')
    add('--task', choices=TASKS, default='emotion',
        help='categories, or high against low arousal [%(default)s]')  # fmt: skip
    add('--baseline', choices=protocol.BASELINES, default='none',
        help="what is known of a voice: nothing, the speaker's other clips, or only the neutral "
        'ones of these [%(default)s]')  # fmt: skip
    add('--model', default='',
        help='prosody (arousal without weights), recipe (fitted to the other speakers), or id or '
        'path of a trained model [prosody for arousal, recipe for emotion]')  # fmt: skip
    add('--train', type=Path, metavar='DIR', help='fit the recipe to this folder instead')
    add('--classes', default='', help='comma-separated; restrict to these classes')
    add('--degrade', choices=('none', *DEGRADATIONS), default='none',
        help='damage each clip in a fixed way first')  # fmt: skip
    add('--accept-noncommercial', action='store_true',
        help='agree to the non-commercial terms of a model')  # fmt: skip


def run(args: argparse.Namespace) -> dict[str, object]:
    """Measure and return the figures; see voice_figures.figures_of.

    Raises:
        BadInput: The data, the classes or the model cannot be used.
    """
    model = args.model or ('prosody' if args.task == 'arousal' and not args.train else RECIPE)
    if model == 'prosody' and args.task == 'emotion':
        raise BadInput('--model prosody gives arousal only; use --task arousal or another model')
    if args.train and model != RECIPE:
        raise BadInput('--train fits the recipe; leave --model out')
    classifier = None if model in ('prosody', RECIPE) else _load(model, args.accept_noncommercial)
    folder, items, names = chosen_items(args.data, args.classes, args.baseline != 'none')
    left_out = len(folder.items) - len(items)
    if classifier is not None:
        items, names, calm_left = _known_to(classifier, items, names)
        left_out += calm_left
    if args.task == 'arousal':
        sided = [item for item in items if _has_side(item.label)]
        left_out, items = left_out + len(items) - len(sided), sided
    if not items:
        raise BadInput(f'{folder.table}: no row with a class that can be judged')
    refit = model == RECIPE and not args.train
    clips = read_clips(folder, items, copies=refit, damage=args.degrade)
    how, judged = _judge(args, model, classifier, clips, names)
    classes = list(enumerate(names)) if args.task == 'emotion' else list(SIDES)
    return how | {
        'data': str(args.data), 'baseline': args.baseline, 'degrade': args.degrade,
        'seconds': round(clips.seconds, 1), 'n_left_out': left_out,
    } | figures_of(judged, clips.items, classes)  # fmt: skip


def chosen_items(
    path: Path, classes: str, needs_speaker: bool
) -> tuple[DataFolder, list[Item], tuple[str, ...]]:
    """Return the folder, its rows of the chosen classes, and these classes.

    Calm is a class of its own where neutral is one, too, and counts as neutral otherwise.

    Raises:
        BadInput: see DataFolder; an unknown class; or no column speaker where it is needed.
    """
    folder = DataFolder(path, VOICE_LABELS)
    if needs_speaker and 'speaker' not in folder.columns:
        raise BadInput(f'{folder.table}: has no column speaker, which --baseline needs')
    present = {item.label for item in folder.items}
    if classes.strip():
        try:
            present = {canonical_label(word, VOICE_LABELS) for word in classes.split(',')} - {''}
        except ValueError as error:
            raise BadInput(f'--classes: {error}') from error
    if CALM in present and 'neutral' not in present:
        present = present - {CALM} | {'neutral'}
    own_calm = CALM in present
    items = [
        item if own_calm or item.label != CALM else replace(item, label='neutral')
        for item in folder.items
    ]
    items = [item for item in items if item.label in present]
    occurring = {item.label for item in items}
    names = tuple(label for label in VOICE_LABELS if label in occurring)
    if len(names) < 2:
        raise BadInput(f'{folder.table}: at least two classes are needed, found {len(names)}')
    return folder, items, names


def _load(name: str, accept: bool) -> VoiceClassifier:
    try:
        return voice_model.load(voice_model.find(name), accept_noncommercial=accept)
    except ModelError as error:
        raise BadInput(str(error)) from error


def _known_to(
    classifier: VoiceClassifier, items: list[Item], names: tuple[str, ...]
) -> tuple[list[Item], tuple[str, ...], int]:
    """Return the rows whose class the model knows, these classes, and how many rows are left."""
    if CALM not in classifier.labels:
        items = [replace(item, label='neutral') if item.label == CALM else item for item in items]
    kept = [item for item in items if item.label in classifier.labels]
    occurring = {item.label for item in kept}
    return kept, tuple(n for n in names if n in occurring), len(items) - len(kept)


def _has_side(label: str) -> bool:
    return label not in ('disgust', 'contempt') and label in (*BASIC8.labels, CALM)


def _judge(
    args: argparse.Namespace,
    model: str,
    classifier: VoiceClassifier | None,
    clips: Clips,
    names: tuple[str, ...],
) -> tuple[dict[str, object], Judged]:
    """Return how it was measured, and what was said about each clip."""
    how: dict[str, object] = {'task': args.task, 'in_sample': False}
    if model == 'prosody':
        judged = protocol.by_prosody(clips, protocol.sides_of(clips, names), args.baseline)
        return how | {'protocol': 'no weights', 'model': {'id': MODEL_ID}}, judged
    readings: list[Reading | None]
    labels = names
    if args.train:
        classifier = _fitted_elsewhere(args, clips)
    if classifier is None:
        readings = protocol.refitted(clips, names, args.baseline)
        how |= {'protocol': 'fitted again for each fold of speakers', 'model': {'id': RECIPE}}
    else:
        _refuse_heard(classifier, clips)
        labels = classifier.labels
        readings = _read(classifier, clips, names, args.baseline)
        how['protocol'] = 'fitted to other data'
        how['model'] = {
            'id': classifier.model_id, 'hash': classifier.model_hash,
            'licence': classifier.licence, 'trained_on': classifier.facts.get('trained_on', ''),
        }  # fmt: skip
    if args.task == 'arousal':
        return how, protocol.by_arousal(readings, protocol.sides_of(clips, names))
    return how, protocol.by_emotion(readings, clips, names, labels)


def _fitted_elsewhere(args: argparse.Namespace, clips: Clips) -> VoiceClassifier:
    folder, items, names = chosen_items(args.train, '', True)
    missing = {item.label for item in clips.items} - set(names)
    if args.task == 'emotion' and missing:
        raise BadInput(
            f'{folder.table}: has no {", ".join(sorted(missing))}; restrict with --classes'
        )
    heard = read_clips(folder, items, copies=True)
    data, _ = examples_of(heard, names)
    protocol.say(f'fitting to {len(data.labels)} clips of {args.train}')
    told = {'hashes': [digest[:16] for digest in heard.hashes], 'trained_on': str(args.train)}
    return replace(
        protocol.fitted(data, args.baseline != 'none'), model_id=RECIPE, facts=dict(told)
    )


def _refuse_heard(classifier: VoiceClassifier, clips: Clips) -> None:
    """Raise BadInput when a clip was among the training data."""
    known = classifier.facts.get('hashes')
    heard = set(known) if isinstance(known, list) else set()
    for item, digest in zip(clips.items, clips.hashes, strict=True):
        if digest[:16] in heard:
            raise BadInput(
                f'{clips.table} row {item.row} ({item.file}): the model was trained on this clip;'
                ' a figure on it says nothing. Use --model recipe, which leaves the speaker out'
            )


def _read(
    classifier: VoiceClassifier, clips: Clips, names: tuple[str, ...], baseline: str
) -> list[Reading | None]:
    if baseline == 'none':
        return list(classifier.read_all(clips.vectors))
    data, usable = examples_of(clips, names)
    found = iter(
        protocol.read_with_baseline(
            classifier, data, clips.vectors[usable], usable[usable], baseline
        )
    )
    return [next(found) if there else None for there in usable]
