# SPDX-License-Identifier: Apache-2.0
"""What is known about a model, as frozen dataclasses; models_manifest reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from empathy_ros.engines.providers import BATCH_PROFILE, Profile

# The network of a model that is a folder.
NETWORK_FILE = 'model.onnx'


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
class Part:
    """One piece of a file that is too large for a single package; pieces are joined in order.

    Attributes:
        package: Package name.
        version: Exact version.
        sha256: Hash of its wheel.
        member: File inside the wheel.
        file: File of the model that it is a piece of.
    """

    package: str
    version: str
    sha256: str
    member: str
    file: str


@dataclass(frozen=True)
class Source:
    """Where the file comes from.

    Attributes:
        kind: repository = committed beside the manifest, package = a file inside a pinned package
            of the Python index, url = the user fetches it.
        package: Package name, version and the sha256 of its wheel.
        version: Exact version.
        sha256: Hash of the wheel (package) or of the download (url).
        member: File or folder inside the wheel, or inside the .zip that was downloaded.
        member_sha256: Hash of that file before conversion; empty where nothing is converted.
        convert: none or tflite2onnx.
        url: Address, for url.
        parts: Pieces of files, for a model that is spread over several packages.
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
    parts: tuple[Part, ...] = ()
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
        on_request: True where it is fetched only when named, and used only when asked for.
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
    on_request: bool = False
    terms: str = ''
    tensorrt: bool = True
    tensorrt_reason: str = ''
    profile: Profile = BATCH_PROFILE
    parity: Parity | None = None

    @property
    def network(self) -> str:
        """The ONNX network, relative to the models folder: the file, or model.onnx in the folder.

        Empty where the model is no ONNX network.
        """
        if self.file.endswith('.onnx'):
            return self.file
        return f'{self.file}/{NETWORK_FILE}' if NETWORK_FILE in self.files else ''

    @property
    def is_onnx(self) -> bool:
        """Whether the model is an ONNX network."""
        return bool(self.network)

    @property
    def network_sha256(self) -> str:
        """Hash of the network; '' where there is none."""
        return self.expected.get(self.network, '')

    @property
    def expected(self) -> dict[str, str]:
        """Hash by path relative to the models folder: one entry, or one for each file inside."""
        if self.files:
            return {f'{self.file}/{name}': digest for name, digest in self.files.items()}
        return {self.file: self.sha256}
