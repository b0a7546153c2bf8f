# SPDX-License-Identifier: Apache-2.0
"""The text models of the model manifest by their ids: for the node and the evaluation."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from empathy_ros import models
from empathy_ros.core.text import TextModel
from empathy_ros.core.text_blend import BlendedText
from empathy_ros.core.text_linear import LinearText
from empathy_ros.engines import text_linear
from empathy_ros.engines.onnx import ModelError, OnnxModel
from empathy_ros.engines.providers import Runtime
from empathy_ros.engines.text_encoder import EncoderFacts, EncoderText, read_facts

ENCODER = 'text_encoder'
LINEAR = text_linear.LINEAR


def load(model_id: str = ENCODER, runtime: Runtime | None = None) -> TextModel:
    """Return a text model of the manifest.

    Args:
        model_id: An entry with the role text_affect.
        runtime: Where the encoder runs; the linear model needs none.

    Raises:
        ModelError: Unknown, of another role, missing, or another hash than the manifest says.
    """
    entry = models.get(model_id)
    if entry.role != 'text_affect':
        raise ModelError(f'{model_id} has the role {entry.role}, needed is text_affect')
    return load_file(entry, models.find_model(entry), runtime)


def load_file(entry: models.Model, file: Path, runtime: Runtime | None = None) -> TextModel:
    """Return the text model in a file or folder that need not be the shipped one.

    Args:
        entry: The manifest entry whose form it has.
        file: The file, or the folder with model.onnx, tokenizer.json and decision.json.
        runtime: Where the encoder runs.

    Raises:
        ModelError: Not a model of that form.
    """
    if not entry.files:
        return LinearText(text_linear.load(file, sha256='', model_id=entry.id))
    encoder, facts = load_encoder(entry, file, runtime)
    if not facts.blend:
        return encoder
    ((partner, weight),) = facts.blend.items()
    return BlendedText(encoder, load(partner), weight, facts.decision)


def load_encoder(
    entry: models.Model, folder: Path, runtime: Runtime | None = None
) -> tuple[EncoderText, EncoderFacts]:
    """Return the encoder in a folder by itself, and what its decision.json says.

    Raises:
        ModelError: Not a model of that form.
    """
    network = OnnxModel(
        folder / 'model.onnx',
        inputs={tensor.name: tensor.shape for tensor in entry.inputs},
        outputs=[tensor.name for tensor in entry.outputs],
        runtime=runtime,
        profile=entry.profile,
    )
    tokenizer = _tokenizer(folder / 'tokenizer.json')
    facts = read_facts(folder / 'decision.json', entry.id, network.short_hash)
    return EncoderText(network, tokenizer, facts.curve, facts.decision), facts


def _tokenizer(file: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # The library raises bare Exception.
        raise ModelError(f'{file}: not usable ({error})') from error
