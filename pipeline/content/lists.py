"""The marks of list items, as a browser counts them (WHATWG section 4.4.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.markup.tokens import start_tag

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.I)
_MOST = 3_999  # the last number that is written in Roman numerals or letters
_WHOLE = re.compile(r"\s*([+-]?\d{1,9})")


@dataclass(slots=True)
class Numbering:
    """The count of an open list; of one without order, nothing is counted."""

    ordered: bool
    style: str = "1"
    at: int = 0
    step: int = 1

    @classmethod
    def of_tag(cls, name: str, tag: str) -> Numbering:
        """The numbering that a start tag begins."""
        if name != "ol":
            return cls(False)
        given = start_tag(tag)[1] if len(tag) > len("<ol>") else {}
        css = _STYLE.search(given.get("style", ""))
        style = _STYLES.get(css[1].lower(), "1") if css else given.get("type", "1")
        step = -1 if "reversed" in given else 1
        return cls(True, style if style in "1aAiI" else "1", _whole(given.get("start", "")) - step, step)

    def next(self, tag: str) -> str:
        """The mark of the next item, by its start tag.

        >>> numbering = Numbering.of_tag("ol", '<ol type="a" start="3">')
        >>> numbering.next("<li>"), numbering.next('<li value="27">')
        ('c.', 'aa.')
        """
        if not self.ordered:
            return ""
        value = start_tag(tag)[1].get("value", "") if len(tag) > len("<li>") else ""
        self.at = _whole(value) if _WHOLE.match(value) else self.at + self.step
        return f"{_written(self.at, self.style)}."


def _whole(said: str) -> int:
    found = _WHOLE.match(said)
    return int(found[1]) if found else 1


def _written(number: int, style: str) -> str:
    if style == "1" or not 0 < number <= _MOST:
        return str(number)
    letters = ""
    if style in "aA":
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
    else:
        for value, sign in _ROMAN:
            letters += sign * (number // value)
            number %= value
    return letters.upper() if style in "AI" else letters
