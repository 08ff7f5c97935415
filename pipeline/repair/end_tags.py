"""End tags that lost their slash: ``<h2>Why<h2>``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from pipeline.edits import Change
from pipeline.markup.element_names import BLOCK, HEADINGS, TEXT_ONLY
from pipeline.markup.tokens import Token

# Elements that make no sense right within themselves, so that a second start tag is an end.
_NEVER_NESTED = HEADINGS.union(
    """a abbr b button cite code em figcaption i label mark q s small strong sub sup u main nav header footer aside form
    figure table thead tbody select textarea title""".split()
)
_CELLS = frozenset(("td", "th"))
_ROW = frozenset(("td", "th", "tr", "tbody", "table"))
_NESTED = frozenset(("div", "span", "section", "article", "ul", "ol", "dl", "blockquote"))
_OPTIONAL = frozenset(("p", "li", "dt", "dd"))  # elements that need no end tag
_ALL = _OPTIONAL | _NEVER_NESTED | _CELLS | _NESTED
_ENOUGH = 3  # such end tags of the others, on a page where those of elements that nest are looked for, too
# The start tag again within such an element, but not in quotes, and with markup behind it.
_AGAIN = {name: re.compile(rf"(?<![\"'`])<{name}>(?=\s*(?:<[A-Za-z/!]|\Z))", re.I) for name in TEXT_ONLY}
_REASON = "an end tag that lost its slash"


def restore_slashes(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<h2>Why<h2>`` becomes ``<h2>Why</h2>``, on a page that opens more such elements than it closes.

    Where elements may nest, as ``div`` does, other end tags must have lost their slash, and what follows must tell.
    """
    lost = lost_slashes(tokens)
    swallowed = list(_in_raw_text(text, tokens))
    if not lost and not swallowed:
        return []
    starts = [token.start for token in _second_starts(text, tokens, lost)]
    if len(starts) + len(swallowed) >= _ENOUGH:
        starts += [token.start for token in _ends_of_nested(text, tokens, lost)]
    places = sorted({start + 1 for start in starts} | set(swallowed))
    return [Change(at, at, "/", "restore_slashes", _REASON, 0.9) for at in places]


def lost_slashes(tokens: Sequence[Token]) -> dict[str, int]:
    """How many end tags may have lost their slash, by name: each makes two start tags more than there are end tags."""
    counts = Counter(map(itemgetter(0, 3), tokens))
    lost = {name: (counts["start", name] - counts["end", name]) // 2 for name in _ALL}
    # A page need not close its cells; where it closes none, a start tag may well be of an empty cell.
    some = {
        name for name, number in lost.items() if number > 0 and (name not in _CELLS | _OPTIONAL or counts["end", name])
    }
    bare = {token.name for token in tokens if token.name in some and _is_bare(token)} if some else set()
    return {} if bare <= _OPTIONAL else {name: lost[name] for name in bare}


def _is_bare(token: Token) -> bool:
    """Whether a token is a start tag without attributes."""
    return token.kind == "start" and token.end - token.start == len(token.name) + 2


def _second_starts(text: str, tokens: Sequence[Token], lost: dict[str, int]) -> Iterator[Token]:
    """Start tags without attributes of an element that is open and holds something, and cells without a word."""
    places: dict[str, list[int]] = {name: [] for name in lost if name not in _NESTED | _OPTIONAL}
    for index, token in enumerate(tokens):
        # A heading may be closed as one of another level.
        names = HEADINGS if token.kind == "end" and token.name in HEADINGS else (token.name,)
        for name in names if token.kind in ("start", "end") else ():
            if name in places:
                places[name].append(index)
    for name, found in places.items():
        left, opened = lost[name], -1
        for index, following in pairwise([*found, -1]):
            token = tokens[index]
            if token.kind == "end":
                opened = -1
            elif left and _is_bare(token) and opened >= 0 and _is_second(text, tokens, index, opened, following):
                left, opened = left - 1, -1
                yield token
            else:
                opened = index


def _is_second(text: str, tokens: Sequence[Token], index: int, opened: int, following: int) -> bool:
    """Whether a start tag ends the element that an earlier one opened: its own end does not follow."""
    if tokens[index].name in _CELLS:
        return _next(text, tokens, index).lstrip("/") in _ROW
    holds = index > opened + 1 or not _is_bare(tokens[opened])
    return holds and (following < 0 or tokens[following].kind == "start")


def _ends_of_nested(text: str, tokens: Sequence[Token], lost: dict[str, int]) -> Iterator[Token]:
    """Of the start tags without attributes of elements that nest or need no end, as many as are lost, the likeliest."""
    places: dict[str, list[int]] = {name: [] for name in lost if name in _NESTED | _OPTIONAL}
    for index, token in enumerate(tokens):
        if token.name in places and _is_bare(token):
            places[token.name].append(index)
    for name, found in places.items():
        likely = sorted(found, key=lambda index: -_looks_like_end(text, tokens, index))  # the first of equals
        yield from (tokens[index] for index in likely[: lost[name]] if _looks_like_end(text, tokens, index))


def _looks_like_end(text: str, tokens: Sequence[Token], index: int) -> int:
    """How much a start tag stands where an end tag does: before another, right behind text, or behind an end tag."""
    following = _next(text, tokens, index)
    if following.startswith("/"):
        return 3
    if tokens[index].name in _OPTIONAL:
        return int(following in BLOCK)
    before = tokens[index - 1] if index else tokens[index]
    if before.kind == "text" and not text[before.start : before.end].isspace():
        return 2 if not text[before.end - 1].isspace() else 1
    before = tokens[index - 2] if before.kind == "text" and index > 1 else before
    return int(before.kind == "end")


def _next(text: str, tokens: Sequence[Token], index: int) -> str:
    """The name of the tag behind one, with a slash if it is an end; nothing if text is between."""
    for kind, start, end, name in tokens[index + 1 : index + 4]:
        if kind in ("start", "end"):
            return f"/{name}" if kind == "end" else name
        if kind != "comment" and text[start:end].strip():
            break
    return ""


def _in_raw_text(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """Where the content of a script, style or title ends with its start tag again, and markup follows."""
    for token in tokens:
        if token.name in _AGAIN and token.kind in ("raw", "text"):
            found = _AGAIN[token.name].search(text, token.start, min(token.end + 1, len(text)))
            if found:
                yield found.start() + 1
