# SPDX-License-Identifier: Apache-2.0
"""Downloads a model from the address in the manifest, over https, and only the pinned bytes."""

from __future__ import annotations

import hashlib
import http.client
from pathlib import Path
from typing import BinaryIO
import urllib.request

from empathy_ros.engines.onnx import ModelError
from empathy_ros.models_facts import Model

LIMIT_BYTES = 4 << 30
TIMEOUT_S = 60.0
PIECE = 1 << 20


def download(model: Model, target: Path) -> None:
    """Write the download of `model` to `target`; removed again if it is not the pinned one.

    Args:
        model: Source kind url.
        target: File to write.
    Raises:
        ModelError: no connection, or another sha256 than the manifest says.
    """
    source = model.source
    digest = hashlib.sha256()
    try:
        request = urllib.request.Request(source.url, headers={'User-Agent': 'empathy_ros'})
        with (
            urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer,
            target.open('wb') as out,
        ):
            _copy(answer, out, digest)
    except (OSError, http.client.HTTPException) as error:
        target.unlink(missing_ok=True)
        raise ModelError(
            f'{model.id}: {source.url} cannot be fetched ({error}); check the network connection, '
            f'or download it elsewhere and put the file into the models folder as {model.file}'
        ) from error
    if digest.hexdigest() != source.sha256:
        target.unlink()
        raise ModelError(
            f'{model.id}: {source.url} has sha256 {digest.hexdigest()}, expected {source.sha256}; '
            'the file there has changed or was damaged: do not use it'
        )


def _copy(answer: BinaryIO, out: BinaryIO, digest: hashlib._Hash) -> None:
    size = 0
    while piece := answer.read(PIECE):
        size += len(piece)
        if size > LIMIT_BYTES:
            raise OSError(f'more than {LIMIT_BYTES} bytes')
        digest.update(piece)
        out.write(piece)
