# SPDX-License-Identifier: Apache-2.0
"""A smaller encoder out of a trained one: fewer layers, fewer word pieces, the same outputs.

    python prune.py --data DIR --encoder MODEL --weights RUN/text_encoder.safetensors \
        --out STUDENT [--layers 0 1 3 4 5] [--pieces 6800] [--also FILE ...]

STUDENT gets `config.json`, `tokenizer.json` and `model.safetensors` and can then stand for
--encoder elsewhere. A word whose piece is gone is written with shorter pieces, at worst letters.
"""

from __future__ import annotations

import argparse
from collections import Counter
import json
from pathlib import Path
import sys

from data import BadInput, MAX_TOKENS, tokenizer_of, training_texts
from network import read_config, TextEncoder
from safetensors.torch import load_file, save_file
import torch
from transformers import BertConfig

SPECIAL = ('[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]')
ALSO_WEIGHT = 10  # how often a piece of an --also file counts


def kept_pieces(encoder: Path, texts: list[str], also: list[str], size: int) -> list[str]:
    """Return the pieces to keep: special ones, single letters, then the most frequent.

    Raises:
        BadInput: There is no room for more than special pieces and letters.
    """
    tokenizer = tokenizer_of(encoder)
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    letters = [p for p, _ in pieces if len(p.removeprefix('##')) == 1 and p.isascii()]
    if size <= len(SPECIAL) + len(letters):
        raise BadInput(f'--pieces {size}: more than {len(SPECIAL) + len(letters)} are needed')
    counts: Counter[str] = Counter()
    for weight, part in ((1, texts), (ALSO_WEIGHT, also)):
        for encoding in tokenizer.encode_batch(part):
            for token in encoding.tokens:
                counts[token] += weight
    place = dict(pieces)
    ranked = sorted(place, key=lambda piece: (-counts[piece], place[piece]))
    first = dict.fromkeys([*SPECIAL, *letters])
    chosen = [*first, *(piece for piece in ranked if piece not in first)][:size]
    return sorted(chosen, key=place.__getitem__)


def smaller_tokenizer(encoder: Path, kept: list[str]) -> str:
    """Return the tokenizer file with only the kept pieces, renumbered."""
    facts = json.loads((encoder / 'tokenizer.json').read_text('utf-8'))
    place = {piece: number for number, piece in enumerate(kept)}
    facts['model']['vocab'] = place
    facts['padding'] = None
    facts['truncation'] = {
        'direction': 'Right', 'max_length': MAX_TOKENS, 'strategy': 'LongestFirst', 'stride': 0
    }  # fmt: skip
    for token in facts['added_tokens']:
        token['id'] = place[token['content']]
    for name, special in facts['post_processor']['special_tokens'].items():
        special['ids'] = [place[name]]
    return json.dumps(facts, ensure_ascii=False, separators=(',', ':')) + '\n'


def smaller_network(
    net: TextEncoder, layers: list[int], rows: list[int]
) -> tuple[BertConfig, dict[str, torch.Tensor]]:
    """Return sizes and weights of the network with these layers and word vectors."""
    sizes = {**net.encoder.config.to_dict(), 'max_position_embeddings': MAX_TOKENS}
    sizes |= {'num_hidden_layers': len(layers), 'vocab_size': len(rows)}
    state: dict[str, torch.Tensor] = {}
    for name, value in net.state_dict().items():
        head, _, tail = name.partition('encoder.encoder.layer.')
        if tail:
            number, _, rest = tail.partition('.')
            if int(number) in layers:
                state[f'{head}encoder.encoder.layer.{layers.index(int(number))}.{rest}'] = value
        elif name.endswith('word_embeddings.weight'):
            state[name] = value[rows]
        elif name.endswith('position_embeddings.weight'):
            state[name] = value[:MAX_TOKENS]
        else:
            state[name] = value
    return BertConfig.from_dict(sizes), {k: v.contiguous().clone() for k, v in state.items()}


def main() -> int:
    """Prune, write the folder, and print its sizes."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', required=True, type=Path)
    parser.add_argument('--encoder', required=True, type=Path)
    parser.add_argument('--weights', required=True, type=Path, help='of a finished run')
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--layers', type=int, nargs='+', default=[0, 1, 3, 4, 5])
    parser.add_argument('--pieces', type=int, default=6800)
    parser.add_argument('--also', type=Path, nargs='*', default=[], help='texts of the domain')
    args = parser.parse_args()
    net = TextEncoder(read_config(args.encoder))
    net.load_state_dict(load_file(args.weights))
    also = [line for file in args.also for line in file.read_text('utf-8').splitlines()]
    kept = kept_pieces(args.encoder, training_texts(args.data), also, args.pieces)
    old = tokenizer_of(args.encoder).get_vocab()
    config, state = smaller_network(net, args.layers, [old[piece] for piece in kept])
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / 'tokenizer.json').write_text(smaller_tokenizer(args.encoder, kept), 'utf-8')
    config.save_pretrained(args.out)
    save_file(state, args.out / 'model.safetensors')
    student = TextEncoder(read_config(args.out))
    student.load_state_dict(load_file(args.out / 'model.safetensors'))
    print(json.dumps({'parameters': sum(v.numel() for v in state.values()), 'pieces': len(kept)}))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
