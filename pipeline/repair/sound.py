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
# No text of the page and no other element of its kind is hidden in a script.
_HOLDERS = "|".join(
    rf"<{name}(?:[ ]++[a-z]++(?=[ >]))*+(?:{_ATTRIBUTES})>(?:[^<]++|<(?!\s*+/?\s*+(?i:{name})\b))*+</{name}\s*+>"
    for name in sorted(RAW_TEXT - {"xmp"} | ESCAPABLE_RAW_TEXT)
)
_HOLDER = "|".join(sorted(HOLDS_TEXT, key=len, reverse=True))
_SOUND = re.compile(
    rf"""(?:(?:[^<&]++|&(?!(?:amp;)*+(?:lt|\#0*60|\#[xX]0*3[cC]);/?[A-Za-z]))++
    |</(?:{_FOREIGN}|[a-z][a-z0-9:_-]*+)\s*+>
    |<(?!{_HOLDER})(?:{_FOREIGN}|[a-z][a-z0-9:_-]*+){_ATTRIBUTES}>
    |<!--(?!>|->)(?:\[if[^<>\[\]]*+\]><!-->|(?:[^-<]++|-(?!->|-!>)|<(?!!--))*+-->)
    |{_HOLDERS}
    |<(?=[\s\d=])(?!\s++/?[A-Za-z]|\s*+/)
    |<!(?:doctype|DOCTYPE)[^<>]*+>|<\?[^<>]*+>
    )*+\Z""",
    re.X,
)
_BARE = re.compile(r"<([a-z][A-Za-z0-9]*+)>")
_CLOSED = re.compile(r"</([a-z][A-Za-z0-9]*+)[\s/>]")


def is_sound(text: str) -> bool:
    """Whether nothing in a page could be damage to its markup."""
    if _SOUND.match(text) is None:
        return False
    unknown = set(_BARE.findall(text)) - KNOWN
    return not unknown or unknown <= set(_CLOSED.findall(text))
