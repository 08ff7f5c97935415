"""Authors and publisher of a page, from its JSON-LD in schema.org's vocabulary.

The scripts are read as data; nothing in them is executed or fetched.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_LONGEST = 300_000  # characters of a script
_MOST = 5_000  # objects of a page
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


def publisher(known: Sequence[Thing]) -> str:
    """Name of the page's web site, or else of its publisher."""
    by_id = _by_id(known)
    named = (name for thing in known if thing.get("publisher") for name in _names(thing["publisher"], by_id))
    sites = (str(thing["name"]) for thing in known if thing.get("@type") == "WebSite" and thing.get("name"))
    return next(sites, "") or next(named, "")


def _by_id(known: Iterable[Thing]) -> dict[str, Thing]:
    return {thing["@id"]: thing for thing in known if isinstance(thing.get("@id"), str) and "name" in thing}


def _is_article(thing: Thing) -> bool:
    kinds = thing.get("@type", "")
    return any(str(kind).endswith(("Article", "Posting", "Report")) for kind in _listed(kinds))


def _names(value: object, by_id: Mapping[str, Thing]) -> Iterator[str]:
    for one in _listed(value):
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            known = one if one.get("name") else by_id.get(str(one.get("@id", "")), {})
            yield from (name for name in _listed(known.get("name", "")) if isinstance(name, str) and name)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
