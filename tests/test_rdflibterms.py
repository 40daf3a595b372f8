"""Quads as rdflib has them: the same terms, the union as default graph, and a typed error for what rdflib has not."""

from __future__ import annotations

import pytest
import rdflib

from kgraph.errors import ParameterError
from kgraph.rdf import BaseDirection, BlankNode, Literal, NamedNode, Quad, Triple
from kgraph.rdflibterms import to_rdflib

PREFIXES = {"ex": "http://example.org/"}
A, B, C, G = (NamedNode(f"http://example.org/{name}") for name in "abcg")
SAMPLE = [
    Quad(A, B, C, G),
    Quad(A, B, Literal("x", language="en")),
    Quad(A, NamedNode(str(rdflib.RDF.type)), C),
    Quad(C, B, Literal("1", datatype=NamedNode(str(rdflib.XSD.decimal)))),
    Quad(C, B, Literal(True), G),
]


def test_rdflib_sees_the_same_terms() -> None:
    dataset = to_rdflib(
        [*SAMPLE, Quad(BlankNode("b"), B, Literal("01", datatype=NamedNode(str(rdflib.XSD.integer))))], PREFIXES
    )
    a, b, c = (rdflib.URIRef(node.value) for node in (A, B, C))
    assert (a, b, rdflib.Literal("x", lang="en")) in dataset
    assert (rdflib.BNode("b"), b, rdflib.Literal("01", datatype=rdflib.XSD.integer, normalize=False)) in dataset
    assert (a, b, c) in dataset.graph(rdflib.URIRef(G.value))
    assert (a, b, c) not in dataset.default_graph


def test_rdflib_queries_see_the_union_and_the_prefixes() -> None:
    dataset = to_rdflib(SAMPLE, PREFIXES)
    rows = dataset.query("SELECT ?o WHERE { ex:a ex:b ?o }")
    assert {str(row[0]) for row in rows} == {C.value, "x"}


@pytest.mark.parametrize("term", [Triple(A, B, C), Literal("x", language="en", direction=BaseDirection.LTR)])
def test_what_rdflib_has_no_term_for_is_refused(term: Triple | Literal) -> None:
    with pytest.raises(ParameterError, match="rdflib has no term for it"):
        to_rdflib([Quad(A, B, term)], {})
