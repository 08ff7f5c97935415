"""Text that a page prints twice: the title above the title, the teaser above the first paragraph.

Only the text counts, never the kind of block: clean text has plain lines for list items and headings, and must give
the same result when it is processed again.
"""

from __future__ import annotations

from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, key, word_count

_TITLES = 6  # parts below the title in which its copy may stand
_TOP = 8  # parts in which a teaser may stand
_BODY = 25  # words of a paragraph of running text
_QUOTED = 5  # words of a quotation that is no common phrase
_LONG = 12  # words of a paragraph that is not repeated on purpose
_START = 40  # characters that tell most paragraphs apart
_REACH = 8  # parts below a teaser that are searched for its sentence


def drop_repeats(layout: Layout) -> Layout:
    """Drop the second copy of a title, a teaser that a paragraph repeats, and paragraphs said twice."""
    layout = layout.drop(_titles(layout), "repeated_title", "the title stands above already")
    layout = layout.drop(_teasers(layout), "repeated_teaser", "a paragraph below says the same words")
    layout = layout.drop(_copies(layout), "repeated_paragraph", "this paragraph stands above already")
    return layout.drop(_pulled(layout), "pull_quote", "a quotation that the text itself says")


def _pulled(layout: Layout) -> list[int]:
    """Quotations whose words stand in a longer paragraph, as magazines pull them out of the text."""
    quotes = [index for index, part in enumerate(layout.parts) if part.kind == "quote"]
    if not quotes:
        return []
    said = [key(layout.of(part)) for part in layout.parts]
    return [
        index
        for index in quotes
        if word_count(layout.of(layout.parts[index])) >= _QUOTED
        and any(said[index] in other and said[index] != other for at, other in enumerate(said) if at not in quotes)
    ]


def _titles(layout: Layout) -> list[int]:
    if not layout.parts:
        return []
    first = layout.of(layout.parts[0])
    if (ends_sentence(first) and not first.endswith(("?", "!"))) or word_count(first) < 2:
        return []
    copies: list[int] = []
    for index, part in enumerate(layout.parts[1:], 1):
        if key(layout.of(part)) == key(first):
            copies.append(index)
        elif index - len(copies) > _TITLES:
            break
    return copies


def _teasers(layout: Layout) -> list[int]:
    """Sentences above the text that open a paragraph below; body text may repeat itself."""
    teasers = []
    for index, part in enumerate(layout.parts[:_TOP]):
        text = layout.of(part)
        if ends_sentence(text) and word_count(text) >= 6:
            below = layout.parts[index + 1 : index + 1 + _REACH]
            if any(_says(layout.of(other), text) for other in below):
                teasers.append(index)
            elif word_count(text) >= _BODY:
                break
    return teasers


def _says(paragraph: str, teaser: str) -> bool:
    """Whether a longer paragraph opens with the whole teaser."""
    return len(paragraph) > len(teaser) and key(paragraph).startswith(key(teaser)) and key(paragraph) != key(teaser)


def _copies(layout: Layout) -> list[int]:
    """Long paragraphs that repeat the block right before them, or the one before that; under a heading of its own a
    paragraph may say what another section says, too.
    """
    texts = [layout.of(part) for part in layout.parts]
    starts = [key(text[:_START]) if word_count(text) >= _LONG else "" for text in texts]
    return [
        index
        for index, start in enumerate(starts)
        if start
        if any(
            starts[j] == start and key(texts[j]) == key(texts[index])
            for j in range(max(0, index - 2), index)
            if j == index - 1 or ends_sentence(texts[index - 1]) or word_count(texts[index - 1]) >= _LONG
        )
    ]
