# SPDX-License-Identifier: Apache-2.0
"""Folders of TensorRT engines: their names, what is written beside the engines, which are old.

An engine holds for one model file, ONNX Runtime, TensorRT, GPU and precision only. All of them are
in the name of its folder, so that a changed one is never loaded by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any

from empathy_ros.engines import providers
from empathy_ros.engines.providers import HASH_DIGITS

MARKER = 'engine.json'
ENGINE_SUFFIX = '.engine'


@dataclass(frozen=True)
class EngineKey:
    """What an engine depends on.

    Attributes:
        stem: Name of the model file without ending; of its folder where the file is model.onnx.
        digest: sha256 of the model file, hexadecimal.
        runtime: Version of ONNX Runtime.
        tensorrt: Version number of TensorRT, 0 = not here.
        gpu: Name of the GPU or board, 'no-gpu' without.
        precision: As `providers.engine_precision` says.
    """

    stem: str
    digest: str
    runtime: str
    tensorrt: int
    gpu: str
    precision: str

    @property
    def machine_name(self) -> str:
        """The folder name up to the precision: what has to fit for an engine to be usable."""
        parts = (
            self.stem,
            self.digest[:HASH_DIGITS],
            f'ort{self.runtime}',
            f'trt{self.tensorrt}',
            self.gpu,
        )
        return '-'.join(re.sub(r'[^A-Za-z0-9._]+', '_', part) for part in parts)

    @property
    def folder_name(self) -> str:
        """Name of the engine folder."""
        return f'{self.machine_name}-{self.precision.replace("-", "_")}'


def key_of(
    file: Path, digest: str, precision: str, runtime_version: str, device_id: int = 0
) -> EngineKey:
    """Return the key of a model on this machine.

    Args:
        file: Model file.
        digest: Its sha256, hexadecimal.
        precision: As `providers.engine_precision` says.
        runtime_version: Of ONNX Runtime.
        device_id: Number of the GPU.
    """
    stem = file.parent.name if file.stem == 'model' else file.stem
    return EngineKey(
        stem,
        digest,
        runtime_version,
        providers.tensorrt_version(),
        providers.gpu_name(device_id),
        precision,
    )


def write_marker(folder: Path, options: Mapping[str, str], facts: Mapping[str, Any]) -> None:
    """Note in a finished folder what was built: the options, the engines, and `facts`.

    Raises:
        FileNotFoundError: the folder holds no engine.
    """
    engines = {f.name: f.stat().st_size for f in sorted(folder.glob(f'*{ENGINE_SUFFIX}'))}
    if not engines:
        raise FileNotFoundError(f'{folder}: TensorRT wrote no engine')
    content = {'options': _lasting(options), 'engines': engines, **facts}
    (folder / MARKER).write_text(json.dumps(content, indent=2) + '\n', encoding='utf-8')


def why_not_current(folder: Path, options: Mapping[str, str]) -> str:
    """Return why the engines of a folder cannot be used as they are, '' when they can.

    Args:
        folder: Folder of the right name.
        options: Those that a build would use now.
    """
    if not folder.is_dir():
        return 'not built'
    try:
        marker = json.loads((folder / MARKER).read_text(encoding='utf-8'))
        engines, built_with = marker['engines'], marker['options']
    except (OSError, ValueError, KeyError, TypeError):
        return 'not finished'
    for name, size in engines.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            return f'{name} is damaged or gone'
    changed = sorted(
        name for name, value in _lasting(options).items() if built_with.get(name) != value
    )
    return f'built with another {", ".join(changed)}' if changed else ''


def stale_folders(root: Path, keys: Iterable[EngineKey]) -> list[Path]:
    """Return engine folders of these models for another file, ONNX Runtime, TensorRT or GPU.

    Folders of the same key with another precision are not stale.
    """
    old = []
    for key in keys:
        for folder in sorted(root.glob(f'{key.stem}-*')):
            if folder.is_dir() and not folder.name.startswith(f'{key.machine_name}-'):
                old.append(folder)
    return old


def trtexec_command(file: Path, options: Mapping[str, str], out: Path) -> str:
    """Return the `trtexec` call that builds the same engine, for those who measure without us.

    Args:
        file: ONNX file.
        options: Those of `providers.tensorrt_options`.
        out: Engine file to write.
    """
    words = ['trtexec', f'--onnx={file}', f'--saveEngine={out}']
    words.append(f'--timingCacheFile={out.with_suffix(".timing")}')
    words += [f'--{word}' for word in ('fp16', 'int8') if options[f'trt_{word}_enable'] == 'True']
    for word in ('min', 'opt', 'max'):
        shapes = options.get(f'trt_profile_{word}_shapes')
        if shapes:
            words.append(f'--{word}Shapes={shapes}')
    mib = int(options['trt_max_workspace_size']) // providers.MIB
    words.append(f'--memPoolSize=workspace:{mib}M')
    words.append(f'--builderOptimizationLevel={options["trt_builder_optimization_level"]}')
    words.append(f'--maxAuxStreams={options["trt_auxiliary_streams"]}')
    return ' '.join(words)


def _lasting(options: Mapping[str, str]) -> dict[str, str]:
    """Return the options that decide what an engine is: all but where it lies."""
    return {name: value for name, value in options.items() if not name.endswith('_path')}
