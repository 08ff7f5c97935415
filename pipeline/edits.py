"""Text that remembers where it came from: apply changes, list them as edits, undo them.

A stage never edits text in place. It returns ``Change`` objects in offsets of the text it was given;
``TracedText.apply`` builds the next text and keeps, for every replaced stretch, the source span it
stands for. However many stages run, the log stays one flat list of non-overlapping replacements
between the decoded source and the clean text, so undoing it is one pass and offsets map both ways.

All offsets are 0-based, half-open and count Unicode code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any, Literal, NamedTuple, Protocol

from pipeline.errors import PipelineError, UserError

Status = Literal["applied", "flagged", "dropped"]


class Change(NamedTuple):
    """A stage's wish: put ``after`` in place of ``text[start:end]``, for a reason.

    ``flagged`` changes alter nothing: ``after`` is then what the rule would have written.
    """

    start: int
    end: int
    after: str
    rule: str
    reason: str
    confidence: float = 1.0
    status: Status = "applied"


class Edit(NamedTuple):
    """One row of the log, in offsets of the decoded source and of the final text.

    Applied and dropped edits satisfy ``source[source_start:source_end] == before`` and
    ``text[start:end] == after``. For a flagged edit the text still holds ``before``. Offsets are 0-based, half-open
    and count Unicode code points; ``confidence`` is 0 to 1.

    >>> import json
    >>> from pipeline import Edit, undo
    >>> row = json.loads('''{"edit_id": "page:e0000", "stage": "normalize", "rule": "space_before_comma",
    ...     "status": "applied", "reason": "space before a comma", "confidence": 0.97, "source_start": 1,
    ...     "source_end": 2, "start": 1, "end": 1, "before": " ", "after": ""}''')
    >>> undo("a,b", [Edit.of_row(row)])
    'a ,b'
    """

    stage: str
    rule: str
    status: Status
    reason: str
    confidence: float
    source_start: int
    source_end: int
    start: int
    end: int
    before: str
    after: str

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Edit:
        """The edit that a row of edits.jsonl holds; its other columns are left out.

        Raises:
            PipelineError: a column is missing, or an offset is no whole number.
        """
        for name in cls._fields:
            if name not in row:
                raise UserError(f"an edit needs the column {name!r}; give a row of edits.jsonl.")
            if name in _OFFSETS and not isinstance(row[name], int):
                raise UserError(
                    f"an edit's {name} must be a whole number, not {row[name]!r}; give a row of edits.jsonl."
                )
        return cls(*(row[name] for name in cls._fields))


_OFFSETS = ("source_start", "source_end", "start", "end")
_source_order = attrgetter("source_start", "source_end", "start")


class _Replaced(NamedTuple):
    """A stretch of the source that now reads ``after``."""

    source_start: int
    source_end: int
    after: str
    stage: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    confidence: float
    dropped: bool

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> _Replaced:
        source_start, source_end, after, stage, rules, reasons, confidence, dropped = row
        return cls(source_start, source_end, after, stage, tuple(rules), tuple(reasons), confidence, dropped)


@dataclass(frozen=True, slots=True)
class _Flag:
    stage: str
    rule: str
    reason: str
    confidence: float
    source_start: int
    source_end: int
    after: str


class _Group(NamedTuple):
    """Changes that become one replacement, absorbing ``replaced[first:last]`` of the old ones."""

    start: int
    end: int
    first: int
    last: int
    changes: tuple[Change, ...]


class ChangeError(PipelineError):
    """Changes of one batch overlap, run backwards or leave the text."""


@dataclass(frozen=True)
class TracedText:
    """A text with the full record of how it was made from ``source``."""

    source: str
    _replaced: tuple[_Replaced, ...] = ()
    _flags: tuple[_Flag, ...] = ()
    text: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False)  # of each replacement, in ``text``
    _ends: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = source_at = 0
        for old in self._replaced:
            parts += [self.source[source_at : old.source_start], old.after]
            starts.append(at + old.source_start - source_at)
            at = starts[-1] + len(old.after)
            ends.append(at)
            source_at = old.source_end
        parts.append(self.source[source_at:])
        for name, value in (("text", "".join(parts)), ("_starts", tuple(starts)), ("_ends", tuple(ends))):
            object.__setattr__(self, name, value)

    def apply(self, changes: Iterable[Change], stage: str) -> TracedText:
        """Return the text after ``changes``, which may come in any order but must not overlap.

        Raises:
            ChangeError: two changes overlap, or one leaves the text.
        """
        ordered = in_order(changes)
        flags = tuple(self._flag(change, stage) for change in ordered if change.status == "flagged")
        wanted = [c for c in ordered if c.status != "flagged" and self.text[c.start : c.end] != c.after]
        _check(wanted, len(self.text))
        if not self._replaced:
            return TracedText(self.source, tuple(_first(change, stage) for change in wanted), self._flags + flags)
        replaced: list[_Replaced] = []
        kept = 0
        for group in self._groups(wanted):
            replaced += self._replaced[kept : group.first]
            kept = group.last
            merged = self._merge(group, stage)
            if self.source[merged.source_start : merged.source_end] != merged.after:
                replaced.append(merged)
        return TracedText(self.source, (*replaced, *self._replaced[kept:]), self._flags + flags)

    def edits(self) -> list[Edit]:
        """The log in source order; a flagged row's ``after`` is what its rule would have written."""
        rows = [
            Edit(
                old.stage, "+".join(old.rules), "dropped" if old.dropped and not old.after.strip() else "applied",
                "; ".join(old.reasons), old.confidence, old.source_start, old.source_end, start, end,
                self.source[old.source_start : old.source_end], old.after,
            )
            for old, start, end in zip(self._replaced, self._starts, self._ends, strict=True)
        ]  # fmt: skip
        flagged = [self._flag_row(flag) for flag in self._flags]
        return sorted([*rows, *flagged], key=_source_order) if flagged else rows

    def log(self) -> list[Any]:
        """All that was done to the source, for JSON; ``of_log`` makes the same text of it."""
        flags = [[getattr(flag, item.name) for item in fields(_Flag)] for flag in self._flags]
        return [list(map(list, self._replaced)), flags]

    @classmethod
    def of_log(cls, source: str, log: Sequence[Any]) -> TracedText:
        """The text that a log makes of its source."""
        replaced, flags = log
        return cls(source, tuple(map(_Replaced.of_row, replaced)), tuple(_Flag(*flag) for flag in flags))

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source span that ``text[start:end]`` was made from, whole replacements included."""
        first, last = self._touched(start, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        return start + self._source_shift(first), end + self._source_shift(last)

    def offset_of(self, source_offset: int) -> int:
        """Where a source offset lies in ``text``; one inside a replacement lies at its start."""
        index = bisect_right(self._replaced, source_offset, key=lambda old: old.source_start) - 1
        if index < 0:
            return source_offset
        old = self._replaced[index]
        if source_offset < old.source_end:
            return self._starts[index]
        return self._ends[index] + source_offset - old.source_end

    def _flag(self, change: Change, stage: str) -> _Flag:
        source_start, source_end = self.source_span(change.start, change.end)
        return _Flag(stage, change.rule, change.reason, change.confidence, source_start, source_end, change.after)

    def _flag_row(self, flag: _Flag) -> Edit:
        start, end = self.offset_of(flag.source_start), self.offset_of(flag.source_end)
        return Edit(
            flag.stage, flag.rule, "flagged", flag.reason, flag.confidence, flag.source_start, flag.source_end,
            start, max(start, end), self.source[flag.source_start : flag.source_end], flag.after,
        )  # fmt: skip

    def _touched(self, start: int, end: int) -> tuple[int, int]:
        """Index range of the replacements that a span overlaps; empty ones at its edges do not count."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return (first, last) if first < last else (min(first, last), min(first, last))

    def _source_shift(self, index: int) -> int:
        """Source offset minus text offset in the untouched stretch before replacement ``index``."""
        return self._replaced[index - 1].source_end - self._ends[index - 1] if index else 0

    def _groups(self, changes: Sequence[Change]) -> list[_Group]:
        groups: list[_Group] = []
        for change in changes:
            first, last = self._touched(change.start, change.end)
            start, end = change.start, change.end
            if first < last:
                start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
            previous = groups[-1] if groups else None
            if previous and first < previous.last:
                # Both cut into the same replacement, so they become one.
                end, last = max(end, previous.end), max(last, previous.last)
                groups[-1] = _Group(previous.start, end, previous.first, last, (*previous.changes, change))
            else:
                groups.append(_Group(start, end, first, last, (change,)))
        return groups

    def _merge(self, group: _Group, stage: str) -> _Replaced:
        if group.first == group.last and len(group.changes) == 1:
            shift = self._source_shift(group.first)
            return _first(group.changes[0], stage)._replace(
                source_start=group.start + shift, source_end=group.end + shift
            )
        parts: list[str] = []
        at = group.start
        for change in group.changes:
            parts += [self.text[at : change.start], change.after]
            at = change.end
        parts.append(self.text[at : group.end])
        absorbed = self._replaced[group.first : group.last]
        rules = [rule for old in absorbed for rule in old.rules] + [change.rule for change in group.changes]
        reasons = [reason for old in absorbed for reason in old.reasons] + [change.reason for change in group.changes]
        return _Replaced(
            source_start=group.start + self._source_shift(group.first),
            source_end=group.end + self._source_shift(group.last),
            after="".join(parts),
            stage=stage,
            rules=tuple(dict.fromkeys(rules)),
            reasons=tuple(dict.fromkeys(reasons)),
            confidence=min([old.confidence for old in absorbed] + [change.confidence for change in group.changes]),
            dropped=any(c.status == "dropped" for c in group.changes) or any(old.dropped for old in absorbed),
        )


def _first(change: Change, stage: str) -> _Replaced:
    """What a change makes of a stretch that no change has touched before."""
    return _Replaced(
        change.start, change.end, change.after, stage, (change.rule,), (change.reason,), change.confidence,
        change.status == "dropped",
    )  # fmt: skip


class Undoable(Protocol):
    """What undoing needs to know of an edit: an ``Edit``, or one of ``Document.edits``."""

    @property
    def status(self) -> str:
        """A flagged edit changed nothing."""

    @property
    def source_start(self) -> int:
        """Offset in the decoded input, by which edits are ordered."""

    @property
    def source_end(self) -> int:
        """Offset in the decoded input."""

    @property
    def start(self) -> int:
        """Offset in the clean text."""

    @property
    def end(self) -> int:
        """Offset in the clean text."""

    @property
    def before(self) -> str:
        """The input's text."""

    @property
    def after(self) -> str:
        """The clean text."""


def undo(text: str, edits: Iterable[Undoable | Mapping[str, Any]]) -> str:
    """Rebuild the decoded input of a document from its clean text and its edits, code point for code point.

    Args:
        text: the clean text.
        edits: all edits of the document, in any order: ``Document.edits``, ``Edit`` records, or rows of edits.jsonl.

    Raises:
        PipelineError: the text is no ``str``, or the edits are not all of its own.

    >>> from pipeline import clean, undo
    >>> document = clean("Ketamine blocks receptors ,fast.")
    >>> document.text, undo(document.text, document.edits)
    ('Ketamine blocks receptors, fast.', 'Ketamine blocks receptors ,fast.')
    """
    if not isinstance(text, str):
        raise UserError(f"undo takes the clean text as str, not {type(text).__name__}; decode it first.")
    if not isinstance(edits, Iterable):
        raise UserError(f"undo takes the edits of a document, not {type(edits).__name__}; give Document.edits.")
    listed = [Edit.of_row(edit) if isinstance(edit, Mapping) else edit for edit in edits]
    at = length = 0  # in the clean text, and of what is rebuilt
    for edit in sorted((one for one in listed if one.status != "flagged"), key=_source_order):
        length += edit.start - at
        if length != edit.source_start or edit.start < at or text[edit.start : edit.end] != edit.after:
            raise UserError(
                f"the edit of the input at {edit.source_start} does not fit the text; give one document's text and all "
                "of its edits, each once."
            )
        at, length = edit.end, length + len(edit.before)
    return rebuilt(text, listed)


def rebuilt(text: str, edits: Iterable[Undoable]) -> str:
    """As ``undo``, for edits that are known to be those of the text."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=_source_order):
        if edit.status != "flagged":
            parts += [text[at : edit.start], edit.before]
            at = edit.end
    return "".join(parts) + text[at:]


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changes by position, an insertion before a replacement that starts at the same place."""
    return sorted(changes, key=lambda change: (change.start, change.end))


def moved(spans: Sequence[tuple[int, int]], changes: Sequence[Change]) -> list[tuple[int, int]]:
    """Map spans of the old text to the text after ``changes``: ordered, none flagged, none across the edge of a span.

    What is inserted or replaced within a span, its edges included, belongs to it.
    """
    places = [(change.start, change.end) for change in changes]
    grown = list(accumulate((len(c.after) - (c.end - c.start) for c in changes), initial=0))
    result = []
    for start, end in spans:
        before = grown[bisect_left(places, (start, start))]
        through = grown[max(bisect_right(places, (end, end)), bisect_left(places, (start, start)))]
        result.append((start + before, end + through))
    return result


def _check(changes: Sequence[Change], length: int) -> None:
    for change in changes:
        if not 0 <= change.start <= change.end <= length:
            raise ChangeError(f"rule {change.rule}: span {change.start}-{change.end} is not in a text of {length}")
    for first, second in pairwise(changes):
        if second.start < first.end:
            raise ChangeError(f"rules {first.rule} and {second.rule} both change offset {second.start}")
