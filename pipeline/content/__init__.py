"""Content: extract the article from a page - its main text in blocks, and its metadata.

``STEPS`` run after main-text extraction. Every step takes a layout and returns one; what it drops is in the edit log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.content import front_matter, lines, metadata, tree
from pipeline.content.boilerplate import drop_boilerplate, drop_date_lines
from pipeline.content.draft import Blocks, Draft, draft
from pipeline.content.front_matter import FrontMatter
from pipeline.content.headings import find_headings, split_fused_headings, strip_heading_marks
from pipeline.content.layout import STAGE, Layout, lay_out
from pipeline.content.main_text import MainText, keep_main_text
from pipeline.content.repeats import drop_repeats
from pipeline.content.runs import AS_USUAL, Reading
from pipeline.content.tree import Breaks
from pipeline.content.truncation import is_truncated
from pipeline.content.words import word_count
from pipeline.errors import DocumentError
from pipeline.records import Article, Page
from pipeline.rules.kinds import Rules
from pipeline.settings import Settings

__all__ = ["STAGE", "NoTextError", "content"]

Step = Callable[[Layout], Layout]
_PARAGRAPHS = ("<p>", "<p ", "<br", "<div", "<pre")
_PARTS = ("<p", "<br", "<div", "<td", "<li")  # tags that separate blocks
_LONG_PARAGRAPH = 25  # words
_FULL_LINES = 3  # long lines; a page with as many and no such tags has one block per line
STEPS: tuple[Step, ...] = (strip_heading_marks, split_fused_headings, find_headings)


class NoTextError(DocumentError):
    """The page holds no text at all."""


def content(page: Page, rules: Rules, settings: Settings | None = None) -> Article:
    """Return the article of a page.

    Raises:
        NoTextError: nothing is left to read.
    """
    whole, parsed, front = read(page, _reading(settings) if settings else AS_USUAL)
    if not whole.parts:
        raise NoTextError("there is no text in it, only markup or white space")
    comments = settings is not None and settings.keep == "comments"
    chosen, kind, expected = _main_text(page, whole, parsed, comments)
    if not chosen.parts:
        raise NoTextError("there is no main text in it, as in a page that was saved before it had loaded")
    layout = lay_out(page.text, chosen)
    for step in STEPS:
        layout = step(layout)
    head: Blocks = metadata.top(whole, chosen) if page.markup else layout
    place, heading = (_head_place(whole, head), metadata.only_heading(whole)) if page.markup else ((0, 0), "")
    known = metadata.find(page.raw, layout, head, parsed, front, place, heading)
    # Boilerplate is dropped after the metadata is read, as it includes date lines. Dropping blocks may move others
    # to the head or tail of the page, so this repeats until nothing changes.
    layout = drop_date_lines(layout, known.date)
    before = -1
    while before != len(layout.parts):
        before = len(layout.parts)
        layout = drop_repeats(drop_boilerplate(layout, rules.boilerplate, kind))
    if not layout.parts:
        raise NoTextError("there is no text in it but boilerplate")
    truncated = is_truncated(
        layout, rules.endings, open_structure=parsed.open_structure, cut_in_markup=page.cut_in_markup,
        more_below=page.markup and chosen.parts[-1] is not whole.parts[-1],
    )  # fmt: skip
    share = round(1 - len(layout.text) / len(whole.text), 4)
    return Article(page, layout.traced, layout.blocks(), known, truncated, max(0.0, share), kind, expected)


def _head_place(whole: Draft, head: Blocks) -> tuple[int, int]:
    """Where in the source the head of an article stands: from its first block to its first long paragraph."""
    parts = head.parts
    long = next(
        (part for part in parts if word_count(head.of(part)) >= _LONG_PARAGRAPH and part.kind == "paragraph"), parts[-1]
    )
    return whole.pieces[parts[0].start][0].start, whole.pieces[long.start][0].start


def _main_text(page: Page, whole: Draft, parsed: tree.Parsed, comments: bool) -> MainText:
    """A page's main text; a document without markup is all of it."""
    if not page.markup:
        return MainText(whole)
    return keep_main_text(whole, parsed.title, metadata.description(parsed.meta), comments=comments)


def _reading(settings: Settings) -> Reading:
    return Reading(settings.citation_marks == "bracket", settings.spanned_cells == "mark")


def read(page: Page, reading: Reading = AS_USUAL) -> tuple[Draft, tree.Parsed, FrontMatter]:
    """The blocks of a page, its parsed markup, and the front matter of a Markdown file."""
    text = page.text.text
    if not page.markup:
        markdown = page.raw.source.media_type == "text/markdown"
        front = front_matter.read(text) if markdown else FrontMatter()
        runs = lines.read_lines(text, front.end, markdown=markdown)
        return draft(text, runs, entities=False), tree.Parsed(runs, "", [], False), front
    parsed = tree.parse(text, _breaks(page), reading)
    return draft(text, parsed.runs, entities=True), parsed, FrontMatter()


def _breaks(page: Page) -> Breaks:
    """What separates blocks besides tags: line ends in a text file, empty lines in a page without paragraph tags."""
    if page.raw.source.media_type != "text/html" or _lines_are_blocks(page):
        return "lines"
    return "" if _has_any(_PARAGRAPHS, page.text.text) else "empty lines"


def _lines_are_blocks(page: Page) -> bool:
    text = page.text.text
    if _has_any(_PARTS, text):
        return False
    return sum(len(line) > 80 and line.lstrip()[:1] != "<" for line in text.split("\n")) >= _FULL_LINES


def _has_any(tags: Sequence[str], text: str) -> bool:
    """Whether a text contains any of the tags; most pages write tags in lower case, so that is tried first."""
    if any(tag in text for tag in tags):
        return True
    lowered = text.lower()
    return any(tag in lowered for tag in tags)
