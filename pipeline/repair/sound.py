"""One pattern for undamaged markup: a page that it matches completely is left alone.

The pattern is stricter than the HTML standard and far cheaper than the fixes. A page that it does not match may be
damaged or only unusual; the fixes then examine it token by token.
"""

from __future__ import annotations

import re

from pipeline.markup.element_names import ANY_NAME, BOOLEAN_ATTRIBUTES, ESCAPABLE_RAW_TEXT, KNOWN, RAW_TEXT, TEXT_ONLY
from pipeline.markup.tokens import tokenize
from pipeline.repair.end_tags import lost_slashes
from pipeline.repair.escaped import unescape_markup

_FOREIGN = r"(?:fe|linear|radial|clip|foreign|animate|text)[A-Z][A-Za-z]*+"  # mixed-case SVG element names
_NAME = rf"(?:(?!https?:)[a-z][a-z0-9:_-]*+|{_FOREIGN}|[A-Z]++[1-6]?+)"
_BOOLEAN = "|".join(sorted(BOOLEAN_ATTRIBUTES, key=len, reverse=True))
_FLAGS = rf"(?:\s++(?:{_BOOLEAN}|[a-z]++-[\w-]++)(?=[\s/>]))*+\s*+/?"
# The tag name is not split by a line break.
_UNBROKEN = rf"(?=\s)(?![ \t\r]*+\n\s*+(?!(?:{_BOOLEAN})[\s/>])[A-Za-z0-9]++[\s/>](?!\s*+=))"
# Well-formed attributes, whose quoted values may contain a tag; or malformed ones without any "<".
_ORDERED = r"""(?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>`]++)(?=[\s/>]))?+)++\s*+/?(?=>)"""
_DISORDERED = r"""[^<>=]*+(?:=(?:\s*+(?:"[^"<]*+"|'[^'<]*+')|(?!\s*+["']))[^<>=]*+)++"""
_VALUES = rf"{_UNBROKEN}(?=[^<>=]*+=)(?:{_ORDERED}|{_DISORDERED})"
_ATTRIBUTES = rf"(?:{_VALUES}|{_FLAGS}(?=>))"
# Words without a value; attributes only where no word precedes the "<", which could then mean "less than".
_WORDS = rf"{_UNBROKEN}[^<>=]*+"
# A raw text element; with a tag of its own name inside that no quote begins, it may have swallowed part of the page.
_HOLDERS = "|".join(
    rf"<{said}(?:{_ATTRIBUTES}|(?<![^\W_]<{said}){_WORDS})>"
    rf"(?:[^<]++|(?<=[\"'])<(?={name}\s)|<(?!<?+\s*+/?\s*+(?i:{name})\b))*+</{said}\s*+>"
    for name in sorted(RAW_TEXT - {"xmp"} | ESCAPABLE_RAW_TEXT)
    for said in (name, name.upper())
)
_HOLDER = "|".join(said for name in sorted(TEXT_ONLY, key=len, reverse=True) for said in (name, name.upper()))
_SOUND = re.compile(
    rf"""(?:[^<]++
    |</{_NAME}\s*+>
    |<(?!{_HOLDER}){_NAME}{_ATTRIBUTES}>
    |<!--(?!>|->)(?:\[if[^<>\[\]]*+\]><!-->|(?:[^-<]++|-(?!->|-!>)|<(?!!--))*+-->)
    |{_HOLDERS}
    |<(?=[\s\d=])(?!\s++/?[A-Za-z]|\s*+/)
    |<!(?:doctype|DOCTYPE)[^<>]*+>|<\?[^<>]*+>
    |(?<![^\W_])<(?!{_HOLDER})(?:{ANY_NAME}){_WORDS}>
    |<[a-z][a-z0-9]*+-[a-z0-9-]*+(?:\s++[^\s"'<>/=]++)*+\s*+/?>
    )*+\Z""",
    re.X,
)
_BARE = re.compile(r"<([A-Za-z][A-Za-z0-9]*+)>")


def is_sound(text: str) -> bool:
    """Whether the markup of a page is certainly undamaged."""
    if _SOUND.match(text) is None or unescape_markup(text, tokenize(text)) or lost_slashes(tokenize(text)):
        return False
    unknown = set(map(str.lower, _BARE.findall(text))) - KNOWN
    tokens = tokenize(text) if unknown else ()  # most unknown names are inside scripts
    opened, closed = ({name for is_a, _, _, name in tokens if is_a == kind} for kind in ("start", "end"))
    return unknown & opened <= closed
