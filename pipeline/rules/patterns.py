"""Regular expressions in rules; those of a user's own rules are named when they take too long."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from pipeline.limits import LimitError


class Pattern(Protocol):
    """What rules use of a compiled expression."""

    def search(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """The first match."""

    def fullmatch(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """The match of the whole."""

    def finditer(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches."""


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """An expression of a user's own rule. Ours are tested to take linear time; of these nobody knows.

    Raises, besides what the expression itself does:
        LimitError: the time of the document was up while this expression was at work; it names the rule.
    """

    pattern: re.Pattern[str]
    place: str  # the file and the rule

    def search(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """The first match."""
        with self._named():
            return self.pattern.search(string, pos, endpos)

    def fullmatch(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """The match of the whole."""
        with self._named():
            return self.pattern.fullmatch(string, pos, endpos)

    def finditer(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches."""
        with self._named():
            yield from self.pattern.finditer(string, pos, endpos)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except LimitError as error:
            raise LimitError(f"{error}; it was at the expression of {self.place}") from error
