"""What undamaged markup looks like, as one pattern: a page that it describes whole is left alone.

The pattern is stricter than the HTML standard and far cheaper than the fixes: what it does not describe may be damage
or only unusual, and the fixes look at it token by token.
"""

from __future__ import annotations

import re

from pipeline.html_names import BOOLEAN_ATTRIBUTES, ESCAPABLE_RAW_TEXT, HOLDS_TEXT, KNOWN, RAW_TEXT

_BOOLEAN = "|".join(sorted(BOOLEAN_ATTRIBUTES, key=len, reverse=True))
_FOREIGN = r"(?:fe|linear|radial|clip|foreign)[A-Z][A-Za-z]*+"  # names of SVG with capitals
# Behind a value in quotes stands white space, the tag's end, or the next attribute.
_VALUED = r"""[^\s"'<>/=]++\s*+=\s*+
    (?:"[^"]*+"(?=[\s/>])|'[^']*+'(?=[\s/>])|[^\s"'<>`]++|"[^"<]*+"(?=[a-z-]++=["']))"""
# Words without a value may be text that the tag swallowed, unless the tag has an attribute with one.
_ATTRIBUTES = rf"""(?:(?:\s++(?:{_BOOLEAN}|[a-z]++-[\w-]++)(?=[\s/>]))*+\s*+/?(?=>)
    |(?:(?:[ ]++[^\s"'<>/=]++|\s++[a-z]++-[\w-]++)(?=\s++[^\s=]))*+\s++{_VALUED}
    (?:\s*+{_VALUED}|\s++(?:[^\s"'<>/=]++(?=[\s/>])|(?=/?>)))*+\s*+/?)"""
_NAME = rf"(?:{_FOREIGN}|[a-z][a-z0-9:_-]*+|[A-Z]++[1-6]?+)"
# An element of the page's own; no word could be a "less than" before it.
_OWN = rf"""[a-z][a-z0-9]*+-[a-z0-9-]*+(?:\s*+{_VALUED}|\s++[^\s"'<>/=]++(?=[\s/>]))*+\s*+/?"""
_ESCAPED = (
    rf"(?i:&(?:amp;)*+(?:lt|\#0*60|\#x0*3c);/?(?:{'|'.join(sorted(KNOWN))})[\s/&>])"  # what may be escaped markup
)
# No text of the page and no other element of its kind is hidden in a script.
_HOLDERS = "|".join(
    rf"<{said}(?:{_ATTRIBUTES})>(?:[^<]++|<(?!<?+\s*+/?\s*+(?i:{name})\b))*+</{said}\s*+>"
    for name in sorted(RAW_TEXT - {"xmp"} | ESCAPABLE_RAW_TEXT)
    for said in (name, name.upper())
)
_HOLDER = "|".join(said for name in sorted(HOLDS_TEXT, key=len, reverse=True) for said in (name, name.upper()))
_SOUND = re.compile(
    rf"""(?:(?:[^<&]++|(?!{_ESCAPED})&)++
    |</{_NAME}\s*+>
    |<(?!{_HOLDER}){_NAME}{_ATTRIBUTES}>
    |<{_OWN}>
    |<!--(?!>|->)(?:\[if[^<>\[\]]*+\]><!-->|(?:[^-<]++|-(?!->|-!>)|<(?!!--))*+-->)
    |{_HOLDERS}
    |<(?=[\s\d=])(?!\s++/?[A-Za-z]|\s*+/)
    |<!(?:doctype|DOCTYPE)[^<>]*+>|<\?[^<>]*+>
    )*+\Z""",
    re.X,
)
_BARE = re.compile(r"<([A-Za-z][A-Za-z0-9]*+)>")
_CLOSED = re.compile(r"</([A-Za-z][A-Za-z0-9]*+)[\s/>]")


def is_sound(text: str) -> bool:
    """Whether nothing in a page could be damage to its markup."""
    if _SOUND.match(text) is None:
        return False
    unknown = set(map(str.lower, _BARE.findall(text))) - KNOWN
    return not unknown or unknown <= set(map(str.lower, _CLOSED.findall(text)))
