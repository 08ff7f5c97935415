"""A row of a table as a line of text: its cells between vertical bars, with a space on the inner side of each.

A line never begins or ends with a space, and never holds two together, so that clean text stays as it is when it is
read again: an empty cell leaves its bars side by side. A bar inside a cell is escaped, as in GitHub Flavored Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

BAR = "|"
ESCAPED_BAR = r"\|"
LINE_BREAK = " / "  # between the lines of a cell
UNESCAPED_BAR = re.compile(r"(?<!\\)\|")


def line(cells: Iterable[str]) -> str:
    r"""The line of a row.

    >>> line(["Adults", "", "20 mg"]), line(["", "Mild"]), line(["a|b", ""])
    ('Adults | | 20 mg', '| Mild', 'a\\|b |')
    """
    written = ""
    for number, cell in enumerate(cells):
        written += separator(written, cell) if number else ""
        written += escaped(cell)
    return written


def separator(before: str, cell: str) -> str:
    """What stands between what is written of a row and its next cell."""
    return f"{' ' if before else ''}{BAR}{' ' if cell else ''}"


def escaped(cell: str) -> str:
    """The text of a cell with its bars escaped, where they are not yet."""
    return UNESCAPED_BAR.sub(r"\\|", cell) if BAR in cell else cell


def cells(text: str) -> list[str]:
    r"""The cells of a line.

    >>> cells("Adults | | 20 mg"), cells("| Mild"), cells(r"a\|b |")
    (['Adults', '', '20 mg'], ['', 'Mild'], ['a|b', ''])
    """
    return [cell.strip().replace(ESCAPED_BAR, BAR) for cell in UNESCAPED_BAR.split(text)]


def rows(text: str) -> list[list[str]]:
    """The rows of a table, a line each, with as many cells in every one."""
    found = [cells(one) for one in text.split("\n")]
    width = max(map(len, found))
    return [row + [""] * (width - len(row)) for row in found]
