"""Documents as Markdown: a renderer shows the text again, whatever marks stand in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline import clean
from pipeline.export.markdown import markdown
from pipeline.export.row_types import BlockRow
from pipeline.markup.rows import rows
from pipeline.records import BlockKind

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BREAKS = ("hardbreak", "softbreak")
PIECES = [*"ab1 .)(*_`#>+-=|~[]!<&;:\\/'\"\né", "&amp;", "<b>", "1. ", "- ", "**"]
ODD = st.lists(st.sampled_from(PIECES), min_size=1).map("".join)


def block(kind: BlockKind, text: str, level: int = 0) -> BlockRow:
    cells = rows(text) if kind == "table" else []
    return BlockRow(kind, level, text, 0, len(text), "", "", "", 0, 0, cells, "body", 1.0)


def shown(source: str) -> list[tuple[str, str]]:
    """(element, text) of the leaves that a renderer makes, white space evened."""
    found: list[tuple[str, str]] = []
    parents: list[str] = []
    for token in RENDERER.parse(source):
        if token.nesting == 1:
            parents.append(token.tag)
        elif token.nesting == -1:
            parents.pop()
        elif token.type == "inline":
            inner = "".join(
                "\n" if child.type in ("hardbreak", "softbreak") else child.content for child in token.children or []
            )
            outer = next((tag for tag in reversed(parents) if tag not in ("p", "thead", "tbody", "table", "tr")), "p")
            found.append((outer, " ".join(inner.split())))
        elif token.type in ("fence", "code_block"):
            found.append(("pre", token.content.removesuffix("\n")))
        else:
            found.append((token.type, token.content))
    return found


def even(text: str) -> str:
    return " ".join(text.split())


@given(ODD.filter(lambda text: bool(text.strip()) and not re.search(r"\n\s*\n|^\s|\s$|\n[ \t]", text)))
def test_no_text_is_read_as_a_mark(text: str) -> None:
    assert shown(markdown("", [block("paragraph", text)])) == [("p", even(text))]
    assert shown(markdown("", [block("quote", text)])) == [("blockquote", even(text))]
    assert shown(markdown("", [block("heading", text, 2)])) == [("h2", even(text))]


@given(st.lists(ODD.filter(lambda text: bool(even(text)) and "|" not in text), min_size=2, max_size=4))
def test_cells_stay_cells(cells: list[str]) -> None:
    row = " | ".join(map(even, cells))
    wanted = [even(cell) for cell in cells]
    found = shown(markdown("", [block("table", f"{row}\n{row}")]))
    assert found == [*(("th", cell) for cell in wanted), *(("td", cell) for cell in wanted)]


@given(st.lists(st.text(st.sampled_from("ab `~\\*#<&"), min_size=1), min_size=1, max_size=3))
def test_code_is_code_letter_by_letter(lines: list[str]) -> None:
    assert shown(markdown("", [block("code", "\n".join(lines))])) == [("pre", "\n".join(lines))]


def test_every_kind_is_rendered_as_itself() -> None:
    blocks = [
        block("heading", "Sleep", 1), block("paragraph", "One."), block("list_item", "a"), block("list_item", "b"),
        block("list_item", "2. c"), block("table", "Dose | Effect\n5 mg |"),
        block("code", "x = 1\ny = 2"), block("quote", "It helps."), block("heading", "Why", 3),
    ]  # fmt: skip
    text = markdown("sleep ", blocks)
    assert text == (
        "# Sleep\n\nOne.\n\n- a\n- b\n2. c\n\n| Dose | Effect |\n| --- | --- |\n| 5 mg |  |\n\n"
        "```\nx = 1\ny = 2\n```\n\n> It helps.\n\n### Why"
    )
    assert markdown("Other", blocks[1:2]) == "# Other\n\nOne."


@pytest.mark.parametrize("text", ["# A\n\nOne *two*.\n\n- three\n- four", "A plain text.\n\nWith 2 * 3 * 4 and a_b_c."])
def test_a_document_survives_its_own_markdown(text: str) -> None:
    first = clean(text)
    second = clean(first.to_markdown().replace("\\", ""), media_type="text/markdown")
    assert [(one.kind, one.text) for one in second.blocks] == [(one.kind, one.text) for one in first.blocks]
