# SPDX-License-Identifier: Apache-2.0
"""What models/manifest.yaml may say, as frozen dataclasses; other keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, MISSING
from typing import Any

from empathy_ros.engines.onnx import ModelError
from empathy_ros.engines.providers import BATCH_PROFILE, Profile

KINDS = ('repository', 'package', 'url')
CONVERSIONS = ('none', 'tflite2onnx')


@dataclass(frozen=True)
class Tensor:
    """One input or output.

    Attributes:
        name: Name in the file.
        shape: Sizes; None = open.
        dtype: NumPy name of the element type.
        layout: Meaning of the axes, for example NCHW.
        range: Least and greatest value expected; empty = any.
        colour: rgb, bgr or grey for pictures, else empty.
        meaning: What it holds, with units.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str = 'float32'
    layout: str = ''
    range: tuple[float, ...] = ()
    colour: str = ''
    meaning: str = ''


@dataclass(frozen=True)
class Source:
    """Where the file comes from.

    Attributes:
        kind: repository = committed beside the manifest, package = a file inside a pinned package
            of the Python index, url = the user fetches it.
        package: Package name, version and the sha256 of its wheel.
        version: Exact version.
        sha256: Hash of the wheel (package) or of the download (url).
        member: File or folder inside the wheel.
        member_sha256: Hash of that file before conversion; empty where nothing is converted.
        convert: none or tflite2onnx.
        url: Address, for url.
        origin: Who made the model and from what, in words.
    """

    kind: str
    package: str = ''
    version: str = ''
    sha256: str = ''
    member: str = ''
    member_sha256: str = ''
    convert: str = 'none'
    url: str = ''
    origin: str = ''


@dataclass(frozen=True)
class Accuracy:
    """One measured figure: on which data, how many items, when."""

    data: str
    count: int
    metric: str
    value: float
    date: str
    split: str = ''
    note: str = ''


@dataclass(frozen=True)
class Parity:
    """How far the file is from the network that was trained, measured when it was exported.

    Attributes:
        against: The other side: PyTorch, the TFLite original, ...
        largest_difference: Greatest absolute difference of an output.
        items: How many inputs were compared.
        date: When, YYYY-MM-DD.
        note: What else has to be known.
    """

    against: str
    largest_difference: float
    items: int
    date: str
    note: str = ''


@dataclass(frozen=True)
class Model:
    """One entry of the manifest.

    Attributes:
        id: Name by which code asks for it.
        role: What it is for: face_detection, expression, voice_activity, speech_text, text_affect.
        file: File or folder name below the models folder.
        licence: SPDX identifier of the weights.
        source: Where it comes from.
        sha256: Hash of the file; empty for a folder.
        files: For a folder: file name to sha256, the complete list.
        inputs: Inputs in the order the code gives them.
        outputs: Outputs in the order the code wants them.
        labels: Names of the scores, in order.
        preprocessing: From the raw picture, sound or text to the input.
        decoding: From the outputs to the result.
        calibration: Constants that turn scores into confidence.
        accuracy: Measured figures.
        card: Model card, path below the repository root.
        optional: True where the package does its work without it.
        notes: What a user has to know.
        size_bytes: Size of the file or of all files, for a model that is fetched; 0 = not stated.
        terms: What a user has to accept before the model is fetched; empty = nothing.
        tensorrt: Whether TensorRT can take it; False for a file that is no ONNX network.
        tensorrt_reason: Why not.
        profile: Smallest, best and largest size of the one open axis, for TensorRT.
        parity: How near the file is to the network that was trained.
    """

    id: str
    role: str
    file: str
    licence: str
    source: Source
    sha256: str = ''
    files: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    labels: tuple[str, ...] = ()
    preprocessing: Mapping[str, Any] = field(default_factory=dict)
    decoding: Mapping[str, Any] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    accuracy: tuple[Accuracy, ...] = ()
    card: str = ''
    optional: bool = False
    notes: str = ''
    size_bytes: int = 0
    terms: str = ''
    tensorrt: bool = True
    tensorrt_reason: str = ''
    profile: Profile = BATCH_PROFILE
    parity: Parity | None = None

    @property
    def is_onnx(self) -> bool:
        """Whether the file is an ONNX network."""
        return self.file.endswith('.onnx')

    @property
    def expected(self) -> dict[str, str]:
        """Hash by path relative to the models folder: one entry, or one for each file inside."""
        if self.files:
            return {f'{self.file}/{name}': digest for name, digest in self.files.items()}
        return {self.file: self.sha256}


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
    entry['source'] = Source(**_known_keys(Source, entry.get('source'), f'{where}, source'))
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
