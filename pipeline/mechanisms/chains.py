"""Causal chains: relations that follow one another, the object of one being the subject of the next."""

from __future__ import annotations

from dataclasses import replace

from pipeline.records import Argument, Relation

_REACH = 3  # sentences between two links


def link(relations: list[Relation]) -> list[Relation]:
    """Number the steps of each chain in text order; a relation without neighbours has none."""
    chain_of: dict[int, int] = {}
    for later, relation in enumerate(relations):
        for earlier in range(later - 1, -1, -1):
            before = relations[earlier]
            if relation.sentence - before.sentence > _REACH:
                break
            if relation.mechanistic and before.mechanistic and _continues(before.object, relation.subject):
                chain_of[later] = chain_of.setdefault(earlier, earlier)
                break
    numbers = {root: f"c{index}" for index, root in enumerate(sorted(set(chain_of.values())), 1)}
    steps: dict[int, int] = {}
    linked = []
    for index, relation in enumerate(relations):
        if index in chain_of:
            root = chain_of[index]
            steps[root] = steps.get(root, 0) + 1
            relation = replace(relation, chain_id=numbers[root], chain_order=steps[root])
        linked.append(relation)
    return linked


def _continues(effect: Argument, cause: Argument) -> bool:
    said = {_key(text) for text in (effect.text, effect.core) if text}
    named = any(_key(text) in said for text in (cause.text, cause.core) if text)
    # What a pronoun stands for may be a clause that ends with the effect.
    return named or any(f" {_key(cause.resolved)} ".find(f" {text} ") >= 0 for text in said)


def _key(text: str) -> str:
    words = [
        word for word in text.casefold().split() if word not in ("the", "a", "an", "this", "these", "its", "their")
    ]
    return " ".join(word.rstrip("s") for word in words)
