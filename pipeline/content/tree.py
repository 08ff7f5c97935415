"""Parse a page with markup into runs, with the exact source spans of its text.

Events come from a ``walk`` through the tags. A page that is nested too deep for that goes through libxml2, which never
sees the text: it gets the page's ``skeleton``. If text is lost, ``html.parser`` is tried, and if that loses text, too,
blocks are made from the tokens alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from pipeline.content import short_codes, skeleton
from pipeline.content.draft import Run, Span
from pipeline.content.runs import AS_USUAL, Reading, RunBuilder, line_spans
from pipeline.content.walk import walk
from pipeline.markup.element_names import BLOCK
from pipeline.markup.tokens import Token, start_tag, tokenize, unescape

Breaks = Literal["", "lines", "empty lines"]
_OF_PAGE = frozenset(("meta", "html", "time", "link"))
_LINK_KINDS = re.compile("canonical|license", re.I)
# Links to the start of a site, whose text is its name; links to authors, and properties that name them.
_HOME = ('href="/"', "href='/'")
_AUTHOR = ('rel="author"', "rel='author'", 'itemprop="author"', "itemprop='author'", 'author">', "author'>")
_MOST_LINKED = 20
_NEAR_HEAD = 10_000  # characters
_NAME_LENGTH = 80  # characters
_STRUCTURE = ("article", "section", "main")
_TELLS = _OF_PAGE.union(_STRUCTURE, ("title", "svg", "script"))  # elements with information about the page


@dataclass(frozen=True, slots=True)
class Parsed:
    """Runs of the page, the page's title, the attributes of its metadata elements, and its JSON-LD scripts.

    ``times`` are the dates of its ``time`` elements, with their places.
    """

    runs: list[Run]
    title: str
    meta: list[dict[str, str]]
    open_structure: bool  # article, section, main or body were opened and never closed
    scripts: tuple[str, ...] = ()
    times: tuple[tuple[int, str], ...] = ()
    text: str = ""
    tokens: Sequence[Token] = ()

    def brands(self, end: int) -> list[str]:
        """The texts of the links to the start of the site, which are its name, up to a place."""
        return list(_linked(self.text, self.tokens, _HOME, range(end)))

    def authors(self, start: int, end: int) -> list[str]:
        """Those that links or properties around the head of the article name as authors."""
        near = range(max(0, start - _NEAR_HEAD), end + _NEAR_HEAD)
        return list(_linked(self.text, self.tokens, _AUTHOR, near))


def parse(text: str, breaks: Breaks = "", reading: Reading = AS_USUAL) -> Parsed:
    """Read a page. ``breaks``: what separates blocks besides tags."""
    tokens = tokenize(text)
    runs = _runs(text, tokens, breaks, reading)
    telling = [token for token in tokens if token[3] in _TELLS]  # by its number a name is read faster
    scripts = tuple(_linked_data(text, telling))
    return Parsed(
        runs, _title(text, telling), _meta(text, telling), _open_structure(telling), scripts,
        tuple(_times(text, telling)), text, tokens,
    )  # fmt: skip


def _runs(text: str, tokens: Sequence[Token], breaks: Breaks, reading: Reading) -> list[Run]:
    dividers = short_codes.find(text)
    dividers = short_codes.with_empty_lines(text, dividers) if breaks == "empty lines" else dividers
    builder = RunBuilder(text, tokens, dividers, reading, lines=breaks == "lines")
    if walk(text, tokens, builder):
        return builder.runs
    tags = skeleton.skeleton(text, tokens, deep=True)
    wanted = [i for i, (kind, start, end, _) in enumerate(tokens) if kind == "text" and not text[start:end].isspace()]
    for read in (skeleton.read, skeleton.read_gently):
        builder = RunBuilder(text, tokens, dividers, reading, lines=breaks == "lines")
        read(tags, builder)
        if builder.seen == wanted:
            return builder.runs
    return list(_linear(text, tokens, bool(breaks)))


def _linear(text: str, tokens: Iterable[Token], lines: bool) -> Iterable[Run]:
    """The last resort: blocks from the order of the tokens alone."""
    spans: list[Span] = []
    for token in tokens:
        if token.kind == "text":
            pieces = line_spans(text, token.start, token.end) if lines else [(token.start, token.end)]
            for number, piece in enumerate(pieces):
                if number and spans:
                    yield Run("paragraph", tuple(spans))
                    spans = []
                spans.append(Span(*piece))
        elif token.name in BLOCK and spans:
            yield Run("paragraph", tuple(spans))
            spans = []
    if spans:
        yield Run("paragraph", tuple(spans))


def _title(text: str, tokens: Sequence[Token]) -> str:
    depth = 0
    for token in tokens:
        if token.name == "svg":
            depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if token.kind == "text" and token.name == "title" and not depth:
            return text[token.start : token.end]
    return ""


def _meta(text: str, tokens: Sequence[Token]) -> list[dict[str, str]]:
    return [
        {"": token.name, **start_tag(text[token.start : token.end])[1]}
        for token in tokens
        if token.name in _OF_PAGE and token.kind == "start"
        if token.name != "link" or _LINK_KINDS.search(text, token.start, token.end)
    ]


def _times(text: str, tokens: Sequence[Token]) -> Iterable[tuple[int, str]]:
    for token in tokens:
        if token.name == "time" and token.kind == "start":
            said = start_tag(text[token.start : token.end])[1].get("datetime", "")
            if said:
                yield token.start, said


def _linked(text: str, tokens: Sequence[Token], signs: Sequence[str], near: range) -> Iterable[str]:
    """Texts of the elements whose start tag has one of the signs, of those that are short."""
    found = [at for sign in signs for at in islice(_places(text, sign, near), _MOST_LINKED)]
    for at in sorted(found):
        number = bisect_right(tokens, at, key=lambda token: token.start) - 1
        if number < 0 or tokens[number].kind != "start":
            continue
        said = ""
        for kind, start, end, name in tokens[number + 1 : number + 12]:
            if kind == "end" and name == tokens[number].name:
                break
            said += text[start:end] if kind == "text" else ""
        if said.strip() and len(said) < _NAME_LENGTH:
            yield " ".join(unescape(said).split())


def _places(text: str, sign: str, near: range) -> Iterator[int]:
    at = text.find(sign, near.start, near.stop)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1, near.stop)


def _linked_data(text: str, tokens: Sequence[Token]) -> Iterable[str]:
    for tag, inside in pairwise(tokens):
        if inside.kind == "raw" and text.find("ld+json", tag.start, tag.end) >= 0:
            yield text[inside.start : inside.end]


def _open_structure(tokens: Sequence[Token]) -> bool:
    """Whether article, section or main stay open; body and html may be left open in valid HTML."""
    counts = dict.fromkeys(_STRUCTURE, 0)
    for token in tokens:
        if token.name in counts and token.kind in ("start", "end"):
            counts[token.name] += 1 if token.kind == "start" else -1
    return any(count > 0 for count in counts.values())
