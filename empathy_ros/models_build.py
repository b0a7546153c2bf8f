# SPDX-License-Identifier: Apache-2.0
"""`empathy models build`: makes TensorRT engines before the robot needs them.

An engine counts as built when the session says that TensorRT runs it, an engine file was written,
and its answers are near those of the CPU. It is made in a folder of its own that takes its place
in one move, so that nothing half-made is ever found.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
import os
from pathlib import Path
import shutil
import tempfile
import time
from typing import Any

import numpy as np

from empathy_ros import models
from empathy_ros.engines import engine_cache, providers
from empathy_ros.engines.onnx import ModelError, OnnxModel, Tensor
from empathy_ros.engines.onnx_runtime import EnginePlan, onnxruntime, plan_engine
from empathy_ros.engines.optional_models import open_network
from empathy_ros.engines.providers import PRECISIONS, Runtime
from empathy_ros.evaluation.common import BadInput
from empathy_ros.models import Model

Report = Callable[[str], None]

# Largest difference from the CPU, as a share of the largest answer. Generous: it is there to
# refuse an engine that answers something else, not to measure rounding.
NEAR = {'fp32': 0.01, 'fp16': 0.05, 'int8-fp32': 0.25, 'int8': 0.25}
TIMED_RUNS = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `empathy models build`."""
    parser.add_argument('--provider', choices=('tensorrt',), default='tensorrt')
    parser.add_argument('--model', action='append', metavar='ID', help='only this one; repeatable')
    parser.add_argument(
        '--precision',
        choices=PRECISIONS,
        default='fp16',
        help='of what is not quantised; a quantised model always runs in INT8 [%(default)s]',
    )
    parser.add_argument('--out', type=Path, metavar='DIR', help='where nodes look for engines')
    parser.add_argument('--force', action='store_true', help='build again what is current')
    parser.add_argument('--prune', action='store_true', help='delete engines that no longer fit')
    parser.add_argument('--dry-run', action='store_true', help='say what would be built, and how')


def main(args: argparse.Namespace, report: Report = print) -> int:
    """Build, or say what would be built; 0 = all engines are there.

    Raises:
        BadInput: a model that is unknown or cannot run in TensorRT.
        ModelError: no GPU, no TensorRT, or an engine that does not do its work.
    """
    chosen = choose(models.load_manifest(), args.model or ())
    runtime = Runtime('tensorrt', args.precision, args.out or models.models_folder() / 'engines')
    if args.dry_run:
        for model in chosen:
            _describe(model, runtime, report)
        return 0
    ort = onnxruntime()
    lacking = providers.missing_for_tensorrt(ort.__version__, ort.get_available_providers())
    if lacking:
        raise ModelError(f'no engine was built: {lacking}')
    plans = [build(model, runtime, args.force, report) for model in chosen]
    root = runtime.cache_dir
    for folder in engine_cache.stale_folders(root, [p.key for p in plans]) if root else []:
        if args.prune:
            shutil.rmtree(folder)
        report(f'{"deleted" if args.prune else "no longer fits (--prune deletes it)"}: {folder}')
    return 0


def choose(known: dict[str, Model], wanted: Sequence[str]) -> list[Model]:
    """Return the models to build: those named, else every one here that TensorRT can take.

    Raises:
        BadInput: an unknown id, or a model that TensorRT cannot take.
    """
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise BadInput(f'no model is called {", ".join(unknown)}; there is {", ".join(known)}')
    for name in wanted:
        if not (known[name].is_onnx and known[name].tensorrt):
            reason = known[name].tensorrt_reason or 'it is no ONNX network'
            raise BadInput(f'{name} cannot run in TensorRT: {reason}')
    able = [m for m in known.values() if m.is_onnx and m.tensorrt]
    if wanted:
        return [known[name] for name in wanted]
    # An optional model that was never fetched is not asked for.
    return [m for m in able if not m.optional or (models.folder_of(m) / m.file).is_file()]


def _describe(model: Model, runtime: Runtime, report: Report) -> None:
    plan = _plan(model, runtime)
    file, folder = models.find_network(model), plan.folder
    if folder is None:
        raise ModelError(f'{model.id}: no folder for engines')
    state = engine_cache.why_not_current(folder, plan.options) or 'current'
    report(f'{model.id}: {plan.key.precision}, {state}')
    report(f'  folder  {folder}')
    for name, value in plan.options.items():
        report(f'  {name:32} {value}')
    command = engine_cache.trtexec_command(file, plan.options, folder / f'{plan.key.stem}.engine')
    report(f"  the same with NVIDIA's tool: {command}")


def _plan(model: Model, runtime: Runtime) -> EnginePlan:
    file = models.find_network(model)
    return plan_engine(file, file.read_bytes(), runtime, model.profile)


def build(model: Model, runtime: Runtime, force: bool, report: Report) -> EnginePlan:
    """Build the engines of one model unless they are current.

    Args:
        model: Its manifest entry.
        runtime: Precision, GPU and the folder of the engines.
        force: Build even when they are current.
        report: Gets one line.
    Raises:
        ModelError: TensorRT did not take the network, or answers something else than the CPU.
    """
    plan = _plan(model, runtime)
    root, folder = runtime.cache_dir, plan.folder
    if root is None or folder is None:
        raise ModelError(f'{model.id}: no folder for engines')
    state = engine_cache.why_not_current(folder, plan.options)
    if not state and not force:
        report(f'{model.id}: current, {plan.key.precision}, {folder}')
        return plan
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix='.build-') as scratch:
            made, facts = _make(model, runtime, Path(scratch))
            engine_cache.write_marker(made, plan.options, facts)
            if folder.exists():
                shutil.rmtree(folder)
            os.replace(made, folder)
    except OSError as error:
        raise ModelError(f'{model.id}: the engine cannot be kept in {root}: {error}') from error
    report(
        f'{model.id}: built, {plan.key.precision}, {facts["build_s"]} s, largest difference '
        f'from the CPU {facts["largest_difference"]:.2g}, {facts["ms"]} ms, {folder}'
    )
    return plan


def _make(model: Model, runtime: Runtime, root: Path) -> tuple[Path, dict[str, Any]]:
    """Build below `root`; return the engine folder and what was measured."""
    start_s = time.monotonic()
    fast = open_network(
        model, Runtime('tensorrt', runtime.precision, root, device_id=runtime.device_id)
    )
    if fast.provider != 'tensorrt':
        raise ModelError(
            f'{model.id}: ONNX Runtime runs it on {fast.provider}, not in TensorRT: try the '
            'trtexec call that --dry-run prints, which names what it cannot take'
        )
    feeds = [sample(model, fast, size) for size in model.profile]
    answers = [fast.run(*feed) for feed in feeds]
    build_s = time.monotonic() - start_s
    worst, share = _compare(open_network(model, Runtime('cpu')), feeds, answers)
    if not share <= NEAR[fast.precision]:
        raise ModelError(
            f'{model.id}: TensorRT answers up to {worst:.3g} beside the CPU, {share:.1%} of the '
            f'largest answer, allowed {NEAR[fast.precision]:.0%}: try --precision fp32'
        )
    (folder,) = (item for item in root.iterdir() if item.is_dir())
    return folder, {
        'model': model.id,
        'sha256': fast.digest,
        'providers': fast.session.get_providers(),
        'largest_difference': worst,
        'build_s': round(build_s, 1),
        'ms': [round(_median_ms(fast, feed), 3) for feed in feeds],
        'date': datetime.now(timezone.utc).strftime('%Y-%m-%d'),
    }


def _compare(
    slow: OnnxModel, feeds: list[list[Tensor]], answers: list[list[Tensor]]
) -> tuple[float, float]:
    """Return the largest difference of an answer, and as a share of the largest right answer."""
    worst = share = 0.0
    for feed, answer in zip(feeds, answers, strict=True):
        for got, wanted in zip(answer, slow.run(*feed), strict=True):
            difference = float(np.abs(got - wanted).max())
            worst = max(worst, difference)
            share = max(share, difference / max(float(np.abs(wanted).max()), 1e-6))
    return worst, share


def sample(model: Model, network: OnnxModel, size: int) -> list[Tensor]:
    """Return one repeatable input per input of a network, with the open axis at `size`.

    Numbers are normal, or even within the range that the manifest states; whole numbers without a
    stated range are 0.
    """
    rng = np.random.default_rng(size)
    ranges = {tensor.name: tensor.range for tensor in model.inputs}
    kinds = {i.name: i.type for i in network.session.get_inputs()}
    made = []
    for name, shape in network.inputs.items():
        dims, limits = [size if d is None else d for d in shape], ranges.get(name, ())
        if 'int' in kinds[name]:
            dtype = np.int64 if '64' in kinds[name] else np.int32
            low, high = (int(limits[0]), int(limits[1]) + 1) if limits else (0, 1)
            made.append(rng.integers(low, high, dims).astype(dtype))
        else:
            values = rng.uniform(*limits, dims) if limits else rng.normal(size=dims)
            made.append(values.astype(np.float16 if '16' in kinds[name] else np.float32))
    return made


def _median_ms(network: OnnxModel, feed: list[Tensor]) -> float:
    times_s = []
    for _ in range(TIMED_RUNS):
        start_s = time.perf_counter()
        network.run(*feed)
        times_s.append(time.perf_counter() - start_s)
    return 1000.0 * float(np.median(times_s))
