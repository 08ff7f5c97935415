"""One document for the terminal: source and clean text side by side, edits coloured, mechanisms under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.edits import Edit
from pipeline.records import Block, CleanArticle, Findings, Page, Relation
from pipeline.show.marked import by_span, is_plain, pieces
from pipeline.show.terminal import visible
from pipeline.stages import State, text_of

_LONGEST = 240  # characters of a stretch of the source that was taken out
_BEFORE = {"applied": "red", "dropped": "red strike", "flagged": "yellow"}
_AFTER = {"applied": "green", "dropped": "green", "flagged": "yellow underline"}


def show(state: State, console: Console) -> None:
    """Print a document in any state."""
    for part in _parts(state):
        console.print(_visible(part) if isinstance(part, Text) else part, highlight=False)


def _parts(state: State) -> Iterator[RenderableType]:
    traced = text_of(state)
    edits = traced.edits()
    blocks = _blocks(state) or (Block("paragraph", 0, len(traced.text)),)
    stretches = by_span(edits, [(block.start, block.end) for block in blocks])
    table = Table("source", "clean text", show_lines=True, expand=True)
    for block, inside in zip(blocks, stretches, strict=False):
        _add_dropped(table, [(number, edit) for number, edit in inside if edit.end <= block.start])
        table.add_row(*map(_visible, _block(traced.text, block, inside)))
    _add_dropped(table, stretches[-1])
    yield table
    yield from _listed(edits)
    if isinstance(state, Findings):
        yield from _mechanisms(state)


def _visible(text: Text) -> Text:
    text.plain = visible(text.plain)
    return text


def _add_dropped(table: Table, edits: Sequence[tuple[int, Edit]]) -> None:
    """A row for each stretch that was dropped between two blocks."""
    for number, edit in edits:
        if edit.status == "dropped" and not is_plain(edit):
            dropped = _visible(_cut(edit.before, "red strike"))
            table.add_row(dropped, Text(f"dropped [{number}]: {edit.reason}", "dim"))


def _blocks(state: State) -> tuple[Block, ...]:
    if isinstance(state, Findings):
        return state.clean.blocks
    return () if isinstance(state, Page) else state.blocks


def _block(text: str, block: Block, inside: Sequence[tuple[int, Edit]]) -> tuple[Text, Text]:
    source, clean = Text(), Text(style="bold" if block.kind == "heading" else "")
    for piece in pieces(text, [pair for pair in inside if pair[1].end > block.start], block.start, block.end):
        edit = piece.edit
        if edit is None:
            source.append(piece.text)
            clean.append(piece.text)
        elif is_plain(edit):
            source.append_text(_cut(edit.before, "dim"))
            clean.append(piece.text)
        else:
            source.append_text(_cut(edit.before, _BEFORE[edit.status]))
            clean.append(piece.text, _AFTER[edit.status])
            clean.append(f"[{piece.number}]", "dim")
    return source, clean


def _cut(text: str, style: str) -> Text:
    """A stretch of the source; of a long one the ends."""
    if len(text) > _LONGEST:
        half = _LONGEST // 2
        text = f"{text[:half]} ... {len(text) - 2 * half:,} characters ... {text[-half:]}"
    return Text(text, style)


def _listed(edits: Sequence[Edit]) -> Iterator[Text]:
    for number, edit in enumerate(edits):
        if not is_plain(edit):
            would = f" (suggested: {edit.after!r})" if edit.status == "flagged" else ""
            line = Text(f"[{number}] ", "dim")
            line.append(f"{edit.status} ", _AFTER[edit.status])
            line.append(f"{edit.rule}: {edit.reason}{would}, {edit.confidence}")
            yield line


def _mechanisms(found: Findings) -> Iterator[Text]:
    clean: CleanArticle = found.clean
    for index, sentence in enumerate(found.sentences):
        relations = [relation for relation in found.relations if relation.sentence == index]
        if relations:
            line = Text("\n" + clean.text.text[sentence.start : sentence.end], "bold")
            yield line
        for relation in relations:
            yield _relation(relation)


def _relation(relation: Relation) -> Text:
    line = Text("  ")
    for end, style in ((relation.subject, "cyan"), (relation.object, "magenta")):
        if end is relation.object:
            line.append(f" {'does not ' * bool(relation.negation_cue)}{relation.relation} ({relation.polarity}) ")
        line.append(end.text, style)
        line.append(f" = {end.resolved}" if end.resolved else "", "dim")
        line.append(f" [{end.curie}]" if end.curie else "", "dim")
    line.append(f"  {relation.confidence}{', hedged' * bool(relation.hedge_cue)}, {relation.rule}", "dim")
    return line
