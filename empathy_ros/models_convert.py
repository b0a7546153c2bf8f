# SPDX-License-Identifier: Apache-2.0
"""Turns a TFLite model into ONNX, the same bytes on every machine."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path
from typing import Any

from empathy_ros.engines.onnx import ModelError


def convert_tflite(source: Path, target: Path) -> None:
    """Convert a TFLite model to ONNX; the same input gives the same bytes on every machine.

    The converter walks through sets, so that the order of nodes and weights changes from run to
    run. Both are sorted afterwards (nodes keep every input before its use), and the shapes it
    guessed for values inside the graph are left out; the runtime infers them itself.
    """
    try:
        onnx: Any = importlib.import_module('onnx')
        tflite2onnx: Any = importlib.import_module('tflite2onnx')
    except ImportError as error:
        raise ModelError(
            f'converting {source.name} needs onnx and tflite2onnx ({error}): '
            'pip install onnx tflite2onnx'
        ) from error
    logging.getLogger('tflite2onnx').setLevel(logging.ERROR)  # it warns at each 16-bit weight
    raw = target.with_suffix('.raw')
    tflite2onnx.convert(str(source), str(raw))
    model = onnx.load(str(raw))
    graph = model.graph
    without_prelu(onnx, graph)
    nodes = in_fixed_order(list(graph.node), {t.name for t in (*graph.input, *graph.initializer)})
    weights = sorted(graph.initializer, key=lambda tensor: str(tensor.name))
    for items, ordered in ((graph.node, nodes), (graph.initializer, weights)):
        del items[:]
        items.extend(ordered)
    del graph.value_info[:]
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))
    raw.unlink()


def without_prelu(onnx: Any, graph: Any) -> None:
    """Write every PRelu as slope * x + (1 - slope) * max(x, 0), the same to rounding.

    ONNX Runtime decides a PRelu number by number: with the signs of real pictures that alone took
    more than half of the time of the landmark network on a CPU (2.4 ms, now 1.0 ms).
    """
    slopes = {tensor.name: tensor for tensor in graph.initializer}
    node, nodes = onnx.helper.make_node, []
    for item in graph.node:
        if item.op_type != 'PRelu':
            nodes.append(item)
            continue
        (x, slope), y = item.input, item.output[0]
        rest = 1 - onnx.numpy_helper.to_array(slopes[slope])
        graph.initializer.append(onnx.numpy_helper.from_array(rest, f'{y}/rest'))
        nodes += [
            node('Mul', [x, slope], [f'{y}/all']),
            node('Relu', [x], [f'{y}/positive']),
            node('Mul', [f'{y}/positive', f'{y}/rest'], [f'{y}/more']),
            node('Add', [f'{y}/all', f'{y}/more'], [y]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


def in_fixed_order(nodes: list[Any], known: set[str]) -> list[Any]:
    """Return ONNX nodes by the name of their first output, each after those it depends on."""
    waiting = sorted(nodes, key=lambda node: str(node.output[0]))
    known = set(known)
    ordered = []
    while waiting:
        ready = next(
            (n for n in waiting if all(name in known or not name for name in n.input)), None
        )
        if ready is None:
            raise ModelError(f'the graph has a loop or a value that nothing makes: {waiting[0]}')
        waiting.remove(ready)
        known.update(ready.output)
        ordered.append(ready)
    return ordered
