"""The exports for other programs: Biolink qualifiers, the graph, INDRA statements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx
import pytest
from lxml import etree

from pipeline.export import biolink
from pipeline.export.graph import write_graphml
from pipeline.rules.kinds import RELATIONS
from pipeline.stages import Tools
from tests.helpers import findings, pipeline

TEXT = """Blockade of NMDA receptors increases glutamate release. Glutamate activates AMPA receptors.
Psilocybin is converted to psilocin in the liver. Psilocin binds to 5-HT2A receptors. Stress leads to inflammation.
Cortisol does not inhibit the amygdala. Transporters carry dopamine into the neuron. Serotonin modulates the cortex.
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "raw").mkdir()
    record = {"id": "a", "text": TEXT, "url": "https://example.org/a"}
    (folder / "raw" / "in.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    assert pipeline("run", folder / "raw", folder / "out", "-q").returncode == 0
    return folder / "out"


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "mechanisms.jsonl").open(encoding="utf-8")]


def test_every_relation_has_its_terms() -> None:
    assert set(biolink.TERMS) == set(RELATIONS), "name the new relation's predicate in export/biolink.py"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        # (predicate, subject aspect and direction, object aspect and direction, mechanism)
        (
            "Blockade of NMDA receptors increases glutamate release.",
            ["affects", "", "decreased", "secretion", "increased", ""],
        ),
        ("Ketamine is an NMDA receptor antagonist.", ["affects", "", "", "activity", "decreased", "antagonism"]),
        ("Stress reduces the loss of neurons.", ["affects", "", "", "activity_or_abundance", "increased", ""]),
        ("Serotonin modulates the cortex.", ["regulates", "", "", "", "", ""]),
    ],
)
def test_biolink(sentence: str, said: list[str], tools: Tools) -> None:
    relation = next(r for r in findings(sentence, tools).relations if r.mechanistic)
    q = biolink.qualified(relation)
    found = [
        q.predicate_curie.removeprefix("biolink:"), q.subject_aspect_qualifier, q.subject_direction_qualifier,
        q.object_aspect_qualifier, q.object_direction_qualifier, q.causal_mechanism_qualifier,
    ]  # fmt: skip
    assert found == said


def test_the_graph_holds_every_mechanism_once_in_both_forms(out: Path) -> None:
    mechanisms = {row["mechanism_id"]: row for row in rows(out) if row["mechanistic"]}
    linked = networkx.node_link_graph(json.loads((out / "graph.json").read_text("utf-8")), edges="edges")
    drawn = networkx.read_graphml(out / "graph.graphml", force_multigraph=True)
    assert linked.number_of_edges() == drawn.number_of_edges() == len(mechanisms)
    assert set(linked.nodes) == set(drawn.nodes)
    for graph in (linked, drawn):
        for source, target, key, edge in graph.edges(keys=True, data=True):
            row = mechanisms[key if key in mechanisms else edge["id"]]
            assert source in (row["subject_curie"], "text:" + row["subject_core"].lower())
            assert target in (row["object_curie"], "text:" + row["object_core"].lower())
            assert row["sentence_id"] in edge["sentence_ids"]
            assert (edge["net_polarity"], edge["negated"]) == (row["net_polarity"], row["negated"])


def test_graphml_is_well_formed_whatever_a_name_holds(tmp_path: Path) -> None:
    odd = "".join(map(chr, [*range(0x30), 0x7F, 0x85, 0x2028, 0xD7FF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600]))
    node = {"id": f"name {odd}", "label": odd, "curie": "", "category": "<&>"}
    write_graphml(tmp_path / "a.graphml", {"a": node}, [])
    found = etree.parse(tmp_path / "a.graphml").findtext(".//{*}data")
    assert found is not None
    assert found.endswith("\ud7ff\ufffd  \U0001f600")


def test_a_pronoun_is_the_node_it_stands_for() -> None:
    from pipeline.export.graph import node

    row = {"object_curie": "", "object_label": "", "object_category": "", "object_core": "it", "object_resolved": "a B"}
    assert node(row, "object") == {"id": "text:a b", "label": "a B", "curie": "", "category": ""}


def test_indra_statements(out: Path) -> None:
    statements = json.loads((out / "indra.json").read_text("utf-8"))
    by_text = {statement["evidence"][0]["text"].split(".")[0]: statement for statement in statements}
    kinds = {text: statement["type"] for text, statement in by_text.items()}
    assert kinds == {
        "Blockade of NMDA receptors increases glutamate release": "DecreaseAmount",  # between the cores
        "Glutamate activates AMPA receptors": "Activation",
        "Psilocybin is converted to psilocin in the liver": "Conversion",
        "Psilocin binds to 5-HT2A receptors": "Complex",
        "Stress leads to inflammation": "Influence",
        "Cortisol does not inhibit the amygdala": "Inhibition",
        "Transporters carry dopamine into the neuron": "Translocation",
        "Serotonin modulates the cortex": "Influence",
    }
    bound = by_text["Psilocin binds to 5-HT2A receptors"]["members"]
    assert [agent["db_refs"] for agent in bound] == [
        {"TEXT": "Psilocin", "CHEBI": "CHEBI:8613"}, {"TEXT": "5-HT2A receptors", "HGNC": "5293"},
    ]  # fmt: skip
    assert by_text["Cortisol does not inhibit the amygdala"]["evidence"][0]["epistemics"]["negated"]
    assert by_text["Serotonin modulates the cortex"]["obj"]["delta"]["polarity"] is None
    assert by_text["Stress leads to inflammation"]["obj"]["delta"]["polarity"] == 1
    assert len({statement["id"] for statement in statements}) == len(statements)
    assert statements[0]["evidence"][0]["text_refs"] == {"URL": "https://example.org/a"}
