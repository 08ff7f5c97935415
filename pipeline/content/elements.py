"""The ancestor elements of a block as a model sees them: their names, and keywords in their class and id attributes.

Such keywords state what an element is for: ``class="post-content"``, ``id="related"``. ``KEYWORD_GROUPS`` lists them by
meaning; an element has a bit for each group that it names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

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
# What stands within a sentence without being of it, by the words of its class, each with the rule by which it leaves.
_ASIDES = (
    ("edit_link", re.compile(r"\b(?:mw-)?edit-?(?:section|link)\b")),
    ("comment_mark", re.compile(r"\bmso-?com(?:anchor|mentreference)\b")),
    ("formula_preview", re.compile(r"\bmathjax-preview\b")),
    ("screen_reader_text", re.compile(
        r"\bsr-(?:only|text)\b|visually-?hidden|hidden-visually|screen-?reader|show-for-sr|element-invisible|a11y-hidden|"
        r"off-?screen|assistive-text"
    )),
    ("tooltip", re.compile(
        r"tool-?tip-*(?:text|content|body|inner|box|bubble|panel)|\btip-+(?:text|content|body)|\bpopover\b|popover-content|"
        r"hover-?card|gloss(?:ary)?-*(?:card|def\b|definition|content)|\btippy"
    )),
    ("back_link", re.compile(r"cite-backlink|footnote-?back|back-?ref\b|backlink|reversefootnote")),
    ("heading_anchor", re.compile(r"header-?link|heading-?(?:link|anchor)|anchor|permalink|hash-?link")),
    ("line_number", re.compile(r"line-?n(?:o|umber)s?\b|linenodiv|\bgutter|-gutter\b|ln-(?:num|n\b)|blob-num")),
    ("copy_button", re.compile(r"\bcopy|\bclipboard|-copy\b|-clipboard\b")),
    ("credit", re.compile(r"\bcredits?\b|-credits?\b|\bcopyright|-copyright|photographer|\battribution")),
    ("kicker", re.compile(r"kicker|eyebrow|overline|\bcaption\b|-caption\b")),
    ("icon_word", re.compile(r"\bmaterial-(?:icons|symbols)")),
    ("icon_sign", re.compile(r"\b(?:icons?|fa[bslrd]?|glyphicon|dashicons|mdi|bi)\b")),
)  # fmt: skip
# What any of these patterns needs; most names have nothing of it.
_ANY_SIGN = re.compile(
    "edit|mso|math|katex|sr-|hidden|screen|show-for|invisible|tip|popover|hover|gloss|back|anchor|link|line|gutter|ln-|blob|"
    "copy|clip|credit|photo|attrib|material|icon|fa|dashicons|mdi|bi|caption|sup|note|ref|cit|fn|kicker|eyebrow|overline"
)
_CAPTION = re.compile(r"\bcaption(?:-?text)?\b|fig(?:ure)?-?caption|image-?caption|photo-?caption|media-?caption")
_FORMULA = re.compile(r"(?<![\w-])(?:katex(?:-display)?|mathjax(?:-display|-chtml|-svg)?|mwe-math-element)(?![\w-])")
_RAISED = re.compile(r"\b(?:sup|superscript)\b|footnote-?reference\b|\bnoteref\b")
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super\b|mso-footnote-id|mso-endnote-id", re.I)
_NOTES = re.compile(
    r"\b(?:ref(?:erence)?s?|cit(?:e|ation|e-?ref)s?|bibr|xref|foot-?notes?|fn|end-?notes?)\b|note-?ref|ref-?link"
)
_SYMBOL = re.compile(r"font-family\s*:\s*[\"']?symbol\b", re.I)
_WHOLE = frozenset(("article", "main", "body", "html"))  # page-level elements, whose class does not define a region
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOILERPLATE = frozenset(
    """nav navbar navigation menu footer sidebar breadcrumb breadcrumbs cookie cookies share sharing social related
    recommend recommended recommendations newsletter subscribe subscription advert advertisement ad ads banner popup
    modal comment comments disqus promo sponsored pagination pager toolbar widget""".split()
)
_LONGEST = 400  # characters of a class or an id
_REMEMBERED = 1000  # characters of a tag; a longer one holds data and is its page's own
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


def _read(source: str) -> Tag:
    name, given = start_tag(source)
    if not given:
        return _bare(name)
    marks, region = 0, ""
    for key in ("class", "id"):
        if key in given:
            bits, called = _named(given[key][:_LONGEST])
            marks |= bits
            region = region or called
    style, role, names = given.get("style", ""), given.get("role", ""), given.get("class", "")
    gone = "hidden" in given or bool(style and _HIDDEN.search(style))
    shadow = "shadowrootmode" in given
    if not shadow and (gone or given.get("aria-hidden") == "true"):
        region = "hidden"
    else:
        said = _ROLES.get(role.lower(), "") if role else ""
        region = said if name in _WHOLE else said or ("" if shadow else _REGIONS.get(name, "")) or region
    told = _told(names[:_LONGEST], role[:_LONGEST]) if names or role else _NOTHING_TOLD
    aside = "" if shadow else _ASIDE_NAMES.get(name) or ("hidden_text" if gone else told.aside)
    if not aside:
        hinted = "icon_sign" if given.get("aria-hidden") == "true" else ""
        aside = "line_number" if "data-line-number" in given else hinted
    item = name == "p" and names.startswith("MsoListParagraph")
    skipped = name == "span" and "mso-list:" in style and "Ignore" in style
    link = name == "a" and "href" in given
    raised = name == "sup" or (told.raised and name not in BLOCK) or bool(style and _RAISED_STYLE.search(style))
    caption = name in ("figcaption", "caption") or (told.caption and name in _CAPTION_NAMES)
    formula = name == "math" or (told.formula and name in ("span", "div"))
    symbol = given.get("face", "").strip().lower() == "symbol" or bool(style and _SYMBOL.search(style))
    anchor = link and given["href"].startswith("#")
    note = told.note
    telling = (
        name in _TELLING or bool(region or aside) or link or item or skipped or raised or caption or formula or symbol
        or note
    )  # fmt: skip
    return Tag(
        name, marks, region, link, item, skipped, telling, aside, raised, note, caption, formula, symbol, anchor
    )  # fmt: skip


_remembered = lru_cache(maxsize=10_000)(_read)  # pages repeat their tags


# Elements that are not shown, or are controls, wherever they stand.
_ASIDE_NAMES = {"svg": "hidden_text", "template": "hidden_text", "datalist": "hidden_text", "textarea": "hidden_text"}
_CAPTION_NAMES = frozenset(("p", "div", "span", "dd", "small", "figcaption", "em"))
_GIVEN_ROLES = {"tooltip": "tooltip", "doc-backlink": "back_link"}


class _Told(NamedTuple):
    """What the class and the role of an element tell of it."""

    aside: str = ""
    raised: bool = False
    caption: bool = False
    formula: bool = False
    note: bool = False


@lru_cache(maxsize=10_000)
def _told(names: str, role: str) -> _Told:
    words = f"{names} {role}".lower().replace("_", "-")
    if role.lower() in _GIVEN_ROLES:
        return _NOTHING_TOLD._replace(aside=_GIVEN_ROLES[role.lower()])
    if not _ANY_SIGN.search(words):
        return _NOTHING_TOLD
    return _Told(
        next((rule for rule, pattern in _ASIDES if pattern.search(words)), ""),
        *(pattern.search(words) is not None for pattern in (_RAISED, _CAPTION, _FORMULA, _NOTES)),
    )


_NOTHING_TOLD = _Told()


@cache
def _bare(name: str) -> Tag:
    """A start tag without attributes."""
    aside, region = _ASIDE_NAMES.get(name, ""), _REGIONS.get(name, "")
    formula, raised, caption = name == "math", name == "sup", name in ("figcaption", "caption")
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
    for word in _WORD.findall(_OF_EDITORS.sub("", names)):
        marks |= _BIT.get(word.lower(), 0)
    return marks, "named" if is_region else ""
