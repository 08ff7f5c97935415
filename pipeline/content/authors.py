"""The authors of an article, from front matter, JSON-LD, meta elements or a byline."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence

from pipeline.content import linked_data
from pipeline.content.linked_data import Thing
from pipeline.content.words import key
from pipeline.markup.tokens import unescape

_META = ("author", "citation_author", "parsely-author", "sailthru.author", "dc.creator", "article:author", "byl")
# Two names of at least two words each, joined by a word of the kind in one of the commoner languages of Europe.
_AND = re.compile(
    r"(?<=[^\W\d_]{2})\s+(?:and|und|et|og|och|y|e|en|&)\s+(?=[^\W\d_][\w.’'-]*\s+[^\W\d_])(?<=\S\s)|(?<=\w\w);\s+"
)
_MOST, _LONGEST = 10, 80  # authors of a page, characters of a name
_NO_NAME = re.compile(
    r"https?:|www\.|@|^[\W\d_]*$|^(?:admin|administrator|editor|webmaster|unknown|author|user|root)$", re.I
)
_LEAD = re.compile(r"^(?:(?:written\s+)?by|von|par|por|door):?\s+", re.I)
_NAME = r"(?:(?:Dr|Prof)\.?\s+)?[A-Z][\w.’'-]*(?:\s+(?:de|van|von|der|la|[A-Z][\w.’'-]*)){1,3}"
# A line of its own: "By Jane Doe", "Written by Jane Doe, MD and John Roe | March 5".
_BYLINE = re.compile(rf"(?:(?i:written\s+)?(?i:by):?)\s+({_NAME}(?:(?:,|\s+and|\s*&)\s+{_NAME}){{0,4}})(?=\W|$)")
_BETWEEN = re.compile(r",\s+(?=[A-Z][\w.’'-]*\s)|(?<!\s)\s++and\s+|(?<!\s)\s*+&\s*")
# Two to four words with capitals, or a name in a script without spaces.
_PERSON = re.compile(rf"{_NAME}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{{2,6}}")
_FEW = 3  # authors that a page may link
_LINE = 120  # characters of a by-line


def find(
    named: Iterable[str], meta: Iterable[dict[str, str]], things: Sequence[Thing], linked: Callable[[], Iterable[str]],
    head: Iterable[str], sites: Container[str] = (),
) -> str:  # fmt: skip
    """Names of the authors, separated by semicolons.

    ``named`` are those in the front matter, ``linked`` those that the page links or marks as authors; ``head`` are the
    blocks above and at the top of the main text. The ``sites`` themselves, by key, are authors only if nobody else is.
    """
    best: list[str] = []
    given: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: named, lambda: linked_data.authors(things), lambda: _from_meta(meta), lambda: _people(linked()),
        lambda: _from_lines(head),
    )  # fmt: skip
    for ask in given:
        names = ask()
        apart = [one for name in names for one in _AND.split(name)]
        good = list(dict.fromkeys(name for name in map(_clean, apart) if name))[:_MOST]
        people = [name for name in good if key(name) not in sites]
        if people:
            return "; ".join(people)
        best = best or good
    return "; ".join(best)


def _from_meta(meta: Iterable[dict[str, str]]) -> list[str]:
    given = [((item.get("name") or item.get("property") or "").lower(), item.get("content", "")) for item in meta]
    for name in _META:
        said = [value for key, value in given if key == name and _clean(value)]
        if said:
            return said
    return []


def _people(linked: Iterable[str]) -> list[str]:
    """Those of the linked or marked texts that are a person's name; many are a list of the staff."""
    named = [_LEAD.sub("", text).partition(",")[0].strip() for text in linked]
    people = list(dict.fromkeys(name for name in named if _PERSON.fullmatch(name)))
    return people if len(people) <= _FEW else []


def _from_lines(head: Iterable[str]) -> list[str]:
    for line in head:
        found = _BYLINE.match(line) if len(line) <= _LINE else None
        if found:
            return _BETWEEN.split(found[1])
    return []


def _clean(name: str) -> str:
    """A cleaned name; empty if it is blank, a URL, an e-mail address or an account name."""
    plain = _LEAD.sub("", " ".join(unescape(name).split())).strip(" ,;|")
    return "" if len(plain) > _LONGEST or _NO_NAME.search(plain) else plain
