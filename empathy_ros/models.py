# SPDX-License-Identifier: Apache-2.0
"""The models the package knows: what models/manifest.yaml says, and files that match it.

The manifest is the only source of facts about a model. `find` hands out a file only if its
sha256 is the one in the manifest; nothing is ever downloaded here (see models_fetch).
"""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import os
from pathlib import Path

import yaml

from empathy_ros import paths
from empathy_ros.engines.onnx import ModelError
from empathy_ros.models_facts import Model as Model
from empathy_ros.models_manifest import parse


def load_manifest(file: Path | None = None) -> dict[str, Model]:
    """Read the manifest; models by id, in its order.

    Args:
        file: A manifest; None = the one of the package.

    Raises:
        ModelError: unreadable, or an entry with a missing, unknown or malformed key.
    """
    try:
        file = file or paths.share('models', 'manifest.yaml')
        content = yaml.safe_load(file.read_text(encoding='utf-8'))
    except (OSError, yaml.YAMLError) as error:
        raise ModelError(f'the model manifest cannot be read: {error}') from error
    return parse(content, str(file))


def models_folder() -> Path:
    """Return where fetched models lie: $EMPATHY_MODELS, checkout or the user's data folder."""
    chosen = os.environ.get('EMPATHY_MODELS')
    if chosen:
        return Path(chosen)
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / 'empathy').is_file() and (checkout / 'models' / 'manifest.yaml').is_file():
        return checkout / '.empathy' / 'models'
    return paths.state_dir() / 'models'


def folder_of(model: Model) -> Path:
    """Return the folder that holds (or will hold) the file of `model`."""
    if model.source.kind == 'repository':
        return paths.share('models', 'manifest.yaml').parent
    return models_folder()


def find(model_id: str) -> Path:
    """Return the file or folder of a model, after its hash was checked.

    Raises:
        ModelError: unknown id, file missing, or another sha256 than the manifest says.
    """
    return find_model(get(model_id))


def get(model_id: str) -> Model:
    """Return the manifest's entry for `model_id`; ModelError if there is none."""
    models = load_manifest()
    if model_id not in models:
        raise ModelError(
            f'no model is called {model_id}; models/manifest.yaml has {", ".join(models)}'
        )
    return models[model_id]


def find_model(model: Model, folder: Path | None = None) -> Path:
    """Return the path of `model` below `folder` (None = where it belongs), hash checked."""
    folder = folder or folder_of(model)
    for name, expected in model.expected.items():
        file = folder / name
        found = file_sha256(file, model)
        if found != expected:
            raise ModelError(f'{file}: sha256 is {found}, expected {expected}; {_cure(model)}')
    return folder / model.file


def find_network(model: Model) -> Path:
    """Return the ONNX file of a model, hashes checked; ModelError if it is no network."""
    if not model.network:
        raise ModelError(f'{model.id}: {model.file} is no ONNX network')
    find_model(model)
    return folder_of(model) / model.network


def file_sha256(file: Path, model: Model) -> str:
    """Return the sha256 of a file, hexadecimal; ModelError if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with file.open('rb') as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        reason = error.strerror or 'cannot be read'
        raise ModelError(f'{file}: {reason}; {_cure(model)}') from error
    return digest.hexdigest()


def verify(models: Mapping[str, Model] | None = None) -> dict[str, str]:
    """Check every model; id to '' when it is there and right, else what is wrong and the cure."""
    result = {}
    for model in (load_manifest() if models is None else models).values():
        try:
            find_model(model)
            result[model.id] = ''
        except ModelError as error:
            result[model.id] = str(error)
    return result


def _cure(model: Model) -> str:
    if model.source.kind == 'repository':
        return f'restore it: git checkout -- models/{model.file}'
    if model.on_request:
        return f'fetch it: empathy models fetch {model.id} ({model.licence})'
    if models_folder().parent.name == '.empathy':
        return 'run ./empathy setup'
    return 'run `ros2 run empathy_ros empathy models fetch`'
