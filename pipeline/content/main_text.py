"""Main-content extraction: which blocks of a page are kept, by classifying each block.

Two stacked models of gradient-boosted trees (``boosting``) give each block a probability: the first sees the block, its
ancestors and its page (``features``), the second also what the first said of the other blocks, and how likely the page
is of each kind, which a third model says. Blocks are kept from a threshold on: on articles a fixed one, on other pages
the one that maximizes the expected F1 of words, between them as likely as the page is an article; lower on small pages.
Then structures correct the choice (``structures``). Plain pages lose only the regions in ``OUTSIDE``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.content import structures
from pipeline.content.boosting import Trees, load, logistic
from pipeline.content.consent import consents
from pipeline.content.draft import Blocks, Draft, Drop, Part
from pipeline.content.features import Features, Floats, features, with_neighbours
from pipeline.content.page_kind import KINDS, page_kinds, page_row
from pipeline.content.page_parts import PagePart, page_parts
from pipeline.content.sureness import expected_f1, sureness_row
from pipeline.content.words import ends_sentence, word_count
from pipeline.records import BlockPart

MODELS = Path(__file__).parents[1] / "models" / "content"
OUTSIDE = {  # regions that are never main text, and why
    "title": "the page title of the head",
    "navigation": "navigation",
    "footer": "page footer",
    "form": "a form or button",
    "hidden": "not shown to readers",
    "dialog": "a dialog over the page",
}
_IN_LINES = frozenset(("table", "code"))  # kinds that are judged line by line
_FULL_PAGE = 12  # blocks; a smaller page is not classified
_OF_SHELL = 0.4  # probability; what is less likely is no text of a page that looks like a shell
_FEW_LINKS = 0.1  # of the words
_MOSTLY_LINKED = 0.5
_MOST_SHARE = 0.6  # of the words; a region with more is kept
_LONG, _SHORT = 12, 5  # words of a sentence
# Chosen on sets that taught the model nothing: around an article stand texts that look like it, on a small page hardly.
_ARTICLE_THRESHOLD, _SMALL_THRESHOLD = 0.7, 0.35
_ROOMY = 40  # blocks; between this and a full page the threshold rises
_LIKELY = 0.5  # of a kind of page
_OF_FORUM = 0.25  # probability; the comments of a page that may as well be a forum are its text
_MIN_THRESHOLD, _MAX_THRESHOLD = 0.25, 0.6  # bounds of the threshold for other pages


class MainText(NamedTuple):
    """What is kept of a page: its draft, the kind of the page (empty where none was told), and how sure the choice is.

    ``expected_f1`` is the F1 of words to be expected, 0 to 1; 1 where nothing was chosen.
    """

    draft: Draft
    kind: str = ""
    expected_f1: float = 1.0


def keep_main_text(draft: Draft, title: str, description: str, *, comments: bool = False) -> MainText:
    """Drop the blocks that are not main content, but for comments if they are asked for.

    ``title`` and ``description`` are from the page's metadata. Small pages and plain documents are not chosen from.
    """
    draft = draft.drop(structures.contents(draft), "table_of_contents", "a table of contents", 0.9)
    draft = draft.drop(consents(draft, title), "consent_text", "a text that asks for consent", 0.9)
    chosen = None if _is_plain(draft) else choose(draft, title, description)
    if chosen is None:
        return MainText(_without_regions(draft))
    expected = expected_f1(load_model("sureness"), chosen.row)
    return MainText(_kept(chosen, draft, comments), KINDS[int(chosen.kinds.argmax())], expected)


class Chosen(NamedTuple):
    """A choice of blocks: what each would be outside the main text, the probable kinds of the page."""

    choice: structures.Choice
    found: Sequence[PagePart]
    kinds: Floats

    @property
    def row(self) -> Floats:
        """What tells how good the choice is."""
        return sureness_row(self.choice.probs, self.choice.words, self.choice.keep, self.kinds)


def choose(draft: Draft, title: str, description: str) -> Chosen | None:
    """Which blocks are kept: those above the threshold, as structures correct it; a shell may keep none.

    None where a page has so few blocks that nothing is chosen.
    """
    parted, owners = units(draft)
    page = features(parted, title, description)
    probs, kinds = probabilities(page)
    if len(draft.parts) < _FULL_PAGE and not (probs.max() < _OF_SHELL and _is_shell(draft)):
        return None
    article, forum = (float(kinds[KINDS.index(name)]) for name in ("article", "forum"))
    number = len(draft.parts)
    words = np.maximum(np.bincount(owners, page.counts, number), 1).astype(np.float32)
    own = _together(probs, page.counts, owners, number)
    judged = structures.by_lists(draft.parts, own, words) if article >= _LIKELY else own
    bound = _bound(draft, probs, page.counts, judged, article)
    keep = [bool(one) and part.region != "title" for one, part in zip(judged >= bound, draft.parts, strict=True)]
    choice = structures.Choice(draft, own, words, keep, frozenset((*OUTSIDE, "title")))
    found = page_parts(draft.parts)
    if article >= _LIKELY:
        structures.correct(choice)
        if forum < _OF_FORUM:
            structures.drop_comments(choice, found)
    else:
        structures.keep_headings(choice)
        structures.keep_title(choice)
    return Chosen(choice, found, kinds)


def _kept(chosen: Chosen, draft: Draft, comments: bool) -> Draft:
    """The draft with what was chosen, each part with its probability, and comments if they are asked for."""
    choice, found, _ = chosen
    parts = list(draft.parts)
    why: dict[int, Drop] = {}
    for index, (part, probability) in enumerate(zip(draft.parts, choice.probs.tolist(), strict=True)):
        is_comment = comments and found[index] == "comment" and _says_something(draft, part)
        if choice.keep[index] or is_comment:
            kept_as: BlockPart = "body" if choice.keep[index] else "comment"
            parts[index] = part._replace(part=kept_as, probability=round(probability, 3))
        else:
            reason = f"outside the main text ({found[index]}); probability of main text {probability:.2f}"
            why[index] = Drop("not_main_text", reason, round(1 - probability, 3))
    return replace(draft, parts=tuple(parts)).drop_each(why)


def _says_something(blocks: Blocks, part: Part) -> bool:
    """Whether a block among comments is a comment, and not a name, a date or a button."""
    said = blocks.of(part)
    return part.link_share < _MOSTLY_LINKED and (ends_sentence(said) or word_count(said) >= _SHORT)


def units(draft: Draft) -> tuple[Draft, list[int]]:
    """What the model judges: the rows of tables and the lines of code one by one, and which part each is of."""
    if not any(part.kind in _IN_LINES for part in draft.parts):
        return draft, list(range(len(draft.parts)))
    parts: list[Part] = []
    owners: list[int] = []
    for index, part in enumerate(draft.parts):
        if part.kind in _IN_LINES:
            lines = [part._replace(start=start, end=end) for start, end in _lines(draft, part)] or [part]
        else:
            lines = [part]
        parts += lines
        owners += [index] * len(lines)
    return replace(draft, parts=tuple(parts)), owners


def _lines(draft: Draft, part: Part) -> Iterator[tuple[int, int]]:
    at = part.start
    lines = draft.of(part).split("\n")
    for number, line in enumerate(lines):
        fence = part.kind == "code" and number in (0, len(lines) - 1)
        if line.strip() and not fence:
            yield at, at + len(line)
        at += len(line) + 1


def probabilities(page: Features) -> tuple[Floats, Floats]:
    """The probability that each block is main content, and of each of ``KINDS`` that it is the page's."""
    alone = logistic(load_model("first").sums(page.rows))
    kinds = page_kinds(load_model("kind"), page_row(page, alone))
    wide = with_neighbours(page, alone, kinds)
    return np.asarray((alone + logistic(load_model("second").sums(wide))) / 2, np.float32), kinds


def best_threshold(probs: Floats, counts: Floats) -> float:
    """The threshold that maximizes the expected F1 of words, within bounds."""
    order = np.argsort(-probs, kind="stable")
    hoped = counts * probs
    expected = 2 * np.cumsum(hoped[order]) / np.maximum(np.cumsum(counts[order]) + hoped.sum(), 1e-9)
    return min(max(float(probs[order][np.argmax(expected)]), _MIN_THRESHOLD), _MAX_THRESHOLD)


@cache
def load_model(name: str) -> Trees:
    """A model by its name: of blocks (first, second), of kinds, or of sureness."""
    return load(MODELS / f"{name}.tsv")


def _bound(blocks: Blocks, probs: Floats, counts: Floats, judged: Floats, article: float) -> float:
    """The least probability of a kept block; half the best one's where none reaches it and the page is no shell.

    Between that of an article and the best of other pages, as likely as the page is one; lower where it has few blocks.
    """
    room = min(max((len(blocks.parts) - _FULL_PAGE) / (_ROOMY - _FULL_PAGE), 0.0), 1.0)
    bound = article * _ARTICLE_THRESHOLD + (1 - article) * best_threshold(probs, counts)
    bound = min(bound, _SMALL_THRESHOLD + room * (bound - _SMALL_THRESHOLD))
    return float(judged.max()) / 2 if judged.max() < bound and not _is_shell(blocks) else bound


def _together(probs: Floats, counts: Floats, owners: list[int], number: int) -> Floats:
    """The probability of each block: the mean of its units, by their words."""
    weights = np.maximum(counts, 1)
    sums = np.bincount(owners, probs * weights, number) / np.maximum(np.bincount(owners, weights, number), 1)
    return np.asarray(sums, np.float32)


def _is_shell(blocks: Blocks) -> bool:
    """Whether a page has named elements but not one sentence, as a script was to load its text."""
    return all(part.region in ("noscript", "title") for part in blocks.parts) or (
        _is_named(blocks) and not _has_sentences(blocks)
    )


def _is_named(blocks: Blocks) -> bool:
    """Whether any element has a known keyword in its class or id."""
    seen: set[int] = set()
    for part in blocks.parts:
        for element in reversed(part.trail):
            if element.number in seen:
                break  # and so are those around it
            if element.marks:
                return True
            seen.add(element.number)
    return False


def _has_sentences(blocks: Blocks) -> bool:
    """Whether a long sentence, or two short ones, or code or a table stand in the page itself."""
    if any(part.kind in ("code", "table") for part in blocks.parts):
        return True
    own = (part for part in blocks.parts if part.region in ("", "header") and part.link_share < 0.5)
    sizes = [word_count(blocks.of(part)) for part in own if ends_sentence(blocks.of(part))]
    return any(size >= _LONG for size in sizes) or sum(size >= _SHORT for size in sizes) > 1


def _is_plain(blocks: Blocks) -> bool:
    """Whether a page has no regions or class keywords and hardly any links: a document, not a page of a site."""
    if any(part.region not in ("", "title") for part in blocks.parts) or _is_named(blocks):
        return False
    counts = [word_count(blocks.of(part)) for part in blocks.parts]
    linked = sum(count * part.link_share for count, part in zip(counts, blocks.parts, strict=True))
    return linked <= _FEW_LINKS * sum(counts)


def _without_regions(draft: Draft) -> Draft:
    for region, reason in OUTSIDE.items():
        gone = _in_region(draft, region)
        if not _is_most(draft, gone):
            draft = draft.drop(gone, f"region_{region}", reason)
    return draft


def _in_region(blocks: Blocks, region: str) -> list[int]:
    return [index for index, part in enumerate(blocks.parts) if part.region == region]


def _is_most(blocks: Blocks, indices: list[int]) -> bool:
    """Whether parts hold most of the words: pages hide their text until a script has run, or are one form."""
    counts = [word_count(blocks.of(part)) for part in blocks.parts]
    inside = sum(counts[index] for index in indices)
    return inside > _MOST_SHARE * sum(counts) and inside > 50
