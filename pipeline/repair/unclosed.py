"""Comments, quotes, raw text and tags that were opened and never closed."""

from __future__ import annotations

import re

from pipeline.edits import Change
from pipeline.html_names import KNOWN
from pipeline.markup import Token

_NAMES = "|".join(sorted(KNOWN, key=len, reverse=True))
_NEXT_TAG = re.compile(rf"</?(?:{_NAMES})\b", re.I)
_TEXT_TAG = re.compile(r"<(?:p|div|h[1-6]|article|section|main|body|ul|ol|table|blockquote)\b", re.I)
_CUT = re.compile(r"</?[A-Za-z][\w-]*+\s*+(?:[\w:-]+\s*=[^<]*+|[\w:-]{0,20})")
_QUOTED = re.compile(r"""=\s*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z))""")


def close_comment(text: str, tokens: list[Token]) -> list[Change]:
    """``<!--`` without an end hides the rest of the page: end it at the line's end or the next tag."""
    last = tokens[-1] if tokens else None
    if not last or last.kind != "cut" or last.name != "!--":
        return []
    line = text.find("\n", last.start)
    tag = _NEXT_TAG.search(text, last.start + 4)
    ends = [end for end in (line, tag.start() if tag else -1) if end >= 0]
    at = min(ends, default=len(text))
    return [Change(at, at, "-->", "close_comment", "the comment was never closed and hid what follows", 0.9)]


def close_quote(text: str, tokens: list[Token]) -> list[Change]:
    """``<a href="x>link</a> ... class="two">``: close a quote that swallows tags at the first ``>``."""
    changes = []
    for token in tokens:
        if token.kind not in ("start", "cut") or token.name == "!--":
            continue
        for found in _QUOTED.finditer(text, token.start, token.end):
            group = 1 if found[1] is not None else 2
            stop = text.find(">", found.start(group), found.end(group))
            if stop >= 0 and _NEXT_TAG.search(text, stop, found.end(group)) and _runs_on(text, found.end()):
                quote = '"' if group == 1 else "'"
                changes.append(Change(stop, stop, quote, "close_quote", "the quote was never closed and hid text", 0.9))
                break
    return changes


def close_raw_text(text: str, tokens: list[Token]) -> list[Change]:
    """``<script>`` or ``<title>`` without an end tag: end it where text markup begins."""
    last = tokens[-1] if tokens else None
    if not last or not last.name or last.kind not in ("raw", "text") or last.end < len(text):
        return []
    pattern = _TEXT_TAG if last.kind == "raw" else _NEXT_TAG
    found = pattern.search(text, last.start)
    line = text.find("\n", last.start) if last.kind == "text" else -1
    ends = [end for end in (found.start() if found else -1, line) if end >= 0]
    if not ends:
        return []
    reason = f"<{last.name}> was never closed and hid what follows"
    return [Change(min(ends), min(ends), f"</{last.name}>", "close_raw_text", reason, 0.9)]


def close_cut_tag(text: str, tokens: list[Token]) -> list[Change]:
    """A tag that the end of the text cuts off is closed, so that it is read as the tag it was."""
    last = tokens[-1] if tokens else None
    # Words behind the name are attributes only if one has a value; else the "<" may be no tag at all.
    if not last or last.kind != "cut" or last.name not in KNOWN or not _CUT.fullmatch(text, last.start):
        return []
    return [Change(len(text), len(text), ">", "close_cut_tag", "the text ends within a tag", 0.95)]


def _runs_on(text: str, after_quote: int) -> bool:
    """Whether what follows a closing quote shows that it was another attribute's opening one."""
    return after_quote >= len(text) or text[after_quote] not in " \t\r\n/>"
