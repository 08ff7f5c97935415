"""Title, date, authors, publisher, licence and identifiers of a page, from its JSON-LD in schema.org's vocabulary.

The scripts are read as data; nothing in them is executed or fetched.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_LONGEST = 300_000  # characters of a script
_MOST = 5_000  # objects of a page
_NEWS = frozenset(
    "NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle LiveBlogPosting ReviewNewsArticle".split()
)
Thing = Mapping[str, Any]


def things(scripts: Iterable[str]) -> list[Thing]:
    """All objects in the JSON-LD scripts of a page, nested ones after their parents; invalid scripts are skipped."""
    found: list[Thing] = []
    for script in scripts:
        try:
            waiting = deque([json.loads(script)] if len(script) <= _LONGEST else [])
        except (ValueError, RecursionError):
            continue
        while waiting and len(found) < _MOST:
            value = waiting.popleft()
            if isinstance(value, dict):
                found.append(value)
                waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
            elif isinstance(value, list):
                waiting.extendleft(reversed(value))
    return found


def authors(known: Sequence[Thing]) -> list[str]:
    """Author names of the first object that has some; articles come before other objects."""
    by_id = _by_id(known)
    written = sorted((thing for thing in known if thing.get("author")), key=lambda thing: not _is_article(thing))
    for thing in written:
        names = list(_names(thing["author"], by_id))
        if names:
            return names
    return []


def article(known: Sequence[Thing]) -> Thing:
    """The article of the page, or else the page itself: the first of its kind, those in lists after others."""
    named = [thing for thing in known if thing.get("headline") or thing.get("datePublished")]
    kinds = (_is_article, _is_page, lambda thing: "@type" not in thing)
    return next((thing for kind in kinds for thing in named if kind(thing)), {})


def text(thing: Thing, *names: str) -> str:
    """The first of the properties of a thing that is a text, or the address of one."""
    for name in names:
        for value in _listed(thing.get(name, "")):
            said = value.get("@id") or value.get("url") or value.get("value") if isinstance(value, dict) else value
            if isinstance(said, str) and said.strip():
                return said.strip()
    return ""


def publisher(known: Sequence[Thing]) -> str:
    """Name of the page's web site, or else of its publisher."""
    return next(iter(sites(known)), "")


def sites(known: Sequence[Thing]) -> list[str]:
    """Names of the page's web site and of its publisher."""
    by_id = _by_id(known)
    named = [str(thing["name"]) for thing in known if thing.get("@type") == "WebSite" and thing.get("name")]
    return named + [name for thing in known if thing.get("publisher") for name in _names(thing["publisher"], by_id)]


def _by_id(known: Iterable[Thing]) -> dict[str, Thing]:
    return {thing["@id"]: thing for thing in known if isinstance(thing.get("@id"), str) and _named(thing)}


def is_news(thing: Thing) -> bool:
    """Whether a thing is an article of a newspaper or the like."""
    return any(str(kind) in _NEWS for kind in _listed(thing.get("@type", "")))


def _is_article(thing: Thing) -> bool:
    kinds = thing.get("@type", "")
    return any(str(kind).endswith(("Article", "Posting", "Report")) for kind in _listed(kinds))


def _is_page(thing: Thing) -> bool:
    return any(str(kind).endswith("WebPage") for kind in _listed(thing.get("@type", "")))


def _names(value: object, by_id: Mapping[str, Thing]) -> Iterator[str]:
    for one in _listed(value):
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            known = one if _named(one) else by_id.get(str(one.get("@id", "")), {})
            yield from (name for name in _named(known) if isinstance(name, str) and name)


def _named(thing: Thing) -> list[Any]:
    """The names of a thing; a person's may stand in two."""
    given = " ".join(str(thing[name]) for name in ("givenName", "familyName") if isinstance(thing.get(name), str))
    return [name for name in _listed(thing.get("name") or given) if name]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
