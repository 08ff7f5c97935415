"""A label and its value, set apart by style alone: ``<li><span>Onset</span><span>3 days</span></li>``."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.content.draft import Span
from pipeline.content.tags import Tags
from pipeline.markup.tokens import unescape

_LABEL = frozenset("label key term name title heading property attribute field caption dt".split())
_VALUE = frozenset("value val data desc description content text result dd".split())
_LABEL_WORDS, _VALUE_WORDS = 5, 12
_SHORTEST = 3  # letters of a label that no class names as such


def labelled(spans: list[Span], tops: list[int], holder: str, tags: Tags) -> list[Span]:
    """The spans of a block with a colon between a label and its value.

    ``tops`` are the numbers of the outermost inline elements around the spans, -1 outside of any: two elements, and
    nothing beside them, make a label and a value. ``holder`` is the name of the element that holds the block.
    """
    distinct = list(dict.fromkeys(tops))
    if len(distinct) != 2 or min(distinct) < 0 or tops != sorted(tops, key=distinct.index):
        return spans
    at = tops.index(distinct[1])
    label, value = (_said(half, tags) for half in (spans[:at], spans[at:]))
    if not label or not value or len(label.split()) > _LABEL_WORDS or len(value.split()) > _VALUE_WORDS:
        return spans
    first, second = map(tags.class_words, distinct)
    if _LABEL.isdisjoint(first) or _VALUE.isdisjoint(second):
        apart = tags.source[spans[at - 1].end : tags.tokens[distinct[1]].start].rsplit(">", 1)[-1]
        if apart or holder == "p" or not label[0].isupper() or len(label) < _SHORTEST or not value[0].isalnum():
            return spans
    glue = " " if label[-1] in ":?!.,;–—-" else ": "
    return [*spans[:at], spans[at]._replace(glue=glue), *spans[at + 1 :]]


def _said(spans: Sequence[Span], tags: Tags) -> str:
    said = (tags.source[one.start : one.end] if one.text is None else one.text for one in spans)
    return unescape("".join(said)).strip()
