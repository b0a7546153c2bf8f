# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime itself: import with a cure, its errors, and what TensorRT would build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
import hashlib
from pathlib import Path
from typing import Any

from empathy_ros.engines import engine_cache, providers
from empathy_ros.engines.engine_cache import EngineKey
from empathy_ros.engines.providers import BATCH_PROFILE, Profile, Runtime, Shape

CURE = 'run ./empathy setup'


class ModelError(Exception):
    """A model cannot be used; the text names the file and the cure."""


@dataclass(frozen=True)
class EnginePlan:
    """What TensorRT would build for one model on this machine.

    Attributes:
        key: What the engine depends on.
        options: Options of the provider.
        folder: Where it is kept; None = nowhere.
    """

    key: EngineKey
    options: dict[str, str]
    folder: Path | None


def plan_engine(
    file: Path, content: bytes, runtime: Runtime, profile: Profile = BATCH_PROFILE
) -> EnginePlan:
    """Return what TensorRT would build for a model; needs neither GPU nor TensorRT.

    Args:
        file: Model file; its name becomes part of the folder.
        content: What it holds.
        runtime: Precision, memory and where the engines are kept.
        profile: Smallest, best and largest size of the open axis.
    Raises:
        ModelError: ONNX Runtime is not installed or cannot read the file.
    """
    ort = onnxruntime()
    precision = providers.engine_precision(runtime.precision, providers.quantised(content))
    digest = hashlib.sha256(content).hexdigest()
    key = engine_cache.key_of(file, digest, precision, ort.__version__, runtime.device_id)
    folder = None if runtime.cache_dir is None else runtime.cache_dir / key.folder_name
    try:
        shapes = _shapes_in(ort, content)
    except runtime_errors() as error:
        raise ModelError(
            f'{file}: not a model that ONNX Runtime {ort.__version__} can load '
            f'({first_line(error)}); delete the file and {CURE}'
        ) from error
    options = providers.tensorrt_options(
        runtime, shapes, folder, precision=precision, profile=profile
    )
    return EnginePlan(key, options, folder)


def onnxruntime() -> Any:
    """Return the module onnxruntime; ModelError with the cure when it is not installed."""
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            'onnxruntime is not installed: run ./empathy setup, or '
            '`pip install onnxruntime` (onnxruntime-gpu on a machine with an NVIDIA GPU)'
        ) from error
    return onnxruntime


def runtime_errors() -> tuple[type[Exception], ...]:
    """Return what ONNX Runtime raises: its own classes, all direct children of Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    kinds = [value for value in vars(state).values() if isinstance(value, type)]
    own = [kind for kind in kinds if issubclass(kind, Exception)]
    return (*own, RuntimeError, ValueError)


def shape_of(dims: Sequence[int | str | None]) -> Shape:
    """Return a shape with None for every open axis."""
    return tuple(d if isinstance(d, int) else None for d in dims)


def _shapes_in(ort: Any, content: bytes) -> dict[str, Shape]:
    """Return the input shapes of a model, read by a throw-away CPU session."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(content, options, providers=[providers.CPU])
    return {i.name: shape_of(i.shape) for i in session.get_inputs()}


def first_line(error: Exception) -> str:
    """Return the first line of an error, 200 characters at most."""
    return str(error).strip().split('\n')[0][:200]
