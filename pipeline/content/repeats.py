"""Text that a page prints twice: the title above the title, the teaser above the first paragraph.

What counts is the text, never the kind of block: a list item or heading of a page is a line of its
clean text, and that must read the same when it comes back.
"""

from __future__ import annotations

from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, key, words

_TITLES = 6  # parts below the title in which its copy may stand
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
    first = layout.of(layout.parts[0])
    if (ends_sentence(first) and not first.endswith(("?", "!"))) or len(words(first)) < 2:
        return []
    return [i for i, part in enumerate(layout.parts[: _TITLES + 1]) if i and key(layout.of(part)) == key(first)]


def _teasers(layout: Layout) -> list[int]:
    teasers = []
    for index, part in enumerate(layout.parts[:_TOP]):
        text = layout.of(part)
        if ends_sentence(text) and len(words(text)) >= 6:
            below = layout.parts[index + 1 : index + 1 + _REACH]
            if any(_says(layout.of(other), text) for other in below):
                teasers.append(index)
    return teasers


def _says(paragraph: str, teaser: str) -> bool:
    """Whether a longer paragraph contains the whole teaser."""
    wanted = key(teaser)
    return len(key(paragraph)) > len(wanted) and wanted in key(paragraph)


def _copies(layout: Layout) -> list[int]:
    seen: set[str] = set()
    copies = []
    for index, part in enumerate(layout.parts):
        text = layout.of(part)
        if len(words(text)) >= 12:
            if key(text) in seen:
                copies.append(index)
            seen.add(key(text))
    return copies
