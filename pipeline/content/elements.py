"""The elements around a block, as a model sees them: their names, and what their class and id words say.

Authors of pages name what things are: ``class="post-content"``, ``id="related"``. ``MARKS`` are such words by what they
mean; an element carries a bit for each that it names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MARKS: tuple[tuple[str, ...], ...] = tuple(
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
_BIT = {word: 1 << number for number, line in enumerate(MARKS) for word in line}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the page by the number of its tag; ``marks`` has a bit for each line of MARKS that it names."""

    number: int
    name: str
    marks: int


def element(number: int, name: str, given: Mapping[str, str]) -> Element:
    """The element a start tag opens."""
    return Element(number, name, _marks(f"{given.get('class', '')} {given.get('id', '')}"[:400]))


@lru_cache(maxsize=10_000)
def _marks(words: str) -> int:
    bits = 0
    for word in _WORD.findall(words):
        bits |= _BIT.get(word.lower(), 0)
    return bits
