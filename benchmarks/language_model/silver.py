"""Running text, labelled by the teachers.

``python -m benchmarks.language_model.silver trees CORPORA TEACHER OUT`` writes parsed.spacy. A sentence counts if its
heads form a tree and the teacher is sure of them.

``python -m benchmarks.language_model.silver entities NER TEACHER OUT`` writes marked.spacy (half of that text with its
entities), marked-train.spacy and marked-dev.spacy (the entity sets, with the types that a set does not mark filled in).
"""

from __future__ import annotations

import json
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from benchmarks.language_model import entity_sets, tokenizer
from benchmarks.language_model.entity_sets import Marked, Span
from benchmarks.language_model.teachers import encoder, entities, parser
from benchmarks.language_model.teachers.parser import Parse

T = TypeVar("T")

# Words to take from each corpus: prose of many kinds, none of them above the others.
WORDS = {
    "medquad-answers": 500_000,
    "press-health": 500_000,
    "press-general": 500_000,
    "pmc-rct-ccby": 400_000,
    "medical-abstracts": 200_000,
    "wikitext2-small": 150_000,
}
PROCESSES = 2
SURE = 0.85
SHORTEST = 4  # words of a sentence


def paragraphs(folder: Path, name: str, words: int) -> Iterator[str]:
    """Paragraphs of documents in an order that depends on their names alone, until there are enough words."""
    with lzma.open(folder / name / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    taken = 0
    for row in sorted(rows, key=lambda row: zlib.crc32(row["id"].encode())):
        for paragraph in row["paras"][:12]:
            text = " ".join(paragraph.split())
            taken += text.count(" ") + 1
            yield text
        if taken > words:
            return


def parsed(nlp: Language, texts: Sequence[str], teacher: Path) -> Iterator[Doc]:
    """Runs of sentences that the teacher is sure of; lemmas are left to the treebanks, where they are right."""
    model, known = parser.load(teacher)
    docs = [nlp.make_doc(text) for text in texts]
    for doc, parses in zip(docs, _sentences(model, known, docs), strict=True):
        for run in _runs(parses):
            yield _labelled(doc, run)


def _sentences(model: object, known: parser.Inventory, docs: Sequence[Doc]) -> list[list[Parse]]:
    """The sentences of each document, read window by window; the last sentence of a window may go on in the next."""
    found: list[list[Parse]] = [[] for _ in docs]
    waiting = {i: 0 for i, doc in enumerate(docs) if len(doc)}
    while waiting:
        places = list(waiting)
        windows = []
        for i in places:
            words = [token.text for token in docs[i][waiting[i] : waiting[i] + encoder.LONGEST]]
            windows.append(words[: encoder.fits(words)])
        for i, words, parses in zip(places, windows, parser.parse(model, known, windows), strict=True):
            offset = waiting[i]
            done = offset + len(words) >= len(docs[i])
            if not done and len(parses) > 1:
                parses = parses[:-1]
            step = len(words) if done or not parses else parses[-1].end
            found[i] += [_moved(parse, offset) for parse in parses]
            waiting[i] = offset + step
            if waiting[i] >= len(docs[i]):
                del waiting[i]
    return found


def _moved(parse: Parse, offset: int) -> Parse:
    heads = [head - parse.start if head else 0 for head in parse.heads]
    return Parse(parse.start + offset, parse.end + offset, parse.analyses, heads, parse.labels, parse.sure)


def _runs(parses: list[Parse]) -> list[list[Parse]]:
    """Neighbouring sentences that all count."""
    runs: list[list[Parse]] = []
    for parse in parses:
        if parse.sure < SURE or parse.end - parse.start < SHORTEST:
            continue
        if runs and runs[-1][-1].end == parse.start:
            runs[-1].append(parse)
        else:
            runs.append([parse])
    return runs


def _labelled(doc: Doc, run: list[Parse]) -> Doc:
    first = run[0].start
    tokens = doc[first : run[-1].end]
    analyses = [analysis.split(" ") for parse in run for analysis in parse.analyses]
    heads = [parse.start - first + (head - 1 if head else i) for parse in run for i, head in enumerate(parse.heads)]
    return Doc(
        doc.vocab,
        words=[token.text for token in tokens],
        spaces=[bool(token.whitespace_) for token in tokens],
        tags=[analysis[0] for analysis in analyses],
        pos=[analysis[1] for analysis in analyses],
        morphs=[analysis[2] for analysis in analyses],
        heads=heads,
        deps=["ROOT" if head == i else label for i, (head, label) in enumerate(zip(heads, _labels(run), strict=True))],
        sent_starts=[i == 0 for parse in run for i in range(len(parse.heads))],
    )


def _labels(run: list[Parse]) -> list[str]:
    return [label for parse in run for label in parse.labels]


def _mark(doc: Doc, spans: Sequence[Span]) -> None:
    """Set the entities that begin and end with a word; the others cannot be learnt."""
    found = [doc.char_span(start, end, label=kind) for start, end, kind in spans if end <= len(doc.text)]
    doc.set_ents(spacy.util.filter_spans([span for span in found if span is not None]), default="outside")


def marked(nlp: Language, texts: Sequence[Marked], model: object) -> Iterator[Doc]:
    """Texts with their entities; types that were not looked for come from the teacher."""
    for text, spans in zip(texts, entities.label(model, [text.text for text in texts]), strict=True):
        doc = nlp.make_doc(text.text)
        others = [span for span in spans if span[2] not in text.types and not _overlaps(span, text.spans)]
        _mark(doc, [*text.spans, *others])
        yield doc


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end, _ in others)


def write_trees(corpora: str, teacher: str, out: str) -> None:
    texts = [text for name, words in WORDS.items() for text in paragraphs(Path(corpora), name, words)]
    Path(out).mkdir(parents=True, exist_ok=True)
    _write(_shared_out(_parsed_share, texts, teacher), Path(out) / "parsed.spacy")


def write_entities(ner: str, teacher: str, out: str) -> None:
    for part in ("train", "dev"):
        texts = entity_sets.read(Path(ner), part)
        _write(_shared_out(_marked_share, texts, teacher), Path(out) / f"marked-{part}.spacy")
    running = list(DocBin().from_disk(Path(out) / "parsed.spacy").get_docs(spacy.blank("en").vocab))
    unmarked = [Marked(doc.text, (), frozenset()) for doc in running[::2]]  # half is enough, and takes half the time
    _write(_shared_out(_marked_share, unmarked, teacher), Path(out) / "marked.spacy")


def _parsed_share(texts: Sequence[str], teacher: str) -> bytes:
    return _bundle(parsed(_one_thread(), texts, Path(teacher)))


def _marked_share(texts: Sequence[Marked], teacher: str) -> bytes:
    return _bundle(marked(_one_thread(), texts, entities.load(Path(teacher))))


def _one_thread() -> Language:
    torch.set_num_threads(1)
    return tokenizer.align(spacy.blank("en"))


def _bundle(docs: Iterator[Doc]) -> bytes:
    return DocBin(docs=docs).to_bytes()


def _shared_out(label: Callable[[Sequence[T], str], bytes], texts: Sequence[T], teacher: str) -> DocBin:
    """Label every n-th text in a process of its own; much of the work is not the encoder's."""
    bundle = DocBin()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        shares = [texts[first::PROCESSES] for first in range(PROCESSES)]
        for data in pool.map(label, shares, [teacher] * PROCESSES):
            bundle.merge(DocBin().from_bytes(data))
    return bundle


def _write(bundle: DocBin, place: Path) -> None:
    bundle.to_disk(place)
    words = sum(len(tokens) for tokens in bundle.tokens)
    print(f"{place}: {len(bundle)} documents, {words} words", flush=True)


if __name__ == "__main__":
    {"trees": write_trees, "entities": write_entities}[sys.argv[1]](*sys.argv[2:])
