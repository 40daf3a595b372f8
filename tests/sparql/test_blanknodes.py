"""kgraph.sparql.blanknodes: IRIs that stand for blank nodes look like blank nodes."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from kgraph.sparql import blanknodes

LABEL = "b0123456789abcdef0123"
NODE, OTHER = NamedNode(f"bnode:{LABEL}"), NamedNode(f"bnode:{LABEL}x")
P = NamedNode("urn:p")
FORMATS = {
    "sparql-json": QueryResultsFormat.JSON,
    "sparql-xml": QueryResultsFormat.XML,
    "sparql-tsv": QueryResultsFormat.TSV,
    "sparql-csv": QueryResultsFormat.CSV,
}
TERMS = [
    NODE,
    OTHER,
    NamedNode("urn:a"),
    Literal(f"<{NODE.value}>"),
    Literal(f"a\t<{NODE.value}>\n"),
    Literal(f'"type":"uri","value":"{NODE.value}"'),
    Literal(f"<uri>{NODE.value}</uri>"),
    Literal(f'x,{NODE.value},"y'),
]


@pytest.fixture
def store() -> Store:
    store = Store()
    store.extend(Quad(NamedNode("urn:s"), P, term) for term in TERMS)
    return store


def rows(store: Store, text: str, **options: Any) -> list[Any]:
    answer = blanknodes.query(store, text, **options)
    assert isinstance(answer, QuerySolutions)
    return [solution[0] for solution in answer]


@pytest.mark.parametrize("format", ["sparql-json", "sparql-xml", "sparql-tsv"])
def test_rows_hold_blank_nodes_and_texts_stay_what_they_are(store: Store, format: str) -> None:
    body = store.query("SELECT ?o ?s { ?s ?p ?o }").serialize(format=FORMATS[format])
    read = parse_query_results(blanknodes.shown(body or b"", format), format=FORMATS[format])
    assert isinstance(read, QuerySolutions)
    assert {solution[0] for solution in read} == {BlankNode(LABEL), *TERMS[1:]}


def test_a_table_of_values_holds_blank_nodes_and_texts_stay_what_they_are(store: Store) -> None:
    body = store.query("SELECT ?o { ?s ?p ?o }").serialize(format=QueryResultsFormat.CSV)
    read = csv.reader(io.StringIO(blanknodes.shown(body or b"", "sparql-csv").decode(), newline=""))
    assert {row[0] for row in read} == {"o", f"_:{LABEL}", *(term.value for term in TERMS[1:])}


@pytest.mark.parametrize("function", ["isIRI", "isURI", "ISIRI", "isuri"])
def test_what_is_shown_as_a_blank_node_is_tested_as_one(store: Store, function: str) -> None:
    assert rows(store, "SELECT ?o { ?s ?p ?o FILTER isBlank(?o) }") == [NODE]
    assert set(rows(store, f"SELECT ?o {{ ?s ?p ?o FILTER {function}(?o) }}")) == {OTHER, NamedNode("urn:a")}
    assert set(rows(store, f"SELECT ?o {{ ?s ?p ?o }} GROUP BY ?o HAVING({function}(?o))")) == {
        OTHER,
        NamedNode("urn:a"),
    }
    text = f"SELECT ?b {{ BIND(BNODE() AS ?x) BIND({function}(?x) AS ?b) FILTER(isBLANK(?x)) }}"
    assert rows(store, text) == [Literal(False)]


def test_only_the_functions_are_taken_for_such_a_test(store: Store) -> None:
    text = """PREFIX isIRI: <urn:> # isBlank(?o)
    SELECT ("isBlank(?o) isIRI" AS ?isBlank) { ?s isIRI:p <urn:a> FILTER(isIRI(?s) || <isBlank(?o)> = ?s) }"""
    assert rows(store, text, base_iri="urn:x") == [Literal("isBlank(?o) isIRI")]


@pytest.mark.parametrize(
    "text", ["SELECT * { ?s ?p ?o FILTER isIRI(?s, ?p) }", "SELECT * { FILTER isBlank() }", "isIRI("]
)
def test_what_does_not_parse_is_told_as_it_was_written(store: Store, text: str) -> None:
    with pytest.raises(SyntaxError):
        blanknodes.query(store, text)


def test_an_unbound_variable_is_an_error_for_the_tests(store: Store) -> None:
    assert rows(store, "SELECT ?b { BIND(isBlank(?none) AS ?b) }") == [None]


def test_triples_hold_blank_nodes_also_within_triple_terms() -> None:
    inner, shown = Triple(NODE, P, OTHER), Triple(BlankNode(LABEL), P, OTHER)
    assert list(blanknodes.shown_triples([Triple(NODE, P, inner)])) == [Triple(BlankNode(LABEL), P, shown)]


def test_they_sort_before_the_iris_of_the_web() -> None:
    store = Store()
    store.extend(Quad(NamedNode("urn:s"), P, term) for term in (Literal("a"), NamedNode("http://e/"), NODE))
    assert rows(store, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == [NODE, NamedNode("http://e/"), Literal("a")]
