"""What stands within a sentence without being of it: icons, hints, marks of notes and of reviewers."""

from __future__ import annotations

import re

from pipeline.content.context import Context
from pipeline.content.draft import Span
from pipeline.markup.symbols import greek
from pipeline.markup.tokens import unescape

_ALWAYS_LEFT_OUT = frozenset(("edit_link", "comment_mark", "formula_preview"))
_ARROWS = frozenset("↩↑^⤴↵⇧⏎\ufe0e\ufe0f ")
_LIGATURE = re.compile(r"\s*[a-z0-9_]+\s*")
_CREDIT = 120  # characters of a credit under a picture


def stands_for(said: str, context: Context, *, first: bool) -> tuple[str | None, str]:
    """What stands for a text, and by which rule; of an aside only the rule, until it is known what is beside it.

    ``first``: nothing stands before it in its block.
    """
    if context.symbol and (text := greek(unescape(said))) is not None:
        return text, "symbol_font"
    plain = unescape(said.strip())
    if context.anchor and _ARROWS.issuperset(plain):
        return None, "back_link"
    rule = context.aside
    if not rule or not _is_meant(rule, said, plain, context, first=first):
        return None, ""
    return ("", rule) if rule in _ALWAYS_LEFT_OUT else (None, rule)


def _is_meant(rule: str, said: str, plain: str, context: Context, *, first: bool) -> bool:
    """Whether a text is what the class of its element says: others carry the same names."""
    if rule in ("icon_sign", "heading_anchor"):
        return not any(map(str.isalnum, plain))
    if rule == "icon_word":
        return _LIGATURE.fullmatch(said) is not None
    if rule == "kicker":
        return context.kind == "heading" and first
    if rule == "credit":
        return context.kind == "caption" and len(said) < _CREDIT
    return rule not in ("line_number", "copy_button")  # those are of code, which is read apart


def without(spans: list[Span]) -> list[Span]:
    """The spans of a block: asides leave it, unless there is nothing else in it."""
    if not any(one.rule and one.text is None for one in spans):
        return spans
    texts = (one for one in spans if one.text is None and one.end > one.start)
    if all(one.rule for one in texts) and not any(one.text for one in spans):
        return [one._replace(rule="") if one.text is None else one for one in spans]
    return [one._replace(text="") if one.rule and one.text is None else one for one in spans]
