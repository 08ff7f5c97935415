"""Decisions over structures: what stands together on a page is kept together or goes together.

The model judges blocks one by one. A list, a table, a heading with its section, a caption with its figure are no
scraps, however, and a sentence in the midst of an article is of it. Each step looks at what is kept so far, and
corrects it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.content.draft import Blocks, Part
from pipeline.content.features import Floats
from pipeline.content.page_parts import PagePart
from pipeline.content.words import word_count

_INLINE = frozenset(("a", "span", "svg", "template"))
# Elements that hold the text of one block; what is around them holds several.
_OF_BLOCKS = _INLINE.union(
    """p li dt dd h1 h2 h3 h4 h5 h6 blockquote pre td th tr tbody thead tfoot table figcaption caption ul ol dl menu
    figure button""".split()
)
_LISTS = frozenset(("ul", "ol", "dl", "menu"))
_LEVELS = 4  # containers around a block in which its company is looked for
_COMPANY = 40  # kept words of a container that tell of the others in it
_MOST_KEPT = 0.8  # share of a container's words that are kept
_LIKELY = 0.2  # a block in a list or below a table is kept from this probability on
_LIKELY_INSIDE = 0.4  # and one in such company
_LIKELY_CODE = 0.02  # code looks like nothing that the model has learnt
_FEW = 30  # blocks; on a small page these bounds are lower, as it has hardly anything else
_FEW_COMPANY, _FEW_KEPT, _FEW_LIKELY = 10, 0.5, 0.1
_MOST_OF_LIST = 0.5  # share of its words
_LINKED, _MOSTLY_LINKED = 0.3, 0.5  # shares of links
_JUMPS = 0.9  # share of links within the page, of an item of a table of contents
_PROMISED = 0.15  # probability of an item below a line that ends in a colon
_SECTION = 0.4  # mean probability of a section whose heading is kept
_CAPTION_WORDS = 5
_FAR = 3  # blocks between a caption and the text
_ABOVE = 8  # blocks above the text in which its title may stand
_TEASERS = 0.3  # share of a page's words in links that hold several blocks; where it is more, they are its content
_TEXT = 50  # words of text besides comments; where there are fewer, the comments are the page's content
_NUMBERED = re.compile(
    r"\W*(?:fig(?:ure|\.)?|table|chart|box|scheme|diagram|graph|plate|map|abb(?:ildung|\.)?|tab(?:elle|\.)?)\s*\.?\s*[\dIVXA-Z]",
    re.I,
)
_CREDIT = re.compile(
    r"©|\(c\)|\b(?:photo|foto|image|bild|picture|file|screenshot)s?\b|\b(?:getty|reuters|ap|afp|dpa|epa|pa|imago|shutterstock|"
    r"unsplash|istock|alamy|instagram|facebook|youtube)\b|credit|courtesy|copyright|quelle|archiv|/|@|\bvia\b",
    re.I,
)


@dataclass(slots=True)
class Choice:
    """The blocks of a page with their probabilities and words, and which are kept so far."""

    blocks: Blocks
    probs: Floats
    words: Floats
    keep: list[bool]
    outside: frozenset[str]  # regions that are never main text
    # The indices of list items, list by list; by part, the elements around it that hold several, the innermost first.
    lists: list[list[int]] = field(init=False)
    containers: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.lists = list(_lists(self.parts))
        self.containers = list(map(_containers, self.parts))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The blocks."""
        return self.blocks.parts

    def is_outside(self, index: int) -> bool:
        """Whether a block stands in a region that is never main text."""
        return self.parts[index].region in self.outside


def by_lists(parts: Sequence[Part], probs: Floats, words: Floats) -> Floats:
    """Probabilities, with those of list items drawn half-way to the mean of their list."""
    evened = probs.copy()
    for items in _lists(parts):
        mean = float((probs[items] * words[items]).sum() / words[items].sum())
        evened[items] = (probs[items] + mean) / 2
    return evened


def correct(choice: Choice) -> None:
    """Take all steps, as for an article."""
    for step in STEPS:
        step(choice)


def _lists(parts: Sequence[Part]) -> Iterable[list[int]]:
    """The indices of list items, list by list."""
    lists: dict[int, list[int]] = defaultdict(list)
    for index, part in enumerate(parts):
        if part.kind == "list_item":
            around = next((one.number for one in reversed(part.trail) if one.name in _LISTS), None)
            if around is not None:
                lists[around].append(index)
    return lists.values()


def _containers(part: Part) -> list[int]:
    """The elements around a block that hold several, the innermost first."""
    return [one.number for one in reversed(part.trail) if one.name not in _OF_BLOCKS]


def keep_company(choice: Choice) -> None:
    """Keep a block between kept ones of a container that is kept for the most part."""
    parts, words, keep = choice.parts, choice.words, choice.keep
    few = len(parts) < _FEW
    company, share, likely = (_FEW_COMPANY, _FEW_KEPT, _FEW_LIKELY) if few else (_COMPANY, _MOST_KEPT, _LIKELY_INSIDE)
    around = choice.containers
    all_words: dict[int, float] = defaultdict(float)
    kept_words: dict[int, float] = defaultdict(float)
    rims: dict[int, tuple[int, int]] = {}
    for index, containers in enumerate(around):
        for number in containers:
            all_words[number] += words[index]
            if keep[index]:
                kept_words[number] += words[index]
                rims[number] = rims.get(number, (index, index))[0], index
    for index, part in enumerate(parts):
        enough = _LIKELY_CODE if part.kind == "code" else likely
        if keep[index] or part.kind == "caption" or part.link_share > _LINKED or choice.probs[index] < enough:
            continue
        if choice.is_outside(index) or part.region in ("aside", "named"):
            continue
        telling = next((number for number in around[index][:_LEVELS] if kept_words[number] >= company), None)
        if telling is not None and kept_words[telling] >= share * all_words[telling]:
            first, last = rims[telling]
            keep[index] = few or first < index < last


def keep_lists(choice: Choice) -> None:
    """Keep the likely rest of a list of which most is kept."""
    for items in choice.lists:
        kept = sum(float(choice.words[index]) for index in items if choice.keep[index])
        if kept >= _MOST_OF_LIST * sum(float(choice.words[index]) for index in items):
            for index in items:
                if choice.probs[index] >= _LIKELY and not choice.is_outside(index):
                    choice.keep[index] = True


def keep_promised(choice: Choice) -> None:
    """Keep the list that a line with a colon promises, and a table right below the text."""
    promised = False
    for index, part in enumerate(choice.parts):
        above = index > 0 and choice.keep[index - 1]
        if part.kind == "list_item":
            before = choice.parts[index - 1] if index else part
            if before.kind != "list_item":
                promised = above and choice.blocks.of(before).rstrip().endswith(":")
            if promised and choice.probs[index] >= _PROMISED and not choice.is_outside(index):
                choice.keep[index] = True
        elif part.kind == "table" and above and choice.probs[index] >= _LIKELY and part.link_share < _LINKED:
            beside = choice.containers[index][:1] == choice.containers[index - 1][:1]
            choice.keep[index] = choice.keep[index] or (beside and not choice.is_outside(index))


def keep_headings(choice: Choice) -> None:
    """Keep headings right above what is kept, but for those that are links."""
    for index in reversed(range(len(choice.parts) - 1)):
        part = choice.parts[index]
        if part.kind == "heading" and choice.keep[index + 1] and part.link_share < _MOSTLY_LINKED:
            choice.keep[index] = part.region != "title" or choice.keep[index]


def even_sections(choice: Choice) -> None:
    """Keep the likely section of a kept heading, or drop a heading of which no section is left."""
    parts, keep = choice.parts, choice.keep
    headings = [index for index, part in enumerate(parts) if part.kind == "heading"]
    for index, following in pairwise([*headings, len(parts)]):
        body = range(index + 1, following)
        if not keep[index] or not body or any(keep[one] for one in body):
            continue
        weight = choice.words[body.start : body.stop]
        mean = float((choice.probs[body.start : body.stop] * weight).sum() / weight.sum())
        linked = sum(parts[one].link_share * choice.words[one] for one in body) / float(weight.sum())
        if mean >= _SECTION and linked < _MOSTLY_LINKED and not any(map(choice.is_outside, body)):
            for one in body:
                keep[one] = True
        elif parts[index].level != 1 and any(keep[:index]):
            keep[index] = False


def drop_empty_boxes(choice: Choice) -> None:
    """Drop a heading of whose container nothing else is kept, as of a box of links to other pages."""
    inside: dict[int, list[int]] = defaultdict(list)
    around = choice.containers
    for index, containers in enumerate(around):
        for number in containers:
            inside[number].append(index)
    for index, part in enumerate(choice.parts):
        if part.kind != "heading" or part.level == 1 or not choice.keep[index] or not around[index]:
            continue
        others = [one for one in inside[around[index][0]] if one != index]
        if others and not any(choice.keep[one] for one in others):
            choice.keep[index] = False


def keep_title(choice: Choice) -> None:
    """Keep the heading of the first level above the text, whatever stands between."""
    if True not in choice.keep:
        return
    first = choice.keep.index(True)
    titles = [index for index, part in enumerate(choice.parts) if part.kind == "heading" and part.level == 1]
    if any(choice.keep[index] for index in titles):
        return
    above = [index for index in titles if first - _ABOVE <= index < first]
    fitting = [
        index for index in above if not choice.is_outside(index) and choice.parts[index].link_share < _MOSTLY_LINKED
    ]
    if fitting:
        choice.keep[fitting[-1]] = True


def keep_captions(choice: Choice) -> None:
    """Keep captions of tables, and those amid the text that are numbered or a sentence without a picture credit."""
    for index, part in enumerate(choice.parts):
        if part.kind != "caption" or choice.keep[index] or choice.is_outside(index):
            continue
        beside = {"next_table": index + 1, "previous_table": index - 1}.get(part.shape.role, -1)
        if 0 <= beside < len(choice.parts) and choice.parts[beside].kind == "table" and choice.keep[beside]:
            choice.keep[index] = True
            continue
        near = choice.keep[max(0, index - _FAR) : index], choice.keep[index + 1 : index + 1 + _FAR]
        text = choice.blocks.of(part)
        sentence = text.rstrip()[-1:] in (".", "!", "?") and word_count(text) >= _CAPTION_WORDS
        if all(map(any, near)) and (_NUMBERED.match(text) or (sentence and not _CREDIT.search(text))):
            choice.keep[index] = True


def drop_teasers(choice: Choice) -> None:
    """Drop links that hold several blocks, as a card that leads to another page."""
    cards: dict[int, list[int]] = defaultdict(list)
    for index, part in enumerate(choice.parts):
        number = next((one.number for one in part.trail if one.name == "a"), None)
        if number is not None:
            cards[number].append(index)
    total = float(choice.words.sum())
    for inside in cards.values():
        if len(inside) > 1 and sum(float(choice.words[index]) for index in inside) < _TEASERS * total:
            for index in inside:
                choice.keep[index] = False


def drop_comments(choice: Choice, found: Sequence[PagePart]) -> None:
    """Drop what the markup names comments, if there is text besides."""
    own = [kept and part != "comment" for kept, part in zip(choice.keep, found, strict=True)]
    if float(choice.words[own].sum()) >= _TEXT:
        choice.keep[:] = own


def contents(blocks: Blocks) -> list[int]:
    """Indices of tables of contents: lists of links within the page, and the heading right above each."""
    found: set[int] = set()
    for items in _lists(blocks.parts):
        if len(items) > 1 and all(blocks.parts[index].jump_share >= _JUMPS for index in items):
            found.update(items)
    for index in sorted(found):
        above = index - 1
        while above >= 0 and blocks.parts[above].kind == "heading" and blocks.parts[above].level != 1:
            if word_count(blocks.of(blocks.parts[above])) > _CAPTION_WORDS:
                break
            found.add(above)
            above -= 1
    return sorted(found)


STEPS: tuple[Callable[[Choice], None], ...] = (
    keep_company, keep_lists, keep_promised, keep_headings, even_sections, drop_empty_boxes, keep_title, keep_captions,
    drop_teasers,
)  # fmt: skip
