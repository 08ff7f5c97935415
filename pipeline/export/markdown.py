"""Blocks as Markdown: CommonMark 0.31 (spec.commonmark.org), tables as GitHub Flavored Markdown has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.records import CELL_SEPARATOR, BlockRow

# Characters that are Markdown syntax anywhere; an underscore within a word is not.
_MARKS = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|!(?=\[)")
_AT_START = re.compile(r"(?m)^([ \t]*+)(?:([#>=]|[-+](?=\s|-|$)|\|)|(\d{1,9})([.)])(?=\s|$))")
_HASH = r"\#"
_BACKSLASH = r"\\\g<0>"
_MARKED = re.compile(r"(?:[-*+•·‣▪◦]|(\d{1,9}[.)]))\s+(?=\S)")  # list items of plain text keep their mark
_TOGETHER = frozenset(("list_item", "table", "code"))  # kinds whose neighbours make one list, table or code block


def markdown(title: str, blocks: Iterable[BlockRow]) -> str:
    """Blocks as Markdown, separated by empty lines; the title comes first unless a heading has it."""
    blocks = list(blocks)
    headed = any(block.kind == "heading" and _same(block.text, title) for block in blocks)
    parts = [f"# {_line(title)}"] if title and not headed else []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind in _TOGETHER:
            parts.append("\n".join(_joined(kind, list(group))))
        else:
            parts += [_single(block) for block in group]
    return "\n\n".join(parts)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _single(block: BlockRow) -> str:
    if block.kind == "heading":
        line = _line(block.text)
        said = line.rstrip("#")  # at the end of a heading these would be marks, too
        return f"{'#' * block.level} {said}{_HASH * (len(line) - len(said))}"
    lines = _escaped(block.text).split("\n")
    if block.kind == "quote":
        return "\n".join(f"> {line}" for line in lines)
    return "\\\n".join(lines)


def _joined(kind: str, blocks: list[BlockRow]) -> Iterator[str]:
    if kind == "list_item":
        yield from map(_item, blocks)
    elif kind == "table":
        yield from _table([f" {block.text} ".split(CELL_SEPARATOR) for block in blocks])
    else:
        text = "\n".join(block.text for block in blocks)
        longest = max((len(found) for found in re.findall("`{3,}", text)), default=2)
        fence = "`" * (longest + 1)
        yield from (fence, text, fence)


def _item(block: BlockRow) -> str:
    """A list item; a number at the start of the text becomes its marker."""
    marked = _MARKED.match(block.text)
    mark, text = (marked[1] or "-", block.text[marked.end() :]) if marked else ("-", block.text)
    return f"{mark} {_escaped(text)}".replace("\n", "\\\n" + " " * (len(mark) + 1))


def _table(rows: list[list[str]]) -> Iterator[str]:
    """A table whose first row is the header; short rows are padded with empty cells."""
    width = max(map(len, rows))
    for number, row in enumerate(rows):
        cells = [_line(cell).replace("|", r"\|") for cell in row] + [""] * (width - len(row))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{' --- |' * width}"


def _line(text: str) -> str:
    """Text that must stand on one line."""
    return _MARKS.sub(_BACKSLASH, " ".join(text.split()))


def _escaped(text: str) -> str:
    """Text with accidental Markdown syntax escaped, within lines and at their start."""
    return _AT_START.sub(_parted, _MARKS.sub(_BACKSLASH, text))


def _parted(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"
