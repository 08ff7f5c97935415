"""Greek letters and signs that are Latin letters in the Symbol font (Adobe Symbol encoding, by Unicode's table)."""

from __future__ import annotations

import re

_LATIN = "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcywVJjv"
_GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλµνξοπρστυφχψωςϑϕϖ"
_SIGNS = {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼", 0xA2: "′",
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…",
    0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xE5: "∑",
    0xF2: "∫",
}  # fmt: skip
_BY_LETTER = dict(zip(_LATIN, _GREEK, strict=True)) | {chr(code): sign for code, sign in _SIGNS.items()}
_PRIVATE = 0xF000  # where Word keeps the codes of symbol fonts in Unicode
PRIVATE = re.compile("[\uf020-\uf0ff]")


def greek(text: str) -> str | None:
    """What a text in the Symbol font says; None if it says what it is written as.

    >>> greek("mg"), greek("50")
    ('µγ', None)
    """
    said = "".join(of_private(sign) or _BY_LETTER.get(sign, sign) for sign in text)
    return said if said != text else None


def of_private(sign: str) -> str:
    r"""The sign that a code of a symbol font in Unicode's private area stands for; empty if it is none.

    >>> of_private("\uf06d"), of_private("m")
    ('µ', '')
    """
    code = ord(sign) - _PRIVATE
    if not 0x20 <= code <= 0xFF:
        return ""
    latin = chr(code)
    return _BY_LETTER.get(latin, latin if latin.isascii() and not latin.isalpha() else "")
