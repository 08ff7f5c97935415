"""What a model of main content sees of each block: a row of numbers a block.

After Kohlschütter, Fankhauser and Nejdl (2010), "Boilerplate detection using shallow text features", and Vogels,
Ganea and Eickhoff (2018), "Web2Text": the words of a block, where it stands, what its elements say of themselves, what
stands beside it, and how the words of the page are spread over the elements around it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.content.elements import MARKS, Element
from pipeline.content.layout import Layout, Part
from pipeline.english import SMALL, STARTERS

Floats = npt.NDArray[np.float32]

_NAMES = (
    "article", "main", "section", "aside", "nav", "header", "footer", "form", "table", "ul", "ol", "li", "dl", "figure",
    "figcaption", "blockquote", "pre", "details", "p", "h1", "h2", "h3", "h4", "h5", "h6", "label", "a", "button",
    "span", "td", "noscript", "address",
)  # fmt: skip
_KINDS = ("heading", "paragraph", "list_item", "quote", "table", "code")
_REGIONS = (
    "navigation", "footer", "aside", "named", "form", "noscript", "hidden", "dialog", "header", "caption", "title",
)  # fmt: skip
_NEAREST = 3  # elements around a block that count as near
_UP = 5  # ancestors whose words are counted
_LONG = 20  # words of a block that looks like prose
_FUNCTION_WORDS = SMALL | STARTERS
_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"\b[A-Z]")
_HEAD = 300  # characters of a block in which set phrases are looked for
_PHRASES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:cookies?|consent|gdpr)\b",
        r"\b(?:subscribe|newsletter|sign up|inbox|mailing list)\b",
        r"\b(?:share|tweet|facebook|twitter|linkedin|pinterest|whatsapp|instagram|e-?mail this|print)\b",
        r"\b(?:comments?|repl(?:y|ies)|leave a|post a)\b",
        r"\b(?:read more|continue reading|learn more|see all|view all|show more|load more|more from|click here)\b",
        r"\b(?:related|you may also|you might|recommended|popular|trending|see also|also like|up next)\b",
        r"\b(?:log ?in|sign in|register|account|password|forgot)\b",
        r"©|\b(?:copyright|all rights reserved|privacy policy|terms of (?:use|service)|disclaimer)\b",
        r"\b(?:add to (?:cart|basket)|checkout|wishlist|in stock|free shipping|buy now|quantity)\b|[$€£]\s?\d",
        r"\b(?:by|written by|author|posted|published|updated|reviewed by|min read|minutes? read|edited)\b",
        r"\b(?:home|about us|contact(?: us)?|faqs?|careers|blog|menu|search|skip to)\b",
        r"\b(?:tags?|categor(?:y|ies)|filed under|topics?|archives?)\b",
        r"\b(?:advertisement|sponsored|affiliate|promoted|commission)\b",
        r"\b(?:previous|next|older|newer|page \d+|back to)\b",
        r"\b(?:19|20)\d\d\b",
        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\bago\b",
        r"\b(?:likes?|views?|votes?|points|followers|members?|joined|posts?)\b",
        r"\b(?:photo|image|credit|getty|shutterstock|caption|video|watch)\b",
        r"https?://|www\.|@",
        r"[|•»›→·]",
        r"\b(?:download|pdf|app store|google play)\b",
        r"\b(?:references|sources|bibliography|footnotes|doi)\b",
    )
)
_ENDS = ".?!…"
_AFAR = 2  # blocks on either side whose words are told, too
_NEIGHBOURS, _WINDOWS = (1, 2, 3, 4), (3, 8, 20)  # blocks, for the second model


def features(layout: Layout, title: str = "", description: str = "") -> Floats:
    """Rows of features, one a part, in their order; shape (parts, features)."""
    texts = [layout.of(part) for part in layout.parts]
    found = [_WORD.findall(text) for text in texts]
    counts = np.array([len(words) for words in found], np.float32)
    own = np.array([_of_text(*each) for each in zip(texts, found, layout.parts, strict=True)], np.float32)
    rows = (
        own,
        np.array([_of_elements(part) for part in layout.parts], np.float32),
        _of_place(layout.parts, counts),
        _of_ancestors(layout.parts, counts),
        _of_kin(layout.parts, counts),
        _of_repeats(texts, found, title, description),
        *_beside(own[:, :_SHOWN]),
    )
    return np.concatenate(rows, axis=1)


_SHOWN = 9  # features of a block's text that its neighbours see


def _of_text(text: str, words: list[str], part: Part) -> list[float]:
    size, length = max(len(words), 1), max(len(text), 1)
    lowered = text.lower().split()
    return [
        np.log1p(len(words)),
        part.link_share,
        float(text[-1:] in _ENDS),
        sum(map(_FUNCTION_WORDS.__contains__, lowered)) / size,
        (text.count(",") + text.count(";")) / size,
        float(part.kind == "heading"),
        float(part.kind == "list_item"),
        float(len(words) >= _LONG and part.link_share < 0.5),
        len(_CAPITAL.findall(text)) / size,
        part.bold_share,
        sum(map(len, words)) / size,
        sum(map(str.isdigit, text)) / length,
        1 - (sum(map(str.isalnum, text)) + sum(map(str.isspace, text))) / length,
        float(text.isupper()),
        float(text[:1].islower()),
        float(text.endswith(":")),
        float(text.endswith("?")),
        np.log1p(text.count(". ") + text.count("? ") + text.count("! ")),
        len(set(lowered)) / size,
        float(part.level),
        *(float(part.kind == kind) for kind in _KINDS),
        *(float(part.region == region) for region in _REGIONS),
        *(float(pattern.search(text, 0, _HEAD) is not None) for pattern in _PHRASES),
    ]


def _of_elements(part: Part) -> list[float]:
    anywhere = near = 0
    for element in part.trail:
        anywhere |= element.marks
    for element in part.trail[-_NEAREST:]:
        near |= element.marks
    names = {element.name for element in part.trail}
    return [
        float(len(part.trail)),
        *(float(name in names) for name in _NAMES),
        *(float(anywhere >> bit & 1) for bit in range(len(MARKS))),
        *(float(near >> bit & 1) for bit in range(len(MARKS))),
    ]


def _of_place(parts: Sequence[Part], counts: Floats) -> Floats:
    """Where a block stands on its page, and what page that is."""
    total, number = max(float(counts.sum()), 1.0), len(parts)
    links = np.array([part.link_share for part in parts], np.float32)
    before = np.cumsum(counts) - counts
    headings = [index for index, part in enumerate(parts) if part.kind == "heading"]
    first = next((index for index in headings if parts[index].level == 1), -1)
    since, last = [], -1
    for index, part in enumerate(parts):
        since.append(index - last if last >= 0 else -1)
        last = index if part.kind == "heading" else last
    prose = counts * (counts >= _LONG) * (links < 0.5)
    place = np.arange(number, dtype=np.float32)
    whole = [np.log1p(total), np.log1p(number), float((counts * links).sum() / total), float(prose.sum() / total)]
    columns: list[npt.NDArray[np.floating]] = [
        place / number, before / total, place, number - place, place - first, np.full(number, float(first >= 0)),
        np.array(since, np.float32), *(np.full(number, value) for value in whole),
        _around(prose / total, 5), _around(counts * links / total, 5), _around(counts / total, 15),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _around(values: Floats, reach: int) -> Floats:
    """Sums of a window on either side."""
    padded = np.concatenate([np.zeros(reach), values, np.zeros(reach)])
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    return np.asarray(sums[2 * reach + 1 :] - sums[: -2 * reach - 1], np.float32)


def _of_ancestors(parts: Sequence[Part], counts: Floats) -> Floats:
    """Share of the page's words, of links among them, and of prose, in each element around a block."""
    total = max(float(counts.sum()), 1.0)
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    holders: dict[int, float] = defaultdict(float)
    for part, count in zip(parts, counts, strict=True):
        prose = count if count >= _LONG and part.link_share < 0.5 else 0.0
        for element in part.trail:
            one = sums[element.number]
            one[0] += count
            one[1] += count * part.link_share
            one[2] += prose
            one[3] += 1
        for away, element in enumerate(reversed(part.trail[-3:])):
            holders[element.number] += prose / (away + 1)
    best = max(holders, key=lambda number: (holders[number], -number), default=-1)
    path = next((part.trail for part in parts if any(e.number == best for e in part.trail)), ())
    numbers = {element.number for element in path[: [e.number for e in path].index(best) + 1]} if path else set()
    return np.array([_row_of_ancestors(part.trail, sums, total, best, numbers) for part in parts], np.float32)


def _row_of_ancestors(
    trail: tuple[Element, ...], sums: dict[int, list[float]], total: float, best: int, path: set[int]
) -> list[float]:
    row: list[float] = []
    for away in range(1, _UP + 1):
        if len(trail) < away:
            row += [-1.0] * 4
            continue
        words, linked, prose, size = sums[trail[-away].number]
        row += [words / total, linked / max(words, 1.0), prose / max(words, 1.0), np.log1p(size)]
    common = sum(element.number in path for element in trail)
    inside = any(element.number == best for element in trail)
    return [*row, float(inside), float(common), float(len(path) - common), float(len(trail) - common)]


def _of_kin(parts: Sequence[Part], counts: Floats) -> Floats:
    """Blocks that stand in elements of the same names and marks: their number, words and links."""
    paths = [tuple((element.name, element.marks) for element in part.trail if element.name != "a") for part in parts]
    total = max(float(counts.sum()), 1.0)
    sums: dict[tuple[tuple[str, int], ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for path, part, count in zip(paths, parts, counts, strict=True):
        one = sums[path]
        one[0] += 1
        one[1] += count
        one[2] += count * part.link_share
    rows = ((np.log1p(n), w / total, linked / max(w, 1.0), w / n) for n, w, linked in (sums[path] for path in paths))
    return np.array(list(rows), np.float32)


def _of_repeats(texts: Sequence[str], found: Sequence[list[str]], title: str, description: str) -> Floats:
    """How often a block stands on the page, and whether it is what the page says of itself."""
    times = Counter(text.lower() for text in texts)
    wanted = [{word.lower() for word in _WORD.findall(said)} for said in (title, description)]
    rows = []
    for text, words in zip(texts, found, strict=True):
        own = {word.lower() for word in words}
        shared = [len(own & other) / max(len(own), 1) for other in wanted]
        covered = [len(own & other) / max(len(other), 1) for other in wanted]
        rows.append([np.log1p(times[text.lower()]), *shared, *covered])
    return np.array(rows, np.float32)


def _beside(shown: Floats) -> list[Floats]:
    """The first features of the blocks before and behind."""
    sides = []
    for shift in (*range(-_AFAR, 0), *range(1, _AFAR + 1)):
        moved = np.full_like(shown, -1.0)
        if shift < 0:
            moved[-shift:] = shown[:shift]
        else:
            moved[:-shift] = shown[shift:]
        sides.append(moved)
    return sides


def word_counts(layout: Layout) -> Floats:
    """Words of each part."""
    return np.array([len(_WORD.findall(layout.of(part))) for part in layout.parts], np.float32)


def with_neighbours(rows: Floats, counts: Floats, likely: Floats) -> Floats:
    """Rows with what a first model said of the blocks around each: one by one, in windows, and of the page."""
    columns: list[npt.NDArray[np.floating]] = [likely]
    for shift in _NEIGHBOURS:
        before, behind = np.full_like(likely, -1.0), np.full_like(likely, -1.0)
        before[shift:], behind[:-shift] = likely[:-shift], likely[shift:]
        columns += [before, behind]
    hoped = counts * likely
    columns += [_around(hoped, reach) / np.maximum(_around(counts, reach), 1) for reach in _WINDOWS]
    sure = np.flatnonzero(likely > 0.5)
    first, last = (sure[0], sure[-1]) if len(sure) else (0, len(likely))
    place = np.arange(len(likely), dtype=np.float32)
    whole = hoped.sum()
    columns += [np.full_like(likely, whole / max(counts.sum(), 1)), np.full_like(likely, np.log1p(whole))]
    columns += [place - first, last - place, np.cumsum(hoped) / max(float(whole), 1e-9)]
    return np.concatenate([rows, np.stack(columns, axis=1).astype(np.float32)], axis=1)
