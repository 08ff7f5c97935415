"""The ancestor elements of a block as a model sees them: their names, and keywords in their class and id attributes.

Such keywords state what an element is for: ``class="post-content"``, ``id="related"``. ``KEYWORD_GROUPS`` lists them by
meaning; an element has a bit for each group that it names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.content import signs
from pipeline.markup.element_names import BLOCK, HEADINGS
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
_TELLING = HEADINGS.union(
    "li dt dd ul ol dl blockquote q pre xmp td th b strong sup article math figcaption caption rt".split()
)
_WHOLE = frozenset(("article", "main", "body", "html"))  # page-level elements, whose class does not define a region
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOILERPLATE = frozenset(
    """nav navbar navigation menu footer sidebar breadcrumb breadcrumbs cookie cookies share sharing social related
    recommend recommended recommendations newsletter subscribe subscription advert advertisement ad ads banner popup
    modal comment comments disqus promo sponsored pagination pager toolbar widget""".split()
)
_LONGEST = 400  # characters of a class or an id
_REMEMBERED = 1000  # characters of a tag; a longer one holds data and is its page's own
_EDITORS = ("mso", "section", "kix", "docs")
_OF_EDITORS = re.compile(
    r"Mso\w*|Word?Section\d*|kix-[\w-]*|docs-[\w-]*"
)  # of word processors, which name no part of a site
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Element(NamedTuple):
    """An element; ``number`` is unique in the page, ``marks`` has a bit for each of KEYWORD_GROUPS that it names."""

    number: int
    name: str
    marks: int


class Tag(NamedTuple):
    """A parsed start tag: its name, its marks, the page region it opens, and whether it is a link.

    ``item`` and ``skipped`` are of word processors: a paragraph that is a list item, and the bullet before it. What is
    ``aside`` may stand within a sentence without being of it, and leaves by that rule. ``note`` is named as a reference
    or a note, ``symbol`` is set in the font of that name. A ``telling`` tag affects how its text is read, by any of it.
    """

    name: str
    marks: int = 0
    region: str = ""
    link: bool = False
    item: bool = False
    skipped: bool = False
    telling: bool = False
    aside: str = ""
    raised: bool = False
    note: bool = False
    caption: bool = False
    formula: bool = False
    symbol: bool = False
    anchor: bool = False  # a link within the page


def read_tag(source: str) -> Tag:
    """Read the source of a start tag."""
    return _remembered(source) if len(source) <= _REMEMBERED else _read(source)


class _Given(NamedTuple):
    """What the attributes of a start tag say, but for its id: many tags share it."""

    name: str
    names: str = ""  # of its class
    link: bool = False
    anchor: bool = False
    style: str = ""
    role: str = ""
    unread: bool = False  # by screen readers
    hidden: bool = False
    shadow: bool = False
    symbol: bool = False


def _read(source: str) -> Tag:
    name, given = start_tag(source)
    if not given:
        return _bare(name)
    get = given.get
    address = get("href") if name == "a" else None
    link, anchor = address is not None, address is not None and address.startswith("#")
    if _RARE.isdisjoint(given):
        tag = _classed(name, get("class", ""), link, anchor)
    else:
        tag = _tag(
            _Given(
                name, get("class", ""), link, anchor, get("style", ""), get("role", ""),
                get("aria-hidden") == "true", "hidden" in given, name == "template" and "shadowrootmode" in given,
                name == "font" and get("face", "").strip().lower() == "symbol",
            )
        )  # fmt: skip
    if "id" not in given:
        return tag
    marks, region = _named(given["id"][:_LONGEST])
    if region and not tag.region and name not in _WHOLE:
        return tag._replace(marks=tag.marks | marks, region=region, telling=True)
    return tag._replace(marks=tag.marks | marks) if marks | tag.marks != tag.marks else tag


@lru_cache(maxsize=10_000)
def _classed(name: str, names: str, link: bool, anchor: bool) -> Tag:
    """A start tag with a class and nothing else that tells."""
    marks, region = _named(names[:_LONGEST]) if names else (0, "")
    region = "" if name in _WHOLE else _REGIONS.get(name, "") or region
    told = signs.told(names[:_LONGEST], "") if names else signs.NOTHING
    if told is signs.NOTHING and name not in _MARKED and not (name == "p" and names.startswith("Mso")):
        telling = link or region != "" or name in _TELLING
        return Tag(name, marks, region, link, telling=telling, anchor=anchor)
    return _tag(_Given(name, names, link, anchor))


@lru_cache(maxsize=10_000)
def _tag(given: _Given) -> Tag:
    name, style = given.name, given.style
    marks, region = _named(given.names[:_LONGEST]) if given.names else (0, "")
    gone = given.hidden or (style != "" and _HIDDEN.search(style) is not None)
    if (gone or given.unread) and not given.shadow:
        region = "hidden"
    else:
        said = _ROLES.get(given.role.lower(), "")
        region = said if name in _WHOLE else said or ("" if given.shadow else _REGIONS.get(name, "")) or region
    told = signs.told(given.names[:_LONGEST], given.role[:_LONGEST])
    aside = "" if given.shadow else _ASIDE_NAMES.get(name) or ("hidden_text" if gone else told.aside)
    aside = aside or ("icon_sign" if given.unread else "")
    item = name == "p" and given.names.startswith("MsoListParagraph")
    skipped = name == "span" and "mso-list:" in style and "Ignore" in style
    raised = name == "sup" or (told.raised and name not in BLOCK) or signs.is_raised(style)
    caption = name in _CAPTIONS or (told.caption and name in _CAPTION_NAMES)
    formula = name == "math" or (told.formula and name in ("span", "div"))
    symbol = given.symbol or signs.is_symbol(style)
    telling = (
        name in _TELLING or bool(region or aside) or given.link or item or skipped or raised or caption or formula
        or symbol or told.note
    )  # fmt: skip
    return Tag(
        name, marks, region, given.link, item, skipped, telling, aside, raised, told.note, caption, formula, symbol,
        given.anchor,
    )  # fmt: skip


_remembered = lru_cache(maxsize=10_000)(_read)  # pages repeat their tags


# Attributes that tell of an element, besides class, id and href; most tags have none of them.
_RARE = frozenset(("style", "role", "aria-hidden", "hidden", "shadowrootmode", "face"))
# Elements that are not shown, or are controls, wherever they stand.
_ASIDE_NAMES = {"svg": "hidden_text", "template": "hidden_text", "datalist": "hidden_text", "textarea": "hidden_text"}
_MARKED = frozenset((*_ASIDE_NAMES, "sup", "math", "figcaption", "caption"))  # names that tell by themselves
_CAPTIONS = frozenset(("figcaption", "caption"))
_CAPTION_NAMES = frozenset(("p", "div", "span", "dd", "small", "figcaption", "em"))


@cache
def _bare(name: str) -> Tag:
    """A start tag without attributes."""
    aside, region = _ASIDE_NAMES.get(name, ""), _REGIONS.get(name, "")
    formula, raised, caption = name == "math", name == "sup", name in _CAPTIONS
    telling = name in _TELLING or bool(region or aside)
    return Tag(
        name, region="" if name in _WHOLE else region, telling=telling, aside=aside, raised=raised, caption=caption,
        formula=formula,
    )  # fmt: skip


@lru_cache(maxsize=10_000)
def _named(names: str) -> tuple[int, str]:
    """Marks of the words in a class or an id, and the region that it names."""
    lowered = names.lower()
    words = lowered.replace("_", " ").replace("-", " ").split()
    is_region = "skip-link" in lowered or not _BOILERPLATE.isdisjoint(words)
    marks = 0
    if any(map(lowered.__contains__, _EDITORS)):
        names = _OF_EDITORS.sub("", names)
    for word in _WORD.findall(names):
        marks |= _BIT.get(word.lower(), 0)
    return marks, "named" if is_region else ""
