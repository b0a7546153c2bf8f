# SPDX-License-Identifier: Apache-2.0
"""`empathy models card ID`: what the manifest and the card say about one model.

Nothing is shown of a model that is not fully described: its licence, origin, measured figures with
data and date, and a card with the sections that a user needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
import re

from empathy_ros import models, paths
from empathy_ros.engines import voice_model
from empathy_ros.engines.onnx import ModelError
from empathy_ros.evaluation.common import BadInput
from empathy_ros.models import Model

DATE = re.compile(r'\b20\d\d-\d\d-\d\d\b|\b\d{1,2} [A-Z][a-z]+ 20\d\d\b')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models card`."""
    parser.add_argument('id', metavar='ID', help='model, as in `empathy models list`')


def main(args: argparse.Namespace) -> int:
    """Print facts and card; 0 = printed.

    Raises:
        BadInput: an unknown id.
        ModelError: the model is not fully described; the text says what is missing.
    """
    known = models.load_manifest()
    if args.id not in known:
        return _without_entry(args.id, known)
    model = known[args.id]
    missing = missing_facts(model)
    if missing:
        raise ModelError(
            f'{model.id} is not described well enough to be used: {"; ".join(missing)}. '
            'Add it to models/manifest.yaml or the card'
        )
    print('\n'.join(facts(model)))
    print()
    print(card_file(model).read_text(encoding='utf-8').strip())
    return 0


def _without_entry(name: str, known: Iterable[str]) -> int:
    """Print what is known of a voice trained here, or the card of a part without a network.

    Raises:
        BadInput: there is neither; names what there is.
    """
    cards = {f.stem: f for f in paths.share('models', 'manifest.yaml').parent.glob('cards/*.md')}
    own = models.models_folder() / f'{name}.npz'
    if name not in cards and (not name or not own.is_file()):
        there = ', '.join(dict.fromkeys((*known, *sorted(cards))))
        raise BadInput(f'no model is called {name}; there is {there}')
    if own.is_file():
        for key, value in voice_model.facts(own).items():
            if key != 'hashes':
                print(f'{key:16} {value}')
        print()
    if name in cards:
        print(cards[name].read_text(encoding='utf-8').strip())
    return 0


def card_file(model: Model) -> Path:
    """Return the path of a model's card; the manifest gives it below the package's share."""
    return paths.share('models', 'manifest.yaml').parent.parent / model.card


def missing_facts(model: Model) -> list[str]:
    """Return what is not known about a model and has to be; empty = all is there."""
    found = []
    if not model.source.origin:
        found.append('no source.origin: who made it, from which data')
    if not model.accuracy and not model.on_request:
        found.append('no figure under accuracy')
    for item in model.accuracy:
        if item.count < 1 or not DATE.fullmatch(str(item.date)):
            found.append(f'the figure "{item.metric}" has no count or no date')
    if not model.card:
        found.append('no card')
    elif not card_file(model).is_file():
        found.append(f'{model.card} does not exist')
    else:
        found += card_problems(card_file(model).read_text(encoding='utf-8'), model)
    return found


def card_problems(text: str, model: Model) -> list[str]:
    """Return what a card does not say about a model and has to."""
    found = []
    if model.id not in text:
        found.append(f'the card does not name {model.id}')
    if model.licence not in text:
        found.append(f'the card does not give the licence {model.licence}')
    if not DATE.search(text):
        found.append('the card has no date')
    headings = [line.lower() for line in text.split('\n') if line.startswith('#')]
    for wanted, words in (
        ('figures', ('figures', 'measured')),
        ('limits or failures', ('limits', 'fail', 'weakness')),
    ):
        if not any(word in line for line in headings for word in words):
            found.append(f'the card has no section on {wanted}')
    return found


def facts(model: Model) -> Iterator[str]:
    """Yield what the manifest says about a model, one line each."""
    source = model.source
    yield f'{model.id}: {model.role}'
    yield f'licence    {model.licence}'
    yield f'origin     {" ".join(source.origin.split())}'
    if source.kind == 'package':
        yield f'from       {source.package} {source.version}, {source.member}'
    elif source.kind == 'url':
        yield f'from       {source.url}'
    if model.terms:
        yield f'terms      {" ".join(model.terms.split())}'
    for name, digest in model.expected.items():
        yield f'sha256     {name} {digest}'
    for word, tensors in (('input', model.inputs), ('output', model.outputs)):
        for tensor in tensors:
            shape = 'x'.join('n' if d is None else str(d) for d in tensor.shape)
            yield f'{word:10} {tensor.name}: {shape or "one"} {tensor.dtype} {tensor.meaning}'
    for item in model.accuracy:
        data = f'{item.data} {item.split}'.strip()
        yield f'measured   {item.metric} {item.value}: {data}, {item.count}, {item.date}'
    if model.parity:
        parity = model.parity
        yield (
            f'parity     {parity.largest_difference} from {parity.against} on {parity.items} '
            f'inputs, {parity.date}'
        )
    able = model.is_onnx and model.tensorrt
    reason = model.tensorrt_reason or 'no ONNX network'
    yield f'TensorRT   {"exportable; not run here" if able else f"no: {reason}"}'
