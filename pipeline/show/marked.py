"""A clean text, split into unchanged and edited pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.edits import Edit

PLAIN = frozenset(("markup", "whitespace", "character_reference", "plain_spaces"))  # every page has such edits


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of the clean text. ``number`` is the index of its edit in the document's log, -1 without one."""

    text: str
    edit: Edit | None = None
    number: int = -1


def is_plain(edit: Edit) -> bool:
    """Whether an edit only takes out markup or evens white space."""
    return edit.status != "flagged" and set(edit.rule.split("+")) <= PLAIN


def pieces(text: str, edits: Sequence[tuple[int, Edit]], start: int, end: int) -> Iterator[Piece]:
    """Pieces of ``text[start:end]``; ``edits`` are numbered and lie in it, in the order of the text.

    A flagged edit whose words another edit changed has no piece of its own.
    """
    at = start
    for number, edit in edits:
        if edit.start < at or edit.end > end:
            continue
        if edit.start > at:
            yield Piece(text[at : edit.start])
        yield Piece(text[edit.start : edit.end], edit, number)
        at = edit.end
    if at < end:
        yield Piece(text[at:end])


def by_span(edits: Iterable[Edit], spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, Edit]]]:
    """Numbered edits by the span of the text that they lie in; those between two spans belong to the later.

    There is one list more than spans: the last holds the edits after all of them.
    """
    found: list[list[tuple[int, Edit]]] = [[] for _ in range(len(spans) + 1)]
    ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
    index = 0
    for number, edit in ordered:
        while index < len(spans) and edit.start >= spans[index][1] and edit.end > spans[index][1]:
            index += 1
        found[index].append((number, edit))
    return found
