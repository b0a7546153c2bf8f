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
from empathy_ros.engines.providers import HASH_DIGITS, Runtime, Shape

CURE = 'run ./empathy setup'
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


class ModelError(Exception):
    """A model cannot be used; the text names the file and the cure."""


class OnnxModel:
    """One loaded model; `run` may be called from any thread.

    Attributes:
        file: Path of the model.
        digest: sha256 of the file, hexadecimal.
        inputs: Name and shape of each input, None = open.
        outputs: Names of the outputs in the order of `run`.
        provider: 'tensorrt', 'cuda' or 'cpu': what the session really uses.
        runtime: What was asked for.
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
    ) -> None:
        """Load the model and prove with zeros that it answers.

        Args:
            file: ONNX file.
            sha256: Expected hash; '' = any.
            inputs: Expected inputs; None = what the file says.
            outputs: Expected outputs; gives their order; None = what the file says.
            runtime: Where and how to run.
        Raises:
            ModelError: file missing, other hash, not loadable, other inputs or outputs, or no
                finite answer to zeros.
        """
        self.file = file
        self.runtime = runtime or Runtime()
        content = _read(file)
        self.digest = hashlib.sha256(content).hexdigest()
        if sha256 and self.digest != sha256.lower():
            raise ModelError(
                f'{file}: sha256 is {self.digest[:HASH_DIGITS]}..., expected '
                f'{sha256[:HASH_DIGITS]}...; delete the file and {CURE}'
            )
        self.session = self._open(content)
        self.inputs = {i.name: _shape_of(i.shape) for i in self.session.get_inputs()}
        self._check_inputs(inputs)
        self.outputs = self._check_outputs(outputs)
        self._names = tuple(self.inputs)
        used = self.session.get_providers()[0]
        self.provider = next(word for word, name in providers.WORDS.items() if name == used)
        self.run(*self._zeros())

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
        except _runtime_errors() as error:
            raise ModelError(f'{self.file}: {_first_line(error)}') from error
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
        ort = _onnxruntime()
        runtime = self.runtime
        available = providers.present(ort.get_available_providers())
        names = providers.wanted_providers(runtime.provider, available)
        int8 = runtime.precision == 'int8' and (
            runtime.provider == 'tensorrt' or providers.TENSORRT in names
        )
        if int8 and b'QuantizeLinear' not in content:
            raise ModelError(
                f'{self.file}: precision int8 needs a model with QuantizeLinear nodes; '
                'set precision to fp16 or give the quantised file'
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = runtime.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')
        try:
            shapes = _shapes_before_session(ort, content) if providers.TENSORRT in names else {}
            chosen = [(name, self._options(name, shapes, ort.__version__)) for name in names]
            return ort.InferenceSession(content, options, providers=chosen)
        except _runtime_errors() as error:
            raise ModelError(
                f'{self.file}: not a model that ONNX Runtime {ort.__version__} can load '
                f'({_first_line(error)}); delete the file and {CURE}'
            ) from error

    def _options(self, name: str, shapes: Mapping[str, Shape], version: str) -> dict[str, str]:
        if name == providers.CUDA:
            return providers.cuda_options(self.runtime)
        if name != providers.TENSORRT:
            return {}
        folder = None
        if self.runtime.cache_dir is not None:
            machine = providers.machine_key(
                version, self.runtime.precision, self.runtime.device_id
            )
            folder = providers.cache_folder(
                self.runtime.cache_dir, self.file, self.digest, machine
            )
            folder.mkdir(parents=True, exist_ok=True)
            providers.drop_stale(folder, self.file.stem)
        return providers.tensorrt_options(self.runtime, shapes, folder)

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


def _onnxruntime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            'onnxruntime is not installed: run ./empathy setup, or '
            '`pip install onnxruntime` (onnxruntime-gpu on a machine with an NVIDIA GPU)'
        ) from error
    return onnxruntime


def _runtime_errors() -> tuple[type[Exception], ...]:
    """Return what ONNX Runtime raises: its own classes, all direct children of Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    kinds = [value for value in vars(state).values() if isinstance(value, type)]
    own = [kind for kind in kinds if issubclass(kind, Exception)]
    return (*own, RuntimeError, ValueError)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or 'cannot be read'
        raise ModelError(f'{file}: {reason}; {CURE}') from error


def _shape_of(dims: Sequence[int | str | None]) -> Shape:
    return tuple(d if isinstance(d, int) else None for d in dims)


def _shapes_before_session(ort: Any, content: bytes) -> dict[str, Shape]:
    """Return the input shapes, read through a throw-away CPU session without optimisation."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(content, options, providers=[providers.CPU])
    return {i.name: _shape_of(i.shape) for i in session.get_inputs()}


def _first_line(error: Exception) -> str:
    return str(error).strip().split('\n')[0][:200]
