"""Find the date of an article, and keep it as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from dateutil import parser

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WRITTEN = rf"(?:{_MONTH}\s+{_DAY},?\s+\d{{4}}|{_DAY}\s+{_MONTH},?\s+\d{{4}})"
_ISO = re.compile(r"\b(\d{4})([-/])(\d\d)\2(\d\d)")
_CLOCK = r"(?:,?\s+(\d{1,2}:\d\d(?::\d\d)?)\s*([ap]\.?m\.?)?)?"
_NUMERIC = re.compile(rf"\A\W*(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{4}}|\d\d){_CLOCK}\W*\Z", re.I)
_LABEL = r"(?:(?:published|posted|updated|last (?:updated|reviewed|modified)|date|on)\b[\s:]*)?(?:on\s+)?"
_ALONE = re.compile(rf"\A{_LABEL}(?:\w+day,?\s+)?({_WRITTEN})\b.{{0,60}}\Z", re.I)
# "DALLAS - September 22, 2025 (NEWSWIRE) - ...": place, date and a dash or slash.
_DATELINE = re.compile(rf"\A[^.!?]{{2,60}}?[\s,(/–—-]+({_WRITTEN})\s*[)(/–—-]", re.I)
# "By Jane Doe | Updated on March 5, 2021"
_BYLINE = re.compile(rf"\Aby\s.{{2,60}}?[|·•–—-]\s*{_LABEL}({_WRITTEN})\b.{{0,40}}\Z", re.I)
_LINE = 300  # characters in which a date stands
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_META = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "publish-date",
    "citation_publication_date",
    "citation_date",
    "og:published_time",
    "sailthru.date",
    "parsely-pub-date",
)


def from_meta(meta: Iterable[dict[str, str]]) -> tuple[str, str]:
    """(ISO date, as written) from meta and time elements, empty where there is none."""
    given: dict[str, str] = {}
    for item in meta:
        name = (item.get("property") or item.get("name") or item.get("itemprop") or "").lower()
        value = item.get("content") or item.get("datetime") or ""
        published = "publish" in item.get("class", "") or "entry-date" in item.get("class", "")
        if item[""] == "time" and ("pubdate" in item or published):
            name = "datepublished"
        given.setdefault(name, value)
    for name in _META:
        iso = to_iso(given.get(name, ""))
        if iso:
            return iso, given[name]
    return "", ""


def from_linked_data(page: str) -> tuple[str, str]:
    """(ISO date, as written) of schema.org's datePublished in a page's JSON-LD, which is read as text only."""
    found = _LINKED_DATA.search(page)
    iso = to_iso(found[1]) if found else ""
    return (iso, found[1]) if found and iso else ("", "")


def from_line(text: str) -> tuple[str, str]:
    """(ISO date, as written) of a block that is a date, or that opens with a dateline."""
    numeric = _NUMERIC.match(text) if len(text) <= _LINE else None
    if numeric:
        return _numeric(numeric), text.strip()
    head = text[:_LINE]
    whole = head if len(text) <= _LINE else ""
    found = _ALONE.match(whole) or _DATELINE.match(head) or _BYLINE.match(whole)
    if found:
        return to_iso(found[1]), found[1]
    return "", ""


def to_iso(text: str) -> str:
    """ISO form of a written date, empty if it is not a complete date."""
    iso = _ISO.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[3]), int(iso[4])).isoformat()
        written = re.search(_WRITTEN, text, re.I)
        return parser.parse(written[0].replace("Sept.", "Sep")).date().isoformat() if written else ""
    except (ValueError, OverflowError):
        return ""


def _numeric(found: re.Match[str]) -> str:
    """ISO form of a numeric date. A 12-hour clock means month first, dots mean day first; else a part over 12 decides.

    An ambiguous order is not guessed.
    """
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    if found[6] or second > 12:
        month, day = first, second
    elif found[2] == "." or first > 12:
        month, day = second, first
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
