"""A lossless HTML tokenizer that keeps offsets.

Tokens cover the text without gaps or overlaps. The rules follow the tokenizer of the HTML standard
(WHATWG section 13.2.5) in all that decides what is text: quoted attribute values, raw text elements,
comments, and a ``<`` that starts no tag. Every pattern scans forward only.
"""

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pipeline.markup.element_names import RAW_TEXT, TEXT_ONLY

Kind = Literal["text", "start", "end", "comment", "declaration", "raw", "cut"]

_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_LETTER_TAG = re.compile(r"<(?=/?[A-Za-z]|!--)")
_NAME = r"[A-Za-z][^\s/>\0]*+"
_REST = r"""[^>=]*+(?:=(?>\s*+(?>"[^"]*+"|'[^']*+'))?+[^>=]*+)*+>"""
_TAG = re.compile(rf"<(/?)({_NAME})")
# Most of a page: text up to the next tag, and a whole tag.
_PLAIN = re.compile(rf"((?:[^<]++|<(?![A-Za-z/!?]))*+)(?:<({_NAME}){_REST}|</({_NAME}){_REST})?+")
_COMMENT_END = re.compile(r"--!?>")
_ENDLESS = re.compile(r"&#[0-9]{4000,}+;?")
_IN_SCRIPT = re.compile(r"<!--|-->|<(/?)script(?=[\s/>])", re.I)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


class Token(NamedTuple):
    """``text[start:end]`` is one token; ``name`` is the lower-case tag name.

    ``raw`` is the content of script, style and the like; ``cut`` a tag, comment or declaration that
    the end of the text cuts off.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""


@lru_cache(maxsize=2)  # repair and content read the same text; repair compares two
def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of ``text`` in order, without gaps."""
    tokens: list[Token] = []
    names = _Lowered()
    at = 0
    last_close = text.rfind(">")
    endless = False  # once the rules find no end of a script, it and later ones end at the first end tag
    while at < len(text):
        known = len(tokens)
        at = _add_regular(text, at, last_close, tokens, names) if at < last_close else at
        last = tokens[-1] if len(tokens) > known else None
        if not last or last.kind != "start" or last.name not in TEXT_ONLY:
            at = _add_irregular(text, at, last_close, tokens) if at < len(text) else at
            continue
        name, end = last.name, -1
        if name == "plaintext":
            name, end = "", len(text)
        elif name == "script" and not endless:
            end = _script_end(text, at)
            endless = end < 0
        end = end if end >= 0 else _raw_end(text, at, name)
        if end > at:
            tokens.append(Token("raw" if name in RAW_TEXT else "text", at, end, name))
        at = end
    return tuple(tokens)


def _add_regular(text: str, at: int, last_close: int, tokens: list[Token], names: _Lowered) -> int:
    """Add tokens of text and complete tags, up to the start tag of a text-only element; return where they end."""
    add, new = tokens.append, tuple.__new__  # like Token(), but faster: a page has thousands
    for found in _PLAIN.finditer(text, at):
        start, said = found.span(1)
        if start != at:
            break
        if said > start:
            add(new(Token, ("text", start, said, "")))
        at = found.end()
        if found.lastindex == 3:
            add(new(Token, ("end", said, at, names[found[3]])))
        elif found.lastindex == 2:
            name = names[found[2]]
            add(new(Token, ("start", said, at, name)))
            if name in TEXT_ONLY:
                break
        else:
            break
        if at > last_close:
            break
    return at


class _Lowered(dict[str, str]):
    """A cache of lower-case names, so that all tags of a name share one string."""

    def __missing__(self, name: str) -> str:
        self[name] = lowered = name.lower()
        return lowered


def _add_irregular(text: str, at: int, last_close: int, tokens: list[Token]) -> int:
    """Add the next comment, declaration, cut-off tag or stray ``<``, and the text before it; return where it ends."""
    found = _OPENING.search(text, at)
    token = _markup(text, found.start(), last_close) if found else None
    if token is None:
        # "</" or "<!" that nothing closes is text, up to the next tag.
        follow = _LETTER_TAG.search(text, found.end()) if found else None
        end = follow.start() if follow else len(text)
    else:
        end = token.start
    if end > at:
        if tokens and tokens[-1].kind == "text" and not tokens[-1].name:
            at = tokens.pop().start
        tokens.append(Token("text", at, end))
    if token:
        tokens.append(token)
        end = token.end
    return end


def start_tag(tag: str) -> tuple[str, dict[str, str]]:
    """Parse a start tag into its name and attributes, in lower case; the first of repeated attributes counts.

    >>> start_tag('<A HREF="x&amp;y" hidden>')
    ('a', {'href': 'x&y', 'hidden': ''})
    """
    found = _TAG.match(tag)
    result: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(tag, found.end() if found else 0):
        value = double or single or bare
        result.setdefault(key.lower(), unescape(value) if "&" in value else value)
    return found[2].lower() if found else "", result


def unescape(text: str) -> str:
    """Resolve character references, including one of thousands of digits, which Python refuses to convert.

    >>> unescape("&amp;" + "&#" + "1" * 5000 + ";")
    '&�'
    """
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_ENDLESS.sub("�", text))


def _markup(text: str, start: int, last_close: int) -> Token | None:
    """The comment or declaration at a place, or the tag that is cut off there."""
    if text.startswith("<!--", start):
        # "<!-->" and "<!--->" are empty comments.
        found = _COMMENT_END.search(text, start + 2)
        return Token("comment", start, found.end()) if found else Token("cut", start, len(text), "!--")
    tag = _TAG.match(text, start)
    if tag:
        return Token("cut", start, len(text), tag[2].lower())
    end = text.find(">", start) if start < last_close else -1
    return Token("declaration", start, end + 1) if end >= 0 else None


def _raw_end(text: str, start: int, name: str) -> int:
    found = _end_tag(name).search(text, start)
    return found.start() if found else len(text)


@cache
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.I)


def _script_end(text: str, start: int) -> int:
    """Offset of a script's end tag, or -1; inside ``<!-- -->`` a script may contain a complete nested one."""
    end = _end_tag("script").search(text, start)
    if end is None or text.find("<!--", start, end.start()) < 0:
        return end.start() if end else -1
    commented = nested = False
    for found in _IN_SCRIPT.finditer(text, start):
        if found[1] == "/" and not nested:
            return found.start()
        if found[0] == "<!--":
            commented = True
        elif found[0] == "-->":
            commented = nested = False
        elif commented:
            nested = not found[1]
    return -1
