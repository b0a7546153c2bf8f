# SPDX-License-Identifier: Apache-2.0
"""Where a model runs: order of providers, TensorRT options, and the key of its engine cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import ctypes
import ctypes.util
from dataclasses import dataclass
from pathlib import Path
import re
import shutil

Shape = tuple[int | None, ...]

TENSORRT = 'TensorrtExecutionProvider'
CUDA = 'CUDAExecutionProvider'
CPU = 'CPUExecutionProvider'
WORDS = {'tensorrt': TENSORRT, 'cuda': CUDA, 'cpu': CPU}
PROVIDERS = ('auto', *WORDS)
PRECISIONS = ('fp32', 'fp16', 'int8')
# Smallest, best and largest batch for which TensorRT prepares one engine: faces in view.
BATCH_PROFILE = (1, 4, 8)
HASH_DIGITS = 12
PROC = Path('/proc')
NO_GPU = 'no-gpu'


@dataclass(frozen=True)
class Runtime:
    """How models are run.

    Attributes:
        provider: 'auto' (best that is there), 'tensorrt', 'cuda' or 'cpu'.
        precision: Of TensorRT engines: 'fp32', 'fp16' or 'int8' (a model with QuantizeLinear).
        cache_dir: Folder for TensorRT engines and timings; None = no cache.
        threads: CPU threads of one call.
        device_id: Number of the GPU.
    """

    provider: str = 'auto'
    precision: str = 'fp16'
    cache_dir: Path | None = None
    threads: int = 1
    device_id: int = 0

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


def profile_shapes(inputs: Mapping[str, Shape]) -> dict[str, str]:
    """Return TensorRT's smallest, best and largest shapes for inputs with an open batch.

    Without them an unseen batch rebuilds the engine while faces are waiting.

    Args:
        inputs: Shape of each input, None = open; only the first dimension may be open.
    Returns:
        The three `trt_profile_*_shapes` options, empty when every shape is fixed.
    """
    if not any(None in shape for shape in inputs.values()):
        return {}
    options = {}
    for word, batch in zip(('min', 'opt', 'max'), BATCH_PROFILE, strict=True):
        parts = (
            f'{name}:' + 'x'.join(str(batch if d is None else d) for d in shape)
            for name, shape in inputs.items()
        )
        options[f'trt_profile_{word}_shapes'] = ','.join(parts)
    return options


def cache_folder(root: Path, file: Path, digest: str, machine: str) -> Path:
    """Return the engine folder of one model on one machine.

    Engines hold only for the same model, ONNX Runtime, TensorRT and GPU: all are in the name.
    """
    return root / f'{file.stem}-{digest[:HASH_DIGITS]}-{machine}'


def drop_stale(folder: Path, stem: str) -> None:
    """Delete engine folders of the same model file for another hash, runtime or GPU."""
    for old in folder.parent.glob(f'{stem}-*'):
        if old != folder and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)


def tensorrt_options(
    runtime: Runtime, inputs: Mapping[str, Shape], folder: Path | None
) -> dict[str, str]:
    """Return the options of the TensorRT provider.

    INT8 names no calibration table: the scales are those of the model's QuantizeLinear nodes.
    """
    options = {
        'device_id': str(runtime.device_id),
        'trt_fp16_enable': str(runtime.precision in ('fp16', 'int8')),
        'trt_int8_enable': str(runtime.precision == 'int8'),
        'trt_builder_optimization_level': '3',
        'trt_auxiliary_streams': '0',
        **profile_shapes(inputs),
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
    name = ctypes.util.find_library('nvinfer')
    if name is None:
        return 0
    try:
        return int(ctypes.CDLL(name).getInferLibVersion())
    except (OSError, AttributeError):
        return 0


def machine_key(runtime_version: str, precision: str, device_id: int = 0) -> str:
    """Return a file name part that changes when an engine must be rebuilt."""
    parts = (f'ort{runtime_version}', f'trt{tensorrt_version()}', gpu_name(device_id), precision)
    return '-'.join(re.sub(r'[^A-Za-z0-9.]+', '_', part) for part in parts)
