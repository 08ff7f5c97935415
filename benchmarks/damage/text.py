"""Damage to running text: T1 to T12, a tenth of the places where each can, fewer where it would leave no text."""

from __future__ import annotations

import html
import random
import re

from benchmarks.damage.operators import Operator, Writer, at_places, without

AROUND = 12  # characters on either side of a place that are read with it


def _mojibake(found: re.Match[str], _chance: random.Random) -> str:
    try:
        return found[0].encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return found[0]


def _with_invisible(found: re.Match[str], chance: random.Random) -> str:
    word, at = found[0], chance.randrange(1, len(found[0]))
    return word[:at] + chance.choice("\u200b\u00ad\ufeff") + word[at:]


def _entity(found: re.Match[str], chance: random.Random) -> str:
    character = found[0]
    named = html.escape(character) if character == "&" else f"&#{ord(character)};"
    return chance.choice((named, f"&#x{ord(character):x};"))


def _numbered(found: re.Match[str], chance: random.Random) -> str:
    return f"{found[0]}{chance.randrange(1, 40)}"


_lost_space = without(" ")


def _place(name: str, pattern: str, write: Writer | str, rate: float = 0.1) -> Operator:
    return Operator(name, at_places(pattern, write, rate, 2 * AROUND))


OPERATORS = (
    _place("T1 space after comma lost", r"(?<=[a-z]), (?=[a-z])", _lost_space),
    _place("T1 space after full stop lost", r"(?<=[a-z])\. (?=[A-Z][a-z])", _lost_space),
    _place("T1 space after colon, semicolon lost", r"(?<=[a-z])[:;] (?=[a-z])", _lost_space),
    _place("T1 space after bracket lost", r"(?<=[a-zA-Z])\) (?=[a-z])", _lost_space),
    _place("T2 dash lost", r"(?<=[a-z]{2}) ?[—–] ?(?=[a-z]{2})", "", 0.5),
    _place("T2 words glued", r"(?<=[a-z]{2}) (?=[a-z]{2})", "", 0.01),
    _place("T3 sentence in lower case", r"(?<=[a-z]\. )[A-Z](?=[a-z])", lambda found, _chance: found[0].lower()),
    _place("T5 non-ASCII letters dropped", r"[^\x00-\x7f]", ""),
    _place("T6 mojibake", r"\S*[^\x00-\x7f]\S*", _mojibake),
    _place("T7 no-break space", r"(?<=\w) (?=\w)", "\u00a0", 0.02),
    _place("T8 invisible character", r"(?<![\w-])[A-Za-z]{4,}(?![\w-])", _with_invisible, 0.02),
    _place("T9 quotation opened with its end", r"(?<=\s)“(?=\w)", "”", 0.5),
    _place("T10 character reference", r"[^\x00-\x7f<>]|&", _entity),
    _place("T11 number of a reference", r"(?<=[a-z]{4})\.(?= [A-Z])", _numbered),
    _place("T12 lines broken", r"(?<=\w) (?=\w)", "\n"),
)
