"""Boilerplate lines, by rule, and regions of a page that are never its article."""

from __future__ import annotations

from pipeline.content.layout import Layout, Part
from pipeline.content.words import ends_sentence, words
from pipeline.rules import BlockRule

_LABEL = 12  # words; a longer line or a whole sentence in a link is text
_LONGEST = 600  # characters of a line that a rule may drop
_BODY = 15  # words; a paragraph at least this long is running text


def drop_boilerplate(layout: Layout, rules: tuple[BlockRule, ...]) -> Layout:
    """Drop every block that a boilerplate rule matches where the rule applies, and lines that are links."""
    head, tail = _ends(layout)
    for rule in rules:
        found = _matching(layout, rule, head, tail)
        if found:
            layout = layout.drop(found, rule.id, rule.reason)
            head, tail = _ends(layout)
    # Where little runs on, the links may be what the page is about.
    links = [i for i, part in enumerate(layout.parts) if head < i and i >= tail and _is_link_line(layout, part)]
    return layout.drop(links, "link_line", "a line of links below the text")


def _is_link_line(layout: Layout, part: Part) -> bool:
    text = layout.of(part)
    label = len(words(text)) < _LABEL and not ends_sentence(text)
    return part.kind != "heading" and part.link_share > 0.8 and label


def _matching(layout: Layout, rule: BlockRule, head: int, tail: int) -> list[int]:
    found: list[int] = []
    in_section = False
    places = {
        "anywhere": range(len(layout.parts)),
        "head": range(head),
        "tail": range(tail, len(layout.parts)),
        "end": range(len(layout.parts) - 1, len(layout.parts)),
    }
    for index, part in enumerate(layout.parts):
        allowed = index in places[rule.where] and part.end - part.start <= _LONGEST
        if not allowed and not in_section:
            continue
        text = layout.of(part)
        if in_section and (part.kind == "heading" or len(words(text)) > 12 or ends_sentence(text)):
            in_section = False
        if allowed and rule.match.fullmatch(text):
            found.append(index)
            in_section = rule.section
        elif in_section:
            found.append(index)
    return found


def _ends(layout: Layout) -> tuple[int, int]:
    """Index of the first long paragraph, and the index behind the last one but two."""
    long = [i for i, part in enumerate(layout.parts) if len(words(layout.of(part))) >= _BODY]
    if not long:
        return len(layout.parts), 0
    return long[0], long[-3] + 1 if len(long) > 3 else min(1, len(layout.parts))
