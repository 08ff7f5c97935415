"""``python -m benchmarks.confidence SCORER GOLD...``: fit the weights of ``pipeline/rules/confidence.toml``.

SCORER is the folder of ``score_relations.py``. GOLD are files of sentences with their relations, in the scorer's
layout. Those of BioNLP are told by their entities; they say which features matter, but how often a relation is right
at all is learnt from the other files, which are like the text that is meant. Relations are labelled right or wrong by
the scorer's own matching, sign included. The fit is a ridge-penalized logistic regression, by Newton's method; the
same input gives the same weights, which are written into the rule file.
"""

from __future__ import annotations

import importlib
import json
import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import stages
from pipeline.mechanisms import confidence
from pipeline.records import Findings, RawPage, Relation, Source
from pipeline.settings import Settings
from pipeline.stages import process
from pipeline.version import RULES as FOLDER

_RIDGE = 1.0
_FOREIGN = "foreign"  # the text is not of the web; only known while fitting
_FOREIGN_WEIGHT = 1 / 3
Example = tuple[set[str], bool]


def labelled(gold: Path, score: Any, tools: stages.Tools) -> Iterator[Example]:
    """Features of every relation found in a file, and whether it is right; repeats of a right one are left out."""
    with lzma.open(gold, "rt") if gold.suffix == ".xz" else gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        state = process(RawPage("gold", Source("gold", "text/plain", "0" * 64), record["sentence"]), tools)
        relations = [r for r in state.relations if r.mechanistic] if isinstance(state, Findings) else []
        foreign = bool(record.get("entities"))
        said = [(relation, _said(relation)) for relation in relations]
        said = [(relation, one) for relation, one in said if not foreign or score.anchored(one, record)]
        if record.get("is_mechanism", True) is None or not said:
            continue
        pairs = score.match_all([one for _, one in said], record["relations"], "partial", False)
        right = {number for number, how in pairs.values() if how["pol"] is not False}
        length = len(tools.finder.nlp(record["sentence"]))
        for number, (relation, one) in enumerate(said):
            if number in right or not any(score.compare(one, record["relations"][j], "partial", False) for j in pairs):
                yield {*confidence.features(relation, length), *([_FOREIGN] if foreign else [])}, number in right


def _said(relation: Relation) -> dict[str, Any]:
    ends = {"subject": relation.subject, "object": relation.object}
    plain = {name: {"text": end.text, "resolved": end.resolved or None} for name, end in ends.items()}
    return {**plain, "relation": relation.relation, "polarity": relation.polarity}


def fitted(examples: list[Example], names: list[str]) -> dict[str, float]:
    """Weights by feature; the first, which every relation has, and the last, "foreign", are not held near zero."""
    names = [*names, _FOREIGN]
    x = np.array([[name in features for name in names] for features, _ in examples], dtype=float)
    y = np.array([right for _, right in examples], dtype=float)
    counts = np.array([_FOREIGN_WEIGHT if _FOREIGN in features else 1.0 for features, _ in examples])
    ridge = np.diag([0.0] + [_RIDGE] * (len(names) - 2) + [0.0])
    weights = np.zeros(len(names))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (counts * (y - p)) - ridge @ weights
        weights += np.linalg.solve(
            x.T @ (x * (counts * p * (1 - p))[:, None]) + ridge + 1e-9 * np.eye(len(names)), slope
        )
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def report(examples: list[Example], weights: dict[str, float]) -> None:
    """Print how many relations reach a confidence, and how many of them are right."""
    scored = [(1 / (1 + np.exp(-sum(weights[n] for n in features))), right) for features, right in examples]
    for cut in (0.0, 0.5, 0.7, 0.8, 0.9):
        above = [right for p, right in scored if p >= cut]
        print(f"  confidence {cut:.1f} and more: {len(above)} relations, {np.mean(above) if above else 0:.3f} right")


def main(scorer: str, *golds: str) -> int:
    sys.path.insert(0, scorer)
    score = importlib.import_module("score_relations")
    tools = stages.tools(Settings())
    examples = [example for gold in golds for example in labelled(Path(gold), score, tools)]
    names = list(tools.rules.weights)
    weights = fitted(examples, names)
    report([example for example in examples if _FOREIGN not in example[0]], weights)
    path = FOLDER / "confidence.toml"
    text = path.read_text("utf-8")
    for name, weight in weights.items():
        text = re.sub(rf'(id = "{name}"\nweight = )[-\d.]+', rf"\g<1>{weight}", text)
    path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
