"""Relation extraction: which sentences say how something works, and what acts on what in them.

Each sentence is parsed. Dependency patterns find the trigger words of the frame table and their arguments,
coordination is expanded, and every relation gets its polarity, its negation and hedge cues, and the antecedents of
its arguments. A relation is mechanistic if one of its arguments is something in the body.
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
_SEARCHED = frozenset(("paragraph", "list_item", "quote", "caption"))
_BATCH_SIZE = 64  # blocks in the parser at once: more take more memory and hardly less time
_MAX_SENTENCE_TOKENS = 400  # tokens; a longer "sentence" is a list or a table
_LONGEST_BLOCK = 100_000  # characters
_LONGEST_WORD = 1_000
_MAX_EARLIER_SENTENCES = 8  # sentences a pronoun may look back to; most have nothing it can mean


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
    docs = finder.nlp.pipe(texts, batch_size=_BATCH_SIZE)
    for number, (block, doc) in enumerate(zip(clean.blocks, docs, strict=True)):
        if len(doc):
            search.read(doc, block.start, number, section)
            continue
        section = text[block.start : block.end] if block.kind == "heading" else section
        search.sentences.append(Sentence(number, "", block.start, block.end, False, 0.0))
    return Findings(clean, tuple(search.sentences), tuple(link(search.relations)), finder.model)


def relations_of(doc: Doc, finder: Finder) -> tuple[Relation, ...]:
    """The relations of a parsed document, in offsets of its text; the parse is corrected in place."""
    search = _Search(doc.text, finder)
    search.read(doc, 0)
    return tuple(link(search.relations))


class _Search:
    """Reads a text from front to back, and keeps what later sentences may refer to."""

    def __init__(self, text: str, finder: Finder) -> None:
        self.sentences: list[Sentence] = []
        self.relations: list[Relation] = []
        self._text, self._finder = text, finder
        self._about = arguments.is_about_the_body(text, finder.rules.words)
        self._initials = grounding.abbreviations(text)
        self._earlier: deque[Span] = deque(maxlen=_MAX_EARLIER_SENTENCES)

    def read(self, doc: Doc, start: int, block: int = 0, section: str = "") -> None:
        """Search the sentences of a parsed part of the text, which begins at ``start``."""
        for span in language.correct_parse(doc, self._finder.rules).sents:
            said = self._text[start + span.start_char : start + span.end_char]
            first = start + span.start_char + len(said) - len(said.lstrip())
            last = first + len(said.strip())
            if first < last:
                found = self._found(span, said, start)
                self.relations += found
                self._earlier.append(span)
                self.sentences.append(self._judged(found, Sentence(block, section, first, last, False, 0.0)))

    def _found(self, span: Span, said: str, start: int) -> list[Relation]:
        if len(span) > _MAX_SENTENCE_TOKENS:
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
