"""Characters: mojibake, invisible characters, Unicode form, character references, spaces, quotes.

Unicode is normalized to NFC, never NFKC, which would turn 10⁶ into 106.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5

import ftfy

from pipeline.edits import Change
from pipeline.markup import symbols
from pipeline.normalize.text import Passage, words_with

_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, fix_line_breaks=False, normalization="NFC",
    remove_terminal_escapes=True, explain=False,
)  # fmt: skip
_UNUSUAL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u2060\ufeff\u180e\u202a-\u202e\u2066-\u2069]"
)
_ODD = re.compile(r"[^\t\r\n\x20-\x7e]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u180e\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?<=[\\x00-\\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\\x00-\\u024f]|\\Z)"
)
_SPACES = re.compile("[\\s\u2800\u3164]+")
_OTHER_SPACE = re.compile("[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2800\u3164]")
_REFERENCE = re.compile(r"&(?:amp;)*(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_OPENED_WITH_CLOSING = re.compile(r"(?:(?<=\s)|(?<=[(\[—–])|\A)”(?=\w)")
_KEPT_REFERENCES = frozenset(("lt", "gt", "LT", "GT", "#60", "#62", "#x3c", "#x3e", "#x3C", "#x3E"))


def fix_encoding(passage: Passage) -> list[Change]:
    """Repair mojibake and Unicode form token by token: one bad "HÃ©ctor" stands among good ones."""
    changes: list[Change] = []
    for start, end in words_with(_ODD, passage.text):
        token = passage.text[start:end]
        fixed = _fixed(token)
        if fixed != token and not (fixed != fixed.strip() or "\n" in fixed):
            reason = "text was decoded wrongly or is not in NFC"
            changes.append(Change(start, end, fixed, "fix_encoding", reason, 0.97))
    return changes


@lru_cache(maxsize=20_000)
def _fixed(token: str) -> str:
    return ftfy.fix_text(token, _CONFIG)


def resolve_references(passage: Passage) -> list[Change]:
    """Resolve character references left in the text; ``&lt;`` and ``&gt;`` stay, to keep text and markup apart."""
    changes = []
    for found in _REFERENCE.finditer(passage.text):
        name = found[1]
        if name in _KEPT_REFERENCES or (name[0] != "#" and f"{name};" not in html5):
            continue
        plain = html.unescape(f"&{name};")
        if len(plain) == 1 and (plain.isprintable() or plain.isspace()):
            plain = " " if plain.isspace() else plain
            changes.append(
                Change(
                    found.start(),
                    found.end(),
                    plain,
                    "resolve_references",
                    "a character reference was left in the text",
                )
            )
    return changes


def decode_symbols(passage: Passage) -> list[Change]:
    """Decode Greek letters and signs that Word keeps as codes of the Symbol font in Unicode's private area."""
    found = ((one.start(), one.end(), symbols.of_private(one[0])) for one in symbols.PRIVATE.finditer(passage.text))
    reason = "a code of the Symbol font stands for this sign"
    return [Change(start, end, sign, "decode_symbols", reason, 0.95) for start, end, sign in found if sign]


def remove_invisible(passage: Passage) -> list[Change]:
    """Remove soft hyphens, zero-width characters and direction marks; joiners only next to Latin letters."""
    if not _UNUSUAL.search(passage.text):
        return []
    return [
        Change(m.start(), m.end(), "", "remove_invisible", f"an invisible character, U+{ord(m[0]):04X}")
        for m in _INVISIBLE.finditer(passage.text)
    ]


def plain_spaces(passage: Passage) -> list[Change]:
    """Collapse white space within a block to single spaces, and strip it at the ends."""
    changes = []
    for block in passage.blocks:
        text = passage.of(block)
        if "  " not in text and not _OTHER_SPACE.search(text) and text == text.strip(" "):
            continue
        for found in _SPACES.finditer(text):
            wanted = "" if found.start() == 0 or found.end() == len(text) else " "
            if block.kind == "table" and "\n" in found[0] and wanted:
                wanted = "\n"  # between its rows
            if found[0] != wanted:
                start = block.start + found.start()
                changes.append(Change(start, start + len(found[0]), wanted, "plain_spaces", "white space"))
    return changes


def turn_quotes(passage: Passage) -> list[Change]:
    """Turn a closing quotation mark that opens a quotation, if the block has more closing than opening ones."""
    changes = []
    for block in passage.blocks:
        text = passage.of(block)
        surplus = text.count("”") - text.count("“")
        if surplus >= 1 and passage.english:
            found = _OPENED_WITH_CLOSING.finditer(text)
            reason = "a closing quotation mark opens this quotation"
            changes += [
                Change(block.start + m.start(), block.start + m.end(), "“", "turn_quotes", reason, 0.95) for m in found
            ]
    return changes
