"""The title of an article, of the several that a page gives it.

The heading of the page, its ``title`` element, the title for sharing (Open Graph) and the headline in linked data are
voices; most of them agree. A site's name is cut from a title only where it is known to be one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.content.words import key

_SEPARATOR = re.compile(r"(?<!\s)\s*+[|•·»«]\s*+|(?<!\s)\s++[-–—:]\s++|:\s++")
_SHORTEST = 3  # letters of a name that is told from a host


class Voices(NamedTuple):
    """What says the title: a page's heading, what it tells those who share it, linked data, its ``title`` element."""

    heading: str = ""
    shared: str = ""
    headline: str = ""
    named: str = ""


def choose(voices: Voices, sites: frozenset[str], *, news: bool = False) -> str:
    """The title that most voices say; ``sites`` are keys of names of the site.

    News pages often carry one headline that was written apart, for sharing or for search, beside one that all others
    repeat; it is the article's own.

    >>> choose(Voices("Long COVID", "", "", "Long COVID - Harbour Clinic"), frozenset(["harbourclinic"]))
    'Long COVID'
    """
    said = {name: without_site(text, sites) for name, text in voices._asdict().items()}
    keys = {name: key(text) for name, text in said.items() if key(text)}
    for name in ("shared", "named"):
        if name in keys:
            others = [one for other, one in said.items() if other not in ("shared", "named")]
            said[name], keys[name] = _without_rest(said[name], [*others, said["shared"]])
    if not keys:
        return ""
    votes = Counter(keys.values())
    if news and (alone := _written_apart(keys, votes)):
        return said[alone]
    order = ("headline", "shared", "heading", "named") if news else ("heading", "headline", "shared", "named")
    most = max(votes.values())
    return next(said[name] for name in order if name in keys and votes[keys[name]] == most)


def without_site(title: str, sites: frozenset[str]) -> str:
    """A title without the names of its site at its ends."""
    parts = [0, *(rim for found in _SEPARATOR.finditer(title) for rim in found.span()), len(title)]
    spans = list(zip(*[iter(parts)] * 2, strict=True))
    while len(spans) > 1 and key(title[spans[-1][0] : spans[-1][1]]) in sites:
        spans.pop()
    while len(spans) > 1 and key(title[spans[0][0] : spans[0][1]]) in sites:
        spans.pop(0)
    return title[spans[0][0] : spans[-1][1]].strip()


def names_of_site(names: Iterable[str], addresses: Iterable[str]) -> frozenset[str]:
    """Keys of the names of a site: those given, with and without the ending of a domain, and its host's."""
    found: set[str] = set()
    for name in names:
        found |= {key(name), key(re.sub(r"\.[a-z]{2,6}\Z", "", name.strip(), flags=re.I)), key(f"the {name}")}
        found.add(key(re.sub(r"\Athe\s+", "", name.strip(), flags=re.I)))
    for address in addresses:
        host = urlsplit(address).netloc.lower().removeprefix("www.") if "//" in address else ""
        labels = host.split(".")
        found |= {key(host), *(label.replace("-", "") for label in labels[:-1] if len(label) >= _SHORTEST)}
    return frozenset(found - {""})


def _without_rest(title: str, others: Iterable[str]) -> tuple[str, str]:
    """A title up to where another voice ends, if a separator follows there; and its key."""
    for other in others:
        for found in _SEPARATOR.finditer(title):
            if key(other) and key(title[: found.start()]) == key(other):
                return title[: found.start()], key(other)
    return title, key(title)


def _written_apart(keys: Mapping[str, str], votes: Counter[str]) -> str:
    """The voice that says another title than all others, who agree; empty if there is none."""
    if len(keys) < 3 or len(votes) != 2:
        return ""
    return next((name for name in ("shared", "headline") if name in keys and votes[keys[name]] == 1), "")
