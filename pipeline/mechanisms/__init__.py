"""Mechanisms: which sentences say how something works, and what acts on what in them.

A sentence is parsed, trigger words from the frame table and their arguments are found by dependency
patterns, coordination is spread out, and each relation gets its sign, its context (negation, hedge)
and its antecedents. A relation is mechanistic if one end is something of the body.
"""

from __future__ import annotations

import re
from collections import deque

from spacy.tokens import Span

from pipeline.lexicon import names
from pipeline.mechanisms import arguments, grounding, language, quantities, statements
from pipeline.mechanisms.chains import link
from pipeline.mechanisms.context import Cues
from pipeline.mechanisms.grounding import Grounder
from pipeline.mechanisms.statements import Finder, Scene
from pipeline.records import Block, CleanArticle, Findings, Relation, Sentence
from pipeline.rules.kinds import Rules

__all__ = ["STAGE", "Finder", "build", "find_mechanisms"]

STAGE = "mechanisms"
_SEARCHED = frozenset(("paragraph", "list_item", "quote"))
_TOGETHER = 64  # blocks in the parser at once: more take more memory and hardly less time
_LONGEST = 400  # tokens; a longer "sentence" is a list or a table
_LONGEST_BLOCK = 100_000  # characters
_LONGEST_WORD = 1_000
_EARLIER = 8  # sentences a pronoun may look back to; most have nothing it can mean


def build(rules: Rules, model: str = "", *, anything: bool = False) -> Finder:
    """Load the model and compile the rules for it; ``anything``: relations need not be of the body to count."""
    nlp = language.load(model)
    grounder = Grounder(names.load(), rules.notations, rules.words)
    amounts = quantities.build(rules.units)
    return Finder(nlp, rules, Cues(rules), grounder, amounts, anything)


def find_mechanisms(clean: CleanArticle, finder: Finder) -> Findings:
    """Return the sentences and relations of an article; only English is searched."""
    if clean.metadata.language not in ("en", ""):
        return Findings(clean)
    sentences: list[Sentence] = []
    relations: list[Relation] = []
    text = clean.text.text
    section = ""
    earlier: deque[Span] = deque(maxlen=_EARLIER)
    about = arguments.speaks_of_the_body(text, finder.rules.words)
    initials = grounding.initials(text)
    texts = (text[b.start : b.end] if _is_prose(text, b) else "" for b in clean.blocks)
    docs = (language.settle(doc, finder.rules) for doc in finder.nlp.pipe(texts, batch_size=_TOGETHER))
    for number, (block, doc) in enumerate(zip(clean.blocks, docs, strict=True)):
        if not len(doc):
            section = text[block.start : block.end] if block.kind == "heading" else section
            sentences.append(Sentence(number, "", block.start, block.end, False, 0.0))
            continue
        for span in doc.sents:
            said = text[block.start + span.start_char : block.start + span.end_char]
            start = block.start + span.start_char + len(said) - len(said.lstrip())
            end = start + len(said.strip())
            if start == end:
                continue
            searched = len(span) <= _LONGEST
            scene = Scene(len(sentences), said, block.start, tuple(earlier), initials, about, finder)
            found = list(statements.relations(span, scene)) if searched else []
            relations += found
            earlier.append(span)
            mechanistic = [relation for relation in found if relation.mechanistic]
            question = text.endswith("?", start, end)
            score = max((relation.confidence for relation in mechanistic), default=0.0)
            says = bool(mechanistic) and not question
            sentences.append(Sentence(number, section, start, end, says, score if says else 0.0))
    return Findings(clean, tuple(sentences), tuple(link(relations)), finder.model)


def _is_prose(text: str, block: Block) -> bool:
    """Whether a block is worth parsing; a "word" of thousands of letters would stall the tokenizer."""
    if block.kind not in _SEARCHED or block.end - block.start > _LONGEST_BLOCK:
        return False
    return not re.search(rf"\S{{{_LONGEST_WORD},}}", text[block.start : block.end])
