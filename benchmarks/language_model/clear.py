"""Turn Universal Dependencies trees into CLEAR trees, the style of spaCy's English models.

The main differences (UD v2 guidelines; Choi and Palmer 2012, "Guidelines for the CLEAR Style
Constituent to Dependency Conversion"):

==================  =============================  ==================================
construction        UD                             CLEAR
==================  =============================  ==================================
preposition         case, below its noun           prep, above its noun (pobj)
copula              cop, below the predicate       head; predicate is attr or acomp
coordination        all conjuncts on the first     each conjunct on the one before
names               first word is the head         last word is the head
"by blocking X"     mark + advcl                   prep + pcomp
infinitival "to"    mark                           aux
==================  =============================  ==================================
"""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.language_model.conllu import Word

RENAMED = {
    "nsubj:pass": "nsubjpass",
    "nsubj:outer": "nsubj",
    "csubj:pass": "csubjpass",
    "csubj:outer": "csubj",
    "obj": "dobj",
    "iobj": "dative",
    "aux:pass": "auxpass",
    "obl": "npadvmod",
    "obl:tmod": "npadvmod",
    "obl:npmod": "npadvmod",
    "obl:unmarked": "npadvmod",
    "obl:agent": "npadvmod",
    "nmod:tmod": "npadvmod",
    "nmod:npmod": "npadvmod",
    "nmod:unmarked": "npadvmod",
    "nmod:desc": "compound",
    "nmod:poss": "poss",
    "det:predet": "predet",
    "compound:prt": "prt",
    "acl:relcl": "relcl",
    "advcl:relcl": "advcl",
    "cc:preconj": "preconj",
    "flat": "compound",
    "flat:foreign": "compound",
    "fixed": "advmod",
    "goeswith": "compound",
    "list": "appos",
    "dislocated": "dep",
    "discourse": "intj",
    "vocative": "npadvmod",
    "orphan": "dep",
    "reparandum": "dep",
    "root": "ROOT",
}
# Dependents of a predicate that belong to the clause, and so move to the copula.
CLAUSAL = {
    "nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:outer", "aux", "aux:pass", "mark", "advcl",
    "parataxis", "discourse", "vocative", "expl", "dislocated", "advcl:relcl",
}  # fmt: skip
LINKING = {"be", "become", "seem", "appear", "remain", "stay", "feel", "look", "sound", "taste", "smell", "get", "turn"}
NEGATIONS = {"not", "n't", "never", "n’t", "nt"}
PREPOSITIONS_BEFORE_GERUND = {
    "by", "of", "for", "in", "without", "after", "before", "from", "with", "about", "on", "at", "through", "upon",
    "despite", "to", "into", "against", "besides", "beyond", "towards", "toward", "over", "via", "than", "instead",
}  # fmt: skip
NOMINAL = {"NOUN", "PROPN", "PRON", "NUM", "SYM", "DET", "X"}


class Tree:
    """A dependency tree being rewritten in place, one construction at a time."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.heads = [word.head for word in words]
        self.labels = [word.label for word in words]

    def children(self, head: int, *labels: str) -> list[int]:
        return [i for i, h in enumerate(self.heads) if h == head and (not labels or self.labels[i] in labels)]

    def attach(self, child: int, head: int, label: str) -> None:
        self.heads[child] = head
        self.labels[child] = label

    def take_place(self, new: int, old: int) -> None:
        """Put ``new`` where ``old`` hangs now."""
        self.attach(new, self.heads[old], self.labels[old])

    def move(self, children: Iterable[int], head: int) -> None:
        for child in children:
            self.heads[child] = head


def convert(words: list[Word]) -> list[tuple[int, str]]:
    """Return (head, CLEAR label) for each word of a UD sentence; head -1 is the root."""
    tree = Tree(words)
    _names(tree)
    _copulas(tree)
    _prepositions(tree)
    _gerunds(tree)
    _coordination(tree)
    _rename(tree)
    return list(zip(tree.heads, tree.labels, strict=True))


def _names(tree: Tree) -> None:
    for first in range(len(tree.words)):
        parts = tree.children(first, "flat", "flat:foreign")
        if not parts or tree.words[first].upos not in ("PROPN", "NOUN", "X"):
            continue
        last = parts[-1]
        tree.take_place(last, first)
        tree.move([child for child in tree.children(first) if child != last], last)
        tree.attach(first, last, "compound")
        for part in parts[:-1]:
            tree.attach(part, last, "compound")


def _copulas(tree: Tree) -> None:
    for copula in range(len(tree.words)):
        if tree.labels[copula] != "cop":
            continue
        predicate = tree.heads[copula]
        moved = [child for child in tree.children(predicate) if child != copula and _clausal(tree, child, copula)]
        tree.take_place(copula, predicate)
        tree.move(moved, copula)
        tree.attach(predicate, copula, _predicate_label(tree, predicate))


def _predicate_label(tree: Tree, predicate: int) -> str:
    if tree.children(predicate, "case"):
        return "obl"
    return {"ADJ": "acomp", "ADV": "advmod", "VERB": "ccomp" if tree.children(predicate, "mark") else "acomp"}.get(
        tree.words[predicate].upos, "attr"
    )


def _clausal(tree: Tree, child: int, copula: int) -> bool:
    label, predicate = tree.labels[child], tree.heads[child]
    if label in CLAUSAL:
        # "the fact is that he left": a mark inside the predicate's own clause stays with it.
        return not (label == "mark" and child > copula)
    if label in ("cc", "cc:preconj"):
        return child < copula
    if label == "punct":
        return child < copula or child > predicate
    if label == "advmod":
        return child < copula or tree.words[child].form.lower() in NEGATIONS or tree.words[predicate].upos != "ADJ"
    if label in ("conj",):
        return bool(tree.children(child, "nsubj", "cop", "nsubj:pass"))
    return label in ("obl", "obl:tmod", "obl:unmarked") and child < copula


def _prepositions(tree: Tree) -> None:
    for noun in range(len(tree.words)):
        cases = [
            c
            for c in tree.children(noun, "case")
            if tree.words[c].tag != "POS" and tree.words[c].form not in ("'s", "’s")
        ]
        cases = [c for c in cases if c < noun] or cases[:1]
        if not cases or (tree.labels[noun] == "nmod:poss" and tree.words[cases[0]].form.lower() != "of"):
            continue
        first = cases[0]
        label, head = tree.labels[noun], tree.heads[noun]
        fixed = tree.children(first, "fixed")
        if fixed and tree.words[first].form.lower() == "such":
            # "such as X": "as" is the preposition.
            tree.attach(first, fixed[0], "amod")
            first, fixed = fixed[0], []
        agent = label == "obl:agent" or (
            tree.words[first].form.lower() == "by" and bool(tree.children(head, "aux:pass"))
        )
        tree.attach(first, head, _preposition_label(label, agent))
        if label == "conj":
            tree.move([child for child in tree.children(noun, "cc", "punct") if child < first], first)
        above = first
        for case in cases[1:]:
            if case != first:
                tree.attach(case, above, "prep")
                above = case
        tree.attach(noun, above, "pobj")
        for part in fixed:
            tree.attach(part, first, "pcomp")
        _lift_conjuncts(tree, noun, first)


def _preposition_label(label: str, agent: bool) -> str:
    if agent:
        return "agent"
    return label if label in ("conj", "root", "parataxis", "ccomp", "advcl", "xcomp", "appos") else "prep"


def _lift_conjuncts(tree: Tree, noun: int, preposition: int) -> None:
    """``in X and in Y``: the second preposition hangs on the first one, not on the first noun."""
    for conjunct in tree.children(noun, "conj"):
        if any(tree.labels[c] == "case" and c < conjunct for c in tree.children(conjunct)):
            tree.heads[conjunct] = preposition
    if tree.labels[preposition] == "root":
        tree.move(
            [
                c
                for c in tree.children(noun, "punct", "parataxis", "discourse", "advcl", "nsubj", "advmod")
                if c > noun or tree.labels[c] == "nsubj"
            ],
            preposition,
        )


def _gerunds(tree: Tree) -> None:
    for verb in range(len(tree.words)):
        if tree.labels[verb] not in ("advcl", "acl", "obl", "nmod") or tree.words[verb].tag != "VBG":
            continue
        for mark in tree.children(verb, "mark"):
            word = tree.words[mark]
            if mark < verb and word.form.lower() in PREPOSITIONS_BEFORE_GERUND and not tree.children(verb, "nsubj"):
                tree.attach(mark, tree.heads[verb], "prep")
                tree.attach(verb, mark, "pcomp")
                break


def _coordination(tree: Tree) -> None:
    for first in range(len(tree.words)):
        conjuncts = [c for c in tree.children(first, "conj") if c > first]
        previous = first
        for conjunct in conjuncts:
            tree.heads[conjunct] = previous
            for child in tree.children(conjunct, "cc", "punct", "cc:preconj"):
                between = previous < child < conjunct
                if between and (tree.labels[child] == "cc" or tree.words[child].form in (",", ";")):
                    tree.heads[child] = previous
            previous = conjunct


def _rename(tree: Tree) -> None:
    for i, word in enumerate(tree.words):
        label = tree.labels[i]
        head = tree.heads[i]
        tree.labels[i] = RENAMED.get(label, label.split(":")[0])
        if label == "root" or head < 0:
            tree.labels[i] = "ROOT"
        elif label == "advmod" and word.form.lower() in NEGATIONS:
            tree.labels[i] = "neg"
        elif label == "advmod" and tree.words[head].upos == "NUM":
            tree.labels[i] = "quantmod"
        elif label == "mark" and word.tag == "TO":
            tree.labels[i] = "aux"
        elif label == "xcomp":
            tree.labels[i] = _xcomp(tree, i)
        elif label == "case":
            tree.labels[i] = "case" if word.tag == "POS" or word.form in ("'s", "’s", "'", "’") else "prep"


def _xcomp(tree: Tree, i: int) -> str:
    word, head = tree.words[i], tree.words[tree.heads[i]]
    if word.upos not in NOMINAL and word.upos != "ADJ":
        return "xcomp"
    if head.lemma in LINKING:
        return "acomp" if word.upos == "ADJ" else "attr"
    return "oprd"
