"""Mechanisms: which sentences say how something works, and what acts on what in them.

A sentence is parsed, trigger words from the frame table and their arguments are found by dependency
patterns, coordination is spread out, and each relation gets its sign, its context (negation, hedge)
and its antecedents. A relation is mechanistic if one end is something of the body.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.lexicon import names
from pipeline.mechanisms import arguments, grounding, language, quantities, statements
from pipeline.mechanisms.chains import link
from pipeline.mechanisms.context import Cues
from pipeline.mechanisms.grounding import Grounder
from pipeline.mechanisms.statements import Finder, Scene
from pipeline.records import Block, CleanArticle, Findings, Relation, Sentence
from pipeline.rules.kinds import Rules

__all__ = ["STAGE", "Finder", "build", "find_mechanisms", "finder_for", "relations_of"]

STAGE = "mechanisms"
_SEARCHED = frozenset(("paragraph", "list_item", "quote"))
_TOGETHER = 64  # blocks in the parser at once: more take more memory and hardly less time
_LONGEST = 400  # tokens; a longer "sentence" is a list or a table
_LONGEST_BLOCK = 100_000  # characters
_LONGEST_WORD = 1_000
_EARLIER = 8  # sentences a pronoun may look back to; most have nothing it can mean


def build(rules: Rules, model: str = "", *, anything: bool = False) -> Finder:
    """Load the model and compile the rules for it; ``anything``: relations need not be of the body to count."""
    return finder_for(language.load(model), rules, anything=anything)


def finder_for(nlp: Language, rules: Rules, *, anything: bool = False) -> Finder:
    """Compile the rules for a spaCy pipeline that is there already."""
    grounder = Grounder(names.load(), rules.notations, rules.words)
    amounts = quantities.build(rules.units)
    return Finder(nlp, rules, Cues(rules), grounder, amounts, anything)


def find_mechanisms(clean: CleanArticle, finder: Finder) -> Findings:
    """Return the sentences and relations of an article; only English is searched."""
    if clean.metadata.language not in ("en", ""):
        return Findings(clean)
    text = clean.text.text
    search, section = _Search(text, finder), ""
    texts = (text[b.start : b.end] if _is_prose(text, b) else "" for b in clean.blocks)
    docs = finder.nlp.pipe(texts, batch_size=_TOGETHER)
    for number, (block, doc) in enumerate(zip(clean.blocks, docs, strict=True)):
        if len(doc):
            search.read(doc, block.start, number, section)
            continue
        section = text[block.start : block.end] if block.kind == "heading" else section
        search.sentences.append(Sentence(number, "", block.start, block.end, False, 0.0))
    return Findings(clean, tuple(search.sentences), tuple(link(search.relations)), finder.model)


def relations_of(doc: Doc, finder: Finder) -> tuple[Relation, ...]:
    """The relations of a parsed document, whose parse is put right in place; offsets are those of its text."""
    search = _Search(doc.text, finder)
    search.read(doc, 0)
    return tuple(link(search.relations))


class _Search:
    """Reads a text from front to back, and keeps what later sentences may refer to."""

    def __init__(self, text: str, finder: Finder) -> None:
        self.sentences: list[Sentence] = []
        self.relations: list[Relation] = []
        self._text, self._finder = text, finder
        self._about = arguments.speaks_of_the_body(text, finder.rules.words)
        self._initials = grounding.initials(text)
        self._earlier: deque[Span] = deque(maxlen=_EARLIER)

    def read(self, doc: Doc, start: int, block: int = 0, section: str = "") -> None:
        """Search the sentences of a parsed part of the text, which begins at ``start``."""
        for span in language.settle(doc, self._finder.rules).sents:
            said = self._text[start + span.start_char : start + span.end_char]
            first = start + span.start_char + len(said) - len(said.lstrip())
            last = first + len(said.strip())
            if first < last:
                found = self._found(span, said, start)
                self.relations += found
                self._earlier.append(span)
                self.sentences.append(self._judged(found, Sentence(block, section, first, last, False, 0.0)))

    def _found(self, span: Span, said: str, start: int) -> list[Relation]:
        if len(span) > _LONGEST:
            return []
        number, earlier = len(self.sentences), tuple(self._earlier)
        scene = Scene(number, said, start, earlier, self._initials, self._about, self._finder)
        return list(statements.relations(span, scene))

    def _judged(self, found: list[Relation], sentence: Sentence) -> Sentence:
        """The sentence, with how sure it is that it says how something works; a question says nothing."""
        mechanistic = [relation.confidence for relation in found if relation.mechanistic]
        if not mechanistic or self._text.endswith("?", sentence.start, sentence.end):
            return sentence
        return replace(sentence, is_mechanism=True, mechanism_score=max(mechanistic))


def _is_prose(text: str, block: Block) -> bool:
    """Whether a block is worth parsing; a "word" of thousands of letters would stall the tokenizer."""
    if block.kind not in _SEARCHED or block.end - block.start > _LONGEST_BLOCK:
        return False
    return not re.search(rf"\S{{{_LONGEST_WORD},}}", text[block.start : block.end])
