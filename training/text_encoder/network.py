# SPDX-License-Identifier: Apache-2.0
"""The network: a pretrained encoder, the mean over the words, and linear outputs."""

from __future__ import annotations

from pathlib import Path

from data import BadInput, LABELS, members, padded, Part
import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn
from transformers import AutoConfig, AutoModel, PretrainedConfig
from transformers.utils import logging

N_LABELS, N_GROUPS = members().shape
DROPOUT = 0.1


class TextEncoder(nn.Module):
    """Token ids to 39 logits: 28 labels, then the Ekman groups and sentiments (training only)."""

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(DROPOUT)
        self.labels = nn.Linear(config.hidden_size, N_LABELS)
        self.groups = nn.Linear(config.hidden_size, N_GROUPS)

    def start_from(self, folder: Path, log_odds: torch.Tensor) -> None:
        """Take the pretrained encoder; the outputs start at the log odds (39,) of the targets.

        Raises:
            BadInput: The file lacks weights.
        """
        logging.set_verbosity_error()  # that the pooling layer is not used is known
        self.encoder, loaded = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, local_files_only=True, output_loading_info=True
        )
        if loaded['missing_keys']:
            raise BadInput(f'{folder}/model.safetensors: lacks {sorted(loaded["missing_keys"])}')
        for layer, bias in zip(
            (self.labels, self.groups), log_odds.split([N_LABELS, N_GROUPS]), strict=True
        ):
            nn.init.normal_(layer.weight, std=0.02)
            with torch.no_grad():
                layer.bias.copy_(bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits (n, 39) of ids and mask, both (n, tokens)."""
        words = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        share = mask.unsqueeze(2).to(words.dtype)
        mean = self.dropout((words * share).sum(dim=1) / share.sum(dim=1))
        return torch.cat([self.labels(mean), self.groups(mean)], dim=1)


def read_config(folder: Path) -> PretrainedConfig:
    """Return the sizes of the encoder in a folder.

    Raises:
        BadInput: The folder does not hold an encoder.
    """
    for name in ('config.json', 'model.safetensors'):
        if not (folder / name).is_file():
            raise BadInput(f'{folder / name}: no such file; see README.md for the package')
    return AutoConfig.from_pretrained(folder, local_files_only=True)


def predict(
    net: TextEncoder, part: Part, size: int = 64, *, bf16: bool = False
) -> NDArray[np.float64]:
    """Return label logits (n, 28), sentences in their order."""
    net.eval()
    order = np.argsort([len(ids) for ids in part.ids], kind='stable')
    logits = np.zeros((len(order), len(LABELS)))
    with torch.inference_mode(), torch.autocast('cpu', torch.bfloat16, enabled=bf16):
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            logits[rows] = net(*padded(part, rows))[:, :N_LABELS].double().numpy()
    return logits
