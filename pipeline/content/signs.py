"""What the class, the role and the style of an element tell of the text in it.

Sites, page builders and libraries name such elements in much the same words; a text must look the part, too, before it
leaves its sentence (see ``asides``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

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
    ("line_number", re.compile(
        r"\bline-?nos?\b|\bline-?number\b|linenodiv|\bgutter\b|-gutter\b|ln-(?:num|n\b)|blob-num"
        r"|(?<![\w-])lnt?(?![\w-])"
    )),
    ("copy_button", re.compile(r"\bcopy|\bclipboard|-copy\b|-clipboard\b")),
    ("credit", re.compile(r"\bcredits?\b|-credits?\b|\bcopyright|-copyright|photographer|\battribution")),
    ("kicker", re.compile(r"kicker|eyebrow|overline|\bcaption\b|-caption\b")),
    ("icon_word", re.compile(r"\bmaterial-(?:icons|symbols)")),
    ("icon_sign", re.compile(r"\b(?:icons?|fa[bslrd]?|glyphicon|dashicons|mdi|bi)\b")),
)  # fmt: skip
# A word that any of these patterns needs: most names have none, and words are looked up faster than patterns.
_WORDS = frozenset(
    """edit editsection mw msocomanchor msocommentreference mathjax katex mwe sr visually visuallyhidden hidden screen
    screenreader show element a11y off offscreen assistive tooltip tooltips tooltiptext tooltipcontent tool tip popover
    popovercontent hover hovercard gloss glossary tippy cite footnote footnotes back backref backlink backlinks
    reversefootnote headerlink header heading headinganchor anchor anchorlink anchorjs permalink hashlink hash line
    lineno linenos linenumber linenumbers linenodiv gutter ln lnt blob copy copybtn copybutton clipboard credit credits
    copyright photographer attribution kicker eyebrow overline caption captions captiontext figcaption figurecaption fig
    figure image photo media material icon icons fa fas fab far fal fad glyphicon dashicons mdi bi sup superscript
    footnotereference msofootnotereference noteref ref refs reference references citation citations citeref bibr xref
    fn endnote endnotes note reflink""".split()
)
_CAPTION = re.compile(r"\bcaption(?:-?text)?\b|fig(?:ure)?-?caption|image-?caption|photo-?caption|media-?caption")
_FORMULA = re.compile(r"(?<![\w-])(?:katex(?:-display)?|mathjax(?:-display|-chtml|-svg)?|mwe-math-element)(?![\w-])")
_RAISED = re.compile(r"\b(?:sup|superscript)\b|footnote-?reference\b|\bnoteref\b")
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super\b|mso-footnote-id|mso-endnote-id", re.I)
_NOTES = re.compile(
    r"\b(?:ref(?:erence)?s?|cit(?:e|ation|e-?ref)s?|bibr|xref|foot-?notes?|fn|end-?notes?)\b|note-?ref|ref-?link"
)
_SYMBOL = re.compile(r"font-family\s*:\s*[\"']?symbol\b", re.I)
_GIVEN_ROLES = {"tooltip": "tooltip", "doc-backlink": "back_link"}


class Told(NamedTuple):
    """What the class and the role of an element tell of it."""

    aside: str = ""
    raised: bool = False
    caption: bool = False
    formula: bool = False
    note: bool = False


@lru_cache(maxsize=10_000)
def told(names: str, role: str) -> Told:
    """What the class and the role of an element tell."""
    words = f"{names} {role}".lower().replace("_", "-")
    if role.lower() in _GIVEN_ROLES:
        return NOTHING._replace(aside=_GIVEN_ROLES[role.lower()])
    if _WORDS.isdisjoint(words.replace("-", " ").split()):
        return NOTHING
    return Told(
        next((rule for rule, pattern in _ASIDES if pattern.search(words)), ""),
        *(pattern.search(words) is not None for pattern in (_RAISED, _CAPTION, _FORMULA, _NOTES)),
    )


NOTHING = Told()


def is_raised(style: str) -> bool:
    """Whether a style raises a text, or says that it is the mark of a note."""
    return style != "" and _RAISED_STYLE.search(style) is not None


def is_symbol(style: str) -> bool:
    """Whether a style sets a text in the Symbol font."""
    return style != "" and _SYMBOL.search(style) is not None
