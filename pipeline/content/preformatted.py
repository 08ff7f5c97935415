"""What a ``pre`` holds: code, which stays as it stands, or running text whose lines were kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.content.draft import Run, Span
from pipeline.content.elements import Element
from pipeline.lexicon.english import MINOR_WORDS
from pipeline.markup.tokens import unescape

_FENCE = "```"
_BACKTICKS = re.compile(r"^[ \t]*(`{3,})", re.M)
_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[A-Za-z][a-z'’-]*")
_CODE_SIGNS = re.compile(r"[{}\[\]<>=_$#\\|;*/+]")
_FEW_WORDS = 30  # of running text
_SMALL = 0.22  # share of small words in running text; code and listings have fewer
_SIGNS = 0.02  # share of characters that code is full of


def runs(source: str, spans: Sequence[Span], plain: bool, region: str, trail: tuple[Element, ...]) -> Iterator[Run]:
    """The blocks of a ``pre``; only a ``plain`` one may hold running text."""
    kept = [one._replace(rule="") if one.text is None and not one.rule else one._replace(text="") for one in spans]
    if all(one.text == "" for one in kept):
        return
    said = "".join(one.glue + (source[one.start : one.end] if one.text is None else one.text) for one in kept)
    if plain and is_prose(unescape(said)):
        yield from _paragraphs(source, kept, region, trail)
        return
    trimmed = _trimmed(source, kept)
    if not trimmed:
        return
    fence = _FENCE
    while any(len(found) >= len(fence) for found in _BACKTICKS.findall(said)):
        fence += "`"
    first, last = trimmed[0].start, trimmed[-1].end
    opening = Span(first, first, "", f"{fence}\n", "code_fence")
    closing = Span(last, last, "", f"\n{fence}", "code_fence")
    yield Run("code", (opening, *trimmed, closing), region=region, trail=trail)


def is_prose(text: str) -> bool:
    """Whether a text is sentences, by its small words and by how few signs of code it has.

    >>> is_prose("It is held that the brain clears waste at night. " * 6), is_prose("for x in y: z[x] = x; " * 9)
    (True, False)
    """
    words = _WORD.findall(text)
    if len(words) < _FEW_WORDS:
        return False
    small = sum(word.lower() in MINOR_WORDS for word in words)
    return small >= _SMALL * len(words) and len(_CODE_SIGNS.findall(text)) <= _SIGNS * len(text)


def _trimmed(source: str, spans: Sequence[Span]) -> list[Span]:
    """Without empty lines at its ends."""
    kept = list(spans)
    texts = [number for number, one in enumerate(kept) if one.text is None]
    first = next((number for number in texts if source[kept[number].start : kept[number].end].strip()), None)
    if first is None:
        return []
    # The first line begins behind the last line end before its text; its indentation is of it.
    before = [number for number in texts if number <= first]
    for number in reversed(before):
        start, end, _, _, rule = kept[number]
        blank = end if number < first else start + len(source[start:end]) - len(source[start:end].lstrip())
        line = source.rfind("\n", start, blank) + 1
        if line:
            kept[number] = Span(line, end, "", None, rule) if line < end else Span(start, end, "", "", "whitespace")
            for blanks in before[: before.index(number)]:
                kept[blanks] = kept[blanks]._replace(glue="", text="", rule="whitespace")
            break
    else:
        kept[before[0]] = kept[before[0]]._replace(glue="")
    for number in reversed(range(len(kept))):
        start, end, glue, text, rule = kept[number]
        if text is not None:
            continue
        end = start + len(source[start:end].rstrip())
        if start < end:
            kept[number] = Span(start, end, glue, None, rule)
            break
        kept[number] = Span(start, end, "", "", "whitespace")
    return kept if any(one.text is None for one in kept) else []


def _paragraphs(source: str, spans: Sequence[Span], region: str, trail: tuple[Element, ...]) -> Iterator[Run]:
    """The lines between empty lines as paragraphs."""
    lines: list[Span] = []
    for start, end, _, text, _ in spans:
        if text is not None:
            continue
        at = start
        for found in _LINE.finditer(source, start, end):
            if source.count("\n", at, found.start()) > 1 or not found[0].strip():
                yield from _paragraph(lines, region, trail)
                lines = []
            if found[0].strip():
                lines += [Span(found.start(), found.start())] if lines else []
                lines.append(Span(*found.span()))
            at = found.end()
    yield from _paragraph(lines, region, trail)


def _paragraph(lines: Sequence[Span], region: str, trail: tuple[Element, ...]) -> Iterator[Run]:
    if lines:
        yield Run("paragraph", tuple(lines), region=region, trail=trail)
