"""What a ``pre`` holds: code, which stays as it stands, or running text whose lines were kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.content.draft import Run, Span
from pipeline.content.elements import Element, read_tag
from pipeline.content.tags import Tags
from pipeline.lexicon.english import MINOR_WORDS
from pipeline.markup.element_names import VOID
from pipeline.markup.tokens import unescape

_LINES = frozenset(("div", "p", "li", "tr"))  # elements that a line is written in
_OF_LINES = _LINES | {"table", "thead", "tbody", "td", "th", "ol", "ul", "colgroup", "col"}
_LEFT_OUT = frozenset(("line_number", "copy_button", "hidden_text"))
_NUMBERS = re.compile(r"[\d\s.:|]*")
_FENCE = "```"
_BACKTICKS = re.compile(r"^[ \t]*(`{3,})", re.M)
_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[A-Za-z][a-z'’-]*")
_CODE_SIGNS = re.compile(r"[{}\[\]<>=_$#\\|;*/+]")
_FEW_WORDS = 30  # of running text
_SMALL = 0.22  # share of small words in running text; code and listings have fewer
_SIGNS = 0.02  # share of characters that code is full of


def read(tags: Tags, number: int, end: int, around: str = "") -> list[Span]:
    """The spans of what stands between the tags of a ``pre``, by their numbers; ``around`` is the aside that it is in.

    Elements of lines end them where the text does not; numbers of lines and controls are left out.
    """
    reader = _Lines()
    # Names, rules by which their text is left out, and where they began.
    opened: list[tuple[str, str, int]] = [("", around if around in _LEFT_OUT else "", 0)]
    for nth in range(number + 1, end):
        kind, start, stop, name = tags.tokens[nth]
        if kind == "text":
            between = tags.tokens[nth - 1].name in _OF_LINES and tags.tokens[nth + 1].name in _OF_LINES
            said = tags.source[start:stop]
            reader.add(start, stop, said, opened[-1][1], between=between and said.isspace())
        elif name == "br" and kind == "start":
            reader.pending += "\n"
        elif kind == "start" and name not in VOID:
            rule = opened[-1][1] or _left_out(tags.tag(nth), name)
            if name in _LINES and not rule:
                reader.end_line()
            opened.append((name, rule, reader.length))
        elif kind == "end" and any(one[0] == name for one in opened):
            while (last := opened.pop())[0] != name:
                pass
            if name in _LINES and not last[1]:
                reader.end_line(blank=reader.length == last[2])
    return reader.spans


def _left_out(tag: str, name: str) -> str:
    """The rule by which the text of an element of code is left out; numbers of lines must be such, too."""
    if name in ("button", "svg", "template"):
        return "copy_button"
    found = read_tag(tag).aside
    return found if found in _LEFT_OUT else ""


class _Lines:
    """Spans of code, with the line ends that its elements stand for."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.length = 0  # characters so far, but for line ends that wait
        self.pending = ""
        self._at_line_start = True

    def add(self, start: int, stop: int, said: str, rule: str, *, between: bool) -> None:
        """Add a text; what is ``between`` elements of lines is at most the end of one."""
        if rule and (rule != "line_number" or _NUMBERS.fullmatch(said)):
            self.spans.append(Span(start, stop, "", "", rule))
            return
        if between:
            self.pending = self.pending or ("\n" if "\n" in said and not self._at_line_start else "")
            self.spans.append(Span(start, stop, "", "", "whitespace"))
            return
        self.spans.append(Span(start, stop, self.pending))
        self.length += len(self.pending) + stop - start
        self.pending = ""
        self._at_line_start = said.endswith("\n")

    def end_line(self, *, blank: bool = False) -> None:
        """A line begins or ends here; a ``blank`` one has nothing in it."""
        if blank and not self.pending:
            self.pending = "\n" if self._at_line_start else "\n\n"
        elif blank:
            self.pending += "\n"
        elif not self.pending and not self._at_line_start:
            self.pending = "\n"


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
