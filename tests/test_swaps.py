"""Words that synonym replacers swap: every pair on its examples, its card, and its model as the program reads it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.spinner import corpus, fit
from pipeline.normalize import contexts, synonyms
from pipeline.normalize.text import Passage
from pipeline.rules import swaps
from pipeline.rules.load import load_rules
from pipeline.rules.swaps import NEVER, SwapRule
from pipeline.stages import Tools
from tests.helpers import clean

RULES = load_rules()
ALL = frozenset(rule.family for rule in RULES.swaps)


def unspun(text: str, families: frozenset[str]) -> str:
    passage = Passage(text, (), RULES, english=True, spun=bool(families), families=families)
    for change in reversed([one for one in synonyms.unspin(passage) if one.status == "applied"]):
        text = text[: change.start] + change.after + text[change.end :]
    return text


@pytest.mark.parametrize("rule", RULES.swaps, ids=lambda rule: rule.id)
def test_card(rule: SwapRule) -> None:
    card = rule.card
    assert card.natural >= 100 or rule.outcome == "flag"
    assert card.strict == NEVER or (card.strict_touched <= 0.01 and card.strict > card.gated)
    assert card.gated == NEVER or (card.gated_touched <= 0.1 and card.gated_precision >= 0.95)
    assert bool(rule.weights()) and rule.family in ("", "A", "B", "C", "D")


def test_enough_pairs_ship_and_their_tables_stay_small() -> None:
    assert sum(rule.outcome != "flag" for rule in RULES.swaps) >= 120
    assert sum(path.stat().st_size for path in swaps.FOLDER.glob("*.tsv")) <= 5_000_000
    assert {path.stem for path in swaps.FOLDER.glob("*.tsv")} == {"cards", *(rule.id for rule in RULES.swaps)}


def test_training_sees_what_the_program_sees() -> None:
    text = ["The brain of a mouse, at 3.5 weeks, isn’t the mind; an old brain is.", "Brain."]
    counts = {t for p in text for t in map(contexts.token, contexts.TOKEN.findall(p.lower()))}
    words = ("", "?", *sorted(counts))
    numbers = {word: number for number, word in enumerate(words)}
    flat = [0] * 16
    for paragraph in text:
        flat += [numbers[contexts.token(t)] for t in contexts.TOKEN.findall(paragraph.lower())] + [0] * 16
    read = corpus.Corpus(np.array(flat), np.zeros(len(flat), np.int64), words)
    long_enough = np.array([len(word) > contexts.SHORT for word in words])
    where = fit.places(read, "brain", numbers)
    rows = fit.features(read, where, long_enough)
    seen = [{fit.name(int(one), words) for one in row if one >= 0} for row in rows]
    expected = []
    for paragraph in text:
        tokens = [contexts.token(t) for t in contexts.TOKEN.findall(paragraph.lower())]
        for at in (index for index, word in enumerate(tokens) if word == "brain"):
            known = contexts.context(tokens[:at], tokens[at + 1 :])
            expected.append({*known.placed, *known.near})
    assert seen == expected


def test_a_clean_document_keeps_its_words(tools: Tools) -> None:
    text = "Keep in mind that pain management and stress management differ. The novel was read by many people."
    assert clean(text, tools).text.text == text


def test_many_swaps_are_evidence_enough(tools: Tools) -> None:
    text = (
        "This randomized controlled preliminary enrolled 200 kids with heart sickness. There was no proof of a "
        "distinction between the treatment gathering and the placebo gathering at gauge. Blood examples were taken, "
        "and the heart fee was measured. The imply age of the members was nine years."
    )
    found = clean(text, tools)
    assert found.spun >= 0.5
    assert "randomized controlled trial enrolled" in found.text.text
    assert "placebo group at baseline" in found.text.text


def test_a_pair_without_a_card_is_refused() -> None:
    row = {"id": "a-for-b", "spun": "a", "original": "b", "family": "", "examples": [], "counter_examples": []}
    with pytest.raises(ValueError, match="run make spinner"):
        swaps.rule(row)
    with pytest.raises(ValueError, match="id must be"):
        swaps.rule({**row, "id": "b-for-a"})


def test_no_chain_of_pairs_leads_back() -> None:
    originals = {rule.spun: {one.original for one in RULES.swaps if one.spun == rule.spun} for rule in RULES.swaps}
    for start in originals:
        seen: set[str] = set()
        reached = originals[start]
        while reached - seen:
            seen |= reached
            reached = {word for one in reached for word in originals.get(one, ())}
        assert start not in seen, f"{start} would come back to itself, and normalization would never end"
