"""Normalize characters, spaces, words and case: first the passes in ``CHARACTERS``, then those in ``WORDS``.

Each pass returns changes; only those for characters may touch a protected span. Passes for words and case work on
English text only. The offsets of blocks are updated after each pass.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from pipeline.edits import Change, TracedText, in_order, moved
from pipeline.errors import DocumentError
from pipeline.markup import latex
from pipeline.normalize import evidence
from pipeline.normalize.casing import capital_at_sentence_start, capitals_in_headings
from pipeline.normalize.characters import (
    decode_symbols,
    fix_encoding,
    plain_spaces,
    remove_invisible,
    resolve_references,
    turn_quotes,
)
from pipeline.normalize.glue import split_glued
from pipeline.normalize.spacing import drop_citation_marks, no_space_before_marks, space_after_marks
from pipeline.normalize.synonyms import unspin
from pipeline.normalize.text import Pass, Passage
from pipeline.normalize.wording import reword
from pipeline.records import BLOCK_SEPARATOR, Article, Block, CleanArticle, Metadata
from pipeline.rules.kinds import Rules

STAGE = "normalize"
_UNTOUCHED = frozenset(("code", "formula"))
CHARACTERS: tuple[Pass, ...] = (
    resolve_references,
    fix_encoding,
    decode_symbols,
    remove_invisible,
    plain_spaces,
    turn_quotes,
)
WORDS: tuple[Pass, ...] = (
    no_space_before_marks, drop_citation_marks, space_after_marks, split_glued, reword, unspin,
    capital_at_sentence_start, capitals_in_headings,
)  # fmt: skip


def normalize(article: Article, rules: Rules) -> CleanArticle:
    """Return the article with normalized text, and whether it looks spun.

    Raises:
        DocumentError: no visible character is left.
    """
    english = article.metadata.language in ("en", "")
    given = Passage(article.text.text, article.blocks, rules, english, spun=False)
    text, blocks = article.text, article.blocks
    for one in CHARACTERS:
        text, blocks = _pass(one, text, blocks, given)
    text, blocks = _without_empty(text, blocks)
    if not text.text.strip():
        raise DocumentError("there is no text in it but invisible characters")
    found = evidence.weigh(_passage(text, blocks, given))
    judged = replace(given, spun=found.spun, families=found.families)
    for one in WORDS:
        text, blocks = _pass(one, text, blocks, judged)
    known = _metadata(article, text.text, blocks)
    return CleanArticle(article, text, blocks, known, found.score, found.family)


def _passage(text: TracedText, blocks: tuple[Block, ...], like: Passage) -> Passage:
    return replace(like, text=text.text, blocks=blocks)


def _pass(
    one: Pass, text: TracedText, blocks: tuple[Block, ...], like: Passage
) -> tuple[TracedText, tuple[Block, ...]]:
    changes = _allowed(one(_passage(text, blocks, like)), text.text, blocks)
    while one is unspin and (applied := [change for change in changes if change.status == "applied"]):
        # A restored word is new context for its neighbours, which may be restored in turn.
        text, blocks = text.apply(applied, STAGE), _followed(blocks, applied)
        changes = _allowed(one(_passage(text, blocks, like)), text.text, blocks)
    if not changes:
        return text, blocks
    return text.apply(changes, STAGE), _followed(blocks, changes)


def _allowed(changes: list[Change], text: str, blocks: tuple[Block, ...]) -> list[Change]:
    """Changes outside of code and formulas, which stay as they are."""
    kept = [(block.start, block.end) for block in blocks if block.kind in _UNTOUCHED]
    kept += latex.spans(text)
    if not kept or not changes:
        return changes
    kept.sort()
    starts = [start for start, _ in kept]
    ends = list(accumulate((end for _, end in kept), max))  # what looks like a formula may stand in code

    def free(change: Change) -> bool:
        at = bisect_right(starts, max(change.end - 1, change.start)) - 1
        return at < 0 or ends[at] <= change.start or change.start == change.end == starts[at]

    return [change for change in changes if free(change)]


def _followed(blocks: tuple[Block, ...], changes: list[Change]) -> tuple[Block, ...]:
    applied = in_order(change for change in changes if change.status != "flagged")
    spans = moved([(block.start, block.end) for block in blocks], applied)
    return tuple(replace(block, start=start, end=end) for block, (start, end) in zip(blocks, spans, strict=True))


def _without_empty(text: TracedText, blocks: tuple[Block, ...]) -> tuple[TracedText, tuple[Block, ...]]:
    """Blocks that held nothing but invisible characters go, with one separator each."""
    kept = tuple(block for block in blocks if block.end > block.start)
    if len(kept) == len(blocks) or not kept:
        return text, blocks
    changes = []
    last = blocks.index(kept[-1])
    for number, block in enumerate(blocks):
        if block.end > block.start:
            continue
        # With the separator behind it; of those at the end, with the one before.
        start, end = (block.start, block.end + len(BLOCK_SEPARATOR))
        if number > last:
            start, end = block.start - len(BLOCK_SEPARATOR), block.end
        changes.append(Change(start, end, "", "empty_block", "a block without visible characters"))
    return text.apply(changes, STAGE), _followed(kept, changes)


def _metadata(article: Article, text: str, blocks: tuple[Block, ...]) -> Metadata:
    """The metadata, with the title as its heading reads now, if the text contains it."""
    title = article.metadata.title
    for old, new in zip(article.blocks, blocks, strict=False):
        if old.kind == "heading" and article.text.text[old.start : old.end] == title:
            title = text[new.start : new.end]
            break
    return replace(article.metadata, title=" ".join(title.split()))
