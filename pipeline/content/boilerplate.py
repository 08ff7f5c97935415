"""Drop boilerplate: blocks that match a rule, and lines of links below the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.content.dates import is_date_line
from pipeline.content.draft import Part
from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, word_count
from pipeline.rules.kinds import BlockRule

_LABEL = 12  # words; a longer line or a whole sentence in a link is text
_LONGEST = 600  # characters of a line that a rule may drop
_SHORT_SENTENCE = 3  # words
_BODY = 15  # words; a paragraph at least this long is running text


def drop_boilerplate(layout: Layout, rules: tuple[BlockRule, ...], kind: str = "") -> Layout:
    """Drop every block that a boilerplate rule matches where the rule applies, and lines of links.

    Pages of other kinds than article keep lines of links, which may be their content.
    """
    texts, head, tail = _read(layout)
    for rule in rules:
        found = _matching(layout, texts, rule, head, tail) if texts else []
        found = found if rule.section else [index for index in found if not _heads_text(layout, texts, index, found)]
        if found:
            layout = layout.drop(found, rule.id, rule.reason)
            texts, head, tail = _read(layout)
    if kind not in ("", "article"):
        return layout
    # On a page with little running text, the links may be the content.
    last = max((i for i, text in enumerate(texts) if word_count(text) >= _BODY), default=-1)
    below = range(max(head + 1, last + 1), len(texts))
    links = [i for i in below if _is_link_line(layout, layout.parts[i])]
    return layout.drop(links, "link_line", "a line of links below the text")


def drop_date_lines(layout: Layout, date: str) -> Layout:
    """Drop lines above the text that say its date and nothing else; one without a year must say that day and month."""
    texts, head, _ = _read(layout)
    titles = {
        index for index in range(head) if layout.parts[index].kind == "heading" and layout.parts[index].level == 1
    }
    found = [index for index in range(head) if index not in titles and is_date_line(texts[index], date)]
    return layout.drop(found, "date_of_article", "the date of the article, which is in the metadata")


def _is_link_line(layout: Layout, part: Part) -> bool:
    text = layout.of(part)
    label = word_count(text) < _LABEL and not ends_sentence(text)
    return part.kind != "heading" and part.link_share > 0.8 and label


def _matching(layout: Layout, texts: Sequence[str], rule: BlockRule, head: int, tail: int) -> list[int]:
    """Indices of the parts that a rule drops: its matches and, for a section rule, the short lines below them."""
    last = len(texts) - 1
    places = {"anywhere": range(last + 1), "head": range(head), "tail": range(tail, last + 1), "end": (last,)}
    matches = rule.match.fullmatch
    found = [index for index in places[rule.where] if len(texts[index]) <= _LONGEST and matches(texts[index])]
    if rule.section:
        found = sorted({index for first in found for index in _section(layout, texts, first)})
    return found


def _heads_text(layout: Layout, texts: Sequence[str], index: int, found: Sequence[int]) -> bool:
    """Whether a block that matches a rule names the text below it: as a heading, or as one of several such labels.

    A timeline or a diary has a date above each of its entries, and a section may be about a network or about print.
    """
    if index + 1 >= len(texts) or not _is_sentence(texts[index + 1]) or word_count(texts[index]) > _LABEL:
        return False
    labels = {texts[one] for one in found if one + 1 < len(texts) and _is_sentence(texts[one + 1])}
    return layout.parts[index].kind == "heading" or len(labels) > 1


def _is_sentence(text: str) -> bool:
    return ends_sentence(text) and word_count(text) > _SHORT_SENTENCE


def _section(layout: Layout, texts: Sequence[str], first: int) -> Iterator[int]:
    yield first
    for index in range(first + 1, len(texts)):
        text = texts[index]
        if layout.parts[index].kind == "heading" or word_count(text) > _LABEL or ends_sentence(text):
            break
        yield index


def _read(layout: Layout) -> tuple[list[str], int, int]:
    """Texts of the parts, end of the head (the first long paragraph), and start of the tail (after the third-last)."""
    texts = [layout.of(part) for part in layout.parts]
    long = [index for index, text in enumerate(texts) if word_count(text) >= _BODY]
    if not long:
        return texts, len(texts), 0
    return texts, long[0], long[-3] + 1 if len(long) > 3 else min(1, len(texts))
