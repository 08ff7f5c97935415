"""Blocks as Markdown: CommonMark 0.31 (spec.commonmark.org), tables as GitHub Flavored Markdown has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.export.row_types import BlockRow
from pipeline.markup import latex

# Characters that are Markdown syntax anywhere; an underscore within a word is not.
_MARKS = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|!(?=\[)")
_AT_START = re.compile(r"(?m)^([ \t]*+)(?:([#>=]|[-+](?=\s|-|$)|\|)|(\d{1,9})([.)])(?=\s|$))")
_HASH, _BAR = r"\#", r"\|"
_BACKSLASH = r"\\\g<0>"
_MARKED = re.compile(r"(?:[-*+•·‣▪◦]|(\d{1,9}[.)]))\s+(?=\S)")  # list items of plain text keep their mark


def markdown(title: str, blocks: Iterable[BlockRow]) -> str:
    """Blocks as Markdown, separated by empty lines; the title comes first unless a heading has it."""
    blocks = list(blocks)
    headed = any(block.kind == "heading" and _same(block.text, title) for block in blocks)
    parts = [f"# {_line(title)}"] if title and not headed else []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind == "list_item":
            parts.append("\n".join(_list(list(group))))
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
    if block.kind == "table":
        return "\n".join(_table(block.rows))
    if block.kind == "code":
        return "\n".join(_code(block.text))
    if block.kind == "formula":
        return block.text
    lines = _escaped(block.text).split("\n")
    if block.kind == "quote":
        return "\n".join(f"> {line}" for line in lines)
    return "\\\n".join(lines)


def _code(text: str) -> Iterator[str]:
    longest = max((len(found) for found in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    yield from (fence, text, fence)


def _list(blocks: list[BlockRow]) -> Iterator[str]:
    """List items, each indented by the marks of those that it is in."""
    above: list[int] = []  # widths of the marks at each depth
    for block in blocks:
        mark, text = _marked(block)
        del above[max(block.level - 1, 0) :]
        indent = " " * sum(above)
        yield indent + f"{mark} {_escaped(text)}".replace("\n", "\\\n" + indent + " " * (len(mark) + 1))
        above.append(len(mark) + 1)


def _marked(block: BlockRow) -> tuple[str, str]:
    """The mark of an item and its text; a number at the start of the text becomes its mark."""
    if block.number[:-1].isdecimal():
        return block.number, block.text
    if block.number:
        return "-", f"{block.number} {block.text}"
    found = _MARKED.match(block.text)
    return (found[1] or "-", block.text[found.end() :]) if found else ("-", block.text)


def _table(rows: list[list[str]]) -> Iterator[str]:
    """A table; its first row is the header, as there must be one."""
    for number, row in enumerate(rows):
        yield f"| {' | '.join(_line(cell).replace('|', _BAR) for cell in row)} |"
        if number == 0:
            yield f"|{' --- |' * len(row)}"


def _line(text: str) -> str:
    """Text that must stand on one line."""
    return _outside_formulas(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Text with accidental Markdown syntax escaped, within lines and at their start."""
    return _AT_START.sub(_parted, _outside_formulas(text))


def _outside_formulas(text: str) -> str:
    parts, at = [], 0
    for start, end in latex.spans(text):
        parts += [_MARKS.sub(_BACKSLASH, text[at:start]), text[start:end]]
        at = end
    return "".join([*parts, _MARKS.sub(_BACKSLASH, text[at:])])


def _parted(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"
