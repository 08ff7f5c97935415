"""Comments, quotes, raw text and tags that were opened and never closed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME, KNOWN
from pipeline.markup.tokens import Token

_NEXT_TAG = re.compile(rf"</?(?:{ANY_NAME})\b", re.I)
_TEXT_TAG = re.compile(r"<(?:p|div|h[1-6]|article|section|main|body|ul|ol|table|blockquote)\b", re.I)
# A page within a script: lines that begin with tags, and another script behind them.
_TAG_LINE = re.compile(r"^[ \t]*<(?:p|div|h[1-6]|article|section|main|body|ul|header|nav|a|img)\b[^<>]*>", re.I | re.M)
_SCRIPT = re.compile(r"<script\b", re.I)
_HIDDEN = "<{}> was never closed and hid what follows"
_CUT = re.compile(r"</?[A-Za-z][\w-]*+\s*+(?:[\w:-]+\s*=[^<]*+|[\w:-]{0,20})")
_QUOTED = re.compile(r"""=\s*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z))""")


def close_comment(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<!--`` without an end hides what follows: close it before the next line break or tag.

    It counts as unclosed if the page ends first, or if markup of text and another ``<!--`` precede its end.
    """
    changes = []
    for token in tokens:
        if (token.kind == "cut" and token.name == "!--") or (
            token.kind == "comment" and _runs_into_another(text, token)
        ):
            line = text.find("\n", token.start)
            tag = _NEXT_TAG.search(text, token.start + 4)
            at = min([end for end in (line, tag.start() if tag else -1) if end >= 0], default=len(text))
            reason = "the comment was never closed and hid what follows"
            changes.append(Change(at, at, "-->", "close_comment", reason, 0.9))
    return changes


def close_quote(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<a href="x>link</a> ... class="two">``: close a quote that swallows tags at the first ``>``."""
    changes = []
    for kind, start, end, name in tokens:
        if kind not in ("start", "cut") or name == "!--" or text.find("<", start + 1, end) < 0:
            continue
        for found in _QUOTED.finditer(text, start, end):
            group = 1 if found[1] is not None else 2
            stop = text.find(">", found.start(group), found.end(group))
            if stop >= 0 and _NEXT_TAG.search(text, stop, found.end(group)) and _runs_on(text, found.end()):
                quote = '"' if group == 1 else "'"
                changes.append(Change(stop, stop, quote, "close_quote", "the quote was never closed and hid text", 0.9))
                break
    return changes


def close_raw_text(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<script>`` or ``<title>`` without an end tag: close it where the page's own markup begins."""
    for token in tokens:
        script = token.kind == "raw" and token.name == "script" and _SCRIPT.search(text, token.start, token.end)
        tags = _TAG_LINE.search(text, token.start, token.end) if script else None
        if tags and _SCRIPT.search(text, tags.end(), token.end):
            return [Change(tags.start(), tags.start(), "</script>", "close_raw_text", _HIDDEN.format("script"), 0.85)]
    last = tokens[-1] if tokens else None
    if not last or not last.name or last.kind not in ("raw", "text") or last.end < len(text):
        return []
    pattern = _TEXT_TAG if last.kind == "raw" else _NEXT_TAG
    found = pattern.search(text, last.start)
    line = text.find("\n", last.start) if last.kind == "text" else -1
    ends = [end for end in (found.start() if found else -1, line) if end >= 0]
    if not ends:
        return []
    end = min(ends)
    return [Change(end, end, f"</{last.name}>", "close_raw_text", _HIDDEN.format(last.name), 0.9)]


def close_cut_tag(text: str, tokens: Sequence[Token]) -> list[Change]:
    """A tag that the end of the text cuts off is closed, so that it is read as the tag it was."""
    last = tokens[-1] if tokens else None
    # Words behind the name are attributes only if one has a value; else the "<" may be no tag at all.
    if not last or last.kind != "cut" or last.name not in KNOWN or not _CUT.fullmatch(text, last.start):
        return []
    return [Change(len(text), len(text), ">", "close_cut_tag", "the text ends within a tag", 0.95)]


def _runs_into_another(text: str, token: Token) -> bool:
    """Whether a comment, other than a conditional one, contains text markup followed by another ``<!--``."""
    inner = text.rfind("<!--", token.start + 4, token.end)
    if inner < 0 or text.startswith("<!--[", token.start):
        return False
    return _TEXT_TAG.search(text, token.start, inner) is not None


def _runs_on(text: str, after_quote: int) -> bool:
    """Whether what follows a closing quote shows that it opens the value of another attribute."""
    return after_quote >= len(text) or text[after_quote] not in " \t\r\n/>"
