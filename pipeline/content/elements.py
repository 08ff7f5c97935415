"""The ancestor elements of a block as a model sees them: their names, and keywords in their class and id attributes.

Such keywords state what an element is for: ``class="post-content"``, ``id="related"``. ``KEYWORD_GROUPS`` lists them by
meaning; an element has a bit for each group that it names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.markup.element_names import HEADINGS
from pipeline.markup.tokens import start_tag

KEYWORD_GROUPS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """\
content contents
article post story entry blog news
body text prose copy richtext rte wysiwyg paragraph
main primary core
comment comments reply replies disqus discussion responses
message thread topic forum bbp postbody conversation
sidebar aside rail secondary side
related recommend recommended recommendations more suggested popular trending latest recent readmore also next prev
share sharing social follow addtoany sharedaddy
nav navbar navigation menu menubar dropdown submenu
footer foot bottom colophon copyright legal
header head masthead topbar top
author byline bio writer contributor
meta info date time published timestamp posted data
tag tags category categories label labels taxonomy
widget module
ad ads advert advertisement sponsor sponsored promo promotion banner adsense
newsletter subscribe subscription signup optin mailchimp form
cookie cookies consent gdpr privacy notice alert
product price cart shop sku buy woocommerce variant shipping
description desc summary excerpt detail details overview spec specs specification abstract
review reviews rating ratings stars
signature avatar user profile member username
quote blockquote pullquote
breadcrumb breadcrumbs crumb
pagination pager paging
title headline heading subtitle
caption figure image img photo gallery media video slider carousel slide swiper
card cards tile tiles grid teaser
list listing listings result results feed archive items
item
faq accordion question answer qa collapse toggle
modal popup dialog overlay tooltip lightbox
hero intro lead jumbotron
hidden sr visually screen skip offscreen noscript
login account search register
toc index jump anchor
code doc docs documentation markdown wiki mw api reference
cta button buttons btn action actions
tab tabs panel pane
testimonial testimonials team service services feature features pricing benefits
event events job jobs recipe ingredients directions steps
section row col column container wrapper inner
disclaimer references footnotes sources citation credit
""".splitlines()
)
_BIT = {word: 1 << number for number, line in enumerate(KEYWORD_GROUPS) for word in line}
_REGIONS = {
    "nav": "navigation", "footer": "footer", "aside": "aside", "button": "named", "select": "form",
    "option": "form", "textarea": "form", "noscript": "noscript", "template": "hidden", "svg": "hidden",
    "dialog": "dialog", "title": "title", "menu": "navigation", "datalist": "form", "header": "header",
    "figcaption": "caption",
}  # fmt: skip
_ROLES = {
    "navigation": "navigation",
    "contentinfo": "footer",
    "search": "form",
    "complementary": "aside",
    "dialog": "dialog",
}
# Elements that determine the kind or style of their text; others matter only by their region.
_TELLING = HEADINGS.union("p li dt dd blockquote q pre xmp td th b strong sup article".split())
_WHOLE = frozenset(("article", "main", "body", "html"))  # page-level elements, whose class does not define a region
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOILERPLATE = frozenset(
    """nav navbar navigation menu footer sidebar breadcrumb breadcrumbs cookie cookies share sharing social related
    recommend recommended recommendations newsletter subscribe subscription advert advertisement ad ads banner popup
    modal comment comments disqus promo sponsored pagination pager toolbar widget""".split()
)
_LONGEST = 400  # characters of a class or an id
_REMEMBERED = 1000  # characters of a tag; a longer one holds data and is its page's own
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Element(NamedTuple):
    """An element; ``number`` is unique in the page, ``marks`` has a bit for each of KEYWORD_GROUPS that it names."""

    number: int
    name: str
    marks: int


class Tag(NamedTuple):
    """A parsed start tag: its name, its marks, the page region it opens, and whether it is a link.

    ``item`` and ``skipped`` are of word processors: a paragraph that is a list item, and the bullet before it. A
    ``telling`` tag affects how its text is read: by its region, as a link, ``item`` or ``skipped``, or by its name.
    """

    name: str
    marks: int = 0
    region: str = ""
    link: bool = False
    item: bool = False
    skipped: bool = False
    telling: bool = False


def read_tag(source: str) -> Tag:
    """Read the source of a start tag."""
    return _remembered(source) if len(source) <= _REMEMBERED else _read(source)


def _read(source: str) -> Tag:
    name, given = start_tag(source)
    marks, region = 0, ""
    for key in ("class", "id") if given else ():
        if key in given:
            bits, called = _named(given[key][:_LONGEST])
            marks |= bits
            region = region or called
    if given and _is_hidden(given):
        region = "hidden"
    else:
        role = _ROLES.get(given["role"].lower(), "") if "role" in given else ""
        region = role if name in _WHOLE else role or _REGIONS.get(name, "") or region
    item = name == "p" and given.get("class", "").startswith("MsoListParagraph")
    skipped = name == "span" and "mso-list:" in given.get("style", "") and "Ignore" in given["style"]
    link = name == "a" and "href" in given
    telling = name in _TELLING or bool(region) or link or item or skipped
    return Tag(name, marks, region, link, item, skipped, telling)


_remembered = lru_cache(maxsize=10_000)(_read)  # pages repeat their tags


def _is_hidden(given: dict[str, str]) -> bool:
    if "hidden" in given or given.get("aria-hidden") == "true":
        return True
    return "style" in given and _HIDDEN.search(given["style"]) is not None


@lru_cache(maxsize=10_000)
def _named(names: str) -> tuple[int, str]:
    """Marks of the words in a class or an id, and the region that it names."""
    lowered = names.lower()
    words = lowered.replace("_", " ").replace("-", " ").split()
    is_region = "skip-link" in lowered or not _BOILERPLATE.isdisjoint(words)
    marks = 0
    for word in _WORD.findall(names):
        marks |= _BIT.get(word.lower(), 0)
    return marks, "named" if is_region else ""
