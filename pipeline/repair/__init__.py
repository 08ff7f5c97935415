"""Repair damaged markup before anything is parsed.

Each fix takes the text and its tokens and returns changes; ``FIXES`` is their order. Undamaged text comes out byte for
byte the same. A fix may not turn text into markup, or markup into text, unless a change says so. ``_loses_text`` checks
every document; if text was lost, all fixes are discarded and only JSON escapes and code fences are undone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from pipeline.edits import Change, TracedText
from pipeline.markup.tokens import Kind, Token, tokenize
from pipeline.records import Page, RawPage
from pipeline.repair.brackets import escape_raw_less_than, join_split_tags, single_brackets, supply_missing_greater_than
from pipeline.repair.declarations import drop_cdata_marks
from pipeline.repair.end_tags import restore_slashes
from pipeline.repair.escaped import unescape_fully, unescape_markup
from pipeline.repair.evidence import has_markup
from pipeline.repair.fences import remove_fences, starts_with_fence
from pipeline.repair.names import join_broken_names, part_glued_names
from pipeline.repair.signs import drop_stray_signs
from pipeline.repair.sound import is_sound
from pipeline.repair.transport import LAYERS
from pipeline.repair.unclosed import close_comment, close_cut_tag, close_quote, close_raw_text

STAGE = "repair"
_ROUNDS = 4
# What a script holds if it swallowed a part of the page.
_SWALLOWED = re.compile(r"^[ \t]*<(?:script|style|head|body|html|article|main)\b", re.I | re.M)

Fix = Callable[[str, Sequence[Token]], list[Change]]
FIXES: tuple[Fix, ...] = (
    unescape_markup,
    drop_stray_signs,
    single_brackets,
    join_split_tags,
    join_broken_names,
    drop_cdata_marks,
    part_glued_names,
    supply_missing_greater_than,
    restore_slashes,
    close_quote,
    close_comment,
    close_raw_text,
    close_cut_tag,
    escape_raw_less_than,
)


def repair(raw: RawPage) -> Page:
    """Return the page with its markup damage undone and logged."""
    source = _unwrapped(TracedText(raw.text))
    fences = remove_fences(source.text)
    unfenced = source.apply(fences, STAGE)
    wrapped = bool(fences) and starts_with_fence(source.text)
    if raw.source.media_type != "text/html" and not has_markup(unfenced.text, wrapped):
        return Page(raw, unfenced, markup=False, llm_wrapped=wrapped)
    text, changes = _apply_fixes(unfenced)
    if changes and _loses_text(unfenced.text, text.text):
        text, changes = unfenced, []
    cut = any(change.rule == close_cut_tag.__name__ for change in changes)
    return Page(raw, text, markup=True, cut_in_markup=cut, llm_wrapped=wrapped)


def _unwrapped(text: TracedText) -> TracedText:
    """Undo the encodings that a page travelled in, one within the other."""
    for _ in range(_ROUNDS):
        changes = next((found for layer in LAYERS if (found := layer(text.text))), None)
        if not changes:
            break
        text = text.apply(changes, STAGE)
    return text


def _apply_fixes(text: TracedText) -> tuple[TracedText, list[Change]]:
    """Apply the fixes in order, and again while they find damage that other damage had hidden."""
    done: list[Change] = []
    if is_sound(text.text):
        return text, []
    tokens = tokenize(text.text)
    for _ in range(_ROUNDS):
        found = len(done)
        for fix in FIXES:
            changes = fix(text.text, tokens)
            if changes:
                text = text.apply(changes, STAGE)
                tokens = tokenize(text.text)
                done += changes
        if len(done) == found:
            break
    return text, done


def _loses_text(before: str, after: str) -> bool:
    """Whether letters that were visible are now neither visible nor part of a tag that was restored."""
    pieces, pieces_after = _token_texts(before), _token_texts(after)
    head = _common_prefix_length(pieces, pieces_after)  # the common prefix and suffix do not count
    tail = _common_prefix_length(reversed(pieces[head:]), reversed(pieces_after[head:]))
    visible, tags = _letters(pieces[head : len(pieces) - tail])
    visible_after, tags_after = _letters(pieces_after[head : len(pieces_after) - tail])
    return bool((visible - visible_after) - (tags_after - tags))


def _token_texts(text: str) -> list[tuple[Kind, str]]:
    """The tokens of a text by kind; the content of a title or a text area is raw if it swallowed a part of the page."""
    pieces: list[tuple[Kind, str]] = []
    for kind, start, end, name in tokenize(text):
        piece = text[start:end]
        pieces.append(("raw" if name and kind == "text" and _SWALLOWED.search(piece) else kind, piece))
    return pieces


def _common_prefix_length(pieces: Iterable[tuple[Kind, str]], others: Iterable[tuple[Kind, str]]) -> int:
    """Length of the common prefix."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(pieces, others, strict=False)))


def _letters(pieces: Iterable[tuple[Kind, str]]) -> tuple[Counter[str], Counter[str]]:
    """Letters and digits of the visible text, and of tags, comments and scripts."""
    visible: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for kind, piece in pieces:
        if kind == "text":
            visible.update(filter(str.isalnum, unescape_fully(piece)))
        elif kind != "raw" or not _SWALLOWED.search(piece):
            tags.update(filter(str.isalnum, unescape_fully(piece)))
    return visible, tags
