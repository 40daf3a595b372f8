"""Example queries: each finds something in the shipped graph, and stands wherever examples are looked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import kgraph
from kgraph import formats, rdf
from kgraph.namespaces import Namespaces
from kgraph.sparql.examples import ExampleQuery, described, examples

NAMES = Namespaces.load()
EXAMPLES = examples(NAMES)
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "sparql.md").read_text("utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.iri.rpartition("/")[2])
def test_an_example_finds_something_in_the_shipped_graph(example: ExampleQuery, graph: kgraph.KnowledgeGraph) -> None:
    answer = graph.sparql(example.query)
    if answer.form == "SELECT":
        assert json.loads(answer.body)["results"]["bindings"]
    else:
        assert list(rdf.parse(answer.body, formats.TURTLE, file="answer"))
    declared = set(re.findall(r"PREFIX (\w+):", example.query))
    used = set(re.findall(r"\b(\w+):(?=\w)", re.sub(r"<[^>]*>", "", example.query)))
    assert used == declared


def test_there_are_enough_of_them_and_they_show_what_is_special_here() -> None:
    assert len(EXAMPLES) >= 8
    texts = [example.query for example in EXAMPLES]
    for shown in ("SERVICE kg:path", "kg:attributedTo", "kg:modality", "kg:alleges", "path:edge", "CONSTRUCT"):
        assert any(shown in text for text in texts), shown


def test_an_example_is_described_with_the_address_it_goes_to() -> None:
    quads = described(NAMES, "http://here/sparql")
    for example in EXAMPLES:
        said = {(q.predicate.value.rpartition("/")[2], q.object.value) for q in quads if q.subject.value == example.iri}
        assert ("target", "http://here/sparql") in said
        assert ("22-rdf-syntax-ns#type", f"{NAMES.prefixes['sh']}SPARQLExecutable") in said


def test_with_another_base_the_queries_name_its_data() -> None:
    moved = examples(Namespaces.load("http://e.org/"))
    assert any("<http://e.org/id/>" in example.query for example in moved)
    assert not any("kgraph/id/" in example.query or "kgraph/graph/" in example.query for example in moved)
    assert all("kgraph/ns#" in example.query for example in moved if "kg:" in example.query)


def test_service_description_void_and_guide_tell_every_example(graph: kgraph.KnowledgeGraph) -> None:
    documents = (
        graph.service_description("ntriples", endpoint="http://h/sparql"),
        graph.void("ntriples", endpoint="http://h/sparql"),
    )
    for example in EXAMPLES:
        assert all(f"<{example.iri}>".encode() in document for document in documents)
        assert f"- **{example.label}**: {example.comment}" in GUIDE
