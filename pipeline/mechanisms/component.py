"""A spaCy component, for those who have a spaCy pipeline already: ``nlp.add_pipe("mechanisms")``.

spaCy reads the annotations of a factory when it runs, so they are not postponed here as elsewhere.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mechanisms import finder_for, language, relations_of
from pipeline.records import Argument, Relation
from pipeline.rules.load import load_rules
from pipeline.settings import Settings


@Language.factory(
    "mechanisms",
    default_config={"scope": "body", "rules": ""},
    requires=["token.dep", "token.head", "token.lemma", "token.pos", "token.tag", "doc.sents"],
    assigns=["doc._.mechanisms"],
)
class Mechanisms:
    """Puts the relations of a document on ``doc._.mechanisms``, a tuple of ``Relation`` in the order of the text.

    Offsets are code points of ``doc.text``. The pipeline must parse, tag and lemmatize English with spaCy's (CLEAR)
    labels; the document itself is not changed.

    Config: ``scope``, "body" or "any": which relations are mechanistic; ``rules``, a folder of rules of one's own.

    Raises:
        PipelineError: the config is wrong, or the pipeline lacks what the rules need.

    >>> import spacy
    >>> from pipeline.mechanisms.language import SHIPPED
    >>> nlp = spacy.load(SHIPPED)
    >>> _ = nlp.add_pipe("mechanisms")
    >>> [relation] = nlp("Ketamine blocks NMDA receptors.")._.mechanisms
    >>> relation.subject.text, relation.relation, relation.object.text, relation.polarity
    ('Ketamine', 'inhibits', 'NMDA receptors', '-')
    """

    def __init__(self, nlp: Language, name: str, scope: str, rules: str) -> None:
        settings = Settings(scope=scope, rules=rules)
        self.name, self._model = name, nlp.meta["name"]
        self._finder = finder_for(nlp, load_rules(Path(rules) if rules else None), anything=settings.scope == "any")

    def __call__(self, doc: Doc) -> Doc:
        """The same document, with its relations."""
        if len(doc):
            language.check(doc, self._model)
        doc.user_data[_STORED] = [asdict(relation) for relation in relations_of(doc.copy(), self._finder)]
        return doc


def _relations(doc: Doc) -> tuple[Relation, ...]:
    return tuple(map(_relation, doc.user_data.get(_STORED, ())))


def _relation(values: dict[str, Any]) -> Relation:
    ends = {end: Argument(**values[end]) for end in ("subject", "object")}
    return Relation(**{**values, **ends})


# Kept as plain values, which spaCy can serialize, and send to other processes; read as records.
_STORED = "pipeline.mechanisms"
if not Doc.has_extension("mechanisms"):
    Doc.set_extension("mechanisms", getter=_relations)
