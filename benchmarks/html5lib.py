"""``python -m benchmarks.html5lib FOLDER``: the tree construction tests of html5lib-tests (MIT), through our parse.

Of documents with a body and without template, svg, math or frameset: how many bodies are as expected, element by
element, and how many hold the expected text, scripts and styles left out, white space not compared. Beside it, lxml.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from lxml import etree, html

from pipeline.content import skeleton, tree
from pipeline.content.draft import draft
from pipeline.markup.element_names import RAW_TEXT
from pipeline.markup.tokens import start_tag, tokenize, unescape

_OTHERS = re.compile(r"<(?:template|svg|math|frameset)\b")
_TEST = re.compile(r"#data\n(.*?)\n#errors\n.*?#document\n(.*?)(?:\n\n(?=#data)|\n*\Z)", re.S)
_INDENT = 2
_OF_HEAD = re.compile(r'<(?:base|link|meta|noscript|script|style)>|<!--|"\s*"$')


@dataclass(frozen=True, slots=True)
class Case:
    """A page and the lines that its body should be, without the mark at each."""

    page: str
    body: tuple[str, ...]


def cases(folder: Path) -> Iterator[Case]:
    """The tests that are about documents with a body."""
    for path in sorted(folder.glob("*.dat")):
        for found in _TEST.finditer(path.read_text("utf-8")):
            if "#document-fragment" in found[0] or "#script-on" in found[0]:
                continue
            lines = _nodes(found[2])
            start = next((i for i, line in enumerate(lines) if line == "  <body>"), -1)
            if start >= 0 and not _OTHERS.search(found[1] + found[2]):
                inside = [line[2 * _INDENT :] for line in lines[start + 1 :] if line.startswith("    ")]
                yield Case(found[1], tuple(inside))


def _nodes(document: str) -> list[str]:
    """Lines of a tree, those that a text with line breaks takes joined."""
    lines: list[str] = []
    for line in document.split("\n"):
        if line.startswith("| "):
            lines.append(line[2:])
        elif lines:
            lines[-1] += "\n" + line
    return lines


def expected_text(case: Case) -> str:
    """The text of a body, without scripts and styles."""
    found, hidden = "", -1
    for line in case.body:
        depth = len(line) - len(line.lstrip(" "))
        hidden = hidden if 0 <= hidden < depth else -1
        name = re.match(r" *<(\w+)", line)
        if name and name[1] in RAW_TEXT | {"title"} and hidden < 0:
            hidden = depth
        if line.lstrip().startswith('"') and hidden < 0:
            found += line.strip()[1:-1]
    return found


_BRACKETS = re.compile(r"[()]")  # around the reading of a word


def our_text(page: str) -> str:
    """The text of a page as the content stage reads it, without the title of its head and the signs that we add."""
    read = draft(page, tree.parse(page).runs, entities=True)
    said = "".join(
        read.of(part).strip("`") if part.kind == "code" else read.of(part)
        for part in read.parts
        if part.region != "title"
    )
    return _BRACKETS.sub("", said) if "<ruby" in page else said


class _Lines:
    """Writes a tree as the tests do: a line a node, with the attributes and texts that the page's tokens hold."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.tokens = tokenize(page)
        self.depth = -2 * _INDENT  # html and body are not written
        self.marks = ""
        self.lines: list[str] = []

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """An element begins."""
        self._read_marks()
        number = attrib.get(skeleton.NUMBER)
        token = self.tokens[int(number)] if number else None
        if self.depth >= 0:
            self._write(f"<{token.name if token else tag}>")
        self.depth += _INDENT
        given = start_tag(self.page[token.start : token.end])[1] if token else {}
        for name, value in sorted(given.items()):
            self._write(f'{name}="{value}"')
        raw = self.tokens[int(number) + 1 :][:1] if token and number and token.name in RAW_TEXT else ()
        for one in raw:
            if one.kind == "raw":
                self._write(f'"{self.page[one.start : one.end]}"')

    def end(self, tag: str) -> None:  # noqa: ARG002 (the parser gives it)
        """An element ends."""
        self._read_marks()
        self.depth -= _INDENT

    def comment(self, text: str) -> None:
        """A comment, by the number of its token."""
        self._read_marks()
        token = self.tokens[int(text)]
        self._write(f"<!-- {self.page[token.start + 4 : token.end - 3]} -->")

    def data(self, data: str) -> None:
        """Numbers of texts, and blanks."""
        self.marks += data

    def close(self) -> None:
        """The page ends."""

    def _read_marks(self) -> None:
        said = ""
        for number, blank in re.findall(rf"(\d+){skeleton.MARK}|(\s+)", self.marks):
            token = self.tokens[int(number)] if number else None
            said += unescape(self.page[token.start : token.end]) if token else blank
        self.marks = ""
        if said:
            self._write(f'"{said}"')

    def _write(self, line: str) -> None:
        self.lines.append(" " * self.depth + line)


def our_body(page: str) -> tuple[str, ...]:
    """The body we read a page as."""
    lines = _Lines(page)
    skeleton.feed(skeleton.skeleton(page, lines.tokens, deep=False), lines)
    # We read the head's elements with the body's; they come first.
    inside = dropwhile(lambda line: line.startswith(" ") or _OF_HEAD.match(line), lines.lines)
    return tuple(inside)


def lxml_body(page: str) -> tuple[str, ...]:
    """What lxml makes of a page by itself."""
    try:
        body = html.document_fromstring(page).find("body")
    except (etree.ParserError, ValueError):
        return ()

    def lines(node: html.HtmlElement, depth: int) -> Iterator[str]:
        if isinstance(node.tag, str):
            yield " " * depth + f"<{node.tag}>"
            yield from (" " * (depth + _INDENT) + f'{name}="{node.get(name)}"' for name in sorted(node.keys()))
            yield from below(node, depth + _INDENT)
        else:
            yield " " * depth + f"<!-- {node.text} -->"
        if node.tail:
            yield " " * depth + f'"{node.tail}"'

    def below(node: html.HtmlElement, depth: int) -> Iterator[str]:
        if node.text:
            yield " " * depth + f'"{node.text}"'
        for child in node:
            yield from lines(child, depth)

    return tuple(below(body, 0)) if body is not None else ()


def main(folder: str, *shown: str) -> int:
    """Print the figures; with "-v" the pages whose text differs."""
    read = list(cases(Path(folder)))
    trees = sum(our_body(case.page) == case.body for case in read)
    others = sum(lxml_body(case.page) == case.body for case in read)
    wrong = [case for case in read if _bare(our_text(case.page)) != _bare(expected_text(case))]
    print(
        f"{len(read)} documents: bodies as expected {trees / len(read):.3f} (lxml by itself {others / len(read):.3f})"
    )
    print(f"text as expected {1 - len(wrong) / len(read):.3f}")
    for case in wrong if "-v" in shown else []:
        print(repr(case.page), repr(our_text(case.page)), repr(expected_text(case)), sep="\n  ")
    return 0


def _bare(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
