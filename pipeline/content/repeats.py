"""Text that a page prints twice: the title above the title, the teaser above the first paragraph."""

from __future__ import annotations

from pipeline.content.layout import Layout
from pipeline.content.words import key, words

_TOP = 8  # parts in which a teaser may stand
_REACH = 8  # parts below it in which its sentence is looked for


def drop_repeats(layout: Layout) -> Layout:
    """Drop the second copy of a title, a teaser that a paragraph repeats, and paragraphs said twice."""
    layout = layout.drop(_titles(layout), "repeated_title", "the title stands above already")
    layout = layout.drop(_teasers(layout), "repeated_teaser", "a paragraph below says the same words")
    return layout.drop(_copies(layout), "repeated_paragraph", "this paragraph stands above already")


def _titles(layout: Layout) -> list[int]:
    if not layout.parts:
        return []
    first = layout.parts[0]
    title = key(layout.of(first))
    if first.kind != "heading" or not title:
        return []
    # The copy is short too: a paragraph that is nothing but the title.
    return [i for i, part in enumerate(layout.parts) if i and key(layout.of(part)) == title]


def _teasers(layout: Layout) -> list[int]:
    teasers = []
    for index, part in enumerate(layout.parts[:_TOP]):
        text = layout.of(part)
        if part.kind != "paragraph" or len(words(text)) < 6:
            continue
        below = layout.parts[index + 1 : index + 1 + _REACH]
        if any(_says(layout.of(other), text) for other in below if other.kind == "paragraph"):
            teasers.append(index)
    return teasers


def _says(paragraph: str, teaser: str) -> bool:
    """Whether a longer paragraph contains the whole teaser, which may end in an ellipsis."""
    wanted = key(teaser)
    return len(key(paragraph)) > len(wanted) and wanted in key(paragraph)


def _copies(layout: Layout) -> list[int]:
    seen: set[str] = set()
    copies = []
    for index, part in enumerate(layout.parts):
        text = key(layout.of(part))
        if part.kind == "paragraph" and len(words(layout.of(part))) >= 12:
            if text in seen:
                copies.append(index)
            seen.add(text)
    return copies
