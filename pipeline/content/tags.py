"""A page's tags and texts by the numbers of their tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.markup.element_names import BLOCK
from pipeline.markup.tokens import Token, start_tag, unescape

_FAR = {
    "pre": 200_000,
    "table": 60_000,
    "math": 4_000,
    "span": 4_000,
    "div": 4_000,
}  # tokens among which an end tag is looked for
_NEAR = 60
_SHOWN = 60  # characters of a text that follows
_LONGEST = 400  # characters of a raised text


class Tags:
    """The source of a page and its tokens. A number below 0 is of an element that no tag opened."""

    def __init__(self, source: str, tokens: Sequence[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self._without_end: set[str] = set()  # names whose end tag was looked for in vain

    def tag(self, number: int) -> str:
        """The source of a tag."""
        return self.source[self.tokens[number].start : self.tokens[number].end] if number >= 0 else ""

    def end_of_tag(self, number: int) -> int:
        """Where in the source a tag ends."""
        return self.tokens[number].end if number >= 0 else 0

    def class_words(self, number: int) -> list[str]:
        """The words in the class of an element."""
        return re.findall("[a-z]+", start_tag(self.tag(number))[1].get("class", "").lower())

    def end_of(self, number: int) -> int:
        """The number of the end tag of an element, 0 if there is none near enough."""
        name, depth = self.tokens[number].name, 1
        if name in self._without_end or self.source.startswith("/>", self.tokens[number].end - 2):
            return 0
        last = min(len(self.tokens), number + 1 + _FAR.get(name, _NEAR))
        for nth in range(number + 1, last):
            token = self.tokens[nth]
            if token[3] == name:
                depth += 1 if token[0] == "start" else -1 if token[0] == "end" else 0
                if not depth:
                    return nth
        if name in _FAR:
            self._without_end.add(name)
        return 0

    def is_bare(self, number: int, end: int) -> bool:
        """Whether an element holds no other, but for line breaks."""
        return all(one.kind != "start" or one.name == "br" for one in self.tokens[number + 1 : end])

    def following(self, number: int) -> str:
        """The start of the text that follows a token in the same block."""
        for kind, start, end, name in self.tokens[number : number + 6]:
            if kind == "text":
                return unescape(self.source[start : min(end, start + _SHOWN)])
            if kind in ("start", "end") and (name in BLOCK or name == "br"):
                break
        return ""

    def said(self, tokens: Sequence[Token]) -> str:
        """The text of tokens."""
        text = "".join(self.source[one.start : one.end] for one in tokens if one.kind == "text")
        return unescape(text) if len(text) < _LONGEST else text
