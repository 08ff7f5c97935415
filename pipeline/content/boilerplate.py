"""Drop boilerplate: blocks that match a rule, and lines of links below the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.content.draft import Part
from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, word_count
from pipeline.rules.kinds import BlockRule

_LABEL = 12  # words; a longer line or a whole sentence in a link is text
_LONGEST = 600  # characters of a line that a rule may drop
_BODY = 15  # words; a paragraph at least this long is running text


def drop_boilerplate(layout: Layout, rules: tuple[BlockRule, ...], kind: str = "") -> Layout:
    """Drop every block that a boilerplate rule matches where the rule applies, and lines of links.

    Pages of other kinds than article keep lines of links, which may be their content.
    """
    texts, head, tail = _read(layout)
    for rule in rules:
        found = _matching(layout, texts, rule, head, tail) if texts else []
        if found:
            layout = layout.drop(found, rule.id, rule.reason)
            texts, head, tail = _read(layout)
    if kind not in ("", "article"):
        return layout
    # On a page with little running text, the links may be the content.
    links = [i for i, part in enumerate(layout.parts) if head < i and i >= tail and _is_link_line(layout, part)]
    return layout.drop(links, "link_line", "a line of links below the text")


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
