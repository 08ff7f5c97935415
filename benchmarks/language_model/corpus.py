"""The two treebanks as spaCy documents with one tag set, one label set, paragraphs of sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from benchmarks.language_model import clear, conllu
from benchmarks.language_model.conllu import Sentence, Word

RUN = 8  # sentences
MORPHOLOGY = {
    "NN": "Number=Sing", "NNP": "Number=Sing", "NNS": "Number=Plur", "NNPS": "Number=Plur",
    "JJR": "Degree=Cmp", "RBR": "Degree=Cmp", "JJS": "Degree=Sup", "RBS": "Degree=Sup",
    "VB": "VerbForm=Inf", "VBD": "Tense=Past|VerbForm=Fin", "VBP": "Tense=Pres|VerbForm=Fin",
    "VBZ": "Number=Sing|Person=3|Tense=Pres|VerbForm=Fin", "VBG": "Tense=Pres|VerbForm=Part",
    "VBN": "Tense=Past|VerbForm=Part", "MD": "VerbForm=Fin", "CD": "NumType=Card",
}  # fmt: skip
UPOS_OF_TAG = {
    "MD": "AUX", "EX": "PRON", "PRP$": "PRON", "WP$": "PRON", "WP": "PRON", "RP": "ADP", "PDT": "DET", "AFX": "ADJ",
    "LS": "NUM", "FW": "X", "POS": "PART",
}  # fmt: skip


def english_web_treebank(folder: Path, part: str, vocab: Vocab) -> Iterator[Doc]:
    """EWT, one document a paragraph, converted from UD. ``part`` is train, dev or test."""
    for sentences in _paragraphs(conllu.read(folder / f"en_ewt-ud-{part}.conllu.xz")):
        yield _document(sentences, vocab, _ud)


def craft(folder: Path, part: str, vocab: Vocab) -> Iterator[Doc]:
    """CRAFT's articles of one official part, one document a paragraph; headings are paragraphs of their own."""
    for article in _articles(folder, part):
        for sentences in _paragraphs(article):
            yield _document(sentences, vocab, _craft)


def craft_runs(folder: Path, part: str, vocab: Vocab) -> Iterator[Doc]:
    """The same articles cut every eight sentences, so that headings run into the text, as in a page without tags."""
    for article in _articles(folder, part):
        sentences = list(article)
        for start in range(0, len(sentences), RUN):
            yield _document(sentences[start : start + RUN], vocab, _craft)


def _articles(folder: Path, part: str) -> Iterator[Iterator[Sentence]]:
    for identifier in sorted((folder / "craft" / f"craft-ids-{part}.txt").read_text().split()):
        yield conllu.read(folder / "craft" / "conllu" / f"{identifier}.conllu.xz")


def _paragraphs(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    paragraph: list[Sentence] = []
    for sentence in sentences:
        if sentence.starts_paragraph and paragraph:
            yield paragraph
            paragraph = []
        paragraph.append(sentence)
    if paragraph:
        yield paragraph


def _ud(words: list[Word]) -> list[tuple[int, str]]:
    return clear.convert(words)


def _craft(words: list[Word]) -> list[tuple[int, str]]:
    arcs = [(word.head, "ROOT" if word.head < 0 else word.label) for word in words]
    for word, (_, label) in zip(words, arcs, strict=True):
        word.upos = _craft_upos(word, label)
        word.lemma = _craft_lemma(word)
    return [(head, _relative(words, arcs, i)) for i, (head, _) in enumerate(arcs)]


def _relative(words: list[Word], arcs: list[tuple[int, str]], i: int) -> str:
    """CRAFT calls "which" in "genes which encode X" only dep; EWT says what it is to its verb."""
    head, label = arcs[i]
    if label != "dep" or head < i or not _is_relative(words, arcs, i):
        return label
    siblings = {other for above, other in arcs if above == head}
    if siblings & {"nsubj", "nsubjpass", "csubj", "expl"}:
        return "dep" if "dobj" in siblings else "dobj"
    return "nsubjpass" if "auxpass" in siblings else "nsubj"


def _is_relative(words: list[Word], arcs: list[tuple[int, str]], i: int) -> bool:
    """A relative pronoun, or a noun that one determines: "whose activity", "which gene"."""
    return words[i].tag in ("WDT", "WP") or any(
        above == i and words[child].tag in ("WDT", "WP$") for child, (above, _) in enumerate(arcs)
    )


def _craft_upos(word: Word, label: str) -> str:
    """Universal part of speech from the manual Penn tag and the tree; the published one is automatic."""
    if word.tag.startswith("V") and (label in ("aux", "auxpass") or word.lemma == "be"):
        return "AUX"
    if word.tag == "IN":
        return "SCONJ" if label == "mark" else "ADP"
    if word.tag == "TO":
        return "PART" if label == "aux" else "ADP"
    if word.tag in ("DT", "WDT"):
        return "DET" if label in ("det", "predet", "preconj") else "PRON"
    if word.tag.startswith("RB") and label == "neg":
        return "PART"
    if word.form == "%":
        return "SYM"
    return UPOS_OF_TAG.get(word.tag, word.upos)


def _craft_lemma(word: Word) -> str:
    if word.lemma.startswith("#") or re.search(r"\d|.[A-Z]", word.form):
        return word.form[:-1] if word.tag in ("NNS", "NNPS") and word.form.endswith("s") else word.form
    return word.lemma


def _document(
    sentences: Iterable[Sentence], vocab: Vocab, arcs_of: Callable[[list[Word]], list[tuple[int, str]]]
) -> Doc:
    words: list[Word] = []
    heads: list[int] = []
    labels: list[str] = []
    starts: list[bool | int | None] = []
    for sentence in sentences:
        offset = len(words)
        for i, (head, label) in enumerate(arcs_of(sentence.words)):
            heads.append(offset + (i if head < 0 else head))
            labels.append(label)
            starts.append(i == 0)
        words.extend(sentence.words)
    return Doc(
        vocab,
        words=[word.form for word in words],
        spaces=[word.space_after for word in words],
        tags=[word.tag for word in words],
        pos=[word.upos if word.upos != "_" else "X" for word in words],
        morphs=[MORPHOLOGY.get(word.tag, "") for word in words],
        lemmas=[word.lemma if word.lemma != "_" else word.form for word in words],
        heads=heads,
        deps=labels,
        sent_starts=starts,
    )
