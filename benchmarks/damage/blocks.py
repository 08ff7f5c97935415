"""Damage to a document in blocks: B1 to B11. What is added and must not stay is on the ledger, line by line."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.damage.document import Document, Piece


@dataclass(frozen=True, slots=True)
class Broken:
    """A damaged document, and the lines that were added to it, none of which belongs to the text."""

    document: Document
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockOperator:
    """A kind of damage by name."""

    name: str
    damage: Callable[[Document, random.Random], Broken]


_BOILERPLATE = {
    "navigation": ("Home", "About us", "Conditions A–Z", "Contact", "Log in"),
    "cookies": ("We use cookies to make this site work. Read our cookie policy.", "Accept all cookies"),
    "related": ("Related articles", "Ten foods that help you sleep", "What your doctor wants you to know about stress"),
    "archive": ("Archives", "March 2023", "February 2023", "January 2023", "December 2022"),
    "shares": ("Share this article", "Facebook", "Twitter", "128 shares"),
    "newsletter": ("Subscribe to our newsletter", "Get the latest health news in your inbox."),
    "feed": ("The post first appeared on Health Notes Daily.",),
    "rights": ("© 2023 Health Notes Daily. All rights reserved.", "Terms of use", "Privacy policy"),
    "disclaimer": ("This article is for information only and does not replace the advice of a doctor.",),
    "saved": ("Saved from the web on 12 May 2023 at 10:41:07",),
}


def _paragraphs(lines: tuple[str, ...]) -> tuple[Piece, ...]:
    return tuple(Piece("paragraph", line) for line in lines)


def _with(document: Document, *new: Piece) -> Document:
    return replace(document, pieces=new)


def _each_heading(write: Callable[[Document, int], tuple[Piece, ...]], width: int) -> Callable[..., Broken]:
    """Replaces every heading, with ``width - 1`` blocks behind it, by what ``write`` makes of them."""

    def damage(document: Document, _chance: random.Random) -> Broken:
        pieces = document.pieces
        new: list[Piece] = []
        at = 0
        while at < len(pieces):
            behind = pieces[at + 1 : at + width]
            if pieces[at].kind == "heading" and all(piece.kind == "paragraph" for piece in behind):
                new += write(document, at)
                at += width
            else:
                new.append(pieces[at])
                at += 1
        return Broken(_with(document, *new))

    return damage


def _fused(gap: str) -> Callable[..., Broken]:
    def fuse(document: Document, at: int) -> tuple[Piece, ...]:
        heading, *rest = document.pieces[at : at + 2]
        return (Piece("paragraph", gap.join((heading.text, *(piece.text for piece in rest)))),)

    return _each_heading(fuse, 2)


def _bare(document: Document, at: int) -> tuple[Piece, ...]:
    return (replace(document.pieces[at], kind="paragraph"),)


def _shifted(document: Document, at: int) -> tuple[Piece, ...]:
    return (replace(document.pieces[at], level=min(max(document.pieces[at].level, 2) + 1, 6)),)


def _title_again(document: Document, chance: random.Random) -> Broken:
    again = (Piece("paragraph", document.title),) * chance.randint(1, 2)
    return Broken(_with(document, *again, *document.pieces))


def _teaser(document: Document, chance: random.Random) -> Broken:
    """A whole early paragraph stands above the text once more."""
    long = [piece for piece in document.pieces[:8] if piece.kind == "paragraph" and len(piece.text) > 80]
    teaser = (chance.choice(long),) if long else ()
    return Broken(_with(document, *teaser, *document.pieces))


def _placeholder(document: Document, chance: random.Random) -> Broken:
    heading = Piece("heading", document.title, 1)
    return Broken(Document(document.name, chance.choice(("Headline", "Untitled", "None")), (heading, *document.pieces)))


def _list_in_line(document: Document, _chance: random.Random) -> Broken:
    new: list[Piece] = []
    for piece in document.pieces:
        if piece.kind == "list_item" and new:
            new[-1] = Piece("paragraph", f"{new[-1].text} * {piece.text}")
        else:
            new.append(piece)
    return Broken(_with(document, *new))


def _split(document: Document, chance: random.Random) -> Broken:
    """A paragraph in the middle of a sentence, as at a link."""
    new: list[Piece] = []
    for piece in document.pieces:
        words = piece.text.split(" ")
        if piece.kind == "paragraph" and len(words) > 30 and chance.random() < 0.3:
            at = chance.randrange(10, len(words) - 10)
            new += [replace(piece, text=" ".join(words[:at])), replace(piece, text=" ".join(words[at:]))]
        else:
            new.append(piece)
    return Broken(_with(document, *new))


def _truncated(document: Document, chance: random.Random) -> Broken:
    """Ends in the middle of a sentence of the last long paragraph."""
    last = max((n for n, p in enumerate(document.pieces) if p.kind == "paragraph" and len(p.text) > 80), default=0)
    words = document.pieces[last].text.split(" ")
    cut = replace(document.pieces[last], text=" ".join(words[: chance.randrange(len(words) // 2, len(words) - 1)]))
    return Broken(_with(document, *document.pieces[:last], cut))


def _boilerplate(kind: str) -> Callable[..., Broken]:
    def damage(document: Document, chance: random.Random) -> Broken:
        lines = _BOILERPLATE[kind]
        on_top = kind in ("navigation", "cookies", "shares", "saved") and chance.random() < 0.7
        before, after = (_paragraphs(lines), ()) if on_top else ((), _paragraphs(lines))
        return Broken(_with(document, *before, *document.pieces, *after), lines)

    return damage


OPERATORS = (
    BlockOperator("B1 heading fused to its paragraph", _fused("")),
    BlockOperator("B1 heading and paragraph in one line", _fused(" ")),
    BlockOperator("B2 heading lost its tag", _each_heading(_bare, 1)),
    BlockOperator("B4 level of headings shifted", _each_heading(_shifted, 1)),
    BlockOperator("B5 title repeated", _title_again),
    BlockOperator("B5 paragraph repeated as teaser", _teaser),
    BlockOperator("B6 placeholder for a title", _placeholder),
    BlockOperator("B7 list in one line", _list_in_line),
    BlockOperator("B8 paragraphs split", _split),
    BlockOperator("B9 truncated", _truncated),
    *(BlockOperator(f"B10 {kind}", _boilerplate(kind)) for kind in _BOILERPLATE),
)
