# SPDX-License-Identifier: Apache-2.0
"""Where a model runs: order of providers, options of TensorRT and CUDA, what the machine has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import ctypes
import ctypes.util
from dataclasses import dataclass
from pathlib import Path
import re

Shape = tuple[int | None, ...]

TENSORRT = 'TensorrtExecutionProvider'
CUDA = 'CUDAExecutionProvider'
CPU = 'CPUExecutionProvider'
WORDS = {'tensorrt': TENSORRT, 'cuda': CUDA, 'cpu': CPU}
PROVIDERS = ('auto', *WORDS)
PRECISIONS = ('fp32', 'fp16', 'int8')
Profile = tuple[int, int, int]
# Smallest, best and largest batch for which TensorRT prepares one engine: faces in view.
BATCH_PROFILE: Profile = (1, 4, 8)
HASH_DIGITS = 12
MIB = 1 << 20
# Tried in this order when the library is not in the linker's cache, such as in a Python package.
TENSORRT_LIBRARIES = ('libnvinfer.so', 'libnvinfer.so.11', 'libnvinfer.so.10', 'libnvinfer.so.8')
PROC = Path('/proc')
NO_GPU = 'no-gpu'


@dataclass(frozen=True)
class Runtime:
    """How models are run.

    Attributes:
        provider: 'auto' (best that is there), 'tensorrt', 'cuda' or 'cpu'.
        precision: Of TensorRT engines: 'fp32', 'fp16' or 'int8'; see `engine_precision`.
        cache_dir: Folder for TensorRT engines and timings; None = no cache.
        threads: CPU threads of one call.
        device_id: Number of the GPU.
        workspace_mb: Scratch memory that TensorRT may use for one engine [MiB].
    """

    provider: str = 'auto'
    precision: str = 'fp16'
    cache_dir: Path | None = None
    threads: int = 1
    device_id: int = 0
    workspace_mb: int = 256

    def __post_init__(self) -> None:
        """Check the words.

        Raises:
            ValueError: unknown provider or precision; the text lists the known ones.
        """
        for name, value, known in (
            ('provider', self.provider, PROVIDERS),
            ('precision', self.precision, PRECISIONS),
        ):
            if value not in known:
                raise ValueError(f'{name}: {value!r} is not one of {", ".join(known)}')


def wanted_providers(word: str, available: Sequence[str]) -> list[str]:
    """Return the providers to ask for, best first; the CPU is always last."""
    names = list(WORDS.values()) if word == 'auto' else [WORDS[word], CPU]
    if word == 'tensorrt':
        names = [TENSORRT, CUDA, CPU]
    return [name for name in dict.fromkeys(names) if name in available or name == CPU]


def present(available: Sequence[str]) -> list[str]:
    """Return the providers of an ONNX Runtime build whose GPU and TensorRT library are here.

    The GPU build offers all of its providers on every machine and prints pages of errors when one
    cannot start.
    """
    names = list(available)
    if CUDA in names and gpu_name() == NO_GPU:
        names = [name for name in names if name not in (TENSORRT, CUDA)]
    if TENSORRT in names and tensorrt_version() == 0:
        names.remove(TENSORRT)
    return names


def profile_shapes(
    inputs: Mapping[str, Shape], profile: Profile = BATCH_PROFILE
) -> dict[str, str]:
    """Return TensorRT's smallest, best and largest shapes for inputs with an open axis.

    Without them an unseen size rebuilds the engine while faces are waiting.

    Args:
        inputs: Shape of each input, None = open; all open axes stand for the same number.
        profile: Smallest, best and largest size of the open axis.
    Returns:
        The three `trt_profile_*_shapes` options, empty when every shape is fixed.
    """
    if not any(None in shape for shape in inputs.values()):
        return {}
    options = {}
    for word, size in zip(('min', 'opt', 'max'), profile, strict=True):
        parts = (
            f'{name}:' + 'x'.join(str(size if d is None else d) for d in shape)
            for name, shape in inputs.items()
        )
        options[f'trt_profile_{word}_shapes'] = ','.join(parts)
    return options


def quantised(content: bytes) -> bool:
    """Return whether an ONNX file holds QuantizeLinear or DequantizeLinear nodes."""
    return b'QuantizeLinear' in content or b'DequantizeLinear' in content


def engine_precision(asked: str, is_quantised: bool) -> str:
    """Return the precision of the engine that TensorRT builds.

    A quantised model runs in INT8, whatever was asked for, because TensorRT refuses one without;
    what stays float inside it follows `fp32` or `fp16`. 'int8' asks for FP16 in other models.

    Returns:
        'fp32', 'fp16', 'int8' (INT8 and FP16) or 'int8-fp32'.
    """
    if is_quantised:
        return 'int8-fp32' if asked == 'fp32' else 'int8'
    return 'fp32' if asked == 'fp32' else 'fp16'


def tensorrt_options(
    runtime: Runtime,
    inputs: Mapping[str, Shape],
    folder: Path | None,
    *,
    precision: str = 'fp16',
    profile: Profile = BATCH_PROFILE,
) -> dict[str, str]:
    """Return the options of the TensorRT provider.

    INT8 names no calibration table: the scales are those of the model's QuantizeLinear nodes.

    Args:
        runtime: GPU and memory.
        inputs: Shape of each input, None = open.
        folder: Where engines and timings are kept; None = nowhere.
        precision: As `engine_precision` says.
        profile: Smallest, best and largest size of the open axis.
    """
    options = {
        'device_id': str(runtime.device_id),
        'trt_fp16_enable': str(precision in ('fp16', 'int8')),
        'trt_int8_enable': str(precision.startswith('int8')),
        'trt_builder_optimization_level': '3',
        'trt_auxiliary_streams': '0',
        'trt_max_workspace_size': str(runtime.workspace_mb * MIB),
        **profile_shapes(inputs, profile),
    }
    if folder is not None:
        options |= {
            'trt_engine_cache_enable': 'True',
            'trt_engine_cache_path': str(folder),
            'trt_timing_cache_enable': 'True',
            'trt_timing_cache_path': str(folder),
        }
    return options


def cuda_options(runtime: Runtime) -> dict[str, str]:
    """Return the options of the CUDA provider; memory grows as needed, not by doubling."""
    return {
        'device_id': str(runtime.device_id),
        'arena_extend_strategy': 'kSameAsRequested',
        'cudnn_conv_algo_search': 'HEURISTIC',
    }


def gpu_name(device_id: int = 0, proc: Path = PROC) -> str:
    """Return the name of an NVIDIA GPU or Jetson board, 'no-gpu' without one.

    Args:
        device_id: Number of the GPU.
        proc: Where the kernel's process file system is mounted.
    """
    cards = sorted((proc / 'driver/nvidia/gpus').glob('*/information'))
    if device_id < len(cards):
        found = re.search(r'^Model:\s*(.+)$', cards[device_id].read_text(), re.MULTILINE)
        if found:
            return found.group(1).strip()
    board = proc / 'device-tree/model'
    if board.is_file():
        return board.read_bytes().rstrip(b'\0').decode(errors='replace').strip() or NO_GPU
    return NO_GPU


def tensorrt_version() -> int:
    """Return the version number that the TensorRT library gives, 0 without the library."""
    found = ctypes.util.find_library('nvinfer')
    for name in (found,) if found else TENSORRT_LIBRARIES:
        try:
            return int(ctypes.CDLL(name).getInferLibVersion())
        except (OSError, AttributeError):
            continue
    return 0


def missing_for_tensorrt(runtime_version: str, available: Sequence[str]) -> str:
    """Return what this machine lacks for TensorRT and the cure, '' when nothing is seen.

    Nothing seen is no proof: only the providers of an open session are.

    Args:
        runtime_version: Of ONNX Runtime.
        available: The providers that ONNX Runtime was built with.
    """
    if gpu_name() == NO_GPU:
        return (
            'there is no NVIDIA GPU or Jetson here (none in /proc/driver/nvidia/gpus or '
            '/proc/device-tree/model): build on the computer that will run the models'
        )
    if TENSORRT not in available:
        return (
            f'onnxruntime {runtime_version} was built without TensorRT: uninstall it and install '
            'onnxruntime-gpu; for a Jetson see docs/jetson.md'
        )
    if tensorrt_version() == 0:
        return (
            'the TensorRT library (libnvinfer) cannot be loaded: install tensorrt, or add its '
            'folder to LD_LIBRARY_PATH; for a Jetson see docs/jetson.md'
        )
    return ''
