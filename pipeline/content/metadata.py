"""Title, date, author, language, site, address and description of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING

from pipeline.content import authors, dates, identifiers, linked_data, titles
from pipeline.content.draft import Blocks, Draft, Part
from pipeline.content.front_matter import FrontMatter
from pipeline.content.layout import Layout
from pipeline.content.main_text import OUTSIDE
from pipeline.content.tree import Parsed
from pipeline.content.words import key, word_count, words
from pipeline.lexicon.english import MINOR_WORDS
from pipeline.markup.tokens import unescape
from pipeline.readers.common import writable
from pipeline.records import Metadata, RawPage

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_ADDRESS = re.compile(r"https?://[^\s<>\"]{3,2000}")
_ABOVE = 6  # blocks above the main text that may hold its title or date
_TOP = 12  # blocks in which a title or a date line is looked for
_SHORT = 40  # words; names of drugs and genes look like Latin to a language identifier
_FEW = 5  # words; fewer do not identify a language
_SAMPLE = 1000  # characters given to the language identifier
_ENGLISH = 15  # distinct function words that identify English
_COUNTED = 4000  # characters in which words are counted


def find(
    raw: RawPage, layout: Layout, head: Blocks, parsed: Parsed, front: FrontMatter, place: tuple[int, int] = (0, 0),
    heading: str = "",
) -> Metadata:  # fmt: skip
    """Collect the metadata; what the container said wins over what the page says.

    ``head`` holds the blocks in which a title or a date may stand, the main text's own or more; ``place`` is where in
    the source they begin, and where the first long paragraph does. ``heading`` is the page's only one of level 1.
    """
    meta = parsed.meta
    things = linked_data.things(parsed.scripts)
    date, written = _date(raw, head, parsed, front, things, place)
    sites = _sites(raw, parsed, things, place[0])
    found = Metadata(
        title=_title(raw, head, layout, parsed, front, things, sites, heading),
        date=date,
        date_text=written,
        language=language(layout.text, _meta(meta, "lang")),
        description=front.description or description(meta),
        author=authors.find(
            front.authors,
            meta,
            things,
            lambda: parsed.authors(*place),
            (head.of(part) for part in head.parts[:_TOP]),
            sites,
        ),
        site=_meta(meta, "og:site_name", "application-name") or linked_data.publisher(things),
        canonical_url=_address(meta),
        doi=identifiers.doi(meta, things),
        pmid=identifiers.pmid(meta),
        license=identifiers.license_of(meta, things),
    )
    # JSON and YAML can spell lone surrogates, which no table can hold.
    return replace(found, **{field.name: writable(getattr(found, field.name)) for field in fields(Metadata)})


def description(meta: list[dict[str, str]]) -> str:
    """What the page says it is about."""
    return _meta(meta, "og:description", "description")


def top(whole: Draft, chosen: Draft) -> Draft:
    """A view of the page from a few blocks above the main text on: titles and by-lines may stand outside of it."""
    first = chosen.parts[0].start
    above = [part for part in whole.parts if part.end <= first and part.region not in OUTSIDE and _plain(part)]
    kept = [part for part in whole.parts if part.start >= first]
    heading = next((i for i in reversed(range(len(above))) if above[i].level == 1), len(above) - _ABOVE)
    return replace(whole, parts=(*above[max(heading, 0) :], *kept))


def only_heading(whole: Draft) -> str:
    """The text of the page's headings of level 1, if they all say the same."""
    said = {" ".join(whole.of(part).split()) for part in whole.parts if part.kind == "heading" and part.level == 1}
    return next(iter(said)) if len(said) == 1 else ""


def _plain(part: Part) -> bool:
    return part.link_share < 0.8 or part.kind == "heading"


def language(text: str, declared: str = "") -> str:
    """ISO 639-1 code by content; short texts are assumed to be in the declared language.

    English is recognized by its function words, of which no other language has more than a few.
    """
    sample = text[:_SAMPLE]
    if len(MINOR_WORDS.intersection(words(sample.lower()))) >= _ENGLISH:
        return "en"
    count = word_count(text[:_COUNTED])
    if count < _FEW:
        return declared[:2].lower()
    code, confidence = _identifier().classify(sample)
    if count < _SHORT and (confidence < 0.99 or code == "la"):
        return declared[:2].lower() or ("en" if text.isascii() or code == "la" else str(code))
    return str(code)


def title_index(blocks: Blocks) -> int:
    """Index of the part that is the title, -1 without one."""
    headings = [i for i, part in enumerate(blocks.parts[:_TOP]) if part.kind == "heading"]
    first = [i for i in headings if blocks.parts[i].level == 1]
    if first:
        return first[0]
    return headings[0] if headings and headings[0] < 4 else -1


def _title(
    raw: RawPage, head: Blocks, layout: Layout, parsed: Parsed, front: FrontMatter, things: Sequence[linked_data.Thing],
    sites: frozenset[str], only: str,
) -> str:  # fmt: skip
    # A heading without a tag is only found later, in the main text itself.
    blocks: Blocks = head if title_index(head) >= 0 else layout
    index = title_index(blocks)
    heading = blocks.of(blocks.parts[index]) if index >= 0 else ""
    if raw.title or front.title:
        return raw.title or front.title
    article = linked_data.article(things)
    said = titles.Voices(
        heading if index >= 0 and blocks.parts[index].level == 1 and key(heading) not in sites else only,
        _clean(_meta(parsed.meta, "og:title") or _meta(parsed.meta, "twitter:title")),
        _clean(linked_data.text(article, "headline")),
        _clean(parsed.title),
    )
    return titles.choose(said, sites, news=linked_data.is_news(article)) or heading


def _sites(raw: RawPage, parsed: Parsed, things: Sequence[linked_data.Thing], end: int) -> frozenset[str]:
    """Keys of the names of the page's site, which may stand up to a place."""
    names = [
        name for name in (_meta(parsed.meta, "og:site_name", "application-name"), *linked_data.sites(things)) if name
    ]
    names += [] if names else parsed.brands(end)
    return titles.names_of_site(names, (_address(parsed.meta), _meta(parsed.meta, "og:url"), raw.source.url))


def _date(
    raw: RawPage,
    head: Blocks,
    parsed: Parsed,
    front: FrontMatter,
    things: Sequence[linked_data.Thing],
    place: tuple[int, int],
) -> tuple[str, str]:
    """(ISO date, as written) of the article itself; ``place`` is where in the source its head stands."""
    for said in (raw.date, front.date):
        if said:
            return dates.to_iso(said), said
    published = linked_data.text(linked_data.article(things), "datePublished")
    given = (
        dates.from_meta(parsed.meta, sure=True),
        (dates.to_iso(published), published),
        dates.from_meta(parsed.meta),
    )
    found = next((one for one in given if one[0]), None)
    if found:
        return found
    unread = ("", "")
    for part in head.parts[:_TOP]:
        iso, written = dates.from_line(head.of(part))
        if iso:
            return iso, written
        unread = unread if unread[1] else (iso, written)
    timed = next((said for at, said in parsed.times if place[0] <= at < place[1] and dates.to_iso(said)), "")
    return (dates.to_iso(timed), timed) if timed else unread


def _meta(meta: list[dict[str, str]], *names: str) -> str:
    for name in names:
        for item in meta:
            if name == "lang" and item[""] == "html":
                return item.get("lang", "") or item.get("xml:lang", "")
            said = (item.get("property") or item.get("name") or "").lower()
            if said == name and item.get("content", "").strip():
                return _clean(item["content"])
    return ""


def _address(meta: list[dict[str, str]]) -> str:
    """The canonical URL that the page declares, if it is an absolute web address."""
    links = (item.get("href", "") for item in meta if item[""] == "link" and item.get("rel", "").lower() == "canonical")
    said = next((link for link in links if link), "") or _meta(meta, "og:url")
    return said.strip() if _ADDRESS.fullmatch(said.strip()) else ""


def _clean(text: str) -> str:
    return " ".join(unescape(text).split())


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # it takes half a second, and English does without

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
