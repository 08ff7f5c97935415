"""Damage to the HTML of a page: markup (M), what language models and content systems do to it (C), and escaping (E)."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Iterator

from benchmarks.damage.operators import Damage, Operator, Writer, at_places, without, written
from pipeline.edits import Change

_TAG = r"</?[a-z][^<>]*>"
_BARE = r"</?(?:article|section|main|div|p|ul|ol|li|h[1-6])>"
_BLOCK = r"</?(?:article|section|div|p|ul|ol|li|h[1-6]|blockquote|table|tr|td|th)\b[^<>]*>"


def _after(letters: str) -> Writer:
    """Puts letters behind the first character of a match."""
    return lambda found, _chance: found[0][0] + letters + found[0][1:]


def _name_broken(found: re.Match[str], chance: random.Random) -> str:
    at = chance.randrange(1, len(found[2]))
    return f"{found[1]}{found[2][:at]}\n{found[2][at:]}"


def _inserted(pattern: str, what: str, most: int) -> Damage:
    """Puts something behind a few matches."""

    def damage(text: str, chance: random.Random) -> Iterator[Change]:
        ends = [found.end() for found in re.finditer(pattern, text, re.I)]
        for at in sorted(chance.sample(ends, min(most, len(ends)))):
            yield written(at, at, what)

    return damage


def _around(before: str, after: str) -> Damage:
    """Puts something in front of a page and behind it."""

    def damage(text: str, _chance: random.Random) -> Iterator[Change]:
        yield written(0, 0, before)
        yield written(len(text), len(text), after)

    return damage


def _in_body(before: str, after: str) -> Damage:
    """The same around what the body holds."""

    def damage(text: str, _chance: random.Random) -> Iterator[Change]:
        opened, closed = re.search(r"<body\b[^<>]*>", text, re.I), text.lower().rfind("</body")
        start, end = opened.end() if opened else 0, closed if closed >= 0 else len(text)
        yield written(start, start, before)
        yield written(max(start, end), max(start, end), after)

    return damage


def _rewritten(write: Writer, pattern: str = r"(?s).+") -> Damage:
    return at_places(pattern, write, 1.0, 0)


def _as_json(found: re.Match[str], _chance: random.Random) -> str:
    return json.dumps(found[0]).replace("<", "\\u003c").replace(">", "\\u003e").replace("/", "\\/")


def _texturized(text: str, _chance: random.Random) -> Iterator[Change]:
    """What WordPress writes for plain punctuation between tags (wp-includes/formatting.php, wptexturize)."""
    for found in re.finditer(r"(?is)<(script|style|pre|code|kbd|tt|title)\b.*?</\1>|<[^>]*>|([^<]+)", text):
        for sign in re.finditer(r"\.\.\.|``|''|---| -- | - |\"|'", found[2] or ""):
            at = found.start() + sign.start()
            yield written(at, at + len(sign[0]), _typeset(sign[0], text[at - 1 : at]))


def _typeset(sign: str, before: str) -> str:
    opens = not before or before.isspace() or before in "([>"
    known = {"...": "…", "``": "“", "''": "”", "---": "—", " -- ": " — ", " - ": " – "}
    return known.get(sign) or {'"': "“" if opens else "”", "'": "‘" if opens else "’"}[sign]


def _in_paragraphs(text: str, _chance: random.Random) -> Iterator[Change]:
    """What WordPress makes of a whole page pasted into a post: its head, too, is paragraphs with breaks (wpautop)."""
    head = re.search(r"(?is)\A.*?<body\b[^>]*>", text)
    if head:
        lines = [line for line in head[0].split("\n") if line.strip()]
        yield written(0, head.end(), "<p>" + "<br />\n".join(lines) + "</p>\n")
    tail = re.search(r"(?is)</body>.*\Z", text)
    if tail:
        yield written(*tail.span(), "<p></body><br />\n</html></p>\n")


def _front_matter(text: str, _chance: random.Random) -> Iterator[Change]:
    title = re.search(r"<title\b[^<>]*>([^<]*)", text, re.I)
    yield written(0, 0, f"---\ntitle: >\n  {html.unescape(title[1]).strip() if title else ''}\ndraft: false\n---\n")


_PREAMBLE = "Sure! Here is the rewritten article in HTML format:\n\n"
_POSTAMBLE = "\n\nLet me know if you would like me to change anything else."
_EMPTY = "<!DOCTYPE html><html><head><title></title></head><body></body></html>\n"
_EDITOR = '<span data-mce-type="bookmark" class="mce_SELRES_start">\ufeff</span>'
_OFFICE = "<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->"

OPERATORS = (
    Operator("M1 line break after <, 30 %", at_places(_TAG, _after("\n"), 0.3)),
    Operator("M1 line break after <, all", at_places(_TAG, _after("\n"), 1.0)),
    Operator("M1 space after <, 30 %", at_places(_TAG, _after(" "), 0.3)),
    Operator("M1 line break before >", at_places(r"(?<=[a-z0-9\"])>", "\n>", 0.3)),
    Operator(
        "M1 tag name broken", at_places(r"(</?)(article|section|strong|blockquote|span|div)(?=[ >])", _name_broken, 0.3)
    ),
    Operator("M1 doubled brackets", at_places(_BARE, lambda found, _chance: f"<{found[0]}>", 0.3)),
    Operator("M2 end tags lost, 30 %", at_places(r"</(?:p|li|h[1-6]|div|span|em|strong|b|i)>", "", 0.3)),
    Operator("M2 > lost, 2 %", at_places(_BARE, without(">"), 0.02)),
    Operator(
        "M3 misnested",
        at_places(r"(</(?:b|i|em|strong|a)>)(</(?:p|li)>)", lambda found, _chance: found[2] + found[1], 1.0),
    ),
    Operator("M4 < before a number", at_places(r"(?<=[a-z]) (?=\d+ )", " <", 0.1, 60)),
    Operator("M4 < before a word", at_places(r"(?<=[a-z]{3}) (?=[a-z]{4,} [a-z]+ )", "<", 0.01, 200)),
    Operator("M5 comment never closed", _inserted(r"</p>", "\n<!-- advertisement ", 1)),
    Operator("M6 quote of an attribute lost", at_places(r"(?<==\")[^\"<>]+\"(?=>)", without('"'), 0.02)),
    Operator("M7 empty document in front", _around(_EMPTY, "")),
    Operator("M8 Word", at_places(r"<p>", '<p class=MsoNormal style="mso-margin-top-alt:auto"><o:p></o:p>', 1.0)),
    Operator("M8 Word's conditional comments", _inserted(r"<(?:article|main|body)\b[^<>]*>", _OFFICE, 2)),
    Operator("M9 Google Docs", at_places(r"<p>(?=\w)", '<p dir="ltr"><span id="docs-internal-guid-4f2c">', 1.0)),
    Operator("M10 bookmark of an editor", _inserted(r"(?<=[a-z]) (?=[a-z])", _EDITOR, 3)),
    Operator("M11 wrapped in 300 div", _in_body("<div>" * 300, "</div>" * 300)),
    Operator("M12 script never closed", _in_body("<script>var shown = 1;\n", "")),
    Operator("M13 body in CDATA", _in_body("<![CDATA[", "]]>")),
    Operator("C1 fence", _around("```html\n", "\n```\n")),
    Operator("C1 fence, typeset", _around("“`html\n", "\n“`\n")),
    Operator("C2 words of a model around", _around(_PREAMBLE, _POSTAMBLE)),
    Operator("C4 typeset", _texturized),
    Operator("C5 page in paragraphs", _in_paragraphs),
    Operator("C6 front matter", _front_matter),
    Operator("E1 tags of blocks escaped", at_places(_BLOCK, lambda found, _chance: html.escape(found[0]), 1.0)),
    Operator("E2 page escaped", _rewritten(lambda found, _chance: html.escape(found[0]))),
    Operator("E3 page as JSON", _rewritten(_as_json)),
    Operator(
        "E4 quotes of attributes typeset",
        at_places(r"(?<==)\"([^\"<>]*)\"", lambda found, _chance: f"”{found[1]}”", 0.3),
    ),
)
