"""What is promised of every input, one function a target: bytes in, ``BrokenPromiseError`` or any other error out."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import zstandard

from pipeline import stages
from pipeline.content import content
from pipeline.edits import Change, Status, TracedText, in_order, moved, undo
from pipeline.errors import DocumentError
from pipeline.normalize import normalize
from pipeline.readers import read
from pipeline.readers.inputs import Input
from pipeline.records import BLOCK_SEPARATOR, Article, Block, MediaType, Metadata, Page, RawPage, Source
from pipeline.repair import repair
from pipeline.settings import Settings
from pipeline.stages import Tools

TYPES: tuple[MediaType, ...] = ("text/html", "text/plain", "text/markdown")
STATUSES: tuple[Status, ...] = ("applied", "dropped", "flagged")
NAMES = (
    "a.html", "a.txt", "a.md", "a.jsonl", "a.warc", "a.mhtml", "a.epub", "a.xml", "a.html.gz", "a.jsonl.zst",
    "a.warc.gz",
)  # fmt: skip
_MAX_BYTES = 200_000  # of a document
_CALLS_FOR_HELP = "please report"


class BrokenPromiseError(AssertionError):
    """Something that holds for every input did not."""


def repaired(data: bytes) -> None:
    """Any text: every letter is in the page or in its log, and the log undoes."""
    page = _page(data)
    _traced(page.raw, page.text)


def chosen(data: bytes) -> None:
    """Any page: the article is made of whole, ordered blocks, and its log undoes."""
    page = _page(data)
    try:
        article = content(page, _tools().rules)
    except DocumentError:
        return
    _traced(page.raw, article.text)
    _blocks(article.text.text, article.blocks)


def normalized(data: bytes) -> None:
    """Any plain text, in paragraphs: blocks stay whole, the log undoes."""
    stretches = [said for part in data.decode("utf-8", "replace").split(BLOCK_SEPARATOR) if (said := part.strip())]
    raw = _raw(BLOCK_SEPARATOR.join(stretches).encode(), "text/plain")
    paragraphs = tuple(_paragraphs(stretches))
    if not paragraphs:
        return
    text = TracedText(raw.text)
    article = Article(Page(raw, text, markup=False), text, paragraphs, Metadata())
    try:
        clean = normalize(article, _tools().rules)
    except DocumentError:
        return
    _traced(raw, clean.text)
    _blocks(clean.text.text, clean.blocks)


def undone(data: bytes) -> None:
    """Any batches of changes: the log replays and undoes, and offsets map into the source and back."""
    half = len(data) // 2
    source, rest = data[:half].decode("utf-8", "replace"), list(data[half:])
    traced = TracedText(source)
    for number in range(1 + rest.pop() % 4 if rest else 0):
        wanted = changes(_batch(rest), len(traced.text))
        expected = plainly(traced.text, wanted)
        spans = _spans(rest, len(traced.text), wanted)
        grown = moved(spans, [one for one in in_order(wanted) if one.status != "flagged"])
        traced = traced.apply(wanted, f"stage{number}")
        _holds(traced.text == expected, "applying changes gives another text")
        _holds(all(0 <= a <= b <= len(expected) for a, b in grown), "a span has moved out of the text")
    _traced(_raw(source.encode(), "text/plain"), traced)
    for at in range(0, len(traced.text), 7):
        start, end = traced.source_span(at, min(at + 3, len(traced.text)))
        _holds(0 <= start <= end <= len(source), "a span leads out of the source")
        _holds(0 <= traced.offset_of(start) <= len(traced.text), "an offset leads out of the text")


def unpacked(data: bytes) -> None:
    """Any file: pages whose text can be written, or reasons; nothing is raised."""
    if not data:
        return
    name, payload = NAMES[data[0] % len(NAMES)], data[1:]
    if data[0] < 192:  # packed well; else the packing itself is what is damaged
        payload = gzip.compress(payload) if name.endswith(".gz") else payload
        payload = zstandard.compress(payload) if name.endswith(".zst") else payload
    path = _folder() / name
    path.write_bytes(payload)
    readable(path)


def readable(path: Path) -> None:
    """A file, whatever it holds, gives pages that can be written, or reasons."""
    for found in read(Input(str(path.parent), str(path), path.name, ""), _MAX_BYTES):
        if isinstance(found, RawPage):
            found.text.encode("utf-8")
        else:
            _holds(_CALLS_FOR_HELP not in found.reason, found.reason)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "repair": repaired,
    "content": chosen,
    "normalize": normalized,
    "edits": undone,
    "readers": unpacked,
}


@cache
def _tools() -> Tools:
    return stages.tools(Settings())


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz"))


def _raw(data: bytes, media_type: MediaType) -> RawPage:
    return RawPage("page", Source("page", media_type, ""), data.decode("utf-8", "replace"))


def _page(data: bytes) -> Page:
    return repair(_raw(data[1:], TYPES[data[0] % len(TYPES)] if data else "text/plain"))


def _paragraphs(stretches: list[str]) -> Iterator[Block]:
    at = 0
    for said in stretches:
        yield Block("paragraph", at, at + len(said))
        at += len(said) + len(BLOCK_SEPARATOR)


def _traced(raw: RawPage, traced: TracedText) -> None:
    edits = traced.edits()
    _holds(undo(traced.text, edits) == raw.text, "the log does not lead back to the input")
    done = [edit for edit in edits if edit.status != "flagged"]
    for edit in done:
        _holds(raw.text[edit.source_start : edit.source_end] == edit.before, f"{edit.rule}: before is not the source")
        _holds(traced.text[edit.start : edit.end] == edit.after, f"{edit.rule}: after is not the text")
    for first, second in pairwise(done):
        _holds(first.source_end <= second.source_start and first.end <= second.start, f"{second.rule} overlaps")
    kept = _letters(traced.text) - sum(_letters(edit.after) for edit in done)
    _holds(kept + sum(_letters(edit.before) for edit in done) == _letters(raw.text), "letters are lost")


def _blocks(text: str, blocks: tuple[Block, ...]) -> None:
    _holds(all(block.start < block.end for block in blocks), "a block is empty")
    _holds(all(text[one.start : one.end].strip() for one in blocks), "a block is blank")
    _holds(all(one.end <= two.start for one, two in pairwise(blocks)), "blocks overlap")
    _holds(not blocks or (blocks[0].start >= 0 and blocks[-1].end <= len(text)), "a block leaves the text")


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _batch(numbers: list[int]) -> Iterator[tuple[int, int, str, Status]]:
    """(gap, width, after, status) of changes, from bytes."""
    for _ in range(min(len(numbers) // 4, 12)):
        gap, width, status, more = (numbers.pop() for _ in range(4))
        yield gap % 16, width % 8, "xy z"[: more % 5], STATUSES[status % 3]


def changes(batch: Iterable[tuple[int, int, str, Status]], length: int) -> list[Change]:
    """Changes of a text of some length that do not overlap, from (gap, width, after, status)."""
    at = 0
    found: list[Change] = []
    for gap, width, after, status in batch:
        start = at + gap
        end = start + width
        if end > length:
            break
        found.append(Change(start, end, after, "rule", "reason", status=status))
        at = end + (width == 0)
    return found


def plainly(text: str, batch: list[Change]) -> str:
    """A text with changes made in the plainest way, from its end."""
    for change in reversed(in_order(batch)):
        if change.status != "flagged":
            text = text[: change.start] + change.after + text[change.end :]
    return text


def _spans(numbers: list[int], length: int, changes: list[Change]) -> list[tuple[int, int]]:
    """Spans into whose rims no change cuts."""
    found = []
    for start in numbers[:8]:
        end = min(length, start + 5)
        inside = [(c.start, c.end) for c in changes if c.status != "flagged"]
        if start <= end and not any(a < start < b or a < end < b for a, b in inside):
            found.append((start, end))
    return found


def _holds(condition: bool, said: str) -> None:
    if not condition:
        raise BrokenPromiseError(said)
