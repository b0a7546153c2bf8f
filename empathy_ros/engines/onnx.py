# SPDX-License-Identifier: Apache-2.0
"""Runs every ONNX model of the package: one thread, the provider really used, proof of life.

Providers are asked for in the order TensorRT, CUDA, CPU. ONNX Runtime falls back to the CPU with
a warning only, so what counts is `OnnxModel.provider`, which says what the session really uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empathy_ros.engines import providers
from empathy_ros.engines.onnx_runtime import (
    CURE,
    first_line,
    onnxruntime,
    plan_engine,
    runtime_errors,
    shape_of,
)
from empathy_ros.engines.onnx_runtime import ModelError as ModelError
from empathy_ros.engines.providers import BATCH_PROFILE, HASH_DIGITS, Profile, Runtime, Shape

Tensor = NDArray[Any]
ELEMENTS = {
    'tensor(float)': np.float32,
    'tensor(float16)': np.float16,
    'tensor(double)': np.float64,
    'tensor(int64)': np.int64,
    'tensor(int32)': np.int32,
    'tensor(uint8)': np.uint8,
    'tensor(bool)': np.bool_,
}


class OnnxModel:
    """One loaded model; `run` may be called from any thread.

    Attributes:
        file: Path of the model.
        digest: sha256 of the file, hexadecimal.
        inputs: Name and shape of each input, None = open.
        outputs: Names of the outputs in the order of `run`.
        provider: 'tensorrt', 'cuda' or 'cpu': what the session really uses.
        runtime: What was asked for.
        profile: Sizes of the open axis that a TensorRT engine is built for.
        precision: Of its TensorRT engine, as `providers.engine_precision` says.
        session: The bare session.
    """

    def __init__(
        self,
        file: Path,
        *,
        sha256: str = '',
        inputs: Mapping[str, Shape] | None = None,
        outputs: Sequence[str] | None = None,
        runtime: Runtime | None = None,
        profile: Profile = BATCH_PROFILE,
    ) -> None:
        """Load the model and prove with zeros that it answers.

        Args:
            file: ONNX file.
            sha256: Expected hash; '' = any.
            inputs: Expected inputs; None = what the file says.
            outputs: Expected outputs; gives their order; None = what the file says.
            runtime: Where and how to run.
            profile: Smallest, best and largest size of the open axis, for TensorRT.
        Raises:
            ModelError: file missing, other hash, not loadable, other inputs or outputs, or no
                finite answer to zeros.
        """
        self.file = file
        self.runtime = runtime or Runtime()
        content = _read(file)
        self.digest = hashlib.sha256(content).hexdigest()
        self.profile = profile
        self.precision = providers.engine_precision(
            self.runtime.precision, providers.quantised(content)
        )
        self._check_hash(sha256)
        self.session = self._open(content)
        self.inputs = {i.name: shape_of(i.shape) for i in self.session.get_inputs()}
        self._check_inputs(inputs)
        self.outputs = self._check_outputs(outputs)
        self._names = tuple(self.inputs)
        used = self.session.get_providers()[0]
        self.provider = next(word for word, name in providers.WORDS.items() if name == used)
        self.run(*self._zeros())

    def _check_hash(self, sha256: str) -> None:
        if sha256 and self.digest != sha256.lower():
            raise ModelError(
                f'{self.file}: sha256 is {self.digest[:HASH_DIGITS]}..., expected '
                f'{sha256[:HASH_DIGITS]}...; delete the file and {CURE}'
            )

    @property
    def short_hash(self) -> str:
        """First 12 hexadecimal digits of the file's sha256."""
        return self.digest[:HASH_DIGITS]

    @property
    def degraded(self) -> bool:
        """True when another provider than the one asked for is used."""
        return self.runtime.provider not in ('auto', self.provider)

    def run(self, *inputs: Tensor) -> list[Tensor]:
        """Return the outputs for one batch.

        Args:
            inputs: One array per input, in the order of `inputs`, of the type in the file.
        Raises:
            ModelError: the runtime refuses the input, or an output holds NaN or infinity.
        """
        try:
            results = self.session.run(
                list(self.outputs), dict(zip(self._names, inputs, strict=True))
            )
        except runtime_errors() as error:
            raise ModelError(f'{self.file}: {first_line(error)}') from error
        # A sum is NaN or infinite as soon as one element is: cheaper than testing each.
        for name, result in zip(self.outputs, results, strict=True):
            if not math.isfinite(float(result.sum())):
                raise ModelError(f'{self.file}: output {name} holds values that are not finite')
        return list(results)

    def _zeros(self) -> list[Tensor]:
        kinds = {i.name: i.type for i in self.session.get_inputs()}
        unknown = sorted(set(kinds.values()) - set(ELEMENTS))
        if unknown:
            raise ModelError(f'{self.file}: inputs of type {", ".join(unknown)} are not supported')
        return [
            np.zeros([d or 1 for d in shape], ELEMENTS[kinds[name]])
            for name, shape in self.inputs.items()
        ]

    def _open(self, content: bytes) -> Any:
        ort = onnxruntime()
        runtime = self.runtime
        available = providers.present(ort.get_available_providers())
        names = providers.wanted_providers(runtime.provider, available)
        options = ort.SessionOptions()
        options.intra_op_num_threads = runtime.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')
        try:
            chosen = [(name, self._options(name, content)) for name in names]
            return ort.InferenceSession(content, options, providers=chosen)
        except runtime_errors() as error:
            raise ModelError(
                f'{self.file}: not a model that ONNX Runtime {ort.__version__} can load '
                f'({first_line(error)}); delete the file and {CURE}'
            ) from error

    def _options(self, name: str, content: bytes) -> dict[str, str]:
        if name == providers.CUDA:
            return providers.cuda_options(self.runtime)
        if name != providers.TENSORRT:
            return {}
        plan = plan_engine(self.file, content, self.runtime, self.profile)
        if plan.folder is not None:
            try:
                plan.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ModelError(
                    f'{self.file}: engines cannot be kept in {plan.folder}: {error.strerror}'
                ) from error
        return plan.options

    def _check_inputs(self, expected: Mapping[str, Shape] | None) -> None:
        if expected is None:
            return
        if set(expected) != set(self.inputs):
            raise ModelError(
                f'{self.file}: inputs are {", ".join(self.inputs)}, expected '
                f'{", ".join(expected)}; correct the entry in models/manifest.yaml'
            )
        for name, shape in expected.items():
            found = self.inputs[name]
            same = len(found) == len(shape) and all(
                a is None or b is None or a == b for a, b in zip(found, shape, strict=True)
            )
            if not same:
                raise ModelError(
                    f'{self.file}: input {name} has shape {found}, expected {tuple(shape)}; '
                    'correct the entry in models/manifest.yaml'
                )
        self.inputs = {name: self.inputs[name] for name in expected}

    def _check_outputs(self, expected: Sequence[str] | None) -> tuple[str, ...]:
        found = tuple(o.name for o in self.session.get_outputs())
        missing = [name for name in expected or () if name not in found]
        if missing:
            raise ModelError(
                f'{self.file}: no output {", ".join(missing)}; there is {", ".join(found)}; '
                'correct the entry in models/manifest.yaml'
            )
        return tuple(expected) if expected else found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or 'cannot be read'
        raise ModelError(f'{file}: {reason}; {CURE}') from error
