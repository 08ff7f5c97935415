"""Raised numbers: which are exponents, which are marks of references and notes, and which belong to their word.

A mark is told by what it is: a link, the class of its element, brackets, several numbers with a comma. Where none of
that speaks, its base does: 10 and 2 have powers, units of length have squares and cubes, other numbers and words have
notes.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Role = Literal["power", "mark", "apart", "plain"]
EXPONENT_SIGN = "^"
LONGEST = 40  # characters of a raised text that may be a mark
_MINUS = r"\-−–‐‑"
_NUMBERS = re.compile(rf"\d{{1,3}}(?:\s*+[,;{_MINUS}]\s*+\d{{1,3}})*+")
_SIGNED = re.compile(rf"[+{_MINUS}]\s?\d{{1,4}}(?:\.\d{{1,3}})?")
_POWER = re.compile(rf"[+{_MINUS}]?\s?\d{{1,4}}(?:\.\d{{1,3}})?(?:\s?[{_MINUS}]\s?\d{{1,3}})?|[nkxmijN]")
_BRACKETED = re.compile(r"[\[(]\s*+\d{1,3}[\d\s,;–-]*+[\])]|\[[a-z]{1,2}\]")
_LETTER = re.compile(r"[a-z](?:\s?,\s?[a-z])*+")
_BETWEEN_MARKS = re.compile(r"[\s,;–-]++")
_NUMBER = re.compile(r"[\d.,]*(?:[×·x*])?\d[\d.,]*")
_SPACED_TEN = re.compile(r"(?<![\w.])10\s\Z")
_LENGTHS = frozenset("m cm mm km dm nm µm μm um pm ft in inch inches yd mi metre meter metres meters feet".split())
_SQUARES = frozenset("2 3 4".split())
_FACTORS = re.compile(r"[=×·*]\s*\Z")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")
_FRACTION = re.compile(r"\s*[/⁄]")


class Raised(NamedTuple):
    """A raised text: what it says, what stands before and after it, and what its markup tells."""

    said: str
    before: str
    after: str = ""
    linked: bool = False
    named: bool = False  # its element, or one around it, has a class of references or notes

    def role(self, *, linked_marks: bool = False) -> Role:
        """What it is. ``linked_marks``: the marks of the page are links, so that a bare one is none if in doubt.

        >>> Raised("6", "grew by 10").role(), Raised("14", "a dose of 25").role(), Raised("2+", "Ca").role()
        ('power', 'mark', 'plain')
        """
        said = self.said.strip()
        if not said or len(said) > LONGEST:
            return "plain"
        if not self.before.strip() or (self.before[-1:].isspace() and not _SPACED_TEN.search(self.before)):
            return self._in_front(said)
        if self.linked or self.named:
            return "mark" if not _SIGNED.fullmatch(said) else self._of_number(said)
        if _BRACKETED.fullmatch(said):
            return "mark"
        if _NUMBER.fullmatch(self._word()):
            return self._of_number(said)
        return self._of_word(self._word(), said, linked_marks)

    def _word(self) -> str:
        """The word right before it, figures and all; empty if a mark of punctuation stands between."""
        word = self.before.rstrip().rsplit(None, 1)[-1].lstrip("([“\"'~<>≤≥=×·±–—−-/*")
        return word if word[-1:].isalnum() else ""

    def _in_front(self, said: str) -> Role:
        """Before a word: the mass of an isotope, or the number of a note or an address, which stands apart."""
        if _FRACTION.match(self.after):
            return "apart"
        if self.linked and self.before.strip():
            return "mark"
        if not said[0].isdigit() or _ISOTOPE.match(self.after) or not self.after[:1].isalnum():
            return "plain"
        return "apart"

    def _of_number(self, said: str) -> Role:
        """Behind a number: powers of ten and of two, and what has a sign; else a mark."""
        if _FRACTION.match(self.after) and said.isdigit():
            return "apart"
        number = self._word().replace(",", "")
        if _SIGNED.fullmatch(said):
            return "power"
        if re.fullmatch(r"(?:[\d.]*[×·x*])?10|2|e", number) and _POWER.fullmatch(said):
            return "power"
        if _NUMBERS.fullmatch(said):
            powers = _POWER.fullmatch(said) and (_FACTORS.search(self._in_formula()) or re.match(r"\s*=", self.after))
            return "power" if powers else "mark"
        if re.fullmatch(r"[nkx]", said):
            return "power"
        return "plain"

    def _in_formula(self) -> str:
        """What stands before the number that is raised."""
        text = self.before.rstrip()
        return text[: len(text) - len(self._word())]

    def _of_word(self, word: str, said: str, linked_marks: bool) -> Role:
        """Behind a word or a mark of punctuation: powers of units and variables stay, other numbers are marks."""
        if not _NUMBERS.fullmatch(said):
            return "mark" if _BETWEEN_MARKS.fullmatch(said) and not word else "plain"
        if not word or "," in said or ";" in said:
            return "mark"
        if said in _SQUARES and word.lstrip("0123456789.,").rsplit("/", 1)[-1] in _LENGTHS:
            return "plain"
        if len(word) == 1 and not word.isdigit() and said in _SQUARES:
            return "plain" if linked_marks or not self._named_letter() else "mark"
        return "mark"

    def _named_letter(self) -> bool:
        """Whether the single letter before it ends a name: vitamin D, hepatitis B, not the R of a formula."""
        return bool(re.search(r"[a-z]{4,}\s\S\Z", self.before.rstrip()))


def is_between_marks(said: str) -> bool:
    """Whether a raised text only separates marks: a comma, a dash."""
    return bool(_BETWEEN_MARKS.fullmatch(said))
