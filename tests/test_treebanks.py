"""From treebanks to training text: the conversion by construction, the cuts between words, damage."""

from __future__ import annotations

import lzma
from pathlib import Path
from random import Random

import pytest
import spacy
from spacy.tokens import Doc

from benchmarks.language_model import clear, corpus, damage, tokenizer
from benchmarks.language_model.conllu import Word

# One UD sentence a case: form/upos/tag/head/label, heads counted from 1; then what CLEAR says: word>head:label.
CONSTRUCTIONS = {
    "preposition above its noun": (
        "It/PRON/PRP/2/nsubj acts/VERB/VBZ/0/root on/ADP/IN/4/case cells/NOUN/NNS/2/obl",
        "It>acts:nsubj acts>acts:ROOT on>acts:prep cells>on:pobj",
    ),
    "preposition under a noun": (
        "loss/NOUN/NN/4/nsubj of/ADP/IN/3/case sleep/NOUN/NN/1/nmod harms/VERB/VBZ/0/root",
        "loss>harms:nsubj of>loss:prep sleep>of:pobj harms>harms:ROOT",
    ),
    "two prepositions in a row": (
        "It/PRON/PRP/2/nsubj leaks/VERB/VBZ/0/root out/ADP/IN/5/case of/ADP/IN/5/case cells/NOUN/NNS/2/obl",
        "It>leaks:nsubj leaks>leaks:ROOT out>leaks:prep of>out:prep cells>of:pobj",
    ),
    "copula with a noun": (
        "Ketamine/PROPN/NNP/4/nsubj is/AUX/VBZ/4/cop an/DET/DT/4/det antagonist/NOUN/NN/0/root",
        "Ketamine>is:nsubj is>is:ROOT an>antagonist:det antagonist>is:attr",
    ),
    "copula with an adjective": (
        "It/PRON/PRP/4/nsubj is/AUX/VBZ/4/cop very/ADV/RB/4/advmod safe/ADJ/JJ/0/root",
        "It>is:nsubj is>is:ROOT very>safe:advmod safe>is:acomp",
    ),
    "copula with a preposition": (
        "It/PRON/PRP/4/nsubj is/AUX/VBZ/4/cop in/ADP/IN/4/case cells/NOUN/NNS/0/root",
        "It>is:nsubj is>is:ROOT in>is:prep cells>in:pobj",
    ),
    "modal before a copula": (
        "It/PRON/PRP/4/nsubj may/AUX/MD/4/aux be/AUX/VB/4/cop safe/ADJ/JJ/0/root",
        "It>be:nsubj may>be:aux be>be:ROOT safe>be:acomp",
    ),
    "passive with an agent": (
        "It/PRON/PRP/3/nsubj:pass is/AUX/VBZ/3/aux:pass blocked/VERB/VBN/0/root by/ADP/IN/5/case "
        "zinc/NOUN/NN/3/obl:agent",
        "It>blocked:nsubjpass is>blocked:auxpass blocked>blocked:ROOT by>blocked:agent zinc>by:pobj",
    ),
    "relative clause": (
        "drugs/NOUN/NNS/0/root that/PRON/WDT/3/nsubj block/VERB/VBP/1/acl:relcl it/PRON/PRP/3/obj",
        "drugs>drugs:ROOT that>block:nsubj block>drugs:relcl it>block:dobj",
    ),
    "reduced relative clause": (
        "genes/NOUN/NNS/0/root encoding/VERB/VBG/1/acl enzymes/NOUN/NNS/2/obj",
        "genes>genes:ROOT encoding>genes:acl enzymes>encoding:dobj",
    ),
    "by and a gerund": (
        "It/PRON/PRP/2/nsubj works/VERB/VBZ/0/root by/SCONJ/IN/4/mark blocking/VERB/VBG/2/advcl it/PRON/PRP/4/obj",
        "It>works:nsubj works>works:ROOT by>works:prep blocking>by:pcomp it>blocking:dobj",
    ),
    "a clause with a subject keeps its mark": (
        "It/PRON/PRP/2/nsubj fails/VERB/VBZ/0/root because/SCONJ/IN/5/mark cells/NOUN/NNS/5/nsubj die/VERB/VBP/2/advcl",
        "It>fails:nsubj fails>fails:ROOT because>die:mark cells>die:nsubj die>fails:advcl",
    ),
    "infinitive": (
        "It/PRON/PRP/2/nsubj helps/VERB/VBZ/0/root to/PART/TO/4/mark sleep/VERB/VB/2/xcomp",
        "It>helps:nsubj helps>helps:ROOT to>sleep:aux sleep>helps:xcomp",
    ),
    "coordination is a chain": (
        "zinc/NOUN/NN/0/root ,/PUNCT/,/3/punct iron/NOUN/NN/1/conj and/CCONJ/CC/5/cc copper/NOUN/NN/1/conj",
        "zinc>zinc:ROOT ,>zinc:punct iron>zinc:conj and>iron:cc copper>iron:conj",
    ),
    "coordinated prepositions": (
        "It/PRON/PRP/2/nsubj acts/VERB/VBZ/0/root in/ADP/IN/4/case blood/NOUN/NN/2/obl and/CCONJ/CC/7/cc "
        "in/ADP/IN/7/case bone/NOUN/NN/4/conj",
        "It>acts:nsubj acts>acts:ROOT in>acts:prep blood>in:pobj and>in:cc in>in:conj bone>in:pobj",
    ),
    "coordinated copulas": (
        "It/PRON/PRP/3/nsubj is/AUX/VBZ/3/cop safe/ADJ/JJ/0/root and/CCONJ/CC/6/cc is/AUX/VBZ/6/cop "
        "cheap/ADJ/JJ/3/conj",
        "It>is:nsubj is>is:ROOT safe>is:acomp and>is:cc is>is:conj cheap>is:acomp",
    ),
    "a name ends in its head": (
        "Marie/PROPN/NNP/3/nsubj Curie/PROPN/NNP/1/flat won/VERB/VBD/0/root",
        "Marie>Curie:compound Curie>won:nsubj won>won:ROOT",
    ),
    "possessive": (
        "the/DET/DT/2/det drug/NOUN/NN/4/nmod:poss 's/PART/POS/2/case effect/NOUN/NN/0/root",
        "the>drug:det drug>effect:poss 's>drug:case effect>effect:ROOT",
    ),
    "negation": (
        "It/PRON/PRP/4/nsubj does/AUX/VBZ/4/aux not/PART/RB/4/advmod help/VERB/VB/0/root",
        "It>help:nsubj does>help:aux not>help:neg help>help:ROOT",
    ),
    "particle": (
        "It/PRON/PRP/2/nsubj gives/VERB/VBZ/0/root off/ADP/RP/2/compound:prt heat/NOUN/NN/2/obj",
        "It>gives:nsubj gives>gives:ROOT off>gives:prt heat>gives:dobj",
    ),
    "such as": (
        "drugs/NOUN/NNS/0/root such/ADJ/JJ/4/case as/ADP/IN/2/fixed zinc/NOUN/NN/1/nmod",
        "drugs>drugs:ROOT such>as:amod as>drugs:prep zinc>as:pobj",
    ),
    "time without a preposition": (
        "It/PRON/PRP/2/nsubj rose/VERB/VBD/0/root last/ADJ/JJ/4/amod week/NOUN/NN/2/obl:unmarked",
        "It>rose:nsubj rose>rose:ROOT last>week:amod week>rose:npadvmod",
    ),
    "predicate of an object": (
        "It/PRON/PRP/2/nsubj makes/VERB/VBZ/0/root cells/NOUN/NNS/2/obj leaky/ADJ/JJ/2/xcomp",
        "It>makes:nsubj makes>makes:ROOT cells>makes:dobj leaky>makes:oprd",
    ),
    "passive clause subject and indirect object": (
        "It/PRON/PRP/2/nsubj gives/VERB/VBZ/0/root cells/NOUN/NNS/2/iobj energy/NOUN/NN/2/obj",
        "It>gives:nsubj gives>gives:ROOT cells>gives:dative energy>gives:dobj",
    ),
}


def words(notation: str) -> list[Word]:
    rows = [item.rsplit("/", 4) for item in notation.split()]
    return [
        Word(form, LEMMAS.get(form, form), upos, tag, int(head) - 1, label, True)
        for form, upos, tag, head, label in rows
    ]


LEMMAS = {"is": "be", "makes": "make"}


@pytest.mark.parametrize("name", CONSTRUCTIONS)
def test_a_construction_turns_from_ud_to_clear(name: str) -> None:
    given, expected = CONSTRUCTIONS[name]
    sentence = words(given)
    arcs = clear.convert(sentence)
    found = [
        f"{word.form}>{sentence[head if head >= 0 else i].form}:{label}"
        for i, (word, (head, label)) in enumerate(zip(sentence, arcs, strict=True))
    ]
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("anti-inflammatory drugs, non-neuronal and re-uptake", "anti-inflammatory drugs , non-neuronal and re-uptake"),
        ("dose-dependent, wild-type and IL-6", "dose - dependent , wild - type and IL - 6"),
        ("Dmc1-/− mice, and/or DBA/2J", "Dmc1 - / − mice , and / or DBA / 2J"),
        (
            "at 10:30, diluted 1:200, 37 °C and 3% of 1,000 mice",
            "at 10:30 , diluted 1 : 200 , 37 °C and 3 % of 1,000 mice",
        ),
        ("on 03/15/2001 call 713-664-7478!!", "on 03/15/2001 call 713-664-7478 !!"),
        ("5′ end of the gene(s), 20-fold", "5 ′ end of the gene(s) , 20-fold"),
        ("see refs [12,13] (Fig. 2).", "see refs [ 12 , 13 ] ( Fig. 2 ) ."),
        ("e-mail and X-ray,", "e-mail and X-ray ,"),
    ],
)
def test_words_are_cut_as_the_treebanks_cut_them(text: str, cut: str) -> None:
    nlp = tokenizer.align(spacy.blank("en"))
    assert [token.text for token in nlp(text)] == cut.split()


ARTICLE = """\
# newdoc id = 1
# newpar id = 1-p0
1\tResults\tresult\tNOUN\tNNS\t_\t0\troot\t_\t_

# newpar id = 1-p1
1\tMice\tmouse\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tslept\tsleep\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

1\tRats\trat\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\twoke\twake\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_
"""


def test_an_article_is_read_by_paragraphs_and_by_runs(tmp_path: Path) -> None:
    (tmp_path / "craft" / "conllu").mkdir(parents=True)
    (tmp_path / "craft" / "craft-ids-dev.txt").write_text("1\n")
    (tmp_path / "craft" / "conllu" / "1.conllu.xz").write_bytes(lzma.compress(ARTICLE.encode()))
    vocab = spacy.blank("en").vocab
    paragraphs = [doc.text.strip() for doc in corpus.craft(tmp_path, "dev", vocab)]
    assert paragraphs == ["Results", "Mice slept. Rats woke."]
    (run,) = corpus.craft_runs(tmp_path, "dev", vocab)
    assert [sentence.text for sentence in run.sents] == ["Results", "Mice slept.", "Rats woke."]


def document() -> Doc:
    heads = [1, 1, 1, 4, 1, 1, 7, 7, 7]
    deps = "nsubj ROOT punct cc conj punct nsubj ROOT punct".split()
    return Doc(
        spacy.blank("en").vocab,
        words="Zinc blocks , and inhibits . mRNA rises .".split(),
        spaces=[True, False, True, True, False, True, True, False, False],
        heads=heads,
        deps=deps,
        tags=["NN"] * 9,
        sent_starts=[i in (0, 6) for i in range(9)],
    )


def test_damage_keeps_the_analysis() -> None:
    for seed in range(30):
        copy = damage.damaged(document(), Random(seed))
        kept = {(token.lower_, token.dep_, token.head.lower_) for token in copy}
        assert kept <= {(token.lower_, token.dep_, token.head.lower_) for token in document()}
        assert [sentence.root.lower_ for sentence in copy.sents] == ["blocks", "rises"]


def test_each_damage_is_what_it_says() -> None:
    assert damage.lower_starts(document(), Random(0)).text == "zinc blocks, and inhibits. mRNA rises."
    assert damage.all_lower(document(), Random(0)).text == "zinc blocks, and inhibits. mrna rises."
    texts = {damage.lost_spaces(document(), Random(seed)).text for seed in range(9)}
    assert "Zinc blocks,and inhibits. mRNA rises." in texts
    texts = {damage.lost_marks(document(), Random(seed)).text for seed in range(9)}
    assert "Zinc blocks and inhibits mRNA rises." in texts
