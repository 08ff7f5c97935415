"""The damage generator: every operator does damage, its ledger leads back, and the same seed gives the same damage."""

from __future__ import annotations

import random

import pytest

from benchmarks.damage import blocks, pages, score, text, transport
from benchmarks.damage.document import Document, Piece, as_html
from benchmarks.damage.operators import Operator, damaged, written
from pipeline.edits import TracedText, undo

SENTENCE = (
    "The drug, a “salt” (of lithium) given – as a pill – blocks 2 receptors: it works; and some café & more follow. "
    "People say that it calms them within hours and keeps many patients calm for days after they stop. "
)
TEXT = SENTENCE * 60
DOCUMENT = Document(
    "sample",
    "How sleep works",
    (
        Piece("paragraph", "Sleep clears waste from the brain... It takes 8 hours or more - " + SENTENCE),
        Piece("heading", "What happens at night", 2),
        Piece("paragraph", SENTENCE * 3),
        Piece("list_item", "Deep sleep comes first."),
        Piece("list_item", "Dreams come later."),
        Piece("heading", "What to do", 2),
        Piece("paragraph", SENTENCE * 4),
    ),
)
PAGE = as_html(DOCUMENT).replace("Sleep clears", '<a href="https://example.org/x" class="out"><b>Sleep</b></a> clears')
PAGE = PAGE.replace("</li>", "<strong>!</strong></li>").replace("<p>", '<p class="text">', 1) * 12


@pytest.mark.parametrize("operator", text.OPERATORS, ids=lambda operator: operator.name)
def test_text_operators_damage_and_keep_a_ledger(operator: Operator) -> None:
    made = damaged(TEXT, operator, "a")
    assert made.text != TEXT
    assert undo(made.text, made.edits()) == TEXT
    assert damaged(TEXT, operator, "a").text == made.text != damaged(TEXT, operator, "b").text


@pytest.mark.parametrize("operator", pages.OPERATORS, ids=lambda operator: operator.name)
def test_page_operators_damage_and_keep_a_ledger(operator: Operator) -> None:
    made = damaged(PAGE, operator, "a")
    assert made.text != PAGE
    assert undo(made.text, made.edits()) == PAGE


@pytest.mark.parametrize("operator", blocks.OPERATORS, ids=lambda operator: operator.name)
def test_block_operators_damage_and_name_what_they_add(operator: blocks.BlockOperator) -> None:
    broken = operator.damage(DOCUMENT, random.Random(1))
    assert broken.document != DOCUMENT
    texts = [piece.text for piece in broken.document.pieces]
    assert all(line in texts for line in broken.added)


@pytest.mark.parametrize("operator", transport.OPERATORS, ids=lambda operator: operator.name)
def test_transport_operators_damage(operator: transport.ByteOperator) -> None:
    assert operator.damage(PAGE.encode(), random.Random(1)) != PAGE.encode()


def test_a_place_is_restored_only_if_it_reads_as_before() -> None:
    made = TracedText("pain, sleep").apply([written(4, 6, ",")], "damage")
    place = made.edits()[0]
    mended = TracedText(made.text).apply([written(5, 5, " ")], "normalize").edits()
    wrong = TracedText(made.text).apply([written(4, 5, ";")], "normalize").edits()
    assert score.restored(made.text, place, mended, around=3)
    assert not score.restored(made.text, place, [], around=3)
    assert not score.restored(made.text, place, wrong, around=3)
