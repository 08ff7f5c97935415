"""Damage to single signs of tags: S1 to S9. Each leaves the words of a page where they are."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from benchmarks.damage.operators import Damage, Operator, at_places, written
from pipeline.edits import Change
from pipeline.markup.tokens import tokenize

_WIDTH = 72  # characters
_PAIRED = r"</(?:p|div|span|h[1-6]|li|ul|a|b|strong|em|i|section|article|script|style|title)>"


def _in_tags(pattern: str, after: str, rate: float = 1.0) -> Damage:
    """Writes something else for what a pattern matches within the tags of a page, not in its scripts."""
    wanted = re.compile(pattern)

    def damage(text: str, chance: random.Random) -> Iterator[Change]:
        for token in tokenize(text):
            if token.kind in ("start", "end") and chance.random() < rate:
                for found in wanted.finditer(text, token.start, token.end):
                    yield written(*found.span(), found.expand(after))

    return damage


def _wrapped_in_tags(text: str, _chance: random.Random) -> Iterator[Change]:
    """Long lines are broken where a tag is at their end, be it within its name."""
    tags = [token for token in tokenize(text) if token.kind in ("start", "end")]
    line = 0
    for token in tags:
        line = max(line, text.rfind("\n", 0, token.start) + 1)
        at = max(line + _WIDTH, token.start + 1)
        if at < token.end:
            yield written(at, at, "\n")
            line = at


def _with_brackets(opening: str, closing: str) -> Damage:
    """Writes other brackets around every tag."""

    def damage(text: str, _chance: random.Random) -> Iterator[Change]:
        for token in tokenize(text):
            if token.kind in ("start", "end"):
                yield written(token.start, token.start + 1, opening)
                yield written(token.end - 1, token.end, closing)

    return damage


def _cdata(pattern: str) -> Damage:
    def damage(text: str, _chance: random.Random) -> Iterator[Change]:
        for found in re.finditer(pattern, text, re.I | re.S):
            yield written(found.start(1), found.start(1), "<![CDATA[")
            yield written(found.end(1), found.end(1), "]]>")

    return damage


OPERATORS = (
    Operator("S1 end tags without slash, a fifth", at_places(_PAIRED, lambda found, _: found[0].replace("/", ""), 0.2)),
    Operator("S1 end tags without slash, all p", at_places(r"</p>", "<p>", 1.0)),
    Operator("S2 stray quote at the end of a tag", _in_tags(r"(?<=[\w\"'])>", '">', 0.1)),
    Operator("S3 each paragraph's text in CDATA", _cdata(r"<p(?:\s[^<>]*)?>(.*?)</p>")),
    Operator("S3 each paragraph in CDATA", _cdata(r"(<p(?:\s[^<>]*)?>.*?</p>)")),
    Operator("S4 full-width brackets", _with_brackets("＜", "＞")),
    Operator("S4 angle quotation marks for brackets", _with_brackets("‹", "›")),
    Operator("S5 lines wrapped within tags", _wrapped_in_tags),
    Operator("S6 no-break space in tags", _in_tags(r"(?<=\w) (?=\w)", "\u00a0", 0.5)),
    Operator("S6 zero-width space in tags", _in_tags(r"(?:(?<=<)|(?<=</))(?=[a-zA-Z])", "\u200b", 0.3)),
    Operator("S7 brackets escaped for Markdown", _with_brackets("\\<", "\\>")),
    Operator("S8 names with a prefix", _in_tags(r"(?:(?<=<)|(?<=</))(?=[a-zA-Z])", "xhtml:")),
    Operator("S9 > doubled", _in_tags(r">\Z", ">>", 0.2)),
    Operator("S9 < lost", _in_tags(r"<(?=(?:p|h[1-6]|li)\b)", "", 0.1)),
)
