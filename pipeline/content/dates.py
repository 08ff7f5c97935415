"""Find the date of an article, and keep it as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        """jan january januar jänner janvier enero gennaio janeiro januari leden ocak
        feb february februar février fevrier febrero febbraio fevereiro februari únor şubat
        mar march märz mars marzo março maart březen mart
        apr april avril abril aprile duben nisan
        may mai mayo maggio maio mei květen mayıs
        jun june juni juin junio giugno junho červen haziran
        jul july juli juillet julio luglio julho červenec temmuz
        aug august août aout agosto augustus srpen ağustos
        sep sept september septembre septiembre settembre setembro září eylül
        oct october oktober octobre octubre ottobre outubro okt říjen ekim
        nov november novembre noviembre novembro listopad kasım
        dec december dezember décembre decembre diciembre dicembre dezembro dez prosinec aralık""".splitlines(),
        1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_OF = r"(?:\s+(?:of|de|del))?"
# 14 July 2020, 3rd of May, 2021, 5-Sep-2023; July 14th, 2020; 2020 Jul 14.
_WRITTEN = (
    rf"(?:{_DAY}{_OF}[\s-]+{_MONTH},?{_OF}[\s-]+{_YEAR}|{_MONTH}\s+{_DAY},?\s+{_YEAR}|{_YEAR},?\s+{_MONTH}\s+{_DAY})"
)
_PARTS = (
    re.compile(
        r"\A(?P<day>\d{1,2})(?:[^\W\d]{2}|[.º])?(?:\s+(?:of|de|del))?[\s-]+(?P<month>[^\W\d_]+)\D{1,9}(?P<year>\d{4})"
    ),
    re.compile(r"\A(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})\D{1,6}(?P<year>\d{4})"),
    re.compile(r"\A(?P<year>\d{4}),?\s+(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})"),
)
_FIND_WRITTEN = re.compile(_WRITTEN, re.I)
_ISO = re.compile(rf"(?<![\d/.-])({_YEAR[:-6]})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d)")
_CHINESE = re.compile(r"((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_COMPACT = re.compile(r"\A\s*((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?\d{4,6}Z?)?\s*\Z")
# Fri Apr 28 19:20:36 CEST 2023, as Unix and Java write it.
_UNIX = re.compile(
    rf"\b[A-Z][a-z]{{2}}\s+({_MONTH})\s+(\d{{1,2}})\s+\d\d:\d\d:\d\d\s+(?:[A-Z+\d:-]{{1,9}}\s+)?(\d{{4}})", re.I
)
_CLOCK = r"(?:,?\s+(?:at\s+)?(\d{1,2}:\d\d(?::\d\d)?)\s*([ap]\.?m\.?)?)?"
_NUMERIC = re.compile(rf"\A\W*(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{4}}|\d\d){_CLOCK}\W*\Z", re.I)
_VERB = (
    r"(?:first |originally |last |article |page |date |e-?pub |e)?"
    r"(?:publi(?:shed|cation)|publish|posted|updated|reviewed|modified|released|written|created|date|dated)"
)
_LABEL = rf"(?:(?:{_VERB})\b(?:\s+(?:date|online|in print|ahead of print)){{0,2}}\s*[:–—-]?\s*)?(?:on\s+)?"
_WEEKDAY = r"(?:[^\W\d_]{3,12}[.,]?\s+)?"
_ALONE = re.compile(
    rf"\A\W*{_LABEL}{_WEEKDAY}({_WRITTEN}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\w)(?!\s+(?!at\b|by\b)(?-i:[a-z]{{2}})).{{0,60}}\Z",
    re.I | re.S,
)
# "DALLAS - September 22, 2025 (NEWSWIRE) - ...": place, date and a dash or slash.
_DATELINE = re.compile(rf"\A[^.!?]{{2,60}}?[\s,(/–—-]+({_WRITTEN})\s*[)(/–—-]", re.I)
# "By Jane Doe | Updated on March 5, 2021"; "J Pain. 2020; 12(3). Published online 2020 Jul 14."
_BYLINE = re.compile(rf"\Aby\s.{{2,60}}?[|·•–—-]\s*{_LABEL}{_WEEKDAY}({_WRITTEN})\b.{{0,40}}\Z", re.I)
_SAID = re.compile(
    rf"\b{_VERB}\b(?:\s+(?:date|online|in print|ahead of print)){{0,2}}\s*[:–—-]?\s*(?:on\s+)?{_WEEKDAY}({_WRITTEN})",
    re.I,
)
_WITHOUT_YEAR = re.compile(
    rf"{_WEEKDAY}(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<month>{_MONTH})|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)",
    re.I,
)
_LINE = 300  # characters in which a date stands
_META = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "sailthru.date",
    "parsely-pub-date",
    "article:published",
    "article.published",
    "published_at",
    "published",
    "first-publication",
    "date",
)
_SURE = _META[:2]  # those that only an article has


def from_meta(meta: Iterable[Mapping[str, str]], *, sure: bool = False) -> tuple[str, str]:
    """(ISO date, as written) from meta and time elements, empty where there is none; ``sure``: of an article only."""
    given: dict[str, str] = {}
    for item in meta:
        name = (item.get("property") or item.get("name") or item.get("itemprop") or "").lower()
        value = item.get("content") or item.get("datetime") or ""
        published = "publish" in item.get("class", "") or "entry-date" in item.get("class", "")
        if item[""] == "time" and ("pubdate" in item or published):
            name = "datepublished"
        if name in _META and name not in given and to_iso(value):
            given[name] = value
    found = next((name for name in (_SURE if sure else _META) if name in given), "")
    return (to_iso(given[found]), given[found]) if found else ("", "")


def from_line(text: str) -> tuple[str, str]:
    """(ISO date, as written) of a block that is a date, or that opens with a dateline."""
    numeric = _NUMERIC.match(text) if len(text) <= _LINE else None
    if numeric:
        return _numeric(numeric), text.strip()
    head = text[:_LINE]
    whole = head if len(text) <= _LINE else ""
    found = _ALONE.match(whole) or _DATELINE.match(head) or _BYLINE.match(whole) or _SAID.search(whole)
    if found:
        return to_iso(found[1]), found[1]
    return "", ""


def is_date_line(text: str, known: str = "") -> bool:
    """Whether a block is a date, with its label, and nothing else; one without a year must be the ``known`` date.

    >>> is_date_line("First published online 3rd May 2021"), is_date_line("On 3 May 2021 the trial began in Oslo.")
    (True, False)
    """
    found = (_ALONE.match(text) or _NUMERIC.match(text)) if len(text) <= _LINE else None
    if found is None:
        short = _WITHOUT_YEAR.fullmatch(text.strip()) if known and len(text) <= _LINE else None
        day, month = (short["day"] or short["day2"], short["month"] or short["month2"]) if short else ("", "")
        return bool(short) and known[5:] == f"{_number(month):02}-{int(day):02}"
    rest = text[found.end(1) :] if found.re is _ALONE else ""
    said = to_iso(found[1]) if found.re is _ALONE else _numeric(found)
    if not said:
        return False
    return re.fullmatch(r"[\s\d:.,()|–—-]*(?:at|[ap]\.?m\.?|[A-Z]{2,5}|h|Uhr|[\s\d:.,()|–—-])*", rest) is not None


def to_iso(text: str) -> str:
    """ISO form of a written date, empty if it is not a complete date.

    >>> to_iso("2020 Jul 14"), to_iso("Tuesday 5th of September, 2023"), to_iso("5/9/2023")
    ('2020-07-14', '2023-09-05', '')
    """
    text = text[:_LINE]
    for pattern in (_ISO, _CHINESE, _COMPACT):
        if found := pattern.search(text):
            year, month, day = (group for group in found.groups() if len(group) > 1 or group.isdigit())
            return _iso(year, month, day)
    if found := _UNIX.search(text):
        return _iso(found[3], _number(found[1]), found[2])
    if written := _FIND_WRITTEN.search(text):
        for pattern in _PARTS:
            if (said := pattern.match(written[0])) and _number(said["month"]):
                return _iso(said["year"], _number(said["month"]), said["day"])
    dotted = re.match(r"\s*(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)(?!\d)", text)
    return _iso(dotted[3], dotted[2], dotted[1]) if dotted else ""


def _number(month: str) -> int:
    return _MONTHS.get(month.lower().rstrip("."), 0)


def _iso(year: str | int, month: str | int, day: str | int) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _numeric(found: re.Match[str]) -> str:
    """ISO form of a numeric date. A 12-hour clock means month first, dots mean day first; else a part over 12 decides.

    An ambiguous order is not guessed.
    """
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    if found[6] or second > 12:
        return _iso(year, first, second)
    return _iso(year, second, first) if found[2] == "." or first > 12 else ""
